//! Servers as they are found: in files, on standard input, and, with the feature `connect`, behind a command, an address
//! or a client's configuration. What `toolcard import` and `toolcard inspect` begin with.
//!
//! Every source comes to the same [`Capture`]. Nothing here writes into a catalogue, and `build` and `classify` do not
//! use this module.

mod bundle;
mod document;
pub mod files;
mod slug;
mod snapshots;
mod tables;
mod update;

use crate::catalog::overrides::Overrides;
use crate::diagnostic::Diagnostic;
use crate::manifest::{Manifest, Server};

pub use document::{canonical, document};
pub use slug::{is_slug, slug};
pub use tables::server_tables;
pub use update::{Updated, updated};

/// The file beside a manifest that says how `toolcard update` asks the server again.
pub const SOURCE_FILE: &str = "source.toml";

/// One server, as a source showed it.
#[derive(Debug)]
pub struct Capture {
    /// What the source calls the server: its name in a client's configuration, the stem of a file, the package of a
    /// command. Empty where it has no name for it.
    pub name: String,
    /// Where it came from, for people and without secrets: a path, `npx -y @scope/server`, an address.
    pub from: String,
    /// The server's name in the client's configuration that it came from.
    pub client_name: Option<String>,
    /// What was read, with the provenance that the source knows under `server`. The slug may be empty.
    pub manifest: Manifest,
    /// What people decided about its tools, where it lies in a catalogue.
    pub overrides: Overrides,
    /// What was wrong with it. Where a diagnostic is an error, something of the server was not read.
    pub diagnostics: Vec<Diagnostic>,
    /// How a server that runs is asked again, as a file beside its manifest says it; a sentence, where that cannot be said
    /// without a secret. `None` of a file.
    pub source: Option<Result<String, String>>,
}

/// Why a source showed no server.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{from}: {message}")]
pub struct CaptureError {
    /// The source, for people and without secrets.
    pub from: String,
    /// What went wrong, a sentence without its full stop.
    pub message: String,
    /// What to do about it, a sentence without its full stop.
    pub help: String,
    /// What the server said meanwhile, line by line: the end of its standard error. Hostile.
    pub said: Vec<String>,
}

impl CaptureError {
    /// An error of a source that said nothing.
    pub fn new(from: impl Into<String>, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { from: from.into(), message: message.into(), help: help.into(), said: Vec::new() }
    }

    /// The same with what the server said.
    #[must_use]
    pub fn saying(mut self, said: Vec<String>) -> Self {
        self.said = said;
        self
    }
}

/// What came of asking sources: each server, or why there is none.
#[derive(Debug, Default)]
pub struct Captured {
    /// The servers, in the order of the sources.
    pub captures: Vec<Capture>,
    /// The sources that showed none.
    pub errors: Vec<CaptureError>,
    /// What is wrong with files that hold no server, or several.
    pub diagnostics: Vec<Diagnostic>,
    /// What says who a server is and lists no tools.
    pub identities: Vec<RegistryIdentity>,
}

/// Who a server is, from an entry of a registry that lists no tools.
#[derive(Debug)]
pub struct RegistryIdentity {
    /// The file.
    pub from: String,
    /// What it says.
    pub server: Server,
    /// What is wrong with it as a manifest.
    pub diagnostics: Vec<Diagnostic>,
}

impl RegistryIdentity {
    /// Adds to what is known of a server what the entry says of it. A capture knows best what the server calls itself.
    pub fn describe(self, server: &mut Server) {
        let Server {
            name,
            title,
            version,
            package,
            registry,
            package_version,
            license,
            repository,
            author,
            remotes,
            ..
        } = self.server;
        if server.remotes.is_empty() {
            server.remotes = remotes;
        }
        for (known, found) in [
            (&mut server.name, name),
            (&mut server.title, title),
            (&mut server.version, version),
            (&mut server.package, package),
            (&mut server.registry, registry),
            (&mut server.package_version, package_version),
            (&mut server.license, license),
            (&mut server.repository, repository),
            (&mut server.author, author),
        ] {
            *known = known.take().or(found);
        }
    }
}
