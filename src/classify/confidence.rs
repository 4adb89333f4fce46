//! How sure a verdict is: the probability that people accept its class, by a logistic model of a few
//! yes-or-no features. The weights are data, fitted by `toolcard eval --fit` on every labelled tool with
//! servers kept apart, and stored in `confidence.toml` with the command that made them.

use std::sync::LazyLock;

use serde::Deserialize;

use super::decide::{Basis, Worst};
use super::draft::{Claim, Draft};
use super::types::{Class, Rule};
pub(super) use super::types::Confidence;

/// What a confidence is made of, in the order of [`FEATURES`].
pub type Features = [bool; FEATURES.len()];

/// The names of the features, as `confidence.toml` lists them.
pub const FEATURES: [&str; 18] = [
    "name-and-sentence-agree",
    "name-alone",
    "sentence-alone",
    "name-is-milder",
    "sentence-is-milder",
    "later-sentence-alone",
    "value",
    "switch-or-phrase-alone",
    "program-or-dispatch",
    "noun-answers",
    "restricted",
    "weak",
    "silence-or-hint",
    "firm-verb",
    "verb-settled-by-object",
    "write",
    "destructive",
    "no-description",
];

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Model {
    /// How the weights were made.
    #[allow(dead_code, reason = "for people")]
    command: String,
    bias: f32,
    weights: std::collections::BTreeMap<String, f32>,
}

const MODEL: &str = include_str!("confidence.toml");

static WEIGHTS: LazyLock<(f32, [f32; FEATURES.len()])> = LazyLock::new(|| {
    // The file is checked by a test; a broken one makes every verdict doubtful.
    let Ok(model) = toml::from_str::<Model>(MODEL) else { return (0.0, [0.0; FEATURES.len()]) };
    let mut weights = [0.0; FEATURES.len()];
    for (weight, name) in weights.iter_mut().zip(FEATURES) {
        *weight = model.weights.get(name).copied().unwrap_or_default();
    }
    (model.bias, weights)
});

/// The confidence that features give.
pub(super) fn of(features: &Features) -> Confidence {
    let (bias, weights) = &*WEIGHTS;
    let sum: f32 = bias + features.iter().zip(weights).filter(|(on, _)| **on).map(|(_, w)| w).sum::<f32>();
    let share = 1.0 / (1.0 + (-sum).exp());
    Confidence((share * 1000.0).round() / 1000.0)
}

/// What the class of a draft rests on.
pub(super) fn features(draft: &Draft<'_>, worst: &Worst) -> Features {
    let class = worst.class;
    let stands = |c: &&Claim| c.counts();
    let of = |rules: &'static [Rule]| draft.claims.iter().filter(stands).filter(move |c| rules.contains(&c.rule));
    let class_of = |rules: &'static [Rule]| of(rules).map(|c| c.class).max();
    let name = class_of(&[Rule::Name, Rule::Misspelled]);
    let sentence = class_of(&[Rule::FirstSentence]);
    let decides = |rules: &'static [Rule]| of(rules).any(|c| c.class == class);
    let (named, said) = (name == Some(class), sentence == Some(class));
    let other = decides(&[Rule::Value, Rule::Program, Rule::Dispatch, Rule::Method]);
    let heaviest =
        draft.claims.iter().filter(stands).filter(|c| c.class == class).max_by(|a, b| a.weight.total_cmp(&b.weight));
    let firm = worst.basis == Basis::Firm;
    [
        named && said,
        named && sentence.is_none(),
        said && name.is_none(),
        said && name.is_some_and(|n| n < class),
        named && sentence.is_some_and(|s| s < class),
        firm && !named && !said && !other && decides(&[Rule::LaterSentence, Rule::Title]),
        !named && !said && decides(&[Rule::Value]),
        firm && !named && !said && !other && decides(&[Rule::Switch, Rule::Phrase, Rule::FileWritten]),
        !named && !said && decides(&[Rule::Program, Rule::Dispatch, Rule::Method]),
        decides(&[Rule::Answer]),
        draft.claims.iter().any(|c| c.lifted),
        worst.basis == Basis::Weak,
        matches!(worst.basis, Basis::Silence | Basis::Hint),
        heaviest.is_some_and(|c| c.weight >= 0.85),
        heaviest.is_some_and(|c| c.by_object),
        class == Class::Write,
        class == Class::Destructive,
        draft.r.tool.description().is_empty(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stored_model_names_every_feature_and_no_other() {
        let model: Model = toml::from_str(MODEL).unwrap();
        assert!(!model.command.is_empty());
        let known: Vec<&str> = model.weights.keys().map(String::as_str).collect();
        let mut wanted = FEATURES.to_vec();
        wanted.sort_unstable();
        assert_eq!(known, wanted);
    }
}
