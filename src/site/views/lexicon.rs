//! The lexicon: every verb and signal that the rules know, every rule id an anchor.

use std::collections::HashSet;

use serde::Serialize;

use super::label::LabelView;
use super::page::PageView;
use crate::classify::{RuleInfo, rules};
use crate::config::Config;
use crate::english::{capital, count};
use crate::lexicon::{ArgumentEffect, FacetFor, Lexicon, Signals, Verb, When};
use crate::risk::{Class, Facet, Facets, Severity};
use crate::site::html::Html;
use crate::site::urls;

/// The view of `lexicon.html`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LexiconView {
    /// Head and frame.
    pub page: PageView,
    /// How many verbs and signals there are.
    pub counts: String,
    /// The other rules by kind.
    pub kinds: Vec<RuleKind>,
    /// Every verb: by class, the worst first, in parts that fold.
    pub verbs: Vec<VerbPart>,
    /// Where entries come from.
    pub sources: Vec<SourceRow>,
}

/// Rules of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RuleKind {
    /// Anchor of the section.
    pub id: &'static str,
    /// The heading of the section.
    pub title: &'static str,
    /// What these rules look at.
    pub lead: &'static str,
    /// One row for each rule.
    pub rules: Vec<RuleRow>,
}

/// Verbs of one class whose initials follow each other.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct VerbPart {
    /// The class.
    pub label: LabelView,
    /// `a to d`, `other letters`, or nothing where the class has one part.
    pub initials: String,
    /// The verbs, in alphabetical order.
    pub rows: Vec<VerbRow>,
}

/// A signal of the lexicon: what it speaks for, how much, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RuleRow {
    /// Its id, an anchor.
    pub id: String,
    /// The id with its breaks.
    pub id_html: Html,
    /// What it does.
    pub effect: String,
    /// The slug of the class that it claims or restricts to, or nothing.
    pub class: &'static str,
    /// Names of the facets that it gives, with spaces between.
    pub facets: String,
    /// The words that it knows.
    pub words: String,
    /// The reason why it counts.
    pub why: String,
    /// Keys of its sources.
    pub sources: Vec<String>,
}

/// A verb of the lexicon: its weight, its facets, and what decides otherwise.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct VerbRow {
    /// Its rule's id, an anchor.
    pub id: String,
    /// The verb without inflection.
    pub lemma: String,
    /// How much it decides alone, in hundredths.
    pub weight: String,
    /// Ids of the facets that the verb gives.
    pub facets: Vec<&'static str>,
    /// What decides otherwise, and notes: sentences.
    pub notes: String,
    /// Keys of its sources.
    pub sources: Vec<String>,
}

/// Where entries come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SourceRow {
    /// Its key, part of its anchor.
    pub key: String,
    /// What the source is called: the text of the link.
    pub title: String,
    /// Its address.
    pub href: String,
}

/// The lexicon as a page.
pub fn lexicon(config: &Config, lexicon: &Lexicon) -> LexiconView {
    let path = urls::LEXICON;
    let signals = lexicon.signals();
    let mut kinds = kinds(signals);
    kinds.insert(0, built_in(lexicon, &kinds));
    let rules: usize = kinds.iter().map(|k| k.rules.len()).sum();
    LexiconView {
        page: PageView::new(
            config,
            path,
            "The lexicon",
            "Every verb and signal that speaks for a class or a facet, how much it decides, and where that comes from.",
        )
        .within("method")
        .crumbs(config, &[("Method", urls::METHOD), ("Lexicon", path)]),
        counts: format!("{} and {}", count(lexicon.verbs().len(), "verb"), count(rules, "other rule")),
        kinds,
        verbs: Class::ALL.into_iter().rev().flat_map(|class| verb_parts(lexicon, class)).collect(),
        sources: signals
            .sources
            .iter()
            .map(|(key, source)| SourceRow {
                key: key.clone(),
                title: source.title.clone(),
                href: urls::web(&source.url).unwrap_or_default().to_owned(),
            })
            .collect(),
    }
}

/// A part has at most this many verbs: more are too many to open at once.
const MAX_PART: usize = 160;

/// The verbs of a class, cut between initials; those in other scripts and with accents are a part of their own.
fn verb_parts(lexicon: &Lexicon, class: Class) -> Vec<VerbPart> {
    let verbs: Vec<&Verb> = lexicon.verbs().iter().filter(|verb| verb.class == class).collect();
    let initial = |verb: &Verb| verb.lemma.chars().next().filter(char::is_ascii_lowercase);
    let mut parts: Vec<Vec<&Verb>> = Vec::new();
    let mut last = None;
    for letter in verbs.chunk_by(|a, b| initial(a) == initial(b)) {
        let own = initial(letter[0]);
        match parts.last_mut() {
            Some(part) if (own.is_some() && part.len() + letter.len() <= MAX_PART) || own == last => {
                part.extend(letter);
            }
            _ => parts.push(letter.to_vec()),
        }
        last = own;
    }
    let many = parts.len() > 1;
    let of = |part: Vec<&Verb>| {
        let initials = match part.first().copied().and_then(initial).zip(part.last().copied().and_then(initial)) {
            _ if !many => String::new(),
            Some((first, last)) if first == last => first.to_string(),
            Some((first, last)) => format!("{first} to {last}"),
            None => "other letters".to_owned(),
        };
        let label = LabelView::new(class, Severity::of(class, Facets::default()));
        VerbPart { label, initials, rows: part.into_iter().map(verb).collect() }
    };
    parts.into_iter().map(of).collect()
}

/// The objects that decide: `With ticket or page`, `To or from channel`.
fn objects(when: &When) -> String {
    let (with, target) = (when.with.join(" or "), when.target.join(" or "));
    match (with.is_empty(), target.is_empty()) {
        (false, true) => format!("With {with}"),
        (false, false) => format!("With {with}, to or from {target}"),
        (true, _) => format!("To or from {target}"),
    }
}

fn verb(verb: &Verb) -> VerbRow {
    let mut notes = String::new();
    let mut say = |sentence: String| {
        if !notes.is_empty() {
            notes.push(' ');
        }
        notes.push_str(&sentence);
    };
    for when in &verb.when {
        let facets = if when.facets.is_empty() {
            String::new()
        } else {
            format!(" with {}", when.facets.iter().map(|f| f.name()).collect::<Vec<_>>().join(", "))
        };
        say(format!("{}: {}{facets}, because {}.", objects(when), when.class, when.why));
    }
    if let Some(note) = &verb.note {
        say(format!("Ambiguous: {note}."));
    }
    let forms: Vec<&str> = [&verb.forms, &verb.past, &verb.nouns].into_iter().flatten().map(String::as_str).collect();
    if !forms.is_empty() {
        say(format!("Also: {}.", forms.join(", ")));
    }
    let facets: Facets = verb.facets.iter().copied().collect();
    VerbRow {
        id: format!("verb.{}", verb.lemma),
        lemma: verb.lemma.clone(),
        weight: format!("{:.2}", verb.weight),
        facets: facets.iter().map(Facet::name).collect(),
        notes,
        sources: verb.sources.clone(),
    }
}

fn kinds(signals: &Signals) -> Vec<RuleKind> {
    let row = |id: String, effect: String, words: &[String], why: &str, sources: &[String]| RuleRow {
        id_html: Html::name(&id),
        id,
        effect,
        class: "",
        facets: String::new(),
        words: words.join(", "),
        why: sentence(why),
        sources: sources.to_vec(),
    };
    let weight = |w: f32| format!(", weight {w:.2}");
    vec![
        RuleKind {
            id: "rules-objects",
            title: "Objects",
            lead: "What a verb is done to. It may mean something else with such an object, and some objects give a facet.",
            rules: signals
                .group
                .iter()
                .map(|g| {
                    let effect = match (g.facet, g.facet_for) {
                        (Some(facet), Some(FacetFor::Change)) => format!("{facet}, where the call changes something"),
                        (Some(facet), Some(FacetFor::Read)) => format!("{facet}, where the call only reads"),
                        (Some(facet), Some(FacetFor::Start)) => {
                            format!("{facet}, where the call starts or stops something")
                        }
                        (Some(facet), Some(FacetFor::Say)) => {
                            format!("{facet}, where the call creates or changes what is said")
                        }
                        (Some(facet), None) => facet.to_string(),
                        (None, _) => "decides what a verb means".to_owned(),
                    };
                    speaks(row(format!("object.{}", g.id), effect, &g.words, &g.why, &g.sources), None, g.facet)
                })
                .collect(),
        },
        RuleKind {
            id: "rules-names",
            title: "Words in names",
            lead: "Words beside the verb of a name that restrict it or give a facet.",
            rules: signals
                .modifier
                .iter()
                .map(|m| {
                    let effect = match (m.class, m.facet) {
                        (Some(class), _) => format!("restricts to {class}"),
                        (None, Some(facet)) => facet.to_string(),
                        (None, None) => "notes".to_owned(),
                    };
                    let row = row(m.id.clone(), effect + &weight(m.weight), &m.words, &m.why, &m.sources);
                    speaks(row, m.class, m.facet)
                })
                .collect(),
        },
        RuleKind {
            id: "rules-phrases",
            title: "Phrases in descriptions",
            lead: "Words of a description that claim, restrict or give a facet, wherever they are in it.",
            rules: signals
                .phrase
                .iter()
                .map(|p| {
                    let effect = match (p.raises, p.lowers, p.facet) {
                        (Some(class), _, _) => format!("claims {class}"),
                        (_, Some(class), _) => format!("restricts to {class}"),
                        (_, _, Some(facet)) => facet.to_string(),
                        _ => "notes".to_owned(),
                    };
                    let row = row(p.id.clone(), effect + &weight(p.weight), &p.any, &p.why, &p.sources);
                    speaks(row, p.raises.or(p.lowers), p.facet)
                })
                .collect(),
        },
        RuleKind {
            id: "rules-arguments",
            title: "Arguments",
            lead: "Arguments that say by their name what they hand over. The rules of claims say when that counts.",
            rules: signals
                .argument
                .iter()
                .map(|a| {
                    row(a.id.clone(), effect(a.effect).to_owned() + &weight(a.weight), &a.names, &a.why, &a.sources)
                })
                .collect(),
        },
        RuleKind {
            id: "rules-model",
            title: "Text aimed at a model",
            lead: "Phrases that a description has no need of. They are findings and move no class.",
            rules: signals
                .model_directed
                .iter()
                .map(|m| row(m.id.clone(), "finding model-directed-text".to_owned(), &m.any, &m.why, &m.sources))
                .collect(),
        },
    ]
}

/// The row of a rule that speaks for a class or a facet.
fn speaks(mut row: RuleRow, class: Option<Class>, facet: Option<Facet>) -> RuleRow {
    row.class = class.map_or("", Class::slug);
    row.facets = facet.map(|f| f.name().to_owned()).unwrap_or_default();
    row
}

/// The rules that are in the code and not in the lexicon: those that no other kind has.
fn built_in(lexicon: &Lexicon, kinds: &[RuleKind]) -> RuleKind {
    let known: HashSet<&str> = kinds.iter().flat_map(|k| &k.rules).map(|r| r.id.as_str()).collect();
    let says = |rule: &RuleInfo| {
        let class = rule.class.map(Class::name);
        let words: Vec<&str> = class.into_iter().chain(rule.facets.iter().map(|f| f.name())).collect();
        format!(
            "{}, weight {:.2}",
            if words.is_empty() { "as declared".to_owned() } else { words.join(", ") },
            rule.weight
        )
    };
    let rules = rules(lexicon)
        .into_iter()
        .filter(|rule| !rule.id.starts_with("verb.") && !known.contains(rule.id.as_str()))
        .map(|rule| RuleRow {
            id_html: Html::name(&rule.id),
            effect: says(&rule),
            class: rule.class.map_or("", Class::slug),
            facets: rule.facets.iter().map(|f| f.name()).collect::<Vec<_>>().join(" "),
            words: rule.title,
            why: sentence(&rule.reason),
            sources: rule.sources,
            id: rule.id,
        })
        .collect();
    RuleKind {
        id: "rules-fixed",
        title: "Other rules",
        lead: "What names, schemas, annotations and missing texts say beyond their words.",
        rules,
    }
}

fn effect(effect: ArgumentEffect) -> &'static str {
    match effect {
        ArgumentEffect::Query => "a free query",
        ArgumentEffect::Code => "a program",
        ArgumentEffect::Shell => "a shell command",
        ArgumentEffect::FileOut => "a local file is written",
        ArgumentEffect::Confirm => "asks for a confirmation",
        ArgumentEffect::Force => "a safety can be switched off",
        ArgumentEffect::Overwrite => "what was there can be replaced",
        ArgumentEffect::Permanent => "what a call changes is lost for good",
        ArgumentEffect::Action => "its value selects what a call does",
        ArgumentEffect::Dispatch => "names another tool that is called",
        ArgumentEffect::Permits => "chooses who may do what",
        ArgumentEffect::Passed => "is handed on to the tool that is called",
    }
}

/// A clause as a sentence.
fn sentence(clause: &str) -> String {
    capital(clause) + "."
}
