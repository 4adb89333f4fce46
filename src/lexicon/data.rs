//! The rows of `verbs.toml` and `signals.toml`.

use std::collections::BTreeMap;

use serde::Deserialize;

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

/// What a word does in a sentence or a name that is not a verb's or thing's work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Function {
    /// May stand before a sentence's own verb: `this tool`, `allows you to`, `permanently`.
    Lead,
    /// A name for the tool or its call: `tool`, `it`, `command`.
    Tool,
    /// Makes a later sentence one about the same call: `also`, `then`, `permanently`.
    Also,
    /// The label of a warning: what follows is said of the tool.
    Label,
    /// A sentence that begins so says nothing that the tool does.
    Aside,
    /// A heading after which arguments, answers or examples are listed.
    Heading,
    /// Denies the verb behind it.
    Denies,
    /// Begins a clause that is a condition or a time.
    Condition,
    /// Begins a clause that describes a thing.
    Relative,
    /// `is`, `are`, `gets`: makes a participle behind it something that happens.
    Happens,
    /// `was`, `has`, `been`: makes a participle behind it something that happened.
    Happened,
    /// Sends the reader to another tool.
    Elsewhere,
    /// Sends the reader to a tool that is named behind it: `use other_tool`.
    Refers,
    /// Speaks to the reader: what follows is for them to do.
    Reader,
    /// Ends a noun phrase.
    Preposition,
    /// Joins.
    And,
    /// May follow the verb at the end of a name: `delete_all`, `delete_v2`.
    Trailing,
    /// Ends in `s` and is not a plural.
    Singular,
    /// Begins an argument's description that says what is read: `filter`, `only`.
    Filters,
    /// Says after a phrase that it is refused: `is not allowed`.
    Refuses,
    /// Says after a restriction that it can be switched off: `by default`.
    Switchable,
    /// Names of arguments whose value selects what a call does.
    Selects,
    /// Methods of HTTP.
    Method,
    /// Begins a switch's name that keeps or allows and does nothing: `no`, `skip`, `can`.
    Inert,
    /// Begins a label before a list of what a tool does: `actions`, `operations`.
    Lists,
    /// May stand between a verb and a tool that is only named: `call any other tool`.
    Any,
    /// Does what the call asks for, where the sentence says `then` or `also`.
    Agent,
    /// What stands behind it happens: `triggers the erasure of`.
    Causes,
    /// In an argument's name: its values are kinds of things, and select nothing that is done.
    Kind,
    /// What `read-only` restricts, where it stands before it.
    Restricted,
    /// In an argument's name: what is looked up, or how much of it.
    Lookup,
    /// One edit off a dangerous verb, and a word of its own: `remote`.
    Spelled,
    /// All that a tool could change: `data`, `anything`. Not to change it is to change nothing.
    Whole,
    /// Says that what is removed is lost: `permanently`, `forever`.
    Forever,
    /// In the description of a switch: it is on.
    SwitchedOn,
    /// In the description of a switch: it is off.
    SwitchedOff,
    /// Begins the name of a switch that does less where it is on: `soft`, `keep`.
    Milder,
    /// Begins the name of an argument that says what is done in some case: `on_conflict`, `after_read`.
    Whenever,
    /// The case that such a name names.
    Outcome,
    /// Says that something only would happen: `preview`, `would`.
    Supposed,
    /// What a careful tool does before it acts: `ask`, `confirmation`. Denied, the act is not.
    Asks,
    /// Says what something costs or would do: `quote`, `estimate`.
    Costs,
    // The words of those below stay unknown: they say nothing of what is done.
    /// A determiner, or a pronoun in its place: an object or a subject begins: `the`, `all`, `its`, `it`.
    Determiner,
    /// A determiner that a noun follows, and no pronoun: `the`, `your`.
    Attributive,
    /// An article: `the`, `a`.
    Article,
    /// An indefinite article: `a`, `an`.
    Indefinite,
    /// Begins the object of a verb that is done: `the`, `all`, `it`.
    Object,
    /// A universal quantifier: `all`, `every`.
    Universal,
    /// Stands before `of` and a noun: `each of the rows`.
    Partitive,
    /// A demonstrative or a possessive beside the determiners: `those`, `your`.
    Demonstrative,
    /// Speaks of what is known: `the`, `it`.
    Definite,
    /// A number in words, or a quantifier for one: `two`, `several`.
    Numeral,
    /// A pronoun that is an object: `it`, `them`.
    ObjectPronoun,
    /// A pronoun that stands for the tool or the argument itself: `it`, `this`.
    OwnPronoun,
    /// A clitic: a pronoun before a verb of another language: `los elimina`, `se eliminan`.
    Clitic,
    /// A pronoun of another language with which a verb says what happens: `se notifica`.
    Reflexive,
    /// A relative pronoun of a thing: `that`, `which`.
    RelativePronoun,
    /// An interrogative: `which`, `whether`.
    Interrogative,
    /// A modal verb of possibility: `can`, `may`, `could`.
    Possibility,
    /// A modal verb at the beginning of a sentence about the tool: `can`, `will`.
    Modal,
    /// Says that what stands behind it will be done: `will`, `going to`.
    Future,
    /// A modal verb before a passive that says what is to be: `must`, `should`.
    Normative,
    /// Makes a phrase behind it only possible: `would`, `unless`.
    Hypothetical,
    /// An epistemic modal verb: what is not always so: `may`, `might`.
    Epistemic,
    /// An auxiliary of the passive: `is`, `are`.
    PassiveAuxiliary,
    /// Begins a name that asks: `can_delete`, `is_deleted`.
    Question,
    /// A causative verb: what is made to do something does it: `makes it erase`.
    Causative,
    /// A causative verb with `to`: `causes it to erase`.
    CausativeTo,
    /// A preposition of the means: `by`, `with`, `using`.
    Instrument,
    /// A preposition before a noun for the call: `by this call`, `in the process`.
    Circumstance,
    /// A determiner of a noun for the call: `this call`, `each run`.
    CallDeterminer,
    /// A preposition of place: its noun is what something is done to, or from: `to`, `into`.
    Locative,
    /// Begins a participle that says how the rest is done: `by deleting`.
    Manner,
    /// May stand behind a noun in the plural, and not behind a verb: `messages that`, `refunds of`.
    Postmodifier,
    /// May stand before the noun that a description begins with: `the latest`, `all`.
    Premodifier,
    /// A particle of a phrasal verb: `sign up`, `log out`.
    Particle,
    /// A particle or an adverb that may stand behind a participle: `switched off`, `made anew`.
    Adverbial,
    /// Says how soon, and not that more is done: `immediately`.
    Immediate,
    /// An adverb of frequency: `daily`, `periodically`.
    Frequency,
    /// A unit of time: `days`, `hour`.
    TimeUnit,
    /// A version that is to come: `in a future release`.
    Release,
    /// An adverb of sequence: `then`, `afterwards`.
    Sequence,
    /// Behind what is named with it, something happens: `after`, `upon`.
    After,
    /// Begins a clause that is so by the time something happens: `once all checks are green`.
    WhenDone,
    /// A subordinating conjunction of a case: `unless`, `whenever`.
    Case,
    /// A conjunction or preposition of time behind `occurs`: `occurs only after`.
    Temporal,
    /// Says what is not done: `instead`, `unless`, `without`.
    Contrast,
    /// Stands before `that` and a clause that is told: `note that`, `means that`.
    Content,
    /// Ends what a denial before it denies: `will`, `also`.
    EndsDenial,
    /// Says that a verb has no object: `deletes nothing`.
    NoObject,
    /// The same behind a verb of another language: `löscht nichts`.
    ForeignNoObject,
    /// Stands behind `if` where something is not there: `if none matches`.
    Absent,
    /// Says that something can be done, and behind a denial that it cannot: `not possible`.
    Possible,
    /// Says that something may be done, unless it is denied: `allowed`.
    Allowed,
    /// Stands before a restriction that does not hold: it is denied, a condition or advice.
    Unrestricted,
    /// Says that what stands before it happens: `deletion follows`.
    Occurs,
    /// A noun for what follows from a call: `with the effect of`.
    Consequence,
    /// A noun for what comes back: `response`.
    AnswerNoun,
    /// A noun for the call: `this operation`, `the process`.
    CallNoun,
    /// A verb for what is done to the call: `while handling`.
    CallVerb,
    /// May stand beside the tool's name where it is the subject: `this tool now`.
    SubjectLead,
    /// A noun for the tool, behind the noun of what it does: `search engine`.
    ToolNoun,
    /// What answers a call: `server`, `backend`.
    Backend,
    /// Somebody else than the tool: `you`, `agents`.
    Outsider,
    /// Whom an answer goes to: `stdout`, `agent`.
    Recipient,
    /// Says what the tool makes possible: `lets you`, `enables`.
    Lets,
    /// Says what the tool is able to do: `supports deleting`.
    Capable,
    /// A noun for what the tool gives: `the ability to`, `a way to`.
    Ability,
    /// Stands before `to` and what the tool does: `used to`, `able to`.
    AbleTo,
    /// Says what a tool is for: `designed to`, `its job`.
    Purpose,
    /// Begins a sentence on when a tool is useful: `handy`.
    Useful,
    /// Says what the reader is about to do: `want to`, `need to`.
    Wants,
    /// Begins a sentence that says with what a tool works, and then what for: `leverages`, `connects`.
    Uses,
    /// Tells the reader to call the tool: `call it to`.
    Invokes,
    /// Tells the reader what to do: `please`, `must`.
    Instructs,
    /// Speaks of how a tool is called, or of another way to do it: `parameter`, `dashboard`.
    Usage,
    /// Begins a sentence that points elsewhere: `see`, `related`.
    CrossReference,
    /// Begins a sentence that may tell of another tool: `unlike`, `for`.
    Comparison,
    /// What is written about something: `guides`, `topics`.
    Writing,
    /// Says what a text is about: `covers`, `such as`.
    About,
    /// A noun for a state that is set: `the status is set to`.
    StateNoun,
    /// A noun for an argument: `this filter is sent`.
    ArgumentNoun,
    /// A noun for a key of an object: `each property is stored`.
    KeyNoun,
    /// Tells a value before what it is for: `empty to remove it`.
    ValueTold,
    /// May stand before the verb of a switch's description: `set to`, `actually`.
    SwitchLead,
    /// Behind `when`: how a switch is set: `when off`, `if omitted`.
    SwitchState,
    /// Says that what is named is only marked, or goes at another time: `scheduled`, `until`.
    NotYet,
    /// A noun before a name in code: ``the endpoint `…` ``.
    CodeNoun,
    /// A noun for what is called by its name: `any service`.
    Callable,
    /// May stand behind a noun for a tool that is called: `tool calls`, `endpoint request`.
    CalledHead,
    /// Says what a call needs: `requires the private key`.
    Requires,
    /// Beside a verb that forces, in a name: `force_push`.
    Forced,
    /// Selects only where it is the whole name of an argument: `task_id` is not a task to do.
    SelectsAlone,
    /// Behind a word that selects, the end of an argument's name: `action_type`.
    SelectorTail,
    /// In an argument's description: its value says what is done: `what to do`, `how to proceed`.
    Proceeds,
    /// Behind the verb of a switch's name: `create_if_missing`, `mark_as_read`.
    SwitchTail,
    /// A language or a noun of programs: what is calculated with it is run.
    ProgramWord,
    /// In a key that an author publishes beside a tool: it speaks of risk.
    Risk,
    /// What an author calls a tool that destroys: `critical`.
    Grave,
    /// What an author calls a tool that changes something: `medium`.
    Moderate,
    /// What an author calls a tool that only reads: `safe`.
    Mild,
    /// In an argument's name: a secret.
    Secret,
    /// Before `key` in an argument's name: a secret: `api_key`.
    SecretKey,
}

/// Words of one function.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Functions {
    /// Which.
    pub function: Function,
    /// The words, lower case.
    pub words: Vec<String>,
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
