//! The servers of a client's configuration, told by package, command or address.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

fn write(path: &Path, text: &str) {
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("creates");
    std::fs::write(path, text).expect("writes");
}

/// A catalogue of servers that an address or a command tells.
fn catalogue(dir: &Path) {
    let tools = json!([{"name": "list_notes", "description": "Lists notes."}]);
    let remotes = json!([{"type": "streamable-http", "url": "https://mcp.example.org/notes"}]);
    let listed = json!({"name": "org.example/notes", "version": "1.0.0", "remotes": remotes, "tools": tools});
    write(&dir.join("catalog/listed/manifest.json"), &listed.to_string());
    let said =
        json!({"server": {"slug": "said", "remotes": [{"url": "https://said.example.org/mcp"}]}, "tools": tools});
    write(&dir.join("catalog/said/manifest.json"), &said.to_string());
    let plain = json!({"tools": tools}).to_string();
    write(&dir.join("catalog/asked/manifest.json"), &plain);
    write(&dir.join("catalog/asked/source.toml"), "url = \"https://asked.example.org/mcp/\"\n");
    write(&dir.join("catalog/started/manifest.json"), &plain);
    write(&dir.join("catalog/started/source.toml"), "stdio = [\"uvx\", \"notes\", \"--all\"]\n");
    write(&dir.join("catalog/broken/manifest.json"), &plain);
    write(&dir.join("catalog/broken/source.toml"), "url = \n");
}

fn from(dir: &Path, name: &str, text: &str) -> (Output, String) {
    let path = dir.join(name);
    write(&path, text);
    let catalog = dir.join("catalog");
    let output = Command::new(env!("CARGO_BIN_EXE_toolcard"))
        .args(["policy", "--catalog", catalog.to_str().expect("UTF-8"), "--format", "claude-code"])
        .args(["--from", path.to_str().expect("UTF-8")])
        .env_clear()
        .stdin(Stdio::null())
        .output()
        .expect("runs");
    let said = String::from_utf8(output.stderr.clone()).expect("UTF-8");
    (output, said)
}

#[test]
fn servers_are_told_by_their_address_in_every_clients_words() {
    let dir = tempfile::tempdir().expect("a folder");
    catalogue(dir.path());
    let servers = json!({
        "a": {"type": "http", "url": "https://MCP.example.org:443/notes/?key=secret", "headers": {"x": "y"}},
        "b": {"serverUrl": "https://said.example.org/mcp"},
        "c": {"httpUrl": "https://asked.example.org/mcp"},
        "d": {"command": "npx", "args": ["mcp-remote", "https://asked.example.org/mcp", "--header", "x"]},
        "e": {"command": "uvx", "args": ["notes", "--all"]},
        "f": {"url": "https://asked.example.org/other"},
        "g": {"command": "uvx", "args": ["notes"]},
    });
    let shapes = [
        (".mcp.json", json!({"mcpServers": servers})),
        (".vscode/mcp.json", json!({"inputs": [], "servers": servers})),
        ("settings.json", json!({"mcp": {"inputs": [], "servers": servers}})),
        ("opencode.json", json!({"mcp": servers})),
        ("claude.json", json!({"projects": {"/here": {"mcpServers": servers}}})),
    ];
    for (name, shape) in shapes {
        let (output, said) = from(dir.path(), name, &format!("\u{feff}// ours\n{shape}"));
        assert_eq!(output.status.code(), Some(1), "two are not known: {name}: {said}");
        let document: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("{name}: {e}: {said}"));
        let allowed = document["permissions"]["allow"].as_array().expect("rules");
        let wanted: Vec<String> = ["a", "b", "c", "d", "e"].map(|key| format!("mcp__{key}__list_notes")).into();
        assert_eq!(allowed, &wanted, "{name}: {said}");
        for unknown in ["`f`", "`g`"] {
            assert!(said.contains(&format!("{unknown} of ")), "{name}: {said}");
        }
        assert!(!said.contains("secret"), "{said}");
    }
}

#[test]
fn a_broken_configuration_is_told_by_line_and_column() {
    let dir = tempfile::tempdir().expect("a folder");
    catalogue(dir.path());
    for (name, text, place) in [
        ("mcp.json", "{\"mcpServers\": {\n  \"a\": }}", "mcp.json:2:8"),
        ("config.toml", "[mcp_servers.a]\ncommand = npx\n", "config.toml:2:11"),
        ("mcp.json", "{\"editor\": {}}", "names no servers"),
    ] {
        let (output, said) = from(dir.path(), name, text);
        assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0), "{said}");
        assert!(said.contains(place), "{place}: {said}");
    }
}

#[test]
fn the_addresses_of_a_registry_stay_when_a_server_is_imported() {
    let dir = tempfile::tempdir().expect("a folder");
    catalogue(dir.path());
    let (catalog, to) = (dir.path().join("catalog/listed/manifest.json"), dir.path().join("new"));
    let output = Command::new(env!("CARGO_BIN_EXE_toolcard"))
        .args(["import", catalog.to_str().expect("UTF-8"), "--catalog", to.to_str().expect("UTF-8")])
        .env_clear()
        .stdin(Stdio::null())
        .output()
        .expect("runs");
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let mut manifests =
        std::fs::read_dir(&to).expect("a catalogue").filter_map(|entry| Some(entry.ok()?.path().join("manifest.json")));
    let text = manifests.find_map(|path| std::fs::read_to_string(path).ok()).expect("a manifest");
    let document: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(document["server"]["remotes"], json!([{"url": "https://mcp.example.org/notes"}]), "{text}");
}
