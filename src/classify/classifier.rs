//! A server's tools → verdicts.

use std::borrow::Cow;

use rayon::prelude::*;

use super::annotations::{alters, audit};
use super::confidence::Features;
use super::decide::decide;
use super::draft::ToolReadings;
use super::fold::{FoldedText, as_read, is_disguised, may_be_spaced};
use super::name::{NameReading, read_name};
use super::prefix::Prefix;
use super::schema::{Scratch, read_schema};
use super::sentence::{MAX_READ_BYTES, read_text};
use super::suspicious::Aimed;
use super::text::Text;
use super::trifecta::legs;
use super::types::{Finding, FindingId, FindingLevel, Place, RuleFamily, Verdict};
use super::{duplicates, findings, meta, refused, server};
use crate::lexicon::{Lexicon, Matches};
use crate::manifest::{Annotations, Listing, Manifest, ServerText, Tool};
use crate::risk::{Class, Severity};

/// Classifies tools by a lexicon. Cheap to make; all tables belong to the lexicon.
#[derive(Debug, Clone, Copy)]
pub struct Classifier<'l> {
    lexicon: &'l Lexicon,
}

/// Tools that are labelled one after the other on one thread.
const MIN_TOGETHER: usize = 16;

/// Buffers that are kept from one tool to the next.
#[derive(Debug, Default)]
struct Buffers {
    name: Text,
    text: Text,
    title: Text,
    scratch: Scratch,
    matches: Matches,
    /// Whether the server's hints look stamped: then none is evidence.
    stamped: bool,
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
        let label = |buffers: &mut Buffers, tool: &Tool| self.defined(tool, &manifest.listing, &prefix, buffers);
        // What one thread labels at once; a small server is not worth the hand-over to others.
        let tools = manifest.tools.par_iter().with_min_len(MIN_TOGETHER);
        let mut verdicts: Vec<Verdict> = tools.map_init(Buffers::default, label).collect();
        if server::stamped(manifest, &verdicts).is_some() {
            let stamped = || Buffers { stamped: true, ..Buffers::default() };
            let both = manifest.tools.par_iter().zip(&mut verdicts).with_min_len(MIN_TOGETHER);
            both.for_each_init(stamped, |buffers, (tool, verdict)| {
                if !verdict.evidence.iter().any(|e| e.by == RuleFamily::Hint) {
                    return;
                }
                // A hint that nothing speaks against makes no label milder by its absence.
                let without = label(buffers, tool);
                if without.class >= verdict.class {
                    *verdict = without;
                }
            });
        }
        server::beside_each_other(manifest, &mut verdicts);
        verdicts
    }

    /// The features that the confidence of each verdict is made of, for fitting and for measuring.
    pub fn features(&self, manifest: &Manifest) -> Vec<Features> {
        let prefix = Prefix::learn(self.lexicon, manifest.tools.iter().map(|t| t.name.as_str()));
        let mut buffers = Buffers::default();
        manifest.tools.iter().map(|tool| self.one(tool, &prefix, &mut buffers).1).collect()
    }

    /// The verdict of a tool on its own, without a server to learn a prefix from.
    pub fn tool(&self, tool: &Tool) -> Verdict {
        self.defined(tool, &Listing::default(), &Prefix::default(), &mut Buffers::default())
    }

    /// The verdict of a tool with all its definitions, and what its definition lacks.
    fn defined(self, tool: &Tool, listing: &Listing, prefix: &Prefix, buffers: &mut Buffers) -> Verdict {
        let mut verdict = self.one(tool, prefix, buffers).0;
        if let Some(worse) = self.disguised(tool, prefix, buffers, &verdict) {
            verdict = worse;
        }
        if let Some((key, schema)) = tool.second_schema() {
            let other = Tool { input_schema: schema.clone(), others: Vec::new(), ..tool.clone() };
            duplicates::merge_schema(&mut verdict, self.one(&other, prefix, buffers).0, key);
        }
        let has_headers = refused::findings(tool, listing, &mut verdict.findings);
        for (i, other) in tool.others.iter().enumerate() {
            let same = Tool { position: tool.position, others: tool.others.clone(), ..other.clone() } == *tool;
            duplicates::merge(&mut verdict, self.defined(other, listing, prefix, buffers), i + 2, same);
        }
        meta::findings(self.lexicon, tool, verdict.class, has_headers, &mut verdict.findings);
        verdict.findings.extend(duplicates::finding(tool));
        verdict
    }

    /// The verdict of a tool whose name or description is written in letters of another form, or with characters
    /// between that people do not see, where people read something worse.
    fn disguised(self, tool: &Tool, prefix: &Prefix, buffers: &mut Buffers, seen: &Verdict) -> Option<Verdict> {
        let odd = |text: &str| is_disguised(text) || may_be_spaced(text);
        if !odd(&tool.name) && (buffers.matches.plain || !tool.description.as_deref().is_some_and(odd)) {
            return None;
        }
        let (name, description) = (as_read(&tool.name), tool.description.as_deref().and_then(as_read));
        let text = |folded: &FoldedText| ServerText::from(folded.as_str());
        let read = Tool {
            name: name.as_ref().map_or_else(|| tool.name.clone(), text),
            description: description.as_ref().map(text).or_else(|| tool.description.clone()),
            ..tool.clone()
        };
        let mut worse = self.one(&read, prefix, buffers).0;
        if worse.class <= seen.class {
            return None;
        }
        for evidence in &mut worse.evidence {
            let (folded, original) = match evidence.place {
                Place::Name => (&name, tool.name.as_str()),
                Place::Description => (&description, tool.description.as_deref().unwrap_or_default()),
                _ => continue,
            };
            if let Some(folded) = folded {
                evidence.span = folded.span(original, evidence.span.start, evidence.span.end);
                original.get(evidence.span.start..evidence.span.end).unwrap_or_default().clone_into(&mut evidence.text);
            }
        }
        let decides = worse.evidence.iter().find(|e| e.decides && matches!(e.place, Place::Name | Place::Description));
        let disguised = decides.map(|e| {
            let message = "Written in letters of another form, or with some that people do not see: read as people do, \
                           it says something worse.";
            Finding {
                span: e.span,
                ..refused::finding(
                    FindingId::LookalikeLetters,
                    FindingLevel::Warning,
                    e.place.clone(),
                    0,
                    message.to_owned(),
                )
            }
        });
        worse.findings.clone_from(&seen.findings);
        worse.findings.extend(disguised);
        super::findings::reaudit(&mut worse);
        Some(worse)
    }

    /// The class that a bare name states; Write where it states none.
    pub fn name(&self, name: &str) -> Class {
        let mut text = Text::default();
        text.identifier(self.lexicon, name);
        let reading = read_name(self.lexicon, &text, 0);
        class_of_name(self.lexicon, &reading).unwrap_or(Class::Write)
    }

    fn one(self, tool: &Tool, prefix: &Prefix, buffers: &mut Buffers) -> (Verdict, Features) {
        let lexicon = self.lexicon;
        buffers.name.identifier(lexicon, &tool.name);
        let name = read_name(lexicon, &buffers.name, prefix.len_in(&buffers.name));
        let description = tool.description.as_deref().unwrap_or_default();
        buffers.text.prose(lexicon, description, MAX_READ_BYTES);
        let text = read_text(lexicon, &buffers.text, description, &name.stated);
        let (title_text, title_place) = match (&tool.title, &tool.annotations.title) {
            (Some(title), _) => (title.as_str(), Place::Title),
            (None, Some(title)) => (title.as_str(), Place::Pointer("/annotations/title".to_owned())),
            (None, None) => ("", Place::Title),
        };
        buffers.title.identifier(lexicon, title_text);
        let title = read_name(lexicon, &buffers.title, 0);
        let schema = read_schema(lexicon, &tool.input_schema, description, &mut buffers.scratch);
        lexicon.index().search(description, &mut buffers.matches);
        let none = Annotations::default();
        let readings = ToolReadings {
            lexicon,
            tool,
            hints: if buffers.stamped { &none } else { &tool.annotations },
            description,
            phrases: &buffers.matches.phrases,
            words: &buffers.name,
            name: &name,
            text: &text,
            text_words: &buffers.text,
            title_text,
            title_place,
            title: &title,
            title_words: &buffers.title,
            schema: &schema,
        };
        let decision = decide(&readings);
        let alters = decision.class == Class::Write && alters(lexicon, &decision.evidence);
        let annotations = audit(&tool.annotations, decision.class, alters);
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
        verdict.legs = legs(&readings, &verdict);
        let aimed = Aimed { lexicon, description: buffers.matches.aimed(), arguments: &buffers.scratch };
        verdict.findings = findings::of(&readings, &verdict, aimed);
        (verdict, decision.features)
    }
}

/// The class that a name states by its verbs, its modifiers or the noun of an answer.
fn class_of_name(lexicon: &Lexicon, reading: &NameReading) -> Option<Class> {
    let softened = reading.modifiers.iter().find_map(|(rule, _, _)| lexicon.signals().modifier[*rule as usize].class);
    let worst = reading.worst().map(|d| d.class);
    match (softened, worst) {
        (Some(class), Some(action)) => Some(class.min(action)),
        (Some(class), None) => Some(class),
        (None, Some(action)) => Some(action),
        (None, None) => reading.answer.map(|_| Class::Read),
    }
}
