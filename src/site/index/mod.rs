//! What outlives a server in memory: one small row a tool, and the lists cut from them.
//!
//! The first pass fills the index server by server; the second renders each server from its
//! manifest and looks up here what lies outside it. A tool costs 40 bytes and its name.

mod alike;
mod lists;

use std::borrow::Cow;
use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use crate::classify::{Finding, FindingId, Place, SpeaksFor, TrifectaLeg, Verdict};
use crate::manifest::{Hint, Server};
use crate::risk::{Class, Facets, Severity, facet_bits};
use crate::site::html::escape::excerpt;
use crate::site::urls;

pub(crate) use lists::MAX_LIST_TOOLS;
pub use lists::{ListPages, ListRange};

/// One server in the index.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct ServerRow {
    /// The server's id in the catalogue: the folder's name.
    pub slug: String,
    /// The folder of its files.
    pub file: String,
    /// The name that people read.
    pub title: String,
    /// Package and version, e.g. `clearml-mcp 0.3.0`; empty where unknown.
    pub package: String,
    /// The licence; empty where unknown.
    pub license: String,
    /// Which legs of the lethal trifecta its tools provide.
    pub legs: Vec<TrifectaLeg>,
    /// Whether it may have more tools than were read.
    pub partial: bool,
    /// Its tools in the order of the manifest.
    pub tools: Vec<ToolRow>,
    /// The tools' names, one after another; rows hold their ends.
    names: String,
    /// What the review queue says of its tools, in order.
    reviews: Vec<QueueEntry>,
    /// Verbs of this server's tools, until the index has numbered them.
    verbs: Vec<String>,
}

/// One tool in the index.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ToolRow {
    name_end: u32,
    /// The file name without `.html` where it is not the name itself.
    file: Option<Box<str>>,
    /// What makes tools of other servers alike.
    pub likeness: u64,
    /// The class that holds, after an override.
    pub class: Class,
    /// The severity that follows from class and facets.
    pub severity: Severity,
    /// The facets that hold, after an override.
    #[serde(with = "facet_bits")]
    pub facets: Facets,
    /// Confidence in hundredths.
    pub confidence: u8,
    /// Findings, one bit each in the order of [`FindingId::ALL`].
    findings: u32,
    /// Whether an override of this tool is stale.
    pub stale_override: bool,
    /// Number of the verb in [`SiteIndex::verbs`], or `u16::MAX`.
    verb: u16,
}

/// The bit of a finding in [`ToolRow`].
fn finding_bit(id: FindingId) -> u32 {
    const { assert!(FindingId::ALL.len() <= u32::BITS as usize, "one bit a finding") };
    1 << id as u16
}

impl ToolRow {
    /// Whether the tool has a finding.
    pub fn has(&self, id: FindingId) -> bool {
        self.findings & finding_bit(id) != 0
    }

    /// Whether a person should look at the label: low confidence, a contradiction with declared
    /// hints or with the name, text that is aimed at a model or hidden, or a stale override.
    pub(crate) fn wants_review(&self) -> bool {
        const REASONS: [FindingId; 8] = [
            FindingId::AnnotationContradictsVerdict,
            FindingId::DescriptionContradictsName,
            FindingId::HiddenText,
            FindingId::LookalikeLetters,
            FindingId::ModelDirectedText,
            FindingId::EncodedBlob,
            FindingId::DuplicateName,
            FindingId::ContradictingHints,
        ];
        self.confidence < 70 || self.stale_override || REASONS.into_iter().any(|id| self.has(id))
    }
}

/// What the index needs to know of one tool.
#[derive(Debug, Clone, Copy)]
pub struct NewTool<'a> {
    /// The tool's name as declared; hostile.
    pub name: &'a str,
    /// The file name without `.html`.
    pub file: &'a str,
    /// The verdict that holds, after an override.
    pub verdict: &'a Verdict,
    /// What makes tools of other servers alike, e.g. `get run metric`; empty for never.
    pub likeness: &'a str,
    /// Whether an override of this tool is stale.
    pub stale_override: bool,
}

/// What the review queue shows of a tool: kept for the few that a person should look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueEntry {
    tool: usize,
    /// The declared hint that the verdict contradicts, with its value; one that makes the tool look milder first.
    pub declared: Option<(Hint, bool)>,
    /// Whether that hint makes the tool look milder than the verdict.
    pub understates: bool,
    /// The text that decided the class, cut; empty where none did.
    pub seen: String,
    /// Where it is.
    pub place: Cow<'static, str>,
}

/// The queue shows at most this much of what decided.
const MAX_SEEN: usize = 48;

impl QueueEntry {
    fn new(tool: usize, verdict: &Verdict) -> Self {
        let contradicted = |f: &Finding| match f.place {
            Place::Annotation(hint) if f.id == FindingId::AnnotationContradictsVerdict => {
                Some((hint, verdict.annotations.hint(hint).declared?))
            }
            _ => None,
        };
        // Every hint but this one is milder where it is true.
        let milder = |(hint, declared): &(Hint, bool)| *declared != (*hint == Hint::Destructive);
        let mut declared: Vec<(Hint, bool)> = verdict.findings.iter().filter_map(contradicted).collect();
        declared.sort_by_key(|hint| !milder(hint));
        let declared = declared.first().copied();
        let class = SpeaksFor::Class(verdict.class);
        let decides = verdict.evidence.iter().find(|e| e.decides && e.speaks_for == class);
        Self {
            tool,
            understates: declared.as_ref().is_some_and(milder),
            declared,
            seen: decides.map(|e| excerpt(&e.text, MAX_SEEN)).unwrap_or_default(),
            place: Cow::Borrowed(match decides.map(|e| &e.place) {
                None => "",
                Some(Place::Name) => "name",
                Some(Place::Title) => "title",
                Some(Place::Description) => "description",
                Some(Place::Annotation(_)) => "annotations",
                Some(Place::Pointer(_)) => "schema",
            }),
        }
    }
}

impl ServerRow {
    /// A server without tools.
    pub fn new(server: &Server) -> Self {
        let package = match (&server.package, &server.package_version) {
            (Some(package), Some(version)) => [package.as_str(), version.as_str()].join(" "),
            (Some(package), None) => package.to_string(),
            _ => String::new(),
        };
        Self {
            slug: server.slug.clone(),
            file: urls::server_file(&server.slug),
            title: server.display_name().to_owned(),
            package,
            license: server.license.as_deref().unwrap_or_default().to_owned(),
            ..Self::default()
        }
    }

    /// Adds a tool.
    pub fn add(&mut self, tool: &NewTool<'_>) {
        let NewTool { name, file, verdict, likeness, stale_override } = *tool;
        self.names.push_str(name);
        let verb = verdict.verb.as_deref().map_or(NO_VERB, |verb| intern(&mut self.verbs, verb));
        self.tools.push(ToolRow {
            name_end: u32::try_from(self.names.len()).unwrap_or(u32::MAX),
            file: (file != name).then(|| file.into()),
            likeness: if likeness.is_empty() { 0 } else { xxh3_64(likeness.as_bytes()) },
            class: verdict.class,
            severity: verdict.severity,
            facets: verdict.facets,
            // In 0..=100 by construction of `Confidence`; a value outside is cut.
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            confidence: (verdict.confidence.0 * 100.0).clamp(0.0, 100.0) as u8,
            findings: verdict.findings.iter().fold(0, |bits, f| bits | finding_bit(f.id)),
            stale_override,
            verb,
        });
        let tool = self.tools.len() - 1;
        if self.tools[tool].wants_review() {
            self.reviews.push(QueueEntry::new(tool, verdict));
        }
        for leg in &verdict.legs {
            if !self.legs.contains(leg) {
                self.legs.push(*leg);
            }
        }
    }

    /// The name of the tool `i`.
    pub fn name(&self, i: usize) -> &str {
        let start = if i == 0 { 0 } else { self.tools[i - 1].name_end as usize };
        &self.names[start..self.tools[i].name_end as usize]
    }

    /// The file name of the tool `i`, without `.html`.
    pub(crate) fn tool_file(&self, i: usize) -> &str {
        self.tools[i].file.as_deref().unwrap_or_else(|| self.name(i))
    }

    /// The page of the tool `i`.
    pub(crate) fn tool_url(&self, i: usize) -> String {
        urls::tool(&self.file, self.tool_file(i))
    }

    /// The key of its place among servers as people read their names.
    pub(crate) fn by_title(&self) -> (String, String) {
        (self.title.to_lowercase(), self.slug.clone())
    }

    /// Why a person should look at the label of the tool `i`; nothing where nobody has to.
    pub fn review(&self, i: usize) -> Option<&QueueEntry> {
        self.reviews.binary_search_by_key(&i, |review| review.tool).ok().map(|at| &self.reviews[at])
    }

    /// "at least " where there may be more tools, else nothing.
    pub(crate) fn at_least(&self) -> &'static str {
        if self.partial { "at least " } else { "" }
    }

    /// The server's page.
    pub fn url(&self) -> String {
        urls::server(&self.file)
    }

    /// How many tools have each class, in the order of [`Class::ALL`].
    pub fn counts(&self) -> [usize; 3] {
        self.tools.iter().fold([0; 3], |mut counts, t| {
            counts[t.class as usize] += 1;
            counts
        })
    }
}

/// A tool of the index with its server.
#[derive(Debug, Clone, Copy)]
pub struct IndexedTool<'a> {
    /// The row of the server that has the tool.
    pub server: &'a ServerRow,
    /// The tool's place in it.
    pub at: usize,
}

impl<'a> IndexedTool<'a> {
    /// The tool's row.
    pub fn tool(&self) -> &'a ToolRow {
        &self.server.tools[self.at]
    }

    /// The tool's name.
    pub fn name(&self) -> &'a str {
        self.server.name(self.at)
    }
}

/// Every server and tool of a catalogue.
#[derive(Debug, Default)]
pub struct SiteIndex {
    /// The servers, sorted by slug.
    pub servers: Vec<ServerRow>,
    verbs: Vec<String>,
    verb_numbers: HashMap<String, u16>,
    /// The tools of each verb as (server, tool), sorted: there are hundreds of verbs, and no list of one may
    /// cost a look at every tool.
    by_verb: Vec<Vec<(u32, u32)>>,
    /// (likeness, server, tool), sorted.
    alike: Vec<(u64, u32, u32)>,
}

impl SiteIndex {
    /// The index of servers that are sorted by slug.
    pub fn new(servers: impl IntoIterator<Item = ServerRow>) -> Self {
        let mut index = Self::default();
        for mut server in servers {
            index.number_verbs(&mut server);
            let s = u32::try_from(index.servers.len()).unwrap_or(u32::MAX);
            for (t, tool) in server.tools.iter().enumerate() {
                let t = u32::try_from(t).unwrap_or(u32::MAX);
                if let Some(of_verb) = index.by_verb.get_mut(usize::from(tool.verb)) {
                    of_verb.push((s, t));
                }
                if tool.likeness != 0 {
                    index.alike.push((tool.likeness, s, t));
                }
            }
            server.tools.shrink_to_fit();
            server.names.shrink_to_fit();
            index.servers.push(server);
        }
        index.alike.sort_unstable();
        index
    }

    /// Lays another row over that of a server, for the pages of this server. Lists, and the tools that are alike, stay those of
    /// the row before.
    pub(crate) fn lay_over(&mut self, place: usize, mut row: ServerRow) {
        self.number_verbs(&mut row);
        self.servers[place] = row;
    }

    /// Gives the verbs of a server their numbers in this index.
    fn number_verbs(&mut self, server: &mut ServerRow) {
        let numbers: Vec<u16> = server.verbs.drain(..).map(|verb| self.number(verb)).collect();
        for tool in &mut server.tools {
            tool.verb = numbers.get(usize::from(tool.verb)).copied().unwrap_or(NO_VERB);
        }
    }

    fn number(&mut self, verb: String) -> u16 {
        if let Some(number) = self.verb_numbers.get(&verb) {
            return *number;
        }
        let number = u16::try_from(self.verbs.len()).unwrap_or(NO_VERB);
        if number != NO_VERB {
            self.verbs.push(verb.clone());
            self.verb_numbers.insert(verb, number);
            self.by_verb.push(Vec::new());
        }
        number
    }

    /// "at least " where the listing of a server is a part, else nothing.
    pub(crate) fn at_least(&self) -> &'static str {
        self.servers.iter().map(ServerRow::at_least).find(|words| !words.is_empty()).unwrap_or_default()
    }

    /// How many tools there are.
    pub fn tools(&self) -> usize {
        self.servers.iter().map(|s| s.tools.len()).sum()
    }

    /// How many tools have each class, in the order of [`Class::ALL`].
    pub fn counts(&self) -> [usize; 3] {
        self.servers.iter().map(ServerRow::counts).fold([0; 3], |a, b| [a[0] + b[0], a[1] + b[1], a[2] + b[2]])
    }

    /// Every verb with the number of its tools by class, in alphabetical order.
    pub fn verbs(&self) -> Vec<(&str, [usize; 3])> {
        let count = |tools: &Vec<(u32, u32)>| {
            tools.iter().fold([0; 3], |mut counts, at| {
                counts[self.found(*at).tool().class as usize] += 1;
                counts
            })
        };
        let mut verbs: Vec<_> = self.verbs.iter().map(String::as_str).zip(self.by_verb.iter().map(count)).collect();
        verbs.sort_unstable();
        verbs
    }

    fn found(&self, (server, tool): (u32, u32)) -> IndexedTool<'_> {
        IndexedTool { server: &self.servers[server as usize], at: tool as usize }
    }

    /// The verb of a tool.
    pub fn verb(&self, tool: &ToolRow) -> Option<&str> {
        self.verbs.get(usize::from(tool.verb)).map(String::as_str)
    }

    /// The place of a server.
    pub fn server(&self, slug: &str) -> Option<usize> {
        self.servers.binary_search_by(|s| s.slug.as_str().cmp(slug)).ok()
    }
}

const NO_VERB: u16 = u16::MAX;

fn intern(verbs: &mut Vec<String>, verb: &str) -> u16 {
    let at = verbs.iter().position(|v| v == verb).unwrap_or_else(|| {
        verbs.push(verb.to_owned());
        verbs.len() - 1
    });
    u16::try_from(at).unwrap_or(NO_VERB)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An index of servers with so many tools each, all alike.
    pub(super) fn index(slugs: &[(&str, usize)]) -> SiteIndex {
        SiteIndex::new(slugs.iter().map(|(slug, n)| {
            let tool = ToolRow {
                name_end: 0,
                file: None,
                likeness: 7,
                class: Class::Read,
                severity: Severity::Low,
                facets: Facets::NONE,
                confidence: 95,
                findings: 0,
                stale_override: false,
                verb: NO_VERB,
            };
            ServerRow { slug: (*slug).to_owned(), tools: vec![tool; *n], ..ServerRow::default() }
        }))
    }
}
