//! `method`: a free HTTP method beside an address.

use crate::classify::draft::{Draft, resting_on};
use crate::classify::text::Text;
use crate::classify::types::{Place, RuleFamily};
use crate::lexicon::{GroupRole, VerbRole};
use crate::risk::{Class, Span};

pub(super) fn claim(draft: &mut Draft<'_>) {
    let r = draft.r;
    let Some(seen) = &r.schema.http else { return };
    // `create_request`, `update_route`: the request is stored and not made.
    let stores = draft.claims.iter().any(|c| {
        c.counts()
            && c.class == Class::Write
            && matches!(c.rule, RuleFamily::Name | RuleFamily::FirstSentence)
            && !draft.has_role(c.verb, VerbRole::Calls)
    });
    let described = r.lexicon.index().role(GroupRole::HttpThing);
    let stores = stores && (seen.records || (r.name.object.head | r.text.object.head) & described != 0);
    // `get_examples` of a path and a method, `search_logs` of a method: what is looked up.
    let gets = |verb| draft.has_role(verb, VerbRole::Gets) && !draft.has_role(verb, VerbRole::Calls);
    let about =
        described | r.lexicon.index().role(GroupRole::Dispatched) | r.lexicon.index().role(GroupRole::RecordsOf);
    let of_http = |text: &Text| (0..text.len()).any(|i| text.entry(i).groups & about != 0);
    let of_requests = of_http(r.words) || of_http(r.text_words);
    let looks_up = !r.schema.free_address
        && !seen.defaults
        && (of_requests || seen.filters || !seen.changes)
        && draft.claims.iter().any(|c| gets(c.verb));
    let unaddressed = !seen.beside_address && (of_requests || seen.filters || stores || !seen.changes);
    if (stores && !seen.makes) || looks_up || unaddressed {
        return;
    }
    let span = Span { start: 0, end: seen.name.len() };
    let place = Place::Pointer(seen.pointer.clone());
    draft.claim(resting_on(
        RuleFamily::Method,
        "argument.http-method",
        place,
        span,
        &seen.name,
        Class::Destructive,
        0.8,
    ));
}
