//! `file-written`: a reader that takes a path to save to.

use super::phrase::is_picture;
use crate::classify::draft::{Draft, resting_on};
use crate::classify::types::{Place, RuleFamily};
use crate::lexicon::ArgumentEffect;
use crate::risk::{Class, Span};

pub(super) fn claim(draft: &mut Draft<'_>) {
    let r = draft.r;
    if draft.worst(|_| true).is_some_and(|c| c > Class::Read) || is_picture(draft) {
        return;
    }
    for seen in r.schema.seen.iter().filter(|s| s.effect == ArgumentEffect::FileOut) {
        let row = &r.lexicon.signals().argument[seen.rule as usize];
        let span = Span { start: 0, end: seen.name.len() };
        let place = Place::Pointer(seen.pointer.clone());
        draft.claim(resting_on(
            RuleFamily::FileWritten,
            &row.id,
            place,
            span,
            &seen.name,
            Class::Write,
            row.weight.max(0.65),
        ));
    }
}
