//! Servers that clients' configurations name.

use serde_json::{Value, json};

use super::{command, names, server};
use crate::support::{Project, Run};

/// A server of a mode as most clients write it.
fn entry(mode: &str) -> Value {
    let words = server(mode);
    json!({"command": words[0], "args": words[1..]})
}

fn import(project: &Project, more: &[&str]) -> Run {
    let mut all = vec!["import", "--yes"];
    all.extend(more);
    project.run(&all)
}

fn manifest(project: &Project, slug: &str) -> Value {
    serde_json::from_str(&project.read(&format!("catalog/{slug}/manifest.json"))).expect("JSON")
}

/// Words as TOML.
fn toml(words: &[String]) -> String {
    format!("[{}]", words.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(", "))
}

#[test]
fn the_configuration_of_every_client_is_read() {
    let words = server("paged");
    let zed = json!({"command": {"path": words[0], "args": words[1..], "env": {}}});
    let array = json!({"type": "local", "command": words, "environment": {"A": "b"}});
    let files = [
        (".mcp.json", json!({"mcpServers": {"notes": entry("paged")}}).to_string()),
        (
            "claude_desktop_config.json",
            json!({"globalShortcut": "", "mcpServers": {"notes": entry("paged")}}).to_string(),
        ),
        (".claude.json", json!({"projects": {"/a": {"mcpServers": {"notes": entry("paged")}}}}).to_string()),
        (".vscode/mcp.json", format!("// mine\n{{\"servers\": {{\"notes\": {},}}, \"inputs\": []}}", entry("paged"))),
        ("User/settings.json", json!({"mcp": {"servers": {"notes": entry("paged")}, "inputs": []}}).to_string()),
        ("zed/settings.json", json!({"context_servers": {"notes": zed}}).to_string()),
        ("zed/new.json", json!({"context_servers": {"notes": entry("paged")}}).to_string()),
        ("opencode.json", json!({"mcp": {"notes": array}}).to_string()),
        (".gemini/settings.json", json!({"mcpServers": {"notes": entry("paged")}}).to_string()),
        (
            "config.toml",
            format!("model = \"x\"\n[mcp_servers.notes]\ncommand = '{}'\nargs = {}\n", words[0], toml(&words[1..])),
        ),
    ];
    for (name, text) in files {
        let project = Project::with_catalog();
        project.file(name, &text);
        import(&project, &["--config", name]).exits(0);
        assert_eq!(names(&manifest(&project, "notes")), ["get_a", "get_b"], "{name}");
    }
}

#[test]
fn variables_and_inputs_have_the_values_of_the_environment_or_are_named() {
    let config = |value: &str| {
        let mut notes = entry("tells");
        notes["env"] = json!({"NOTES_TOKEN": value});
        json!({"servers": {"notes": notes}, "inputs": [{"id": "notes-key", "type": "promptString", "password": true},
            {"id": "plain", "default": "a default"}]})
        .to_string()
    };
    let told = |file: &str, value: &str, variable: Option<&str>| {
        let project = Project::with_catalog();
        project.file(file, &config(value));
        let mut command = crate::support::clean(env!("CARGO_BIN_EXE_toolcard"), project.path());
        if let Some(name) = variable {
            command.env(name, "a value");
        }
        let output = command.args(["import", "--yes", "--config", file]).output().unwrap();
        if output.status.success() {
            manifest(&project, "notes")["tools"][0]["description"].as_str().unwrap().to_owned()
        } else {
            String::from_utf8(output.stderr).unwrap()
        }
    };
    // What is read is replaced in the answer, since it is of the server's environment.
    for (file, value, variable) in [
        (".vscode/mcp.json", "${env:NOTES}", Some("NOTES")),
        (".mcp.json", "${NOTES}", Some("NOTES")),
        (".mcp.json", "${NOTES:-another value}", None),
        (".gemini/settings.json", "$NOTES", Some("NOTES")),
        (".vscode/mcp.json", "${input:notes-key}", Some("NOTES_KEY")),
        (".vscode/mcp.json", "${input:plain}", None),
    ] {
        assert_eq!(told(file, value, variable), "Gets a note of [NOTES_TOKEN].", "{file} {value}");
    }
    assert_eq!(told(".mcp.json", "$NOTE", None), "Gets a note of $NOTE.");
    for (value, why) in [
        ("${NOTES}", "the variable `NOTES`, which its configuration uses, is not set"),
        ("${input:notes-key}", "asks for the input `notes-key`: set the variable `NOTES_KEY` to it"),
    ] {
        let said = told(".vscode/mcp.json", value, None);
        assert!(said.contains(why), "{said}");
    }
}

#[test]
fn servers_are_asked_at_once_and_one_that_fails_is_reported_while_the_others_go_on() {
    let project = Project::with_catalog();
    let mut off = entry("paged");
    off["disabled"] = json!(true);
    let servers = json!({"one": entry("paged"), "broken": entry("die-at-start"), "two": entry("many=3"), "off": off,
        "odd": {"note": "x"}, "old": {"type": "sse", "url": "https://example.org/sse"}});
    project.file(".mcp.json", &json!({"mcpServers": servers}).to_string());
    let run = import(&project, &["--config", ".mcp.json"]).exits(1);
    assert!(project.exists("catalog/one/manifest.json") && project.exists("catalog/two/manifest.json"));
    assert!(!project.exists("catalog/broken") && !project.exists("catalog/off"));
    for why in ["broken (", "exit status: 7", "neither `command` nor `url`", "older transport HTTP+SSE"] {
        assert!(run.stderr.contains(why), "{why}: {}", run.stderr);
    }
    assert_eq!(run.stderr.matches("error: ").count(), 3, "{}", run.stderr);

    let project = Project::with_catalog();
    project.file(".mcp.json", &json!({"mcpServers": servers}).to_string());
    import(&project, &["--config", ".mcp.json", "--only", "two", "--only", "off"]).exits(0);
    assert!(project.exists("catalog/two") && project.exists("catalog/off") && !project.exists("catalog/one"));
    let run = import(&project, &["--config", ".mcp.json", "--only", "tow"]).exits(2);
    assert!(
        run.stderr.contains("no server is called `tow`") && run.stderr.contains("did you mean `two`?"),
        "{}",
        run.stderr
    );
}

#[test]
fn configurations_are_found_in_their_usual_places_below_the_home_folder() {
    let project = Project::with_catalog();
    let servers = |name: &str, mode: &str| json!({"mcpServers": {name: entry(mode)}}).to_string();
    project.file(".cursor/mcp.json", &servers("cursor-notes", "paged"));
    project.file(".codeium/windsurf/mcp_config.json", &servers("windsurf-notes", "paged"));
    // The same server in another client is asked once; another one of the same name has a name of its own.
    project.file(".gemini/settings.json", &servers("cursor-notes", "paged"));
    project.file(".mcp.json", &servers("windsurf-notes", "many=2"));
    project.file(".claude.json", "{\"numStartups\": 3}");
    let run = import(&project, &["--discover"]).exits(0);
    let mut found: Vec<String> = project.tree("catalog").into_iter().map(|(name, _)| name).collect();
    found.sort();
    assert_eq!(found, ["cursor-notes/manifest.json", "windsurf-notes-2/manifest.json", "windsurf-notes/manifest.json"]);
    assert!(run.stderr.contains("cursor-notes: "), "{}", run.stderr);

    let run = import(&Project::with_catalog(), &["--discover"]).exits(2);
    assert!(run.stderr.contains("no client's configuration is in its usual place"), "{}", run.stderr);
}

#[test]
fn a_configuration_that_cannot_be_read_is_one_error_without_its_text() {
    for (name, text, why) in [
        ("broken.json", "{\"mcpServers\": {\"planted-secret\"", "not valid JSON at 1:"),
        ("broken.toml", "planted-secret = planted-secret", "not valid TOML at 1:"),
        ("other.json", "{\"planted-secret\": 1}", "no table of servers"),
    ] {
        let project = Project::with_catalog();
        project.file(name, text);
        let run = import(&project, &["--config", name]).exits(2);
        assert!(run.stderr.contains(why) && !run.stderr.contains("planted"), "{name}: {}", run.stderr);
    }
    let run = import(&Project::with_catalog(), &["--config", "none.json"]).exits(2);
    assert!(run.stderr.contains("cannot be read"), "{}", run.stderr);
}

#[test]
fn the_package_that_a_command_runs_is_the_servers() {
    // A program of that name, which is this binary.
    let project = Project::with_catalog();
    let words = command();
    let name = if cfg!(windows) { "npx.exe" } else { "npx" };
    let npx = project.path().join(name);
    if std::fs::hard_link(&words[0], &npx).is_err() {
        std::fs::copy(&words[0], &npx).expect("copies");
    }
    let mut args = words[1..].to_vec();
    args.push("mode:paged".to_owned());
    // The first word that is no option is the package: here a filter of tests that finds none.
    args.insert(0, "@scope/notes@1.2.3".to_owned());
    project.file(".mcp.json", &json!({"mcpServers": {"notes": {"command": npx, "args": args}}}).to_string());
    import(&project, &["--config", ".mcp.json", "--slug", "notes"]).exits(0);
    let server = &manifest(&project, "notes")["server"];
    assert_eq!((&server["package"], &server["registry"]), (&json!("@scope/notes"), &json!("npm")));
    assert_eq!(server["package_version"], "1.2.3");
}
