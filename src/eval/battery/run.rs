//! The battery against a classifier.

use rayon::prelude::*;
use serde::Serialize;

use super::{ChangeKind, DefinitionChange, changes, edit};
use crate::classify::{Classifier, Verdict};
use crate::manifest::{Manifest, Tool};
use crate::risk::{Class, Facets};

/// Failures kept a change: enough to see a kind, few enough to read.
const MAX_FAILURES: usize = 5;

/// At most one tool in so many gets another head to its name in one listing, so that the prefix
/// that its names have in common stays what it was.
const MAX_RENAMED: usize = 8;

/// Which tools take part in a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WordingShare {
    /// One tool in this many, other tools for each change.
    one_in: usize,
}

impl WordingShare {
    /// Every tool.
    pub const ALL: Self = Self { one_in: 1 };

    /// One tool in `count`, chosen by a hash of its name and the change's id; all for 0.
    pub fn one_in(count: usize) -> Self {
        Self { one_in: count.max(1) }
    }

    fn takes(self, change: &DefinitionChange, tool: &Tool) -> bool {
        self.one_in == 1 || edit::pick_second(change.id, &tool.name, self.one_in) == 0
    }
}

/// What became of every change.
#[derive(Debug, Clone, Serialize)]
pub struct BatteryReport {
    /// One row a change, in the table's order.
    pub rows: Vec<ChangeRow>,
}

impl BatteryReport {
    /// How many changed definitions had to raise a label, and how many did.
    pub fn raising(&self) -> (usize, usize) {
        self.sum(true)
    }

    /// How many changed definitions had to keep a label, and how many did.
    pub fn keeping(&self) -> (usize, usize) {
        self.sum(false)
    }

    fn sum(&self, raises: bool) -> (usize, usize) {
        let rows = self.rows.iter().filter(|row| row.raises.is_some() == raises);
        rows.fold((0, 0), |(applied, held), row| (applied + row.applied, held + row.held))
    }
}

/// What became of one change.
#[derive(Debug, Clone, Serialize)]
pub struct ChangeRow {
    /// The change's id.
    pub id: &'static str,
    /// The class that it must raise to; `None` where it must keep the label.
    pub raises: Option<Class>,
    /// What it does.
    pub does: &'static str,
    /// How many definitions it changed.
    pub applied: usize,
    /// How many of them got the label that it demands.
    pub held: usize,
    /// The same by wording, in the table's order.
    pub wordings: Vec<WordingRow>,
    /// The first that did not.
    pub failures: Vec<Failure>,
}

/// What became of one wording of a change.
#[derive(Debug, Clone, Serialize)]
pub struct WordingRow {
    /// The id of the wording among those of the battery.
    pub wording: &'static str,
    /// How many definitions got it.
    pub applied: usize,
    /// How many of them got the label that the change demands.
    pub held: usize,
}

/// A changed definition whose label did not follow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// The server's slug.
    pub server: String,
    /// The tool's name before the change.
    pub tool: String,
    /// The id of the wording that was applied.
    pub wording: &'static str,
    /// The class before.
    pub before: Class,
    /// The class after.
    pub after: Class,
    /// The facets of the definition as published.
    pub facets_before: Facets,
    /// The facets of the changed definition.
    pub facets_after: Facets,
}

/// Every change on every tool that it applies to.
pub fn run(classifier: &Classifier<'_>, manifests: &[Manifest]) -> BatteryReport {
    run_share(classifier, manifests, WordingShare::ALL)
}

/// Every change on a share of the tools that it applies to.
pub fn run_share(classifier: &Classifier<'_>, manifests: &[Manifest], share: WordingShare) -> BatteryReport {
    let servers: Vec<Vec<ChangeRow>> =
        manifests.par_iter().map(|manifest| of_server(*classifier, manifest, share)).collect();
    let mut rows: Vec<ChangeRow> = changes().map(blank).collect();
    for server in &servers {
        rows.iter_mut().zip(server).for_each(|(row, part)| row.add(part));
    }
    BatteryReport { rows }
}

fn blank(change: &DefinitionChange) -> ChangeRow {
    ChangeRow {
        id: change.id,
        raises: match change.kind {
            ChangeKind::Raises(class) => Some(class),
            ChangeKind::Keeps(_) => None,
        },
        does: change.does,
        applied: 0,
        held: 0,
        wordings: change.wordings.iter().map(|wording| WordingRow { wording, applied: 0, held: 0 }).collect(),
        failures: Vec::new(),
    }
}

impl ChangeRow {
    fn add(&mut self, part: &Self) {
        self.applied += part.applied;
        self.held += part.held;
        for (sum, wording) in self.wordings.iter_mut().zip(&part.wordings) {
            sum.applied += wording.applied;
            sum.held += wording.held;
        }
        let room = MAX_FAILURES.saturating_sub(self.failures.len());
        self.failures.extend(part.failures.iter().take(room).cloned());
    }
}

/// A tool of a server, by its index, in one of its changed forms.
struct Changed {
    index: usize,
    number: usize,
    change: &'static DefinitionChange,
    tool: Tool,
}

/// Every change on one server.
///
/// A listing holds each tool once, in its next changed form, so that one call counts many changes;
/// a tool that has none left is listed by its name.
fn of_server(classifier: Classifier<'_>, manifest: &Manifest, share: WordingShare) -> Vec<ChangeRow> {
    let before = &classifier.server(manifest);
    let mut rows: Vec<ChangeRow> = changes().map(blank).collect();
    let mut listing = bystanders(manifest);
    let mut count = |forms: Vec<Changed>| {
        let mut listed = Vec::with_capacity(forms.len());
        for Changed { index, number, change, tool } in forms {
            listed.push((index, number, change, std::mem::replace(&mut listing.tools[index], tool)));
        }
        let after = classifier.server(&listing);
        for (index, number, change, bystander) in listed {
            rows[number].count(change, manifest, index, &before[index], &after[index]);
            listing.tools[index] = bystander;
        }
    };
    let forms = |index: usize| {
        let tool = &manifest.tools[index];
        let taken =
            changes().enumerate().filter(move |(_, change)| change.asks(&before[index]) && share.takes(change, tool));
        taken.filter_map(move |(number, change)| Some(Changed { index, number, change, tool: change.apply(tool)? }))
    };
    let mut heads_moved = Vec::new();
    let mut queues: Vec<_> = (0..manifest.tools.len()).map(forms).collect();
    loop {
        let mut round = Vec::new();
        for queue in &mut queues {
            let same_head = |form: &Changed| form.tool.name.starts_with(manifest.tools[form.index].name.as_str());
            for form in queue.by_ref() {
                if same_head(&form) {
                    round.push(form);
                    break;
                }
                heads_moved.push(form);
            }
        }
        if round.is_empty() {
            break;
        }
        count(round);
    }
    heads_moved.sort_by_key(|form| (form.number, form.index));
    let mut heads_moved = heads_moved.into_iter().peekable();
    let at_once = (manifest.tools.len() / MAX_RENAMED).max(1);
    while let Some(number) = heads_moved.peek().map(|form| form.number) {
        let mut round = Vec::with_capacity(at_once);
        while round.len() < at_once {
            let Some(form) = heads_moved.next_if(|form| form.number == number) else { break };
            round.push(form);
        }
        count(round);
    }
    rows
}

/// The server with its tools' names and nothing else: a listing in which changed tools are, for
/// names are all that a verdict takes from other tools.
fn bystanders(manifest: &Manifest) -> Manifest {
    let tools = manifest.tools.iter().map(|tool| Tool { name: tool.name.clone(), ..Tool::default() });
    Manifest {
        server: manifest.server.clone(),
        instructions: manifest.instructions.clone(),
        tools: tools.collect(),
        ..Manifest::default()
    }
}

impl ChangeRow {
    fn count(
        &mut self,
        change: &DefinitionChange,
        manifest: &Manifest,
        index: usize,
        before: &Verdict,
        after: &Verdict,
    ) {
        let tool = &manifest.tools[index];
        let wording = &mut self.wordings[change.wording(tool)];
        let held = usize::from(change.holds(before, after));
        self.applied += 1;
        self.held += held;
        wording.applied += 1;
        wording.held += held;
        if held == 0 && self.failures.len() < MAX_FAILURES {
            self.failures.push(Failure {
                server: manifest.server.slug.clone(),
                tool: tool.name.to_string(),
                wording: wording.wording,
                before: before.class,
                after: after.class,
                facets_before: before.facets,
                facets_after: after.facets,
            });
        }
    }
}
