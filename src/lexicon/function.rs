//! What words do that are neither verbs nor things: rows `[[function]]` of `signals.toml`.

use serde::Deserialize;

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
