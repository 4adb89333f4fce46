//! The `manifest.json` of an MCPB bundle, 0.1 to 0.4: `server` says how it starts, and `tools` have a name and a
//! description. <https://github.com/modelcontextprotocol/mcpb/blob/main/MANIFEST.md>

use super::listing::{address, person};
use super::{Reader, Root, Shape};
use crate::diagnostic::Code;
use crate::manifest::{Server, ServerText};

pub(super) const SHAPE: Shape = Shape { id: "bundle", fits, read };

fn fits(root: &Root<'_>) -> bool {
    root.object().is_some_and(|m| m.has_any(&["manifest_version", "dxt_version"]) && m.has("name"))
}

fn read<'a>(root: &Root<'a>, reader: &mut Reader<'a>) {
    let Some(members) = root.object() else { return };
    let text = |key: &str| members.text(key).map(ServerText::from);
    let version = text("version");
    reader.manifest.server = Server {
        name: text("name"),
        title: text("display_name"),
        package_version: version.clone(),
        version,
        license: text("license"),
        repository: address(members, "repository"),
        author: person(members, "author"),
        ..Server::default()
    };
    reader.manifest.listing.without_schemas = true;
    reader.beside(members, "tools");
    match members.get("tools") {
        Some(raw) => {
            reader.tools(raw);
            // A bundle that does list schemas is judged by them.
            if reader.manifest.tools.iter().any(|tool| !tool.input_schema.is_null()) {
                reader.manifest.listing.without_schemas = false;
            }
        }
        None => reader.error(Code::NoTools, 0, "the bundle lists no tools", "start the server and save its tools/list"),
    }
}
