//! What was assumed is said, on standard error, with every format: the file it goes into, the server's name, which tools
//! are weaker there than recommended and why.

use std::process::{Command, Stdio};

use toolcard::policy::formats::{self, Scope};
use toolcard::policy::{Profile, RateLimits, server_document};

use super::fates::SERVER;
use crate::catalogue::servers;

fn said(args: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_toolcard"))
        .args(args)
        .env_clear()
        .stdin(Stdio::null())
        .output()
        .expect("runs");
    assert_eq!(output.status.code(), Some(0), "{args:?}: {output:?}");
    String::from_utf8(output.stderr).expect("UTF-8")
}

#[test]
fn every_format_says_where_it_goes_the_servers_name_and_what_is_weaker_for_which_tools() {
    let server = servers().iter().find(|s| s.manifest.server.slug == "server-filesystem").expect("is bundled");
    let document = server_document(server.tools(), Profile::Guarded, &RateLimits::default());
    let scope = Scope::server(SERVER, &document, server.manifest.tools.iter().map(|t| t.name.as_str()));
    let mut weaker = 0;
    for format in formats::all() {
        let (id, label) = (format.id(), format.label());
        let named = said(&["policy", "server-filesystem", "--format", id, "--server-name", SERVER]);
        assert!(named.contains(&format!("{label}: {}", format.place())), "{id}: {named}");
        let guessed = said(&["policy", "server-filesystem", "--format", id]);
        let name = format!("{label}: The server is `");
        assert_eq!(named.contains(&name), format.names_server(), "{id}: {named}");
        assert_eq!(guessed.contains("which is a guess"), format.names_server(), "{id}: {guessed}");
        assert_eq!(guessed.contains("`--server-name`"), format.names_server(), "{id}: {guessed}");
        assert!(!named.contains("a guess"), "{id}: {named}");
        let rendered = format.render(&scope).expect("renders");
        for (note, places) in rendered.notes.iter().zip(&rendered.places) {
            let line = named.lines().find(|line| line.starts_with(&format!("{label}: {note}")));
            let line = line.unwrap_or_else(|| panic!("{id}: {note}: {named}"));
            for place in places.iter().take(1) {
                assert!(line.contains(&format!("`{}`", scope.tools[*place].name)), "{id}: {line}");
                weaker += 1;
            }
        }
    }
    assert!(weaker > 15, "{weaker}");
}

#[test]
fn a_gateways_arn_stands_in_every_statement() {
    let arn = "arn:aws:bedrock-agentcore:eu-west-1:1:gateway/g";
    let args = ["policy", "server-filesystem", "--format", "cedar-agentcore", "--gateway-arn", arn];
    let output = Command::new(env!("CARGO_BIN_EXE_toolcard")).args(args).env_clear().output().expect("runs");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let statements = text.lines().filter(|line| line.starts_with("permit (")).count();
    assert!(statements > 3 && text.matches(arn).count() >= statements, "{text}");
}
