//! The servers that a client's configuration names, and what starts or answers them.

use std::path::Path;

use serde_json::Value;

use toolcard::capture::{SOURCE_FILE, server_tables};
use toolcard::catalog::{Catalog, CatalogEntry};
use toolcard::diagnostic::Position;
use toolcard::input::{self, MAX_WRITTEN_BYTES, without_bom};
use toolcard::manifest::ServerText;
use toolcard::policy::{IntoRefusal, read_jsonc};

use crate::cli::into::refuse;
use crate::cli::term::Terminal;

/// A server as a client's configuration has it.
pub(super) struct NamedServer {
    /// Its name there.
    pub(super) name: String,
    /// The words of its command.
    words: Vec<String>,
    /// Its addresses.
    urls: Vec<String>,
}

/// What tells a server of the catalogue.
pub(super) struct KnownServer<'a> {
    /// Its slug.
    pub(super) slug: &'a str,
    package: Option<ServerText>,
    command: Vec<String>,
    urls: Vec<String>,
}

impl<'a> KnownServer<'a> {
    /// What its manifest says, and `source.toml` beside it.
    pub(super) fn of(catalog: &Catalog, entry: &'a CatalogEntry) -> Option<Self> {
        let server = Catalog::load(entry).value?.server;
        let kept = input::of_catalogue(&catalog.dir, &entry.dir.join(SOURCE_FILE), MAX_WRITTEN_BYTES);
        // What cannot be read tells nothing; `toolcard update` says what is wrong with it.
        let kept = kept.and_then(input::text).ok().and_then(|text| text.parse::<toml::Table>().ok());
        let value = |key: &str| kept.as_ref().and_then(|kept| kept.get(key));
        let command = value("stdio").and_then(toml::Value::as_array).into_iter().flatten();
        let url = value("url").and_then(toml::Value::as_str).and_then(address);
        Some(Self {
            slug: &entry.slug,
            package: server.package.filter(|package| !package.is_empty()),
            command: command.filter_map(toml::Value::as_str).map(str::to_owned).collect(),
            urls: server.remotes.iter().filter_map(|url| address(url)).chain(url).collect(),
        })
    }
}

impl NamedServer {
    /// Whether the command starts the server's package, or the address is one of the server's.
    pub(super) fn is(&self, server: &KnownServer<'_>) -> bool {
        let starts = |package: &str| {
            self.words.iter().any(|word| {
                let rest = word.strip_prefix(package);
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['@', '=', '[']))
            })
        };
        server.package.as_deref().is_some_and(starts)
            || !server.command.is_empty() && server.command == self.words
            || self.urls.iter().any(|url| server.urls.contains(url))
    }
}

/// Reads the configuration: JSON with comments, or TOML where its name says so.
pub(super) fn read(file: &Path, term: Terminal) -> Option<Vec<NamedServer>> {
    let text = match input::named(file, MAX_WRITTEN_BYTES).and_then(input::text) {
        Ok(text) => text,
        Err(refused) => {
            term.diagnostics([&refused.diagnostic(file)]);
            return None;
        }
    };
    let text = without_bom(&text);
    let toml = file.extension().is_some_and(|e| e.eq_ignore_ascii_case("toml"));
    let document = if toml {
        toml::from_str(text).map_err(|e: toml::de::Error| {
            let at = e.span().map(|span| Position::of(text, span.start));
            IntoRefusal::Broken(at.map(|at| (at.line as usize, at.column as usize)), e.message().to_owned())
        })
    } else {
        read_jsonc(text)
    };
    let document: Value = match document {
        Ok(document) => document,
        Err(refusal) => {
            refuse(refusal, "", file, term);
            return None;
        }
    };
    let mut servers: Vec<NamedServer> = Vec::new();
    for (name, entry) in server_tables(&document).into_iter().flatten().filter(|(_, entry)| entry.is_object()) {
        let words = words(entry);
        let keys = ["url", "serverUrl", "httpUrl", "uri"];
        let given = keys.iter().filter_map(|key| entry.get(*key)?.as_str());
        // A bridge to a server is started with its address.
        let urls = given.chain(words.iter().map(String::as_str)).filter_map(address).collect();
        servers.push(NamedServer { name: name.clone(), words, urls });
    }
    if servers.is_empty() {
        let help = "give a file with `mcpServers`, `servers`, `mcp_servers`, `mcp` or `context_servers`";
        term.error(&format!("{} names no servers", file.display()), Some(help));
        return None;
    }
    Some(servers)
}

/// The texts of `command` and `args`, wherever a client keeps them.
fn words(entry: &Value) -> Vec<String> {
    let mut words = Vec::new();
    let mut add = |value: &Value| match value {
        Value::String(text) => words.extend(text.split_whitespace().map(str::to_owned)),
        Value::Array(items) => words.extend(items.iter().filter_map(Value::as_str).map(str::to_owned)),
        _ => {}
    };
    for key in ["command", "args"] {
        if let Some(value) = entry.get(key) {
            add(value);
            // `"command": {"path": …, "args": […]}`
            for inner in ["path", "args"] {
                value.get(inner).into_iter().for_each(&mut add);
            }
        }
    }
    words
}

/// An address as it is compared: without what stands behind `?` or `#`, a slash at the end, a usual port and capitals of the
/// host.
fn address(text: &str) -> Option<String> {
    let (scheme, rest) = text.split_once("://")?;
    let scheme = scheme.to_ascii_lowercase();
    let port = match scheme.as_str() {
        "https" => ":443",
        "http" => ":80",
        _ => return None,
    };
    let rest = rest.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    // A name and a password before the host are of who calls.
    let host = host.rsplit('@').next().unwrap_or_default().to_ascii_lowercase();
    let host = host.strip_suffix(port).unwrap_or(&host);
    (!host.is_empty()).then(|| format!("{scheme}://{host}/{path}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_compared_without_what_says_nothing() {
        let same = ["https://Mcp.Example.org/mcp", "HTTPS://me:x@mcp.example.org:443/mcp/?key=1#a"];
        assert_eq!(address(same[0]), address(same[1]));
        assert_eq!(address("https://mcp.example.org"), address("https://mcp.example.org/"));
        for other in ["http://mcp.example.org/mcp", "https://mcp.example.org/Mcp", "https://mcp.example.org:8443/mcp"] {
            assert_ne!(address(same[0]), address(other), "{other}");
        }
        assert_eq!([address("npx"), address("stdio://x"), address("https://")], [None, None, None]);
    }
}
