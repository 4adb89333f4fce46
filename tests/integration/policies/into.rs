//! `toolcard policy --into`: a settings file keeps what others wrote, and says what the document says.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use toolcard::policy::formats::{self, Scope};
use toolcard::policy::{Profile, RateLimits, server_document};

use super::fates::{SERVER, fate};
use crate::catalogue::servers;

/// Runs the command for the bundled file server, under the name `files`.
fn policy(format: &str, into: &Path, more: &[&str]) -> Output {
    let into = into.to_str().expect("UTF-8");
    Command::new(env!("CARGO_BIN_EXE_toolcard"))
        .args(["policy", "server-filesystem", "--server-name", SERVER, "--format", format, "--into", into])
        .args(more)
        .env_clear()
        .stdin(Stdio::null())
        .output()
        .expect("runs")
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}

fn file(dir: &Path, name: &str, text: &str) -> PathBuf {
    let path = dir.join(name);
    std::fs::write(&path, text).expect("writes");
    path
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).expect("reads")
}

const CLAUDE: &str = r#"{
  // what we agreed on
  "model": "opus",
  "permissions": {
    "deny": ["Read(./.env)", "mcp__files__read_file"], /* secrets */
    "allow": [
      "Bash(ls:*)",
      "mcp__other__write_file",
      "mcp__files__old_tool", // was renamed
      "mcp__files__write_file",
    ],
  },
}
"#;

#[test]
fn comments_order_and_entries_of_others_stay_and_a_second_run_changes_nothing() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = file(dir.path(), "settings.json", CLAUDE);
    let output = policy("claude-code", &path, &["--yes"]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    let diff = String::from_utf8(output.stdout.clone()).expect("UTF-8");
    assert!(diff.contains("@@") && diff.contains("+      \"mcp__files__read_file\""), "{diff}");
    let text = read(&path);
    for kept in [
        "// what we agreed on",
        "\"model\": \"opus\"",
        "/* secrets */",
        "\"Read(./.env)\"",
        "\"Bash(ls:*)\"",
        "mcp__other__write_file",
    ] {
        assert!(text.contains(kept), "{kept}: {text}");
    }
    assert!(text.find("\"deny\"") < text.find("\"allow\""), "{text}");
    // What the document asks for is asked for, and nowhere else.
    assert_eq!(text.matches("mcp__files__write_file\"").count(), 1, "{text}");
    assert!(
        text.contains("mcp__files__old_tool") && err(&output).contains("`mcp__files__old_tool`"),
        "{}",
        err(&output)
    );
    let again = policy("claude-code", &path, &["--yes"]);
    assert_eq!((again.status.code(), again.stdout.len()), (Some(0), 0), "{}", err(&again));
    assert_eq!(read(&path), text);
    let pruned = policy("claude-code", &path, &["--yes", "--prune"]);
    assert!(err(&pruned).contains("`mcp__files__old_tool`"), "{}", err(&pruned));
    assert!(!read(&path).contains("old_tool"));
}

#[test]
fn a_trailing_comma_that_stays_is_told_once_with_its_place() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = file(dir.path(), "settings.json", CLAUDE);
    for _ in 0..2 {
        let output = policy("claude-code", &path, &["--yes"]);
        assert_eq!(output.status.code(), Some(0), "{}", err(&output));
        let (said, text) = (err(&output), read(&path));
        assert_eq!(said.matches("warning[not-strict-json]: the file has a trailing comma").count(), 1, "{said}");
        let place = said.lines().find_map(|line| line.strip_prefix(" --> ")).expect("a place");
        let line: usize = place.rsplit(':').nth(1).and_then(|line| line.parse().ok()).expect("a line");
        assert!(text.lines().nth(line - 1).expect("a line").trim_end().ends_with(','), "{place}: {text}");
    }
    let path = file(dir.path(), "strict.json", "{\n  // a comma, in a comment\n  \"model\": \"opus\"\n}\n");
    assert!(!err(&policy("claude-code", &path, &["--yes"])).contains("trailing comma"));
}

#[test]
fn nothing_is_written_where_nobody_can_be_asked() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = file(dir.path(), "settings.json", CLAUDE);
    let output = policy("claude-code", &path, &[]);
    assert_eq!(output.status.code(), Some(2), "{}", err(&output));
    assert!(!output.stdout.is_empty() && err(&output).contains("--yes"), "{}", err(&output));
    assert_eq!(read(&path), CLAUDE);
    assert_eq!(std::fs::read_dir(dir.path()).expect("lists").count(), 1);
}

#[test]
fn a_broken_file_is_never_touched_and_is_told_with_its_place() {
    let dir = tempfile::tempdir().expect("a folder");
    let cases = [
        ("claude-code", "{\n  \"permissions\": {\n    \"allow\": [\"a\" \"b\"]\n  }\n}\n", "3:18"),
        ("claude-code", "[]\n", "not an object"),
        ("claude-code", "{\"permissions\": {\"allow\": \"all\"}}\n", "permissions.allow is not a list"),
        ("claude-code", "{\"permissions\": {}, \"permissions\": {}}\n", "stands twice"),
        ("opencode", "{\"permission\": \"allow\"}\n", "permission is not an object"),
        ("codex", "[mcp_servers.files]\ncommand = \"a\"\n[mcp_servers.files]\n", "3:"),
        ("codex", "[mcp_servers.files]\nenabled_tools = 1\n", "is not a list"),
    ];
    for (format, text, said) in cases {
        let path = file(dir.path(), "settings", text);
        let output = policy(format, &path, &["--yes"]);
        assert_eq!(output.status.code(), Some(1), "{text}");
        assert!(err(&output).contains(said) && err(&output).contains("broken-settings"), "{said}: {}", err(&output));
        assert_eq!(read(&path), text);
    }
}

#[test]
fn a_server_that_the_file_does_not_have_is_not_begun() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = file(dir.path(), "mcp.json", "{\"mcpServers\": {\"file\": {\"command\": \"a\"}}}\n");
    let output = policy("cline", &path, &["--yes"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(err(&output).contains("--server-name file"), "{}", err(&output));
    let output = policy("cline", &dir.path().join("none.json"), &["--yes"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(!dir.path().join("none.json").exists());
    let output = policy("codex", &file(dir.path(), "config.toml", "model = \"o\"\n"), &["--yes"]);
    assert_eq!((output.status.code(), err(&output).contains("has no server")), (Some(1), true), "{}", err(&output));
}

#[test]
fn a_new_file_is_the_document_and_a_whole_file_is_never_merged() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("settings.json");
    assert_eq!(policy("claude-code", &path, &["--yes"]).status.code(), Some(0));
    let document: Value = serde_json::from_str(&read(&path)).expect("JSON");
    assert!(document["permissions"]["allow"].is_array());
    let path = file(dir.path(), "profile.sh", "echo\n");
    let output = policy("docker-profile", &path, &["--yes"]);
    assert_eq!((output.status.code(), err(&output).contains("is a whole file")), (Some(1), true), "{}", err(&output));
    assert_eq!(read(&path), "echo\n");
}

#[test]
fn a_table_of_toml_keeps_its_comments_and_its_command() {
    let dir = tempfile::tempdir().expect("a folder");
    let text = "# mine\nmodel = \"o\"\n\n[mcp_servers.files] # the disk\ncommand = \"npx\"\nenabled_tools = [\"old_tool\"] # few\n\n\
                [mcp_servers.files.tools.write_file]\napproval_mode = \"approve\"\n\n[mcp_servers.other]\ncommand = \"b\"\n";
    let path = file(dir.path(), "config.toml", text);
    let output = policy("codex", &path, &["--yes", "--prune"]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    let after = read(&path);
    for kept in ["# mine", "# the disk", "command = \"npx\"", "# few", "[mcp_servers.other]"] {
        assert!(after.contains(kept), "{kept}: {after}");
    }
    let table: toml::Table = after.parse().expect("TOML");
    let server = &table["mcp_servers"][SERVER];
    assert!(server["tools"].get("write_file").is_none(), "what the document asks for is not approved: {after}");
    assert!(!after.contains("old_tool"), "{after}");
    assert_eq!(policy("codex", &path, &["--yes"]).stdout.len(), 0);
    assert_eq!(read(&path), after);
}

#[test]
fn where_the_last_pattern_wins_ours_stand_behind_those_of_others() {
    let dir = tempfile::tempdir().expect("a folder");
    let text = "{\"permission\": {\"files_write_file\": \"allow\", \"files_*\": \"ask\", \"bash\": \"ask\", \"*\": \"allow\"}}\n";
    let path = file(dir.path(), "opencode.json", text);
    assert_eq!(policy("opencode", &path, &["--yes"]).status.code(), Some(0));
    let after = read(&path);
    let document: Value = serde_json::from_str(&after).expect("JSON");
    let keys: Vec<&String> = document["permission"].as_object().expect("rules").keys().collect();
    assert_eq!(keys[..3], ["bash", "*", "files_*"], "{after}");
    assert_eq!((&document["permission"]["files_*"], &document["permission"]["*"]), (&json!("deny"), &json!("allow")));
    assert_eq!(policy("opencode", &path, &["--yes"]).stdout.len(), 0);
    assert_eq!(read(&path), after);
}

#[test]
fn what_lets_more_pass_than_the_document_is_told() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = file(dir.path(), "a.json", "{\"permissions\": {\"allow\": [\"mcp__files\", \"mcp__files__read_*\"]}}\n");
    let said = err(&policy("claude-code", &path, &["--yes"]));
    assert!(said.contains("`mcp__files` in permissions.allow") && said.contains("`mcp__files__read_*`"), "{said}");
    let path = file(dir.path(), "b.json", "{\"agent\": {\"tool_permissions\": {\"default\": \"allow\"}}}\n");
    let said = err(&policy("zed", &path, &["--yes"]));
    assert!(said.contains("agent.tool_permissions.default is allow"), "{said}");
    assert!(read(&path).contains("\"default\": \"allow\""));
}

#[test]
#[cfg(unix)]
fn a_link_and_its_permissions_stay() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let dir = tempfile::tempdir().expect("a folder");
    let path = file(dir.path(), "dotfile", "{}\n");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).expect("sets");
    let link = dir.path().join("settings.json");
    symlink(&path, &link).expect("links");
    assert_eq!(policy("claude-code", &link, &["--yes"]).status.code(), Some(0));
    assert!(std::fs::symlink_metadata(&link).expect("a link").is_symlink());
    assert_eq!(std::fs::metadata(&path).expect("a file").permissions().mode() & 0o777, 0o600);
    assert!(read(&path).contains("permissions"));
}

#[test]
fn marks_and_line_ends_of_a_file_stay() {
    let dir = tempfile::tempdir().expect("a folder");
    for (format, text) in [
        ("claude-code", "{\n  \"permissions\": {\n    \"allow\": [\"x\"] // end\n  }\n}\n// tail\n"),
        ("codex", "[mcp_servers.files]\ncommand = \"a\" # x\n\n# tail\n"),
        ("litellm", "mcp_servers:\n  files:\n    url: x\n# tail\n"),
    ] {
        let plain = file(dir.path(), "plain", text);
        assert_eq!(policy(format, &plain, &["--yes"]).status.code(), Some(0));
        let windows = file(dir.path(), "windows", &format!("\u{feff}{}", text.replace('\n', "\r\n")));
        let output = policy(format, &windows, &["--yes"]);
        assert_eq!(output.status.code(), Some(0), "{format}: {}", err(&output));
        let wanted = format!("\u{feff}{}", read(&plain).replace('\n', "\r\n"));
        assert_eq!(read(&windows), wanted, "{format}");
        let again = policy(format, &windows, &["--yes"]);
        assert_eq!((again.status.code(), again.stdout.len()), (Some(0), 0), "{format}: {}", err(&again));
    }
    let mixed = file(dir.path(), "mixed", "[mcp_servers.files]\r\ncommand = \"a\"\n");
    let output = policy("codex", &mixed, &["--yes"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(err(&output).contains("its lines end in two ways"), "{}", err(&output));
}

#[test]
fn what_is_in_the_way_is_told_by_line_and_column() {
    let dir = tempfile::tempdir().expect("a folder");
    for (format, text, said, place) in [
        (
            "claude-code",
            "{\n\"permissions\": {\"allow\": [],\n \"allow\": []}}",
            "`allow` stands twice in permissions",
            ":3:2",
        ),
        ("claude-code", "{\"permissions\": {\n \"deny\": \"x\"}}", "permissions.deny is not a list", ":2:10"),
        ("claude-code", "{\n \"permissions\": 1}", "permissions is not an object", ":2:17"),
        ("claude-code", "\n[]", "the file is not an object", ":2:1"),
        (
            "zed",
            "{\"agent\": {\"tool_permissions\": {\"tools\": {\n\"a\": {}, \"a\": {}, \"mcp:files:read_file\": 1}}}}",
            "",
            ":2:",
        ),
        ("codex", "[mcp_servers]\nfiles = 1\n", "mcp_servers.files is not a table", ":2:9"),
        (
            "codex",
            "[mcp_servers.files]\nenabled_tools = \"x\"\n",
            "mcp_servers.files.enabled_tools is not a list",
            ":2:17",
        ),
    ] {
        let path = file(dir.path(), "settings", text);
        let output = policy(format, &path, &["--yes"]);
        assert_eq!(output.status.code(), Some(1), "{format}: {text}");
        assert!(err(&output).contains(said), "{said}: {}", err(&output));
        assert!(err(&output).contains(&format!("settings{place}")), "{place}: {}", err(&output));
        assert_eq!(read(&path), text);
    }
}

/// A file in which the server stands, as its client has it.
pub(super) fn begun(format: &str) -> Option<String> {
    let text = match format {
        "codex" => format!("[mcp_servers.{SERVER}]\ncommand = \"a\"\n"),
        "gemini-settings" | "kiro-mcp" | "cline" | "roo" => {
            json!({"mcpServers": {SERVER: {"command": "a"}, "other": {}}}).to_string()
        }
        "litellm" => {
            format!("# proxy\nmcp_servers:\n  {SERVER}: # the disk\n    url: \"http://x\"\n  other:\n    url: y\n")
        }
        "vscode-agent" => "---\nname: me # who\n---\n\nBe kind.\n".to_owned(),
        "intercept" => "version: \"1\"\n# ours\ntools: {}\n".to_owned(),
        "agt" => "version: \"1.0\"\nmode: enforce\nrules:\n  - tool: other # theirs\n    action: deny\n".to_owned(),
        "agentgateway" => format!(
            "binds:\n- port: 3000\n  listeners:\n  - routes:\n    - policies:\n        cors: {{}}\n      backends:\n      \
             - mcp:\n          targets:\n          - name: {SERVER}\n            stdio: {{cmd: a}}\n"
        ),
        "envoy-mcproute" => format!(
            "apiVersion: v1\nkind: Service\n---\napiVersion: aigateway.envoyproxy.io/v1alpha1\nkind: MCPRoute\nspec:\n  \
             backendRefs:\n    - name: {SERVER} # theirs\n      toolSelector:\n        include: [read_file]\n"
        ),
        _ => "{\n  \"editor\": true\n}\n".to_owned(),
    };
    let merged = formats::find(format).is_some_and(|f| !f.slots(SERVER).is_empty());
    merged.then_some(text)
}

/// The part of a file that the reader of the format looks at.
fn own_part(format: &str, text: &str) -> String {
    match format {
        "agentgateway" => {
            let file: Value = serde_yaml_ng::from_str(text).expect("YAML");
            file["binds"][0]["listeners"][0]["routes"][0]["policies"].to_string()
        }
        "envoy-mcproute" => text.split_once("---\n").expect("two documents").1.to_owned(),
        "vscode-agent" => {
            assert!(text.ends_with("---\n\nBe kind.\n"), "{text}");
            text.to_owned()
        }
        _ => text.to_owned(),
    }
}

#[test]
fn a_filled_file_decides_as_the_document_does_in_every_format_that_has_one() {
    let server = servers().iter().find(|s| s.manifest.server.slug == "server-filesystem").expect("is bundled");
    let document = server_document(server.tools(), Profile::Guarded, &RateLimits::default());
    let names: Vec<&str> = server.manifest.tools.iter().map(|t| t.name.as_str()).collect();
    let scope = Scope::server(SERVER, &document, names.iter().copied());
    let dir = tempfile::tempdir().expect("a folder");
    let mut filled = 0;
    for format in formats::all() {
        let Some(text) = begun(format.id()) else { continue };
        let path = file(dir.path(), "settings", &text);
        let output = policy(format.id(), &path, &["--yes"]);
        assert_eq!(output.status.code(), Some(0), "{}: {}", format.id(), err(&output));
        let whole = format.render(&scope).expect("renders").text;
        let after = read(&path);
        for tool in &names {
            let of = |text: &str| fate(format.id(), text, tool, &json!({}), 1);
            assert_eq!(of(&own_part(format.id(), &after)), of(&whole), "{} {tool}: {after}", format.id());
        }
        for line in text.lines().filter(|line| line.contains('#')) {
            assert!(after.contains(line), "{}: {line}: {after}", format.id());
        }
        let again = policy(format.id(), &path, &["--yes"]);
        assert_eq!((again.status.code(), again.stdout.len()), (Some(0), 0), "{}: {}", format.id(), err(&again));
        assert_eq!(read(&path), after, "{}", format.id());
        filled += 1;
    }
    assert_eq!(filled, 17);
}

#[test]
fn the_servers_of_a_clients_configuration_become_one_document_under_their_names_there() {
    let dir = tempfile::tempdir().expect("a folder");
    let config = file(
        dir.path(),
        ".mcp.json",
        r#"{"mcpServers": {
            // ours
            "disk": {"command": "npx", "args": ["-y", "@modelcontextprotocol/server-filesystem@2026.8.31", "."]},
            "notes": {"command": "npx", "args": ["-y", "@notionhq/notion-mcp-server"]},
            "mine": {"command": "npx", "args": ["@modelcontextprotocol/server-filesystem-of-mine"]},
        }}"#,
    );
    let config = config.to_str().expect("UTF-8");
    let run = |more: &[&str]| {
        let mut args = vec!["policy", "--from", config, "--format"];
        args.extend(more);
        Command::new(env!("CARGO_BIN_EXE_toolcard")).args(args).env_clear().output().expect("runs")
    };
    let output = run(&["claude-code"]);
    assert_eq!(output.status.code(), Some(1), "one is not known");
    assert!(err(&output).contains("`mine`") && !err(&output).contains("guess"), "{}", err(&output));
    let document: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let allow = document["permissions"]["allow"].to_string();
    assert!(allow.contains("mcp__disk__list_directory") && allow.contains("mcp__notes__API-get-self"), "{allow}");
    let rules = String::from_utf8(run(&["gemini-policy"]).stdout).expect("UTF-8");
    let rules: toml::Table = rules.parse().expect("TOML");
    let servers = rules["rule"].as_array().expect("rules").iter().filter_map(|r| r["mcpName"].as_str());
    assert_eq!(servers.collect::<std::collections::BTreeSet<_>>().len(), 2);
    let output = run(&["agt"]);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0));
    let output = run(&["cline", "--into", config, "--yes"]);
    assert!(
        read(Path::new(config)).contains("// ours") && read(Path::new(config)).contains("\"autoApprove\""),
        "{}",
        err(&output)
    );
}

#[test]
fn all_servers_of_the_catalogue_become_one_document() {
    for format in ["claude-code", "opencode", "codex", "roo", "opa-data", "docker-profile"] {
        let args = ["policy", "--all", "--format", format];
        let output = Command::new(env!("CARGO_BIN_EXE_toolcard")).args(args).env_clear().output().expect("runs");
        assert!(!output.stdout.is_empty(), "{format}: {}", err(&output));
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        for server in servers() {
            let key = toolcard::card::client_key(&server.manifest.server);
            assert!(text.contains(&key), "{format}: {key}");
        }
        match format {
            "codex" => drop(text.parse::<toml::Table>().expect("TOML")),
            "docker-profile" => assert_eq!(text.matches("--disable-all ").count(), servers().len()),
            _ => drop(serde_json::from_str::<Value>(&text).expect("JSON")),
        }
    }
}
