//! What a server is given in confidence is in nothing that is printed or written.

use serde_json::json;

use super::http::{json_server, listen};
use super::server;
use crate::support::{Project, clean};

const PLANTED: [&str; 7] = [
    "planted-env-1",
    "planted\"env 2",
    "planted-arg-3",
    "planted-arg-4",
    "planted-header-5",
    "planted-query-6",
    "planted-input-7",
];

fn configuration(mode: &str, url: &str) -> String {
    let words = server(mode);
    let mut args = words[1..].to_vec();
    args.push(PLANTED[2].to_owned());
    args.push(format!("password={}", PLANTED[3]));
    json!({
        "inputs": [{"id": "notes", "password": true}],
        "servers": {
            "program": {"command": words[0], "args": args, "env": {"NOTES_TOKEN": PLANTED[0], "OTHER": PLANTED[1], "THIRD": "${input:notes}"}},
            "address": {"url": format!("{url}?api_key={}", PLANTED[5]), "headers": {"X-Key": format!("Bearer {}", PLANTED[4])}},
            "nowhere": {"command": "no-such-program", "args": [PLANTED[2]], "env": {"A": PLANTED[0]}},
            "refused": {"url": format!("http://127.0.0.1:1/{}", PLANTED[5]), "headers": {"X-Key": PLANTED[4]}},
            "wrong": {"url": format!("ftp://{}", PLANTED[5]), "headers": {"X-Key": PLANTED[4]}},
            "odd": {"command": words[0], "args": [[PLANTED[2]]], "env": {"A": {"B": PLANTED[0]}}},
        }
    })
    .to_string()
}

#[test]
fn no_secret_of_a_configuration_is_in_any_output_or_file() {
    let (address, _) = listen(json_server);
    for (mode, verbose) in [("tells", false), ("tells", true), ("tells+then-dies", true)] {
        let project = Project::with_catalog();
        project.file(".vscode/mcp.json", &configuration(mode, &format!("http://{address}/mcp")));
        for more in [&["import", "--dry-run"][..], &["import"], &["import"]] {
            let mut command = clean(env!("CARGO_BIN_EXE_toolcard"), project.path());
            command.env("NOTES", PLANTED[6]);
            if verbose {
                command.arg("--verbose");
            }
            let output =
                command.args(more).args(["--yes", "--allow-private", "--config", ".vscode/mcp.json"]).output().unwrap();
            let mut everything = [output.stdout, output.stderr].concat();
            for (_, bytes) in project.tree("catalog") {
                everything.extend(bytes);
            }
            let text = String::from_utf8_lossy(&everything);
            assert!(text.contains("program") && text.contains("nowhere"), "{text}");
            for secret in PLANTED {
                assert!(!text.contains(secret), "{secret} is in\n{text}");
                let escaped = serde_json::Value::from(secret).to_string();
                assert!(!text.contains(&escaped[1..escaped.len() - 1]), "{secret} is in\n{text}");
            }
        }
        if mode == "tells" {
            let written = project.read("catalog/program/manifest.json");
            assert!(written.contains("Gets a note of [NOTES_TOKEN]."), "{written}");
        }
    }
}

#[test]
fn a_secret_on_the_command_line_is_not_repeated() {
    let project = Project::with_catalog();
    let mut words = server("tells+then-dies");
    words.push("api_key=planted-arg-3".to_owned());
    words.push("postgresql://me:planted-arg-4@db.example/notes".to_owned());
    words.push("Authorization: Bearer planted-arg-5".to_owned());
    words.push("https://example.org/mcp?token=planted-arg-6".to_owned());
    let mut command = clean(env!("CARGO_BIN_EXE_toolcard"), project.path());
    command.env("NOTES_TOKEN", "planted-env-1").args([
        "--verbose",
        "import",
        "--slug",
        "s",
        "--yes",
        "--env",
        "NOTES_TOKEN",
        "--stdio",
        "--",
    ]);
    let output = command.args(words).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("called with ["), "{said}");
    assert!(!said.contains("planted"), "{said}");
}
