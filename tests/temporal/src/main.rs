//! Decides the temporal Cedar of `statements.json`, which `toolcard policy --format cedar-agentcore` writes, by the language's own
//! authorizer: as many calls pass in a window as the limit says, and one more after it.

use std::process::ExitCode;

use dogwood_language::{Authorizer, Decision, Event, LoweredPolicySet, PolicySchema, ServiceSchema, Validator, Value};
use serde_json::Value as Json;

const STATEMENTS: &str = include_str!("../statements.json");

/// A name in double quotes, as Cedar writes it.
fn string(text: &str) -> String {
    let mut out = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_ascii_graphic() || c == ' ' => out.push(c),
            c => out.push_str(&format!("\\u{{{:x}}}", u32::from(c))),
        }
    }
    out.push('"');
    out
}

fn check(row: &Json) -> Result<(), String> {
    let text = |key: &str| row[key].as_str().unwrap_or_default();
    let (statement, action) = (text("statement"), text("action"));
    let (calls, seconds) = (row["calls"].as_u64().unwrap_or_default(), row["seconds"].as_i64().unwrap_or_default());
    let argument = row["argument"].as_str();
    let fields = argument.map(|name| format!("{}?: String", string(name))).unwrap_or_default();
    let schema = format!(
        "namespace AgentCore {{ entity Gateway; entity OAuthUser; type Input = {{ {fields} }}; action {} appliesTo \
         {{ principal: [OAuthUser], resource: [Gateway], context: {{ input: Input }} }}; }}",
        string(action)
    );
    let schema = PolicySchema::from_cedarschema_str(&schema).map_err(|e| format!("schema: {e:?}"))?;
    let service = ServiceSchema::defaults();
    let policies = LoweredPolicySet::from_str(statement, &service, &schema).map_err(|e| format!("text: {e:?}"))?;
    if !Validator::new().validate(&policies).validation_passed() {
        return Err("is not valid".to_owned());
    }
    let mut authorizer = Authorizer::new(policies);
    let mut passes = |time: i64, value: &str| {
        let mut call = Event::builder(&format!("AgentCore::Action::{action}"), "request")
            .timestamp(time)
            .principal("AgentCore::OAuthUser::\"me\"")
            .resource("AgentCore::Gateway::\"arn\"");
        if let Some(argument) = argument {
            let value = || Value::String(value.to_owned());
            call = call.field("input", argument, value()).request_context("input", argument, value());
        }
        authorizer.is_authorized(&call.build()).is_some_and(|response| response.decision() == Decision::Allow)
    };
    let value = text("value");
    for call in 1..=calls {
        if !passes(0, value) {
            return Err(format!("call {call} of {calls} is denied"));
        }
    }
    if passes(seconds, value) {
        return Err(format!("call {} passes", calls + 1));
    }
    if calls > 0 && !passes(2 * seconds + 1, value) {
        return Err("the next window is closed".to_owned());
    }
    if argument.is_some() && passes(9 * seconds, "no such value anywhere") {
        return Err("another value passes".to_owned());
    }
    Ok(())
}

fn main() -> ExitCode {
    let rows: Vec<Json> = serde_json::from_str(STATEMENTS).unwrap_or_default();
    let mut failed = rows.is_empty();
    for row in &rows {
        if let Err(what) = check(row) {
            println!("{what}: {}", row["statement"]);
            failed = true;
        }
    }
    println!("{} statements", rows.len());
    if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
