//! What outlives a server in memory: one small row a tool, and the lists cut from them.
//!
//! The first pass fills the index server by server; the second renders each server from its
//! manifest and looks up here what lies outside it. A tool costs 40 bytes and its name.

mod alike;

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use crate::classify::{Finding, FindingId, Place, SpeaksFor, TrifectaLeg, Verdict};
use crate::manifest::{Hint, Server};
use crate::risk::{Class, Facets, Severity, facet_bits};
use crate::site::html::escape::excerpt;
use crate::site::urls::{self, ListPage};

/// A list page holds at most this many tools, unless one server alone has more.
pub(crate) const MAX_LIST_TOOLS: usize = 1_000;

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
            (Some(package), Some(version)) => format!("{package} {version}"),
            (Some(package), None) => package.clone(),
            _ => String::new(),
        };
        Self {
            slug: server.slug.clone(),
            file: urls::server_file(&server.slug),
            title: server.display_name().to_owned(),
            package,
            license: server.license.clone().unwrap_or_default(),
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

/// One page of a list: the servers whose slugs begin with a prefix.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListRange {
    /// The prefix; empty for the only page of a short list.
    pub prefix: String,
    /// Places in [`SiteIndex::servers`] of the servers on this page of the list.
    pub servers: Range<usize>,
    /// How many tools the page lists.
    pub tools: usize,
}

impl ListRange {
    /// Whether it is one of several parts of a list; the page that leads to them has no prefix.
    pub(crate) fn is_part(&self) -> bool {
        !self.prefix.is_empty()
    }
}

/// A list with its pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListPages {
    /// Which list.
    pub list: ListPage,
    /// How many of its tools have each class, in the order of [`Class::ALL`].
    pub counts: [usize; 3],
    /// Its pages.
    pub ranges: Vec<ListRange>,
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
            let numbers: Vec<u16> = server.verbs.drain(..).map(|verb| index.number(verb)).collect();
            let s = u32::try_from(index.servers.len()).unwrap_or(u32::MAX);
            for (t, tool) in server.tools.iter_mut().enumerate() {
                let t = u32::try_from(t).unwrap_or(u32::MAX);
                tool.verb = numbers.get(usize::from(tool.verb)).copied().unwrap_or(NO_VERB);
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

    /// A list, counted and cut into pages.
    pub fn pages(&self, list: ListPage) -> ListPages {
        ListPages { counts: self.counts_of(&list), ranges: self.ranges(&list), list }
    }

    /// How many tools of a list have each class, in the order of [`Class::ALL`].
    pub(crate) fn counts_of(&self, list: &ListPage) -> [usize; 3] {
        self.listed(list, 0..self.servers.len()).fold([0; 3], |mut counts, found| {
            counts[found.tool().class as usize] += 1;
            counts
        })
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

    /// The tools of a verb.
    fn of_verb(&self, verb: &str) -> &[(u32, u32)] {
        self.verb_numbers.get(verb).and_then(|n| self.by_verb.get(usize::from(*n))).map_or(&[], Vec::as_slice)
    }

    /// The places of the servers of a range that have a tool of the verb, in order.
    pub(crate) fn servers_of_verb(&self, verb: &str, servers: Range<usize>) -> Vec<usize> {
        let tools = self.of_verb(verb);
        let before = |end: usize| tools.partition_point(|(server, _)| (*server as usize) < end);
        let mut found: Vec<usize> =
            tools[before(servers.start)..before(servers.end)].iter().map(|(server, _)| *server as usize).collect();
        found.dedup();
        found
    }

    /// The tools of a list within a range of servers, in order. Every tool is on [`ListPage::Servers`].
    pub fn listed<'a>(&'a self, list: &'a ListPage, servers: Range<usize>) -> impl Iterator<Item = IndexedTool<'a>> {
        let (of_verb, scanned) = match list {
            ListPage::Verb(verb) => {
                let tools = self.of_verb(verb);
                let before = |end: usize| tools.partition_point(|(server, _)| (*server as usize) < end);
                (&tools[before(servers.start)..before(servers.end)], 0..0)
            }
            _ => (&[][..], servers),
        };
        let scanned = self.servers[scanned].iter().flat_map(move |server| {
            let on = move |at: &usize| on_list(list, &server.tools[*at]);
            (0..server.tools.len()).filter(on).map(move |at| IndexedTool { server, at })
        });
        of_verb.iter().map(|at| self.found(*at)).chain(scanned)
    }

    /// The pages of a list. Pages are cut where slugs differ in their first letters, never by
    /// counting, so a new tool changes the page that it is on and no other, but when its
    /// page grows past the limit and is cut once more.
    pub fn ranges(&self, list: &ListPage) -> Vec<ListRange> {
        let weights = match list {
            ListPage::Servers => vec![1; self.servers.len()],
            ListPage::Verb(verb) => {
                let mut weights = vec![0; self.servers.len()];
                self.of_verb(verb).iter().for_each(|(server, _)| weights[*server as usize] += 1);
                weights
            }
            _ => self.servers.iter().map(|s| s.tools.iter().filter(|t| on_list(list, t)).count()).collect(),
        };
        self.ranges_of(MAX_LIST_TOOLS, &weights)
    }

    /// The servers cut in the same way into ranges that weigh at most `limit`, unless one server alone
    /// weighs more.
    pub(crate) fn ranges_within(&self, limit: usize, weigh: impl Fn(&ServerRow) -> usize) -> Vec<ListRange> {
        let weights: Vec<usize> = self.servers.iter().map(weigh).collect();
        self.ranges_of(limit, &weights)
    }

    fn ranges_of(&self, limit: usize, weights: &[usize]) -> Vec<ListRange> {
        let all = ListRange { prefix: String::new(), servers: 0..self.servers.len(), tools: 0 };
        let mut out = Vec::new();
        self.cut(all, limit, weights, &mut out);
        // The only page is where links to the list lead.
        if let [only] = out.as_mut_slice() {
            only.prefix.clear();
            only.servers = 0..self.servers.len();
        }
        out
    }

    fn cut(&self, range: ListRange, limit: usize, weights: &[usize], out: &mut Vec<ListRange>) {
        let ListRange { prefix, servers, .. } = range;
        let tools: usize = weights[servers.clone()].iter().sum();
        if tools == 0 && !prefix.is_empty() {
            return;
        }
        if tools <= limit || servers.len() <= 1 {
            out.push(ListRange { prefix, servers, tools });
            return;
        }
        let next = |i: usize| self.servers[i].slug[prefix.len()..].chars().next();
        let mut start = servers.start;
        while start < servers.end {
            let letter = next(start);
            let end = (start..servers.end).find(|i| next(*i) != letter).unwrap_or(servers.end);
            // The one server whose slug is the prefix itself; `!` sorts before any letter.
            let prefix = format!("{prefix}{}", letter.unwrap_or('!'));
            self.cut(ListRange { prefix, servers: start..end, tools: 0 }, limit, weights, out);
            start = end;
        }
    }
}

const NO_VERB: u16 = u16::MAX;

/// Whether a tool is on a list that is not a verb's: those have their own tools.
fn on_list(list: &ListPage, tool: &ToolRow) -> bool {
    match list {
        ListPage::Servers => true,
        ListPage::Class(class) => tool.class == *class,
        ListPage::Severity(severity) => tool.severity == *severity,
        ListPage::Facet(facet) => tool.facets.has(*facet),
        ListPage::Verb(_) => false,
        ListPage::Queue => tool.wants_review(),
    }
}

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

    fn prefixes(index: &SiteIndex) -> Vec<String> {
        index.ranges(&ListPage::Class(Class::Read)).into_iter().map(|r| r.prefix).collect()
    }

    #[test]
    fn a_short_list_is_one_page_and_a_long_one_is_cut_where_slugs_differ() {
        assert_eq!(prefixes(&index(&[("a", 10), ("b", 10)])), [""]);
        assert_eq!(prefixes(&index(&[("a", 900), ("ab", 900), ("ac", 1), ("b", 10)])), ["a!", "ab", "ac", "b"]);
        assert_eq!(prefixes(&index(&[])), [""]);
    }

    #[test]
    fn another_server_changes_no_other_page() {
        let before = prefixes(&index(&[("aa", 600), ("b", 600)]));
        let after = prefixes(&index(&[("aa", 600), ("ab", 10), ("b", 600)]));
        assert_eq!(before, after);
    }

    #[test]
    fn the_only_page_of_a_list_is_where_its_links_lead() {
        let mut index = index(&[("a", 1), ("b", MAX_LIST_TOOLS + 1)]);
        index.servers[0].tools[0].class = Class::Write;
        let ranges = index.ranges(&ListPage::Class(Class::Read));
        assert_eq!(ranges, [ListRange { prefix: String::new(), servers: 0..2, tools: MAX_LIST_TOOLS + 1 }]);
    }

    #[test]
    fn the_list_of_a_verb_holds_its_tools_and_no_others() {
        let verdict = |verb: &str| {
            let mut verdict = crate::policy::fixture::verdict(Class::Write, &[]);
            verdict.verb = Some(verb.to_owned().into());
            verdict
        };
        let row = |slug: &str, verbs: &[&str]| {
            let mut row = ServerRow { slug: slug.to_owned(), ..ServerRow::default() };
            for verb in verbs {
                let (name, verdict) = (format!("{verb}_it"), verdict(verb));
                row.add(&NewTool { name: &name, file: &name, verdict: &verdict, likeness: "", stale_override: false });
            }
            row
        };
        let index = SiteIndex::new([row("a", &["get", "put", "get"]), row("b", &["put"]), row("c", &["get"])]);
        let get = ListPage::Verb("get".to_owned());
        let listed = |servers| index.listed(&get, servers).map(|f| (f.server.slug.as_str(), f.at)).collect::<Vec<_>>();
        assert_eq!(listed(0..3), [("a", 0), ("a", 2), ("c", 0)]);
        assert_eq!(listed(1..3), [("c", 0)]);
        assert_eq!(index.pages(get.clone()).counts, [0, 3, 0]);
        assert_eq!(index.ranges(&get)[0].tools, 3);
        assert_eq!(index.verbs(), [("get", [0, 3, 0]), ("put", [0, 2, 0])]);
        assert_eq!(index.listed(&ListPage::Verb("drop".to_owned()), 0..3).count(), 0);
    }
}
