//! The way from what was read to a verdict, one step a line: claims, restrictions, the worst of what is
//! left, facets, the class that came second, confidence.

use std::collections::HashMap;

use super::annotations::claimed;
use super::claims;
use super::confidence::{self, Confidence};
use super::draft::{Basis, Claim, Draft, FIRM, ToolReadings, Worst, resting_on, rounded};
use super::facets::facets;
use super::meta::contradict;
use super::restrictions;
use super::types::{Action, Evidence, Place, RuleFamily, RunnerUp, SpeaksFor};
use crate::manifest::Hint;
use crate::risk::{Class, Facets, Span};

/// What came of it.
pub(super) struct Decided {
    pub class: Class,
    pub base_class: Class,
    pub facets: Facets,
    pub confidence: Confidence,
    pub features: confidence::Features,
    pub verb: Option<u16>,
    pub evidence: Vec<Evidence>,
    pub runner_up: Option<RunnerUp>,
    pub actions: Vec<Action>,
}

/// Decides.
pub(super) fn decide(r: &ToolReadings<'_>) -> Decided {
    let mut draft = Draft::new(r);
    let mut actions = claims::gather(&mut draft);
    restrictions::gather(&mut draft);
    let worst = worst(&mut draft, &actions);
    let facets = facets(&mut draft, worst.class, &actions);
    switches(&draft, worst.base.min(worst.class), &mut actions);
    let features = confidence::features(&draft, worst);
    let evidence = evidence(&mut draft, worst.class, facets);
    Decided {
        class: worst.class,
        base_class: worst.base.min(worst.class),
        facets,
        confidence: confidence::of(&features),
        features,
        verb: verb(&draft, worst.class),
        runner_up: runner_up(worst.class, &evidence),
        evidence,
        actions,
    }
}

/// The worst of what is left.
fn worst(draft: &mut Draft<'_>, actions: &[Action]) -> Worst {
    let of_values = actions.iter().map(|a| a.class).max();
    let others = draft.worst(|c| c.rule != RuleFamily::Value);
    if let Some(class) = others {
        let firm = draft.worst(is_other).unwrap_or_else(|| without_switches(draft, of_values));
        // A sentence that only lists the values is no other evidence for the worst of them.
        let base = match of_values {
            Some(values) if values >= firm => {
                let mut listed: HashMap<u16, Class> = HashMap::new();
                for value in draft.claims.iter().filter(|v| v.rule == RuleFamily::Value) {
                    if let Some(verb) = value.verb {
                        let worst = listed.entry(verb).or_insert(value.class);
                        *worst = value.class.max(*worst);
                    }
                }
                let selected = |c: &Claim| {
                    let values = c.verb.and_then(|verb| listed.get(&verb));
                    c.rule != RuleFamily::Switch && values.is_some_and(|worst| *worst >= c.class)
                };
                let manages = |c: &Claim| draft.has_role(c.verb, crate::lexicon::VerbRole::Manages);
                draft.worst(|c| is_other(c) && !selected(c) && !manages(c)).unwrap_or(Class::Read)
            }
            _ => firm,
        };
        return Worst { class: of_values.map_or(class, |v| v.max(class)), base, basis: Basis::Firm };
    }
    if let Some(class) = of_values {
        return Worst { class, base: Class::Read, basis: Basis::Firm };
    }
    // No claim is firm: the heaviest counts, the worse of two that are equal.
    let weak = draft.claims.iter().filter(|c| !c.lifted && (c.open || c.weight < FIRM));
    let heaviest = weak.max_by(|a, b| a.weight.total_cmp(&b.weight).then(a.class.cmp(&b.class)));
    if let Some(heaviest) = heaviest {
        let class = heaviest.class;
        return Worst { class, base: class, basis: Basis::Weak };
    }
    if let Some(class) = draft.restrictions.iter().map(|c| c.class).max()
        && draft.claims.iter().any(|c| c.lifted)
    {
        return Worst { class, base: class, basis: Basis::Restricted };
    }
    if let Some((hint, class)) = claimed(draft.r.hints) {
        let word = if draft.r.hints.declared(hint) == Some(true) { "true" } else { "false" };
        let span = Span { start: 0, end: word.len() };
        let id = format!("annotation.{}", hint.key());
        draft.claims.push(resting_on(RuleFamily::Hint, &id, Place::Annotation(hint), span, word, class, 0.3));
        return Worst { class, base: class, basis: Basis::Hint };
    }
    let span = Span { start: 0, end: draft.r.tool.name.len() };
    draft.claims.push(resting_on(
        RuleFamily::Silence,
        "silence",
        Place::Name,
        span,
        &draft.r.tool.name,
        Class::Write,
        0.05,
    ));
    Worst { class: Class::Write, base: Class::Write, basis: Basis::Silence }
}

/// Whether a claim is neither a value of an argument nor a switch that a policy can keep off.
fn is_other(claim: &Claim) -> bool {
    claim.rule != RuleFamily::Value && claim.switch.is_none()
}

/// The class where nothing but switches is firm and they are off. What a hint declares is not relied on.
fn without_switches(draft: &Draft<'_>, of_values: Option<Class>) -> Class {
    if of_values.is_some() {
        return Class::Read;
    }
    let weak = draft.claims.iter().filter(|c| is_other(c) && !c.lifted && (c.open || c.weight < FIRM));
    let heaviest = weak.max_by(|a, b| a.weight.total_cmp(&b.weight).then(a.class.cmp(&b.class)));
    let restricted = || {
        let allowed = draft.restrictions.iter().map(|c| c.class).max();
        allowed.filter(|_| draft.claims.iter().any(|c| c.lifted))
    };
    heaviest.map(|c| c.class).or_else(restricted).unwrap_or(Class::Write)
}

/// Adds what the switches do that make a call worse than `base`: on, what they state; off, what the call does anyway.
fn switches(draft: &Draft<'_>, base: Class, actions: &mut Vec<Action>) {
    let values = actions.len();
    for claim in draft.claims.iter().filter(|c| c.counts() && c.class > base) {
        let Some(switch) = &claim.switch else { continue };
        let known = actions[values..].iter_mut().find(|a| a.argument == switch.path && a.value == "true");
        if let Some(on) = known {
            on.class = on.class.max(claim.class);
            on.facets = on.facets.union(claim.facets);
            continue;
        }
        for (value, is_on) in [("true", true), ("false", false)] {
            actions.push(Action {
                argument: switch.path.clone(),
                value: value.to_owned(),
                class: if is_on { claim.class } else { base },
                facets: if is_on { claim.facets } else { Facets::NONE },
                default: switch.on == is_on,
            });
        }
    }
}

/// The verb that the tool is listed under: the name's where it has the class, else the first that has it,
/// else the name's or the sentence's.
fn verb(draft: &Draft<'_>, class: Class) -> Option<u16> {
    let r = draft.r;
    let has = |c: &&Claim| !c.lifted && c.class == class && c.verb.is_some() && c.rule != RuleFamily::Value;
    let named = draft.claims.iter().filter(has).find(|c| c.rule == RuleFamily::Name);
    let any = || draft.claims.iter().find(has);
    let first = || r.name.stated.first().or(r.text.first.first()).map(|s| s.verb);
    named.or_else(any).and_then(|c| c.verb).or_else(first)
}

/// Claims and restrictions as evidence, heaviest first, then what speaks for facets.
fn evidence(draft: &mut Draft<'_>, class: Class, facets: Facets) -> Vec<Evidence> {
    let hint_decides = draft.claims.iter().any(|c| c.rule == RuleFamily::Hint);
    let mut out: Vec<Evidence> = Vec::with_capacity(draft.claims.len() + draft.noted.len() + 2);
    let lifts = draft.claims.iter().any(|c| c.lifted);
    let claims = draft.claims.iter_mut().map(|c| (c, false));
    for (claim, restricts) in claims.chain(draft.restrictions.iter_mut().map(|c| (c, true))) {
        let decides = if restricts { lifts && claim.class == class } else { !claim.lifted && claim.class == class };
        // Its texts go into the evidence: nothing reads them behind this.
        out.push(Evidence {
            rule: std::mem::take(&mut claim.id).into(),
            by: claim.rule,
            place: std::mem::replace(&mut claim.place, Place::Name),
            span: claim.span,
            text: std::mem::take(&mut claim.text),
            speaks_for: SpeaksFor::Class(claim.class),
            weight: rounded(claim.weight),
            decides,
            restricts,
        });
    }
    for hint in [Hint::ReadOnly, Hint::Destructive] {
        let annotations = draft.r.hints;
        let speaks_for = match (hint, annotations.declared(hint)) {
            _ if contradict(annotations) => continue,
            (Hint::ReadOnly, Some(true)) => Class::Read,
            (Hint::Destructive, Some(true)) if annotations.read_only != Some(true) => Class::Destructive,
            _ => continue,
        };
        if hint_decides {
            continue;
        }
        out.push(Evidence {
            rule: ["annotation.", hint.key()].concat().into(),
            by: RuleFamily::Hint,
            place: Place::Annotation(hint),
            span: Span { start: 0, end: 4 },
            text: "true".to_owned(),
            speaks_for: SpeaksFor::Class(speaks_for),
            weight: 0.1,
            decides: false,
            restricts: false,
        });
    }
    for mut e in std::mem::take(&mut draft.noted) {
        if let SpeaksFor::Facet(facet) = e.speaks_for {
            e.decides = facets.has(facet);
        }
        out.push(e);
    }
    out.sort_by(|a, b| {
        b.weight
            .total_cmp(&a.weight)
            .then_with(|| a.place.cmp(&b.place))
            .then(a.span.cmp(&b.span))
            .then_with(|| a.rule.cmp(&b.rule))
    });
    out
}

/// The class that came second: the one that the heaviest other evidence speaks for, else the
/// neighbour, with what would have made it first.
fn runner_up(class: Class, evidence: &[Evidence]) -> Option<RunnerUp> {
    let deciding = evidence.iter().find(|e| e.speaks_for == SpeaksFor::Class(class) && e.decides)?;
    let other = evidence.iter().find_map(|e| match e.speaks_for {
        SpeaksFor::Class(c) if c != class && !e.restricts => Some((c, e)),
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
        (None, Class::Read) => (Class::Write, "No evidence supports it; a stated change would have.".to_owned()),
        (None, Class::Write) => (
            Class::Destructive,
            "No evidence supports it; a stated removal, or one that cannot be undone, would have.".to_owned(),
        ),
        (None, Class::Destructive) => (
            Class::Write,
            format!(
                "No evidence supports it; without `{}` ({:.2}) none would support Read either.",
                deciding.rule, deciding.weight
            ),
        ),
    };
    Some(RunnerUp { class: second, because })
}
