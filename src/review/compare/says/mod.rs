//! What a changed definition says that it did not say before, whatever becomes of its label.

mod addresses;
mod claims;
mod instructions;
mod links;
mod references;
mod restrictions;
mod texts;

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use super::{StateTool, about, between};
use crate::classify::FindingLevel;
use crate::manifest::DefinitionPart;
use crate::neutral;
use crate::review::change::{Change, Proof};
use crate::review::kind::Kind;
use crate::review::state::State;

pub use instructions::instructs;

/// How many new words one line shows; the evidence holds more.
const MAX_SHOWN: usize = 3;
/// How many new words have their evidence shown.
const MAX_PROVEN: usize = 12;
/// How many are looked for: a text that is all instructions is reported with the first of them.
const MAX_CHANGES: usize = 50;

/// Something new in the words of a definition, or gone from them.
#[derive(Debug)]
struct News {
    /// Where, as evidence spells it.
    place: String,
    /// The words, as declared.
    words: String,
    /// What is to be said of them, in our words.
    notes: Vec<&'static str>,
    level: FindingLevel,
    proofs: Vec<Proof>,
}

/// The tools of a server on both sides.
#[derive(Debug, Default)]
pub(super) struct Names<'a> {
    head: HashSet<&'a str>,
    base: HashSet<&'a str>,
    /// New name → old name.
    renamed: HashMap<&'a str, &'a str>,
}

impl<'a> Names<'a> {
    /// `renamed` holds the old and the new name of a tool.
    pub(super) fn of(base: &'a State, head: &'a State, renamed: &'a [(String, String)]) -> Self {
        let all = |state: &'a State| state.rows.iter().map(|row| row.tool.as_str()).collect();
        let renamed = renamed.iter().map(|(old, new)| (new.as_str(), old.as_str())).collect();
        Self { head: all(head), base: all(base), renamed }
    }

    /// The tool of that name, on either side.
    fn get(&self, name: &str) -> Option<&'a str> {
        self.head.get(name).or_else(|| self.base.get(name)).copied()
    }

    fn is_there(&self, name: &str) -> bool {
        self.head.contains(name)
    }

    /// What a tool was called before.
    fn before(&self, name: &'a str) -> &'a str {
        self.renamed.get(name).copied().unwrap_or(name)
    }
}

/// What was reported of a tool's words.
#[derive(Debug, Default)]
pub(super) struct ReportedWords {
    /// The first change that quotes the title or the description: it can show the whole difference.
    pub words: Option<usize>,
    /// The first change that quotes a text of the input schema.
    pub schema: Option<usize>,
}

/// Reports what the words of a tool now say.
pub(super) fn compare(
    slug: &str,
    before: StateTool<'_>,
    after: StateTool<'_>,
    moved: &[DefinitionPart],
    names: &Names<'_>,
    changes: &mut Vec<Change>,
) -> ReportedWords {
    let mut reported = ReportedWords::default();
    let all = [
        (Kind::ClaimAdded, claims::added(before, after, moved)),
        (Kind::InstructionAdded, instructions::added(Some((before, moved)), after)),
        (Kind::UrlAdded, links::added(before, after)),
        (Kind::ToolReferenceAdded, references::added(before, after, names)),
        (Kind::RestrictionLoosened, restrictions::lost(before, after, moved)),
    ];
    for (kind, mut news) in all {
        if news.is_empty() {
            continue;
        }
        news.sort_by_key(|n| Reverse(n.level));
        let speaks_of = |parts: &[&str]| news.iter().any(|n| parts.contains(&n.place.as_str()));
        if reported.words.is_none() && speaks_of(&["title", "description"]) {
            reported.words = Some(changes.len());
        }
        if reported.schema.is_none() && news.iter().any(|n| n.place.starts_with("/inputSchema")) {
            reported.schema = Some(changes.len());
        }
        changes.push(change(between(slug, kind, before, after, message(kind, &news)), news));
    }
    reported
}

/// Reports the instructions of a new tool.
pub(super) fn instructions(slug: &str, after: StateTool<'_>, changes: &mut Vec<Change>) {
    let news = instructions::added(None, after);
    if !news.is_empty() {
        changes.push(change(about(slug, Kind::InstructionAdded, after, message(Kind::InstructionAdded, &news)), news));
    }
}

fn change(mut change: Change, news: Vec<News>) -> Change {
    change.level = news.iter().map(|n| n.level).max().unwrap_or(change.level);
    for proof in news.into_iter().take(MAX_PROVEN).flat_map(|n| n.proofs) {
        // One sentence may speak of several tools.
        if !change.evidence.contains(&proof) {
            change.evidence.push(proof);
        }
    }
    change
}

/// One sentence for all that is new of one kind.
fn message(kind: Kind, news: &[News]) -> String {
    let reported = news.iter().take(MAX_SHOWN).map(|n| {
        let (words, notes) = (neutral::quoted(&n.words), n.notes.join(", "));
        match kind {
            Kind::RestrictionLoosened => format!("{words} {notes}"),
            _ if notes.is_empty() => words,
            _ => format!("{words} ({notes})"),
        }
    });
    let reported: Vec<String> = reported.collect();
    let more = if news.len() > MAX_SHOWN { format!(" and {} more", news.len() - MAX_SHOWN) } else { String::new() };
    let verb = match kind {
        Kind::ClaimAdded => "now claims",
        Kind::InstructionAdded => "instructs a model",
        Kind::UrlAdded => "now names",
        Kind::ToolReferenceAdded => "now speaks of other tools",
        _ => "is less restricted",
    };
    format!("{verb}: {}{more}", reported.join(", "))
}
