//! `first-sentence`, `later-sentence`: what the description's main clauses state.

use crate::classify::draft::Draft;
use crate::classify::types::{Place, RuleFamily};
use crate::risk::Class;

pub(super) fn claim(draft: &mut Draft<'_>) {
    let r = draft.r;
    first(draft);
    later(draft);
    // What is listed behind `Operations:` counts, unless the tool states a change whose parts these are
    // (`Updates a form. Operations: set keys, remove keys`).
    let changes = draft.stated().is_some_and(|c| c > Class::Read);
    for stated in r.text.listed.iter().filter(|s| !(changes && s.1)) {
        draft.claim_stated(RuleFamily::LaterSentence, &stated.0, Place::Description, r.description);
    }
}

fn first(draft: &mut Draft<'_>) {
    let r = draft.r;
    for stated in &r.text.first {
        let mut one = *stated;
        // `Delete it.` beside `delete_label`: the name says what it is done to.
        if !one.by_object
            && let Some(named) = r.name.stated.iter().find(|n| n.verb == one.verb && n.by_object)
        {
            one.class = named.class;
            one.facets = named.facets;
        }
        draft.claim_stated(RuleFamily::FirstSentence, &one, Place::Description, r.description);
    }
}

fn later(draft: &mut Draft<'_>) {
    let r = draft.r;
    for stated in &r.text.later {
        // What the name or the first sentence says of the same verb holds for its repetition.
        let same = r.name.stated.iter().chain(&r.text.first).find(|n| n.verb == stated.verb && n.by_object);
        let mut one = *stated;
        if let Some(same) = same
            && !one.by_object
        {
            one.class = same.class;
            one.facets = same.facets;
        }
        draft.claim_stated(RuleFamily::LaterSentence, &one, Place::Description, r.description);
    }
}
