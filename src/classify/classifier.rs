//! A server's tools → verdicts.

use std::borrow::Cow;

use super::annotations::audit;
use super::decide::{Readings, decide};
use super::findings;
use super::legs::legs;
use super::name::{NameReading, read_name};
use super::prefix::Prefix;
use super::schema::{Scratch, read_schema};
use super::text::{READ_BYTES, read_text};
use super::types::{Class, Severity, Verdict};
use crate::lexicon::Lexicon;
use crate::manifest::{Manifest, Tool};
use crate::words::{Words, split_identifier, split_prose};

/// Judges tools by a lexicon. Cheap to make; all tables belong to the lexicon.
#[derive(Debug, Clone, Copy)]
pub struct Classifier<'l> {
    lexicon: &'l Lexicon,
}

/// Buffers that are kept from one tool to the next.
#[derive(Debug, Default)]
struct Buffers {
    name: Words,
    text: Words,
    title: Words,
    scratch: Scratch,
    phrases: Vec<(u16, usize, usize)>,
}

impl<'l> Classifier<'l> {
    /// A classifier that knows what `lexicon` knows.
    pub fn new(lexicon: &'l Lexicon) -> Self {
        Self { lexicon }
    }

    /// The lexicon.
    pub fn lexicon(&self) -> &'l Lexicon {
        self.lexicon
    }

    /// The verdict of each tool, in the manifest's order. The server's prefix is learned first.
    pub fn server(&self, manifest: &Manifest) -> Vec<Verdict> {
        let prefix = Prefix::learn(self.lexicon, manifest.tools.iter().map(|t| t.name.as_str()));
        let mut buffers = Buffers::default();
        manifest.tools.iter().map(|tool| self.one(tool, &prefix, &mut buffers)).collect()
    }

    /// The verdict of a tool on its own, without a server to learn a prefix from.
    pub fn tool(&self, tool: &Tool) -> Verdict {
        self.one(tool, &Prefix::default(), &mut Buffers::default())
    }

    /// The class that a bare name states; Write where it states none.
    pub fn name(&self, name: &str) -> Class {
        let mut words = Words::new();
        split_identifier(name, &mut words);
        let reading = read_name(self.lexicon, &words, 0);
        class_of_name(self.lexicon, &reading).unwrap_or(Class::Write)
    }

    fn one(self, tool: &Tool, prefix: &Prefix, buffers: &mut Buffers) -> Verdict {
        let lexicon = self.lexicon;
        split_identifier(&tool.name, &mut buffers.name);
        let name = read_name(lexicon, &buffers.name, prefix.len_in(&buffers.name));
        let description = tool.description.as_deref().unwrap_or_default();
        split_prose(description, READ_BYTES, &mut buffers.text);
        let text = read_text(lexicon, &buffers.text);
        let title_text = tool.title.as_deref().or(tool.annotations.title.as_deref()).unwrap_or_default();
        let title = if name.deeds.is_empty() && tool.title.is_some() {
            split_identifier(title_text, &mut buffers.title);
            read_name(lexicon, &buffers.title, 0)
        } else {
            NameReading::default()
        };
        let schema = read_schema(lexicon, &tool.input_schema, &mut buffers.scratch);
        buffers.phrases.clear();
        buffers.phrases.extend(lexicon.index().phrases(beginning(description)));
        let readings = Readings {
            tool,
            description,
            phrases: &buffers.phrases,
            words: &buffers.name,
            name: &name,
            text: &text,
            text_words: &buffers.text,
            title: &title,
            schema: &schema,
        };
        let decision = decide(lexicon, &readings);
        let annotations = audit(&tool.annotations, decision.class);
        let mut verdict = Verdict {
            class: decision.class,
            heuristic_class: decision.class,
            base_class: decision.base_class,
            severity: Severity::of(decision.class, decision.facets),
            facets: decision.facets,
            confidence: decision.confidence,
            verb: decision.verb.map(|v| Cow::Owned(lexicon.verbs()[v as usize].lemma.clone())),
            evidence: decision.evidence,
            runner_up: decision.runner_up,
            findings: Vec::new(),
            actions: decision.actions,
            annotations,
            legs: Vec::new(),
        };
        verdict.legs = legs(lexicon, &readings, &verdict);
        verdict.findings = findings::of(lexicon, tool, &verdict, &buffers.name, &buffers.text);
        verdict
    }
}

/// How much of a description is searched for phrases: behind it stand examples and field lists.
const SEARCHED: usize = 3000;

fn beginning(text: &str) -> &str {
    let mut end = text.len().min(SEARCHED);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// The class that a name states by its verbs, its modifiers or the noun of an answer.
fn class_of_name(lexicon: &Lexicon, reading: &NameReading) -> Option<Class> {
    let softened = reading.modifiers.iter().find_map(|(rule, _, _)| lexicon.signals().modifier[*rule as usize].class);
    let worst = reading.worst().map(|d| d.class);
    match (softened, worst) {
        (Some(class), Some(deed)) => Some(class.min(deed)),
        (Some(class), None) => Some(class),
        (None, Some(deed)) => Some(deed),
        (None, None) => reading.answer.map(|_| Class::Read),
    }
}
