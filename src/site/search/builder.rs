//! Collects entries and gives them their final order.

use std::collections::{HashMap, HashSet};
use std::hash::BuildHasher as _;
use std::io;

use foldhash::fast::RandomState;
use serde::{Deserialize, Serialize};

use super::query::QUERY;
use super::text::{first_words, words};
use crate::card::quote::first_sentence;
use crate::classify::Verdict;
use crate::manifest::{Hint, Manifest, Server, Tool};
use crate::risk::Facet;
use crate::site::html::escape::{excerpt, floor};

/// Bytes of a description that are read for words.
const MAX_DESCRIPTION_BYTES: usize = 4_000;
/// Distinct words of a description that are kept.
const MAX_DESCRIPTION_WORDS: usize = 64;
/// Digits from which a word of a description is part of an identifier and nothing that people look for.
const MIN_LONG_NUMBER: usize = 4;
/// Characters of a name that a result shows.
const MAX_NAME_CHARS: usize = 128;
/// Characters of a server's title and of a sentence that a result shows.
const MAX_TITLE_CHARS: usize = 60;
const MAX_SENTENCE_CHARS: usize = 120;

/// Where a word was seen; a lower number counts more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) enum SearchField {
    /// The name or title; also a tag.
    Name,
    /// The server's folder or title.
    Server,
    /// The description.
    Description,
}

/// One tool or server as search sees it, borrowed from what the build holds anyway.
#[derive(Debug, Clone, Copy)]
pub struct Posting<'a> {
    url: &'a str,
    server: &'a Server,
    name: &'a str,
    title: &'a str,
    description: &'a str,
    tool: Option<(&'a Tool, &'a Verdict)>,
}

impl<'a> Posting<'a> {
    /// A tool of `server`; `url` is relative to the site's root.
    pub fn tool(url: &'a str, server: &'a Server, tool: &'a Tool, verdict: &'a Verdict) -> Self {
        let title = tool.title.as_deref().or(tool.annotations.title.as_deref()).unwrap_or_default();
        Self { url, server, name: &tool.name, title, description: tool.description(), tool: Some((tool, verdict)) }
    }

    /// A server; `url` is relative to the site's root.
    pub fn server(url: &'a str, manifest: &'a Manifest) -> Self {
        let server = &manifest.server;
        let title = server.package.as_deref().unwrap_or_default();
        let description = manifest.instructions.as_deref().unwrap_or_default();
        Self { url, server, name: server.display_name(), title, description, tool: None }
    }

    /// Splits the texts: the costly part, which needs no [`Builder`] and may run on any thread.
    pub fn prepare(self) -> Prepared {
        let name_words = words(self.name);
        let group = match self.tool {
            None => LabelGroup::server(name_words.len()),
            Some((_, verdict)) => LabelGroup::tool(verdict, name_words.len()),
        };
        let mut found: Vec<(String, SearchField)> = Vec::new();
        // Words that are not here are new, so most need no look at all the others.
        let mut hashes: HashSet<u64, RandomState> = HashSet::default();
        // A filter asks for the server alone, so its words are kept beside those of the name.
        let mut see = |word: String, field: SearchField| {
            let is_new = hashes.insert(hashes.hasher().hash_one(&word));
            let repeats = |known: SearchField| known == field || field == SearchField::Description;
            if is_new || !found.iter().any(|(other, known)| *other == word && repeats(*known)) {
                found.push((word, field));
            }
        };
        name_words.into_iter().chain(words(self.title)).for_each(|word| see(word, SearchField::Name));
        for said in [&self.server.slug, self.server.display_name()] {
            QUERY.server(words(said)).into_iter().for_each(|word| see(word, SearchField::Server));
        }
        let end = floor(self.description, MAX_DESCRIPTION_BYTES);
        let mut left = MAX_DESCRIPTION_WORDS;
        first_words(&self.description[..end], &mut |word| {
            if word.len() > 1 && digits(&word) < MIN_LONG_NUMBER && !QUERY.is_empty(&word) {
                see(word, SearchField::Description);
                left -= 1;
            }
            left > 0
        });
        let verb = self.tool.and_then(|(_, verdict)| verdict.verb.as_deref()).map(field);
        let tags = self.tool.map(|(tool, verdict)| tags(tool, verdict)).unwrap_or_default();
        let sentence = first_sentence(self.description).unwrap_or_default();
        let line = SearchLine {
            url: field(self.url),
            name: excerpt(self.name, MAX_NAME_CHARS),
            server: excerpt(self.server.display_name(), MAX_TITLE_CHARS),
            verb: verb.clone().unwrap_or_default(),
            sentence: excerpt(&sentence, MAX_SENTENCE_CHARS),
        };
        found.extend(verb.map(|verb| (format!("verb:{verb}"), SearchField::Name)));
        Prepared { group, line: line.encode(), words: found, tags }
    }
}

/// A text as a field of a file of the index: on one line, without a tab, nothing hidden.
fn field(text: &str) -> String {
    excerpt(text, usize::MAX)
}

/// What a result shows, before it is a line. Every field has passed [`excerpt`], so none holds a tab or a line break.
struct SearchLine {
    url: String,
    name: String,
    server: String,
    verb: String,
    sentence: String,
}

impl SearchLine {
    /// The line but for the tags, which have their numbers only when all entries are known.
    fn encode(self) -> String {
        let Self { url, name, server, verb, sentence } = self;
        [url, name, server, verb, sentence].join("\t")
    }
}

fn digits(word: &str) -> usize {
    word.bytes().filter(u8::is_ascii_digit).count()
}

/// What a filter of the form `finding:…` or `hint:…` finds.
fn tags(tool: &Tool, verdict: &Verdict) -> Vec<String> {
    let mut tags: Vec<String> = verdict.findings.iter().map(|f| format!("finding:{}", f.id.name())).collect();
    tags.sort_unstable();
    tags.dedup();
    if !tool.annotations.any_hint() {
        tags.push("hint:none".to_owned());
    }
    let declared = Hint::ALL.into_iter().filter_map(|hint| Some((hint, tool.annotations.declared(hint)?)));
    tags.extend(declared.map(|(hint, value)| format!("hint:{}={value}", hint.key().to_lowercase())));
    tags
}

/// An entry that is split into words, ready for [`encode`].
#[derive(Debug, Clone, Serialize)]
pub struct Prepared {
    group: LabelGroup,
    line: String,
    words: Vec<(String, SearchField)>,
    tags: Vec<String>,
}

/// The same as it lies in a file.
#[derive(Deserialize)]
struct StoredEntry<'a> {
    group: LabelGroup,
    line: &'a str,
    #[serde(borrow)]
    words: Vec<(&'a str, SearchField)>,
    #[serde(borrow)]
    tags: Vec<&'a str>,
}

/// Entries as bytes.
///
/// # Errors
/// Where there are more than can be counted.
pub fn encode(entries: &[Prepared]) -> io::Result<Vec<u8>> {
    postcard::to_allocvec(entries).map_err(io::Error::other)
}

/// Entries that were read and not yet added: what [`encode`] made, and where it begins in the bytes of all.
pub struct Encoded<'a> {
    entries: Vec<StoredEntry<'a>>,
    bytes: &'a [u8],
    at: u64,
}

impl<'a> Encoded<'a> {
    /// Reads entries whose bytes begin at `at` in those of all; nothing where they are something else.
    pub fn read(bytes: &'a [u8], at: u64) -> Option<Self> {
        Some(Self { entries: postcard::from_bytes(bytes).ok()?, bytes, at })
    }
}

/// What documents have in common that are together: filters and ranking need nothing else of a
/// document. Ordered as results are where nothing else decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct LabelGroup(u32);

/// A bit for each facet, all set.
const ALL_FACETS: u32 = (1 << Facet::ALL.len()) - 1;
const _: () = assert!(Facet::ALL.len() <= 8, "a group has eight bits for facets, behind four for the words");

impl LabelGroup {
    fn server(words: usize) -> Self {
        Self(Self::length(words))
    }

    fn tool(verdict: &Verdict, words: usize) -> Self {
        let class = 2 - verdict.class as u32;
        let severity = 3 - verdict.severity as u32;
        let facets = ALL_FACETS - u32::from(verdict.facets.bits());
        Self((1 << 16) | (class << 14) | (severity << 12) | (facets << 4) | Self::length(words))
    }

    fn length(words: usize) -> u32 {
        u32::try_from(words.clamp(1, 4)).unwrap_or(4)
    }

    /// `[class, severity, facets, words]`; class 0 is a server, 1 to 3 are Read to Destructive;
    /// severity 1 to 4; facets as bits in canonical order; words of the name, 4 for more.
    pub(super) fn row(self) -> [u32; 4] {
        let words = self.0 & 15;
        if self.0 >> 16 == 0 {
            return [0, 0, 0, words];
        }
        [3 - ((self.0 >> 14) & 3), 4 - ((self.0 >> 12) & 3), ALL_FACETS - ((self.0 >> 4) & ALL_FACETS), words]
    }
}

/// One document, in its final place.
pub(super) struct SearchDocument {
    pub(super) group: LabelGroup,
    /// Bits into [`SearchIndex::tags`].
    pub(super) tags: u32,
    /// Where its line begins in the bytes of all entries, and how long it is: address, name, server's title, verb and
    /// sentence, separated by tabs.
    pub(super) line: (u64, u32),
}

impl SearchDocument {
    /// Short names of short servers first; of equals the one that was added first.
    fn place(&self) -> (LabelGroup, u32, u64) {
        let (at, length) = self.line;
        (self.group, length, at)
    }
}

/// Collects entries in the order of their bytes.
///
/// Holds 24 bytes a document and about two bytes a pair of word and document; lines stay where they are.
#[derive(Default)]
pub struct Builder {
    words: HashMap<Box<str>, u32, RandomState>,
    tags: Vec<String>,
    documents: Vec<SearchDocument>,
    /// The documents of each word, by its number.
    lists: Vec<WordList>,
}

/// The documents of one word with the fields that have it, as they were added: ascending, each as the distance from the one
/// before and the field, seven bits a byte.
#[derive(Debug, Default)]
pub(super) struct WordList {
    bytes: Vec<u8>,
    last: u32,
}

impl WordList {
    fn push(&mut self, document: u32, field: SearchField) {
        let mut left = u64::from(document - self.last) << 2 | field as u64;
        self.last = document;
        while left >= 0x80 {
            self.bytes.push((left & 0x7f) as u8 | 0x80);
            left >>= 7;
        }
        self.bytes.push((left & 0x7f) as u8);
    }

    /// Each document with the number of the field.
    pub(super) fn iter(&self) -> impl Iterator<Item = (u32, usize)> {
        let mut bytes = self.bytes.iter();
        let mut document = 0;
        std::iter::from_fn(move || {
            let (mut value, mut shift) = (0_u64, 0);
            loop {
                let byte = *bytes.next()?;
                value |= u64::from(byte & 0x7f) << shift;
                if byte < 0x80 {
                    break;
                }
                shift += 7;
            }
            document += u32::try_from(value >> 2).unwrap_or(u32::MAX);
            Some((document, (value & 3) as usize))
        })
    }
}

impl Builder {
    /// Takes entries.
    pub fn add(&mut self, all: &Encoded<'_>) {
        for entry in &all.entries {
            let document = u32::try_from(self.documents.len()).unwrap_or(u32::MAX);
            let mut bits = 0;
            for tag in &entry.tags {
                let known = self.tags.iter().position(|t| t == tag);
                let at = known.unwrap_or_else(|| {
                    self.tags.push((*tag).to_owned());
                    self.tags.len() - 1
                });
                bits |= 1_u32.checked_shl(u32::try_from(at).unwrap_or(u32::MAX)).unwrap_or(0);
                self.pair(tag, document, SearchField::Name);
            }
            for (word, field) in &entry.words {
                self.pair(word, document, *field);
            }
            let below = entry.line.as_ptr().addr().saturating_sub(all.bytes.as_ptr().addr());
            let line = (all.at + below as u64, u32::try_from(entry.line.len()).unwrap_or(u32::MAX));
            self.documents.push(SearchDocument { group: entry.group, tags: bits, line });
        }
    }

    fn pair(&mut self, word: &str, document: u32, field: SearchField) {
        let at = self.words.get(word).copied().unwrap_or_else(|| {
            let next = u32::try_from(self.lists.len()).unwrap_or(u32::MAX);
            self.words.insert(word.into(), next);
            self.lists.push(WordList::default());
            next
        });
        self.lists[at as usize].push(document, field);
    }

    /// Gives every document its number.
    pub(super) fn finish(self) -> SearchIndex {
        use rayon::slice::ParallelSliceMut as _;
        let Self { words, tags, mut documents, lists } = self;
        let mut order: Vec<u32> = (0..u32::try_from(documents.len()).unwrap_or(u32::MAX)).collect();
        order.par_sort_unstable_by_key(|at| documents[*at as usize].place());
        let mut numbers = vec![0_u32; order.len()];
        for (number, at) in (0..).zip(&order) {
            numbers[*at as usize] = number;
        }
        drop(order);
        documents.par_sort_unstable_by_key(SearchDocument::place);
        let mut words: Vec<(Box<str>, u32)> = words.into_iter().collect();
        // As JavaScript compares strings.
        words.par_sort_unstable_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
        let (tags, documents) = sorted_tags(tags, documents);
        SearchIndex { words, tags, documents, lists, numbers }
    }
}

/// Tags in alphabetical order, and the documents' bits moved with them.
fn sorted_tags(tags: Vec<String>, mut documents: Vec<SearchDocument>) -> (Vec<String>, Vec<SearchDocument>) {
    let mut sorted: Vec<(usize, String)> = tags.into_iter().enumerate().collect();
    sorted.sort_unstable_by(|(_, a), (_, b)| a.cmp(b));
    for document in &mut documents {
        let bits = sorted.iter().enumerate().filter(|(_, (old, _))| (document.tags >> old) & 1 == 1);
        document.tags = bits.map(|(new, _)| 1 << new).sum();
    }
    (sorted.into_iter().map(|(_, tag)| tag).collect(), documents)
}

/// Everything in its final order, ready to be written.
pub(super) struct SearchIndex {
    /// Each word with its place in `lists`, in the order of UTF-16 code units.
    pub(super) words: Vec<(Box<str>, u32)>,
    /// Names of the tags.
    pub(super) tags: Vec<String>,
    /// All documents.
    pub(super) documents: Vec<SearchDocument>,
    lists: Vec<WordList>,
    /// The place of each document in `documents`, in the order in which they were added.
    numbers: Vec<u32>,
}

impl SearchIndex {
    /// The documents of a word by field, ascending.
    pub(super) fn lists(&self, word: u32) -> [Vec<u32>; 3] {
        let mut lists = [const { Vec::new() }; 3];
        for (document, field) in self.lists[word as usize].iter() {
            if let Some(list) = lists.get_mut(field) {
                list.push(self.numbers[document as usize]);
            }
        }
        for list in &mut lists {
            list.sort_unstable();
        }
        lists
    }
}

#[cfg(test)]
mod tests {
    use super::super::Limits;
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_document_is_one_line_of_six_fields_whatever_a_server_says(
            texts in prop::collection::vec("[\\t\\n\\r\u{b}\u{c}\u{85}\u{2028}\u{202e} a:/.]{0,12}|.{0,12}", 5..6)
        ) {
            let server = Server { slug: texts[0].clone(), title: Some(texts[1].as_str().into()), ..Server::default() };
            let manifest = Manifest { server, instructions: Some(texts[2].clone().into()), ..Manifest::default() };
            let one = Posting::server(&texts[3], &manifest).prepare();
            let other = Posting { name: &texts[4], ..Posting::server(&texts[0], &manifest) }.prepare();
            let all = encode(&[one, other]).expect("encodes");
            let mut builder = Builder::default();
            builder.add(&Encoded::read(&all, 0).expect("reads"));
            let mut files = Vec::new();
            let written = builder.write(&mut io::Cursor::new(&all), Limits::default(), |path, bytes| {
                files.push((path.to_owned(), String::from_utf8_lossy(bytes).into_owned()));
                Ok(())
            });
            prop_assert!(written.is_ok());
            for (path, text) in &files {
                if path == "d/0.txt" {
                    prop_assert_eq!(text.lines().count(), 2, "{:?}", text);
                    let whole = text.lines().all(|line| line.matches('\t').count() == 5);
                    prop_assert!(whole, "{:?}", text);
                }
                if path.starts_with("w/") {
                    let whole = text.lines().all(|line| line.matches('\t').count() <= 3 && !line.starts_with('\t'));
                    prop_assert!(whole, "{:?}", text);
                }
            }
        }

        #[test]
        fn a_field_keeps_its_line(text in "[\\t\\n\\r\u{b}\u{2029}\u{202e} ab]{0,20}|.{0,40}") {
            let broken = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202e}');
            let field = field(&text);
            prop_assert!(!field.contains(broken), "{:?}", field);
        }
    }
}
