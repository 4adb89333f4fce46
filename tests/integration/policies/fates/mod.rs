//! What the reader of each format does with a call, written after its documentation on a real parser.

mod agents;
pub(super) mod cedar;
mod cloud;
mod gateways;

use serde_json::Value;
use toolcard::policy::{Answer, Policy, decide, read_text};

/// What becomes of a call, strictest last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fate {
    Passes,
    Asks,
    Denied,
}

/// The name of the server in the client.
pub(super) const SERVER: &str = "files";

/// Decides one call as the reader of a format would.
pub(super) fn fate(format: &str, text: &str, tool: &str, args: &Value, nth: u64) -> Fate {
    match format {
        "policy-json" => {
            let policy = read_text(text, std::path::Path::new("p")).value.expect("a document");
            ours(&policy, tool, args, nth)
        }
        "intercept" => gateways::intercept(&serde_yaml_ng::from_str(text).expect("YAML"), tool, args, nth),
        "claude-code" => agents::claude_code(&serde_json::from_str(text).expect("JSON"), tool),
        "codex" => agents::codex(&text.parse().expect("TOML"), tool),
        "gemini-settings" => agents::gemini_settings(&serde_json::from_str(text).expect("JSON"), tool),
        "gemini-policy" => agents::gemini_policy(&text.parse().expect("TOML"), tool),
        "openai" => cloud::openai(&serde_json::from_str(text).expect("JSON"), tool),
        "anthropic" => cloud::anthropic(&serde_json::from_str(text).expect("JSON"), tool),
        "cedar-toolhive" => cedar::toolhive(&serde_json::from_str(text).expect("JSON"), tool, args),
        "cedar-agentcore" => cedar::agentcore(text, tool, args, nth),
        "vscode-settings" => agents::vscode_settings(&serde_json::from_str(text).expect("JSON")),
        "vscode-agent" => agents::vscode_agent(text, tool),
        "opencode" => agents::opencode(&serde_json::from_str(text).expect("JSON"), tool),
        "kiro" => agents::kiro(&serde_json::from_str(text).expect("JSON"), tool),
        "kiro-mcp" | "cline" => agents::server_lists(&serde_json::from_str(text).expect("JSON"), "autoApprove", tool),
        "roo" => agents::server_lists(&serde_json::from_str(text).expect("JSON"), "alwaysAllow", tool),
        "zed" => agents::zed(&serde_json::from_str(text).expect("JSON"), tool),
        "anthropic-managed" => cloud::anthropic_managed(&serde_json::from_str(text).expect("JSON"), tool),
        "agt" => gateways::agt(&serde_yaml_ng::from_str(text).expect("YAML"), tool, args, nth),
        "litellm" => gateways::litellm(&serde_yaml_ng::from_str(text).expect("YAML"), tool),
        "docker-profile" => gateways::docker_profile(text, tool),
        "agentgateway" => gateways::agentgateway(&serde_yaml_ng::from_str(text).expect("YAML"), tool),
        "envoy-mcproute" => gateways::envoy_mcproute(&serde_yaml_ng::from_str(text).expect("YAML"), tool),
        "opa-data" => cloud::opa_data(text, tool, args),
        other => panic!("no reader for {other}"),
    }
}

/// What `decide()` says.
pub(super) fn ours(policy: &Policy, tool: &str, args: &Value, nth: u64) -> Fate {
    if decide(policy, tool, args, nth).answer == Answer::Allow { Fate::Passes } else { Fate::Denied }
}

fn has(list: &Value, name: &str) -> bool {
    list.as_array().is_some_and(|items| items.iter().any(|i| i == name))
}
