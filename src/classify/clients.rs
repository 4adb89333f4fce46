//! What clients refuse, as seen in public reports: a table, one row a client and a reason.

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
pub const CLIENT_RULES: [ClientRule; 23] = [
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
];

/// The clients that refuse a definition for this reason, as a list in words.
pub fn refusing(refusal: Refusal) -> String {
    listed(&CLIENT_RULES.iter().filter(|r| r.refuses == refusal).map(|r| r.client).collect::<Vec<_>>())
}

/// Why a schema is refused at a place of a finding.
pub fn refusal_at(pointer: &str) -> Refusal {
    let mut steps = pointer.rsplit('/');
    match (steps.next(), steps.next()) {
        (Some("inputSchema"), Some("")) => Refusal::RootNotObject,
        (_, Some("properties" | "patternProperties" | "$defs" | "definitions")) => Refusal::BooleanSchema,
        (Some("required"), _) => Refusal::RequiredNoList,
        (Some("$ref"), _) => Refusal::DanglingReference,
        _ => Refusal::BooleanSchema,
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
