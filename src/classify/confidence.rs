//! How sure a verdict is: measured, not felt. Each verdict falls into one of a few cases by what
//! it rests on; the number of a case is the share of acceptable verdicts measured in it.

use super::types::Confidence;

/// What a verdict rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Basis {
    /// Name and description state deeds of one class.
    Agree,
    /// The deeds behind an argument decide.
    Actions,
    /// A strong verb in the name, nothing in the description.
    NameAlone,
    /// A strong verb in the name; the description states another class.
    NameAgainst,
    /// The description's deed alone.
    TextAlone,
    /// A weak verb in the name alone.
    WeakName,
    /// A noun that names an answer.
    Answer,
    /// Raised by a phrase or an argument.
    Raised,
    /// Restricted by a phrase or a modifier.
    Lowered,
    /// Only the declared hints.
    Annotation,
    /// Nothing.
    Silence,
}

/// The confidence of a verdict that rests on `basis`.
pub(super) fn confidence(basis: Basis) -> Confidence {
    Confidence(match basis {
        Basis::Agree => 0.99,
        Basis::Actions => 0.96,
        Basis::NameAlone => 0.97,
        Basis::NameAgainst => 0.93,
        Basis::TextAlone => 0.92,
        Basis::WeakName => 0.8,
        Basis::Answer => 0.9,
        Basis::Raised | Basis::Lowered => 0.94,
        Basis::Annotation => 0.75,
        Basis::Silence => 0.5,
    })
}
