//! `first-sentence`, `later-sentence`: what the description's main clauses state.

use std::sync::LazyLock;

use memchr::memmem::Finder;
use serde_json::Value;

use crate::classify::draft::{Draft, ToolReadings};
use crate::classify::name::read_name;
use crate::classify::sentence::{MAX_READ_BYTES, read_answer};
use crate::classify::stated::Stated;
use crate::classify::text::Text;
use crate::classify::types::{Place, RuleFamily};
use crate::lexicon::{Function, Noun, VerbRole};
use crate::manifest::schema::{Step, path_from, pointer};
use crate::risk::{Class, Span};

pub(super) fn claim(draft: &mut Draft<'_>) {
    let r = draft.r;
    first(draft);
    later(draft);
    if let Some(schema) = &draft.r.tool.output_schema {
        answered(draft, schema, &mut path_from("outputSchema"));
    }
    examples(draft);
    // What is listed behind `Operations:` counts, unless the tool states a change whose parts these are
    // (`Updates a form. Operations: set keys, remove keys`).
    let changes = draft.stated().is_some_and(|c| c > Class::Read);
    for stated in r.text.listed.iter().filter(|s| !(changes && s.1)) {
        draft.claim_stated(RuleFamily::LaterSentence, &stated.0, Place::Description, r.description);
    }
}

/// How deep an output schema is read.
const MAX_ANSWER_DEPTH: usize = 12;

/// What an output schema says that the call has done.
fn answered<'a>(draft: &mut Draft<'_>, schema: &'a Value, path: &mut Vec<Step<'a>>) {
    if path.len() > MAX_ANSWER_DEPTH {
        return;
    }
    let Value::Object(map) = schema else { return };
    for (key, value) in map {
        match value {
            Value::String(told) if key == "description" && speaks_of_a_call(told) => {
                let mut text = Text::default();
                text.prose(draft.lexicon, told, MAX_READ_BYTES);
                for stated in read_answer(draft.lexicon, &text, told, &draft.r.name.stated) {
                    let place = Place::Pointer(format!("{}/description", pointer(path)));
                    draft.claim_stated(RuleFamily::LaterSentence, &stated, place, told);
                }
            }
            Value::Object(_) => {
                path.push(Step::Key(key));
                answered(draft, value, path);
                path.pop();
            }
            _ => {}
        }
    }
}

/// Whether a text may say who did something: most do not.
fn speaks_of_a_call(text: &str) -> bool {
    static WORDS: LazyLock<[Finder<'static>; 5]> =
        LazyLock::new(|| ["by th", "call ", "during th", "in th", "while "].map(Finder::new));
    WORDS.iter().any(|words| words.find(text.as_bytes()).is_some())
}

/// Calls of the tool itself that the description gives as examples: `kubectl_read(args="delete deployment web")`.
fn examples(draft: &mut Draft<'_>) {
    let r = draft.r;
    let name = r.tool.name.as_str();
    let mut from = 0;
    while let Some(at) = memchr::memmem::find(&r.description.as_bytes()[from..], name.as_bytes()) {
        let open = from + at + name.len();
        from = open;
        let Some(rest) = r.description.get(open..).filter(|rest| !name.is_empty() && rest.starts_with('(')) else {
            if name.is_empty() {
                return;
            }
            continue;
        };
        let line = rest.lines().next().unwrap_or_default();
        let mut parts = line.split('"');
        let mut begins = open;
        while let (Some(before), Some(value)) = (parts.next(), parts.next()) {
            let start = begins + before.len() + 1;
            begins = start + value.len() + 1;
            // What is looked for may be called anything.
            let argument =
                before.trim_end_matches(['=', ':', ' ']).rsplit(|c: char| !c.is_alphanumeric() && c != '_').next();
            let looked_for =
                argument.is_none_or(|a| r.lexicon.index().word(&a.to_ascii_lowercase()).is(Function::Lookup));
            let mut words = Text::default();
            words.identifier(r.lexicon, value);
            let reading = read_name(r.lexicon, &words, 0);
            let Some(stated) = reading.worst().filter(|s| s.at == 0 && s.class == Class::Destructive && !looked_for)
            else {
                continue;
            };
            let span = Span { start: start + stated.span.start, end: start + stated.span.end };
            let stated = Stated { span, weight: stated.weight.max(0.7), ..*stated };
            draft.claim_stated(RuleFamily::LaterSentence, &stated, Place::Description, r.description);
        }
    }
}

fn first(draft: &mut Draft<'_>) {
    let r = draft.r;
    for stated in &r.text.first {
        let mut one = *stated;
        if is_what_is_read(r, stated) {
            continue;
        }
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

/// Whether a sentence begins with the noun that the name reads: `list_grants`: `Grants on a table.`
fn is_what_is_read(r: &ToolReadings<'_>, stated: &Stated) -> bool {
    let read = |head: &Stated| {
        let gets = r.lexicon.verbs()[head.verb as usize].roles.contains(VerbRole::Gets);
        head.class == Class::Read
            && gets
            && (head.at + 1..r.words.len()).any(|i| r.words.word(i) == r.text_words.word(0))
    };
    let words = r.text_words;
    let row = &r.lexicon.verbs()[stated.verb as usize];
    // `list_open_orders`: `Open orders of an account.`; a verb that only destroys is none of it.
    let noun = (words.word(0).ends_with('s') && words.is(1, Function::Preposition))
        || (words.plural(1)
            && words.is(2, Function::Preposition)
            && (row.class < Class::Destructive || row.noun != Noun::Rarely));
    stated.at == 0 && noun && r.name.stated.first().is_some_and(read)
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
