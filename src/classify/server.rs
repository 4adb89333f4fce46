//! What a reader must know of a server and no tool alone shows: a listing that is a part, hints that look stamped, what
//! makes clients refuse the whole server, names that are one name to some clients.

use std::collections::BTreeMap;

use serde::Serialize;
use strum::{EnumCount, IntoStaticStr, VariantArray};

use super::clients::{CLIENT_RULES, Refusal, refusal_at};
use super::meta::contradict;
use super::refused::{finding, normalised};
use super::types::{Finding, FindingId, FindingLevel, Place, RuleFamily, Verdict};
use crate::english::list;
use crate::manifest::{Hint, Manifest, Tool};
use crate::neutral;
use crate::variants::every;

/// A stable id of a finding on a server.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, EnumCount, IntoStaticStr, VariantArray,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum ServerFindingId {
    /// There may be more tools than were read.
    PartialListing,
    /// The listing is that of one account.
    PrivateListing,
    /// One tool makes clients refuse them all.
    RefusedServer,
    /// All tools declare the same hints, and differ.
    StampedHints,
    /// Tools call others by name.
    Dispatchers,
}

impl ServerFindingId {
    /// All of them.
    pub const ALL: [Self; Self::COUNT] = every(Self::VARIANTS);

    /// The kebab-case id.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// Something that a reader must know of a server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ServerFinding {
    /// Which.
    pub id: ServerFindingId,
    /// How much it matters.
    pub level: FindingLevel,
    /// Sentences of ours. A server's words in them are quoted.
    pub message: String,
    /// The tools that it is about, in the order of the listing; empty where it is about all.
    pub tools: Vec<String>,
    /// The clients that it is about.
    pub clients: Vec<&'static str>,
}

/// The findings of a server, in the order of [`ServerFindingId::ALL`].
pub fn server_findings(manifest: &Manifest, verdicts: &[Verdict]) -> Vec<ServerFinding> {
    let mut out = Vec::new();
    let mut about_all = |id, level, message: String| {
        out.push(ServerFinding { id, level, message, tools: Vec::new(), clients: Vec::new() });
    };
    if manifest.is_partial() {
        let why: Vec<&str> = manifest.listing.gaps.iter().map(|gap| gap.text()).collect();
        let n = manifest.tools.len();
        let noun = if n == 1 { "tool" } else { "tools" };
        let message = format!("The server has at least {n} {noun}; there may be more, and worse: {}.", why.join("; "));
        about_all(ServerFindingId::PartialListing, FindingLevel::Warning, message);
    }
    if manifest.listing.private {
        let message =
            "The listing is that of one account (`cacheScope` is `private`): another may be offered other tools.";
        about_all(ServerFindingId::PrivateListing, FindingLevel::Note, message.to_owned());
    }
    out.extend(refused(manifest, verdicts));
    if let Some(hints) = stamped(manifest, verdicts) {
        let n = manifest.tools.len();
        let tools = if manifest.is_partial() { "listed tools" } else { "tools" };
        let message = format!(
            "The same hints stand on all {n} {tools} ({hints}), though they differ: they look stamped and are no evidence. Treat them as undeclared."
        );
        let (id, level) = (ServerFindingId::StampedHints, FindingLevel::Warning);
        out.push(ServerFinding { id, level, message, tools: Vec::new(), clients: Vec::new() });
    }
    out.extend(dispatchers(manifest, verdicts));
    out
}

/// Tools that call others by name, whose rules then do not hold.
fn dispatchers(manifest: &Manifest, verdicts: &[Verdict]) -> Option<ServerFinding> {
    let dispatches = |verdict: &Verdict| verdict.findings.iter().any(|f| f.id == FindingId::Dispatcher);
    let pairs = manifest.tools.iter().zip(verdicts);
    let tools: Vec<String> = pairs.filter(|(_, v)| dispatches(v)).map(|(tool, _)| tool.name.to_string()).collect();
    let named: Vec<String> = tools.iter().take(MAX_NAMED).map(|name| neutral::quoted(name)).collect();
    let more = tools.len() - named.len();
    let (who, calls) = match (named.as_slice(), more) {
        ([], _) => return None,
        ([only], _) => (only.clone(), "calls"),
        ([rest @ .., last], 0) => (format!("{} and {last}", rest.join(", ")), "call"),
        (named, more) => (format!("{} and {more} more", named.join(", ")), "call"),
    };
    let message = format!(
        "{who} {calls} other tools or endpoints by name: rules for those do not hold behind {}.",
        if tools.len() == 1 { "it" } else { "them" }
    );
    let (id, level) = (ServerFindingId::Dispatchers, FindingLevel::Warning);
    Some(ServerFinding { id, level, message, tools, clients: Vec::new() })
}

/// A server needs this many tools for hints to look stamped.
const MIN_STAMPED: usize = 4;

/// The hints that all tools declare alike although they differ in class, in words.
pub(super) fn stamped(manifest: &Manifest, verdicts: &[Verdict]) -> Option<String> {
    let [first, rest @ ..] = manifest.tools.as_slice() else { return None };
    let hints = |tool: &Tool| Hint::ALL.map(|hint| tool.annotations.declared(hint));
    let same = hints(first);
    let judged = same[0].is_some() || same[1].is_some();
    // Once these hints are no evidence, the classes that rested on them may be alike.
    let told = |v: &Verdict| v.evidence.iter().any(|e| e.by == RuleFamily::Hint);
    let speaks = (same[0] == Some(true) || same[1] == Some(true)) && !contradict(&first.annotations);
    let differ = verdicts.iter().any(|v| v.heuristic_class != verdicts[0].heuristic_class || (speaks && !told(v)));
    if manifest.tools.len() < MIN_STAMPED || !judged || !differ || rest.iter().any(|tool| hints(tool) != same) {
        return None;
    }
    // Both hints that are judged fit Read and nothing else, or Destructive and nothing else, or some tool between.
    let contradicted = verdicts.iter().filter(|v| {
        v.findings.iter().any(|f| f.id == FindingId::AnnotationContradictsVerdict)
            || [Hint::ReadOnly, Hint::Destructive].into_iter().any(|h| v.annotations.hint(h).agrees() == Some(false))
    });
    if contradicted.count() < 2 {
        return None;
    }
    let told =
        Hint::ALL.into_iter().zip(same).filter_map(|(hint, declared)| Some(format!("`{}`: {}", hint.key(), declared?)));
    Some(told.collect::<Vec<_>>().join(", "))
}

/// Why clients refuse a tool.
fn refusals(tool: &Tool, verdict: &Verdict) -> Vec<Refusal> {
    let of_schema = |finding: &Finding| match (finding.id, &finding.place) {
        (FindingId::RefusedSchema, Place::Pointer(pointer)) => Some(refusal_at(pointer)),
        (FindingId::NoInputSchema, _) => Some(Refusal::NoSchema),
        _ => None,
    };
    let mut out: Vec<Refusal> = verdict.findings.iter().filter_map(of_schema).collect();
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-');
    if !tool.name.bytes().all(plain) {
        out.push(Refusal::NameCharacters);
    }
    if tool.name.chars().count() > 64 {
        out.push(Refusal::NameLength);
    }
    if !tool.others.is_empty() {
        out.push(Refusal::SameName);
    }
    out.sort_unstable();
    out.dedup();
    out
}

/// The reason in words, of its tools.
fn reason(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::NameCharacters => "other characters than letters, digits, `_` and `-` in the name",
        Refusal::NameLength => "a name of more than 64 characters",
        Refusal::SameName => "two tools of one name",
        Refusal::BooleanSchema => "`true` or `false` in place of a schema",
        Refusal::RootNotObject => "an input schema without `type: object`",
        Refusal::RequiredNoList => "`required` that is not a list",
        Refusal::DanglingReference => "a `$ref` that leads nowhere",
        Refusal::NoSchema => "no input schema",
        Refusal::UnknownType => "a `type` that is none",
        Refusal::PropertiesNoObject => "`properties` that is not an object",
        Refusal::WrongKeyword => "a keyword of the wrong type",
    }
}

/// Tools that are named in a message.
const MAX_NAMED: usize = 3;

fn refused(manifest: &Manifest, verdicts: &[Verdict]) -> Option<ServerFinding> {
    let mut by_reason: BTreeMap<Refusal, Vec<&str>> = BTreeMap::new();
    for (tool, verdict) in manifest.tools.iter().zip(verdicts) {
        for refusal in refusals(tool, verdict) {
            by_reason.entry(refusal).or_default().push(&tool.name);
        }
    }
    let reasons: Vec<String> = by_reason
        .iter()
        .map(|(refusal, tools)| {
            let named: Vec<String> = tools.iter().take(MAX_NAMED).map(|name| neutral::quoted(name)).collect();
            let more =
                if tools.len() > MAX_NAMED { format!(" and {} more", tools.len() - MAX_NAMED) } else { String::new() };
            format!("{} ({}{more})", reason(*refusal), named.join(", "))
        })
        .collect();
    if reasons.is_empty() {
        return None;
    }
    let rules = || CLIENT_RULES.iter().filter(|rule| by_reason.contains_key(&rule.refuses));
    let mut clients: Vec<&'static str> = rules().map(|rule| rule.client).collect();
    clients.sort_unstable();
    clients.dedup();
    // What clients alone forbid and the specification allows is a note.
    let legal = |refusal: &Refusal| match refusal {
        Refusal::BooleanSchema | Refusal::NameLength => true,
        Refusal::NameCharacters => by_reason[refusal]
            .iter()
            .all(|name| name.chars().all(|c| c == '.' || c.is_ascii_alphanumeric() || "_-".contains(c))),
        _ => false,
    };
    let level = if by_reason.keys().all(legal) { FindingLevel::Note } else { FindingLevel::Warning };
    let seen = if clients.is_empty() { String::new() } else { format!(" Seen with {}.", list(&clients, "and")) };
    let may = if clients.is_empty() { "may refuse" } else { "refuse" };
    let message = format!("Some clients {may} the whole server: {}.{seen}", reasons.join("; "));
    let is_meant = |name: &str| by_reason.values().any(|tools| tools.contains(&name));
    let tools = manifest.tools.iter().map(|t| t.name.to_string()).filter(|name| is_meant(name)).collect();
    Some(ServerFinding { id: ServerFindingId::RefusedServer, level, message, tools, clients })
}

/// Adds to verdicts what only the server as a whole shows.
pub(super) fn beside_each_other(manifest: &Manifest, verdicts: &mut [Verdict]) {
    if stamped(manifest, verdicts).is_some() {
        // One note on the server says it; a hint that is milder than the tool stays.
        for verdict in verdicts.iter_mut() {
            let stays = |level, id| level > FindingLevel::Note || id != FindingId::AnnotationContradictsVerdict;
            verdict.findings.retain(|f| stays(f.level, f.id));
        }
    }
    let mut names: Vec<(String, usize)> =
        manifest.tools.iter().enumerate().map(|(i, tool)| (normalised(&tool.name), i)).collect();
    names.sort_unstable();
    for same in names.chunk_by(|a, b| a.0 == b.0).filter(|same| same.len() > 1) {
        let group: Vec<usize> = same.iter().map(|(_, i)| *i).collect();
        // What a policy may say of one and not of the other.
        let ruled = |i: usize| {
            let verdict = &verdicts[i];
            let hidden = |f: &Finding| f.keeps_from_agents() || f.id == FindingId::Dispatcher;
            (verdict.class, verdict.facets, verdict.findings.iter().any(hidden))
        };
        let narrowed = group.iter().any(|i| !verdicts[*i].actions.is_empty());
        let differ = narrowed || group.iter().any(|i| ruled(*i) != ruled(group[0]));
        let level = if differ { FindingLevel::Warning } else { FindingLevel::Note };
        for i in &group {
            let others: Vec<String> = group
                .iter()
                .filter(|other| *other != i)
                .take(MAX_NAMED)
                .map(|other| neutral::quoted(&manifest.tools[*other].name))
                .collect();
            let hidden = if differ { ", so no policy allows either" } else { "" };
            let message = format!(
                "Clients that write `_` for other characters, or fold case, read this name and {} as one{hidden}.",
                others.join(", ")
            );
            let end = manifest.tools[*i].name.len();
            verdicts[*i].findings.push(finding(FindingId::NameCollision, level, Place::Name, end, message));
        }
    }
}
