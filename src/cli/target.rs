//! What commands call a tool: `SERVER/TOOL`. For a mistyped name the nearest is suggested.

use toolcard::catalog::{Catalog, CatalogEntry};
use toolcard::diagnostic::nearest;
use toolcard::manifest::Manifest;

use super::term::Terminal;

/// The server and the tool of `SERVER/TOOL`.
pub(super) fn split(target: &str, term: Terminal) -> Option<(&str, &str)> {
    let parts = target.split_once('/');
    if parts.is_none() {
        let help = "write it as SERVER/TOOL, e.g. clearml-mcp/get_task_info";
        term.error(&format!("`{target}` names no tool"), Some(help));
    }
    parts
}

/// A server of a catalogue.
pub(super) fn server<'c>(catalog: &'c Catalog, slug: &str, term: Terminal) -> Option<&'c CatalogEntry> {
    let found = catalog.find(slug);
    if found.is_none() {
        // Its folder may be there, and no server.
        term.diagnostics(catalog.diagnostics.iter().filter(|d| d.file.starts_with(catalog.dir.join(slug))));
        no_server(slug, &catalog.dir.display().to_string(), catalog.servers.iter().map(|e| e.slug.as_str()), term);
    }
    found
}

/// Says that there is no such server in `place`.
pub(super) fn no_server<'s>(slug: &str, place: &str, servers: impl Iterator<Item = &'s str>, term: Terminal) {
    let help = nearest(slug, servers).map(|near| format!("did you mean `{near}`?"));
    let help = help.unwrap_or_else(|| "give its folder with `--catalog`".to_owned());
    term.error(&format!("there is no server `{slug}` in {place}"), Some(&help));
}

/// The place of a tool in a server's manifest.
pub(super) fn tool(manifest: &Manifest, name: &str, term: Terminal) -> Option<usize> {
    let found = manifest.tools.iter().position(|t| t.name == name);
    if found.is_none() {
        let slug = &manifest.server.slug;
        let near = nearest(name, manifest.tools.iter().map(|t| t.name.as_str()));
        let help =
            near.map_or_else(|| "names are case-sensitive".to_owned(), |n| format!("did you mean `{slug}/{n}`?"));
        term.error(&format!("`{slug}` has no tool `{name}`"), Some(&help));
    }
    found
}
