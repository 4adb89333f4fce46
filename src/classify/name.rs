//! A name read: the verbs that it states, their object, and what turns them.
//!
//! Names put the verb first (`delete_user`) or last (`user_delete`), behind a name space or not.
//! A noun that can be a verb yields to a word that is only one; what a getter reads stays data
//! (`get_delete_jobs`); of what is left, every verb counts.

use super::stated::{Object, Stated, object, object_and_target, position};
use super::text::Text;
use crate::lexicon::{Form, Function, GroupRole, Lexicon, Noun, Verb, VerbRole};
use crate::risk::{Class, Facet};
use crate::words::is_unspaced;

/// What the place of a verb is worth that is as well a noun there: less than firm.
const WEAK: f32 = 0.6;

/// What a name says.
#[derive(Debug, Clone, Default)]
pub(super) struct NameReading {
    /// The verb that the name is built around, then the others that count.
    pub stated: Vec<Stated>,
    /// What it is done to.
    pub object: Object,
    /// Modifiers: rule index, first word, number of words.
    pub modifiers: Vec<(u16, usize, usize)>,
    /// The noun that names an answer, where there is no verb.
    pub answer: Option<usize>,
    /// How many words belong to the learned prefix.
    pub prefix: usize,
}

impl NameReading {
    /// The worst of what it states.
    pub(super) fn worst(&self) -> Option<&Stated> {
        self.stated.iter().reduce(|a, b| if b.class > a.class { b } else { a })
    }
}

/// Reads a name, of which the first `prefix` words are the server's own.
pub(super) fn read_name(lexicon: &Lexicon, text: &Text, prefix: usize) -> NameReading {
    let mut out = NameReading { prefix, ..NameReading::default() };
    modifiers(lexicon, text, &mut out);
    let shape = NameShape::of(lexicon, text, prefix);
    let head = head(lexicon, text, &shape);
    let Some((head, from, to)) = head else {
        out.object = object(lexicon, text, prefix, text.len(), usize::MAX);
        joined(lexicon, text, prefix, prefix, &mut out);
        others(lexicon, text, &shape, None, &mut out);
        if out.stated.is_empty() {
            out.answer = answer(lexicon, text, prefix);
        }
        return out;
    };
    out.object = object_and_target(lexicon, text, from, to, text.len(), head.at);
    let at = head.at;
    let weak = head.weight <= lexicon.verbs()[head.verb as usize].weight * WEAK;
    let mut head = head.with(lexicon, out.object);
    if weak {
        head.weight = head.weight.min(WEAK);
    }
    // `git_force_push`
    if lexicon.verbs()[head.verb as usize].roles.contains(VerbRole::Forces)
        && (0..text.len()).any(|i| text.is(i, Function::Forced))
    {
        (head.class, head.by_object) = (Class::Destructive, true);
    }
    out.stated.push(head);
    joined(lexicon, text, prefix, at, &mut out);
    others(lexicon, text, &shape, Some(at), &mut out);
    out
}

fn modifiers(lexicon: &Lexicon, text: &Text, out: &mut NameReading) {
    let mut skip_until = out.prefix;
    for i in out.prefix..text.len() {
        if i >= skip_until
            && let Some((rule, count)) = lexicon.index().modifier(text.word(i), text.word(i + 1))
        {
            out.modifiers.push((rule, i, count));
            skip_until = i + count;
        }
    }
}

/// The noun of a name without a verb that says what comes back: one of the lexicon's, what is turned
/// into something else (`csv_to_json`), or several things (`adb_devices`).
fn answer(lexicon: &Lexicon, text: &Text, prefix: usize) -> Option<usize> {
    let n = text.len();
    let names = |i: &usize| text.entry(*i).groups & lexicon.answers() != 0;
    let turns = |i: &usize| text.word(*i) == "to" && *i + 1 < n;
    let end = (prefix..n).find(|i| *i > prefix && text.is(*i, Function::Preposition)).unwrap_or(n);
    let last = end.checked_sub(1).filter(|i| *i >= prefix);
    (prefix..n)
        .rev()
        .find(names)
        .or_else(|| (prefix..n).find(turns))
        .or_else(|| last.filter(|i| text.plural(*i) && (*i == prefix || !text.entry(prefix).is_unknown())))
}

/// The part of a name in which its verb stands.
struct NameShape {
    /// First word behind the prefix.
    first: usize,
    /// One past the last word before a preposition.
    end: usize,
    /// The last word that is not a modifier, version or the like.
    tail: usize,
    /// The same of the whole name, behind prepositions.
    last: usize,
}

impl NameShape {
    fn of(lexicon: &Lexicon, text: &Text, prefix: usize) -> Self {
        let n = text.len();
        let end = (prefix + 1..n)
            .find(|i| text.is(*i, Function::Preposition) && text.base(lexicon, *i).is_none())
            .unwrap_or(n);
        let bare = |mut tail: usize| {
            while tail > prefix
                && (text.is(tail, Function::Trailing) || text.word(tail).bytes().all(|b| b.is_ascii_digit()))
                && !text.is_only_verb(lexicon, tail)
            {
                tail -= 1;
            }
            tail
        };
        Self { first: prefix, end, tail: bare(end.saturating_sub(1)), last: bare(n.saturating_sub(1)) }
    }
}

/// The verb that the name is built around, and the words of its object.
fn head(lexicon: &Lexicon, text: &Text, shape: &NameShape) -> Option<(Stated, usize, usize)> {
    let n = text.len();
    let prefix = shape.first;
    let mut best: Option<(u8, usize, u16)> = None;
    let mut after_preposition = false;
    let mut i = prefix;
    let noun = |verb: u16| lexicon.verbs()[verb as usize].noun;
    while i < n {
        // A name that is nothing but the noun leaves its second word to be the verb: `code_review`.
        // `merge_base`: of two words of which the first would change something, neither is a verb.
        let changes = text.verb(lexicon, i).is_some_and(|(_, _, row)| row.class > Class::Read);
        if text.compound(lexicon, i) && (changes || !(i == prefix && shape.end == prefix + 2)) {
            i += 2;
            continue;
        }
        if text.is(i, Function::Preposition) && i > prefix {
            after_preposition = true;
            i += 1;
            continue;
        }
        // `users_can_delete`: a question.
        if i > prefix && text.is(i - 1, Function::Possibility) {
            i += 1;
            continue;
        }
        // One name space before the verb makes it no less the first: `kv_list`, `wfp_list_routes`.
        let space = i == prefix + 1 && i + 1 < n && text.verb(lexicon, prefix).is_none();
        let first = i == prefix || space;
        let rank = match text.verb(lexicon, i) {
            // `git_log`, `usage_report`: the last word names the answer.
            Some((_, Form::Base, row))
                if i > prefix && i + 1 == n && row.weight < 0.7 && text.entry(i).groups & lexicon.answers() != 0 =>
            {
                None
            }
            // `power`: a verb only with a particle.
            Some((_, Form::Base, row))
                if row.noun == Noun::Mostly
                    && row.roles.contains(VerbRole::Phrasal)
                    && !(i + 1..n).any(|k| matches!(text.word(k), "on" | "off" | "down")) =>
            {
                None
            }
            // `tip`: a noun is not taken for a verb that would destroy.
            Some((_, Form::Base, row))
                if row.noun == Noun::Mostly && row.class == Class::Destructive && (!first || i + 1 == n) =>
            {
                None
            }
            Some((verb, Form::Base, row)) => {
                // `issue_refund`: its object settles that the noun is a verb.
                let settles = first && row.noun == Noun::Mostly && i + 1 < n && {
                    let object = object(lexicon, text, i + 1, n, usize::MAX);
                    let stated = Stated::new(lexicon, verb, text, i, 1.0).with(lexicon, object);
                    stated.by_object && stated.class == Class::Destructive
                };
                Some((if settles { 9 } else { base_rank(row, first) }, verb))
            }
            Some((verb, Form::Third, row)) if first && n - prefix > 1 && row.noun == Noun::Rarely => Some((6, verb)),
            Some((verb, Form::Ing, row)) if first && row.noun == Noun::Rarely && row.class == Class::Destructive => {
                Some((5, verb))
            }
            Some((verb, Form::Ing | Form::Noun, row)) if row.noun != Noun::Mostly => Some((1, verb)),
            _ => None,
        };
        if let Some((mut rank, verb)) = rank {
            if after_preposition {
                if noun(verb) == Noun::Mostly {
                    i += 1;
                    continue;
                }
                rank = rank.min(1);
            }
            let replaces = match best {
                None => true,
                Some((8, held, held_verb)) => yields(lexicon, shape, (held, held_verb), (i, verb, rank)),
                Some((held, _, _)) => rank > held,
            };
            if replaces {
                best = Some((rank, i, verb));
            }
        }
        i += 1;
    }
    let mut unsure = false;
    // `order_status`: a noun that could be a verb, before the noun that names the answer; `login_history`:
    // records of what was done are not what is done.
    if let Some((rank, at, verb)) = best
        && at + 1 < n
    {
        let last = text.entry(n - 1).groups;
        let row = &lexicon.verbs()[verb as usize];
        let often = row.noun == Noun::Often && row.class == Class::Write && row.weight < 0.9;
        let weak = rank <= 4 || (often && row.weight < 0.86);
        let records = often && last & lexicon.index().role(GroupRole::RecordsOf) != 0;
        let answers = last & lexicon.answers() != 0;
        // `type_text`: what is typed may be run.
        let types = at == prefix && row.roles.contains(VerbRole::Runs);
        if (rank <= 4 && answers && !types) || records {
            return None;
        }
        // `share_report`, `order_status`: as likely a verb as a noun, and the description decides.
        unsure = weak && answers;
    }
    if let Some((rank, at, verb)) = best {
        let first = at == prefix || (at == prefix + 1 && at + 1 < n && text.verb(lexicon, prefix).is_none());
        // `google_play_store`: at the end and as often a noun, it leaves the word to the description.
        let ends = rank == 5 && at == shape.tail && !text.plural(at.wrapping_sub(1));
        // `pipelines_build_and_share`, `subscriptions_by_topic_erase`: what is joined or stands last is a verb.
        let row = &lexicon.verbs()[verb as usize];
        let joined = at > prefix && text.is(at - 1, Function::And) && text.word(at - 1).len() > 1;
        let last = at == shape.last
            && row.class == Class::Destructive
            && row.noun == Noun::Rarely
            && !text.is(at.wrapping_sub(1), Function::Preposition)
            && text.base(lexicon, at).is_some();
        let value = if joined || last {
            0.95
        } else if rank <= 1 || ends || unsure {
            WEAK
        } else {
            position(noun(verb), first)
        };
        let stated = Stated::new(lexicon, verb, text, at, value);
        let (from, to) = object_range(lexicon, text, prefix, at);
        return Some((stated, from, to));
    }
    agent(lexicon, text, shape).or_else(|| derived(lexicon, text, prefix))
}

/// `file_deleter`, `code_runner`: who does it, at the end of a name that has no verb.
fn agent(lexicon: &Lexicon, text: &Text, shape: &NameShape) -> Option<(Stated, usize, usize)> {
    let at = shape.tail;
    let (verb, row) = text.agent(lexicon, at)?;
    // `server`, `user`: a thing of its own.
    let person = row.facets.contains(&Facet::MovesMoney);
    if row.noun != Noun::Rarely || text.entry(at).groups != 0 || at == shape.first || person {
        return None;
    }
    Some((Stated::new(lexicon, verb, text, at, 0.8), shape.first, at))
}

fn base_rank(row: &Verb, first: bool) -> u8 {
    match (row.noun, first) {
        (Noun::Rarely, true) => 9,
        (Noun::Often, true) => 8,
        (Noun::Rarely, false) => 7,
        (Noun::Often, false) => 5,
        (Noun::Mostly, true) => 4,
        (Noun::Mostly, false) => 2,
    }
}

/// Whether a first word that is as often a noun yields to the verb at `i`: one that is only a verb and
/// stands beside it or last (`email_send`, `schedule_delete`), or a firm one that stands last behind
/// a noun (`tag_list`, `test_run_create`).
fn yields(
    lexicon: &Lexicon,
    shape: &NameShape,
    (held, held_verb): (usize, u16),
    (i, verb, rank): (usize, u16, u8),
) -> bool {
    let held_row = &lexicon.verbs()[held_verb as usize];
    let row = &lexicon.verbs()[verb as usize];
    let gets = held_row.roles.contains(VerbRole::Gets);
    let last = i == shape.tail && i > held;
    let firm = held_row.weight >= 0.85;
    // `update_get_x`: a strong verb of change keeps its place before a getter.
    let keeps = held_row.weight >= 0.9 && held_row.class != Class::Read && row.class == Class::Read;
    match rank {
        // `update_contact_list`: nor before a list or a view.
        5 | 7 if keeps => false,
        7 if gets => last,
        7 => last || i == held + 1,
        5 if row.weight >= 0.85 => last && !gets && (!firm || row.roles.contains(VerbRole::Gets)),
        _ => false,
    }
}

/// Where the object of the verb at `at` stands: behind it up to a preposition, else before it.
fn object_range(lexicon: &Lexicon, text: &Text, prefix: usize, at: usize) -> (usize, usize) {
    let n = text.len();
    if at + 1 < n && !text.is(at + 1, Function::Preposition) {
        let ends =
            |i: &usize| text.is(*i, Function::Preposition) || text.is(*i, Function::And) && text.word(*i).len() > 1;
        let mut to = (at + 1..n).find(ends).unwrap_or(n);
        // `send_email_tool`: the object is the e-mail.
        let one_noun = |to: usize| lexicon.index().pair(text.word(to - 2), text.word(to - 1)) != 0;
        while to > at + 2 && text.is(to - 1, Function::Trailing) && !one_noun(to) {
            to -= 1;
        }
        if to > at + 1 {
            return (at + 1, to);
        }
        // `get_or_create_team`: the object stands behind the joined verb.
        return (at + 1, n);
    }
    // A name space alone says what a gesture is done to: `browser_drop`.
    if at > prefix { (prefix, at) } else { (0, at) }
}

/// Verbs joined by a conjunction: `get_or_create`, `find_one_and_update`.
fn joined(lexicon: &Lexicon, text: &Text, prefix: usize, at: usize, out: &mut NameReading) {
    let n = text.len();
    for i in prefix + 1..n.saturating_sub(1) {
        if !text.is(i, Function::And) || text.word(i).len() < 2 {
            continue;
        }
        // `and_permanently_delete`: an adverb may stand between.
        let adverb = text.base(lexicon, i + 1).is_none() || text.is(i + 1, Function::Also);
        let k = if adverb && i + 2 < n && (text.is(i + 1, Function::Also) || text.is(i + 1, Function::Trailing)) {
            i + 2
        } else {
            i + 1
        };
        if out.stated.iter().any(|s| s.at == k) {
            continue;
        }
        // `and_trasfer_funds`: one edit off.
        if let (true, Some(verb)) = (text.verb(lexicon, k).is_none(), lexicon.index().misspelled(text.word(k))) {
            let stated =
                Stated::new(lexicon, verb, text, k, 0.9).with(lexicon, object(lexicon, text, k + 1, n, usize::MAX));
            let class = stated.class.max(Class::Write);
            out.stated.push(Stated { misspelled: true, class, ..stated });
            continue;
        }
        let Some((verb, row)) = text.base(lexicon, k) else { continue };
        let adjacent = i == at + 1;
        let own = object(lexicon, text, k + 1, n, usize::MAX);
        let object = if adjacent || own.there { own } else { own.union(out.object) };
        let stated = Stated::new(lexicon, verb, text, k, 0.95).with(lexicon, object);
        let worse = stated.class == Class::Destructive || stated.facets.has(Facet::SendsOut);
        let firm = row.weight >= 0.8 || (row.weight >= 0.7 && worse) || (row.weight >= 0.7 && stated.by_object);
        if row.noun == Noun::Rarely || (row.noun == Noun::Often && (adjacent || firm)) {
            out.stated.push(stated);
        }
    }
}

/// What counts beside the head: a verb that stands last, a destructive verb anywhere but behind a getter,
/// its noun (`account_deletion`), and a word one edit off a dangerous verb.
fn others(lexicon: &Lexicon, text: &Text, shape: &NameShape, head: Option<usize>, out: &mut NameReading) {
    // `can_delete`, `is_deleted`: a question.
    let asks = |i: usize| text.is(i, Function::Question);
    if asks(shape.first) || head.is_some_and(asks) {
        return;
    }
    let mut got = false;
    let very_last = shape.last;
    // `view_drop`: a getter that is as often a noun.
    let mut looked = false;
    for i in (shape.first..shape.end).chain((shape.end..text.len()).filter(|i| *i == very_last)) {
        if text.compound(lexicon, i) || (i > shape.first && text.compound(lexicon, i - 1)) {
            continue;
        }
        // `who_can_delete`
        if i > shape.first && text.is(i - 1, Function::Possibility) {
            continue;
        }
        let known = text.verb(lexicon, i);
        let agent = text.agent(lexicon, i).map(|(verb, row)| (verb, Form::Agent, row));
        let seen = out.stated.iter().any(|s| s.at == i);
        let stands = match known.or(agent) {
            Some((verb, Form::Base, row)) => {
                let space = row.roles.contains(VerbRole::Space);
                let gets = row.class == Class::Read && row.noun != Noun::Mostly && !space;
                // `add_to_sprint_delete`: behind all else, and not `ready_to_delete`.
                let before = i.wrapping_sub(1);
                let behind = i == very_last && (!text.is(before, Function::Preposition) || text.word(before) == "for");
                let last = i > shape.first && (i == shape.tail || (i > shape.end && behind));
                // `query_rules_update`: behind a plural, what is as often a noun is a verb.
                let worse = row.class == Class::Destructive;
                let ends = last
                    && row.noun == Noun::Often
                    && (row.weight >= 0.85 || (worse && row.weight >= 0.75))
                    && (text.plural(i.wrapping_sub(1)) || worse && i == very_last && looked);
                let dangerous = row.class == Class::Destructive && row.weight >= 0.75 && !got;
                let counts = ends || (row.noun == Noun::Rarely && (last || dangerous));
                looked |= gets && row.noun == Noun::Often;
                got |= gets && (i == shape.first || row.noun == Noun::Rarely || head == Some(i));
                counts.then_some((verb, 0.95))
            }
            Some((verb, Form::Noun, row))
                if row.class == Class::Destructive
                    && !got
                    && row.noun == Noun::Rarely
                    && !(i + 2 == text.len()
                        && text.entry(i + 1).groups & lexicon.index().role(GroupRole::RecordsOf) != 0) =>
            {
                // Not `deletion_status`.
                Some((verb, 0.9))
            }
            // `record_eraser`: who does it, at the end.
            Some((verb, Form::Agent, row))
                if (row.class == Class::Destructive || (row.class == Class::Write && row.weight >= 0.85))
                    && (row.noun == Noun::Rarely || (row.class == Class::Write && head.is_none()))
                    // `marketplace_seller`: a person.
                    && !row.facets.contains(&Facet::MovesMoney)
                    && text.entry(i).groups == 0
                    && !got
                    && i == very_last
                    && i > shape.first =>
            {
                Some((verb, 0.85))
            }
            // `deleting_user`, `get_user_and_deleting`, `get_user_deleting`.
            Some((verb, Form::Ing, row))
                if row.class == Class::Destructive
                    && row.noun == Noun::Rarely
                    && (i == shape.first || i == very_last) =>
            {
                Some((verb, 0.95))
            }
            _ => None,
        };
        if let Some((verb, value)) = stands
            && !seen
        {
            let (from, to) = object_range(lexicon, text, shape.first, i);
            let object = object(lexicon, text, from, to, i);
            out.stated.push(Stated::new(lexicon, verb, text, i, value).with(lexicon, object));
        }
        let before = i.wrapping_sub(1);
        let loose = i < shape.end || !text.is(before, Function::Preposition) || text.word(before) == "for";
        if known.is_none()
            && !seen
            && loose
            && let Some(verb) = lexicon.index().misspelled(text.word(i))
        {
            let object = object(lexicon, text, shape.first, shape.end, i);
            let stated = Stated::new(lexicon, verb, text, i, 0.9).with(lexicon, object);
            let class = stated.class.max(Class::Write);
            out.stated.push(Stated { misspelled: true, class, ..stated });
        }
    }
}

/// Verbs inside words: `unfollow`, `reupload`, `listrepos`, `userdelete`, scripts without spaces.
fn derived(lexicon: &Lexicon, text: &Text, prefix: usize) -> Option<(Stated, usize, usize)> {
    let index = lexicon.index();
    for i in prefix..text.len() {
        let word = text.word(i);
        if word.contains(is_unspaced) {
            let kana = word.contains(|c| matches!(c, '\u{3040}'..='\u{30ff}' | '\u{ac00}'..='\u{d7a3}'));
            if let Some((verb, from, to)) = index.unspaced(word, kana) {
                let mut stated = Stated::new(lexicon, verb, text, i, 0.95);
                let base = stated.span.start;
                stated.span.end = base + to;
                stated.span.start = base + from;
                return Some((stated, prefix, text.len()));
            }
        }
        for (affix, undoes) in [("un", true), ("re", false)] {
            if let Some(stem) = word.strip_prefix(affix)
                && stem.len() > 3
                && let Some((verb, Form::Base)) = index.word(stem).verb
                && lexicon.verbs()[verb as usize].class != Class::Read
                && text.entry(i).is_unknown()
            {
                let mut stated = Stated::new(lexicon, verb, text, i, 0.9);
                if undoes {
                    stated.class = Class::Write;
                    stated.undoes = true;
                }
                return Some((stated, i + 1, text.len()));
            }
        }
    }
    let word = text.word(prefix);
    if !word.is_ascii() || !text.entry(prefix).is_unknown() {
        return None;
    }
    let firm = |part: &str, weight: f32| match index.word(part).verb {
        Some((verb, Form::Base)) => {
            let row = &lexicon.verbs()[verb as usize];
            (row.noun == Noun::Rarely && row.weight >= weight).then_some((verb, row.class))
        }
        _ => None,
    };
    // `userdelete`: a destructive verb ends the word.
    for len in (3..word.len().saturating_sub(4)).rev() {
        if let Some((verb, Class::Destructive)) = firm(&word[len..], 0.85) {
            let mut stated = Stated::new(lexicon, verb, text, prefix, 0.9);
            stated.span.start += len;
            return Some((stated, prefix + 1, text.len()));
        }
    }
    for len in (3..word.len()).rev() {
        let rest = &word[len..];
        let noun = !index.word(rest).is_unknown() || (rest.len() > 4 && rest.ends_with('s'));
        if rest.len() >= 3
            && noun
            && let Some((verb, _)) = firm(&word[..len], 0.9)
        {
            let mut stated = Stated::new(lexicon, verb, text, prefix, 0.75);
            stated.span.end = stated.span.start + len;
            return Some((stated, prefix + 1, text.len()));
        }
    }
    None
}

/// Whether the name's object is several things, which the list argument `list` holds: `delete_records`
/// with `recordIds`. A list of `objects` may have any name.
pub(super) fn names_many(text: &Text, reading: &NameReading, list: &str, objects: bool) -> bool {
    if reading.stated.is_empty() {
        return false;
    }
    let list = list.to_ascii_lowercase();
    (reading.prefix..text.len()).any(|i| {
        let word = text.word(i);
        let stem = word.strip_suffix("ies").or_else(|| word.strip_suffix('s')).unwrap_or(word);
        text.plural(i) && (objects || list.contains(stem) || list.ends_with("ids"))
    })
}
