//! One server of a configuration, in the words of every client.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use super::super::http::{HttpTarget, SentHeader};
use super::super::target::{LiveTarget, ProgramTarget, Reached};
use super::expand::Expansion;
use crate::input;
use crate::neutral;

/// Whether a client has switched the server off.
pub(super) fn is_off(entry: &Map<String, Value>) -> bool {
    entry.get("disabled") == Some(&Value::Bool(true)) || entry.get("enabled") == Some(&Value::Bool(false))
}

/// How the server is reached.
///
/// # Errors
/// A sentence without any value of the entry, where that is not known.
pub(super) fn reached(
    entry: &Map<String, Value>,
    expansion: &Expansion<'_>,
    file: &Path,
    allow_private: bool,
) -> Result<Reached, String> {
    // Zed once had all of it under `command`.
    if let Some(Value::Object(inner)) = entry.get("command")
        && (inner.contains_key("path") || inner.contains_key("command"))
    {
        let mut flat = inner.clone();
        if let Some(path) = flat.remove("path") {
            flat.insert("command".to_owned(), path);
        }
        return reached(&flat, expansion, file, allow_private);
    }
    if let Some(command) = entry.get("command") {
        return program(entry, command, expansion, file).map(Reached::Program);
    }
    let address =
        ["url", "serverUrl", "httpUrl", "uri"].iter().find_map(|key| Some((*key, entry.get(*key)?.as_str()?)));
    let Some((_, url)) = address else {
        return Err("its configuration has neither `command` nor `url`".to_owned());
    };
    if ["type", "transport"].iter().any(|key| entry.get(*key).and_then(Value::as_str) == Some("sse")) {
        return Err("it speaks the older transport HTTP+SSE, which toolcard does not".to_owned());
    }
    Ok(Reached::Http(HttpTarget {
        url: expansion.expand(url)?,
        headers: headers(entry, expansion)?,
        allow_private,
        typed: false,
    }))
}

fn program(
    entry: &Map<String, Value>,
    command: &Value,
    expansion: &Expansion<'_>,
    file: &Path,
) -> Result<ProgramTarget, String> {
    let mut words: Vec<String> = match command {
        Value::String(program) => vec![expansion.expand(program)?],
        Value::Array(words) => strings(words, expansion, "command")?,
        _ => return Err("its `command` is no text".to_owned()),
    };
    if words.first().is_none_or(|program| program.trim().is_empty()) {
        return Err("its `command` is empty".to_owned());
    }
    match entry.get("args") {
        None | Some(Value::Null) => {}
        Some(Value::Array(more)) => words.extend(strings(more, expansion, "args")?),
        Some(_) => return Err("its `args` are no list".to_owned()),
    }
    let program = words.remove(0);
    let mut env = Vec::new();
    if let Some(path) = text(entry, "envFile") {
        env.extend(env_file(&relative(file, &expansion.expand(path)?))?);
    }
    for key in ["env", "environment"] {
        env.extend(pairs(entry, key, expansion)?);
    }
    let inherit = match entry.get("env_vars") {
        Some(Value::Array(names)) => strings(names, expansion, "env_vars")?,
        _ => Vec::new(),
    };
    let folder = match text(entry, "cwd") {
        Some(folder) => Some(relative(file, &expansion.expand(folder)?)),
        None => None,
    };
    Ok(ProgramTarget { program, args: words, env, inherit, folder, typed: false })
}

/// Headers, in the words of every client; Codex names variables.
fn headers(entry: &Map<String, Value>, expansion: &Expansion<'_>) -> Result<Vec<SentHeader>, String> {
    let mut headers = Vec::new();
    for key in ["headers", "http_headers"] {
        let literal = pairs(entry, key, expansion)?.into_iter();
        headers.extend(literal.map(|(name, value)| SentHeader { name, value, variable: None }));
    }
    let variable = |name: &str| expansion.expand(&format!("${{env:{name}}}"));
    if let Some(Value::Object(named)) = entry.get("env_http_headers") {
        for (header, name) in named {
            let name = name.as_str().unwrap_or_default();
            let value = variable(name)?;
            headers.push(SentHeader { name: header.clone(), value, variable: Some(name.to_owned()) });
        }
    }
    if let Some(name) = text(entry, "bearer_token_env_var") {
        let value = format!("Bearer {}", variable(name)?);
        headers.push(SentHeader { name: "Authorization".to_owned(), value, variable: None });
    }
    Ok(headers)
}

fn text<'a>(entry: &'a Map<String, Value>, key: &str) -> Option<&'a str> {
    entry.get(key)?.as_str()
}

fn strings(values: &[Value], expansion: &Expansion<'_>, key: &str) -> Result<Vec<String>, String> {
    let one = |value: &Value| match value {
        Value::String(text) => expansion.expand(text),
        Value::Number(number) => Ok(number.to_string()),
        Value::Bool(flag) => Ok(flag.to_string()),
        _ => Err(format!("an entry of its `{key}` is no text")),
    };
    values.iter().map(one).collect()
}

fn pairs(entry: &Map<String, Value>, key: &str, expansion: &Expansion<'_>) -> Result<Vec<(String, String)>, String> {
    let Some(Value::Object(members)) = entry.get(key) else { return Ok(Vec::new()) };
    let mut pairs = Vec::new();
    for (name, value) in members {
        let value = match value {
            Value::String(text) => expansion.expand(text)?,
            Value::Number(number) => number.to_string(),
            Value::Bool(flag) => flag.to_string(),
            Value::Null => continue,
            _ => return Err(format!("`{}` in its `{key}` is no text", neutral::terminal(name))),
        };
        pairs.push((name.clone(), value));
    }
    Ok(pairs)
}

/// A path of a configuration: beside the file, where it is relative.
fn relative(file: &Path, path: &str) -> PathBuf {
    file.parent().unwrap_or(Path::new(".")).join(path)
}

/// `NAME=value` on lines.
fn env_file(path: &Path) -> Result<Vec<(String, String)>, String> {
    let bytes = input::bytes(path, input::MAX_WRITTEN_BYTES);
    let text = bytes.and_then(input::text).map_err(|e| format!("its `envFile` cannot be read: {e}"))?;
    let mut pairs = Vec::new();
    for line in text.lines() {
        let line = line.trim().trim_start_matches("export ");
        if let Some((name, value)) = line.split_once('=').filter(|_| !line.starts_with('#')) {
            let value = value.trim();
            let quoted = ['"', '\''].iter().find_map(|quote| value.strip_prefix(*quote)?.strip_suffix(*quote));
            pairs.push((name.trim().to_owned(), quoted.unwrap_or(value).to_owned()));
        }
    }
    Ok(pairs)
}

/// How the server is reached, with all that its entry says: what is reached the same way has the same.
pub(super) fn way(target: &LiveTarget) -> String {
    match &target.reached {
        Reached::Program(program) => {
            format!("{:?}", (&program.program, &program.args, &program.env, &program.folder))
        }
        Reached::Http(target) => {
            let sent: Vec<_> = target.headers.iter().map(|h| (&h.name, &h.value)).collect();
            format!("{:?}", (&target.url, sent))
        }
    }
}
