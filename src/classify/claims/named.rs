//! `name`, `misspelled`, `title`, `answer`: what the tool is called.

use crate::classify::annotations::claimed;
use crate::classify::draft::{Draft, resting_on};
use crate::classify::stated::{Stated, noun_phrase, object};
use crate::classify::text::Text;
use crate::classify::types::{Place, RuleFamily};
use crate::lexicon::{Form, Function, GroupRole, Lexicon, Noun, VerbRole};
use crate::manifest::schema::{arguments, escape};
use crate::risk::{Class, Span};
use crate::words::Break;

pub(super) fn claim_names(draft: &mut Draft<'_>, stated: &[Stated]) {
    for one in stated {
        draft.claim_stated(RuleFamily::Name, one, Place::Name, &draft.r.tool.name);
    }
}

/// Claims what name and title state.
pub(super) fn claim(draft: &mut Draft<'_>) {
    let r = draft.r;
    let mut stated = r.name.stated.clone();
    // The same verb with its object in the sentence says it more exactly.
    for (i, one) in stated.iter_mut().enumerate() {
        // `send_message_and_send_payment`: what is joined has an object of its own.
        if i > 0 && one.by_object {
            continue;
        }
        // `execute_query` of a kind of query that the sentence names.
        let query = r.lexicon.index().role(GroupRole::Query);
        let code = r.lexicon.index().role(GroupRole::Code) | r.lexicon.index().role(GroupRole::Sql);
        let any_query = r.name.object.head & query != 0 && r.name.object.any & code & !query == 0;
        if one.by_object && r.name.object.there && r.text.object.target == 0 && !any_query {
            continue;
        }
        let told = r.text.first.iter().find(|t| t.verb == one.verb && t.by_object);
        if let Some(told) = told {
            one.class = told.class;
            one.facets = told.facets;
            one.weight = one.weight.max(0.8);
            one.by_object = true;
        }
    }
    // `label_values: Get all values of a label`: a first word that is as often a noun is one where the sentence
    // states another verb that reads.
    let reads = r
        .text
        .first
        .first()
        .filter(|s| s.class == Class::Read && s.weight >= 0.85 && draft.has_role(Some(s.verb), VerbRole::Gets));
    if let (Some(reads), Some(one)) = (reads, stated.first_mut()) {
        let row = draft.row(one.verb);
        let joined = one.at > 0 && r.words.is(one.at - 1, Function::And);
        if row.noun == Noun::Often
            && row.weight < 0.86
            && one.class == Class::Write
            && one.verb != reads.verb
            && !joined
        {
            one.weight = one.weight.min(0.6);
        }
    }
    // `add(a, b)`: numbers in, a number out.
    if r.schema.numbers {
        for one in &mut stated {
            if draft.has_role(Some(one.verb), VerbRole::Arithmetic) {
                one.class = Class::Read;
            }
        }
    }
    claim_names(draft, &stated);
    title_parts(draft);
    for one in &r.title.stated {
        if one.by_object && one.class == Class::Destructive {
            // `Issue Refund`, `Bank Transfer`: what it is done to settles it wherever it stands.
            draft.claim_stated(RuleFamily::Title, one, r.title_place.clone(), r.title_text);
            continue;
        }
        // A title's first word is its verb; a verb at its end is as often a noun.
        let begins = (r.title.prefix..one.at)
            .all(|i| r.title_words.is(i, Function::Also) || r.title_words.word(i).ends_with("ly"))
            || r.title_words.is(one.at.wrapping_sub(1), Function::And);
        let only_verb = draft.row(one.verb).noun == Noun::Rarely && one.class == Class::Destructive;
        let weight = if begins || only_verb { one.weight * 0.95 } else { one.weight * 0.6 };
        let same = stated.iter().find(|s| s.verb == one.verb);
        let class = same.map_or(one.class, |s| s.class);
        let one = Stated { class, weight, ..*one };
        draft.claim_stated(RuleFamily::Title, &one, r.title_place.clone(), r.title_text);
    }
}

/// What a title adds behind a mark: `Get Issue (deletes it)`, `List Notes & Save to Library`.
fn title_parts(draft: &mut Draft<'_>) {
    let r = draft.r;
    let words = r.title_words;
    for i in 1..words.len() {
        let mut from = i;
        while from > 1 && (words.is(from - 1, Function::Also) || words.word(from - 1).ends_with("ly")) {
            from -= 1;
        }
        let marked = r
            .title_text
            .get(..words.span(from).start)
            .is_some_and(|before| before.trim_end().ends_with(['(', '-', '–', '—', '&', '+', ':', ',', ';', '/']));
        let Some((verb, form, row)) = words.verb(r.lexicon, i) else { continue };
        if !marked
            || !matches!(form, Form::Base | Form::Third)
            || row.noun == Noun::Mostly
            || row.class == Class::Read
            || i + 1 == words.len()
        {
            continue;
        }
        let object = object(r.lexicon, words, i + 1, noun_phrase(words, i + 1, words.len()), usize::MAX);
        let stated = Stated::new(r.lexicon, verb, words, i, 0.9).with(r.lexicon, object);
        // `Delete / Archive Flow` is one thing or the other; a noun in a row of names is none.
        let told = form == Form::Third && (words.is(i + 1, Function::Definite) || words.word(i + 1) == "all");
        let certain = row.noun == Noun::Rarely || row.weight >= if told { 0.8 } else { 0.9 };
        if certain || stated.by_object || stated.class == Class::Destructive {
            draft.claim_stated(RuleFamily::Title, &stated, r.title_place.clone(), r.title_text);
        }
    }
}

/// What arguments are for, where nothing else says anything: `file to view`, `the query to search for`.
fn purpose(draft: &mut Draft<'_>) {
    let r = draft.r;
    let mut text = Text::default();
    for (name, schema) in arguments(&r.tool.input_schema) {
        let Some(told) = schema.get("description").and_then(|d| d.as_str()) else { continue };
        text.prose(r.lexicon, told, 300);
        for i in 1..text.len() {
            if text.word(i - 1) == "to"
                && let Some((verb, row)) = text.base(r.lexicon, i)
                && row.noun != Noun::Mostly
                && row.weight >= 0.7
            {
                let place = Place::Pointer(format!("/inputSchema/properties/{}/description", escape(name)));
                let stated = Stated::new(r.lexicon, verb, &text, i, 0.6);
                draft.claim_stated(RuleFamily::Answer, &stated, place, told);
                return;
            }
        }
    }
}

/// A tool of which only arguments are known, and all of them say what is looked up.
fn looks_up(draft: &mut Draft<'_>) {
    let r = draft.r;
    let reduce = |name: &str| -> String {
        name.bytes().filter(u8::is_ascii_alphanumeric).map(|b| char::from(b.to_ascii_lowercase())).collect()
    };
    let lookup = |name: &String| r.lexicon.index().word(&reduce(name)).is(Function::Lookup);
    // A dispatcher's arguments look alike; a name of several words says at least that it is a thing.
    let mut names = arguments(&r.tool.input_schema).map(|(name, _)| name).peekable();
    let first = names.peek().copied();
    if !names.all(lookup) || r.words.len() < 2 {
        return;
    }
    if let Some(name) = first {
        let place = Place::Pointer(format!("/inputSchema/properties/{}", escape(name)));
        let span = Span { start: 0, end: name.len() };
        draft.claim(resting_on(RuleFamily::Answer, "argument.lookup", place, span, name, Class::Read, 0.5));
    }
}

/// The noun that a first sentence without a verb is built around: the last before a preposition, of the sentence
/// or of what stands behind a dash (`Small-Body Database (SBDB) - asteroid and comet data`).
fn named_answer(draft: &Draft<'_>) -> Option<usize> {
    let r = draft.r;
    let text = r.text_words;
    let n = text.len().min(16);
    let end = (1..n).find(|i| text.before(*i) >= Break::Sentence).unwrap_or(n);
    let mut start = 0;
    while start < end {
        let next = (start + 1..end).find(|i| text.before(*i) >= Break::Comma).unwrap_or(end);
        let head = (start + 1..next).find(|i| text.is(*i, Function::Preposition)).unwrap_or(next) - 1;
        if text.entry(head).groups & r.lexicon.answers() != 0 {
            return Some(head);
        }
        start = next;
    }
    None
}

/// Whether a description begins with a word that nobody knows and that stands like a verb before its object (`Bricks the
/// device`), or hardly any of its words is known: what it says is not harmless for that.
fn states_unknown(lexicon: &Lexicon, text: &Text) -> bool {
    let unknown = |i: usize| text.entry(i).is_unknown() && text.word(i).len() > 2;
    let determined = text.is(1, Function::Attributive);
    if text.len() > 2 && unknown(0) && determined && text.before(1) == Break::Space && !text.quoted(0) {
        return true;
    }
    let end = (1..text.len()).find(|i| text.before(*i) >= Break::Sentence).unwrap_or(text.len());
    let strange = (0..end).filter(|i| unknown(*i) && lexicon.index().misspelled(text.word(*i)).is_none()).count();
    end > 2 && strange == end
}

/// What a description that is a noun phrase is worth: less than anything that is stated.
const NOUN: f32 = 0.45;

/// The first word of a description that names what comes back and states nothing: `Events of an issue with their traces`,
/// `Which rows would be removed`.
fn named_first(draft: &Draft<'_>) -> Option<usize> {
    let r = draft.r;
    let text = r.text_words;
    let end = (1..text.len()).find(|i| text.before(*i) >= Break::Sentence).unwrap_or(text.len());
    if end > 2 && text.is(0, Function::Interrogative) {
        return Some(0);
    }
    let leads = |i: &usize| text.is(*i, Function::Premodifier);
    let start = (0..end.min(3)).find(|i| !leads(i))?;
    let behind = (start + 1..end.min(start + 7)).find(|i| text.is(*i, Function::Preposition))?;
    let together = (start + 1..=behind).all(|i| text.before(i) == Break::Space);
    let acts = |i: usize| {
        text.quoted(i)
            || text.verb(r.lexicon, i).is_some_and(|(_, form, row)| {
                let noun = row.noun != Noun::Rarely && !row.may_destroy() && !row.roles.contains(VerbRole::Sends);
                !(row.class == Class::Read || noun || (form == Form::Past && i > start))
            })
    };
    // A word that nobody knows may be a verb: only a plural, two words that are one noun, and what stands before `of` is none.
    let noun = text.plural(start) || text.compound(r.lexicon, start) || text.word(start + 1) == "of";
    // `Electricity consumption of a meter`
    let known = text.entry(start).groups != 0 && text.verb(r.lexicon, start).is_none() && text.word(behind) == "of";
    let noun = noun || known;
    // `Publication of an entry`: what is done.
    let done =
        ["tion", "sion", "ment", "al", "ance", "ence", "ing", "ure"].iter().any(|end| text.word(start).ends_with(end));
    // `Sign up for …`, `Comments on the issue`: what may be the particle of a verb.
    let particle = text.verb(r.lexicon, start).is_some() && text.is(start + 1, Function::Particle);
    (together && noun && !done && !particle && text.word(behind) != "to" && !(start..behind).any(acts)).then_some(start)
}

/// Claims what a noun says comes back, where nothing is stated.
pub(super) fn answer(draft: &mut Draft<'_>) {
    let r = draft.r;
    let may_answer = draft.claims.is_empty() || r.name.answer.is_some();
    let weak = draft.claims.iter().all(|c| c.rule == RuleFamily::Name && c.weight < NOUN);
    if !(may_answer || weak) || states_unknown(r.lexicon, r.text_words) {
        return;
    }
    if draft.claims.is_empty() && r.name.answer.is_none() {
        purpose(draft);
        if draft.claims.is_empty() {
            looks_up(draft);
        }
    }
    // `Coin Data by ID`: a first sentence without a verb that names what comes back.
    if draft.claims.is_empty()
        && !r.text_words.is_empty()
        && let Some(head) = named_answer(draft)
    {
        let span = r.text_words.span(head);
        let place = Place::Description;
        draft.claim(resting_on(RuleFamily::Answer, "noun.answer", place, span, r.description, Class::Read, 0.6));
    }
    let weak = draft.claims.iter().all(|c| c.rule == RuleFamily::Name && c.weight < NOUN);
    if weak
        && claimed(r.hints).is_none_or(|(_, class)| class == Class::Read)
        && let Some(head) = named_first(draft)
    {
        let (place, span) = (Place::Description, r.text_words.span(head));
        draft.claim(resting_on(RuleFamily::Answer, "noun.answer", place, span, r.description, Class::Read, NOUN));
    }
    let Some(at) = r.name.answer else { return };
    let silent = r.text.first.is_empty() && draft.claims.iter().all(|c| c.rule == RuleFamily::Title && !c.counts());
    if silent {
        let span = r.words.span(at);
        draft.claim(resting_on(RuleFamily::Answer, "noun.answer", Place::Name, span, &r.tool.name, Class::Read, 0.62));
    }
}
