//! What clients refuse, as seen in public reports: a table, one row a client and a reason.

/// Why a client refuses a definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unsupported {
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
}

/// One observation: a client, what it refuses, and who reported it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientRule {
    /// The client.
    pub client: &'static str,
    /// What it refuses. The whole server is lost with one such tool.
    pub refuses: Unsupported,
    /// A public report of it.
    pub source: &'static str,
}

const fn rule(client: &'static str, refuses: Unsupported, source: &'static str) -> ClientRule {
    ClientRule { client, refuses, source }
}

/// Every row, sorted by reason and client.
pub const CLIENT_RULES: [ClientRule; 20] = [
    rule(
        "Claude Code",
        Unsupported::NameCharacters,
        "https://github.com/modelcontextprotocol/modelcontextprotocol/issues/1345",
    ),
    rule("Claude Desktop", Unsupported::NameCharacters, "https://github.com/hostinger/api-mcp-server/issues/49"),
    rule("Codex", Unsupported::NameCharacters, "https://github.com/openai/codex/issues/8174"),
    rule("Copilot CLI", Unsupported::NameCharacters, "https://github.com/github/copilot-cli/issues/1879"),
    rule("Claude Desktop", Unsupported::NameLength, "https://github.com/NetApp/netapp-dataops-toolkit/issues/38"),
    rule("Claude Code", Unsupported::SameName, "https://github.com/baguskto/threads-mcp/issues/2"),
    rule("Claude Code", Unsupported::BooleanSchema, "https://github.com/anthropics/claude-code/issues/92900"),
    rule("Claude Desktop", Unsupported::BooleanSchema, "https://github.com/anthropics/claude-code/issues/82949"),
    rule("Hermes Agent", Unsupported::BooleanSchema, "https://github.com/NousResearch/hermes-agent/issues/101669"),
    rule("HolmesGPT", Unsupported::BooleanSchema, "https://github.com/HolmesGPT/holmesgpt/pull/2450"),
    rule("OpenCode", Unsupported::BooleanSchema, "https://github.com/anomalyco/opencode/issues/49464"),
    rule("Claude Code", Unsupported::RootNotObject, "https://github.com/anthropics/claude-code/issues/88049"),
    rule("Claude Code", Unsupported::RequiredNoList, "https://github.com/anthropics/claude-code/issues/44364"),
    rule("Cursor", Unsupported::RequiredNoList, "https://github.com/MervinPraison/PraisonAI/issues/3111"),
    rule("Claude Code", Unsupported::DanglingReference, "https://github.com/anthropics/claude-code/issues/76040"),
    rule("Cursor", Unsupported::DanglingReference, "https://github.com/davideast/stitch-mcp/issues/184"),
    rule("Kiro", Unsupported::DanglingReference, "https://github.com/davideast/stitch-mcp/issues/184"),
    rule("MiMo Code", Unsupported::DanglingReference, "https://github.com/XiaomiMiMo/MiMo-Code/pull/1733"),
    rule("OpenCode", Unsupported::DanglingReference, "https://github.com/anomalyco/opencode/issues/26529"),
    rule(
        "any client built on the TypeScript SDK",
        Unsupported::NoSchema,
        "https://github.com/modelcontextprotocol/typescript-sdk/blob/main/src/types.ts",
    ),
];

/// The clients that refuse a definition for this reason, as a list in words.
pub fn refusing(refusal: Unsupported) -> String {
    listed(&CLIENT_RULES.iter().filter(|r| r.refuses == refusal).map(|r| r.client).collect::<Vec<_>>())
}

/// Why a schema is refused at a place of a finding.
pub fn refusal_at(pointer: &str) -> Unsupported {
    let mut steps = pointer.rsplit('/');
    match (steps.next(), steps.next()) {
        (Some("inputSchema"), Some("")) => Unsupported::RootNotObject,
        (_, Some("properties" | "patternProperties" | "$defs" | "definitions")) => Unsupported::BooleanSchema,
        (Some("required"), _) => Unsupported::RequiredNoList,
        (Some("$ref"), _) => Unsupported::DanglingReference,
        _ => Unsupported::BooleanSchema,
    }
}

/// `a`, `a and b`, `a, b and c`.
pub(super) fn listed(names: &[&str]) -> String {
    match names.split_last() {
        None => String::new(),
        Some((only, [])) => (*only).to_owned(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_sorted_and_each_has_a_public_source() {
        assert!(CLIENT_RULES.windows(2).all(|w| (w[0].refuses, w[0].client) < (w[1].refuses, w[1].client)));
        assert!(CLIENT_RULES.iter().all(|r| r.source.starts_with("https://github.com/")));
    }
}
