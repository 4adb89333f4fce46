//! Readings → class, facets, evidence. The order of what counts:
//!
//! 1. the deed that name and description state, the stronger first;
//! 2. deeds behind an argument: the worst counts;
//! 3. what raises a deed that changes something (a program as an argument, "cannot be undone");
//! 4. what restricts (a dry run, "SELECT only");
//! 5. declared hints, where all of that is silent.

use super::annotations::claim;
use super::confidence::{Basis, confidence};
use super::deed::Deed;
use super::facets::facets;
use super::name::NameReading;
use super::restrict::{lowers, raises};
use super::schema::SchemaReading;
use super::text::TextReading;
use super::types::{Action, Class, Confidence, Evidence, Facet, Facets, Place, RunnerUp, Span, SpeaksFor};
use crate::lexicon::{Lexicon, Noun};
use crate::manifest::{Hint, Tool};
use crate::words::Words;

/// Everything that was read of one tool.
pub(super) struct Readings<'a> {
    pub tool: &'a Tool,
    pub description: &'a str,
    /// Phrases of the description: row and byte range.
    pub phrases: &'a [(u16, usize, usize)],
    pub words: &'a Words,
    pub name: &'a NameReading,
    pub text: &'a TextReading,
    pub text_words: &'a Words,
    pub title: &'a NameReading,
    pub schema: &'a SchemaReading,
}

/// What came of it.
pub(super) struct Decision {
    pub class: Class,
    pub base_class: Class,
    pub facets: Facets,
    pub confidence: Confidence,
    pub verb: Option<u16>,
    pub evidence: Vec<Evidence>,
    pub runner_up: Option<RunnerUp>,
    pub actions: Vec<Action>,
}

/// Evidence while it is gathered.
pub(super) struct Ledger<'a> {
    pub lexicon: &'a Lexicon,
    pub list: Vec<Evidence>,
}

impl Ledger<'_> {
    /// Notes evidence; `text` is the string at `place`.
    pub fn note(&mut self, rule: String, place: Place, text: &str, span: Span, speaks_for: SpeaksFor, weight: f32) {
        let Some(piece) = text.get(span.start..span.end) else { return };
        let seen = self
            .list
            .iter_mut()
            .find(|e| e.place == place && e.span == span && e.speaks_for == speaks_for && e.rule == rule);
        match seen {
            Some(known) => known.weight = known.weight.max(weight),
            None => self.list.push(Evidence {
                rule: rule.into(),
                place,
                span,
                text: piece.to_owned(),
                speaks_for,
                weight: (weight * 100.0).round() / 100.0,
                decides: false,
                restricts: false,
            }),
        }
    }

    /// Notes evidence that lowers.
    pub fn restriction(&mut self, rule: &str, place: &Place, text: &str, span: Span, class: Class, weight: f32) {
        let speaks_for = SpeaksFor::Class(class);
        self.note(rule.to_owned(), place.clone(), text, span, speaks_for, weight);
        let same =
            |e: &&mut Evidence| e.place == *place && e.span == span && e.speaks_for == speaks_for && e.rule == rule;
        if let Some(noted) = self.list.iter_mut().find(same) {
            noted.restricts = true;
        }
    }

    /// Notes a deed.
    pub fn deed(&mut self, deed: &Deed, place: Place, text: &str) {
        let rule = if deed.undoes {
            "prefix.undo".to_owned()
        } else {
            format!("verb.{}", self.lexicon.verbs()[deed.verb as usize].lemma)
        };
        self.note(rule, place, text, deed.span, SpeaksFor::Class(deed.class), deed.weight);
    }
}

/// Decides.
pub(super) fn decide(lexicon: &Lexicon, r: &Readings<'_>) -> Decision {
    let mut ledger = Ledger { lexicon, list: Vec::new() };
    for deed in &r.name.deeds {
        ledger.deed(deed, Place::Name, &r.tool.name);
    }
    for deed in &r.text.deeds {
        ledger.deed(deed, Place::Description, r.description);
    }
    if let Some(title) = &r.tool.title {
        for deed in &r.title.deeds {
            ledger.deed(deed, Place::Title, title);
        }
    }

    let (head, basis) = head(lexicon, r, &mut ledger);
    let mut class = head.class;
    let mut basis = basis;

    // What an argument hands over.
    let mut base = class;
    if let Some(raised) = raises(lexicon, r, &head, &mut ledger)
        && raised > base
    {
        base = raised;
        basis = Basis::Raised;
    }
    if let Some(lowered) = lowers(lexicon, r, &head, base, &mut ledger)
        && lowered < base
    {
        base = lowered;
        basis = Basis::Lowered;
    }
    class = base;

    // Deeds behind an argument.
    let (actions, worst) = actions(r, &mut ledger);
    if let Some(worst) = worst {
        // A sentence that only lists the values is no other evidence for the worst of them.
        if basis != Basis::Raised && base == worst && head.deed.is_some_and(|d| selected(r, &d)) {
            base = unselected(r).min(base);
        }
        if head.weak && basis != Basis::Raised {
            base = Class::Read;
            class = worst;
            basis = Basis::Actions;
        } else if worst >= class {
            class = worst;
            basis = Basis::Actions;
        }
    }

    if basis == Basis::Silence
        && let Some((hint, claimed)) = claim(&r.tool.annotations)
    {
        let word = if r.tool.annotations.declared(hint) == Some(true) { "true" } else { "false" };
        ledger.note(
            format!("annotation.{}", hint.key()),
            Place::Annotation(hint),
            word,
            Span { start: 0, end: word.len() },
            SpeaksFor::Class(claimed),
            0.3,
        );
        class = claimed;
        base = claimed;
        basis = Basis::Annotation;
    } else {
        for hint in [Hint::ReadOnly, Hint::Destructive] {
            let Some(declared) = r.tool.annotations.declared(hint) else { continue };
            let claimed = match (hint, declared) {
                (Hint::ReadOnly, true) => Class::Read,
                (Hint::Destructive, true) if r.tool.annotations.read_only != Some(true) => Class::Destructive,
                _ => continue,
            };
            ledger.note(
                format!("annotation.{}", hint.key()),
                Place::Annotation(hint),
                "true",
                Span { start: 0, end: 4 },
                SpeaksFor::Class(claimed),
                0.1,
            );
        }
    }
    if basis == Basis::Silence {
        class = Class::Write;
        base = Class::Write;
        let span = Span { start: 0, end: r.tool.name.len() };
        ledger.note("silence".to_owned(), Place::Name, &r.tool.name, span, SpeaksFor::Class(Class::Write), 0.05);
    }

    let mut facets = facets(lexicon, r, class, head.deed, &actions, &mut ledger);
    // A language that is restricted to reading is no program.
    if basis == Basis::Lowered && class == Class::Read {
        facets.remove(Facet::RunsCode);
    }
    let mut evidence = ledger.list;
    for e in &mut evidence {
        e.decides = match e.speaks_for {
            // A claim decides where nothing else speaks, and only there.
            SpeaksFor::Class(c) => {
                c == class && (basis == Basis::Annotation || !matches!(e.place, Place::Annotation(_)))
            }
            SpeaksFor::Facet(f) => facets.has(f),
        };
    }
    evidence.sort_by(|a, b| {
        b.weight
            .total_cmp(&a.weight)
            .then_with(|| a.place.cmp(&b.place))
            .then(a.span.cmp(&b.span))
            .then_with(|| a.rule.cmp(&b.rule))
    });
    let runner_up = runner_up(class, &evidence);
    let verb = head.deed.map(|d| d.verb);
    Decision {
        class,
        base_class: base.min(class),
        facets,
        confidence: confidence(basis),
        verb,
        evidence,
        runner_up,
        actions,
    }
}

/// The deed that name and description state.
pub(super) struct Head {
    pub class: Class,
    pub deed: Option<Deed>,
    /// Whether it may be overruled by deeds behind an argument.
    pub weak: bool,
    /// The strongest weight.
    pub weight: f32,
}

fn head(lexicon: &Lexicon, r: &Readings<'_>, ledger: &mut Ledger<'_>) -> (Head, Basis) {
    let softened =
        r.name.modifiers.iter().find(|(rule, _, _)| lexicon.signals().modifier[*rule as usize].class.is_some());
    let name = r.name.worst().or_else(|| r.title.worst()).copied();
    let text = r.text.worst().copied();
    let make = |deed: Deed| Head { class: deed.class, weight: deed.weight, weak: deed.weight < 0.62, deed: Some(deed) };
    if let Some((rule, at, count)) = softened {
        let row = &lexicon.signals().modifier[*rule as usize];
        let class = row.class.unwrap_or(Class::Read);
        let span = Span { start: r.words.span(*at).start, end: r.words.span(at + count - 1).end };
        ledger.restriction(&row.id, &Place::Name, &r.tool.name, span, class, row.weight);
        return (Head { class, deed: name, weak: false, weight: row.weight }, Basis::Lowered);
    }
    match (name, text) {
        (Some(name), Some(text)) if name.class == text.class => {
            let mut head = make(if text.weight > name.weight { text } else { name });
            head.deed = Some(name);
            (head, Basis::Agree)
        }
        // A first word that is as often a noun, and a sentence that states another deed outright.
        (Some(name), Some(text))
            if name.class == Class::Read
                && text.class > Class::Read
                && text.weight >= 0.85
                && text.at == 0
                && lexicon.verbs()[name.verb as usize].noun == Noun::Often
                && lexicon.verbs()[text.verb as usize].noun == Noun::Rarely =>
        {
            (make(text), Basis::TextAlone)
        }
        (Some(name), Some(text)) if name.weight >= 0.8 || name.weight >= text.weight => {
            // The same verb, decided by its object in the description.
            if text.by_object && text.verb == name.verb && !name.by_object {
                return (make(text), Basis::Agree);
            }
            (make(name), Basis::NameAgainst)
        }
        (Some(name), None) => {
            let basis = if name.weight >= 0.8 { Basis::NameAlone } else { Basis::WeakName };
            (make(name), basis)
        }
        (_, Some(text)) => (make(text), Basis::TextAlone),
        (None, None) => {
            if let Some(at) = r.name.answer {
                ledger.note(
                    "noun.answer".to_owned(),
                    Place::Name,
                    &r.tool.name,
                    r.words.span(at),
                    SpeaksFor::Class(Class::Read),
                    0.6,
                );
                return (Head { class: Class::Read, deed: None, weak: true, weight: 0.6 }, Basis::Answer);
            }
            (Head { class: Class::Write, deed: None, weak: true, weight: 0.0 }, Basis::Silence)
        }
    }
}

fn actions(r: &Readings<'_>, ledger: &mut Ledger<'_>) -> (Vec<Action>, Option<Class>) {
    // A reader's `action` filters what it reads, unless it is described as what the call performs.
    let reads = r.name.deeds.first().is_some_and(|d| d.class == Class::Read && d.weight >= 0.75);
    let mut worst = None;
    let mut list = Vec::new();
    let filters = reads && r.schema.actions.iter().any(|a| a.action.class > Class::Read);
    for seen in &r.schema.actions {
        if filters && !(seen.listed && seen.performs) {
            continue;
        }
        let weight = if seen.listed { 0.9 } else { 0.7 };
        let text = match &seen.place {
            Place::Pointer(pointer) => r
                .tool
                .input_schema
                .pointer(pointer.strip_prefix("/inputSchema").unwrap_or(pointer))
                .and_then(|v| v.as_str()),
            _ => None,
        };
        if let Some(text) = text
            && seen.known
        {
            let rule = seen.verb.map_or_else(
                || "noun.answer".to_owned(),
                |v| format!("verb.{}", ledger.lexicon.verbs()[v as usize].lemma),
            );
            ledger.note(rule, seen.place.clone(), text, seen.span, SpeaksFor::Class(seen.action.class), weight);
        }
        worst = worst.max(Some(seen.action.class));
        list.push(seen.action.clone());
    }
    (list, worst)
}

/// Whether a listed value of an argument selects this very deed.
fn selected(r: &Readings<'_>, deed: &Deed) -> bool {
    r.schema.actions.iter().any(|a| a.listed && a.verb == Some(deed.verb) && a.action.class >= deed.class)
}

/// The worst that name and description state beyond the deeds that a listed value selects.
fn unselected(r: &Readings<'_>) -> Class {
    let deeds = r.name.deeds.iter().chain(&r.text.deeds);
    deeds.filter(|d| !selected(r, d)).map(|d| d.class).max().unwrap_or(Class::Read)
}

/// The class that came second: the one that the heaviest other evidence speaks for, else the
/// neighbour, with what would have made it first.
fn runner_up(class: Class, evidence: &[Evidence]) -> Option<RunnerUp> {
    let deciding = evidence.iter().find(|e| e.speaks_for == SpeaksFor::Class(class))?;
    let other = evidence.iter().find_map(|e| match e.speaks_for {
        SpeaksFor::Class(c) if c != class => Some((c, e)),
        _ => None,
    });
    let (second, because) = match (other, class) {
        (Some((second, e)), _) => {
            let because = format!(
                "`{}` speaks for it with {:.2}; without `{}` ({:.2}) it would have decided.",
                e.rule, e.weight, deciding.rule, deciding.weight
            );
            (second, because)
        }
        (None, Class::Read) => {
            (Class::Write, "Nothing speaks for it; a stated deed that changes something would have.".to_owned())
        }
        (None, Class::Write) => (
            Class::Destructive,
            "Nothing speaks for it; a stated deed that removes, or that cannot be undone, would have.".to_owned(),
        ),
        (None, Class::Destructive) => (
            Class::Write,
            format!(
                "Nothing speaks for it; without `{}` ({:.2}) nothing harmless would be known.",
                deciding.rule, deciding.weight
            ),
        ),
    };
    Some(RunnerUp { class: second, because })
}
