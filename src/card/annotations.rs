//! Declared hints beside the verdict, and what connector directories still ask for.

use serde::Serialize;

use crate::classify::{DirectoryRefusal, Undeclared, Verdict, refusals};
use crate::lexicon::Lexicon;
use crate::manifest::{Annotations, Hint, Tool};
use crate::risk::Class;

/// One hint of the four.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HintRow {
    /// The key in `annotations`.
    pub hint: &'static str,
    /// What the server declares; `None` is absent.
    pub declared: Option<bool>,
    /// What a client has to assume where it is absent.
    pub default: bool,
    /// What the verdict says; `None` where we do not judge.
    pub verdict: Option<bool>,
    /// Whether the declaration means something: `destructiveHint` and `idempotentHint` mean nothing beside
    /// `readOnlyHint: true`.
    pub meaningful: bool,
    /// Whether the declaration agrees with the verdict; `None` where one is missing or means nothing.
    pub agrees: Option<bool>,
    /// The comparison in a few words.
    pub words: &'static str,
}

/// All that a card says about annotations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AnnotationNotes {
    /// The four hints in the order of the specification.
    pub rows: Vec<HintRow>,
    /// Directory readiness.
    pub readiness: Readiness,
}

/// What the two large connector directories still ask for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Readiness {
    /// Missing for Anthropic's directory: a title, and `readOnlyHint: true` or an explicit `destructiveHint`; and the ids of
    /// what it refuses whatever is declared.
    pub anthropic: Vec<&'static str>,
    /// Missing for `OpenAI`'s portal: all three of `readOnlyHint`, `destructiveHint`, `openWorldHint` explicit.
    pub openai: Vec<&'static str>,
}

/// Compares a tool's declarations with its verdict.
pub(crate) fn notes(tool: &Tool, verdict: &Verdict, lexicon: &Lexicon) -> AnnotationNotes {
    let rows = Hint::ALL.into_iter().map(|hint| row(&tool.annotations, hint, verdict)).collect();
    AnnotationNotes { rows, readiness: readiness(tool, verdict, lexicon) }
}

/// Whether a hint means something: two of them do so only where the tool is not declared to be read-only.
pub(crate) fn is_meaningful(annotations: &Annotations, hint: Hint) -> bool {
    !matches!(hint, Hint::Destructive | Hint::Idempotent) || annotations.read_only != Some(true)
}

/// Whether a declared hint agrees with the verdict; `None` where it is not declared, not judged or means nothing.
pub fn agrees(annotations: &Annotations, hint: Hint, verdict: &Verdict) -> Option<bool> {
    verdict.annotations.hint(hint).agrees().filter(|_| is_meaningful(annotations, hint))
}

/// Whether a declaration that contradicts the verdict makes the tool look milder than it is.
pub fn understates(hint: Hint, declared: bool) -> bool {
    match hint {
        Hint::ReadOnly | Hint::Idempotent => declared,
        Hint::Destructive | Hint::OpenWorld => !declared,
    }
}

fn row(annotations: &Annotations, hint: Hint, verdict: &Verdict) -> HintRow {
    let hinted = verdict.annotations.hint(hint);
    let meaningful = is_meaningful(annotations, hint);
    let agrees = agrees(annotations, hint, verdict);
    HintRow {
        hint: hint.key(),
        declared: hinted.declared,
        default: hinted.default,
        verdict: hinted.verdict,
        meaningful,
        agrees,
        words: match (hinted.declared, agrees, hinted.verdict) {
            _ if !meaningful => "means nothing here",
            (Some(_), Some(true), _) => "agrees",
            (Some(_), Some(false), _) => "disagrees",
            (None, _, Some(true)) => "would be true",
            (None, _, Some(false)) => "would be false",
            // By the specification's words it is false only where a call does no more than add.
            (None, _, None) if hint == Hint::Destructive => "would be true",
            (Some(true), _, None) if hint == Hint::Destructive => "fits an update",
            (Some(false), _, None) if hint == Hint::Destructive => "fits what only adds",
            _ => "not judged",
        },
    }
}

/// Hints for a tool's authors to declare.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// The three hints that directories ask for, as they should be.
    pub declare: Vec<(Hint, bool)>,
    /// Declared hints that are milder than the verdict, with what is declared.
    pub milder: Vec<(Hint, bool)>,
}

impl Proposal {
    /// Whether the label is sure enough to be declared: what declares a tool to be harmless has to be sure; that one can
    /// destroy is said in any case.
    pub fn is_sure(&self, verdict: &Verdict) -> bool {
        verdict.confidence.band() == "high" || verdict.class == Class::Destructive
    }
}

/// The hints that a tool should declare; `None` where it declares all three as harsh as that or harsher. What is declared
/// and not milder stays; else a hint follows the class, an update is destructive by the specification's words, and an open
/// world is assumed where nothing is declared of it. So no proposal is ever milder than the class or than what is declared.
pub fn proposal(tool: &Tool, verdict: &Verdict) -> Option<Proposal> {
    let mut proposal = Proposal { declare: Vec::with_capacity(3), milder: Vec::new() };
    let mut differs = false;
    let read_only = verdict.class == Class::Read && tool.annotations.read_only != Some(false);
    for hint in [Hint::ReadOnly, Hint::Destructive, Hint::OpenWorld] {
        let judged = match hint {
            Hint::ReadOnly => read_only,
            // By the specification's words a tool is destructive that does more than add: an update is.
            Hint::Destructive => verdict.annotations.destructive.verdict.unwrap_or(true),
            _ => true,
        };
        let declared = tool.annotations.declared(hint);
        let cautious = |declared: bool| if hint == Hint::ReadOnly { declared && judged } else { declared || judged };
        let value = match declared {
            None => judged,
            Some(declared) if hint == Hint::OpenWorld => declared,
            Some(declared) => cautious(declared),
        };
        differs |= declared != Some(value);
        // No label says that an update is destructive: only the convention does.
        let labelled = verdict.annotations.hint(hint).verdict.is_some();
        if let Some(declared) = declared.filter(|declared| labelled && *declared != value) {
            proposal.milder.push((hint, declared));
        }
        proposal.declare.push((hint, value));
    }
    differs.then_some(proposal)
}

/// What the two large directories still ask a tool for.
pub fn readiness(tool: &Tool, verdict: &Verdict, lexicon: &Lexicon) -> Readiness {
    let undeclared = Undeclared::of(tool);
    let mut anthropic = Vec::new();
    if undeclared.title {
        anthropic.push("title");
    }
    if undeclared.safety {
        anthropic.push("destructiveHint");
    }
    anthropic.extend(refusals(tool, verdict, &verdict.findings, lexicon).into_iter().map(DirectoryRefusal::name));
    let openai = undeclared.hints().map(Hint::key).collect();
    Readiness { anthropic, openai }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classify::Classifier;

    fn destructive(name: &str, read_only: Option<bool>) -> HintRow {
        let annotations = Annotations { read_only, destructive: Some(true), ..Annotations::default() };
        let tool = Tool { name: name.into(), annotations, ..Tool::default() };
        let verdict = Classifier::new(Lexicon::embedded()).tool(&tool);
        notes(&tool, &verdict, Lexicon::embedded()).rows.swap_remove(1)
    }

    #[test]
    fn a_destructive_hint_means_nothing_beside_a_read_only_one() {
        for name in ["get_user", "delete_user"] {
            let row = destructive(name, Some(true));
            assert_eq!((row.hint, row.meaningful, row.agrees), ("destructiveHint", false, None), "{name}");
        }
        assert_eq!(destructive("get_user", None).agrees, Some(false));
        assert_eq!(destructive("delete_user", Some(false)).agrees, Some(true));
    }

    #[test]
    fn no_proposal_is_milder_than_the_class_or_than_what_is_declared() {
        let flags = [None, Some(true), Some(false)];
        let classifier = Classifier::new(Lexicon::embedded());
        for name in ["get_user", "update_user", "delete_user"] {
            for (read_only, destructive, open_world) in flags
                .into_iter()
                .flat_map(|a| flags.into_iter().flat_map(move |b| flags.into_iter().map(move |c| (a, b, c))))
            {
                let annotations = Annotations { read_only, destructive, open_world, ..Annotations::default() };
                let tool = Tool { name: name.into(), annotations: annotations.clone(), ..Tool::default() };
                let verdict = classifier.tool(&tool);
                let Some(proposal) = proposal(&tool, &verdict) else {
                    assert!(read_only.is_some() && destructive.is_some() && open_world.is_some(), "{annotations:?}");
                    continue;
                };
                for (hint, value) in proposal.declare {
                    let weaker = understates(hint, value);
                    if annotations.declared(hint) == Some(!value) {
                        assert!(!weaker, "{name}: {hint:?} {value} is milder than {annotations:?}");
                    }
                    match hint {
                        Hint::ReadOnly => assert!(!value || verdict.class == Class::Read, "{name} {annotations:?}"),
                        Hint::Destructive => {
                            assert!(value || verdict.class != Class::Destructive, "{name}");
                            assert!(value || name != "update_user", "{name} {annotations:?}");
                        }
                        _ => assert!(value || open_world == Some(false), "{name} {annotations:?}"),
                    }
                }
            }
        }
    }

    #[test]
    fn what_updates_is_proposed_destructive_and_what_only_adds_is_not() {
        let proposed = |name: &str, destructive: Option<bool>| {
            let annotations =
                Annotations { read_only: Some(false), destructive, open_world: None, ..Annotations::default() };
            let tool = Tool { name: name.into(), annotations, ..Tool::default() };
            let verdict = Classifier::new(Lexicon::embedded()).tool(&tool);
            let proposal = proposal(&tool, &verdict).expect("openWorldHint is missing");
            let milder = proposal.milder.contains(&(Hint::Destructive, false));
            (proposal.declare[1], milder)
        };
        let hint = |value: bool| (Hint::Destructive, value);
        assert_eq!(proposed("update_user", Some(false)), (hint(true), false));
        assert_eq!(proposed("delete_user", Some(false)), (hint(true), true));
        assert_eq!(proposed("create_user", Some(false)), (hint(false), false));
        assert_eq!(proposed("create_user", None), (hint(false), false));
        // What is declared stays where it is stricter.
        assert_eq!(proposed("create_user", Some(true)), (hint(true), false));
    }

    #[test]
    fn a_milder_declaration_is_told_from_a_harsher_one() {
        assert!(understates(Hint::ReadOnly, true) && understates(Hint::Destructive, false));
        assert!(!understates(Hint::ReadOnly, false) && !understates(Hint::Destructive, true));
    }
}
