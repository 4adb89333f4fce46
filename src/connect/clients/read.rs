//! Finds the servers in a configuration file, whichever client's it is.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use super::super::target::LiveTarget;
use super::expand::Expansion;
use super::{ClientPlaces, Configured, entry};
use crate::capture::{CaptureError, server_tables};
use crate::input;
use crate::manifest::MAX_BYTES;
use crate::neutral;
use crate::policy::{IntoRefusal, read_jsonc};

/// The servers of one file.
pub(super) fn file(path: &Path, only: &[String], places: &ClientPlaces, allow_private: bool) -> Configured {
    match input::bytes(path, MAX_BYTES).and_then(input::text) {
        Ok(content) => text(&content, path, only, places, allow_private),
        Err(e) => {
            let help = "check that it exists, that you may read it, and that it is a client's configuration";
            refused(path, format!("the configuration cannot be read: {e}"), help)
        }
    }
}

/// The servers of the text of a file.
pub(super) fn text(text: &str, path: &Path, only: &[String], places: &ClientPlaces, allow_private: bool) -> Configured {
    match parse(text, path) {
        Ok(document) => servers(path, &document, only, places, allow_private),
        Err(message) => refused(path, message, "correct it, or name another file"),
    }
}

fn refused(path: &Path, message: String, help: &str) -> Configured {
    Configured { errors: vec![CaptureError::new(shown(path), message, help)], ..Configured::default() }
}

fn shown(path: &Path) -> String {
    neutral::terminal(&path.display().to_string()).into_owned()
}

fn parse(text: &str, path: &Path) -> Result<Value, String> {
    let text = input::without_bom(text);
    // A message of the parser may quote the text: only the place is said.
    if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("toml")) {
        return toml::from_str(text).map_err(|e| {
            let at = e.span().map(|span| crate::diagnostic::Position::of(text, span.start));
            let place = at.map_or_else(String::new, |at| format!(" at {at}"));
            format!("the configuration is not valid TOML{place}")
        });
    }
    read_jsonc(text).map_err(|refusal| {
        let place = match refusal {
            IntoRefusal::Broken(Some((line, column)), _) => format!(" at {line}:{column}"),
            _ => String::new(),
        };
        format!("the configuration is not valid JSON{place}")
    })
}

fn servers(path: &Path, document: &Value, only: &[String], places: &ClientPlaces, allow_private: bool) -> Configured {
    let mut found = Configured::default();
    let listed = document.pointer("/inputs").or_else(|| document.pointer("/mcp/inputs")).and_then(Value::as_array);
    let inputs: BTreeMap<String, Option<String>> = listed
        .into_iter()
        .flatten()
        .filter_map(|input| {
            let default = input["default"].as_str().map(str::to_owned);
            Some((input["id"].as_str()?.to_owned(), default.filter(|_| input["password"] != Value::Bool(true))))
        })
        .collect();
    let folder = path.parent().unwrap_or(Path::new("."));
    // `.vscode/mcp.json` belongs to the folder above.
    let hidden = folder.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
    let project = if hidden { folder.parent().unwrap_or(folder) } else { folder };
    let bare = path.components().any(|part| part.as_os_str() == ".gemini");
    let expansion = Expansion { home: places.home.as_deref(), project: Some(project), inputs: &inputs, bare };
    let tables = server_tables(document);
    if tables.is_empty() {
        let message = "the configuration has no table of servers";
        let help = "toolcard reads `mcpServers`, `servers`, `mcp_servers`, `context_servers` and `mcp`";
        found.without_table = true;
        found.errors.push(CaptureError::new(shown(path), message, help));
        return found;
    }
    for (name, value) in tables.into_iter().flatten() {
        found.names.push(name.clone());
        let wanted = only.is_empty() || only.contains(name);
        let Some(entry) = value.as_object().filter(|entry| wanted && (!only.is_empty() || !entry::is_off(entry)))
        else {
            continue;
        };
        match entry::reached(entry, &expansion, path, allow_private) {
            Ok(reached) => found.targets.push(LiveTarget { name: name.clone(), reached }),
            Err(message) => {
                let from = format!("{} in {}", neutral::terminal(name), shown(path));
                found.errors.push(CaptureError::new(
                    from,
                    message,
                    "correct its configuration, or leave it out with --only",
                ));
            }
        }
    }
    found
}
