//! Every format is parsed by a real parser for it, decided as its reader would, and compared with
//! `decide()`: never looser, and the same wherever no note says otherwise.

use std::process::Command;
use std::str::FromStr as _;

use cedar_policy::PolicySet;
use serde_json::{Value, json};
use toolcard::policy::formats::{self, Rendered, Scope, Unsupported};
use toolcard::policy::{Policy, Profile, RateLimits, read_text, server_document};

use super::fates::cedar::{cedar, uid};
use super::fates::{Fate, SERVER, fate, ours};
use crate::catalogue::{cards, probes, servers};

/// Formats that never let a call of this program pass unasked.
pub(super) const ALWAYS_ASK: [&str; 2] = ["gemini-settings", "vscode-settings"];

/// Formats that ask where the document denies.
pub(super) const NEVER_DENY: [&str; 2] = ["vscode-settings", "cline"];

/// Formats that say what is offered, and refuse a document that offers nothing.
pub(super) const NEEDS_OFFER: [&str; 3] = ["openai", "litellm", "envoy-mcproute"];

fn compare(format: &dyn formats::Format, policy: &Policy, tool: &str, rendered: &Rendered, alone: bool) {
    let id = format.id();
    let limit = policy.tools.get(tool).and_then(|e| e.limits.first()).map_or(1, |l| l.max + 1);
    for args in probes(policy, tool) {
        let has_null = args.to_string().contains("null");
        for nth in [1, limit] {
            let (theirs, decided) = (fate(id, &rendered.text, tool, &args, nth), ours(policy, tool, &args, nth));
            // Cedar has no null: what a gateway makes of it is not ours to say.
            if id == "cedar-agentcore" && has_null {
                continue;
            }
            assert!(theirs >= decided || theirs == Fate::Asks, "{id} is looser for {tool} {args}: {}", rendered.text);
            if alone && rendered.notes.is_empty() && !ALWAYS_ASK.contains(&id) {
                assert_eq!(theirs, decided, "{id} differs for {tool} {args} without a note: {}", rendered.text);
            }
        }
    }
    let stranger = fate(id, &rendered.text, "no_such_tool_anywhere", &json!({}), 1);
    assert!(stranger > Fate::Passes, "{id}: {}", rendered.text);
}

#[test]
fn no_format_is_looser_than_the_document_of_any_tool() {
    for format in formats::all() {
        let (mut rendered, mut refused) = (0, 0);
        for (tool, _, policy) in cards() {
            match format.render(&Scope::tool(SERVER, &policy, &tool.name)) {
                Ok(one) => {
                    compare(*format, &policy, &tool.name, &one, true);
                    rendered += 1;
                }
                Err(Unsupported(reason)) => {
                    assert!(reason.ends_with('.'), "{reason}");
                    refused += 1;
                }
            }
        }
        let offers = NEEDS_OFFER.contains(&format.id());
        let enough = if offers { refused * 2 < rendered * 3 } else { rendered > refused * 2 };
        assert!(enough, "{}: {rendered} rendered, {refused} refused", format.id());
    }
}

#[test]
fn no_format_is_looser_than_the_document_of_any_server() {
    for server in servers() {
        for profile in Profile::ALL {
            let tools = server.tools();
            let policy = server_document(tools.iter().copied(), profile, &RateLimits::default());
            let scope = Scope::server(SERVER, &policy, tools.iter().map(|(t, _)| t.name.as_str()));
            for format in formats::all() {
                let Ok(rendered) = format.render(&scope) else {
                    assert!(NEEDS_OFFER.contains(&format.id()), "{}: only an empty list is refused", format.id());
                    continue;
                };
                // The whole is parsed for each call: a sample of a large server is enough.
                for (tool, _) in tools.iter().step_by(tools.len() / 6 + 1) {
                    compare(*format, &policy, &tool.name, &rendered, false);
                }
            }
        }
    }
}

#[test]
fn what_a_limit_becomes_is_declared() {
    let server = servers().iter().find(|s| s.manifest.server.slug == "server-filesystem").expect("is bundled");
    let policy = server_document(server.tools(), Profile::Guarded, &RateLimits::default());
    let scope = Scope::tool(SERVER, &policy, "create_directory");
    let shown: Vec<String> = formats::all()
        .iter()
        .map(|format| {
            let rendered = match format.render(&scope) {
                Ok(rendered) => rendered,
                Err(Unsupported(reason)) => return format!("{}: {reason}", format.id()),
            };
            let fate = fate(format.id(), &rendered.text, "create_directory", &json!({}), 1);
            format!("{}: {fate:?}. {}", format.id(), rendered.notes.join(" "))
        })
        .collect();
    insta::assert_snapshot!(shown.join("\n"));
}

#[test]
fn every_format_has_an_id_a_place_and_says_what_it_cannot() {
    let ids: Vec<&str> = formats::all().iter().map(|f| f.id()).collect();
    let mut unique = ids.clone();
    unique.sort_unstable();
    unique.dedup();
    assert_eq!(unique.len(), ids.len());
    for format in formats::all() {
        assert!(formats::find(format.id()).is_some_and(|f| f.id() == format.id()));
        assert!(format.place().ends_with('.'));
        assert!(format.id() == "policy-json" || format.cannot().ends_with('.'));
        assert!(!format.filename().contains(['/', ' ']));
    }
    for group in formats::FormatGroup::ALL {
        assert!(formats::all().iter().any(|f| f.group() == group), "{}", group.label());
    }
}

fn sample() -> Policy {
    let text = r#"{"version": "1", "default": "deny", "hide": ["wipe.all"], "tools": {
        "look.up": {}, "look_again": {}, "tidy": {"deny_if": [
            {"conditions": [{"path": "args.how", "op": "not_in", "value": ["dry run", "a.b"]}], "on_deny": "No."}]}}}"#;
    read_text(text, std::path::Path::new("p")).value.expect("valid")
}

#[test]
fn the_editor_is_told_never_to_stop_asking_for_all_that_is_not_free() {
    for (tool, _, policy) in cards() {
        let scope = Scope::tool(SERVER, &policy, &tool.name);
        let free = scope.tools[0].stance == formats::ToolEffect::Allow;
        let rendered = formats::find("vscode-settings").expect("a format").render(&scope).expect("renders");
        let settings: Value = serde_json::from_str(&rendered.text).expect("JSON");
        let listed = settings["chat.tools.eligibleForAutoApproval"].as_object().expect("an object");
        assert_eq!(listed.get(&tool.name.replace('.', "_")).is_none(), free, "{}", tool.name.as_str());
    }
}

#[test]
fn a_dot_is_an_underscore_where_the_client_makes_it_one() {
    let policy = sample();
    let scope = Scope::server(SERVER, &policy, ["look.up", "look_again", "tidy", "wipe.all"]);
    let text = |id: &str| formats::find(id).expect("a format").render(&scope).expect("renders").text;
    assert!(
        text("claude-code").contains("\"mcp__files__look_up\"") && text("claude-code").contains("files__wipe_all\"")
    );
    assert!(text("vscode-settings").contains("\"wipe_all\": false"));
    assert!(text("vscode-agent").contains("\"files/look_up\""));
}

#[test]
fn the_commands_are_what_a_shell_reads() {
    let policy = sample();
    let scope = Scope::server(SERVER, &policy, ["look.up", "look_again", "tidy", "wipe.all"]);
    let text = formats::find("docker-profile").expect("a format").render(&scope).expect("renders").text;
    let script = format!("docker() {{ printf '%s|' \"$@\"; echo; }}; PROFILE='my tools'\n{text}");
    let output = Command::new("sh").args(["-eu", "-c", &script]).output().expect("a shell");
    let expected =
        "mcp|profile|tools|my tools|--disable-all|files|\nmcp|profile|tools|my tools|--enable|files.look_again|\n";
    assert_eq!(String::from_utf8(output.stdout).expect("UTF-8"), expected);
}

#[test]
fn statements_name_the_gateway_where_it_is_known() {
    let policy = sample();
    let arn = "arn:aws:bedrock-agentcore:eu-west-1:1:gateway/x";
    let scope = Scope { gateway: Some(arn), ..Scope::server(SERVER, &policy, ["look_again", "tidy"]) };
    let text = formats::find("cedar-agentcore").expect("a format").render(&scope).expect("renders").text;
    let set = PolicySet::from_str(&text).expect("Cedar");
    let (action, gateway) = (uid("AgentCore::Action", "files___look_again"), uid("AgentCore::Gateway", arn));
    assert_eq!(set.policies().count(), 2);
    let context = json!({"input": {}});
    let me = uid("AgentCore::OAuthUser", "me");
    assert_eq!(cedar(&text, me.clone(), action.clone(), gateway, context.clone()), Fate::Passes);
    assert_eq!(cedar(&text, me, action, uid("AgentCore::Gateway", "other"), context), Fate::Denied);
}
