//! Why a tool needs a policy, for this verdict and no other: what decided, each facet with its own
//! reason and its own place, the deeds behind an argument, the arguments that make it worse, what
//! speaks against the label, and what the policy does about it.

use super::grammar::{a, list, number, plural};
use super::server::{Document, View};
use super::{Prose, Role};
use crate::classify::{Class, Evidence, Facet, FindingId, Place, SpeaksFor};

/// Pieces of evidence that are told one by one.
const NAMED: usize = 3;

/// The paragraphs, the deciding one first.
pub fn why(view: &View<'_>, document: &Document) -> Vec<Prose> {
    let mut out = vec![decided(view)];
    out.extend(actions(view));
    out.extend(facets(view));
    out.extend(arguments(view));
    out.extend(doubts(view));
    out.push(contained(document));
    out
}

/// What decided the class.
fn decided(view: &View<'_>) -> Prose {
    let verdict = view.verdict;
    let mut prose = Prose::new();
    if verdict.class == verdict.heuristic_class {
        prose.say(format!("The label is {}, severity {}, ", verdict.class, verdict.severity));
    } else {
        prose.say(format!(
            "The label is {}, severity {}, because a person has set it; the rules alone say {}. What they saw: ",
            verdict.class, verdict.severity, verdict.heuristic_class
        ));
    }
    let deciding: Vec<&Evidence> =
        verdict.evidence.iter().filter(|e| e.decides && matches!(e.speaks_for, SpeaksFor::Class(_))).collect();
    let shown: Vec<&Evidence> = if deciding.is_empty() {
        verdict.evidence.iter().filter(|e| matches!(e.speaks_for, SpeaksFor::Class(_))).collect()
    } else {
        deciding
    };
    if shown.is_empty() {
        prose.say(if verdict.class == verdict.heuristic_class {
            "because nothing in the definition speaks clearly: what is not known to be harmless is treated as a change."
        } else {
            "nothing that speaks clearly."
        });
        return prose;
    }
    if verdict.class == verdict.heuristic_class {
        prose.say("because of ");
    }
    // Words before claims; the same word by the same rule once.
    let mut told: Vec<&Evidence> = Vec::new();
    let (words, claims): (Vec<&Evidence>, Vec<&Evidence>) =
        shown.into_iter().partition(|e| !matches!(e.place, Place::Annotation(_)));
    for evidence in if words.is_empty() { claims } else { words } {
        if !told.iter().any(|t| t.rule == evidence.rule && t.text.eq_ignore_ascii_case(&evidence.text)) {
            told.push(evidence);
        }
    }
    let rest = told.len().saturating_sub(NAMED);
    told.truncate(NAMED);
    for (i, evidence) in told.iter().enumerate() {
        if i > 0 {
            prose.say(if i + 1 == told.len() && rest == 0 { " and " } else { ", " });
        }
        mark(evidence, &mut prose);
    }
    if rest > 0 {
        prose.say(format!(" and {} more", number(rest)));
    }
    left_behind(view, &mut prose);
    prose
}

/// What calls leave behind: the end of the deciding paragraph.
fn left_behind(view: &View<'_>, prose: &mut Prose) {
    let subject = view.subject();
    let facets = view.verdict.facets;
    let class = view.class();
    if class == Class::Read {
        prose.say(". A call leaves nothing behind, so a policy only has to say who may ");
        match subject.head.as_str() {
            "" => prose.say("use it on the "),
            head => prose.say(format!("see {} of the ", plural(head))),
        };
        prose.server_text(view.server.name()).say(" server.");
        return;
    }
    prose.say(if class == Class::Write {
        ". A call leaves something behind on the "
    } else {
        ". A call can take something from the "
    });
    prose.server_text(view.server.name()).say(" server");
    if !subject.object.is_empty() {
        prose.say(format!(", here about {},", subject.object));
    }
    prose.say(match class {
        Class::Destructive => " that no later call is sure to repair.",
        _ if facets.has(Facet::SendsOut) => " that people may have read before another call changes it.",
        _ if facets.has(Facet::StartsProcess) => " that may go on working before another call stops it.",
        _ => " that another call can change back.",
    });
}

/// One piece of evidence in words: the word, where it stands, the rule.
fn mark(evidence: &Evidence, prose: &mut Prose) {
    match &evidence.place {
        Place::Annotation(hint) => {
            prose.say("the declared ").code(hint.key());
        }
        place => {
            if evidence.text.chars().count() <= 60 && !evidence.text.is_empty() {
                prose.say(if evidence.text.contains(' ') { "the words " } else { "the word " });
                prose.code(evidence.text.as_str());
            } else {
                prose.say("what stands");
            }
            match place {
                Place::Name => prose.say(" in its name"),
                Place::Title => prose.say(" in its title"),
                Place::Description => prose.say(" in its description"),
                Place::Pointer(pointer) => prose.say(" at ").code(pointer.as_str()),
                Place::Annotation(_) => prose,
            };
        }
    }
    prose.say(" (").code(evidence.rule.as_ref()).say(")");
}

/// The deeds behind an argument.
fn actions(view: &View<'_>) -> Option<Prose> {
    let argument = view.selector()?;
    let mut prose = Prose::new();
    let of = |class: Class| -> Vec<&str> {
        view.verdict
            .actions
            .iter()
            .filter(|a| a.argument == argument && a.class == class)
            .map(|a| a.value.as_str())
            .collect()
    };
    prose.say("One name stands for several deeds: ").code(argument).say(" decides which. ");
    let mut first = true;
    for class in Class::ALL.into_iter().rev() {
        let values = of(class);
        if values.is_empty() {
            continue;
        }
        if !first {
            prose.say("; ");
        }
        first = false;
        prose.codes(&values, 6, "and").say(if values.len() == 1 { " is " } else { " are " }).say(class.name());
    }
    prose.say(". The card carries the worst of them.");
    if let Some(default) = view.verdict.actions.iter().find(|a| a.argument == argument && a.default) {
        prose.say(" A call that leaves it out gets ").code(&default.value).say(format!(
            ", {} {} deed.",
            a(default.class.name()),
            default.class
        ));
    }
    Some(prose)
}

/// Each facet with its own reason and the word that gave it.
fn facets(view: &View<'_>) -> Vec<Prose> {
    view.verdict
        .facets
        .iter()
        .map(|facet| {
            let mut prose = Prose::new();
            prose.code(facet.name()).say(": ");
            reason(view, facet, &mut prose);
            let seen = view.verdict.evidence.iter().find(|e| e.speaks_for == SpeaksFor::Facet(facet));
            if let Some(evidence) = seen {
                prose.say(" Seen by ");
                mark(evidence, &mut prose);
                prose.say(".");
            }
            prose
        })
        .collect()
}

fn reason(view: &View<'_>, facet: Facet, prose: &mut Prose) {
    let subject = view.subject();
    let things = if subject.head.is_empty() { "things".to_owned() } else { plural(&subject.head) };
    match facet {
        Facet::RunsCode => match view.named(Role::Program) {
            Some(program) => prose.say("the agent writes the program that ").code(program)
                .say(" carries, so a sentence that it read somewhere can become a command. A limit on calls does not limit what one program does."),
            None => prose.say("the agent hands over a program, so a sentence that it read somewhere can become a command. A limit on calls does not limit what one program does."),
        },
        Facet::StartsProcess => prose.say("what a call sets off acts by itself afterwards; denying the next call does not stop it, and it may cost for as long as it runs."),
        Facet::MovesMoney => match view.named(Role::Amount) {
            Some(amount) => prose.say("the sum stands in ").code(amount).say(", and the agent fills it in. A slip of one digit is paid like any other sum."),
            None => prose.say("the call pays, refunds, orders or transfers. The other side keeps its own records, and a second call does not remove the first."),
        },
        Facet::SendsOut => match view.named(Role::Recipient) {
            Some(to) => prose.say("who receives it stands in ").code(to).say(", so whoever steers the agent chooses the reader. It is also a way out for anything the agent has read before."),
            None => prose.say("people outside the conversation read the result in your name. It is also a way out for anything the agent has read before."),
        },
        Facet::Permissions => prose.say("after the call somebody may do more, or less, than before. Rights that an agent hands out outlast the task that they were for."),
        Facet::ReadsSecrets => prose.say("once a secret is in the agent's context, every tool that sends, posts or fetches can carry it away, and the only repair is a new secret."),
        Facet::Bulk => match view.named(Role::Ids) {
            Some(ids) => prose.code(ids).say(format!(" takes as many entries as the caller likes: one mistaken search becomes one mistaken call for all the {things} it found.")),
            None => prose.say(format!("one call reaches many {things} at once, so a limit on calls is no limit on how many are hit.")),
        },
    };
}

/// Arguments that make it worse.
fn arguments(view: &View<'_>) -> Option<Prose> {
    let class = view.verdict.class;
    let facets = view.verdict.facets;
    let mut prose = Prose::new();
    let space = |prose: &mut Prose| {
        if !prose.is_empty() {
            prose.say(" ");
        }
    };
    if let Some(force) = view.named(Role::Force)
        && class > Class::Read
    {
        prose.code(force).say(" lets the caller widen what is hit or step over a check of the author's.");
    }
    if let Some(path) = view.named(Role::Path) {
        space(&mut prose);
        prose.code(path).say(match class {
            Class::Read => " is a path that the caller chooses; which folders the server keeps to, its start decides and the definition does not.",
            _ => " is a path that the caller chooses, and what lies there is changed; which folders the server keeps to, its start decides.",
        });
    }
    if let Some(url) = view.named(Role::Url) {
        space(&mut prose);
        prose.code(url).say(" is an address that the caller chooses: it can point into your own network, and anything written into it leaves.");
    }
    if let Some(ids) = view.named(Role::Ids)
        && !facets.has(Facet::Bulk)
        && class > Class::Read
    {
        space(&mut prose);
        prose.code(ids).say(" takes a list; the policy format cannot count its entries.");
    }
    if let Some(text) = view.named(Role::Text)
        && class > Class::Read
        && !facets.has(Facet::RunsCode)
    {
        space(&mut prose);
        prose.code(text).say(
            " is free text: whatever the agent has in mind, also what it was told by something it read, ends up there.",
        );
    }
    (!prose.is_empty()).then_some(prose)
}

/// What speaks against the label, and how sure it is.
fn doubts(view: &View<'_>) -> Option<Prose> {
    let verdict = view.verdict;
    let mut prose = Prose::new();
    let band = verdict.confidence.band();
    if band != "high" {
        prose.say(format!("The confidence is {band}"));
        match &verdict.runner_up {
            Some(runner) => {
                prose.say(format!("; {} came second. ", runner.class)).join(Prose::from_ticks(&runner.because))
            }
            None => prose.say("."),
        };
    }
    let contradicted: Vec<&str> = crate::manifest::Hint::ALL
        .into_iter()
        .filter(|h| verdict.annotations.hint(*h).agrees() == Some(false))
        .map(crate::manifest::Hint::key)
        .collect();
    if !contradicted.is_empty() {
        if !prose.is_empty() {
            prose.say(" ");
        }
        prose.say("The server declares otherwise in ").codes(&contradicted, 4, "and");
        prose.say("; a declaration is a claim and does not lower a label that words and arguments settle.");
    }
    let has = |id: FindingId| verdict.findings.iter().any(|f| f.id == id);
    if has(FindingId::DescriptionContradictsName) {
        if !prose.is_empty() {
            prose.say(" ");
        }
        prose.say("The name says reading, and the description says what it destroys: a rule that goes by names lets it through.");
    }
    let mut warnings: Vec<&str> = Vec::new();
    if has(FindingId::ModelDirectedText) {
        warnings.push("instructions that are aimed at a model");
    }
    if has(FindingId::HiddenText) {
        warnings.push("characters that people do not see");
    }
    if has(FindingId::LookalikeLetters) {
        warnings.push("letters that look like others");
    }
    if has(FindingId::EncodedBlob) {
        warnings.push("an encoded blob");
    }
    if !warnings.is_empty() {
        if !prose.is_empty() {
            prose.say(" ");
        }
        prose.say(format!("The definition holds {}: read it before you allow anything.", list(&warnings, "and")));
    }
    if has(FindingId::MissingDescription) {
        if !prose.is_empty() {
            prose.say(" ");
        }
        prose.say("There is no description, so the name and the arguments carry the label alone.");
    }
    (!prose.is_empty()).then_some(prose)
}

/// What the policy does about it.
fn contained(document: &Document) -> Prose {
    let mut prose = Prose::of("The recommended policy: ");
    prose.join(Prose::from_ticks(&document.claims.sentence()));
    prose
}
