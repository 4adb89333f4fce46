//! Where `import` and `inspect` get servers from.

use std::path::PathBuf;
use std::time::Duration;

use toolcard::capture::{Capture, CaptureError, Captured, files};
use toolcard::diagnostic::Diagnostic;

use super::input::{At, nothing_read};
use super::term::Terminal;
use super::{Exit, live, mistakes};

/// How long servers may take.
#[derive(Debug, clap::Args)]
pub(super) struct PatienceArgs {
    /// Seconds that a server may take to start
    #[arg(long = "start-timeout", value_name = "SECONDS", default_value = "60", value_parser = live::seconds, help_heading = "Running servers")]
    pub start: Duration,
    /// Seconds that a server may take to list its tools
    #[arg(long = "answer-timeout", value_name = "SECONDS", default_value = "30", value_parser = live::seconds, help_heading = "Running servers")]
    pub answer: Duration,
    /// Seconds that a server may take to end by itself; then it is killed
    #[arg(long = "stop-timeout", value_name = "SECONDS", default_value = "2", value_parser = live::seconds, help_heading = "Running servers")]
    pub stop: Duration,
}

/// The sources of servers. One kind at a time.
#[derive(Debug, clap::Args)]
pub(super) struct SourceArgs {
    /// A file of any known shape, a folder, a bundle (`.mcpb`), or `-` for standard input. An entry of the MCP registry
    /// (`server.json`) beside another source says who its server is
    #[arg(value_name = "PATH", required_unless_present_any = ["stdio", "url", "config", "discover"])]
    pub paths: Vec<PathBuf>,
    #[command(flatten)]
    pub at: At,
    /// Start the server that the words after `--` name, and ask it over its standard input and output
    #[arg(long, requires = "command", help_heading = "Running servers")]
    pub stdio: bool,
    /// Ask the server at an address (streamable HTTP)
    #[arg(long, value_name = "URL", conflicts_with = "stdio", help_heading = "Running servers")]
    pub url: Option<String>,
    /// Ask the servers of a client's configuration (`.mcp.json`, `claude_desktop_config.json`, `config.toml`, …)
    #[arg(long, value_name = "FILE", conflicts_with_all = ["stdio", "url"], help_heading = "Running servers")]
    pub config: Vec<PathBuf>,
    /// Ask the servers of every client's configuration that is found in its usual place
    #[arg(long, conflicts_with_all = ["stdio", "url", "config"], help_heading = "Running servers")]
    pub discover: bool,
    /// Ask this server of the configuration alone; may be given several times
    #[arg(long, value_name = "NAME", help_heading = "Running servers")]
    pub only: Vec<String>,
    /// Give the server this variable of the environment too; may be given several times
    #[arg(long, value_name = "NAME", requires = "stdio", help_heading = "Running servers")]
    pub env: Vec<String>,
    /// Send a header whose value is in a variable of the environment; may be given several times
    #[arg(long, value_name = "NAME=ENV", requires = "url", help_heading = "Running servers")]
    pub header: Vec<String>,
    /// Ask addresses of this machine and of private networks too
    #[arg(long, help_heading = "Running servers")]
    pub allow_private: bool,
    /// Start programs without asking first
    #[arg(long, short, help_heading = "Running servers")]
    pub yes: bool,
    #[command(flatten)]
    pub patience: PatienceArgs,
    /// The server's package, for provenance; `NAME@VERSION` says the version too
    #[arg(long, value_name = "NAME")]
    pub package: Option<String>,
    /// The registry of the package: npm, pypi, oci, …
    #[arg(long, value_name = "NAME")]
    pub registry: Option<String>,
    /// The command that starts the server, and its arguments
    #[arg(last = true, value_name = "COMMAND", requires = "stdio")]
    pub command: Vec<String>,
}

impl SourceArgs {
    /// Whether a server that runs, or is started, is asked.
    pub(super) fn is_live(&self) -> bool {
        self.stdio || self.url.is_some() || !self.config.is_empty() || self.discover
    }

    /// Asks the sources. What went wrong is in what comes back, and nothing of it is said yet.
    pub(super) fn captures(&self, term: Terminal) -> Captured {
        if let Some((what, command)) = mistakes::live_server(&self.paths).filter(|_| !self.is_live()) {
            let from = self.paths.first().map(|path| path.display().to_string()).unwrap_or_default();
            let error = CaptureError::new(from, what, format!("type `{command}`"));
            return Captured { errors: vec![error], ..Captured::default() };
        }
        let mut found = files::read(&self.paths, self.at.at.as_deref());
        if self.is_live() {
            // Beside a server that runs, a file may say who it is, and nothing else.
            for Capture { from, .. } in found.captures.drain(..) {
                let help = "give either files or a running server";
                found.errors.push(CaptureError::new(from, "this is a listing beside a server that runs", help));
            }
            if found.errors.is_empty() && found.diagnostics.is_empty() {
                let Captured { captures, errors, diagnostics, .. } = live::captures(self, term);
                found.captures = captures;
                found.errors = errors;
                found.diagnostics = diagnostics;
            }
        }
        self.identify(&mut found);
        found
    }

    /// Lays over the one server what files and arguments say of who it is.
    fn identify(&self, found: &mut Captured) {
        let identities = std::mem::take(&mut found.identities);
        for identity in identities {
            match found.captures.as_mut_slice() {
                [capture] => identity.describe(&mut capture.manifest.server),
                // Alone it is a file without tools.
                [] if found.errors.is_empty() => {
                    found.diagnostics.extend(identity.diagnostics);
                }
                [] => {}
                _ => {
                    let help = "give one server, and the entry of the registry that is its own";
                    let message = "it is not said which of the servers this describes";
                    found.errors.push(CaptureError::new(identity.from, message, help));
                }
            }
        }
        if self.package.is_none() && self.registry.is_none() {
            return;
        }
        match found.captures.as_mut_slice() {
            [capture] => {
                let server = &mut capture.manifest.server;
                if let Some((name, version)) = self.package.as_deref().map(package) {
                    server.package = Some(name.into());
                    server.package_version = version.map(Into::into).or(server.package_version.take());
                }
                server.registry = self.registry.as_deref().map(Into::into).or(server.registry.take());
            }
            [] => {}
            _ => {
                let help = "import one server at a time, with `--only NAME` where a file names several";
                let message = format!("{} servers cannot all have one package", found.captures.len());
                found.errors.push(CaptureError::new("--package, --registry", message, help));
                found.captures.clear();
            }
        }
    }

    /// Fields of `server` that the arguments give.
    pub(super) fn said(&self) -> Vec<&'static str> {
        let package = self.package.as_deref().map(package);
        let mut said = Vec::new();
        said.extend(package.map(|_| "package"));
        said.extend(package.and_then(|(_, version)| version).map(|_| "package_version"));
        said.extend(self.registry.as_ref().map(|_| "registry"));
        said
    }
}

/// Says what went wrong with sources; returns what a command comes to that could read none of them, and whether something
/// is lost at all.
pub(super) fn told(found: &Captured, term: Terminal) -> (Exit, bool) {
    let all: Vec<&Diagnostic> =
        found.diagnostics.iter().chain(found.captures.iter().flat_map(|capture| &capture.diagnostics)).collect();
    let lost = term.diagnostics(all.iter().copied());
    for CaptureError { from, message, help, said } in &found.errors {
        term.error(&format!("{from}: {message}"), Some(help));
        if !said.is_empty() {
            term.said(said);
        }
    }
    let faults: Vec<Diagnostic> = all.into_iter().cloned().collect();
    let nothing = if found.errors.is_empty() { nothing_read(&faults) } else { Exit::Usage };
    (nothing, lost || !found.errors.is_empty())
}

/// A package and its version: `name@1.2`, `name==1.2`. A scope begins with `@` itself.
fn package(text: &str) -> (&str, Option<&str>) {
    let after = text.char_indices().nth(1).map_or(text.len(), |(at, _)| at);
    let versioned = text.split_once("==").or_else(|| {
        let at = after + text[after..].find('@')?;
        Some((&text[..at], &text[at + 1..]))
    });
    match versioned {
        Some((name, version)) if !name.is_empty() && !version.is_empty() => (name, Some(version)),
        _ => (text, None),
    }
}

#[cfg(test)]
mod tests {
    use super::package;

    #[test]
    fn a_package_may_say_its_version() {
        assert_eq!(package("@scope/name@1.2.0"), ("@scope/name", Some("1.2.0")));
        assert_eq!(package("name==1.2"), ("name", Some("1.2")));
        for plain in ["@scope/name", "name", "name@", "@", ""] {
            assert_eq!(package(plain), (plain, None));
        }
    }
}
