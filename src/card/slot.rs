//! What a sentence fills in, by kind. Each kind prints itself, so a server's words reach a page only as code or as a
//! quotation.

use std::borrow::Cow;

use super::quote::{cut, fold, later_sentence};
use super::{Inline, Prose};
use crate::classify::{Evidence, Place, SpeaksFor, Verdict};
use crate::manifest::Tool;
use crate::risk::Class;
use crate::sentence::{Part, parts};

/// Characters of a quoted word or phrase.
const MAX_WORDS: usize = 60;

/// Something that a sentence fills in.
pub(crate) trait Slot {
    /// Adds it.
    fn put(&self, prose: &mut Prose);
}

/// A name or value, in code letters.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CodeText<'a>(pub &'a str);

/// Words of the definition, as a quotation.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Quote<'a>(pub &'a str);

/// What a person wrote, as a quotation, whole.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Whole<'a>(pub &'a str);

/// A number or one of a closed set of words of ours: a class, `true`, `31st`.
#[derive(Debug, Clone)]
pub(crate) struct OwnWord<'a>(pub Cow<'a, str>);

/// A link of the publisher's configuration: words and address.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Link<'a>(pub &'a str, pub Option<&'a str>);

/// Where a piece of evidence is and what it says there: "the name says “delete”".
#[derive(Debug, Clone, Copy)]
pub(crate) struct EvidenceQuote<'a> {
    /// The observation whose place and words are printed.
    pub evidence: &'a Evidence,
    /// The tool whose description says it, where the whole sentence is to be quoted.
    pub tool: Option<&'a Tool>,
}

impl<'a> EvidenceQuote<'a> {
    /// The marked words alone.
    pub(crate) fn of(evidence: &'a Evidence) -> Self {
        Self { evidence, tool: None }
    }
}

impl Slot for CodeText<'_> {
    fn put(&self, prose: &mut Prose) {
        prose.push(Inline::Code { text: self.0.to_owned() });
    }
}

impl Slot for Quote<'_> {
    fn put(&self, prose: &mut Prose) {
        prose.push(Inline::Quote { text: cut(&fold(self.0), MAX_WORDS) });
    }
}

impl Slot for Whole<'_> {
    fn put(&self, prose: &mut Prose) {
        prose.push(Inline::Quote { text: fold(self.0) });
    }
}

impl Slot for OwnWord<'_> {
    fn put(&self, prose: &mut Prose) {
        prose.say(self.0.clone().into_owned());
    }
}

impl From<Class> for OwnWord<'_> {
    fn from(class: Class) -> Self {
        Self(Cow::Borrowed(class.name()))
    }
}

impl From<usize> for OwnWord<'_> {
    fn from(number: usize) -> Self {
        Self(number.to_string().into())
    }
}

impl Slot for Link<'_> {
    fn put(&self, prose: &mut Prose) {
        match self.1 {
            Some(url) => prose.push(Inline::Link { text: self.0.to_owned(), url: url.to_owned() }),
            None => prose.say(self.0.to_owned()),
        };
    }
}

impl Slot for EvidenceQuote<'_> {
    fn put(&self, prose: &mut Prose) {
        let Evidence { place, text, span, .. } = self.evidence;
        let description = self.tool.filter(|_| *place == Place::Description).and_then(|t| t.description.as_deref());
        // The first sentence opens the card; of a later one, the whole says more than the word.
        if let Some(sentence) = description.and_then(|text| later_sentence(text, span.start)) {
            prose.say("the description says ");
            // Our own sentence ends behind it.
            return Whole(sentence.trim_end_matches('.')).put(prose);
        }
        let quote = Quote(text);
        match place {
            Place::Name => prose.say("the name says "),
            Place::Title => prose.say("the title says "),
            Place::Description => prose.say("the description says "),
            Place::Annotation(hint) => {
                prose.say("the server declares ");
                return CodeText(hint.key()).put(prose);
            }
            Place::Pointer(pointer) => {
                let last = pointer.rsplit('/').next().unwrap_or_default();
                let further = pointer.starts_with("/definitions/");
                match argument(pointer) {
                    None if further => prose.say("another definition says "),
                    _ if pointer == "/annotations/title" => prose.say("the title says "),
                    Some((name, "")) => {
                        prose.say("it takes ");
                        return CodeText(&name).put(prose);
                    }
                    Some((name, rest)) => {
                        let value = rest == "/const" || rest.contains("/enum/");
                        prose.say(if value { "a value of " } else { "the schema of " });
                        CodeText(&name).put(prose);
                        prose.say(" says ")
                    }
                    None if last == "title" => prose.say("the schema’s title says "),
                    None => prose.say("the schema says "),
                }
            }
        };
        quote.put(prose);
    }
}

/// Where the words are that decided a verdict's class, and what they are: at most `most` places, the heaviest first.
pub fn deciding(verdict: &Verdict, most: usize) -> Vec<Prose> {
    let decides = |e: &&Evidence| e.decides && !e.restricts && e.speaks_for == SpeaksFor::Class(verdict.class);
    let mut seen: Vec<&Evidence> = Vec::new();
    for evidence in verdict.evidence.iter().filter(decides) {
        if !seen.iter().any(|s| s.place == evidence.place && s.span == evidence.span) {
            seen.push(evidence);
        }
    }
    seen.sort_by(|a, b| b.weight.total_cmp(&a.weight));
    seen.into_iter().take(most).map(|evidence| fill("", "{seen}", &[("seen", &EvidenceQuote::of(evidence))])).collect()
}

/// The argument that a pointer leads to or into, and the steps behind it.
pub(crate) fn argument(pointer: &str) -> Option<(String, &str)> {
    let at = pointer.rfind("/properties/")? + "/properties/".len();
    let (name, rest) = pointer[at..].find('/').map_or((&pointer[at..], ""), |end| pointer[at..].split_at(end));
    (!name.is_empty()).then(|| (name.replace("~1", "/").replace("~0", "~"), rest))
}

/// The sentence `id` with its slots filled.
pub(crate) fn fill(id: &'static str, text: &'static str, slots: &[(&str, &dyn Slot)]) -> Prose {
    let mut prose = Prose::sentence(id);
    for part in parts(text) {
        match part {
            Part::Words(words) => {
                prose.say(words);
            }
            Part::Slot(name) => slots.iter().filter(|(n, _)| *n == name).for_each(|(_, slot)| slot.put(&mut prose)),
        }
    }
    prose
}
