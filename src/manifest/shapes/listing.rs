//! `{tools: […]}`: the result of `tools/list`, alone or with what a capture says of the server.

use super::{Members, Reader, Root, Shape};
use crate::diagnostic::Code;
use crate::manifest::{Server, ServerText};
use crate::raw::{items, string};

pub(super) const SHAPE: Shape = Shape { id: "listing", fits, read };

fn fits(root: &Root<'_>) -> bool {
    root.object().is_some_and(|members| members.has("tools"))
}

fn read<'a>(root: &Root<'a>, reader: &mut Reader<'a>) {
    let Some(members) = root.object() else { return };
    reader.listing(members);
}

impl<'a> Reader<'a> {
    /// What an object says of the server: `server`, `serverInfo`, and the identity in `_meta`. What is known stays.
    pub(crate) fn identity(&mut self, members: &Members<'a>) {
        const META: &str = "io.modelcontextprotocol/serverInfo";
        if self.manifest.protocol_version.is_none() {
            self.manifest.protocol_version = self.string(members, "protocolVersion");
        }
        if self.manifest.captured_at.is_none() {
            self.manifest.captured_at = self.string(members, "captured_at");
        }
        if self.manifest.instructions.is_none() {
            self.manifest.instructions = self.string(members, "instructions").map(Into::into);
        }
        for key in ["server", "serverInfo"] {
            if let Some(raw) = members.get(key).filter(|raw| raw.get() != "null") {
                if let Some(inner) = Members::of(raw) {
                    self.describe(&inner);
                } else if let Some(name) = string(raw) {
                    self.manifest.server.name.get_or_insert(name.into());
                } else {
                    let offset = self.offset(raw);
                    let message = format!("`{key}` is not an object; it is ignored");
                    self.warn(Code::WrongType, offset, message, "make it an object");
                }
            }
        }
        if let Some(inner) = members.object("_meta").and_then(|meta| meta.object(META)) {
            self.describe(&inner);
        }
    }

    /// Takes what an object says of the server and is not known yet.
    pub(crate) fn describe(&mut self, members: &Members<'a>) {
        let slug = self.string(members, "slug");
        let mut text = |key: &str| self.string(members, key).map(ServerText::from);
        let found = Server {
            slug: slug.unwrap_or_default(),
            name: text("name"),
            title: text("title"),
            version: text("version"),
            package: text("package"),
            registry: text("registry"),
            package_version: text("package_version"),
            license: text("license"),
            repository: address(members, "repository"),
            author: person(members, "author"),
            remotes: remotes(members),
        };
        let known = &mut self.manifest.server;
        if known.remotes.is_empty() {
            known.remotes = found.remotes;
        }
        if known.slug.is_empty() {
            known.slug = found.slug;
        }
        for (known, found) in [
            (&mut known.name, found.name),
            (&mut known.title, found.title),
            (&mut known.version, found.version),
            (&mut known.package, found.package),
            (&mut known.registry, found.registry),
            (&mut known.package_version, found.package_version),
            (&mut known.license, found.license),
            (&mut known.repository, found.repository),
            (&mut known.author, found.author),
        ] {
            *known = known.take().or(found);
        }
    }

    /// The string of a key; another type is told.
    pub(crate) fn string(&mut self, members: &Members<'a>, key: &str) -> Option<String> {
        let raw = members.get(key)?;
        if raw.get() != "null" && !raw.get().starts_with('"') {
            let offset = self.offset(raw);
            let message = format!("`{key}` is not a string; it is ignored");
            self.warn(Code::WrongType, offset, message, "make it a string or remove it");
        }
        string(raw)
    }
}

/// The addresses of a registry's `remotes`.
pub(super) fn remotes(members: &Members<'_>) -> Vec<ServerText> {
    let listed = members.get("remotes").and_then(items).unwrap_or_default();
    listed.into_iter().filter_map(|raw| Members::of(raw)?.text("url")).map(Into::into).collect()
}

/// An address that is a string or stands under `url`.
pub(super) fn address(members: &Members<'_>, key: &str) -> Option<ServerText> {
    members.text(key).or_else(|| members.object(key)?.text("url")).map(Into::into)
}

/// A person or firm that is a string or stands under `name`.
pub(super) fn person(members: &Members<'_>, key: &str) -> Option<ServerText> {
    members.text(key).or_else(|| members.object(key)?.text("name")).map(Into::into)
}
