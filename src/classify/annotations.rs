//! Declared hints beside the verdict. They are claims: they decide only where nothing else speaks.

use super::meta::contradict;
use super::types::{AnnotationAudit, Evidence, Hinted, SpeaksFor};
use crate::lexicon::{Lexicon, VerbRole};
use crate::manifest::{Annotations, Hint};
use crate::risk::Class;

/// What the declared hints claim, where they claim a class.
pub(super) fn claimed(annotations: &Annotations) -> Option<(Hint, Class)> {
    if contradict(annotations) {
        return None;
    }
    match (annotations.read_only, annotations.destructive) {
        (Some(true), _) => Some((Hint::ReadOnly, Class::Read)),
        (_, Some(true)) => Some((Hint::Destructive, Class::Destructive)),
        (_, Some(false)) => Some((Hint::Destructive, Class::Write)),
        (Some(false), None) => Some((Hint::ReadOnly, Class::Write)),
        (None, None) => None,
    }
}

/// What a tool of `class` should declare as `destructiveHint`; nothing where it changes what is there: the specification
/// calls a tool destructive that does more than add, and authors differ in what they call more.
pub(super) fn destructive(class: Class, alters: bool) -> Option<bool> {
    (class != Class::Write || !alters).then_some(class == Class::Destructive)
}

/// Whether what decides that a tool is Write changes what is there.
pub(super) fn alters(lexicon: &Lexicon, evidence: &[Evidence]) -> bool {
    evidence.iter().filter(|e| e.decides && e.speaks_for == SpeaksFor::Class(Class::Write)).any(|e| {
        let lemma = e.rule.strip_prefix("verb.").unwrap_or_default();
        let verb = lexicon.index().word(lemma).verb;
        verb.is_some_and(|(verb, _)| lexicon.verbs()[verb as usize].roles.contains(VerbRole::Alters))
    })
}

/// The hints beside `class`.
pub(super) fn audit(annotations: &Annotations, class: Class, alters: bool) -> AnnotationAudit {
    let row = |hint: Hint, verdict: Option<bool>| Hinted {
        declared: annotations.declared(hint),
        default: hint.default(),
        verdict,
    };
    AnnotationAudit {
        read_only: row(Hint::ReadOnly, Some(class == Class::Read)),
        destructive: row(Hint::Destructive, destructive(class, alters)),
        idempotent: row(Hint::Idempotent, None),
        open_world: row(Hint::OpenWorld, None),
    }
}
