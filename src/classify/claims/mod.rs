//! What a definition claims that one call does: one file a rule.
//!
//! The worst credible claim decides. A name is one claim and vetoes none. Which claims are credible
//! is said in the table below, a paragraph a rule, and nowhere else.

mod dispatch;
mod file_written;
mod method;
mod named;
mod phrase;
mod program;
mod sentences;
mod switch;
mod value;

use super::draft::Draft;
use super::types::{Action, RuleFamily};

/// One rule, for the book and for those who ask why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RuleText {
    /// Which.
    pub rule: RuleFamily,
    /// Its stable id.
    pub id: &'static str,
    /// Whether it restricts.
    pub restricts: bool,
    /// What it says and when it is credible.
    pub text: &'static str,
}

const fn text(rule: RuleFamily, id: &'static str, restricts: bool, text: &'static str) -> RuleText {
    RuleText { rule, id, restricts, text }
}

/// Every rule, claims first.
pub const CLAIMS: [RuleText; 17] = [
    text(
        RuleFamily::Name,
        "name",
        false,
        "A verb of the name counts at either end (`delete_user`, `user_delete`). A noun that can be a verb yields to a \
         word that is only one (`schedule_delete`); what a getter reads is data (`get_delete_jobs`); verbs joined by `and`, \
         `or` or `then` all count.",
    ),
    text(
        RuleFamily::Misspelled,
        "misspelled",
        false,
        "A word of the name that the lexicon does not know, one edit away from a verb that destroys, moves money or changes \
         something beyond doubt, counts as that verb (`delte_user`), unless it is listed as a word of its own (`remote`). \
         Words of four letters are compared with verbs of at least five.",
    ),
    text(
        RuleFamily::Title,
        "title",
        false,
        "A verb of the title counts like one of the name where it begins the title. Elsewhere only a verb counts that is no \
         noun and destroys, or one that its object settles (`Issue Refund`).",
    ),
    text(
        RuleFamily::FirstSentence,
        "first-sentence",
        false,
        "The main clause of the first sentence that states something counts, with the verbs joined to its verb. Participles \
         (`deleted items`), conditions, denials and sentences about another tool state nothing.",
    ),
    text(
        RuleFamily::LaterSentence,
        "later-sentence",
        false,
        "A later clause counts where it says that the same call does more, wherever it stands: in the third person \
         (`Deletes the source.`), as what happens (`The ticket is closed.`), as a participle (`…, removing the source`), as a \
         step of a list, behind a warning's label, in an output schema (`True when this call has removed it`), in an example of \
         a call, or as what it calls or runs by name (``Calls `DELETE /users/{id}` ``). A clause states nothing that is denied \
         or conditional, that speaks of other times (`after 30 days`), of others (`by the provider`), of the answer (`is added \
         to the output`) or of another tool, or whose verb says little alone.",
    ),
    text(
        RuleFamily::Phrase,
        "phrase",
        false,
        "\"Cannot be undone\" counts wherever it is said of the tool; \"overwrites\" where the tool changes something; \
         \"arbitrary SQL\" where it runs something. A phrase that is denied, or said of another tool, counts for nothing.",
    ),
    text(
        RuleFamily::Value,
        "value",
        false,
        "Where an argument's values are verbs, the worst value counts, at any depth, also where only examples, a pattern or the \
         names of keys list them, or `none` or `keep` stands beside them. A verb alone is done to what the tool is about (`terminate` of a `vm`). `replace` beside `append` removes what was there. One value that removes something counts beside others that are \
         things (`depth`, `purge`), unless the argument is called after kinds. Values of an argument that is \
         described as a filter are data, and so are the methods of HTTP in a stored request.",
    ),
    text(
        RuleFamily::Switch,
        "switch",
        false,
        "An argument counts whose name states a destructive verb (`delete_after`, `delete_ids`), or whose description says \
         that it removes, overwrites or runs something, at any depth, also where only the title of one of its values says so; in a reader also one that sends or is written (`Folder into \
         which the message is moved`). An amount and a recipient count beside a verb of money in the name. `force` counts where \
         a push is forced; `permanent`, `skip_trash`, `overwrite` and the like where the tool changes something. A switch may \
         be written as two strings or numbers (`\"true\"`, 0 and 1).",
    ),
    text(
        RuleFamily::Program,
        "program",
        false,
        "A free argument that is a program counts where the tool runs something, where its description says that it is \
         run, or where nothing else is known of the tool. So does a `command` or `script` of which nothing is said, in a tool that is not about such. A program that is validated, formatted or explained is data; so is \
         what an explaining tool says that it does not run.",
    ),
    text(
        RuleFamily::Method,
        "method",
        false,
        "A free HTTP method beside an address counts, unless the tool stores the request or records of requests. Without an \
         address it counts where methods that change something are named and nothing says that requests are looked up.",
    ),
    text(
        RuleFamily::FileWritten,
        "file-written",
        false,
        "A reader that takes a path to save to writes a file there. A picture of a screen is the answer itself.",
    ),
    text(
        RuleFamily::Dispatch,
        "dispatch",
        false,
        "A tool that calls any other tool or endpoint by name can do what they can. An argument `tool` names one where free \
         arguments for it stand beside; so does a free `method` of a tool that states nothing else.",
    ),
    text(
        RuleFamily::Answer,
        "answer",
        false,
        "A name without a verb that names what comes back speaks for Read where nothing else is stated; so do arguments \
         that say only what is looked up, and, weaker, a description that begins with a noun or a question (`Events of an \
         issue`, `Which rows would go`).",
    ),
    text(
        RuleFamily::DryRun,
        "dry-run",
        true,
        "`dry_run`, or `preview` and `simulate` as the name's own verb, take back what the name says besides; so does a \
         description that begins with `Dry run of`. An argument of that name takes back nothing: the caller can leave it \
         out. Text that is built and, as the description says, not run or kept (`does not execute it`, `neither saved nor \
         sent`) is only returned; what is created is not.",
    ),
    text(
        RuleFamily::ReadOnly,
        "read-only",
        true,
        "\"Read-only\", \"SELECT only\" and the like take back programs, queries, dispatchers and verbs that mean little \
         alone. They take back no verb that states a change, nothing that the name joins (`get_rows_and_run_code`), no program \
         beside the query that is restricted, nothing where statements that change data are named too, and nothing where they \
         can be switched off, are advice, or speak of a part (\"not only SELECT\", \"does not change the connection\").",
    ),
    text(
        RuleFamily::Computes,
        "computes",
        true,
        "A name whose verb calculates takes back what its expression could be as a program: the expression is data.",
    ),
    text(
        RuleFamily::Returned,
        "returned",
        true,
        "A first sentence that says that instructions, a template or an unsigned transaction are returned takes back a verb \
         of the name that changes something, never one that destroys and none that is joined to it. \"As base64\" and the \
         like take back what a later sentence does not say outright.",
    ),
];

/// Gathers the claims of a tool; the values that select what a call does come back as its actions.
pub(super) fn gather(draft: &mut Draft<'_>) -> Vec<Action> {
    named::claim(draft);
    sentences::claim(draft);
    phrase::claim(draft);
    switch::claim(draft);
    method::claim(draft);
    dispatch::claim(draft);
    program::claim(draft);
    let actions = value::claim(draft);
    file_written::claim(draft);
    named::answer(draft);
    actions
}
