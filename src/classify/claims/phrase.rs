//! `phrase`: what a fixed phrase says of the tool.

use crate::classify::draft::{Draft, resting_on};
use crate::classify::phrases::{is_about_others, is_behind, is_denied, is_happening, is_refused, is_said};
use crate::classify::types::{Place, RuleFamily};
use crate::lexicon::{PhraseRole, VerbRole};
use crate::risk::{Class, Facet, Span};

pub(super) fn claim_phrase(draft: &mut Draft<'_>, row: u16, span: Span, class: Class) {
    let r = draft.r;
    let phrase = &r.lexicon.signals().phrase[row as usize];
    let mut made =
        resting_on(RuleFamily::Phrase, &phrase.id, Place::Description, span, r.description, class, phrase.weight);
    made.weight = made.weight.max(0.7);
    if let Some(facet) = phrase.facet {
        made.facets.add(facet);
    }
    draft.claim(made);
}

/// Claims what phrases of the description say.
pub(super) fn claim(draft: &mut Draft<'_>) {
    let r = draft.r;
    let stated = draft.stated();
    let runs = draft.claims.iter().any(|c| c.facets.has(Facet::RunsCode) || draft.has_role(c.verb, VerbRole::Runs));
    let open = stated.is_none();
    let changes = stated.is_some_and(|c| c > Class::Read);
    for &(row, start, end) in r.phrases {
        let phrase = &r.lexicon.signals().phrase[row as usize];
        let Some(class) = phrase.raises else { continue };
        let quoted = r.description[..start].ends_with(['"', '“', '\'', '`']);
        // `non-destructive operation`
        let negated = is_behind(r.description, start, "non-");
        if quoted || negated || is_denied(r, start) || is_about_others(r, start) {
            continue;
        }
        let counts = match phrase.role {
            // `items that were permanently deleted`: what happened before.
            Some(PhraseRole::Irreversible) => !r.description[end..].starts_with('d') || is_happening(r, start),
            Some(PhraseRole::Overwrites) => changes && is_told_of_the_whole(r.description, start),
            Some(PhraseRole::Program | PhraseRole::Dispatches) => runs || open,
            Some(PhraseRole::Changes) => (runs || changes || open) && !is_refused(r, end),
            Some(PhraseRole::Acts) => !changes,
            Some(PhraseRole::Saves) => !changes && !is_picture(draft) && is_said(r, start),
            _ => false,
        };
        if counts {
            claim_phrase(draft, row, Span { start, end }, class);
        }
    }
}

/// Whether the tool makes a picture of a screen.
pub(super) fn is_picture(draft: &Draft<'_>) -> bool {
    draft.claims.iter().any(|c| draft.has_role(c.verb, VerbRole::Pictures))
        || draft.r.words.iter().any(|w| matches!(w, "screenshot" | "snapshot"))
}

/// Whether "replaces all", said at `start`, speaks of what the tool does to what it is given: it is
/// said early, in a sentence and not in an entry of a list.
fn is_told_of_the_whole(description: &str, start: usize) -> bool {
    let line = description[..start].rsplit('\n').next().unwrap_or_default().trim_start();
    // `- replace: Replaces the entire note`: one of its modes.
    let mode = line.trim_start_matches(['-', '*', '•', ' ', '`', '\'', '"']).to_ascii_lowercase();
    let is_mode = ["replace", "overwrite", "write", "set"].iter().any(|m| {
        mode.strip_prefix(m).is_some_and(|rest| rest.trim_start_matches(['`', '\'', '"', '*', ' ']).starts_with(':'))
    });
    is_mode || (start < 300 && !line.starts_with(['-', '*', '•']))
}
