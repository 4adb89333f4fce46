//! Properties of documents and decisions that hold for any document and any call.

use std::path::Path;

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use toolcard::policy::{
    Answer, Call, Clause, Condition, Counters, DefaultAction, Entry, Limit, Path as ArgPath, Pattern, Policy, Test,
    Window, decide, decide_at, merge, read_text,
};

const NAMES: [&str; 6] = ["a", "b/c~d", "*", "e\"f", "", "名"];

fn name() -> impl Strategy<Value = String> {
    prop::sample::select(&NAMES[..]).prop_map(str::to_owned)
}

fn scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(json!(null)),
        any::<bool>().prop_map(Value::from),
        (-2..3_i64).prop_map(Value::from),
        Just(json!(1.5)),
        Just(json!(1.0)),
        "[ab]{0,2}".prop_map(Value::from),
    ]
}

fn args() -> impl Strategy<Value = Value> {
    let value = scalar().prop_recursive(2, 6, 2, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..3).prop_map(Value::from),
            btree_map("[xy]", inner, 0..3).prop_map(|m| Value::Object(m.into_iter().collect())),
        ]
    });
    prop_oneof![
        9 => btree_map("[xy]", value.clone(), 0..3).prop_map(|m| Value::Object(m.into_iter().collect())),
        1 => value,
    ]
}

fn test() -> impl Strategy<Value = Test> {
    let number = prop_oneof![(-2..3_i64).prop_map(|n| json!(n)), Just(json!(0.5))]
        .prop_map(|v| v.as_number().cloned().expect("a number"));
    let list = || vec(scalar(), 0..3);
    prop_oneof![
        scalar().prop_map(Test::Eq),
        scalar().prop_map(Test::Neq),
        number.clone().prop_map(Test::Lt),
        number.clone().prop_map(Test::Lte),
        number.clone().prop_map(Test::Gt),
        number.prop_map(Test::Gte),
        list().prop_map(Test::In),
        list().prop_map(Test::NotIn),
        any::<bool>().prop_map(Test::Exists),
        "[ab.]{0,2}".prop_map(|p| Test::Regex(Pattern::new(&p).expect("compiles"))),
        scalar().prop_map(Test::Contains),
    ]
}

fn clause() -> impl Strategy<Value = Clause> {
    let path =
        prop::sample::select(&["args.x", "args.y", "args.x.y"][..]).prop_map(|p| ArgPath::parse(p).expect("a path"));
    let condition = (path, test()).prop_map(|(path, test)| Condition { path, test });
    (vec(condition, 0..3), prop::option::of("[ab\u{202e}]{0,3}"))
        .prop_map(|(conditions, on_deny)| Clause { conditions, on_deny })
}

fn limit() -> impl Strategy<Value = Limit> {
    ("[cd]", prop::sample::select(&Window::ALL[..]), 0..4_u64).prop_map(|(counter, window, max)| Limit {
        counter,
        window,
        max,
    })
}

fn entry() -> impl Strategy<Value = Entry> {
    (vec(clause(), 0..2), vec(clause(), 0..2), vec(limit(), 0..2)).prop_map(|(require, deny_if, limits)| Entry {
        require,
        deny_if,
        limits,
    })
}

fn policy() -> impl Strategy<Value = Policy> {
    let default = prop_oneof![Just(DefaultAction::Allow), Just(DefaultAction::Deny)];
    (default, vec(name(), 0..2), vec(limit(), 0..2), btree_map(name(), entry(), 0..4))
        .prop_map(|(default, hide, all_tools, tools)| Policy { default, hide, all_tools, tools })
}

fn reversed(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let mut entries: Vec<(String, Value)> = map.into_iter().map(|(k, v)| (k, reversed(v))).collect();
            entries.reverse();
            Value::Object(entries.into_iter().collect::<Map<_, _>>())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(reversed).collect()),
        other => other,
    }
}

proptest! {
    #[test]
    fn every_call_of_every_document_is_decided_by_a_part_that_is_there(p in policy(), tool in name(), a in args(), n in 0..6_u64) {
        let decision = decide(&p, &tool, &a, n);
        let document: Value = serde_json::from_str(&p.to_json()).expect("JSON");
        prop_assert!(document.pointer(&decision.rule).is_some(), "{}", decision.rule);
        prop_assert!(decision.answer != Answer::Allow || decision.message.is_none());
        prop_assert_eq!(decision, decide(&p, &tool, &a, n));
    }

    #[test]
    fn what_is_hidden_is_never_allowed(mut p in policy(), tool in name(), a in args()) {
        p.hide.push(tool.clone());
        prop_assert_eq!(decide(&p, &tool, &a, 1).answer, Answer::Hidden);
    }

    #[test]
    fn deny_wins(mut p in policy(), tool in name(), c in clause(), a in args(), n in 0..6_u64) {
        let before = decide(&p, &tool, &a, n);
        let met = c.conditions.iter().all(|c| c.met(&a));
        p.tools.entry(tool.clone()).or_default().deny_if.push(c);
        let after = decide(&p, &tool, &a, n);
        prop_assert!(!met || after.answer != Answer::Allow);
        prop_assert!(before.answer == Answer::Allow || after.answer != Answer::Allow || before.rule == "/default");
    }

    #[test]
    fn another_requirement_never_allows_more(mut p in policy(), tool in name(), c in clause(), a in args(), n in 0..6_u64) {
        p.tools.entry(tool.clone()).or_default();
        let before = decide(&p, &tool, &a, n).answer;
        p.tools.entry(tool.clone()).or_default().require.push(c);
        prop_assert!(before == Answer::Allow || decide(&p, &tool, &a, n).answer != Answer::Allow);
    }

    #[test]
    fn another_limit_never_allows_more(p in policy(), tool in name(), l in limit(), a in args(), n in 0..6_u64, over_all in any::<bool>()) {
        let mut more = p.clone();
        if over_all {
            more.all_tools.push(l);
        } else if let Some(entry) = more.tools.get_mut(&tool) {
            entry.limits.push(l);
        }
        let (before, after) = (decide(&p, &tool, &a, n), decide(&more, &tool, &a, n));
        prop_assert!(before.answer == Answer::Allow || after.answer != Answer::Allow);
        prop_assert!(after.answer != Answer::Allow || after == before);
    }

    #[test]
    fn a_later_call_in_a_window_is_never_allowed_where_an_earlier_was_not(p in policy(), tool in name(), a in args(), n in 0..6_u64) {
        let (now, later) = (decide(&p, &tool, &a, n).answer, decide(&p, &tool, &a, n + 1).answer);
        prop_assert!(now == Answer::Allow || later != Answer::Allow);
    }

    #[test]
    fn the_order_of_keys_does_not_matter(p in policy(), tool in name(), a in args(), n in 0..6_u64) {
        let turned = reversed(serde_json::from_str(&p.to_json()).expect("JSON"));
        let read = read_text(&turned.to_string(), Path::new("p")).value.expect("valid");
        prop_assert_eq!(&read, &p);
        prop_assert_eq!(decide(&read, &tool, &reversed(a.clone()), n), decide(&p, &tool, &a, n));
    }

    #[test]
    fn what_is_written_is_read_back_byte_for_byte(p in policy()) {
        let text = p.to_json();
        let read = read_text(&text, Path::new("p")).value.expect("valid");
        prop_assert_eq!(&read, &p);
        prop_assert_eq!(read.to_json(), text);
    }

    #[test]
    fn a_union_names_what_its_parts_name_and_allows_only_what_all_allow(p in policy(), q in policy(), tool in name(), a in args(), n in 0..6_u64) {
        let both = merge(&[p.clone(), q.clone()]).policy;
        for part in [&p, &q] {
            prop_assert!(part.tools.keys().all(|k| both.tools.contains_key(k)));
            prop_assert!(part.hide.iter().all(|h| both.hide.contains(h)));
        }
        let names = |p: &Policy| p.tools.contains_key(&tool) || p.hide.iter().any(|h| *h == tool || h == "*");
        let union = decide(&both, &tool, &a, n).answer;
        for part in [&p, &q].into_iter().filter(|p| names(p)) {
            prop_assert!(union != Answer::Allow || decide(part, &tool, &a, n).answer == Answer::Allow);
        }
        prop_assert_eq!(union, decide(&merge(&[q, p.clone()]).policy, &tool, &a, n).answer);
        prop_assert_eq!(union, decide(&merge(&[both.clone(), p]).policy, &tool, &a, n).answer);
    }

    #[test]
    fn merging_what_is_merged_changes_nothing(p in policy(), q in policy()) {
        let once = merge(&[p.clone(), q.clone()]).policy;
        for again in [vec![once.clone(), once.clone()], vec![once.clone(), p.clone()], vec![once.clone(), q], vec![p, once.clone()]] {
            let merged = merge(&again).policy;
            // Of a default, a document that says nothing of a tool may say less; the entries are the same.
            prop_assert_eq!((&merged.hide, merged.tools.keys().collect::<Vec<_>>()), (&once.hide, once.tools.keys().collect()));
        }
        prop_assert_eq!(merge(&[once.clone(), once.clone()]).policy, once);
    }

    #[test]
    fn counted_calls_pass_at_most_max_times_in_any_calendar_window(l in limit(), times in vec(0..200_u64, 0..30)) {
        let mut p = Policy::deny_all();
        p.tools.insert("t".to_owned(), Entry { limits: vec![l.clone()], ..Entry::default() });
        let mut counters = Counters::default();
        let mut passed = std::collections::BTreeMap::<u64, u64>::new();
        for time in times {
            let call = Call { tool: "t", args: &Value::Null };
            if decide_at(&p, call, &mut counters, time).answer == Answer::Allow {
                *passed.entry(l.window.start(time)).or_default() += 1;
            } else {
                prop_assert!(passed.get(&l.window.start(time)).copied().unwrap_or(0) == l.max);
            }
        }
        prop_assert!(passed.values().all(|n| *n <= l.max));
    }

    #[test]
    fn the_reader_and_the_schema_agree(p in policy(), at in 0..40_usize, wrong in scalar(), key in "[a-z_]{1,6}") {
        let schema: Value = serde_json::from_str(include_str!("../../../schemas/policy.schema.json")).expect("JSON");
        let validator = jsonschema::validator_for(&schema).expect("a schema");
        let mut document: Value = serde_json::from_str(&p.to_json()).expect("JSON");
        prop_assert!(validator.is_valid(&document));
        let mut left = at;
        spoil(&mut document, &mut left, &wrong, &key);
        let reading = read_text(&document.to_string(), Path::new("p"));
        let regex = reading.diagnostics.iter().any(|d| d.message.contains("regular expression"));
        prop_assert_eq!(validator.is_valid(&document), reading.value.is_some() || regex, "{}", document);
    }
}

/// Replaces the value, or renames the key, that is met at the given step.
fn spoil(value: &mut Value, left: &mut usize, wrong: &Value, key: &str) -> bool {
    if *left == 0 {
        match value {
            Value::Object(map) if !map.is_empty() && wrong.is_null() => {
                let first = map.keys().next().cloned().unwrap_or_default();
                let moved = map.remove(&first).unwrap_or_default();
                map.insert(key.to_owned(), moved);
            }
            other => *other = wrong.clone(),
        }
        return true;
    }
    *left -= 1;
    match value {
        Value::Object(map) => map.values_mut().any(|v| spoil(v, left, wrong, key)),
        Value::Array(items) => items.iter_mut().any(|v| spoil(v, left, wrong, key)),
        _ => false,
    }
}
