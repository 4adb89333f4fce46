//! The servers that a client's configuration names, and what starts them.

use std::path::Path;

use serde_json::Value;

use toolcard::input::{self, MAX_WRITTEN_BYTES};
use toolcard::manifest::Server;
use toolcard::policy::{IntoRefusal, read_jsonc};

use super::into::refuse;
use super::term::Terminal;

/// The keys under which clients keep their servers.
const KEYS: [&str; 5] = ["mcpServers", "servers", "mcp_servers", "mcp", "context_servers"];

/// A server as a client's configuration has it.
pub(super) struct NamedServer {
    /// Its name there.
    pub(super) name: String,
    /// The words of its command.
    words: Vec<String>,
}

impl NamedServer {
    /// Whether the command starts the server's package.
    pub(super) fn starts(&self, server: &Server) -> bool {
        let Some(package) = server.package.as_deref().filter(|p| !p.is_empty()) else { return false };
        self.words.iter().any(|word| {
            let rest = word.strip_prefix(package);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['@', '=', '[']))
        })
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
    let toml = file.extension().is_some_and(|e| e == "toml");
    let document = if toml {
        toml::from_str(&text).map_err(|e: toml::de::Error| IntoRefusal::Broken(None, e.message().to_owned()))
    } else {
        read_jsonc(&text)
    };
    let document: Value = match document {
        Ok(document) => document,
        Err(refusal) => {
            refuse(refusal, "", file, term);
            return None;
        }
    };
    let found = KEYS.iter().filter_map(|key| document.get(key)?.as_object()).flatten();
    let servers: Vec<NamedServer> =
        found.map(|(name, entry)| NamedServer { name: name.clone(), words: words(entry) }).collect();
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
