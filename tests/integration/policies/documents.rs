//! Every document of the bundled catalogue is valid, exact and merges into its server's.

use std::path::Path;

use serde_json::Value;
use toolcard::policy::{Answer, Outcome, Profile, RateLimits, decide, merge, outcome, read_text, server_document};
use toolcard::risk::{Class, Facet};

use crate::catalogue::{cards, probes, servers};

fn schema() -> jsonschema::Validator {
    let schema: Value =
        serde_json::from_str(include_str!("../../../schemas/policy.schema.json")).expect("the schema is JSON");
    jsonschema::validator_for(&schema).expect("the schema is a schema")
}

#[test]
fn every_document_validates_and_is_read_back_and_is_exact() {
    let schema = schema();
    let mut texts: Vec<(String, String)> = Vec::new();
    for (tool, _, policy) in cards() {
        let text = policy.to_json();
        assert_eq!(read_text(&text, Path::new("policy.json")).value, Some(policy));
        texts.push((tool.name.to_string(), text));
    }
    for server in servers() {
        for profile in Profile::ALL {
            let policy = server_document(server.tools(), profile, &RateLimits::default());
            let text = policy.to_json();
            assert_eq!(read_text(&text, Path::new("policy.json")).value, Some(policy));
            texts.push((format!("{} {}", server.manifest.server.slug, profile.name()), text));
        }
    }
    for (name, text) in texts {
        let value: Value = serde_json::from_str(&text).expect("JSON");
        assert!(schema.is_valid(&value), "{name}: {text}");
        assert_eq!(text, format!("{}\n", serde_json::to_string_pretty(&value).expect("serialises")), "{name}");
        let keys: Vec<&String> = value.as_object().expect("an object").keys().collect();
        let order = ["version", "default", "hide", "all_tools", "tools"];
        assert!(keys.iter().map(|k| order.iter().position(|o| o == k)).is_sorted(), "{name}: {keys:?}");
    }
}

#[test]
fn the_documents_of_a_servers_tools_merge_into_the_servers_document() {
    for server in servers() {
        let tools = server.tools();
        let names: Vec<&str> = tools.iter().map(|(t, _)| t.name.as_str()).collect();
        let parts: Vec<_> = cards()
            .filter(|(t, ..)| names.contains(&t.name.as_str()) && tools.iter().any(|(o, _)| std::ptr::eq(*o, *t)))
            .map(|(.., p)| p)
            .collect();
        let whole = server_document(tools, Profile::Guarded, &RateLimits::default());
        let merged = merge(&parts);
        assert_eq!(merged.policy, whole, "{}", server.manifest.server.slug);
        assert!(merged.differ.is_empty());
    }
}

#[test]
fn no_document_allows_what_its_class_forbids() {
    for (tool, verdict, policy) in cards() {
        let what = outcome(&policy, tool, verdict);
        match verdict.class {
            Class::Destructive => assert!(what >= Outcome::Narrowed, "{}: {what:?}", tool.name.as_str()),
            Class::Write => assert!(what >= Outcome::Limited, "{}: {what:?}", tool.name.as_str()),
            Class::Read => {}
        }
        if verdict.facets.has(Facet::MovesMoney) && verdict.actions.is_empty() {
            assert_eq!(what, Outcome::Denied, "{}", tool.name.as_str());
        }
        for action in verdict.actions.iter().filter(|a| a.class == Class::Destructive) {
            for args in probes(&policy, &tool.name) {
                let at = format!("/{}", action.argument.replace('.', "/"));
                if args.pointer(&at).and_then(Value::as_str) == Some(&action.value) {
                    let decision = decide(&policy, &tool.name, &args, 1);
                    assert_ne!(decision.answer, Answer::Allow, "{} {args}", tool.name.as_str());
                }
            }
        }
    }
}

#[test]
fn a_stricter_profile_names_no_tool_that_a_milder_one_does_not() {
    for server in servers() {
        let document = |profile| server_document(server.tools(), profile, &RateLimits::default());
        let [strict, guarded, open] = Profile::ALL.map(document);
        assert!(strict.tools.keys().all(|name| guarded.tools.contains_key(name)));
        assert!(strict.hide.is_empty() && open.hide.is_empty());
        for (tool, verdict) in server.tools() {
            assert!(open.tools.contains_key(tool.name.as_str()), "{}", tool.name.as_str());
            assert_eq!(strict.tools.contains_key(tool.name.as_str()), verdict.class == Class::Read);
            let listed = guarded.tools.contains_key(tool.name.as_str());
            assert_ne!(listed, guarded.hide.contains(&tool.name.to_string()), "{}", tool.name.as_str());
        }
    }
}
