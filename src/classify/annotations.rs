//! Declared hints beside the verdict. They are claims: they decide only where nothing else speaks.

use super::meta::contradict;
use super::types::{AnnotationAudit, Hinted};
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

/// The hints beside `class`.
pub(super) fn audit(annotations: &Annotations, class: Class) -> AnnotationAudit {
    let row = |hint: Hint, verdict: Option<bool>| Hinted {
        declared: annotations.declared(hint),
        default: hint.default(),
        verdict,
    };
    AnnotationAudit {
        read_only: row(Hint::ReadOnly, Some(class == Class::Read)),
        destructive: row(Hint::Destructive, Some(class == Class::Destructive)),
        idempotent: row(Hint::Idempotent, None),
        open_world: row(Hint::OpenWorld, None),
    }
}
