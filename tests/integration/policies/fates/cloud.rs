//! How services that run agents decide a call, and the Rego that goes with our data.

use serde_json::{Value, json};
use toolcard::policy::formats;

use super::{Fate, SERVER, has};

pub(in crate::policies) fn openai(entry: &Value, tool: &str) -> Fate {
    assert_eq!((&entry["type"], &entry["server_label"]), (&json!("mcp"), &json!(SERVER)));
    let approval = &entry["require_approval"];
    if !has(&entry["allowed_tools"], tool) {
        Fate::Denied
    } else if has(&approval["never"]["tool_names"], tool) && !has(&approval["always"]["tool_names"], tool) {
        Fate::Passes
    } else {
        Fate::Asks
    }
}

pub(in crate::policies) fn anthropic(entry: &Value, tool: &str) -> Fate {
    assert_eq!((&entry["type"], &entry["mcp_server_name"]), (&json!("mcp_toolset"), &json!(SERVER)));
    let enabled = entry["configs"].get(tool).unwrap_or(&entry["default_config"]);
    if enabled["enabled"] == true { Fate::Passes } else { Fate::Denied }
}

pub(in crate::policies) fn anthropic_managed(entry: &Value, tool: &str) -> Fate {
    assert_eq!((&entry["type"], &entry["mcp_server_name"]), (&json!("mcp_toolset"), &json!(SERVER)));
    let configs = entry["configs"].as_array().map(Vec::as_slice).unwrap_or_default();
    let own = configs.iter().find(|c| c["name"] == tool);
    let of = |key: &str| own.and_then(|c| c.get(key)).unwrap_or(&entry["default_config"][key]);
    match (of("enabled").as_bool(), of("permission_policy")["type"].as_str()) {
        (Some(false), _) => Fate::Denied,
        (Some(true), Some("always_allow")) => Fate::Passes,
        (Some(true), Some("always_ask")) => Fate::Asks,
        other => panic!("{other:?}"),
    }
}

/// The Rego that goes with the document, evaluated.
pub(in crate::policies) fn opa_data(text: &str, tool: &str, args: &Value) -> Fate {
    thread_local! {
        static RULES: regorus::Engine = {
            let (language, rules) = formats::find("opa-data").and_then(formats::Format::companion).expect("Rego");
            assert_eq!(language, "rego");
            let mut engine = regorus::Engine::new();
            engine.add_policy("mcp.rego".to_owned(), rules.to_owned()).expect("Rego");
            engine
        };
    }
    let mut engine = RULES.with(Clone::clone);
    engine.add_data_json(text).expect("data");
    let input = json!({"server": SERVER, "tool": tool, "args": args});
    engine.set_input_json(&input.to_string()).expect("an input");
    match engine.eval_rule("data.mcp.allow".to_owned()).expect("a decision") {
        regorus::Value::Bool(true) => Fate::Passes,
        regorus::Value::Bool(false) => Fate::Denied,
        other => panic!("{other:?}"),
    }
}
