//! Questions that a reader asks of one tool. Every document in an answer is a `Policy` value, and
//! what the answer says of it is what `decide()` returns.

use serde::Serialize;
use serde_json::{Value, json};

use super::grammar::{a, date};
use super::server::{Document, View};
use super::{Prose, Role, lead};
use crate::classify::{Class, Facet};
use crate::manifest::Hint;
use crate::policy::{self, Answer, Clause, Condition, Entry, Limit, Outcome, Path, Policy, Rule, Test, Window};

/// One piece of an answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Block {
    /// Sentences.
    Paragraph {
        /// The sentences.
        prose: Prose,
    },
    /// A whole document: print it with `Policy::to_json`.
    Policy {
        /// The document.
        policy: Policy,
    },
}

/// A question and its answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Question {
    /// Stable id, an anchor on the page.
    pub id: &'static str,
    /// The question, with its question mark.
    pub question: Prose,
    /// The answer.
    pub answer: Vec<Block>,
}

impl Question {
    fn new(id: &'static str, question: Prose) -> Self {
        Self { id, question, answer: Vec::new() }
    }

    fn say(mut self, prose: Prose) -> Self {
        if !prose.is_empty() {
            self.answer.push(Block::Paragraph { prose });
        }
        self
    }

    fn show(mut self, policy: Policy) -> Self {
        self.answer.push(Block::Policy { policy });
        self
    }
}

/// The questions, those that everybody asks first.
pub fn questions(view: &View<'_>, document: &Document) -> Vec<Question> {
    let outcome = document.claims.outcome();
    let mut out =
        vec![what(view), enforce(view, document), risk(view), limit(view, document, outcome), block(view, outcome)];
    out.extend(allow(view, document, outcome));
    out.extend(per_call(view, document, outcome));
    out.extend(later(view, document, outcome));
    out.extend([approval(view, outcome), declared(view), confidence(view), provider(view), version(view)]);
    out
}

fn named(before: &'static str, view: &View<'_>, after: &'static str) -> Prose {
    let mut prose = Prose::of(before);
    prose.code(&view.tool.name).say(after);
    prose
}

fn what(view: &View<'_>) -> Question {
    Question::new("what", named("What does ", view, " do?")).say(lead::lead(view))
}

fn enforce(view: &View<'_>, document: &Document) -> Question {
    let gateway = &view.server.setting.config.gateway;
    let mut answer = Prose::of("Give this document to ");
    answer.link(&gateway.name, gateway.url.as_deref()).say(" as ").code("policy.json");
    answer.say(" and let clients reach the server only through it. ");
    answer.join(Prose::from_ticks(&document.claims.sentence()));
    let mut merge = Prose::new();
    if view.server.manifest.tools.len() > 1 {
        merge.say("To keep other tools of the server working, take the server's whole document: this one names no other tool.");
    }
    Question::new("enforce", named("How do I enforce a policy on ", view, "?"))
        .say(answer)
        .show(document.policy.clone())
        .say(merge)
}

fn risk(view: &View<'_>) -> Question {
    let verdict = view.verdict;
    let mut answer =
        Prose::of(format!("{}: it is {} {} tool", verdict.severity, a(verdict.class.name()), verdict.class));
    let facets: Vec<&str> = verdict.facets.iter().map(Facet::name).collect();
    if facets.is_empty() {
        answer.say(" without a facet.");
    } else {
        answer.say(" with ").codes(&facets, 7, "and").say(".");
    }
    answer.say(" The severity follows from class and facets and from nothing else.");
    Question::new("risk", named("What risk level is ", view, "?")).say(answer)
}

fn limited(name: &str, max: u64) -> Entry {
    Entry { limits: vec![Limit { counter: format!("{name}_rate"), window: Window::Minute, max }], ..Entry::default() }
}

fn document_of(view: &View<'_>, entry: Entry) -> Policy {
    policy::tool_document(&view.tool.name, &Rule::Entry(entry))
}

fn limit(view: &View<'_>, document: &Document, outcome: Outcome) -> Question {
    let question = Question::new("limit", named("Can I limit how often ", view, " is called?"));
    let numbers = view.server.setting.numbers;
    if let Some((max, window, _)) = &document.claims.limit {
        let mut answer = Prose::of(format!(
            "Yes, and the recommended document does: {} in one {window} {} allowed, the next one is denied. Change ",
            if *max == 1 { "1 call".to_owned() } else { format!("{max} calls") },
            if *max == 1 { "is" } else { "are" },
        ));
        answer
            .code("max")
            .say(" for another number, or ")
            .code("window")
            .say(" to ")
            .code("hour")
            .say(" or ")
            .code("day")
            .say(".");
        return question.say(answer);
    }
    let facets = view.verdict.facets;
    let (max, mut answer) = match outcome {
        Outcome::Hidden | Outcome::Denied => {
            let mut answer = Prose::of("You can, but a limit says how often and not what. ");
            if facets.has(Facet::RunsCode) {
                answer.say("One program is enough to do all that the server's rights allow. ");
            } else if facets.has(Facet::MovesMoney) {
                answer.say("One payment is enough to do the damage. ");
            } else if facets.has(Facet::Bulk) {
                answer.say("One call may reach everything. ");
            } else {
                answer.say("One call is enough to lose something. ");
            }
            answer.say("Who wants the tool all the same allows it like this.");
            (numbers.destructive, answer)
        }
        _ => (
            numbers.write,
            Prose::of("Yes. The recommended document sets no limit, because a call changes nothing; this one does."),
        ),
    };
    let document = document_of(view, limited(&view.tool.name, max));
    let next = max.saturating_add(1);
    if policy::decide(&document, &view.tool.name, &Value::Null, next).answer == Answer::Deny {
        answer.say(format!(" The {} call within one minute is denied.", ordinal(next)));
    }
    question.say(answer).show(document)
}

/// "1st", "2nd", "31st".
fn ordinal(n: u64) -> String {
    let end = match (n % 10, n % 100) {
        (1, h) if h != 11 => "st",
        (2, h) if h != 12 => "nd",
        (3, h) if h != 13 => "rd",
        _ => "th",
    };
    format!("{n}{end}")
}

fn block(view: &View<'_>, outcome: Outcome) -> Question {
    let question = Question::new("block", named("How do I block ", view, " completely?"));
    let document = policy::tool_document(&view.tool.name, &Rule::Hide);
    let decision = policy::decide(&document, &view.tool.name, &Value::Null, 1);
    let mut answer = Prose::new();
    if outcome == Outcome::Hidden {
        answer.say("The recommended document does: the name stands in ").code("hide");
        answer.say(", so the agent does not see the tool, and a call is denied at ").code(decision.rule).say(".");
        return question.say(answer);
    }
    if decision.answer != Answer::Hidden {
        answer.say("Leave it out: under ").code("\"default\": \"deny\"").say(" a tool that is not listed is denied.");
        return question.say(answer);
    }
    answer.say("Put the name into ").code("hide").say(" in the place of its entry under ").code("tools");
    answer.say(". The agent does not see the tool, and a call is denied at ").code(decision.rule);
    answer.say(". Alone, this document denies the rest of the server as well; in the server's whole document the rest keeps its own rules.");
    question.say(answer).show(document)
}

/// How to let through what the recommendation stops.
fn allow(view: &View<'_>, document: &Document, outcome: Outcome) -> Option<Question> {
    let numbers = view.server.setting.numbers;
    let name = &view.tool.name;
    let question = || Question::new("allow", named("How do I allow ", view, " after all?"));
    match outcome {
        Outcome::Hidden | Outcome::Denied => {
            let mut answer = Prose::of("Take the name out of ");
            if outcome == Outcome::Hidden {
                answer.code("hide").say(" and list it under ").code("tools");
            } else {
                answer.code("deny_if").say(" and leave a limit in its place");
            }
            answer.say(". A call is then allowed whatever its arguments are");
            let document = document_of(view, limited(name, numbers.destructive));
            let next = numbers.destructive.saturating_add(1);
            if policy::decide(&document, name, &Value::Null, next).answer == Answer::Deny {
                answer.say(format!("; the {} within one minute is denied", ordinal(next)));
            }
            answer.say(". Before that, give the server an account that cannot do the worst.");
            Some(question().say(answer).show(document))
        }
        Outcome::Narrowed => {
            let entry = document.policy.tools.get(name)?;
            let mut wider = entry.clone();
            let (mut argument, mut value) = (None, None);
            for clause in &mut wider.deny_if {
                for condition in &mut clause.conditions {
                    if let Test::NotIn(kept) = &mut condition.test
                        && argument.is_none()
                    {
                        let path = condition.path.as_str().strip_prefix(Path::ROOT)?.to_owned();
                        let denied = document.claims.selected.iter().find(|s| s.argument == path)?;
                        let (next, _) = denied.values.iter().find(|(_, d)| d.answer != Answer::Allow)?;
                        kept.push(next.clone());
                        argument = Some(path);
                        value = Some(next.clone());
                    }
                }
            }
            let (argument, value) = (argument?, value?);
            let shown = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            let wider = document_of(view, wider);
            if policy::decide(&wider, name, &json!({ argument.as_str(): value }), 1).answer != Answer::Allow {
                return None;
            }
            let mut title = Prose::of("How do I allow ");
            title.code(&shown).say(" after all?");
            let mut answer = Prose::of("Add ");
            answer.code(&shown).say(" to the values of ").code(&argument).say(" that may pass; nothing else changes. ");
            answer.say("A call with it is then allowed as often as the others, with whatever its other arguments say.");
            Some(Question::new("allow", title).say(answer).show(wider))
        }
        Outcome::Allowed | Outcome::Limited => None,
    }
}

/// Whether the number of things in one call can be limited.
fn per_call(view: &View<'_>, document: &Document, outcome: Outcome) -> Option<Question> {
    let ids = view.arguments().iter().find(|a| a.role == Some(Role::Ids));
    if view.class() == Class::Read || (ids.is_none() && !view.verdict.facets.has(Facet::Bulk)) {
        return None;
    }
    let question = Question::new("per-call", named("Can I limit how many things one call of ", view, " hits?"));
    let mut answer = Prose::of("No. A condition compares an argument with a value; it cannot count the entries of ");
    let Some(ids) = ids else {
        answer.say("a list, and a limit counts calls.");
        return Some(question.say(answer));
    };
    answer.code(ids.name).say(", and a limit counts calls.");
    if ids.required || !matches!(outcome, Outcome::Allowed | Outcome::Limited) {
        return Some(question.say(answer));
    }
    let entry = document.policy.tools.get(&view.tool.name)?;
    let path = Path::of_argument(ids.name)?;
    let mut stricter = entry.clone();
    stricter.deny_if.push(Clause {
        conditions: vec![Condition { path, test: Test::Exists(true) }],
        on_deny: Some("One at a time: lists are switched off.".to_owned()),
    });
    let stricter = document_of(view, stricter);
    let denied = policy::decide(&stricter, &view.tool.name, &json!({ ids.name: ["a"] }), 1).answer == Answer::Deny;
    let passes = policy::decide(&stricter, &view.tool.name, &json!({}), 1).answer == Answer::Allow;
    if !(denied && passes) {
        return Some(question.say(answer));
    }
    answer.say(" What it can do is to deny every call that carries ").code(ids.name).say(" at all, like this.");
    Some(question.say(answer).show(stricter))
}

/// What happens to a value that a later version adds.
fn later(view: &View<'_>, document: &Document, outcome: Outcome) -> Option<Question> {
    let argument = view.selector()?;
    let mut title = Prose::of("What if a later version adds a value to ");
    title.code(argument).say("?");
    let mut answer = Prose::new();
    let selected = document.claims.selected.iter().find(|s| s.argument == argument);
    match (outcome, selected) {
        (Outcome::Hidden | Outcome::Denied, _) => {
            answer.say("Nothing changes: every call is denied, whatever ").code(argument).say(" says.");
        }
        (_, Some(selected)) if selected.unknown.answer != Answer::Allow => {
            answer.say("A call with it is denied at ").code(&selected.unknown.rule);
            answer
                .say(": the rule names the values that may pass, not those that may not. A call without ")
                .code(argument);
            answer.say(if selected.absent.answer == Answer::Allow { " is allowed." } else { " is denied too." });
        }
        _ => {
            answer
                .say("A call with it is allowed like any other, because the document does not look at ")
                .code(argument);
            answer.say(". Compare the new version's labels with those you have reviewed before you take it.");
        }
    }
    Some(Question::new("later-version", title).say(answer))
}

fn approval(view: &View<'_>, outcome: Outcome) -> Question {
    let mut answer =
        Prose::of("Not through this document: its format knows no approval step, a call is allowed or denied. ");
    answer.say(match outcome {
        Outcome::Hidden | Outcome::Denied => {
            "A person who wants the call has to make it elsewhere, or to change the document. "
        }
        Outcome::Narrowed => "For the values that are denied a person has to change the document. ",
        Outcome::Limited | Outcome::Allowed => "What it allows, it allows without asking. ",
    });
    answer.say("Some clients ask by themselves; the other formats on this card say which do.");
    Question::new("approval", named("Does a person have to approve calls of ", view, "?")).say(answer)
}

fn declared(view: &View<'_>) -> Question {
    let verdict = view.verdict;
    let hints = |agrees: bool| -> Vec<&'static str> {
        Hint::ALL.into_iter().filter(|h| verdict.annotations.hint(*h).agrees() == Some(agrees)).map(Hint::key).collect()
    };
    let (wrong, right) = (hints(false), hints(true));
    let class = verdict.class;
    if !wrong.is_empty() {
        let mut answer = Prose::of("Because ");
        answer.codes(&wrong, 4, "and").say(if wrong.len() == 1 { " is a claim" } else { " are claims" });
        answer.say(" of the author, and the specification tells clients to trust such claims only from servers that they trust. ");
        let deciding: Vec<&str> = verdict.evidence.iter().filter(|e| e.decides).map(|e| e.rule.as_ref()).collect();
        let mut rules: Vec<&str> = Vec::new();
        for rule in deciding {
            if !rules.contains(&rule) {
                rules.push(rule);
            }
        }
        if rules.is_empty() {
            answer.say("The definition's own words decide.");
        } else {
            answer.say("The definition's own words decide, here by ").codes(&rules, 4, "and").say(".");
        }
        return Question::new("declared", Prose::of(format!("Why {class}, when the server declares otherwise?")))
            .say(answer);
    }
    if right.is_empty() {
        let answer = "Because words and arguments say so. A missing annotation is no evidence in either direction, though a client that follows the specification has to assume the worst of it.";
        return Question::new("declared", Prose::of(format!("Why {class}, when nothing is declared?")))
            .say(Prose::of(answer));
    }
    let mut answer = Prose::of("Yes: ");
    answer.codes(&right, 4, "and").say(if right.len() == 1 { " agrees" } else { " agree" });
    answer.say(
        " with the label. It does not rest on that: a declaration decides only where words and arguments are silent.",
    );
    Question::new("declared", Prose::of("Does the server say the same of itself?")).say(answer)
}

fn confidence(view: &View<'_>) -> Question {
    let verdict = view.verdict;
    let band = verdict.confidence.band();
    let mut answer = Prose::of(format!(
        "The rules give {:.0} of 100 that a careful reader would accept the class {}: {band} confidence. ",
        f64::from(verdict.confidence.0.clamp(0.0, 1.0)) * 100.0,
        verdict.heuristic_class
    ));
    match &verdict.runner_up {
        Some(runner) => {
            answer.say(format!("{} came second. ", runner.class)).join(Prose::from_ticks(&runner.because));
        }
        None => {
            answer.say("No other class has evidence.");
        }
    }
    if verdict.class != verdict.heuristic_class {
        answer.say(format!(" A person has replaced it by {}.", verdict.class));
    } else if band == "low" {
        answer.say(" It stands in the review queue until a person has looked.");
    }
    Question::new("confidence", Prose::of(format!("What does the {band} confidence mean?"))).say(answer)
}

fn provider(view: &View<'_>) -> Question {
    let server = &view.server.manifest.server;
    let mut answer = Prose::new();
    answer.say("The ").server_text(view.server.name()).say(" server");
    if let Some(package) = &server.package {
        answer.say(", published as ").code(package);
        match server.registry.as_deref() {
            Some("npm") => answer.say(" on npm"),
            Some("pypi") => answer.say(" on PyPI"),
            Some(other) => answer.say(" on ").code(other),
            None => answer.say(""),
        };
    }
    if let Some(license) = &server.license {
        answer.say(" under ").server_text(license);
    }
    answer.say(". ");
    match server.repository.as_deref().and_then(owner_and_name) {
        Some(name) => answer.say("Its source is ").code(name).say("."),
        None => match &server.repository {
            Some(address) => answer.say("The address that the package names for its source is ").code(address).say("."),
            None => answer.say("The package names no source repository."),
        },
    };
    Question::new("provider", named("Which server provides ", view, "?")).say(answer)
}

/// `owner/repository` of an address at a known host.
fn owner_and_name(address: &str) -> Option<String> {
    let rest = address.strip_prefix("https://")?;
    let (host, path) = rest.split_once('/')?;
    if !matches!(host, "github.com" | "gitlab.com" | "codeberg.org" | "bitbucket.org") {
        return None;
    }
    let mut steps = path.trim_end_matches('/').split('/');
    let (owner, name) = (steps.next()?, steps.next()?.trim_end_matches(".git"));
    (!owner.is_empty() && !name.is_empty()).then(|| format!("{owner}/{name}"))
}

fn version(view: &View<'_>) -> Question {
    let manifest = view.server.manifest;
    let server = &manifest.server;
    let mut answer = Prose::new();
    match (&server.package_version, &server.package) {
        (Some(version), Some(package)) => answer.say("Version ").code(version).say(" of ").code(package),
        (Some(version), None) => answer.say("Version ").code(version),
        (None, _) => answer.say("The manifest does not name the version"),
    };
    if let Some(day) = &manifest.captured_at {
        answer.say(", read on ").server_text(date(day));
    }
    if let Some(revision) = &manifest.protocol_version {
        answer.say(" over revision ").code(revision).say(" of the protocol");
    }
    answer.say(". Another version may declare another tool under the same name: compare fingerprints before you rely on the label.");
    if let (Some(own), Some(package)) = (&server.version, &server.package_version)
        && own != package
    {
        answer.say(" The server calls itself ").code(own).say(", which is often the version of its framework.");
    }
    Question::new("version", Prose::of("Which version was read, and when?")).say(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinals_and_repositories_are_read() {
        assert_eq!([1, 2, 3, 11, 12, 31, 111].map(ordinal), ["1st", "2nd", "3rd", "11th", "12th", "31st", "111th"]);
        assert_eq!(owner_and_name("https://github.com/a/b.git").as_deref(), Some("a/b"));
        assert_eq!(owner_and_name("https://modelcontextprotocol.io"), None);
        assert_eq!(owner_and_name("javascript:alert(1)"), None);
    }
}
