//! The index as files: `root.json`, shards of words, blocks of documents, and the words for typing errors.

use std::io::{self, Write as _};

use rayon::prelude::*;
use serde::Serialize;
use xxhash_rust::xxh3::Xxh3Default;

use super::builder::{Builder, SearchIndex};
use super::list::list;
use super::query::QUERY;
use crate::risk::{Class, Facet, Severity};

/// Number of the byte format; a reader refuses any other.
const FORMAT: u32 = 2;

/// Where files end and lists are cut. A reader learns the block from the root and the cut from each
/// list, so they may change from build to build.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Documents of one block.
    pub block: usize,
    /// Bytes after which a shard of words ends.
    pub shard_bytes: usize,
    /// Documents kept of a word for each field: name, server, description.
    pub caps: [usize; 3],
    /// Words offered for typing errors, the most frequent ones.
    pub common_words: usize,
}

impl Default for Limits {
    /// Measured with 600,000 tools: a query of three words loads 60 to 200 kB, less than half of it compressed.
    fn default() -> Self {
        Self { block: 16, shard_bytes: 12_000, caps: [4_096, 4_096, 1_024], common_words: 6_000 }
    }
}

#[derive(Serialize)]
struct SearchRoot<'a> {
    format: u32,
    version: String,
    documents: usize,
    block: usize,
    classes: [&'static str; 3],
    severities: [&'static str; 4],
    facets: [&'static str; 7],
    tags: &'a [String],
    groups: Vec<[u32; 5]>,
    shards: Vec<String>,
}

impl Builder {
    /// Hands every file to `emit` as a path below the search folder and its bytes; `root.json` comes
    /// last, so that a reader never sees a root before its shards. The same entries give the same bytes. Lines are read from
    /// `entries`, the bytes of all entries.
    ///
    /// # Errors
    /// Those of `entries` and of `emit`.
    pub fn write(
        self,
        entries: &mut (impl io::Read + io::Seek),
        limits: Limits,
        mut emit: impl FnMut(&str, &[u8]) -> io::Result<()>,
    ) -> io::Result<()> {
        let index = self.finish();
        let mut hash = Xxh3Default::new();
        let mut text = Vec::new();
        for (number, block) in index.documents.chunks(limits.block).enumerate() {
            text.clear();
            for document in block {
                let (at, length) = document.line;
                let begin = text.len();
                text.resize(begin + length as usize, 0);
                entries.seek(io::SeekFrom::Start(at))?;
                entries.read_exact(&mut text[begin..])?;
                writeln!(text, "\t{}", document.tags)?;
            }
            hash.update(&text);
            emit(&format!("d/{number}.txt"), &text)?;
        }
        let groups = groups(&index);
        let starts: Vec<u32> = groups.iter().map(|row| row[0]).collect();
        let mut shards = Shards::default();
        let mut common = Vec::new();
        for chunk in index.words.chunks(MAX_WORDS_AT_ONCE) {
            let of_word = |(word, number): &(Box<str>, u32)| {
                let lists = index.lists(*number);
                // A word of names is what people type; one of descriptions has to be frequent.
                let named = lists[0].len() + lists[1].len();
                let weight = 8 * named + lists[2].len() * usize::from(named > 0 || lists[2].len() > 2);
                (line(word, &lists, &starts, limits), weight)
            };
            let lines: Vec<(String, usize)> = chunk.par_iter().map(of_word).collect();
            for ((word, _), (line, weight)) in chunk.iter().zip(lines) {
                if word.chars().count() > 3 && !word.contains(':') {
                    common.push((weight, word));
                }
                if let Some(full) = shards.add(word, &line, limits) {
                    hash.update(full.as_bytes());
                    emit(&format!("w/{}.txt", shards.firsts.len() - 2), full.as_bytes())?;
                }
            }
        }
        if !shards.firsts.is_empty() {
            hash.update(shards.text.as_bytes());
            emit(&format!("w/{}.txt", shards.firsts.len() - 1), shards.text.as_bytes())?;
        }
        common.retain(|(count, _)| *count > 0);
        common.sort_by(|(a, word), (b, other)| b.cmp(a).then(word.cmp(other)));
        let common: Vec<&str> = common.iter().take(limits.common_words).map(|(_, word)| &***word).collect();
        emit("words.txt", common.join("\n").as_bytes())?;
        let query = serde_json::to_vec(&*QUERY)?;
        hash.update(&query);
        emit("query.json", &query)?;
        let root = SearchRoot {
            format: FORMAT,
            version: format!("{:016x}", hash.digest()),
            documents: index.documents.len(),
            block: limits.block,
            classes: Class::ALL.map(Class::slug),
            severities: Severity::ALL.map(Severity::slug),
            facets: Facet::ALL.map(Facet::name),
            tags: &index.tags,
            groups,
            shards: shards.firsts,
        };
        emit("root.json", &serde_json::to_vec(&root)?)
    }
}

/// `[first document, class, severity, facets, words]` of each group.
fn groups(index: &SearchIndex) -> Vec<[u32; 5]> {
    let mut groups: Vec<[u32; 5]> = Vec::new();
    let mut last = None;
    for (number, document) in (0_u32..).zip(&index.documents) {
        if last != Some(document.group) {
            last = Some(document.group);
            let [class, severity, facets, words] = document.group.row();
            groups.push([number, class, severity, facets, words]);
        }
    }
    groups
}

/// Words whose lines are made at once.
const MAX_WORDS_AT_ONCE: usize = 4_096;

/// The line of a word with its documents by field.
fn line(word: &str, lists: &[Vec<u32>; 3], starts: &[u32], limits: Limits) -> String {
    let mut line = word.to_owned();
    for (documents, cap) in lists.iter().zip(limits.caps) {
        line.push('\t');
        list(documents, starts, cap, &mut line);
    }
    line.truncate(line.trim_end_matches('\t').len());
    line.push('\n');
    line
}

/// Lines of words, cut into shards.
#[derive(Default)]
struct Shards {
    text: String,
    last: String,
    firsts: Vec<String>,
}

impl Shards {
    /// Appends a word; where that begins a new shard, returns the text of the one that is full.
    fn add(&mut self, word: &str, line: &str, limits: Limits) -> Option<String> {
        let full = self.firsts.is_empty() || self.text.len() + line.len() > limits.shard_bytes;
        let mut before = None;
        if full {
            if !self.firsts.is_empty() {
                before = Some(std::mem::take(&mut self.text));
            }
            self.firsts.push(boundary(&self.last, word));
        }
        self.text.push_str(line);
        word.clone_into(&mut self.last);
        before
    }
}

/// The shortest beginning of `word` that sorts after `before`.
fn boundary(before: &str, word: &str) -> String {
    let common = before.chars().zip(word.chars()).take_while(|(a, b)| a == b).count();
    word.chars().take(common + 1).collect()
}
