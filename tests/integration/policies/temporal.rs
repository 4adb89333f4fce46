//! Temporal Cedar, as the language's own authorizer decides it: `tests/temporal` holds that, of the statements that are here
//! held to be what we write.

use std::path::PathBuf;

use serde_json::{Value, json};
use toolcard::policy::formats::{self, Scope, ToolEffect};
use toolcard::policy::{Entry, Limit, Policy, Rule, Window, tool_document};

use super::fates::SERVER;
use super::hostile::names;
use crate::catalogue::cards;

/// The row of a tool whose calls are limited; none where the format cannot say it.
fn row(policy: &Policy, tool: &str) -> Option<Value> {
    let scope = Scope::tool(SERVER, policy, tool);
    let (argument, limits) = match &scope.tools[0].stance {
        ToolEffect::Limit(limits) => (None, limits),
        ToolEffect::Narrow(arguments, limits) if arguments.len() == 1 && !limits.is_empty() => {
            let [field] = arguments[0].fields.as_slice() else { return None };
            (Some((*field, arguments[0].values.first()?.as_str()?)), limits)
        }
        _ => return None,
    };
    let rendered = formats::find("cedar-agentcore")?.render(&scope).ok()?;
    let mut row = json!({
        "action": format!("{SERVER}___{tool}"),
        "calls": limits[0].max,
        "seconds": limits[0].window.seconds(),
        "statement": rendered.text.trim_end(),
    });
    if let Some((argument, value)) = argument {
        row["argument"] = argument.into();
        row["value"] = value.into();
    }
    Some(row)
}

#[test]
fn the_statements_that_the_language_decides_are_those_that_we_write() {
    let mut rows: Vec<Value> = Vec::new();
    let bundled = cards().filter_map(|(tool, _, policy)| row(&policy, &tool.name));
    for (i, one) in bundled.enumerate() {
        let narrow = one.get("argument").is_some();
        if i % 20 == 0 || narrow && rows.iter().filter(|row| row.get("argument").is_some()).count() < 12 {
            rows.push(one);
        }
    }
    let windows = [(Window::Minute, 1), (Window::Hour, 3), (Window::Day, 5)];
    for (name, (window, max)) in names().iter().zip(windows.into_iter().cycle()) {
        let limit = Limit { counter: "calls".to_owned(), window, max };
        rows.extend(row(&tool_document(name, &Rule::Entry(Entry { limits: vec![limit], ..Entry::default() })), name));
    }
    assert!(rows.len() > 80, "{}", rows.len());
    let lines: Vec<String> = rows.iter().map(ToString::to_string).collect();
    let text = format!("[\n{}\n]\n", lines.join(",\n"));
    let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/temporal/statements.json"));
    if std::env::var_os("TOOLCARD_BLESS").is_some() {
        std::fs::write(&path, &text).expect("writes");
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == text,
        "stale: run TOOLCARD_BLESS=1 cargo test the_statements_that_the_language, then tests/temporal"
    );
}
