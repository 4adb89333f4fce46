//! What clients refuse, as seen in public reports: a table, one row a client and a reason.

use serde_json::Value;

use crate::english::list;
use crate::manifest::schema::SchemaType;

/// Why a client refuses a definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Refusal {
    /// A name with other characters than letters, digits, `_` and `-`.
    NameCharacters,
    /// A name of more than 64 characters.
    NameLength,
    /// Two tools of one name.
    SameName,
    /// `true` or `false` where a schema of an argument or item stands.
    BooleanSchema,
    /// An input schema whose root is not declared to be an object.
    RootNotObject,
    /// `required` that is not a list.
    RequiredNoList,
    /// A `$ref` that leads nowhere.
    DanglingReference,
    /// An input schema that is missing, or no object.
    NoSchema,
    /// A `type` that names no type.
    UnknownType,
    /// `properties` that is not an object.
    PropertiesNoObject,
    /// Another keyword whose value is of a wrong type. No client is known by name to refuse it.
    WrongKeyword,
}

/// One observation: a client, what it refuses, and who reported it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientRule {
    /// The client.
    pub client: &'static str,
    /// What it refuses. The whole server is lost with one such tool.
    pub refuses: Refusal,
    /// A public report of it.
    pub source: &'static str,
}

const fn rule(client: &'static str, refuses: Refusal, source: &'static str) -> ClientRule {
    ClientRule { client, refuses, source }
}

/// Every row, sorted by reason and client.
pub const CLIENT_RULES: [ClientRule; 25] = [
    rule(
        "Claude Code",
        Refusal::NameCharacters,
        "https://github.com/modelcontextprotocol/modelcontextprotocol/issues/1345",
    ),
    rule("Claude Desktop", Refusal::NameCharacters, "https://github.com/hostinger/api-mcp-server/issues/49"),
    rule("Codex", Refusal::NameCharacters, "https://github.com/openai/codex/issues/8174"),
    rule("Copilot CLI", Refusal::NameCharacters, "https://github.com/github/copilot-cli/issues/1879"),
    rule("Claude Desktop", Refusal::NameLength, "https://github.com/NetApp/netapp-dataops-toolkit/issues/38"),
    rule("Claude Code", Refusal::SameName, "https://github.com/baguskto/threads-mcp/issues/2"),
    rule("Claude Code", Refusal::BooleanSchema, "https://github.com/anthropics/claude-code/issues/92900"),
    rule("Claude Desktop", Refusal::BooleanSchema, "https://github.com/anthropics/claude-code/issues/82949"),
    rule("Hermes Agent", Refusal::BooleanSchema, "https://github.com/NousResearch/hermes-agent/issues/101669"),
    rule("HolmesGPT", Refusal::BooleanSchema, "https://github.com/HolmesGPT/holmesgpt/pull/2450"),
    rule("OpenCode", Refusal::BooleanSchema, "https://github.com/anomalyco/opencode/issues/49464"),
    rule("Amp", Refusal::RootNotObject, "https://github.com/zereight/gitlab-mcp/issues/286"),
    rule("Claude Code", Refusal::RootNotObject, "https://github.com/anthropics/claude-code/issues/88049"),
    rule("Cursor", Refusal::RootNotObject, "https://github.com/zereight/gitlab-mcp/issues/286"),
    rule("Windsurf", Refusal::RootNotObject, "https://github.com/zereight/gitlab-mcp/issues/286"),
    rule("Claude Code", Refusal::RequiredNoList, "https://github.com/anthropics/claude-code/issues/44364"),
    rule("Cursor", Refusal::RequiredNoList, "https://github.com/MervinPraison/PraisonAI/issues/3111"),
    rule("Claude Code", Refusal::DanglingReference, "https://github.com/anthropics/claude-code/issues/76040"),
    rule("Cursor", Refusal::DanglingReference, "https://github.com/davideast/stitch-mcp/issues/184"),
    rule("Kiro", Refusal::DanglingReference, "https://github.com/davideast/stitch-mcp/issues/184"),
    rule("MiMo Code", Refusal::DanglingReference, "https://github.com/XiaomiMiMo/MiMo-Code/pull/1733"),
    rule("OpenCode", Refusal::DanglingReference, "https://github.com/anomalyco/opencode/issues/26529"),
    rule("GitHub Copilot", Refusal::NoSchema, "https://github.com/IvanMurzak/Unity-MCP/issues/440"),
    rule("Claude Code", Refusal::UnknownType, "https://github.com/zanetworker/mcp-docling/issues/5"),
    rule("Claude Code", Refusal::PropertiesNoObject, "https://github.com/elementor/elementor/pull/37327"),
];

/// The clients that refuse a definition for this reason, as a list in words; `clients` where none is known by name.
pub(crate) fn refusing(refusal: Refusal) -> String {
    let known: Vec<&str> = CLIENT_RULES.iter().filter(|r| r.refuses == refusal).map(|r| r.client).collect();
    if known.is_empty() { "clients".to_owned() } else { list(&known, "and") }
}

/// Why a schema is refused at a place of a finding.
pub(crate) fn refusal_at(pointer: &str) -> Refusal {
    let mut steps = pointer.rsplit('/');
    match (steps.next(), steps.next()) {
        (Some("inputSchema"), Some("")) => Refusal::RootNotObject,
        (_, Some("properties" | "patternProperties" | "$defs" | "definitions")) => Refusal::BooleanSchema,
        (Some("required"), _) => Refusal::RequiredNoList,
        (Some("$ref" | "$dynamicRef"), _) => Refusal::DanglingReference,
        (Some("type"), _) => Refusal::UnknownType,
        (Some("properties"), _) => Refusal::PropertiesNoObject,
        (Some(key), _) if is_checked(key) => Refusal::WrongKeyword,
        _ => Refusal::BooleanSchema,
    }
}

/// Whether a value is one that a keyword can have.
type KeywordCheck = fn(&Value) -> bool;

/// Keywords whose values have one type, but for `type`, `properties`, `required` and `$ref`.
const CHECKED: [(&str, KeywordCheck); 26] = [
    ("$defs", Value::is_object),
    ("additionalProperties", is_schema),
    ("allOf", Value::is_array),
    ("anyOf", Value::is_array),
    ("contains", is_schema),
    ("definitions", Value::is_object),
    ("dependentSchemas", Value::is_object),
    ("description", Value::is_string),
    ("else", is_schema),
    ("enum", Value::is_array),
    ("exclusiveMaximum", Value::is_number),
    ("exclusiveMinimum", Value::is_number),
    ("format", Value::is_string),
    ("if", is_schema),
    ("items", is_schema_or_list),
    ("maxItems", Value::is_number),
    ("maxLength", Value::is_number),
    ("maximum", Value::is_number),
    ("minItems", Value::is_number),
    ("minLength", Value::is_number),
    ("minimum", Value::is_number),
    ("not", is_schema),
    ("oneOf", Value::is_array),
    ("pattern", Value::is_string),
    ("patternProperties", Value::is_object),
    ("then", is_schema),
];

fn is_schema(value: &Value) -> bool {
    value.is_object() || value.is_boolean()
}

fn is_schema_or_list(value: &Value) -> bool {
    is_schema(value) || value.is_array()
}

fn is_checked(key: &str) -> bool {
    CHECKED.iter().any(|(known, _)| *known == key)
}

/// Whether the value of a keyword is of a type that the keyword cannot have; `null` says nothing.
pub(super) fn is_wrong(key: &str, value: &Value) -> bool {
    // The keys that nearly every schema has need no look at the table.
    match key {
        "description" => return !value.is_string() && !value.is_null(),
        "additionalProperties" => return !is_schema(value) && !value.is_null(),
        "enum" | "anyOf" | "oneOf" | "allOf" => return !value.is_array() && !value.is_null(),
        "minimum" | "maximum" | "minLength" | "maxLength" => return !value.is_number() && !value.is_null(),
        _ => {}
    }
    CHECKED.binary_search_by_key(&key, |(known, _)| known).is_ok_and(|at| !CHECKED[at].1(value)) && !value.is_null()
}

/// Whether the value of `type` names types of JSON Schema and nothing else.
pub(super) fn is_type(value: &Value) -> bool {
    let named = |value: &Value| value.as_str().and_then(SchemaType::named).is_some();
    match value {
        Value::Array(list) => !list.is_empty() && list.iter().all(named),
        value => named(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_sorted_and_each_has_a_public_source() {
        assert!(CLIENT_RULES.windows(2).all(|w| (w[0].refuses, w[0].client) < (w[1].refuses, w[1].client)));
        assert!(CLIENT_RULES.iter().all(|r| r.source.starts_with("https://github.com/")));
        assert!(CHECKED.windows(2).all(|w| w[0].0 < w[1].0));
    }
}
