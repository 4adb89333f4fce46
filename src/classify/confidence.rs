//! How sure a verdict is: the probability that people accept its class, by a logistic model of a few
//! yes-or-no features. The weights are data, fitted by `toolcard eval --fit` on every labelled tool and stored in
//! `confidence.toml` with the command that made them; how good such weights are is measured with servers kept apart.
//! A verdict does not depend on its confidence.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::draft::{Basis, Claim, Draft, Worst};
pub(super) use super::types::Confidence;
use super::types::RuleFamily;
use crate::risk::Class;

/// What a confidence is made of, in the order of [`FEATURES`].
pub type Features = [bool; FEATURES.len()];

/// One feature: what it is called in `confidence.toml`, and in which direction alone it may move confidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Feature {
    /// Its name.
    pub name: &'static str,
    /// Whether it speaks for the verdict and not against it.
    pub raises: bool,
}

const fn raises(name: &'static str) -> Feature {
    Feature { name, raises: true }
}

const fn lowers(name: &'static str) -> Feature {
    Feature { name, raises: false }
}

/// The features, as `confidence.toml` lists them.
pub const FEATURES: [Feature; 11] = [
    raises("name-and-sentence-agree"),
    raises("firm-verb"),
    lowers("sentence-is-milder"),
    lowers("another-part-is-milder"),
    lowers("decided-elsewhere"),
    lowers("weak"),
    lowers(NOTHING_DECIDED),
    lowers("write"),
    lowers("destructive"),
    lowers("many-arguments"),
    lowers("long-description"),
];

/// The feature of a verdict that only a hint decided, or nothing.
const NOTHING_DECIDED: &str = "silence-or-hint";
/// How sure such a verdict can be at most, whatever the weights say: low.
const MAX_OF_NOTHING: f32 = 0.6;
/// So many arguments are many.
const MIN_MANY_ARGUMENTS: usize = 6;
/// So many bytes of description are long: more is said than the rules read well.
const MIN_LONG_BYTES: usize = 600;

/// Weights that confidence is made of: a logistic model.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Model {
    /// The log odds of a verdict without any feature.
    pub bias: f32,
    /// What each of [`FEATURES`] adds to them.
    pub weights: [f32; FEATURES.len()],
}

/// `confidence.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    /// How the weights were made.
    #[allow(dead_code, reason = "for people")]
    command: String,
    bias: f32,
    weights: BTreeMap<String, f32>,
}

/// The stored model. A test reads the file; a broken one makes every verdict doubtful.
static MODEL: LazyLock<Model> =
    LazyLock::new(|| Model::read(include_str!("confidence.toml")).unwrap_or(Model::UNKNOWING));

impl Model {
    /// The model that finds every verdict doubtful.
    pub const UNKNOWING: Self = Self { bias: 0.0, weights: [0.0; FEATURES.len()] };

    /// Reads a file like `confidence.toml`, which names every feature and no other.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(text: &str) -> Result<Self, String> {
        let stored: Stored = toml::from_str(text).map_err(|e| e.to_string())?;
        let mut model = Self { bias: stored.bias, ..Self::UNKNOWING };
        for (weight, feature) in model.weights.iter_mut().zip(FEATURES) {
            *weight = *stored.weights.get(feature.name).ok_or_else(|| format!("no weight of {}", feature.name))?;
        }
        match stored.weights.keys().find(|name| FEATURES.iter().all(|feature| feature.name != **name)) {
            Some(name) => Err(format!("no feature is called {name}")),
            None => Ok(model),
        }
    }

    /// The confidence that features give.
    pub fn confidence(&self, features: &Features) -> Confidence {
        let (mut odds, mut most) = (self.bias, 1.0_f32);
        let all = features.iter().zip(self.weights).zip(FEATURES);
        for ((_, weight), feature) in all.filter(|((on, _), _)| **on) {
            odds += weight;
            if feature.name == NOTHING_DECIDED {
                most = MAX_OF_NOTHING;
            }
        }
        let share = 1.0 / (1.0 + (-odds).exp());
        Confidence((share.min(most) * 1000.0).round() / 1000.0)
    }
}

/// The confidence that features give by the stored weights.
pub(super) fn of(features: &Features) -> Confidence {
    MODEL.confidence(features)
}

/// What the class of a draft rests on.
pub(super) fn features(draft: &Draft<'_>, worst: Worst) -> Features {
    let class = worst.class;
    let stands = |c: &&Claim| c.counts();
    let class_of = |rules: &[RuleFamily]| {
        draft.claims.iter().filter(stands).filter(|c| rules.contains(&c.rule)).map(|c| c.class).max()
    };
    let name = class_of(&[RuleFamily::Name, RuleFamily::Misspelled]);
    let sentence = class_of(&[RuleFamily::FirstSentence]);
    let (named, said) = (name == Some(class), sentence == Some(class));
    let decides = |c: &&Claim| c.counts() && c.class == class;
    // A noun of an answer stands in the name or in the first sentence.
    let elsewhere = |c: &Claim| !matches!(c.rule, RuleFamily::Answer);
    [
        named && said,
        draft.claims.iter().filter(decides).any(|c| c.weight >= 0.85),
        named && sentence.is_some_and(|s| s < class),
        draft.claims.iter().filter(stands).any(|c| c.class < class),
        worst.basis == Basis::Firm && !named && !said && draft.claims.iter().filter(decides).any(elsewhere),
        worst.basis == Basis::Weak,
        matches!(worst.basis, Basis::Silence | Basis::Hint),
        class == Class::Write,
        class == Class::Destructive,
        draft.r.schema.arguments >= MIN_MANY_ARGUMENTS,
        draft.r.description.len() > MIN_LONG_BYTES,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classify::Classifier;
    use crate::lexicon::Lexicon;
    use crate::manifest::Tool;

    const STORED: &str = include_str!("confidence.toml");

    #[test]
    fn the_stored_model_names_every_feature_and_no_other() {
        let model = Model::read(STORED).unwrap();
        assert!(model.bias > 0.0, "{model:?}");
        let first = FEATURES[0].name;
        assert!(Model::read(&STORED.replace(first, "other")).unwrap_err().contains(first));
        assert!(Model::read(&format!("{STORED}\nother = 1.0\n")).unwrap_err().contains("other"));
    }

    #[test]
    fn every_stored_weight_is_of_its_direction() {
        let model = Model::read(STORED).unwrap();
        for (feature, weight) in FEATURES.iter().zip(model.weights) {
            assert!(weight != 0.0 && (weight > 0.0) == feature.raises, "{feature:?} {weight}");
        }
    }

    #[test]
    fn where_nothing_decided_confidence_is_low_whatever_the_weights_say() {
        let nothing = FEATURES.map(|feature| feature.name == NOTHING_DECIDED);
        let certain = Model { bias: 20.0, ..Model::UNKNOWING };
        assert_eq!(certain.confidence(&nothing).band(), "low");
        let verdict =
            Classifier::new(Lexicon::embedded()).tool(&Tool { name: "frobnicator".into(), ..Tool::default() });
        assert_eq!(verdict.confidence.band(), "low");
    }
}
