//! The card's first words: what one call does, with the worst case in it.

use super::grammar::{capital, third};
use super::server::View;
use super::subject::lemma_of;
use super::{Prose, Role, grammar};
use crate::classify::{Class, Facet, Leg};

/// Deeds told one by one; more are counted.
const DEEDS: usize = 5;
/// Deeds that another call of the same tool takes back.
const SETS: [&str; 16] = [
    "change",
    "configure",
    "edit",
    "modify",
    "move",
    "patch",
    "rename",
    "reorder",
    "resize",
    "set",
    "switch",
    "toggle",
    "transition",
    "tune",
    "update",
    "assign",
];

/// Verbs that need no object.
const ALONE: [&str; 7] = ["exit", "help", "login", "logout", "sleep", "think", "wait"];

/// What it does, and the worst that it can do.
pub fn lead(view: &View<'_>) -> Prose {
    let mut prose = deed(view);
    prose.say(" ");
    worst(view, &mut prose);
    prose
}

/// What it does: one sentence.
pub fn deed(view: &View<'_>) -> Prose {
    let mut prose = Prose::new();
    let subject = view.subject();
    if let Some(argument) = view.selector() {
        let (object, with) = if subject.object.is_empty() {
            (String::new(), String::new())
        } else {
            (format!(" {}", subject.object), format!(" with {}", subject.object))
        };
        let values = view.deeds_of(argument);
        let lemmas: Vec<&str> = values.iter().map_while(|v| lemma_of(v, view.server.lexicon)).collect();
        let mut thirds: Vec<String> = Vec::new();
        for lemma in &lemmas {
            let word = third(lemma);
            if !thirds.contains(&word) {
                thirds.push(word);
            }
        }
        if lemmas.len() == values.len() && thirds.len() <= DEEDS && thirds.len() > 1 {
            prose.say(format!("{}{object}, as ", capital(&grammar::list(&thirds, "or"))));
            prose.code(argument).say(" says.");
        } else {
            prose.say(format!("Does one of {} things{with}: ", grammar::number(values.len())));
            prose.codes(&values, DEEDS, "or").say(", as ").code(argument).say(" says.");
        }
        return prose;
    }
    let Some(deed) = subject.deed() else {
        match view.verdict.verb.as_deref() {
            Some(verb) => {
                prose.say("Its deed is ").code(verb).say(", a verb that the lexicon knows from another language.")
            }
            None => prose
                .say("Neither its name nor its description holds a verb that the lexicon knows; what ")
                .code(&view.tool.name)
                .say(" does has to be read from the server's own words."),
        };
        return prose;
    };
    if !subject.in_name {
        if subject.verb.as_deref().is_some_and(|v| ALONE.contains(&v)) {
            prose.say(format!("{deed}, as its description says; the name ")).code(&view.tool.name);
            prose.say(" holds no verb that the lexicon knows.");
        } else {
            prose.say(format!("{deed} what ")).code(&view.tool.name);
            prose.say(" stands for, as its description says; the name holds no verb that the lexicon knows.");
        }
        return prose;
    }
    prose.say(deed);
    if subject.object.is_empty() && !matches!(subject.verb.as_deref(), Some("screenshot" | "snapshot")) {
        let count = view.arguments().len();
        prose.say(match count {
            0 => ", without arguments",
            1 => " what its one argument names",
            _ => " what its arguments name",
        });
    } else if let Some(given) = given(view) {
        prose.say(", given ");
        prose.codes(&given, 3, "and");
    }
    prose.say(".");
    prose
}

/// The required ids that a call has to bring, where there are few.
fn given<'a>(view: &'a View<'_>) -> Option<Vec<&'a str>> {
    let ids: Vec<&str> = view
        .arguments()
        .iter()
        .filter(|a| a.required && matches!(a.role, Some(Role::Id | Role::Ids | Role::Path | Role::Url)))
        .map(|a| a.name)
        .collect();
    (1..=3).contains(&ids.len()).then_some(ids)
}

/// The worst that one call can do: one sentence.
fn worst(view: &View<'_>, prose: &mut Prose) {
    let verdict = view.verdict;
    match verdict.class {
        Class::Destructive => destructive(view, prose),
        Class::Write => write(view, prose),
        Class::Read if verdict.facets.has(Facet::ReadsSecrets) => {
            prose.say("What comes back is meant to be secret, and it ends up in the agent's context.");
        }
        Class::Read if verdict.facets.has(Facet::RunsCode) => {
            prose.say("It runs a program that the caller writes");
            if let Some(program) = view.named(Role::Program) {
                prose.say(" in ").code(program);
            }
            prose.say(", restricted to reading by what the definition says.");
        }
        Class::Read if verdict.legs.contains(&Leg::UntrustedContent) => {
            prose.say(
                "The call changes nothing that outlives it, but what comes back may hold text that strangers wrote.",
            );
        }
        Class::Read if verdict.legs.contains(&Leg::PrivateData) => {
            prose.say("The call changes nothing that outlives it; what comes back may be private.");
        }
        Class::Read => {
            prose.say("The call changes nothing that outlives it.");
        }
    }
}

fn destructive(view: &View<'_>, prose: &mut Prose) {
    let (verdict, subject) = (view.verdict, view.subject());
    let them = if subject.many || verdict.facets.has(Facet::Bulk) { "them" } else { "it" };
    if verdict.facets.has(Facet::MovesMoney) {
        prose.say("One call can move money, and another call may not bring it back.");
        return;
    }
    if verdict.facets.has(Facet::RunsCode) {
        match view.named(Role::Program) {
            Some(program) => prose
                .say("Whatever stands in ")
                .code(program)
                .say(" runs with the server's own rights: one call can do all that they allow."),
            None => prose.say("One call hands over the power to run a program with the server's own rights."),
        };
        return;
    }
    if let Some(argument) = view.selector()
        && let Some(action) = verdict.actions.iter().find(|a| a.class == Class::Destructive && a.argument == argument)
    {
        prose
            .say("With ")
            .code(argument)
            .say(" set to ")
            .code(&action.value)
            .say(", one call can remove or overwrite ");
        prose.say(if verdict.facets.has(Facet::Bulk) { "any number of things" } else { "what is there" });
    } else if let Some(argument) = view.switch() {
        prose.say("Depending on ").code(argument).say(", one call can remove or overwrite what is there");
    } else if verdict.facets.has(Facet::Bulk) {
        prose.say("One call can hit any number of them");
    } else if view.decided_by("overwrite") || view.decided_by("replace") {
        prose.say("What stood there before is gone after one call");
    } else if !view.decided_by_name() {
        prose.say("One call can remove or overwrite what is there");
    } else {
        prose.say(format!("One call is enough to lose {them}"));
    }
    match view.undo() {
        Some((index, name)) => prose.say("; ").tool(index, name).say(" may bring it back."),
        None => prose.say(format!(", and no tool of this server is known to bring {them} back.")),
    };
}

fn write(view: &View<'_>, prose: &mut Prose) {
    let facets = view.verdict.facets;
    let bulk = facets.has(Facet::Bulk);
    if facets.has(Facet::RunsCode) {
        prose.say("What the caller hands over is kept or run as a program.");
    } else if facets.has(Facet::SendsOut) {
        prose.say(if bulk {
            "It reaches many people in one call, and what has been sent cannot be called back."
        } else {
            "Other people read it, and what has been sent cannot be called back."
        });
    } else if facets.has(Facet::Permissions) {
        prose.say(if bulk {
            "One call changes for many who may do what."
        } else {
            "Who may do what is different after the call."
        });
    } else if facets.has(Facet::StartsProcess) {
        prose.say("What it starts or stops goes on by itself after the call has returned.");
    } else if bulk {
        let subject = view.subject();
        if subject.many || subject.head.is_empty() {
            prose.say("One call can change any number of them.");
        } else {
            prose.say(format!("One call can change any number of {}.", grammar::plural(&subject.head)));
        }
    } else if let Some((index, name)) = view.undo() {
        prose.say("The change stays until somebody takes it back, for instance with ").tool(index, name).say(".");
    } else if view.subject().verb.as_deref().is_some_and(|v| SETS.contains(&v)) {
        prose.say("The change stays until another call sets the old values, which somebody has to know.");
    } else {
        prose.say("The change outlives the call, and no tool of this server is known to take it back in one step.");
    }
}
