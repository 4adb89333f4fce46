//! What the definition now says that a call does, and did not say before.

use super::texts::{Texts, around, at, normal, part_of, sentences};
use super::{MAX_CHANGES, News};
use crate::catalog::lock::Label;
use crate::classify::{Classifier, Evidence, FindingLevel, Place, SpeaksFor};
use crate::lexicon::Lexicon;
use crate::manifest::{DefinitionPart, Tool};
use crate::review::change::Proof;
use crate::review::compare::StateTool;
use crate::review::state::Definition;
use crate::risk::{Class, Facet, Span};

/// The claims of `after` that `before` does not make and that its label does not cover.
pub(super) fn added(before: StateTool<'_>, after: StateTool<'_>, moved: &[DefinitionPart]) -> Vec<News> {
    let Some(new) = after.definition else { return Vec::new() };
    let label = &before.row.label;
    let alone = before.definition.map(|old| alone(after.lexicon, old, new)).unwrap_or_default();
    let mut now = SaidClaims::of(new);
    now.claims.extend(alone.iter().map(|claim| (claim, words(new, &now.texts, claim))));
    let was = before.definition.map(SaidClaims::of);
    let mut absorbed: Vec<usize> = Vec::new();
    let mut news: Vec<News> = Vec::new();
    for (claim, words) in &now.claims {
        let part = part_of(&claim.place.to_string());
        // What did not move says nothing new, whatever the rules make of it now; a new name has moved.
        if !(moved.contains(&part) || part == DefinitionPart::Name && before.row.tool != after.row.tool) {
            continue;
        }
        let Some(level) = level(claim, label) else { continue };
        match &was {
            Some(was) if was.stands(claim, words) || was.absorbs(claim, words, &now, &mut absorbed) => continue,
            // A lock does not hold the words: what its label covers may have been said before.
            None if covered(claim, label) => continue,
            _ => {}
        }
        let (place, note) = (claim.place.to_string(), claim.speaks_for.name());
        let proof = Proof::Rule((*claim).clone());
        match news.iter_mut().find(|n| n.place == place && n.words == *words) {
            Some(known) => {
                known.level = known.level.max(level);
                if !known.notes.contains(&note) {
                    known.notes.push(note);
                }
                known.proofs.push(proof);
            }
            None => {
                news.push(News { place, words: (*words).to_owned(), notes: vec![note], level, proofs: vec![proof] });
            }
        }
    }
    news
}

/// What is before a sentence that is read alone: asides and warnings do not come first.
const BEFORE: &str = "A tool. ";

/// The grave claims of each new sentence of the description, read as if it were all that is said: a verdict
/// rests on the beginning of a text, and what was added to its end is what a review is for.
fn alone(lexicon: &Lexicon, old: &Definition, new: &Definition) -> Vec<Evidence> {
    let Some(description) = &new.tool.description else { return Vec::new() };
    let was = Texts::of(&old.tool);
    let classifier = Classifier::new(lexicon);
    let mut claims: Vec<Evidence> = Vec::new();
    for (start, sentence) in sentences(description).filter(|(_, sentence)| !was.says(sentence)) {
        if claims.len() >= MAX_CHANGES {
            break;
        }
        let tool =
            Tool { name: "it".into(), description: Some(format!("{BEFORE}{sentence}").into()), ..Tool::default() };
        for mut claim in classifier.tool(&tool).evidence {
            let Some(at) = claim.span.start.checked_sub(BEFORE.len()) else { continue };
            claim.span = Span { start: start + at, end: start + claim.span.end - BEFORE.len() };
            claim.decides = false;
            let known =
                |e: &Evidence| e.place == claim.place && e.span == claim.span && e.speaks_for == claim.speaks_for;
            // Many of a kind must not hide one of another.
            let many = claims.iter().filter(|e| e.speaks_for == claim.speaks_for).count() >= MAX_CHANGES;
            let grave = claim.place == Place::Description && is_grave(&claim) && is_claim(&claim);
            if grave && !many && !new.verdict.evidence.iter().any(known) {
                claims.push(claim);
            }
        }
    }
    claims
}

/// How much a new claim matters beside the label that was reviewed; `None` where it adds nothing to it.
fn level(claim: &Evidence, label: &Label) -> Option<FindingLevel> {
    let raised = |raised: bool| if raised { FindingLevel::Error } else { FindingLevel::Warning };
    match claim.speaks_for {
        SpeaksFor::Class(Class::Destructive) => Some(raised(label.class < Class::Destructive)),
        SpeaksFor::Class(class) => (class > label.class).then_some(FindingLevel::Warning),
        SpeaksFor::Facet(facet @ (Facet::MovesMoney | Facet::RunsCode)) => Some(raised(!label.facets.has(facet))),
        SpeaksFor::Facet(Facet::SendsOut) => Some(FindingLevel::Warning),
        SpeaksFor::Facet(_) => None,
    }
}

/// Whether a claim matters where a sentence is read alone: that a call changes something is easily misread.
fn is_grave(claim: &Evidence) -> bool {
    match claim.speaks_for {
        SpeaksFor::Class(class) => class == Class::Destructive,
        SpeaksFor::Facet(facet) => matches!(facet, Facet::MovesMoney | Facet::RunsCode | Facet::SendsOut),
    }
}

fn covered(claim: &Evidence, label: &Label) -> bool {
    match claim.speaks_for {
        SpeaksFor::Class(class) => class <= label.class,
        SpeaksFor::Facet(facet) => label.facets.has(facet),
    }
}

/// A definition with its claims and the words that make them.
struct SaidClaims<'a> {
    definition: &'a Definition,
    texts: Texts<'a>,
    claims: Vec<(&'a Evidence, &'a str)>,
}

/// Places that a claim can move between without being another.
#[derive(PartialEq, Eq)]
enum ClaimKind {
    Name,
    Title,
    Sentence,
    Argument,
}

impl<'a> SaidClaims<'a> {
    fn of(definition: &'a Definition) -> Self {
        let texts = Texts::of(&definition.tool);
        let claims = definition.verdict.evidence.iter().filter(|e| is_claim(e));
        let claims = claims.map(|claim| (claim, words(definition, &texts, claim))).collect();
        Self { definition, texts, claims }
    }

    /// Whether the very words of a claim of another state are here as well.
    fn stands(&self, claim: &Evidence, words: &str) -> bool {
        match (&claim.place, kind(&claim.place)) {
            (_, ClaimKind::Name) => self.definition.tool.name == words,
            (Place::Pointer(pointer), ClaimKind::Argument) => {
                self.claims.iter().any(|(known, said)| known.place == claim.place && said == &words)
                    || self.texts.at(pointer).is_none() && exists(self.definition, pointer)
            }
            _ => self.texts.says(words),
        }
    }

    /// Whether a claim of the head is one of these, said in other words or elsewhere. Each of these
    /// that the head has lost stands for one; a title only repeats.
    fn absorbs(&self, claim: &Evidence, words: &str, head: &Self, absorbed: &mut Vec<usize>) -> bool {
        let kind_of = kind(&claim.place);
        let alike = |known: &Evidence| known.rule == claim.rule && known.speaks_for == claim.speaks_for;
        let same = |known: &Evidence| alike(known) && kind(&known.place) == kind_of;
        let lost = self.claims.iter().enumerate().find(|(i, (known, said))| {
            same(known)
                && !absorbed.contains(i)
                && (kind_of != ClaimKind::Argument || normal(said) == normal(words))
                && !head.stands(known, said)
        });
        if let Some((i, _)) = lost {
            absorbed.push(i);
            return true;
        }
        let said_so = self.claims.iter().any(|(known, _)| same(known));
        // What the label rests on is not news in another place.
        (kind_of == ClaimKind::Title || !said_so) && self.claims.iter().any(|(known, _)| alike(known) && known.decides)
    }
}

fn is_claim(evidence: &Evidence) -> bool {
    !evidence.restricts && !matches!(evidence.place, Place::Annotation(_))
}

fn kind(place: &Place) -> ClaimKind {
    match place {
        Place::Name => ClaimKind::Name,
        Place::Title => ClaimKind::Title,
        Place::Pointer(pointer) if pointer == "/annotations/title" => ClaimKind::Title,
        Place::Pointer(pointer) if !pointer.ends_with("/description") => ClaimKind::Argument,
        _ => ClaimKind::Sentence,
    }
}

/// The words that make a claim: its sentence, the whole name, the argument or its value.
fn words<'a>(definition: &'a Definition, texts: &Texts<'a>, claim: &'a Evidence) -> &'a str {
    match at(&definition.tool, texts, &claim.place) {
        Some(text) if claim.place == Place::Name => text,
        Some(text) => around(text, claim.span),
        None => &claim.text,
    }
}

/// Whether something is at a pointer of the definition.
fn exists(definition: &Definition, pointer: &str) -> bool {
    let tool = &definition.tool;
    pointer.strip_prefix("/inputSchema").is_some_and(|below| tool.input_schema.pointer(below).is_some())
        || tool
            .output_schema
            .as_ref()
            .zip(pointer.strip_prefix("/outputSchema"))
            .is_some_and(|(schema, below)| schema.pointer(below).is_some())
}
