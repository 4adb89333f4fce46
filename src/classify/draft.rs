//! What is known of one tool while it is classified: claims, then restrictions, then what is left of both.

use std::collections::{HashMap, HashSet};

use super::name::NameReading;
use super::schema::{SchemaReading, SwitchArgument};
use super::sentence::TextReading;
use super::stated::Stated;
use super::text::Text;
use super::types::{Evidence, Place, RuleFamily, SpeaksFor};
use crate::counted::steps;
use crate::lexicon::{Lexicon, Verb, VerbRole};
use crate::manifest::{Annotations, Tool};
use crate::risk::{Class, Facet, Facets, Span};

/// Everything that was read of one tool.
pub(super) struct ToolReadings<'a> {
    pub lexicon: &'a Lexicon,
    pub tool: &'a Tool,
    /// The hints that are evidence: the declared ones, or none where they look stamped.
    pub hints: &'a Annotations,
    pub description: &'a str,
    /// Phrases of the description: row and byte range.
    pub phrases: &'a [(u16, usize, usize)],
    pub words: &'a Text,
    pub name: &'a NameReading,
    pub text: &'a TextReading,
    pub text_words: &'a Text,
    pub title_text: &'a str,
    pub title_place: Place,
    pub title: &'a NameReading,
    pub title_words: &'a Text,
    pub schema: &'a SchemaReading,
}

/// From this weight on a claim is firm: below it a verb means little without its object, and any firm
/// claim settles what it means.
pub(super) const FIRM: f32 = 0.62;

/// The same of a claim that something is destroyed.
const FIRM_DESTRUCTIVE: f32 = 0.55;

/// What one part of a definition says that a call does; or, where `rule` restricts, that it does not.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Claim {
    /// Which rule made it.
    pub rule: RuleFamily,
    /// The row of the lexicon that it rests on, `verb.delete`.
    pub id: String,
    /// The verb, where it is one.
    pub verb: Option<u16>,
    /// What it speaks for.
    pub class: Class,
    /// What else it says of the call.
    pub facets: Facets,
    /// How much it decides, 0 to 1.
    pub weight: f32,
    /// Where it stands.
    pub place: Place,
    /// The exact bytes there.
    pub span: Span,
    /// The text at the span.
    pub text: String,
    /// Whether the verb means little alone and nothing settled it: `execute`, `manage`.
    pub open: bool,
    /// Whether its object settled what the verb leaves open.
    pub by_object: bool,
    /// Whether a restriction took it back.
    pub lifted: bool,
    /// The boolean that is switched on for it, where a policy can keep it off.
    pub switch: Option<SwitchArgument>,
}

impl Claim {
    /// Whether it stands and is firm. A sentence that destroys an object counts a little below that: it is credible beside a
    /// firm claim to read (`Gets an order and charges the card`).
    pub(super) fn counts(&self) -> bool {
        let told = matches!(self.rule, RuleFamily::FirstSentence | RuleFamily::LaterSentence) && self.by_object;
        let bar = if told && self.class == Class::Destructive { FIRM_DESTRUCTIVE } else { FIRM };
        !self.lifted && !self.open && self.weight >= bar
    }
}

/// The draft of a verdict.
pub(super) struct Draft<'a> {
    pub r: &'a ToolReadings<'a>,
    pub lexicon: &'a Lexicon,
    pub claims: Vec<Claim>,
    pub restrictions: Vec<Claim>,
    /// Evidence for facets.
    pub noted: Vec<Evidence>,
    /// What `claims` and `noted` hold, once they are long.
    known: HashSet<(Place, Span, String)>,
    noted_at: HashMap<(Place, Span, String, Facet), usize>,
}

/// So many are compared one by one: a list that long is quicker than a set, and a definition that has more is hostile.
const MAX_COMPARED: usize = 32;

impl<'a> Draft<'a> {
    /// An empty draft.
    pub(super) fn new(r: &'a ToolReadings<'a>) -> Self {
        Self {
            r,
            lexicon: r.lexicon,
            claims: Vec::new(),
            restrictions: Vec::new(),
            noted: Vec::new(),
            known: HashSet::new(),
            noted_at: HashMap::new(),
        }
    }

    /// Whether the same was claimed at the same place. What is not known yet is about to be claimed.
    fn is_known(&mut self, place: &Place, span: Span, id: &str) -> bool {
        steps(self.claims.len().min(MAX_COMPARED));
        if self.claims.len() < MAX_COMPARED {
            return self.claims.iter().any(|c| c.place == *place && c.span == span && c.id == id);
        }
        if self.known.is_empty() {
            self.known.extend(self.claims.iter().map(|c| (c.place.clone(), c.span, c.id.clone())));
        }
        !self.known.insert((place.clone(), span, id.to_owned()))
    }

    /// The row of a verb.
    pub(super) fn row(&self, verb: u16) -> &'a Verb {
        &self.lexicon.verbs()[verb as usize]
    }

    /// Whether a verb has that role.
    pub(super) fn has_role(&self, verb: Option<u16>, role: VerbRole) -> bool {
        verb.is_some_and(|v| self.row(v).roles.contains(role))
    }

    /// Whether a verb leaves to its object, its arguments or another verb what it does.
    fn is_open(&self, verb: u16) -> bool {
        let row = self.row(verb);
        let leaves = || [VerbRole::Runs, VerbRole::Manages, VerbRole::Calls].iter().any(|r| row.roles.contains(*r));
        row.class == Class::Write && row.weight < 0.8 && leaves()
    }

    /// Claims what `stated` says at `place`, whose string is `text`.
    pub(super) fn claim_stated(&mut self, rule: RuleFamily, stated: &Stated, place: Place, text: &str) {
        let id =
            if stated.undoes { "prefix.undo".to_owned() } else { ["verb.", &self.row(stated.verb).lemma].concat() };
        let rule = if stated.misspelled { RuleFamily::Misspelled } else { rule };
        let Some(piece) = text.get(stated.span.start..stated.span.end) else { return };
        if !self.is_known(&place, stated.span, &id) {
            self.claims.push(Claim {
                rule,
                id,
                verb: Some(stated.verb),
                class: stated.class,
                facets: stated.facets,
                weight: stated.weight,
                place,
                span: stated.span,
                text: piece.to_owned(),
                open: !stated.by_object && !stated.undoes && self.is_open(stated.verb),
                by_object: stated.by_object,
                lifted: false,
                switch: None,
            });
        }
    }

    /// Claims what a row of the lexicon or a fixed rule says.
    pub(super) fn claim(&mut self, claim: Claim) {
        if !self.is_known(&claim.place, claim.span, &claim.id) {
            self.claims.push(claim);
        }
    }

    /// Notes evidence for a facet.
    #[allow(clippy::too_many_arguments, reason = "the parts of one piece of evidence")]
    pub(super) fn facet(
        &mut self,
        rule: RuleFamily,
        id: String,
        place: Place,
        text: &str,
        span: Span,
        facet: Facet,
        weight: f32,
    ) {
        let Some(piece) = text.get(span.start..span.end) else { return };
        match self.noted_at(&place, span, &id, facet).and_then(|at| self.noted.get_mut(at)) {
            Some(known) => known.weight = known.weight.max(rounded(weight)),
            None => self.note(noted(rule, id, place, span, piece, facet, weight)),
        }
    }

    /// Where the same was noted for the same facet, as the first of its kind.
    fn noted_at(&mut self, place: &Place, span: Span, id: &str, facet: Facet) -> Option<usize> {
        let speaks_for = SpeaksFor::Facet(facet);
        steps(self.noted.len().min(MAX_COMPARED));
        if self.noted.len() < MAX_COMPARED {
            let same = |e: &Evidence| e.place == *place && e.span == span && e.speaks_for == speaks_for && e.rule == id;
            return self.noted.iter().position(same);
        }
        self.noted_at.get(&(place.clone(), span, id.to_owned(), facet)).copied()
    }

    /// Notes for a facet what the claim at `i` rests on.
    pub(super) fn facet_of(&mut self, i: usize, facet: Facet) {
        let c = &self.claims[i];
        let evidence = noted(c.rule, c.id.clone(), c.place.clone(), c.span, &c.text, facet, c.weight);
        self.note(evidence);
    }

    fn note(&mut self, evidence: Evidence) {
        self.noted.push(evidence);
        // From then on a map knows where they are.
        let from = match self.noted.len() {
            0..MAX_COMPARED => return,
            MAX_COMPARED => 0,
            more => more - 1,
        };
        for (at, e) in self.noted.iter().enumerate().skip(from) {
            if let SpeaksFor::Facet(facet) = e.speaks_for {
                self.noted_at.entry((e.place.clone(), e.span, e.rule.to_string(), facet)).or_insert(at);
            }
        }
    }

    /// The worst class of the firm claims that `which` picks.
    pub(super) fn worst(&self, which: impl Fn(&Claim) -> bool) -> Option<Class> {
        self.claims.iter().filter(|c| c.counts() && which(c)).map(|c| c.class).max()
    }

    /// The worst class that name, title and description state outright.
    pub(super) fn stated(&self) -> Option<Class> {
        self.worst(|c| {
            matches!(
                c.rule,
                RuleFamily::Name
                    | RuleFamily::Misspelled
                    | RuleFamily::Title
                    | RuleFamily::FirstSentence
                    | RuleFamily::LaterSentence
            )
        })
    }
}

/// Evidence for a facet.
fn noted(rule: RuleFamily, id: String, place: Place, span: Span, piece: &str, facet: Facet, weight: f32) -> Evidence {
    Evidence {
        rule: id.into(),
        by: rule,
        place,
        span,
        text: piece.to_owned(),
        speaks_for: SpeaksFor::Facet(facet),
        weight: rounded(weight),
        decides: false,
        restricts: false,
    }
}

/// The class and what it rests on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Worst {
    pub class: Class,
    /// The worst by claims other than the values of an argument and switches that a policy can keep off.
    pub base: Class,
    pub basis: Basis,
}

/// What a class rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Basis {
    /// Firm claims.
    Firm,
    /// Claims of which none is firm.
    Weak,
    /// Nothing but what a restriction left.
    Restricted,
    /// A declared hint.
    Hint,
    /// Nothing.
    Silence,
}

/// A claim of a row: everything but what it rests on.
pub(super) fn resting_on(
    rule: RuleFamily,
    id: &str,
    place: Place,
    span: Span,
    text: &str,
    class: Class,
    weight: f32,
) -> Claim {
    Claim {
        rule,
        id: id.to_owned(),
        verb: None,
        class,
        facets: Facets::NONE,
        weight,
        place,
        span,
        text: text.get(span.start..span.end).unwrap_or_default().to_owned(),
        open: false,
        by_object: false,
        lifted: false,
        switch: None,
    }
}

/// Weights are told with two digits.
pub(super) fn rounded(weight: f32) -> f32 {
    (weight * 100.0).round() / 100.0
}
