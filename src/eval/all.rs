//! Everything that the repository can be measured on, measured once.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use rayon::prelude::*;
use serde::Serialize;

use super::baseline::{Baseline, FirstVerb};
use super::battery;
use super::fit::{self, BARS, CrossValidated, FOLDS, HeldOut, LabelledTool, PENALTY};
use super::gold::{Gold, read_gold_file};
use super::hints::{self, Hints};
use super::iam;
use super::measure::{self, AccuracyReport};
use super::proportion::Proportion;
use super::rounds::Round;
use super::sets::{self, Definitions};
use crate::classify::{Classifier, Features, Verdict};
use crate::diagnostic::Diagnostic;
use crate::manifest::Manifest;
use crate::risk::Class;

/// All figures.
#[derive(Debug, Clone, Serialize)]
pub struct Accuracy {
    /// Each set of labels, in the order of [`sets::sets`].
    pub sets: Vec<Measured>,
    /// Sets taken together: `gold`, `wild`, `rounds` where there are any, and `all`. Without misses: those are with
    /// their sets.
    pub pools: Vec<Measured>,
    /// Confidence by models that were fitted without the servers that they are measured on, for the same pools.
    pub cross_validated: CrossValidated,
    /// What confidence is fitted on.
    #[serde(skip)]
    pub labelled: Vec<LabelledTool>,
    /// Names alone that tell reading from changing in published access levels.
    pub iam: Proportion,
    /// Authors' hints.
    pub hints: Hints,
    /// First measurements of the rounds.
    pub rounds: Vec<Round>,
    /// Changed definitions of the bundled catalogue.
    pub battery: battery::BatteryReport,
}

/// One set of labels, or several taken together.
#[derive(Debug, Clone, Serialize)]
pub struct Measured {
    /// The set's id.
    pub id: String,
    /// How many servers its tools are of.
    pub servers: usize,
    /// How many labels are Read, Write, Destructive.
    pub labels: [usize; 3],
    /// The verdicts.
    #[serde(flatten)]
    pub report: AccuracyReport,
    /// The first-verb baseline.
    pub baseline: Baseline,
}

impl Accuracy {
    /// The set of that id.
    pub fn set(&self, id: &str) -> Option<&Measured> {
        self.sets.iter().find(|set| set.id == id)
    }

    /// Labels of all sets whose tool was not found.
    pub fn missing(&self) -> impl Iterator<Item = &str> {
        self.sets.iter().flat_map(|set| &set.report.missing).map(String::as_str)
    }
}

/// Verdicts, or what else there is of each tool, by server and tool.
pub type ByTool<'a, T> = HashMap<(&'a str, &'a str), &'a T>;

/// The verdicts of each of `manifests`, in their order.
pub fn classify_all(classifier: &Classifier<'_>, manifests: &[Manifest]) -> Vec<Vec<Verdict>> {
    manifests.par_iter().map(|manifest| classifier.server(manifest)).collect()
}

/// Each verdict under the server and the tool that it is of.
pub fn by_tool<'a, T>(manifests: &'a [Manifest], verdicts: &'a [Vec<T>]) -> ByTool<'a, T> {
    let servers = manifests.iter().zip(verdicts);
    let tools = servers.flat_map(|(m, of)| m.tools.iter().zip(of).map(|(t, v)| (m.server.slug.as_str(), &t.name, v)));
    tools.map(|(server, tool, verdict)| ((server, tool.as_str()), verdict)).collect()
}

/// Measures `gold` under the id of its set.
pub fn measured(id: &str, gold: &[(&Gold, Option<&Verdict>)], baseline: &FirstVerb<'_>) -> Measured {
    let servers: BTreeSet<&str> = gold.iter().map(|(label, _)| label.server.as_str()).collect();
    let count = |class: Class| gold.iter().filter(|(label, _)| label.label == class).count();
    Measured {
        id: id.to_owned(),
        servers: servers.len(),
        labels: Class::ALL.map(count),
        report: measure::measure(gold.iter().copied()),
        baseline: baseline.measure(gold.iter().map(|(label, _)| *label)),
    }
}

/// Measures everything that the checkout at `root` holds.
///
/// # Errors
/// Everything that cannot be read.
pub fn measure(root: &Path, classifier: &Classifier<'_>) -> Result<Accuracy, Vec<Diagnostic>> {
    let rounds = sets::rounds(root).map_err(|fault| vec![*fault])?;
    let sets = sets::sets(&rounds);
    let mut faults = Vec::new();
    let mut keep = |fault: Box<Diagnostic>| faults.push(*fault);
    let gold: Vec<Vec<Gold>> = sets
        .iter()
        .map(|set| {
            let path = root.join(sets::LABELS).join(format!("{}.jsonl", set.id));
            read_gold_file(&path).map_err(&mut keep).unwrap_or_default()
        })
        .collect();
    let actions = iam::read(&root.join(sets::IAM)).map_err(&mut keep).unwrap_or_default();
    let mut all =
        |read: Result<Vec<Manifest>, Vec<Diagnostic>>| read.map_err(|lost| faults.extend(lost)).unwrap_or_default();
    let (catalogue, crawled) = (all(sets::catalogue(root)), all(sets::crawled(root)));
    if !faults.is_empty() {
        return Err(faults);
    }
    let (shown, found) = (classify_all(classifier, &catalogue), classify_all(classifier, &crawled));
    let (shown_by_tool, found_by_tool) = (by_tool(&catalogue, &shown), by_tool(&crawled, &found));
    let baseline = FirstVerb::new(classifier.lexicon());
    let rows: Vec<Vec<(&Gold, Option<&Verdict>)>> = sets
        .iter()
        .zip(&gold)
        .map(|(set, gold)| {
            let verdicts = match set.definitions {
                Definitions::Catalogue => &shown_by_tool,
                Definitions::Crawled => &found_by_tool,
            };
            gold.iter().map(|g| (g, verdicts.get(&(g.server.as_str(), g.tool.as_str())).copied())).collect()
        })
        .collect();
    let labelled = labelled(&sets, &rows, *classifier, &catalogue, &crawled);
    let points = fit::held_out(&labelled);
    let mut held_out = Vec::new();
    let mut pool = |id: &str, wanted: &dyn Fn(&sets::Set) -> bool| {
        let of = sets.iter().zip(&rows).filter(|(set, _)| wanted(set)).flat_map(|(_, rows)| rows).copied();
        let mut pool = measured(id, &of.collect::<Vec<_>>(), &baseline);
        pool.report.misses = Vec::new();
        let ids: BTreeSet<&str> = sets.iter().filter(|set| wanted(set)).map(|set| set.id.as_str()).collect();
        let inside = labelled.iter().zip(&points).filter(|(row, _)| ids.contains(row.set.as_str()));
        held_out.push(HeldOut::of(id, &inside.map(|(_, point)| *point).collect::<Vec<_>>()));
        pool
    };
    let mut pools = vec![pool("gold", &|set| set.id == "gold"), pool("wild", &|set| set.id == "wild")];
    if !rounds.is_empty() {
        pools.push(pool("rounds", &|set| set.round));
    }
    pools.push(pool("all", &|_| true));
    Ok(Accuracy {
        sets: sets.iter().zip(&rows).map(|(set, rows)| measured(&set.id, rows, &baseline)).collect(),
        pools,
        cross_validated: CrossValidated { folds: FOLDS, penalty: PENALTY, bars: BARS, pools: held_out },
        labelled,
        iam: iam::measure(classifier, &actions),
        hints: hints::measure(classifier, &catalogue, &shown),
        battery: battery::run(classifier, &catalogue),
        rounds,
    })
}

/// What confidence is fitted on: every label with a tool, in the order of the sets.
fn labelled(
    sets: &[sets::Set],
    rows: &[Vec<(&Gold, Option<&Verdict>)>],
    classifier: Classifier<'_>,
    catalogue: &[Manifest],
    crawled: &[Manifest],
) -> Vec<LabelledTool> {
    let features = |manifests: &[Manifest]| -> Vec<Vec<Features>> {
        manifests.par_iter().map(|manifest| classifier.features(manifest)).collect()
    };
    let (shown, found) = (features(catalogue), features(crawled));
    let (shown, found) = (by_tool(catalogue, &shown), by_tool(crawled, &found));
    let of_set = sets.iter().zip(rows).flat_map(|(set, rows)| rows.iter().map(move |row| (set, row)));
    let one = |(set, (gold, verdict)): (&sets::Set, &(&Gold, Option<&Verdict>))| {
        let features = match set.definitions {
            Definitions::Catalogue => &shown,
            Definitions::Crawled => &found,
        };
        Some(LabelledTool {
            set: set.id.clone(),
            server: gold.server.clone(),
            features: **features.get(&(gold.server.as_str(), gold.tool.as_str()))?,
            right: gold.accepts((*verdict)?.heuristic_class),
        })
    };
    of_set.filter_map(one).collect()
}
