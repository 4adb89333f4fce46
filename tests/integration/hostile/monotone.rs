//! Who adds to a definition that a call changes or destroys something never gets a milder label for it; and what is
//! recommended for a label is what decisions do.

use proptest::prelude::*;
use serde_json::json;
use toolcard::classify::Classifier;
use toolcard::lexicon::Lexicon;
use toolcard::manifest::{Manifest, Tool};
use toolcard::policy::{Answer, Profile, RateLimits, Rule, audit, decide, recommend, server_document};
use toolcard::risk::{Class, Severity};

const NAMES: [&str; 12] = [
    "get_item",
    "list_files",
    "search",
    "update_item",
    "send_message",
    "delete_item",
    "purge_cache",
    "manage_things",
    "run_query",
    "item_tool",
    "dry_run_deploy",
    "x",
];
const SENTENCES: [&str; 9] = [
    "Gets an item.",
    "Lists files of a folder.",
    "Updates an item.",
    "Deletes the item for good.",
    "This tool is read-only.",
    "Returns JSON with details.",
    "Runs SQL. SELECT only.",
    "Use it when the user asks.",
    "Manages things.",
];
/// A sentence, an argument or a value that states a change, and the class that it states.
const ADDED: [(&str, Class); 8] = [
    ("sentence:It also deletes every file in the folder.", Class::Destructive),
    ("sentence:Deletes all records of the database.", Class::Destructive),
    ("sentence:It also creates a new record.", Class::Write),
    ("switch:delete_after", Class::Destructive),
    ("action:delete_all", Class::Destructive),
    ("action:update_item", Class::Write),
    ("nested:delete_all", Class::Destructive),
    ("name:_and_delete", Class::Destructive),
];

fn tool(name: &str, sentences: &[&str], values: &[&str]) -> Tool {
    let mut properties = json!({"id": {"type": "string"}});
    if !values.is_empty() {
        properties["action"] = json!({"enum": values});
    }
    Tool {
        name: name.into(),
        description: Some(sentences.join(" ").into()),
        input_schema: json!({"type": "object", "properties": properties}),
        ..Tool::default()
    }
}

fn with(mut tool: Tool, added: &str) -> Tool {
    let (what, text) = added.split_once(':').unwrap();
    let properties = &mut tool.input_schema["properties"];
    match what {
        "sentence" => {
            tool.description = Some(format!("{} {text}", tool.description.unwrap_or_default().as_str()).into());
        }
        "switch" => properties[text] = json!({"type": "boolean"}),
        "name" => tool.name = format!("{}{text}", tool.name.as_str()).into(),
        "action" => match properties["action"]["enum"].as_array_mut() {
            Some(values) => values.push(text.into()),
            None => properties["action"] = json!({"enum": [text]}),
        },
        _ => properties["inner"] = json!({"type": "object", "properties": {"action": {"enum": ["list_all", text]}}}),
    }
    tool
}

fn label(tool: &Tool) -> (Class, Severity) {
    let manifest = Manifest { tools: vec![tool.clone()], ..Manifest::default() };
    let verdict = &Classifier::new(Lexicon::embedded()).server(&manifest)[0];
    (verdict.class, verdict.severity)
}

fn some(of: &'static [&'static str], most: usize) -> impl Strategy<Value = Vec<&'static str>> {
    prop::collection::vec(prop::sample::select(of), 0..=most)
}

proptest! {
    #[test]
    fn adding_a_claim_never_lowers_a_label(
        name in prop::sample::select(&NAMES[..]),
        sentences in some(&SENTENCES, 3),
        values in some(&["list", "get_item", "update", "remove", "other"], 3),
        (added, class) in prop::sample::select(&ADDED[..]),
    ) {
        let tool = tool(name, &sentences, &values);
        let (before, after) = (label(&tool), label(&with(tool.clone(), added)));
        prop_assert!(after.0 >= before.0 && after.1 >= before.1, "{added:?} makes {before:?} {after:?}: {tool:?}");
        // Only a dry run in the name takes back what a definition states outright.
        if !name.starts_with("dry_run") && !added.starts_with("name:") {
            prop_assert!(after.0 >= class, "{added:?} is {after:?}: {tool:?}");
        }
    }
}

proptest! {
    #[test]
    fn what_is_recommended_is_what_is_decided(
        name in prop::sample::select(&NAMES[..]),
        sentences in some(&SENTENCES, 3),
        values in some(&["list", "get_item", "update", "remove", "delete_all"], 4),
        added in prop::option::of(prop::sample::select(&ADDED[..])),
        nth in 1..40_u64,
    ) {
        let mut tool = tool(name, &sentences, &values);
        if let Some((added, _)) = added {
            tool = with(tool, added);
        }
        let manifest = Manifest { tools: vec![tool], ..Manifest::default() };
        let verdicts = Classifier::new(Lexicon::embedded()).server(&manifest);
        let (tool, verdict) = (&manifest.tools[0], &verdicts[0]);
        let tools = [(tool, verdict)];
        let guarded = server_document(tools, Profile::Guarded, &RateLimits::default());
        let answer = |args: &serde_json::Value| decide(&guarded, &tool.name, args, nth).answer;
        let calls = values.iter().map(|value| json!({"action": value, "id": "1"})).chain([json!({}), json!({"action": "x"}), json!(1)]);
        match recommend(tool, verdict, &RateLimits::default()) {
            Rule::Hide => {
                for args in calls {
                    prop_assert_eq!(answer(&args), Answer::Hidden, "{:?}", args);
                }
            }
            Rule::Entry(entry) => {
                prop_assert_eq!(guarded.tools.get(tool.name.as_str()), Some(&entry));
                let narrows = !entry.require.is_empty() || !entry.deny_if.is_empty();
                prop_assert!(narrows || verdict.class < Class::Destructive, "{verdict:?}");
                if !narrows && entry.limits.is_empty() {
                    prop_assert_eq!(verdict.class, Class::Read);
                }
                for args in calls {
                    prop_assert!(answer(&args) != Answer::Hidden);
                }
            }
        }
        for action in verdict.actions.iter().filter(|action| action.class == Class::Destructive) {
            let args = json!({action.argument.as_str(): action.value});
            prop_assert!(answer(&args) != Answer::Allow, "{:?} is allowed: {:?}", action, tool);
        }
        // Another checker agrees.
        prop_assert_eq!(audit(&guarded, &tools), vec![]);
        let reads = server_document(tools, Profile::ReadOnly, &RateLimits::default());
        for action in verdict.actions.iter().filter(|action| action.class > Class::Read) {
            let args = json!({action.argument.as_str(): action.value});
            let kept = decide(&reads, &tool.name, &args, 1);
            prop_assert!(kept.answer != Answer::Allow, "{:?}", action);
        }
        if verdict.actions.is_empty() && verdict.class > Class::Read {
            let bare = decide(&reads, &tool.name, &json!({}), 1);
            prop_assert!(bare.answer != Answer::Allow, "{:?}", tool);
        }
    }
}

#[test]
fn the_changes_of_the_property_change_something() {
    for (added, class) in ADDED {
        let reads = tool("get_item", &["Gets an item."], &["list", "get_item"]);
        assert_eq!(label(&reads).0, Class::Read);
        let (after, _) = label(&with(reads, added));
        assert!(after >= class, "{added}: {after}");
    }
}
