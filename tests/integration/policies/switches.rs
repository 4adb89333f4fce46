//! A switch that makes a call worse is a condition of the recommended rule, and a tool that calls others has none.

use proptest::prelude::*;
use serde_json::{Value, json};
use toolcard::classify::{Classifier, FindingId, Verdict};
use toolcard::lexicon::Lexicon;
use toolcard::manifest::Tool;
use toolcard::policy::formats::{self, Scope};
use toolcard::policy::{
    Answer, Claims, Outcome, Policy, Profile, RateLimits, Rule, decide, recommend, server_document, tool_document,
};
use toolcard::risk::Class;

use super::fates::{Fate, SERVER, fate, ours};
use super::formats::NEVER_DENY;
use crate::catalogue::servers;

fn tool(name: &str, description: &str, properties: Value) -> (Tool, Verdict) {
    let mut input_schema = json!({"type": "object"});
    input_schema["properties"] = properties;
    let (name, description) = (name.to_owned(), Some(description.to_owned()));
    let tool = Tool { name: name.into(), description: description.map(Into::into), input_schema, ..Tool::default() };
    let verdict = Classifier::new(Lexicon::embedded()).tool(&tool);
    (tool, verdict)
}

fn document((tool, verdict): &(Tool, Verdict)) -> Policy {
    tool_document(&tool.name, &recommend(tool, verdict, &RateLimits::default()))
}

fn answers(of: &(Tool, Verdict), calls: &[Value]) -> Vec<Answer> {
    let policy = document(of);
    calls.iter().map(|args| decide(&policy, &of.0.name, args, 1).answer).collect()
}

use Answer::{Allow, Deny, Hidden};

#[test]
fn a_call_passes_with_the_switch_off_or_left_out_and_not_with_it_on() {
    let boolean = |said: &str| json!({"type": "boolean", "description": said});
    for (name, description, switch, said) in [
        ("snapshot_create", "Creates a snapshot of the board.", "dropOthers", "Remove all existing snapshots first."),
        ("stack_down", "Stops the stack.", "purgeDisks", "DATA LOSS: also delete the disks."),
        ("put_part", "Uploads a part.", "overwrite", ""),
        ("pull_messages", "Reads the messages of a queue.", "delete_after", ""),
        ("git_push", "Pushes commits to a remote.", "force", ""),
        ("explain_statement", "Explains how a statement is planned.", "measure", "If true, executes the statement."),
    ] {
        let of = tool(name, description, json!({switch: boolean(said), "note": {"type": "string"}}));
        assert_eq!(of.1.class, Class::Destructive, "{name}");
        assert!(of.1.base_class < Class::Destructive, "{name}");
        let calls =
            [json!({}), json!({switch: false}), json!({switch: true}), json!({switch: null}), json!({switch: "false"})];
        assert_eq!(answers(&of, &calls), [Allow, Allow, Deny, Deny, Deny], "{name}");
        let policy = document(&of);
        let claims = Claims::of(&policy, &of.0, &of.1);
        assert_eq!(claims.outcome(), Outcome::Narrowed, "{name}");
        assert!(claims.sentence().contains(&format!("only when `{switch}` is `false` or not given")), "{name}");
        assert!(claims.line().ends_with(&format!("with `{switch}` off")), "{name}: {}", claims.line());
    }
}

#[test]
fn a_statement_is_explained_where_the_switch_that_executes_it_is_off() {
    let said = "When true, runs it and measures: this executes the statement.";
    let properties = json!({
        "sql": {"type": "string"},
        "measure": {"type": "boolean", "default": false, "description": said},
    });
    let of = tool("explain_statement", "Explain the plan of a SQL statement.", properties);
    assert_eq!((of.1.class, of.1.base_class), (Class::Destructive, Class::Read));
    let call = |measure: Option<bool>| match measure {
        Some(measure) => json!({"sql": "delete from a", "measure": measure}),
        None => json!({"sql": "delete from a"}),
    };
    assert_eq!(answers(&of, &[call(None), call(Some(false)), call(Some(true))]), [Allow, Allow, Deny]);
    // A tool that runs statements runs them whatever the switch says.
    let properties = json!({"sql": {"type": "string"}, "measure": {"type": "boolean", "description": said}});
    assert_eq!(answers(&tool("run_sql", "Runs a SQL statement.", properties), &[call(Some(false))]), [Hidden]);
}

#[test]
fn a_switch_that_is_on_where_it_is_left_out_has_to_be_switched_off() {
    for switch in [
        json!({"type": "boolean", "default": true}),
        json!({"type": "boolean", "default": "yes"}),
        json!({"type": "boolean", "description": "Whether to overwrite. Defaults to true."}),
        json!({"type": "boolean", "description": "Whether to overwrite (default: true)."}),
        json!({"anyOf": [{"type": "boolean"}, {"type": "null"}], "default": true}),
    ] {
        let of = tool("put_part", "Uploads a part.", json!({"overwrite": switch}));
        let calls = [json!({}), json!({"overwrite": false}), json!({"overwrite": true})];
        assert_eq!(answers(&of, &calls), [Deny, Allow, Deny], "{switch}");
    }
    for switch in [
        json!({"type": "boolean", "default": false}),
        json!({"type": "boolean", "default": null}),
        json!({"type": "boolean", "description": "Whether to overwrite. Default: false."}),
        json!({"type": "boolean", "description": "If true, overwrites what is there; by default it is an error."}),
    ] {
        let of = tool("put_part", "Uploads a part.", json!({"overwrite": switch}));
        assert_eq!(answers(&of, &[json!({})]), [Allow], "{switch}");
    }
}

#[test]
fn what_is_done_where_a_switch_is_off_is_not_a_condition() {
    for said in [
        "If false, deletes the old rows.",
        "Deletes the old rows unless true.",
        "Set to false to delete the old rows.",
        "Whether to keep the old rows (true) or delete them (false).",
    ] {
        let rows = json!({"rows": {"type": "boolean", "description": said}});
        let of = tool("import_table", "Imports a table.", rows);
        if of.1.class == Class::Destructive {
            assert_eq!(
                answers(&of, &[json!({}), json!({"rows": false}), json!({"rows": true})]),
                [Hidden; 3],
                "{said}"
            );
        }
    }
    // Nor is one that is in a list, where no path leads.
    let list = json!({"parts": {"type": "array", "items": {"properties": {"overwrite": {"type": "boolean"}}}}});
    let of = tool("put_parts", "Uploads parts.", list);
    assert_eq!((of.1.class, answers(&of, &[json!({})])), (Class::Destructive, vec![Hidden]));
}

#[test]
fn what_destroys_without_its_switch_is_hidden_and_what_writes_is_not() {
    let force = json!({"force": {"type": "boolean", "description": "Also delete what hangs on it."}});
    let of = tool("delete_user", "Deletes a user.", force);
    assert_eq!(answers(&of, &[json!({"force": false})]), [Hidden]);
    let publish = json!({"publish": {"type": "boolean"}});
    let of = tool("get_draft", "Gets a draft.", publish);
    assert_eq!((of.1.class, of.1.base_class), (Class::Write, Class::Read));
    assert_eq!(answers(&of, &[json!({"publish": true}), json!({})]), [Allow; 2]);
}

#[test]
fn values_and_switches_are_conditions_beside_one_another() {
    let action = json!({"type": "string", "enum": ["list", "rename", "delete"]});
    let of = tool("branch", "Works with branches.", json!({"action": action, "delete_remote": {"type": "boolean"}}));
    let calls = [
        json!({"action": "list"}),
        json!({"action": "rename", "delete_remote": false}),
        json!({"action": "rename", "delete_remote": true}),
        json!({"action": "delete"}),
    ];
    assert_eq!(answers(&of, &calls), [Allow, Allow, Deny, Deny]);
}

#[test]
fn one_level_down_a_switch_has_to_be_given() {
    let nested = json!({"options": {"type": "object", "properties": {"overwrite": {"type": "boolean"}}}});
    let of = tool("put_part", "Uploads a part.", nested);
    let calls = [
        json!({}),
        json!({"options": {"overwrite": false}}),
        json!({"options": {"overwrite": true}}),
        json!({"options": 1}),
    ];
    assert_eq!(answers(&of, &calls), [Deny, Allow, Deny, Deny]);
}

#[test]
fn one_level_down_what_a_call_without_the_switch_does_is_what_the_definition_says() {
    let of = |switch: Value| {
        let nested = json!({"options": {"type": "object", "properties": {"overwrite": switch}}});
        tool("put_part", "Uploads a part.", nested)
    };
    let calls = [
        json!({}),
        json!({"options": {}}),
        json!({"options": {"overwrite": false}}),
        json!({"options": {"overwrite": true}}),
        json!({"options": {"overwrite": "true"}}),
        json!({"options": "{\"overwrite\": true}"}),
    ];
    for off in [
        json!({"type": "boolean", "default": false}),
        json!({"type": "boolean", "description": "Whether to overwrite. Defaults to false."}),
        json!({"type": "boolean", "description": "Whether to overwrite (default: off)."}),
    ] {
        let of = of(off.clone());
        assert_eq!(answers(&of, &calls), [Allow, Allow, Allow, Deny, Deny, Deny], "{off}");
        let policy = document(&of);
        let claims = Claims::of(&policy, &of.0, &of.1);
        assert!(
            claims.sentence().contains("only when `options.overwrite` is `false` or not given"),
            "{}",
            claims.sentence()
        );
        let scope = Scope::tool(SERVER, &policy, "put_part");
        for format in formats::all() {
            let Ok(rendered) = format.render(&scope) else { continue };
            for args in &calls {
                let theirs = fate(format.id(), &rendered.text, "put_part", args, 1);
                assert!(
                    theirs >= ours(&policy, "put_part", args, 1) || theirs == Fate::Asks,
                    "{} {args}: {}",
                    format.id(),
                    rendered.text
                );
                if format.id() == "cedar-agentcore" && rendered.notes.is_empty() {
                    assert_eq!(theirs, ours(&policy, "put_part", args, 1), "{args}: {}", rendered.text);
                }
            }
        }
    }
    for on in [
        json!({"type": "boolean", "default": true}),
        json!({"type": "boolean", "description": "Whether to overwrite. Defaults to true."}),
    ] {
        assert_eq!(answers(&of(on.clone()), &calls), [Deny, Deny, Allow, Deny, Deny, Deny], "{on}");
    }
    let mode = json!({"enum": ["keep", "delete"], "default": "keep"});
    let nested = json!({"options": {"type": "object", "properties": {"action": mode}}});
    let of = tool("branch", "Works with branches.", nested);
    let calls = [json!({}), json!({"options": {"action": "delete"}}), json!({"options": "delete"})];
    assert_eq!(answers(&of, &calls), [Allow, Deny, Deny], "{:?}", of.1.actions);
}

#[test]
fn every_switch_of_the_bundled_catalogue_is_denied_where_it_is_on() {
    let mut seen = 0;
    for (tool, verdict) in servers().iter().flat_map(crate::catalogue::BundledServer::tools) {
        let policy = tool_document(&tool.name, &recommend(tool, verdict, &RateLimits::default()));
        for action in verdict.actions.iter().filter(|a| a.value == "true" && a.class == Class::Destructive) {
            seen += 1;
            let fields: Vec<&str> = action.argument.split('.').collect();
            let args = fields.iter().rev().fold(json!(true), |inner, field| json!({ *field: inner }));
            assert_ne!(
                decide(&policy, &tool.name, &args, 1).answer,
                Allow,
                "{} {}",
                tool.name.as_str(),
                action.argument
            );
        }
    }
    assert!(seen >= 10, "{seen}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn no_format_lets_a_switch_through_that_the_rule_stops(
        name in prop::sample::select(&["get_rows", "create_row", "update_rows", "git_push", "put_part"][..]),
        switch in prop::sample::select(&["overwrite", "delete_after", "force", "publish", "purge_old", "verbose"][..]),
        said in prop::sample::select(&["", "Removes what was there first.", "If false, deletes the rest.", "Defaults to true."][..]),
        default in prop::sample::select(&[json!(null), json!(true), json!(false)][..]),
        required in any::<bool>(),
    ) {
        let schema = json!({"type": "boolean", "description": said, "default": default});
        let (mut tool, _) = tool(name, "", json!({switch: schema}));
        if required {
            tool.input_schema["required"] = json!([switch]);
        }
        let verdict = Classifier::new(Lexicon::embedded()).tool(&tool);
        let policy = tool_document(name, &recommend(&tool, &verdict, &RateLimits::default()));
        let on = decide(&policy, name, &json!({switch: true}), 1).answer;
        prop_assert!(verdict.class != Class::Destructive || on != Allow, "{verdict:?}");
        let worse = verdict.actions.iter().find(|a| a.value == "true");
        if let Some(worse) = worse.filter(|a| a.default && a.class == Class::Destructive) {
            prop_assert!(decide(&policy, name, &json!({}), 1).answer != Allow, "{worse:?}");
        }
        let scope = Scope::tool(SERVER, &policy, name);
        for format in formats::all() {
            let Ok(rendered) = format.render(&scope) else { continue };
            for args in [json!({}), json!({switch: true}), json!({switch: false}), json!({switch: null}), json!({switch: 1})] {
                // Cedar has no null: what a gateway makes of it is not ours to say.
                if format.id() == "cedar-agentcore" && args.to_string().contains("null") {
                    continue;
                }
                let theirs = fate(format.id(), &rendered.text, name, &args, 1);
                let asks = theirs == Fate::Asks && NEVER_DENY.contains(&format.id());
                prop_assert!(asks || theirs >= ours(&policy, name, &args, 1), "{} {args}", format.id());
            }
        }
        let plain = ours(&policy, name, &json!({}), 1);
        prop_assert!(verdict.class == Class::Destructive || plain == Fate::Passes);
    }
}

#[test]
fn only_the_open_profile_allows_what_calls_any_tool_by_its_name() {
    let free = json!({"tool": {"type": "string"}, "arguments": {"type": "object"}});
    let endpoint =
        json!({"path": {"type": "string"}, "method": {"type": "string", "description": "HTTP method, GET or DELETE"}});
    let tools = [
        tool("invoke", "Invokes a capability.", free.clone()),
        tool("gateway_run_tool", "Runs a tool of a server behind the gateway.", free.clone()),
        tool("call_tool_read", "Executes a read-only tool of any server.", free),
        tool("api_request", "Makes a request to the API.", endpoint),
    ];
    assert_eq!(tools[2].1.class, Class::Read, "{:?}", tools[2].1.evidence);
    for of in &tools {
        assert!(of.1.findings.iter().any(|f| f.id == FindingId::Dispatcher), "{}", of.0.name.as_str());
        assert_eq!(recommend(&of.0, &of.1, &RateLimits::default()), Rule::Hide, "{}", of.0.name.as_str());
        for profile in Profile::ALL {
            let policy = server_document([(&of.0, &of.1)], profile, &RateLimits::default());
            let answer = decide(&policy, &of.0.name, &json!({}), 1).answer;
            assert_eq!(answer == Allow, profile == Profile::Open, "{} {}", of.0.name.as_str(), profile.name());
        }
    }
}
