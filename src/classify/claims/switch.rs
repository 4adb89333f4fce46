//! `switch`: booleans that remove, overwrite or run.

use crate::classify::draft::{Draft, resting_on};
use crate::classify::types::{Place, RuleFamily};
use crate::lexicon::{ArgumentEffect, VerbRole};
use crate::risk::{Class, Facet, Span};

pub(super) fn claim(draft: &mut Draft<'_>) {
    let r = draft.r;
    // A query that runs may yet be restricted to reading.
    let changes = draft
        .claims
        .iter()
        .any(|c| c.counts() && c.class > Class::Read && c.rule != RuleFamily::Switch && !c.facets.has(Facet::RunsCode));
    for switch in &r.schema.switches {
        // What a sender is given to send is told by its name; of a reader it is news.
        if changes && switch.stated.class < Class::Destructive {
            continue;
        }
        let text = if switch.place == Place::Description { r.description } else { &switch.text };
        let made = draft.claims.len();
        draft.claim_stated(RuleFamily::Switch, &switch.stated, switch.place.clone(), text);
        if let Some(claim) = draft.claims.get_mut(made) {
            claim.switch.clone_from(&switch.argument);
        }
    }
    // A forced push discards what others pushed.
    let forces = draft.claims.iter().any(|c| draft.has_role(c.verb, VerbRole::Forces));
    for seen in r.schema.seen.iter().filter(|s| s.effect == ArgumentEffect::Force) {
        if forces {
            let row = &r.lexicon.signals().argument[seen.rule as usize];
            let span = Span { start: 0, end: seen.name.len() };
            let place = Place::Pointer(seen.pointer.clone());
            let mut made = resting_on(RuleFamily::Switch, &row.id, place, span, &seen.name, Class::Destructive, 0.7);
            made.switch.clone_from(&seen.switch);
            draft.claim(made);
        }
    }
}
