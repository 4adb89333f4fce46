//! `switch`: booleans that remove, overwrite or run.

use serde_json::Value;

use crate::classify::draft::{Draft, ToolReadings, resting_on};
use crate::classify::stated::Stated;
use crate::classify::text::Text;
use crate::classify::types::{Place, RuleFamily};
use crate::lexicon::{ArgumentEffect, Function, VerbRole};
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
        // `Amount to transfer`, of a tool that says what it would cost.
        if switch.argument.is_none() && switch.stated.facets.has(Facet::MovesMoney) && is_estimate(r) {
            continue;
        }
        let text = if switch.place == Place::Description { r.description } else { &switch.text };
        let made = draft.claims.len();
        draft.claim_stated(RuleFamily::Switch, &switch.stated, switch.place.clone(), text);
        if let Some(claim) = draft.claims.get_mut(made) {
            claim.switch.clone_from(&switch.argument);
        }
    }
    pays(draft);
    // A forced push discards what others pushed.
    let forces = draft.claims.iter().any(|c| draft.has_role(c.verb, VerbRole::Forces));
    for seen in &r.schema.seen {
        let worse = match seen.effect {
            ArgumentEffect::Force => forces,
            ArgumentEffect::Permanent => changes,
            ArgumentEffect::Overwrite => changes && !edits_text(r, &seen.name),
            _ => false,
        };
        if worse {
            let row = &r.lexicon.signals().argument[seen.rule as usize];
            let span = Span { start: 0, end: seen.name.len() };
            let place = Place::Pointer(seen.pointer.clone());
            let mut made = resting_on(RuleFamily::Switch, &row.id, place, span, &seen.name, Class::Destructive, 0.7);
            made.switch.clone_from(&seen.switch);
            draft.claim(made);
        }
    }
}

/// `walletTransferInfo` of an `amount` and a `recipient`: a name that holds a verb of money, and arguments that say how much
/// goes to whom.
fn pays(draft: &mut Draft<'_>) {
    let r = draft.r;
    let moves = |i: &usize| {
        r.words.verb(r.lexicon, *i).is_some_and(|(_, _, row)| {
            row.facets.contains(&Facet::MovesMoney) || row.when.iter().any(|w| w.facets.contains(&Facet::MovesMoney))
        })
    };
    let Some(at) = (0..r.words.len()).find(moves).filter(|_| r.schema.arguments > 1) else { return };
    let Some(properties) = r.tool.input_schema.get("properties").and_then(Value::as_object) else { return };
    let has = |names: &[&str]| properties.keys().any(|key| names.iter().any(|name| key.eq_ignore_ascii_case(name)));
    let amount = has(&["amount", "value", "sum"]);
    let payee =
        has(&["recipient", "beneficiary", "payee", "to_account", "toAccount", "to_address", "toAddress", "iban"]);
    if !amount || !payee || is_estimate(r) {
        return;
    }
    if let Some((verb, ..)) = r.words.verb(r.lexicon, at) {
        let mut stated = Stated::new(r.lexicon, verb, r.words, at, 1.0);
        (stated.class, stated.weight, stated.by_object) = (Class::Destructive, 0.75, true);
        stated.facets.add(Facet::MovesMoney);
        draft.claim_stated(RuleFamily::Name, &stated, Place::Name, &r.tool.name);
    }
}

/// Whether a tool says what something costs or would do.
fn is_estimate(r: &ToolReadings<'_>) -> bool {
    let of = |text: &Text| (0..text.len()).any(|i| text.is(i, Function::Costs));
    of(r.words) || of(r.text_words)
}

/// Whether what `replaceAll` replaces is every place of a text that is searched for: an argument beside it says what.
fn edits_text(r: &ToolReadings<'_>, name: &str) -> bool {
    const SEARCHED: [&str; 9] = ["old", "search", "find", "pattern", "regex", "match", "from", "target", "needle"];
    if !name.to_ascii_lowercase().ends_with("all") {
        return false;
    }
    let properties = r.tool.input_schema.get("properties").and_then(Value::as_object);
    let searched = |key: &String| {
        let key = key.to_ascii_lowercase();
        SEARCHED.iter().any(|word| key.starts_with(word))
    };
    properties.is_some_and(|p| p.keys().any(searched))
}
