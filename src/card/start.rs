//! How to start a server: the entry that MCP clients read, from registry and package. A name that
//! is not a valid package name never gets into a command.

use serde::Serialize;
use serde_json::json;

use super::slot::CodeText;
use super::{Prose, sentences};
use crate::manifest::Server;
use crate::neutral;

/// How to start the server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Start {
    /// The `mcpServers` document, two-space indent; `None` where no command is known.
    pub snippet: Option<String>,
    /// The same as a command: the program and its arguments, e.g. `uvx` and `clearml-mcp@0.3.0`.
    pub command: Option<(&'static str, String)>,
    /// What to know about it.
    pub words: Prose,
}

/// The client's entry for a server, pinned to the version that was read.
pub fn start(server: &Server) -> Start {
    let version = server.package_version.as_deref().filter(|v| is_version(v));
    let package = server.package.as_deref();
    let known = match (server.registry.as_deref(), package) {
        (Some("npm"), Some(name)) if is_npm_name(name) => Some(("npx", vec!["-y".to_owned(), pinned(name, version)])),
        (Some("pypi"), Some(name)) if is_pypi_name(name) => Some(("uvx", vec![pinned(name, version)])),
        _ => None,
    };
    let Some((program, args)) = known else {
        let words = match (server.registry.as_deref(), package) {
            (Some("npm" | "pypi"), Some(_)) => sentences::bad_package(),
            (Some(registry), Some(_)) => sentences::unknown_registry(CodeText(registry)),
            _ => sentences::no_package(),
        };
        return Start { snippet: None, command: None, words };
    };
    let key = client_key(server);
    let document = json!({"mcpServers": {key: {"command": program, "args": &args}}});
    let words = version.map_or_else(sentences::newest, |version| sentences::pinned(CodeText(version)));
    let words = words.then(sentences::credentials(CodeText("env")));
    Start { snippet: neutral::json(&document).ok(), command: Some((program, args.join(" "))), words }
}

fn pinned(name: &str, version: Option<&str>) -> String {
    version.map_or_else(|| name.to_owned(), |version| format!("{name}@{version}"))
}

/// The name that snippets and other formats give the server in a client: the slug without "MCP" and
/// "server", letters, digits and dashes.
pub fn client_key(server: &Server) -> String {
    let bare = bare_name(&server.slug).to_ascii_lowercase();
    let key: String = bare.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).take(40).collect();
    let key = key.trim_matches('-');
    if key.is_empty() { "server".to_owned() } else { key.to_owned() }
}

/// A slug without "MCP" and "server" behind it: `MLflow`, never `MLflow MCP Server MCP
/// Server`. Whole words only; a name that is nothing else stays.
fn bare_name(name: &str) -> &str {
    let name = name.trim();
    let mut rest = name;
    loop {
        let cut = rest.trim_end_matches([' ', '-', '_', '(', ')']);
        let start = cut.rfind([' ', '-', '_']).map_or(0, |i| i + 1);
        let last = &cut[start..];
        if start == 0 || !(last.eq_ignore_ascii_case("mcp") || last.eq_ignore_ascii_case("server")) {
            break;
        }
        rest = cut[..start].trim_end_matches([' ', '-', '_']);
    }
    if rest.is_empty() { name } else { rest }
}

/// npm's rule for new packages, with an optional scope; never an option of `npx`.
fn is_npm_name(name: &str) -> bool {
    let part = |p: &str| {
        p.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
            && p.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'_' | b'.' | b'~'))
    };
    name.len() <= 214
        && match name.strip_prefix('@') {
            Some(scoped) => scoped.split_once('/').is_some_and(|(scope, name)| part(scope) && part(name)),
            None => part(name),
        }
}

/// The rule of `PyPI` (PEP 508): letters and digits at both ends, `-`, `_` and `.` between them.
fn is_pypi_name(name: &str) -> bool {
    name.len() <= 100
        && name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name.ends_with(|c: char| c.is_ascii_alphanumeric())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
}

fn is_version(version: &str) -> bool {
    version.len() <= 64
        && version.starts_with(|c: char| c.is_ascii_digit())
        && version.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'+' | b'_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(registry: &str, package: &str, version: &str) -> Server {
        let some = |s: &str| (!s.is_empty()).then(|| s.into());
        Server {
            slug: "x-mcp".to_owned(),
            registry: some(registry),
            package: some(package),
            package_version: some(version),
            ..Server::default()
        }
    }

    #[test]
    fn packages_of_npm_and_pypi_start_pinned() {
        insta::assert_snapshot!(start(&server("npm", "@scope/x.y", "1.2.3")).snippet.unwrap_or_default(), @r#"
        {
          "mcpServers": {
            "x": {
              "command": "npx",
              "args": [
                "-y",
                "@scope/x.y@1.2.3"
              ]
            }
          }
        }
        "#);
        assert_eq!(start(&server("pypi", "awslabs.x", "0.1")).command, Some(("uvx", "awslabs.x@0.1".to_owned())));
        assert_eq!(start(&server("pypi", "x", "")).command, Some(("uvx", "x".to_owned())));
    }

    #[test]
    fn what_is_not_a_package_name_never_gets_into_a_command() {
        for name in
            ["--help", "-y", "x; rm -rf ~", "../x", "x y", "@/x", "@a/b/c", "git+https://x", "X", "x$(id)", "x\n", ""]
        {
            assert_eq!(start(&server("npm", name, "1")).snippet, None, "{name:?}");
        }
        for name in ["-r", "x[extra]", "x;y", "x y", ".x", "x.", "x/y"] {
            assert_eq!(start(&server("pypi", name, "1")).snippet, None, "{name:?}");
        }
        assert_eq!(start(&server("npm", "x", "latest && evil")).command, Some(("npx", "-y x".to_owned())));
        assert_eq!(start(&server("oci", "x", "1")).snippet, None);
    }

    #[test]
    fn mcp_and_server_are_dropped_as_words_and_never_out_of_words() {
        assert_eq!(bare_name("MLflow MCP Server"), "MLflow");
        assert_eq!(bare_name("mlflow-mcp-server"), "mlflow");
        assert_eq!(bare_name("PMCP"), "PMCP");
        assert_eq!(bare_name("MCP Server"), "MCP");
        assert_eq!(bare_name("Observer"), "Observer");
    }
}
