//! Definitions that say something worse in an unusual way: the label and the policy are those of the worse reading.

use serde_json::{Value, json};
use toolcard::card::check::faults;
use toolcard::card::{CardContext, ServerCards};
use toolcard::classify::{Classifier, FindingId, RuleFamily, ServerFindingId, Verdict, server_findings};
use toolcard::config::Config;
use toolcard::lexicon::Lexicon;
use toolcard::manifest::{Manifest, servers};
use toolcard::policy::{Answer, Policy, Profile, RateLimits, decide, server_document};
use toolcard::risk::Class;

/// A server of these entries, as it is read and labelled.
fn labelled(tools: &Value) -> (Manifest, Vec<Verdict>) {
    let text = json!({"tools": tools}).to_string();
    let manifest = servers(text.as_bytes(), "m.json".as_ref(), None).manifests.remove(0);
    let verdicts = Classifier::new(Lexicon::embedded()).server(&manifest);
    (manifest, verdicts)
}

pub(crate) fn one(tool: &Value) -> Verdict {
    labelled(&json!([tool])).1.remove(0)
}

pub(crate) fn tool(name: &str, description: &str, properties: Value) -> Value {
    let mut tool = json!({"name": name, "description": description, "inputSchema": {"type": "object"}});
    tool["inputSchema"]["properties"] = properties;
    tool
}

fn policy((manifest, verdicts): &(Manifest, Vec<Verdict>)) -> Policy {
    server_document(manifest.tools.iter().zip(verdicts), Profile::Guarded, &RateLimits::default())
}

#[test]
fn a_switch_that_does_less_where_it_is_on_is_never_the_condition() {
    let soft = json!({"soft": {"type": "boolean", "description": "Soft delete", "default": true}});
    let server = labelled(&json!([tool("stop", "Archive the note.", soft)]));
    for args in [json!({}), json!({"soft": false}), json!({"soft": true})] {
        assert_ne!(decide(&policy(&server), "stop", &args, 1).answer, Answer::Allow, "{args}");
    }
}

#[test]
fn a_switch_without_a_type_is_one_by_its_values() {
    let wipe = json!({"wipe": {"enum": [true, false], "description": "Wipe the disk first"}});
    let server = labelled(&json!([tool("start_vm", "Start the machine.", wipe)]));
    assert_ne!(decide(&policy(&server), "start_vm", &json!({"wipe": true}), 1).answer, Answer::Allow);
}

#[test]
fn no_policy_distinguishes_two_names_that_a_client_does_not() {
    let narrowed = json!({"a": {"enum": ["get", "delete"]}});
    let app = json!({"name": "a.b", "description": "Get it.", "_meta": {"ui": {"visibility": ["app"]}}});
    for tools in [
        json!([tool("proj.end", "Delete the project.", json!({})), tool("proj_end", "Delete the plan.", narrowed)]),
        json!([app, tool("a_b", "Get it.", json!({}))]),
    ] {
        let server = labelled(&tools);
        for tool in &server.0.tools {
            assert_ne!(decide(&policy(&server), &tool.name, &json!({"a": "get"}), 1).answer, Answer::Allow, "{tools}");
        }
    }
}

#[test]
fn a_second_definition_that_only_a_widget_may_call_is_in_no_policy() {
    let app = json!({"name": "item", "description": "Get it.", "_meta": {"ui": {"visibility": ["app"]}}});
    let plain = json!({"name": "item", "description": "Get it."});
    for tools in [json!([app, plain]), json!([plain, app])] {
        let server = labelled(&tools);
        assert_ne!(decide(&policy(&server), "item", &json!({}), 1).answer, Answer::Allow, "{tools}");
    }
}

#[test]
fn letters_of_another_form_hide_nothing_from_the_label() {
    for text in [
        "Get rows. ＤＥＬＥＴＥＳ every row of the table.",
        "Get rows. 𝐃𝐞𝐥𝐞𝐭𝐞𝐬 every row of the table.",
        "Get rows. Del\u{200b}etes every row of the table.",
        "Get rows. Dеlеtеs every row of the table.",
    ] {
        let verdict = one(&tool("get_rows", text, json!({})));
        assert_eq!(verdict.class, Class::Destructive, "{text}");
        assert!(verdict.findings.iter().any(|f| f.id == FindingId::LookalikeLetters), "{text}");
        let decides = verdict.evidence.iter().find(|e| e.decides && text.contains(&e.text)).expect(text);
        assert_eq!(text.get(decides.span.start..decides.span.end), Some(decides.text.as_str()));
    }
    for name in ["ｄｅｌｅｔｅ_user", "dеlеtе_user"] {
        assert_eq!(one(&tool(name, "", json!({}))).class, Class::Destructive, "{name}");
    }
    // Other alphabets, accents and typographic marks are letters of their own.
    for text in
        ["Возвращает список.", "Liste les éléments supprimés.", "Gets the tool’s “name”.", "ＵＲＬを取得します。"]
    {
        let verdict = one(&tool("get_rows", text, json!({})));
        assert_eq!(verdict.class, Class::Read, "{text}");
        assert!(!verdict.findings.iter().any(|f| f.id == FindingId::LookalikeLetters), "{text}");
    }
}

#[test]
fn a_description_is_read_to_its_end() {
    let text =
        format!("Get rows. {}Deletes every row of the database afterwards.", "The answer is a list. ".repeat(2000));
    assert_eq!(one(&tool("get_rows", &text, json!({}))).class, Class::Destructive);
}

#[test]
fn what_is_said_of_an_argument_is_read_to_its_end() {
    let said = format!("{}If true, deletes every file of the folder first.", "The answer is a list. ".repeat(60));
    let fresh = json!({"fresh": {"type": "boolean", "description": said}});
    let server = labelled(&json!([tool("start_vm", "Starts the machine.", fresh)]));
    assert_eq!(server.1[0].class, Class::Destructive);
    assert_ne!(decide(&policy(&server), "start_vm", &json!({"fresh": true}), 1).answer, Answer::Allow);
}

#[test]
fn what_is_called_by_a_name_that_is_handed_over_is_a_dispatcher() {
    let object = json!({"type": "object"});
    for (name, description, properties) in [
        ("invoke", "Invoke.", json!({"name": {"type": "string"}, "args": object})),
        ("gateway_invoke", "Invoke it.", json!({"tool": {"type": "string"}, "input": object})),
    ] {
        let verdict = one(&tool(name, description, properties));
        assert_eq!(verdict.class, Class::Destructive, "{name}");
        assert!(verdict.findings.iter().any(|f| f.id == FindingId::Dispatcher), "{name}");
    }
    for (name, description) in [("render_template", "Renders a template."), ("get_prompt", "Gets a prompt.")] {
        let verdict = one(&tool(name, description, json!({"name": {"type": "string"}, "arguments": object})));
        assert_eq!(verdict.class, Class::Read, "{name}");
    }
}

/// A free text, and any object.
pub(crate) fn text() -> Value {
    json!({"type": "string"})
}

#[test]
fn a_call_that_is_handed_over_under_another_name_is_a_dispatcher() {
    let object = json!({"type": "object"});
    let calls = json!({"type": "array", "items": {"properties": {"name": text(), "arguments": object}}});
    for (name, description, properties) in [
        ("run_skill", "Runs a skill by name.", json!({"skill": text(), "inputs": object})),
        ("use_capability", "Use one of them.", json!({"capability_id": text(), "parameters": object})),
        ("rpc", "JSON-RPC access to the node.", json!({"method": text(), "params": {"type": "array"}})),
        ("batch", "Several calls at once.", json!({"calls": calls})),
        ("home_service", "Calls a service.", json!({"domain": text(), "service": text(), "data": object})),
        ("fetch_any", "Fetches any resource.", json!({"path": text(), "method": text()})),
    ] {
        assert_eq!(one(&tool(name, description, properties)).class, Class::Destructive, "{name}");
    }
    for (name, description, properties) in [
        ("get_examples", "Gets examples of an endpoint.", json!({"path": text(), "method": text()})),
        ("solve", "Solves an equation.", json!({"method": text(), "params": object})),
        ("get_service", "Gets a service.", json!({"service": text(), "data": object})),
    ] {
        assert_eq!(one(&tool(name, description, properties)).class, Class::Read, "{name}");
    }
}

#[test]
fn a_switch_that_makes_a_change_final_counts_and_a_policy_keeps_it_off() {
    for switch in ["hard", "permanent", "permanently", "skip_trash", "noBackup", "replaceExisting", "clobber"] {
        let server = labelled(&json!([tool("archive_item", "Archive an item.", json!({switch: {"type": "boolean"}}))]));
        assert_eq!(server.1[0].class, Class::Destructive, "{switch}");
        let answer = |args: Value| decide(&policy(&server), "archive_item", &args, 1).answer;
        assert_ne!(answer(json!({switch: true})), Answer::Allow, "{switch}");
    }
    // `Only permanent ones`: what is read.
    for filter in ["hard", "permanent", "skip_trash", "noBackup", "replaceExisting"] {
        let filter = tool("list_items", "List items.", json!({filter: {"type": "boolean"}}));
        assert_eq!(one(&filter).class, Class::Read, "{filter}");
    }
    let edit = json!({"oldText": text(), "newText": text(), "replaceAll": {"type": "boolean"}});
    assert_eq!(one(&tool("edit_note", "Edit a note.", edit)).class, Class::Write);
    let all = json!({"rows": {"type": "array"}, "replaceAll": {"type": "boolean"}});
    assert_eq!(one(&tool("update_rows", "Update rows.", all)).class, Class::Destructive);
}

#[test]
fn a_switch_of_two_values_is_one_however_they_are_written() {
    for switch in [
        json!({"type": "string", "enum": ["true", "false"]}),
        json!({"type": "integer", "enum": [0, 1]}),
        json!({"type": "string", "description": "true or false"}),
        json!({"type": "integer", "description": "1 to do it, 0 to leave it"}),
    ] {
        let verdict = one(&tool("get_jobs", "Get jobs.", json!({"delete_after": switch})));
        assert_eq!(verdict.class, Class::Destructive, "{switch}");
    }
    let date = json!({"delete_after": {"type": "string", "description": "ISO date"}});
    assert_eq!(one(&tool("get_jobs", "Get jobs.", date)).class, Class::Read);
}

#[test]
fn values_count_wherever_a_schema_lists_them() {
    for (name, schema) in [
        ("op", json!({"type": "string", "pattern": "^(list|get|delete)$"})),
        ("action", json!({"type": "string", "examples": ["list", "delete"]})),
        ("actions", json!({"type": "object", "propertyNames": {"enum": ["list", "delete"]}})),
        ("mode", json!({"type": "string", "enum": ["append", "replace_all"]})),
    ] {
        let verdict = one(&tool("items", "Item tool.", json!({name: schema})));
        assert_eq!(verdict.class, Class::Destructive, "{schema}");
        let worst =
            verdict.evidence.iter().find(|e| e.decides && e.place.to_string().contains(name)).expect("evidence");
        assert!(matches!(worst.text.as_str(), "delete" | "replace"), "{worst:?}");
    }
}

#[test]
fn letters_with_spaces_between_them_hide_nothing_from_the_label() {
    for spaced in
        ["d e l e t e s  the thing forever", "D-E-L-E-T-E-S the thing forever", "ｄ ｅ ｌ ｅ ｔ ｅ ｓ  the thing"]
    {
        assert_eq!(one(&tool("get_thing", spaced, json!({}))).class, Class::Destructive, "{spaced}");
    }
    assert_eq!(one(&tool("get_thing", "Gets grades: A B C D E F", json!({}))).class, Class::Read);
}

#[test]
fn arguments_without_their_keyword_are_read_and_told() {
    let bare = json!({"path": {"type": "string"}, "wipe": {"type": "boolean", "description": "Wipe the disk first."}});
    let mixed = json!({"type": "object", "wipe": {"type": "boolean", "description": "Wipe the disk first."}});
    let named = json!({"items": {"type": "string"}, "type": {"type": "string"}, "wipe": {"type": "boolean"}});
    for schema in [bare, mixed, named] {
        let server =
            labelled(&json!([{"name": "start_vm", "description": "Starts the machine.", "inputSchema": schema}]));
        let verdict = &server.1[0];
        assert_eq!(verdict.class, Class::Destructive, "{schema}");
        let found: Vec<_> = verdict.findings.iter().filter(|f| f.id == FindingId::BareArguments).collect();
        assert!(found.len() == 1 && found[0].message.contains("any arguments"), "{schema}: {:?}", verdict.findings);
        let answer = |args: Value| decide(&policy(&server), "start_vm", &args, 1).answer;
        assert_ne!(answer(json!({"wipe": true})), Answer::Allow, "{schema}");
        assert_eq!(card_of(&server), [] as [&str; 0], "{schema}");
    }
    // A definition for others, and keywords alone, are no arguments.
    for schema in
        [json!({"type": "object"}), json!({"not": {"type": "string"}}), json!({"$defs": {"wipe": {"type": "boolean"}}})]
    {
        let verdict = one(&json!({"name": "start_vm", "description": "Starts the machine.", "inputSchema": schema}));
        assert!(verdict.findings.iter().all(|f| f.id != FindingId::BareArguments), "{schema}");
    }
}

/// What the card of the first tool says where it lists no argument.
fn card_of((manifest, verdicts): &(Manifest, Vec<Verdict>)) -> Vec<&'static str> {
    let (config, lexicon, rate_limits) = (Config::default(), Lexicon::embedded(), RateLimits::default());
    let context = CardContext { config: &config, rate_limits, lexicon, articles: &[] };
    let served = ServerCards::new(manifest, verdicts, context);
    let card = served.card(0).expect("a card");
    assert_eq!(faults(&served, &card), [] as [String; 0]);
    card.arguments_note.iter().flat_map(|note| note.ids().to_vec()).collect()
}

#[test]
fn a_schema_that_could_not_be_read_is_not_called_empty() {
    for schema in [json!({"path": "string"}), json!({"type": "object", "shape": {"wipe": {"_def": {}}}})] {
        let server =
            labelled(&json!([{"name": "start_vm", "description": "Starts the machine.", "inputSchema": schema}]));
        let found = server.1[0].findings.iter().find(|f| f.id == FindingId::BareArguments);
        assert!(found.is_some_and(|f| f.message.contains("could not be read")), "{schema}");
        assert_eq!(card_of(&server), ["arguments_unread"], "{schema}");
    }
}

#[test]
fn of_two_input_schemas_the_worse_counts() {
    let wipe =
        json!({"type": "object", "properties": {"wipe": {"type": "boolean", "description": "Wipe the disk first."}}});
    let plain = json!({"type": "object", "properties": {"name": {"type": "string"}}});
    for (first, second) in [(&wipe, &plain), (&plain, &wipe)] {
        let server = labelled(&json!([
            {"name": "start_vm", "description": "Starts the machine.", "inputSchema": first, "input_schema": second}
        ]));
        let verdict = &server.1[0];
        assert_eq!(verdict.class, Class::Destructive, "{first}");
        assert_eq!(
            verdict.findings.iter().filter(|f| f.id == FindingId::SecondSchema).count(),
            1,
            "{:?}",
            verdict.findings
        );
        assert!(verdict.evidence.iter().any(|e| e.decides && e.place.to_string().contains("/properties/wipe")));
        for args in [json!({}), json!({"wipe": true}), json!({"wipe": false})] {
            assert_ne!(decide(&policy(&server), "start_vm", &args, 1).answer, Answer::Allow, "{first} {args}");
        }
        card_of(&server);
    }
    let same = one(&json!({"name": "start_vm", "inputSchema": plain, "input_schema": plain}));
    assert!(same.findings.iter().all(|f| f.id != FindingId::SecondSchema));
}

#[test]
fn an_anchor_is_followed_to_the_switch_that_stands_there() {
    let wipe = json!({"wipe": {"type": "boolean", "description": "Wipe the disk first."}});
    for (reference, key) in [("#w", "$anchor"), ("#w", "$dynamicAnchor"), ("https://x.example/w", "$id")] {
        let mut defined = json!({"type": "object", "properties": wipe});
        defined[key] = json!(reference.trim_start_matches('#'));
        let follows = if key == "$dynamicAnchor" { "$dynamicRef" } else { "$ref" };
        let properties = json!({"options": {follows: reference}});
        let schema = json!({"type": "object", "properties": properties, "$defs": {"W": defined}});
        let verdict = one(&json!({"name": "start_vm", "description": "Starts the machine.", "inputSchema": schema}));
        assert!(verdict.findings.iter().all(|f| f.id != FindingId::RefusedSchema), "{:?}", verdict.findings);
        assert_eq!(verdict.class, Class::Destructive, "{key}");
    }
}

#[test]
fn stamped_hints_are_evidence_for_no_tool_and_make_none_milder() {
    let of = |annotations: Value| {
        let names = ["delete_user", "create_user", "get_user", "thing", "other_thing"];
        let tools: Vec<Value> = names
            .iter()
            .map(|name| json!({"name": name, "annotations": annotations, "inputSchema": {"type": "object"}}))
            .collect();
        labelled(&json!(tools))
    };
    for annotations in [json!({"readOnlyHint": true}), json!({"readOnlyHint": true, "destructiveHint": false})] {
        let (manifest, verdicts) = of(annotations);
        assert!(verdicts.iter().all(|v| v.evidence.iter().all(|e| e.by != RuleFamily::Hint)));
        // Nothing but the hint spoke for these.
        assert!(verdicts[3..].iter().all(|v| v.class == Class::Write));
        let found = server_findings(&manifest, &verdicts);
        assert!(found.iter().any(|f| f.id == ServerFindingId::StampedHints), "{found:?}");
    }
    let (_, verdicts) = of(json!({"readOnlyHint": false, "destructiveHint": true}));
    assert!(verdicts[3..].iter().all(|v| v.class == Class::Destructive));
    let silent = of(json!({})).1;
    assert!(verdicts.iter().zip(&silent).all(|(hinted, silent)| hinted.class >= silent.class));
}

#[test]
fn which_rows_are_removed_does_not_hide_that_rows_are() {
    for text in [
        "Gets rows. Rows that are not in the filter are deleted.",
        "Gets rows. Rows which do not match are deleted.",
        "Gets rows. Rows without a label are deleted.",
        "Gets rows. If a row is older than a day, it is deleted.",
        "Gets rows. When a row is stale, it is removed.",
        "Gets rows. After a successful export the rows are deleted.",
        "Gets rows. Records older than that are purged.",
    ] {
        assert_eq!(one(&tool("get_rows", text, json!({}))).class, Class::Destructive, "{text}");
    }
    for text in [
        "Gets rows. If a row is deleted, an error is returned.",
        "Gets rows. Rows that are deleted are not listed.",
        "Gets rows. No rows are deleted.",
        "Gets rows. Rows are never deleted.",
        "Gets rows. After rows are deleted, the list is empty.",
    ] {
        assert_eq!(one(&tool("get_rows", text, json!({}))).class, Class::Read, "{text}");
    }
}

#[test]
fn a_restriction_that_is_taken_back_restricts_nothing() {
    let sql = || json!({"sql": text()});
    for said in [
        "Executes SQL. Non-read-only statements are allowed.",
        "Executes SQL. No longer read-only.",
        "Executes SQL. Read-only: false.",
        "Executes SQL, read-only or not.",
    ] {
        assert_eq!(one(&tool("query", said, sql())).class, Class::Destructive, "{said}");
    }
    assert_eq!(one(&tool("query", "Executes SQL. Read-only.", sql())).class, Class::Read);
    let kills = tool("simulate_kill", "Kills a random pod in production.", json!({}));
    assert_eq!(one(&kills).class, Class::Destructive);
    let supposed = tool("simulate_kill", "Kills a pod in a simulation.", json!({}));
    assert_eq!(one(&supposed).class, Class::Read);
}

#[test]
fn what_nobody_understands_is_not_called_harmless() {
    for text in ["Bricks the device.", "Vaporizes all data.", "Raderar användaren permanent."] {
        assert_ne!(one(&tool("device_panel", text, json!({"id": {"type": "string"}}))).class, Class::Read, "{text}");
    }
    assert_eq!(one(&tool("device_panel", "Panel of a device", json!({"id": {"type": "string"}}))).class, Class::Read);
}

#[test]
fn what_a_switch_or_a_value_says_from_the_other_end_counts() {
    let boolean = |said: &str| json!({"type": "boolean", "description": said});
    for (name, schema) in [
        ("dry_run", boolean("When false, duplicates are deleted")),
        ("confirm", boolean("Set to true to really delete the duplicates")),
        ("fix", boolean("Fix problems by deleting corrupt rows")),
        ("on_conflict", json!({"enum": ["fail", "overwrite"]})),
        ("after_read", json!({"enum": ["keep", "delete"]})),
        ("purge", json!({"const": true})),
    ] {
        assert_eq!(one(&tool("get_photos", "Gets photos.", json!({name: schema}))).class, Class::Destructive, "{name}");
    }
    let referred = json!({"name": "get_jobs", "description": "Gets jobs.", "inputSchema": {
        "type": "object", "properties": {"delete_after": {"$ref": "#/$defs/Flag"}}, "$defs": {"Flag": {"type": "boolean"}}}});
    assert_eq!(one(&referred).class, Class::Destructive);
    for (name, schema) in [
        ("dry_run", boolean("Only report what would be deleted")),
        ("on_bad_lines", json!({"enum": ["error", "warn", "drop"]})),
    ] {
        assert_eq!(one(&tool("get_photos", "Gets photos.", json!({name: schema}))).class, Class::Read, "{name}");
    }
}
