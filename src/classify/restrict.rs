//! What lifts a deed to a worse class (a program as an argument, "overwrites"), and what restricts
//! it ("SELECT only").

use super::clause::{is_about_others, is_denied};
use super::decide::{Head, Ledger, Readings};
use super::deed::Deed;
use super::text::worst_later;
use super::types::{Class, Facet, Place, Span, SpeaksFor};
use crate::lexicon::{Effect, Lexicon};

/// Whether a verb means more with a program as its object.
fn takes_code(lexicon: &Lexicon, deed: Option<&Deed>) -> bool {
    let code = lexicon.index().group("code") | lexicon.index().group("sql");
    deed.is_some_and(|d| lexicon.index().whens(d.verb).iter().any(|(g, _)| g & code != 0))
}

/// The class that arguments and phrases lift the deed to.
pub(super) fn raises(lexicon: &Lexicon, r: &Readings<'_>, head: &Head, ledger: &mut Ledger<'_>) -> Option<Class> {
    let mut worst = None;
    let mut raise = |class: Class| worst = worst.max(Some(class));
    let hands_over = r.text.deeds.iter().any(|d| d.facets.has(Facet::RunsCode));
    let changes = head.class > Class::Read || head.weak || hands_over;
    let opened = takes_code(lexicon, r.name.deeds.first())
        || takes_code(lexicon, r.text.deeds.first())
        || r.name.deeds.is_empty();
    for seen in &r.schema.seen {
        let row = &lexicon.signals().argument[seen.rule as usize];
        let program = matches!(seen.effect, Effect::Query | Effect::Code | Effect::Shell);
        let span = Span { start: 0, end: seen.name.len() };
        let place = Place::Pointer(seen.pointer.clone());
        // What starts a process from a command, or says little of what it does with one, runs that command.
        let starts = head.deed.is_some_and(|d| d.facets.has(Facet::StartsProcess));
        let launches = seen.effect == Effect::Shell && (starts || head.weak);
        if program && (launches || opened && (changes || takes_code(lexicon, head.deed.as_ref()))) {
            ledger.note(
                row.id.clone(),
                place.clone(),
                &seen.name,
                span,
                SpeaksFor::Class(Class::Destructive),
                row.weight,
            );
            ledger.note(row.id.clone(), place, &seen.name, span, SpeaksFor::Facet(Facet::RunsCode), row.weight);
            raise(Class::Destructive);
        } else if seen.effect == Effect::FileOut && head.class == Class::Read {
            let picture = head.deed.is_some_and(|d| {
                matches!(lexicon.verbs()[d.verb as usize].lemma.as_str(), "screenshot" | "snapshot" | "capture")
            }) || r.words.iter().any(|w| matches!(w, "screenshot" | "snapshot"));
            if !picture {
                ledger.note(row.id.clone(), place, &seen.name, span, SpeaksFor::Class(Class::Write), row.weight);
                raise(Class::Write);
            }
        } else if seen.effect == Effect::Force && forces(lexicon, head) {
            // A forced push discards what others pushed.
            ledger.note(row.id.clone(), place, &seen.name, span, SpeaksFor::Class(Class::Destructive), 0.7);
            raise(Class::Destructive);
        } else if matches!(seen.effect, Effect::Confirm | Effect::Force | Effect::Overwrite) && changes {
            ledger.note(row.id.clone(), place, &seen.name, span, SpeaksFor::Class(head.class), row.weight * 0.5);
        }
    }
    if let Some((pointer, name, verb)) = &r.schema.switch
        && changes
    {
        let rule = format!("verb.{}", lexicon.verbs()[*verb as usize].lemma);
        let span = Span { start: 0, end: name.len() };
        ledger.note(rule, Place::Pointer(pointer.clone()), name, span, SpeaksFor::Class(Class::Destructive), 0.7);
        raise(Class::Destructive);
    }
    if let Some((pointer, name)) = &r.schema.http
        && (head.weak
            || head.deed.is_none_or(|d| {
                matches!(
                    lexicon.verbs()[d.verb as usize].lemma.as_str(),
                    "request" | "call" | "send" | "execute" | "perform" | "make" | "fetch" | "invoke" | "run"
                )
            }))
    {
        let span = Span { start: 0, end: name.len() };
        ledger.note(
            "argument.http-method".to_owned(),
            Place::Pointer(pointer.clone()),
            name,
            span,
            SpeaksFor::Class(Class::Destructive),
            0.8,
        );
        raise(Class::Destructive);
    }
    for &(i, start, end) in r.phrases {
        let row = &lexicon.signals().phrase[i as usize];
        let Some(class) = row.raises else { continue };
        if start > 1500 || is_denied(r.description, start) || is_about_others(r.description, start) {
            continue;
        }
        let code = row.facet == Some(Facet::RunsCode);
        let file = class == Class::Write;
        let counts = if row.id == "phrase.changing-statements" {
            changes && !refused(r.description, end)
        } else if code {
            takes_code(lexicon, head.deed.as_ref()) || head.weak || hands_over
        } else if row.id == "phrase.irreversible" {
            head.weak || (head.class == Class::Write && head.weight < 0.8)
        } else if file {
            head.class == Class::Read && head.weight < 0.8
        } else {
            replaces_whole(r, head, start)
        };
        if counts {
            let span = Span { start, end };
            ledger.note(row.id.clone(), Place::Description, r.description, span, SpeaksFor::Class(class), row.weight);
            if let Some(facet) = row.facet {
                ledger.note(
                    row.id.clone(),
                    Place::Description,
                    r.description,
                    span,
                    SpeaksFor::Facet(facet),
                    row.weight,
                );
            }
            raise(class);
        }
    }
    if head.class == Class::Write
        && head.weight < 0.8
        && let Some(later) = worst_later(r.text)
    {
        ledger.deed(later, Place::Description, r.description);
        raise(later.class);
    }
    worst
}

/// Whether what ends at byte `at` is named only to be refused: "DROP TABLE is not allowed".
fn refused(text: &str, at: usize) -> bool {
    let mut end = text.len().min(at + 80);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let behind = text[at..end].to_ascii_lowercase();
    [
        "not allowed",
        "not permitted",
        "not supported",
        "blocked",
        "rejected",
        "forbidden",
        "refused",
        "disabled",
        "prohibited",
    ]
    .iter()
    .any(|word| behind.contains(word))
}

/// Whether a switch called `force` makes the deed a destructive one.
fn forces(lexicon: &Lexicon, head: &Head) -> bool {
    head.deed.is_some_and(|d| lexicon.verbs()[d.verb as usize].lemma == "push")
}

/// Whether "replaces all", said at `start`, speaks of what the tool does to what it is given: it is
/// said early, in a sentence and not in an entry of a list, of a tool that changes something lasting.
fn replaces_whole(r: &Readings<'_>, head: &Head, start: usize) -> bool {
    let line = r.description[..start].rsplit('\n').next().unwrap_or_default().trim_start();
    head.class > Class::Read && head.weight >= 0.7 && start < 300 && !line.starts_with(['-', '*', '•'])
}

/// Whether a restriction that ends at byte `at` can be switched off: "read-only by default".
fn is_switchable(text: &str, at: usize) -> bool {
    let mut end = text.len().min(at + 40);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let behind = text[at..end].to_ascii_lowercase();
    let sentence = behind.split('.').next().unwrap_or_default();
    ["by default", "unless", "if enabled", "when enabled"].iter().any(|word| sentence.contains(word))
}

/// The class that phrases restrict the tool to.
pub(super) fn lowers(
    lexicon: &Lexicon,
    r: &Readings<'_>,
    head: &Head,
    base: Class,
    ledger: &mut Ledger<'_>,
) -> Option<Class> {
    let open = head.weak || head.weight < 0.8 || takes_code(lexicon, head.deed.as_ref());
    if base == Class::Read || !open {
        return None;
    }
    let mut lowest = None;
    let saves = r.phrases.iter().any(|(i, _, _)| lexicon.signals().phrase[*i as usize].id == "phrase.saves-file");
    for &(i, start, end) in r.phrases {
        let row = &lexicon.signals().phrase[i as usize];
        let returned = row.id == "phrase.returns-content";
        if let Some(class) = row.lowers
            && start < 1500
            && (!returned || (head.weak && base == head.class && !saves))
            && !is_about_others(r.description, start)
            && !is_switchable(r.description, end)
        {
            let span = Span { start, end };
            ledger.restriction(&row.id, &Place::Description, r.description, span, class, row.weight);
            lowest = Some(class);
        }
    }
    lowest
}
