//! An entry of a registry or a directory with its tools: name, version and repository stand beside `tools`, or all
//! of it under `server`.

use super::listing::{address, person, remotes};
use super::{Members, Reader, Root, Shape};
use crate::manifest::{Server, ServerText};
use crate::raw::items;

pub(super) const SHAPE: Shape = Shape { id: "registry", fits, read };

fn fits(root: &Root<'_>) -> bool {
    let Some(members) = root.object() else { return false };
    let own = members.has("tools") && members.text("name").is_some() && !members.has_any(&["server", "serverInfo"]);
    own || inner(members).is_some()
}

/// The object under `server` that lists tools.
pub(super) fn inner<'a>(members: &Members<'a>) -> Option<Members<'a>> {
    members.object("server").filter(|inner| inner.has("tools") && !members.has("tools"))
}

fn read<'a>(root: &Root<'a>, reader: &mut Reader<'a>) {
    let Some(members) = root.object() else { return };
    match inner(members) {
        Some(inner) => {
            reader.registered(&inner);
            reader.beside(members, "server");
        }
        None => reader.registered(members),
    }
}

impl<'a> Reader<'a> {
    /// Identity and tools of an entry.
    pub(crate) fn registered(&mut self, members: &Members<'a>) {
        let package = members.get("packages").and_then(items).and_then(|list| Members::of(*list.first()?));
        let of = |keys: &[&str]| {
            package.as_ref().and_then(|p| keys.iter().find_map(|key| p.text(key))).map(ServerText::from)
        };
        let text = |key: &str| members.text(key).map(ServerText::from);
        let version = text("version");
        self.manifest.server = Server {
            slug: members.text("slug").unwrap_or_default(),
            name: text("name"),
            title: text("display_name").or_else(|| text("title")),
            package: of(&["identifier", "name"]).or_else(|| text("package")),
            registry: of(&["registryType", "registry_type", "registry_name"]).or_else(|| text("registry")),
            package_version: of(&["version"]).or_else(|| text("package_version")).or_else(|| version.clone()),
            version,
            license: text("license"),
            repository: address(members, "repository"),
            author: person(members, "author"),
            remotes: remotes(members),
        };
        self.listing(members);
    }
}
