//! The ids of a review: one row an id, from which the reports, SARIF's rules and the
//! documentation are made.

use serde::Serialize;

use crate::classify::FindingLevel;

/// What a change is. The order is that of the table in the documentation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "the rows of `KINDS` say what each is")]
pub enum Kind {
    LabelRaised,
    LabelLowered,
    FacetsChanged,
    ToolAdded,
    ToolRemoved,
    ToolRenamed,
    PrefixRenamed,
    DenyUnmatched,
    AllowUnmatched,
    ServerAdded,
    ServerRemoved,
    ServerRenamed,
    ManifestBroken,
    AnnotationFlipped,
    ClaimAdded,
    InstructionAdded,
    UrlAdded,
    ToolReferenceAdded,
    RestrictionLoosened,
    DescriptionChanged,
    SchemaWidened,
    ArgumentRequired,
    DefinitionChanged,
    HiddenText,
    FindingAdded,
    OverrideAdded,
    OverrideChanged,
    OverrideRemoved,
    OverrideStale,
    OverrideExpiring,
    OverrideExpired,
    FindingAccepted,
    PolicyChanged,
    LexiconChanged,
}

/// What is known of a kind.
#[derive(Debug)]
pub struct KindRow {
    /// Which.
    pub kind: Kind,
    /// The stable id.
    pub id: &'static str,
    /// The level where nothing else is said.
    pub level: FindingLevel,
    /// What happened, for a heading and for SARIF: a sentence.
    pub what: &'static str,
    /// When the level is another: a sentence, or nothing.
    pub levels: &'static str,
    /// What a reviewer does: a sentence.
    pub help: &'static str,
    /// GitHub's `security-severity`, 0 to 10.
    pub severity: &'static str,
}

const fn row(
    kind: Kind,
    id: &'static str,
    level: FindingLevel,
    severity: &'static str,
    what: &'static str,
    levels: &'static str,
    help: &'static str,
) -> KindRow {
    KindRow { kind, id, level, what, levels, help, severity }
}

/// Every kind.
pub const KINDS: [KindRow; 34] = [
    row(
        Kind::LabelRaised,
        "label-raised",
        FindingLevel::Error,
        "8.0",
        "The class or the severity of a tool rose.",
        "",
        "Check that agents may still call it under the recommended policy.",
    ),
    row(
        Kind::LabelLowered,
        "label-lowered",
        FindingLevel::Warning,
        "5.0",
        "The class or the severity of a tool fell.",
        "",
        "Ask why: a definition that only sounds milder passes more policies.",
    ),
    row(
        Kind::FacetsChanged,
        "facets-changed",
        FindingLevel::Note,
        "3.0",
        "The facets of a tool changed and its severity did not.",
        "A warning where a facet was gained.",
        "Check that the recommended policy still holds what the tool can do.",
    ),
    row(
        Kind::ToolAdded,
        "tool-added",
        FindingLevel::Note,
        "4.0",
        "A tool is new.",
        "A warning for a Write tool; a Destructive one fails with `--fail-on destructive` alone.",
        "Read its card before agents may call it.",
    ),
    row(
        Kind::ToolRemoved,
        "tool-removed",
        FindingLevel::Note,
        "1.0",
        "A tool is gone.",
        "",
        "Policies that name it can lose it.",
    ),
    row(
        Kind::ToolRenamed,
        "tool-renamed",
        FindingLevel::Warning,
        "4.0",
        "A tool has another name and the same schema: rules that name the old one stop matching.",
        "",
        "Rename it in every policy, allow list and permission: a rule that denied the old name denies nothing.",
    ),
    row(
        Kind::PrefixRenamed,
        "prefix-renamed",
        FindingLevel::Warning,
        "4.0",
        "Most tools of a server have another prefix: they are the same tools.",
        "",
        "Rename them in every policy, allow list and permission, and in patterns of names.",
    ),
    row(
        Kind::DenyUnmatched,
        "deny-unmatched",
        FindingLevel::Error,
        "8.0",
        "Tools that the recommended policy of the base denies, wholly or for some values, have other names: a rule that denies the old name opens where the policy allows what it does not name.",
        "",
        "Name the new tools in every rule that denies the old ones before the release is used.",
    ),
    row(
        Kind::AllowUnmatched,
        "allow-unmatched",
        FindingLevel::Warning,
        "3.0",
        "Tools that the recommended policy of the base allows have other names: a rule that allows the old name closes where the policy denies what it does not name.",
        "",
        "Name the new tools in every rule that allows or limits the old ones.",
    ),
    row(
        Kind::ServerAdded,
        "server-added",
        FindingLevel::Note,
        "3.0",
        "A server is new.",
        "",
        "Each of its tools is a `tool-added` of its own.",
    ),
    row(
        Kind::ServerRemoved,
        "server-removed",
        FindingLevel::Note,
        "1.0",
        "A server is gone with all its tools.",
        "",
        "Its pages go away; `aliases` can redirect them.",
    ),
    row(
        Kind::ServerRenamed,
        "server-renamed",
        FindingLevel::Note,
        "2.0",
        "A server's folder has another name.",
        "",
        "Its tools are compared with those of the old name.",
    ),
    row(
        Kind::ManifestBroken,
        "manifest-broken",
        FindingLevel::Error,
        "7.0",
        "A manifest that could be read cannot be read any more.",
        "",
        "Its tools were not compared: repair the file.",
    ),
    row(
        Kind::AnnotationFlipped,
        "annotation-flipped",
        FindingLevel::Note,
        "7.0",
        "A declared hint changed.",
        "An error where `readOnlyHint` or `destructiveHint` was true and is false or the other way round, where a tool that is not read-only now claims to be, or a Destructive one not to be destructive; a warning where the hint now contradicts the verdict, or where `destructiveHint: true` is no longer declared.",
        "Clients may skip a confirmation because of a hint: ask the author what changed.",
    ),
    row(
        Kind::ClaimAdded,
        "claim-added",
        FindingLevel::Warning,
        "8.0",
        "The definition says something new of what a call does: that it destroys, sends out, moves money, runs code or is worse than its label.",
        "An error where the label did not say Destructive, `moves_money` or `runs_code` and the words do.",
        "Read the words: they count even where the label stays the same.",
    ),
    row(
        Kind::InstructionAdded,
        "instruction-added",
        FindingLevel::Error,
        "9.0",
        "A text now instructs a model.",
        "",
        "Do not merge before its author has explained it: agents follow what a description tells them.",
    ),
    row(
        Kind::UrlAdded,
        "url-added",
        FindingLevel::Warning,
        "6.0",
        "A text names a URL, a host or an e-mail address that the definition did not name.",
        "An error where the same sentence says to send something.",
        "Check whose address it is and why an agent has to know it.",
    ),
    row(
        Kind::ToolReferenceAdded,
        "tool-reference-added",
        FindingLevel::Warning,
        "5.0",
        "The words now name another tool of the server, or say when tools are to be called.",
        "",
        "Ask why: a description can steer how agents use other tools.",
    ),
    row(
        Kind::RestrictionLoosened,
        "restriction-loosened",
        FindingLevel::Warning,
        "6.0",
        "What restricted a tool is gone or no longer holds: words, a confirmation, a dry run that was the default, a default that did no harm, a visibility that kept it from the model.",
        "An error where a default now destroys.",
        "Check that policies which relied on it still hold the tool.",
    ),
    row(
        Kind::DescriptionChanged,
        "description-changed",
        FindingLevel::Note,
        "6.0",
        "The title or the description of a tool changed, in words that none of the kinds above reports.",
        "An error where its words raised the label, a warning where they lowered it.",
        "Compare the words: agents act on them.",
    ),
    row(
        Kind::SchemaWidened,
        "schema-widened",
        FindingLevel::Warning,
        "6.0",
        "An argument takes more than it did: free text, a path, a URL, a command, any object, another type, a value or a switch that does harm; no list, pattern or bound any more.",
        "A note where all that is new is that an argument may be left out or has more values that do no harm.",
        "Check what the recommended policy does with the argument.",
    ),
    row(
        Kind::ArgumentRequired,
        "argument-required",
        FindingLevel::Warning,
        "2.0",
        "An argument must be given that was not there or could be left out: calls that passed before fail.",
        "",
        "Give the argument wherever the tool is called.",
    ),
    row(
        Kind::DefinitionChanged,
        "definition-changed",
        FindingLevel::Note,
        "1.0",
        "A part of a definition changed in a way that moved no label.",
        "",
        "Nothing to do: every moved fingerprint has a line.",
    ),
    row(
        Kind::HiddenText,
        "hidden-text",
        FindingLevel::Error,
        "9.0",
        "A text holds characters that people do not see or that turn its direction.",
        "",
        "Do not merge before its author has explained it.",
    ),
    row(
        Kind::FindingAdded,
        "finding-added",
        FindingLevel::Note,
        "5.0",
        "A finding is new, or what the author publishes of the risk is another.",
        "The level is the finding's own; a warning where the author's risk became milder.",
        "Read the text that it points at.",
    ),
    row(
        Kind::OverrideAdded,
        "override-added",
        FindingLevel::Note,
        "4.0",
        "A person's decision now replaces a verdict.",
        "A warning where it sets a milder class than the rules.",
        "Check its reason and who decided.",
    ),
    row(
        Kind::OverrideChanged,
        "override-changed",
        FindingLevel::Note,
        "4.0",
        "A person's decision is another.",
        "A warning where it sets a milder class than the rules.",
        "Check its reason and who decided.",
    ),
    row(
        Kind::OverrideRemoved,
        "override-removed",
        FindingLevel::Note,
        "2.0",
        "A person's decision no longer replaces a verdict, or no longer accepts a finding.",
        "",
        "The rules decide again, and the finding counts again.",
    ),
    row(
        Kind::OverrideStale,
        "override-stale",
        FindingLevel::Warning,
        "5.0",
        "The definition that a person decided on has changed.",
        "",
        "Until it is renewed, the worse of the decision and the rules holds, and the finding counts: `toolcard lock --check` prints the command that renews it.",
    ),
    row(
        Kind::OverrideExpiring,
        "override-expiring",
        FindingLevel::Note,
        "2.0",
        "A person's decision ends within 30 days.",
        "",
        "Renew it with `toolcard override` or `toolcard accept`, or let it go.",
    ),
    row(
        Kind::OverrideExpired,
        "override-expired",
        FindingLevel::Warning,
        "5.0",
        "A person's decision has ended and is still in the file.",
        "",
        "Renew it with the command that `toolcard lock --check` prints, or remove it: that check fails until then.",
    ),
    row(
        Kind::FindingAccepted,
        "finding-accepted",
        FindingLevel::Warning,
        "5.0",
        "A person accepted a finding: it is a note from now on.",
        "",
        "Check its reason, who accepted it, and the text that it is about.",
    ),
    row(
        Kind::PolicyChanged,
        "policy-changed",
        FindingLevel::Note,
        "3.0",
        "The policy that is recommended for a tool changed.",
        "",
        "A gateway that enforces the old one needs the new one.",
    ),
    row(
        Kind::LexiconChanged,
        "lexicon-changed",
        FindingLevel::Note,
        "3.0",
        "The words or signals that a catalogue adds to the lexicon changed.",
        "",
        "Every label that they move is listed on its own.",
    ),
];

impl Kind {
    /// The kind's row.
    pub fn row(self) -> &'static KindRow {
        &KINDS[self as usize]
    }

    /// The stable id.
    pub fn id(self) -> &'static str {
        self.row().id
    }

    /// Whether the kind reminds of something instead of telling a difference between two states.
    pub fn reminds(self) -> bool {
        matches!(self, Self::OverrideExpiring | Self::OverrideExpired)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_at_its_place_under_its_serialised_id() {
        for (i, row) in KINDS.iter().enumerate() {
            assert_eq!(row.kind as usize, i, "{}", row.id);
            assert_eq!(serde_json::to_value(row.kind).expect("serialises"), row.id);
            assert!([row.what, row.levels, row.help].iter().all(|s| s.is_empty() || s.ends_with('.')));
            assert!(row.severity.parse::<f32>().is_ok_and(|s| (0.0..=10.0).contains(&s)));
        }
    }
}
