//! What sentence and table say of a document is what `decide()` returns, for every card.

use serde_json::{Value, json};
use toolcard::card::Subject;
use toolcard::neutral::quoted;
use toolcard::policy::{Answer, Claims, Outcome, Policy, Profile, RateLimits, decide, server_document};

use crate::catalogue::{cards, probes, servers};

/// A call that a row speaks of.
fn call_of(claims: &Claims, subject: &Subject) -> (String, Value, u64) {
    let set = |argument: &str, value: Option<&Value>| {
        let mut args = claims.args.clone();
        let mut at = &mut args;
        let fields: Vec<&str> = argument.split('.').collect();
        for field in &fields[..fields.len() - 1] {
            at = at.as_object_mut().expect("an object").entry(*field).or_insert_with(|| json!({}));
        }
        let map = at.as_object_mut().expect("an object");
        match value {
            Some(value) => drop(map.insert(fields[fields.len() - 1].to_owned(), value.clone())),
            None => drop(map.remove(fields[fields.len() - 1])),
        }
        args
    };
    let tool = claims.tool.clone();
    match subject {
        Subject::Any => (tool, json!({"any": ["thing", 1]}), 1),
        Subject::Value { argument, value } => (tool, set(argument, Some(value)), 1),
        Subject::Unknown { argument } => (tool, set(argument, Some(&json!("no such value anywhere"))), 1),
        Subject::Absent { argument } => (tool, set(argument, None), 1),
        Subject::Nth { nth, .. } => (tool, claims.args.clone(), *nth),
        Subject::Others(_) => ("no such tool anywhere".to_owned(), json!({"a": 1}), 1),
    }
}

/// What the sentence claims, decided again on calls of our own.
fn check(policy: &Policy, claims: &Claims) {
    let name = claims.tool.as_str();
    let sentence = claims.sentence();
    let shown = quoted(name);
    let first = decide(policy, name, &claims.args, 1);
    let everything = || probes(policy, name).into_iter().chain([claims.args.clone()]);
    let deny_all = |answer: Answer| {
        for args in everything() {
            for nth in [1, 2, u64::MAX] {
                assert_eq!(decide(policy, name, &args, nth).answer, answer, "{name}: {sentence}");
            }
        }
    };
    if sentence.starts_with(&format!("Hides {shown}")) {
        deny_all(Answer::Hidden);
    } else if sentence.starts_with(&format!("Denies every call of {shown}")) {
        deny_all(Answer::Deny);
    } else {
        assert!(sentence.starts_with(&format!("Allows {shown}")), "{sentence}");
        assert_eq!(first.answer, Answer::Allow);
        let unlimited = decide(policy, name, &claims.args, u64::MAX).answer == Answer::Allow;
        assert_eq!(claims.limit.is_none(), unlimited, "{sentence}");
        let narrowed = sentence.contains(" only when ");
        assert_eq!(sentence.contains("without a limit"), unlimited && !narrowed, "{sentence}");
        if let Some((max, window, _)) = &claims.limit {
            let times = match max {
                0 => "never".to_owned(),
                1 => format!("once a {window}"),
                max => format!("{max} times a {window}"),
            };
            assert!(sentence.contains(&times), "{sentence}");
            assert_eq!(decide(policy, name, &claims.args, *max).answer, Answer::Allow, "{sentence}");
            assert_eq!(decide(policy, name, &claims.args, max + 1).answer, Answer::Deny, "{sentence}");
        }
    }
    for selected in &claims.selected {
        let argument = quoted(&selected.argument);
        let answer = |args: &Value| decide(policy, name, args, 1).answer;
        let (_, without, _) = call_of(claims, &Subject::Absent { argument: selected.argument.clone() });
        let (_, unknown, _) = call_of(claims, &Subject::Unknown { argument: selected.argument.clone() });
        // Of this argument: another may be left out where this one must be given.
        let of = sentence.split(&format!("{argument} is ")).nth(1).and_then(|rest| rest.split(" is ").next());
        let optional = of.is_some_and(|of| of.contains("or not given"));
        assert_eq!(optional, answer(&without) == Answer::Allow, "{sentence}");
        assert_eq!(sentence.contains(&format!("{argument} is ")), answer(&unknown) == Answer::Deny, "{sentence}");
        for (value, _) in &selected.values {
            let (_, args, _) =
                call_of(claims, &Subject::Value { argument: selected.argument.clone(), value: value.clone() });
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            let named = sentence.contains(&quoted(&text)) && text != selected.argument && text != name;
            assert!(!named || answer(&args) == Answer::Allow, "{sentence} {text}");
        }
    }
    let others = decide(policy, "no such tool anywhere", &json!({}), 1).answer;
    assert_eq!(others, Answer::Deny);
    assert!(sentence.ends_with(if claims.names_others {
        "A tool that the document does not name is denied."
    } else {
        " every other tool of the server."
    }));
}

#[test]
fn every_card_claims_what_decide_returns() {
    let mut seen = std::collections::BTreeMap::<Outcome, usize>::new();
    for (tool, verdict, policy) in cards() {
        let claims = Claims::of(&policy, tool, verdict);
        *seen.entry(claims.outcome()).or_default() += 1;
        check(&policy, &claims);
        for row in claims.calls("any other tool") {
            let (name, args, nth) = call_of(&claims, &row.subject);
            let decision = decide(&policy, &name, &args, nth);
            assert_eq!(decision, row.decision, "{}: {:?}", tool.name.as_str(), row.subject);
        }
        let text: Value = serde_json::from_str(&policy.to_json()).expect("JSON");
        assert!(text.pointer(claims.rule()).is_some(), "{} {}", tool.name.as_str(), claims.rule());
    }
    assert!(seen.len() >= 4, "the bundled catalogue shows what a document can do: {seen:?}");
}

#[test]
fn every_server_document_claims_what_decide_returns() {
    for server in servers() {
        for profile in Profile::ALL {
            let policy = server_document(server.tools(), profile, &RateLimits::default());
            for (tool, verdict) in server.tools() {
                check(&policy, &Claims::of(&policy, tool, verdict));
            }
        }
    }
}
