//! The rows of `verbs.toml` and `signals.toml`.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::function::Functions;
use crate::risk::{Class, Facet};

/// How often a verb's form is a noun.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Noun {
    /// A verb wherever it stands.
    #[default]
    Rarely,
    /// An action only in the place of a verb.
    Often,
    /// An action only where nothing else can be one.
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
    /// Participles that no rule makes: of irregular verbs, and of other languages (`eliminado`).
    #[serde(default)]
    pub past: Vec<String>,
    /// Nouns of the verb that no rule makes: `erasure`.
    #[serde(default)]
    pub nouns: Vec<String>,
    /// What else the rules ask of a verb.
    #[serde(default)]
    pub roles: VerbRoles,
    /// What makes it ambiguous.
    #[serde(default)]
    pub note: Option<String>,
    /// Keys of the table of sources.
    pub sources: Vec<String>,
    /// Whether it is of another language, as its sources say: its forms are not told apart.
    #[serde(skip)]
    pub(super) foreign: bool,
    /// Whether its language states the verb at the end of a sentence.
    #[serde(skip)]
    pub(super) ends: bool,
}

impl Verb {
    /// Whether it is of another language: its forms are not told apart.
    pub fn is_foreign(&self) -> bool {
        self.foreign
    }

    /// Whether its language states the verb at the end of a sentence: Turkish, Hindi.
    pub fn ends_sentences(&self) -> bool {
        self.ends
    }

    /// Whether it destroys, alone or with some object.
    pub fn may_destroy(&self) -> bool {
        self.class == Class::Destructive || self.when.iter().any(|w| w.class == Class::Destructive)
    }

    /// Whether it changes something, firmly or with an object that carries a facet.
    pub fn may_change(&self) -> bool {
        (self.class == Class::Write && self.weight >= 0.7)
            || self.when.iter().any(|w| {
                w.class == Class::Write && (!w.facets.is_empty() || self.class == Class::Read || self.weight < 0.7)
            })
            || self.roles.contains(VerbRole::Befalls)
    }
}

/// What a rule asks of a verb beside its class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum VerbRole {
    /// Runs what it is given: `run`, `execute`, `query`.
    Runs,
    /// Makes the call that its arguments describe: `request`, `call`, `fetch`.
    Calls,
    /// Makes a picture of a screen: a file of it is the answer.
    Pictures,
    /// Brings many things here without changing them: `download`, `export`.
    Fetches,
    /// Discards what others did where it is forced: `push`.
    Forces,
    /// Makes something that is returned or stored: `generate`, `build`.
    Produces,
    /// Names nothing that is done by itself: `manage`, `handle`; what it does stands behind it.
    Manages,
    /// Dangerous enough to be known one edit off, though its class depends on its object.
    Watched,
    /// Computes, where all that it is given are numbers.
    Arithmetic,
    /// Cuts away from what is shown as often as from what is stored: `truncate`, `drop`.
    Cuts,
    /// Puts something where others can read it: `deploy`, `publish`.
    Publishes,
    /// Says something back: `responds with` is an answer.
    Responds,
    /// Gives out a credential: `refresh`, `exchange`.
    Mints,
    /// Addresses people or a machine with what it is given.
    Sends,
    /// Takes a program as data: `validate`, `format`, `explain`.
    Examines,
    /// As often a name space: `compute_disk_delete`.
    Space,
    /// Only reads, wherever it stands before another verb's name: `get_delete_jobs`.
    Gets,
    /// Changes what is there and does not only add to it: `update`, `rename`.
    Alters,
    /// Ends something that can begin again, unless it is for good: `close`, `deactivate`.
    Ends,
    /// Says what is taken, possible or left out as often as what is changed: `accept`, `allow`, `exclude`.
    Admits,
    /// Its subject is what something happens to: `a message goes out`, `the customer receives an e-mail`.
    Befalls,
    /// Changes something only with a particle: `power off`, `log out`, `roll back`.
    Phrasal,
    /// Names a relation that is there as often as one that is made: `is assigned to`, `attached`.
    Relates,
    /// Puts a mark on what is shown as often as on what is stored: `mark`, `highlight`.
    Marks,
    /// Turns what it is given into another form that comes back: `format`, `convert`.
    Transforms,
    /// Adds to what comes back as often as to what is kept: `add`, `include`.
    Adds,
    /// Calls what is named behind it by its name: `uses fetch_page`, `wraps the endpoint`.
    Employs,
}

/// The roles of a verb, one bit each: every rule asks for some.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "Vec<VerbRole>")]
pub struct VerbRoles(u32);

impl VerbRoles {
    /// Whether `role` is one of them.
    pub fn contains(self, role: VerbRole) -> bool {
        self.0 & (1 << role as u32) != 0
    }
}

impl From<Vec<VerbRole>> for VerbRoles {
    fn from(list: Vec<VerbRole>) -> Self {
        Self(list.into_iter().fold(0, |bits, role| bits | 1 << role as u32))
    }
}

/// A second signal that decides what an ambiguous verb means.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct When {
    /// Groups, by id, that the object must be in; empty where `target` alone decides.
    #[serde(default)]
    pub with: Vec<String>,
    /// Groups, by id, that what the action is done to or from must be in (`to a channel`).
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
pub struct LexiconSource {
    /// Title for people.
    pub title: String,
    /// Address.
    pub url: String,
}

/// What the rules ask of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GroupRole {
    /// Nouns that say what comes back, where a name has no verb.
    Answer,
    /// A program.
    Code,
    /// A query that may change data.
    Sql,
    /// Content that is not public: the first leg of an exfiltration.
    Private,
    /// Content that strangers can write: the second leg.
    Untrusted,
    /// Meant to be seen: no secret.
    Public,
    /// Ends with the session.
    Recording,
    /// Acts by itself afterwards.
    Process,
    /// Tools of other servers, endpoints: what a dispatcher calls.
    Dispatched,
    /// Text, numbers, instructions: what is only returned.
    Returned,
    /// What is stored: cut away from, it is gone.
    Stored,
    /// A language that can only read.
    ReadLanguage,
    /// A query in whatever language.
    Query,
    /// A machine: what is sent to it reaches nobody by that.
    Machine,
    /// Requests, connections: sending them is not a message to anybody.
    Traffic,
    /// In an argument's description: a program.
    ProgramNoun,
    /// What commands are typed into: a shell, a terminal.
    Interpreter,
    /// Describes requests that others make: a mock, a route.
    HttpThing,
    /// A chart or the like, returned where it is generated.
    Picture,
    /// Records of what was done: behind a verb that is as often a noun, the noun (`login_history`).
    RecordsOf,
    /// Who may do what: changed, it lasts.
    Permission,
    /// What comes back in the answer: to change it changes nothing that is kept.
    Shown,
}

/// Which actions give a group's facet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FacetFor {
    /// An action that changes something.
    Change,
    /// An action that only reads.
    Read,
    /// An action that starts or stops something.
    Start,
    /// An action that creates or changes what is said.
    Say,
}

/// Things that actions are done to.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Unique id.
    pub id: String,
    /// Nouns in the singular, of one word or two.
    pub words: Vec<String>,
    /// The facet of an action on such a thing.
    #[serde(default)]
    pub facet: Option<Facet>,
    /// Which actions have that facet.
    #[serde(default)]
    pub facet_for: Option<FacetFor>,
    /// Whether it counts only as the head noun: an order's comment is not an order.
    #[serde(default)]
    pub head: bool,
    /// What else the rules ask of it.
    #[serde(default)]
    pub role: Option<GroupRole>,
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

/// A word in a name that turns or softens the action.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Modifier {
    /// Rule id.
    pub id: String,
    /// One or two words.
    pub words: Vec<String>,
    /// The class that the action falls to.
    #[serde(default)]
    pub class: Option<Class>,
    /// The facet that the action gains.
    #[serde(default)]
    pub facet: Option<Facet>,
    /// Above 0 and at most 1.
    pub weight: f32,
    /// Why, a clause without a full stop.
    pub why: String,
    /// Keys of the table of sources.
    pub sources: Vec<String>,
}

/// What a phrase says, where its rule is more than its class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PhraseRole {
    /// What was done cannot be undone.
    Irreversible,
    /// What was there is replaced.
    Overwrites,
    /// A query or program that is free.
    Program,
    /// Statements that change data.
    Changes,
    /// A local file is written.
    Saves,
    /// The content comes back in the answer.
    Returned,
    /// What the call makes is text that it does not run.
    Unexecuted,
    /// What the call makes is kept nowhere.
    Unsaved,
    /// Only reading is possible.
    ReadOnly,
    /// Only statements that read, where the first sentence says that they are what is run.
    SelectOnly,
    /// Any other tool or endpoint can be called.
    Dispatches,
    /// In an argument's description: what it holds is run.
    Runs,
    /// It acts by itself with what it is told.
    Acts,
    /// In an argument's description: what it holds is written to something that lasts.
    Written,
}

/// Phrases of descriptions.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Phrase {
    /// Rule id.
    pub id: String,
    /// The phrases, lower case.
    pub any: Vec<String>,
    /// Lifts an action that changes something to this class.
    #[serde(default)]
    pub raises: Option<Class>,
    /// Restricts the tool to this class.
    #[serde(default)]
    pub lowers: Option<Class>,
    /// Gives this facet.
    #[serde(default)]
    pub facet: Option<Facet>,
    /// What it says, where that is more than a class.
    #[serde(default)]
    pub role: Option<PhraseRole>,
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
pub enum ArgumentEffect {
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
    /// What a call undoes or removes is lost for good.
    Permanent,
    /// Its value selects the action.
    Action,
    /// The name of another tool that is called.
    Dispatch,
    /// Who may do what is chosen with it.
    Permits,
    /// What is handed on to the tool that is called.
    Passed,
}

/// Arguments that speak by their name.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ArgumentSignal {
    /// Rule id.
    pub id: String,
    /// Names without separators, lower case.
    pub names: Vec<String>,
    /// What they do.
    pub effect: ArgumentEffect,
    /// Names that mean it only where the argument's description has one of `described`, or where it
    /// has no description.
    #[serde(default)]
    pub unless_described: Vec<String>,
    /// Words of a description that bear out one of `unless_described`.
    #[serde(default)]
    pub described: Vec<String>,
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
    /// Whether it is worth knowing and no more.
    #[serde(default)]
    pub note: bool,
    /// Where there are any, it counts only where its sentence goes on with one of these words and, behind it, a URL or an
    /// e-mail address.
    #[serde(default)]
    pub sends: Vec<String>,
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
    pub sources: BTreeMap<String, LexiconSource>,
    /// Things that actions are done to.
    pub group: Vec<Group>,
    /// Pairs of words that are one noun.
    pub compound: Vec<Compound>,
    /// Words that are neither verbs nor things.
    pub function: Vec<Functions>,
    /// Words in names.
    pub modifier: Vec<Modifier>,
    /// Phrases of descriptions.
    pub phrase: Vec<Phrase>,
    /// Arguments.
    pub argument: Vec<ArgumentSignal>,
    /// Text that is aimed at a model.
    pub model_directed: Vec<ModelDirected>,
}
