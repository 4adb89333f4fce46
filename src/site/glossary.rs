//! Every term that pages use in a sense of their own: one table, from which the glossary page, docs/glossary.md and the links
//! of all pages to a term are made.

use std::borrow::Cow;
use std::collections::HashMap;

use foldhash::fast::RandomState;
use tera::{Function, Kwargs, State, TeraResult};

use crate::risk::{Class, Facet, Severity};
use crate::site::html::Html;
use crate::site::urls::{self, ListPage};
use crate::site::views::lists::{class_meaning, facet_meaning, severity_meaning};

/// A word of the pages and what it means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// Its anchor.
    pub id: String,
    /// The word.
    pub term: &'static str,
    /// What it means: one or two sentences, names between backticks.
    pub text: String,
    /// The page of the site that says more, with its fragment; empty where none does.
    pub page: (String, &'static str),
    /// The chapter of the book that says more.
    pub chapter: &'static str,
}

const CLAIMS: &str = "labels.md#claims";
const FACETS: &str = "labels.md#facets";
const WORST: &str = "labels.md#the-worst-of-what-is-left";
const HINTS: &str = "labels.md#annotations-are-claims";
const FINDINGS: &str = "labels.md#findings";
const DOCUMENT: &str = "policy.md#the-document";
const PROFILES: &str = "policy.md#three-documents-a-server";
const TRIFECTA: &str = "labels.md#the-lethal-trifecta";

/// Term, meaning, page and fragment, chapter.
const WORDS: [(&str, &str, &str, &str, &str); 40] = [
    (
        "class",
        "The worst that one ordinary call of a tool can do to state that outlives the call: `Read`, `Write` or `Destructive`.",
        urls::METHOD,
        "classes",
        "labels.md#what-a-label-answers",
    ),
    (
        "severity",
        "One to four bars, computed from class and facets and from nothing else.",
        urls::METHOD,
        "severity",
        WORST,
    ),
    (
        "facet",
        "A reason why a tool deserves more care than its class alone says. There are seven; each has its place on the upper edge of a card.",
        urls::METHOD,
        "facets",
        FACETS,
    ),
    ("label", "Class, severity and facets of one tool.", urls::METHOD, "order", "labels.md#what-a-label-answers"),
    (
        "verdict",
        "All that the rules say of one tool: the label, the confidence, the evidence and the findings.",
        urls::METHOD,
        "order",
        "labels.md#the-way-to-a-verdict",
    ),
    (
        "claim",
        "What one part of a definition says that a call does: the name, a main clause, a value of an argument, a switch.",
        urls::METHOD,
        "claims",
        CLAIMS,
    ),
    (
        "restriction",
        "What a definition says that a call does not do. It takes back the claims that it speaks of; nothing else lowers a class.",
        urls::METHOD,
        "claims",
        "labels.md#restrictions",
    ),
    (
        "evidence",
        "One observation that speaks for a class or a facet: the rule, the place, the exact words. It decides, or supports what other evidence decides.",
        urls::METHOD,
        "examples",
        "labels.md#the-way-to-a-verdict",
    ),
    (
        "rule",
        "What turns words into evidence. Every rule has an id, and every piece of evidence names its rule.",
        urls::LEXICON,
        "",
        "lexicon.md",
    ),
    (
        "lexicon",
        "The list of verbs, objects and phrases that the rules know, with their sources.",
        urls::LEXICON,
        "",
        "lexicon.md",
    ),
    ("weight", "How much a piece of evidence decides alone, from 0 to 1.", urls::LEXICON, "verbs", "lexicon.md"),
    (
        "decides",
        "Said of evidence that the class or a facet rests on: without it the label could be another.",
        urls::METHOD,
        "order",
        WORST,
    ),
    (
        "supporting",
        "Said of evidence that speaks for a class or a facet that holds without it, or for a milder class.",
        urls::METHOD,
        "order",
        WORST,
    ),
    (
        "runner-up",
        "The class that is the next likely, and what would have made it the tool’s.",
        urls::METHOD,
        "order",
        "labels.md#the-runner-up",
    ),
    (
        "confidence",
        "How likely people are to accept the class: high from 90 %, medium from 70 %, else low.",
        urls::METHOD,
        "accuracy",
        "labels.md#confidence",
    ),
    (
        "acceptable",
        "Said of a class that an annotator gave, or called just as right.",
        urls::METHOD,
        "accuracy",
        "accuracy.md",
    ),
    (
        "blind round",
        "A hundred tools drawn at random that nobody had looked at, labelled before the verdicts were seen.",
        urls::METHOD,
        "accuracy",
        "accuracy.md#blind-rounds",
    ),
    (
        "precision",
        "Of the tools that got a class, the share where it is acceptable.",
        urls::METHOD,
        "accuracy",
        "accuracy.md#by-class-and-by-facet",
    ),
    (
        "recall",
        "Of the tools that annotators gave a class, the share whose verdict is acceptable.",
        urls::METHOD,
        "accuracy",
        "accuracy.md#by-class-and-by-facet",
    ),
    (
        "finding",
        "What a reader must know that is not a class: hidden text, text aimed at a model, a hint that contradicts the label.",
        urls::QUEUE,
        "",
        FINDINGS,
    ),
    (
        "annotation",
        "A hint that a server declares about its own tool, such as `readOnlyHint`. It is a claim and no proof.",
        urls::METHOD,
        "order",
        HINTS,
    ),
    ("understates", "Said of a declared hint that makes a tool look milder than its label.", urls::QUEUE, "", HINTS),
    ("overstates", "Said of a declared hint that makes a tool look worse than its label.", urls::QUEUE, "", HINTS),
    (
        "directory",
        "A public list of servers that asks authors for certain hints: those of Anthropic (A) and of OpenAI (O).",
        "",
        "",
        HINTS,
    ),
    (
        "definition",
        "One entry of a manifest, exactly as the server declares it: name, title, description, schemas, annotations.",
        urls::METHOD,
        "order",
        "labels.md#what-a-label-answers",
    ),
    (
        "manifest",
        "What a server says of itself: its identity and its answer to `tools/list`.",
        urls::SERVERS,
        "",
        "configuration.md",
    ),
    (
        "policy",
        "The document that a gateway between an agent and a server enforces: `policy.json`. What it says of one tool is the rule on the tool’s card.",
        "",
        "",
        DOCUMENT,
    ),
    ("default action", "What a document does with a tool that it does not name. Ours denies.", "", "", DOCUMENT),
    (
        "hidden",
        "Taken out of the list of tools that an agent sees. A call of it is denied all the same.",
        "",
        "",
        DOCUMENT,
    ),
    ("rate limit", "How many calls a minute a document allows. Calls are counted for one grant.", "", "", DOCUMENT),
    (
        "grant",
        "What a client was given to reach a server with, such as a token: `scope: grant` counts the calls of each apart.",
        "",
        "",
        DOCUMENT,
    ),
    ("profile", "How far a document trusts the agent: `read-only`, `guarded` or `open`.", "", "", PROFILES),
    ("read-only", "The profile that names the tools that read, and denies every other.", "", "", PROFILES),
    ("guarded", "The recommended profile: every tool under the rule that its card recommends.", "", "", PROFILES),
    ("open", "The profile that also allows tools that destroy, a few calls a minute.", "", "", PROFILES),
    (
        "lethal trifecta",
        "Private data, untrusted content and external communication, on one server or in one client: together they let a stranger’s text carry data away.",
        urls::ATTACKS,
        "",
        TRIFECTA,
    ),
    ("leg", "One of the three parts of the lethal trifecta.", urls::ATTACKS, "", TRIFECTA),
    (
        "fingerprint",
        "A hash of each part of a definition, so that a change says what moved.",
        "",
        "",
        "review.md#the-lock",
    ),
    (
        "lock",
        "The committed record of every label and fingerprint that a reviewer has seen: `risk.lock`.",
        "",
        "",
        "review.md#the-lock",
    ),
    (
        "override",
        "A person’s decision that replaces a verdict, with a reason, a name, a date and the definition’s fingerprint.",
        "",
        "",
        "review.md#overrides",
    ),
];

/// All terms, in alphabetical order.
pub fn terms() -> Vec<Term> {
    let term = |term: &'static str, text: String, page: (String, &'static str), chapter| Term {
        id: term.to_lowercase().replace([' ', '_'], "-"),
        term,
        text,
        page,
        chapter,
    };
    let list = |list: ListPage| (urls::list(&list, ""), "");
    let mut terms: Vec<Term> = WORDS
        .iter()
        .map(|(word, text, page, fragment, chapter)| {
            term(word, (*text).to_owned(), ((*page).to_owned(), *fragment), *chapter)
        })
        .collect();
    terms.extend(Class::ALL.map(|c| {
        term(
            c.name(),
            format!("A class. {}", class_meaning(c)),
            list(ListPage::Class(c)),
            "labels.md#what-a-label-answers",
        )
    }));
    terms.extend(
        Severity::ALL.map(|s| {
            term(s.name(), format!("A severity. {}", severity_meaning(s)), list(ListPage::Severity(s)), WORST)
        }),
    );
    terms.extend(
        Facet::ALL.map(|f| term(f.name(), format!("A facet. {}", facet_meaning(f)), list(ListPage::Facet(f)), FACETS)),
    );
    terms.sort_by_cached_key(|term| term.term.to_lowercase());
    terms
}

/// The template function `term(id=…, root=page.root)`: a link to a term's entry. `word` is said in place of the term.
#[derive(Debug, Clone)]
pub struct TermLink(HashMap<String, &'static str, RandomState>);

impl Default for TermLink {
    fn default() -> Self {
        Self(terms().into_iter().map(|term| (term.id, term.term)).collect())
    }
}

impl Function<TeraResult<String>> for TermLink {
    fn call(&self, arguments: Kwargs, _: &State<'_>) -> TeraResult<String> {
        let id: &str = arguments.must_get("id")?;
        let id =
            if self.0.contains_key(id) { Cow::Borrowed(id) } else { Cow::Owned(id.to_lowercase().replace('_', "-")) };
        let root: &str = arguments.must_get("root")?;
        let term = self.0.get(&*id).ok_or_else(|| tera::Error::message(format!("the glossary has no term `{id}`")))?;
        let word = arguments.get::<&str>("word")?.unwrap_or(term);
        let mut html = Html::with_capacity(96);
        html.push_markup("<a href=\"")
            .push_attribute(root)
            .push_markup(urls::GLOSSARY)
            .push_markup("#")
            .push_attribute(&id)
            .push_markup("\">");
        html.push_text(word).push_markup("</a>");
        Ok(html.into_string())
    }

    fn is_safe(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Profile;
    use std::collections::BTreeSet;

    #[test]
    fn every_term_has_one_entry_and_one_sentence_or_two() {
        let terms = terms();
        let ids: BTreeSet<&str> = terms.iter().map(|term| term.id.as_str()).collect();
        assert_eq!(ids.len(), terms.len());
        for term in &terms {
            assert!(term.text.ends_with('.') && term.text.len() < 200, "{}", term.text);
        }
        let known: BTreeSet<&str> = terms.iter().map(|term| term.term).collect();
        let profiles = Profile::ALL.map(Profile::name);
        let names = Class::ALL.map(Class::name).into_iter().chain(Severity::ALL.map(Severity::name));
        for name in names.chain(Facet::ALL.map(Facet::name)).chain(profiles) {
            assert!(known.contains(name), "{name}");
        }
    }
}
