//! The rows of `verbs.toml` and `signals.toml`.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::classify::{Class, Facet};

/// How often a verb's form is a noun.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Noun {
    /// A verb wherever it stands.
    #[default]
    Rarely,
    /// A deed only in the place of a verb.
    Often,
    /// A deed only where nothing else can be one.
    Mostly,
}

/// One verb.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Verb {
    /// Lemma, lower case; unique.
    #[serde(rename = "verb")]
    pub lemma: String,
    /// The worst that it usually means.
    pub class: Class,
    /// How much it decides alone, above 0 and at most 1.
    pub weight: f32,
    /// Facets that it carries wherever it stands.
    #[serde(default)]
    pub facets: Vec<Facet>,
    /// How often its form is a noun.
    #[serde(default)]
    pub noun: Noun,
    /// Irregular forms.
    #[serde(default)]
    pub forms: Vec<String>,
    /// Objects that decide otherwise; the first that applies counts.
    #[serde(default)]
    pub when: Vec<When>,
    /// What makes it ambiguous.
    #[serde(default)]
    pub note: Option<String>,
    /// Keys of the table of sources.
    pub sources: Vec<String>,
}

/// A second signal that decides what an ambiguous verb means.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct When {
    /// Groups, by id, that the object must be in; empty where `target` alone decides.
    #[serde(default)]
    pub with: Vec<String>,
    /// Groups, by id, that what the deed is done to or from must be in (`to a channel`).
    #[serde(default)]
    pub target: Vec<String>,
    /// The class with such an object.
    pub class: Class,
    /// The facets with such an object, besides the verb's own.
    #[serde(default)]
    pub facets: Vec<Facet>,
    /// Why, a clause without a full stop.
    pub why: String,
}

/// Where an entry comes from.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Title for people.
    pub title: String,
    /// Address.
    pub url: String,
}

/// Which deeds give a group's facet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FacetFor {
    /// A deed that changes something.
    Change,
    /// A deed that only reads.
    Read,
    /// A deed that starts or stops something.
    Start,
    /// A deed that creates or changes what is said.
    Say,
}

/// Things that deeds are done to.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Unique id.
    pub id: String,
    /// Nouns in the singular, of one word or two.
    pub words: Vec<String>,
    /// The facet of a deed on such a thing.
    #[serde(default)]
    pub facet: Option<Facet>,
    /// Which deeds have that facet.
    #[serde(default)]
    pub facet_for: Option<FacetFor>,
    /// Whether it counts only as the head noun: an order's comment is no order.
    #[serde(default)]
    pub head: bool,
    /// Why, a clause without a full stop.
    pub why: String,
    /// Keys of the table of sources.
    pub sources: Vec<String>,
}

/// Pairs of words that are one noun.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Compound {
    /// The pairs, each two words.
    pub words: Vec<String>,
    /// Why, a clause without a full stop.
    pub why: String,
    /// Keys of the table of sources.
    pub sources: Vec<String>,
}

/// A word in a name that turns or softens the deed.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Modifier {
    /// Rule id.
    pub id: String,
    /// One or two words.
    pub words: Vec<String>,
    /// The class that the deed falls to.
    #[serde(default)]
    pub class: Option<Class>,
    /// The facet that the deed gains.
    #[serde(default)]
    pub facet: Option<Facet>,
    /// Above 0 and at most 1.
    pub weight: f32,
    /// Why, a clause without a full stop.
    pub why: String,
    /// Keys of the table of sources.
    pub sources: Vec<String>,
}

/// Phrases of descriptions.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Phrase {
    /// Rule id.
    pub id: String,
    /// The phrases, lower case.
    pub any: Vec<String>,
    /// Lifts a deed that changes something to this class.
    #[serde(default)]
    pub raises: Option<Class>,
    /// Restricts the tool to this class.
    #[serde(default)]
    pub lowers: Option<Class>,
    /// Gives this facet.
    #[serde(default)]
    pub facet: Option<Facet>,
    /// Above 0 and at most 1.
    pub weight: f32,
    /// Why, a clause without a full stop.
    pub why: String,
    /// Keys of the table of sources.
    pub sources: Vec<String>,
}

/// What an argument of a certain name does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// A free query.
    Query,
    /// A program.
    Code,
    /// A shell command.
    Shell,
    /// A local file is written.
    FileOut,
    /// The author asks for a confirmation.
    Confirm,
    /// A safety can be switched off.
    Force,
    /// What was there can be replaced.
    Overwrite,
    /// Its value selects the deed.
    Deed,
}

/// Arguments that speak by their name.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Argument {
    /// Rule id.
    pub id: String,
    /// Names without separators, lower case.
    pub names: Vec<String>,
    /// What they do.
    pub effect: Effect,
    /// Above 0 and at most 1.
    pub weight: f32,
    /// Why, a clause without a full stop.
    pub why: String,
    /// Keys of the table of sources.
    pub sources: Vec<String>,
}

/// Text that is aimed at a model.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelDirected {
    /// Rule id.
    pub id: String,
    /// The phrases, lower case.
    pub any: Vec<String>,
    /// Why, a clause without a full stop.
    pub why: String,
    /// Keys of the table of sources.
    pub sources: Vec<String>,
}

/// The whole of `signals.toml`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Signals {
    /// Where entries come from.
    pub sources: BTreeMap<String, Source>,
    /// Things that deeds are done to.
    pub group: Vec<Group>,
    /// Pairs of words that are one noun.
    pub compound: Vec<Compound>,
    /// Words in names.
    pub modifier: Vec<Modifier>,
    /// Phrases of descriptions.
    pub phrase: Vec<Phrase>,
    /// Arguments.
    pub argument: Vec<Argument>,
    /// Text that is aimed at a model.
    pub model_directed: Vec<ModelDirected>,
}
