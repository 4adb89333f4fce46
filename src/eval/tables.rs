//! The figures as tables: the same ones on the command line and in the book.
//!
//! Nothing in them is a server's text: ids of sets are ours, the rest are figures.

mod confidence;

use std::fmt::Write as _;

use super::all::{Accuracy, Measured};
use super::proportion::Proportion;
use super::rounds::Round;

/// One table. Its first column is words, the others are figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarkdownTable {
    /// What the book calls it.
    pub id: &'static str,
    /// Its heading.
    pub title: &'static str,
    /// The head of each column.
    pub head: &'static [&'static str],
    /// The cells, row by row.
    pub rows: Vec<Vec<String>>,
}

impl MarkdownTable {
    /// For a terminal: columns aligned by spaces.
    pub fn text(&self) -> String {
        self.lines("  ", "", |width, _| format!("{:-<width$}", ""))
    }

    /// For Markdown.
    pub fn markdown(&self) -> String {
        self.lines(" | ", "|", |width, first| {
            let dashes = format!("{:-<1$}", "", width - 1);
            if first { format!("{dashes}-") } else { format!("{dashes}:") }
        })
    }

    fn lines(&self, between: &str, edge: &str, rule: impl Fn(usize, bool) -> String) -> String {
        let cells = |column: usize| self.rows.iter().map(move |row| row.get(column).map_or(0, |c| c.chars().count()));
        let widths: Vec<usize> = self
            .head
            .iter()
            .enumerate()
            .map(|(i, head)| cells(i).max().unwrap_or(0).max(head.chars().count()))
            .collect();
        let mut out = String::new();
        let mut line = |cells: Vec<String>| {
            let padded =
                cells.iter().zip(&widths).enumerate().map(|(i, (cell, &width))| {
                    if i == 0 { format!("{cell:<width$}") } else { format!("{cell:>width$}") }
                });
            let line = padded.collect::<Vec<_>>().join(between);
            let line = if edge.is_empty() { line } else { format!("{edge} {line} {edge}") };
            let _ = writeln!(out, "{}", line.trim_end());
        };
        line(self.head.iter().map(|head| (*head).to_owned()).collect());
        line(widths.iter().enumerate().map(|(i, &width)| rule(width, i == 0)).collect());
        for row in &self.rows {
            line(row.clone());
        }
        out
    }
}

/// Every table, in the order that the command line prints them in.
pub fn tables(accuracy: &Accuracy) -> Vec<MarkdownTable> {
    let all = accuracy.pools.iter().filter(|pool| pool.id == "all");
    let mut out = vec![sets(&accuracy.sets), figures(accuracy.sets.iter().chain(all))];
    if !accuracy.rounds.is_empty() {
        out.extend([annotators(&accuracy.rounds), rounds(accuracy)]);
    }
    out.extend([classes(&accuracy.pools), facets(&accuracy.pools)]);
    out.extend(confidence::of_repository(accuracy));
    out.extend([hints(accuracy), iam(accuracy), battery(accuracy)]);
    out
}

/// Changed definitions: the sums, then every change.
fn battery(accuracy: &Accuracy) -> MarkdownTable {
    let report = &accuracy.battery;
    let held = |(applied, held): (usize, usize)| Proportion { part: held, of: applied };
    let sum = |name: &str, must: &str, counts| {
        let p = held(counts);
        row([name.to_owned(), must.to_owned(), p.of.to_string(), p.part.to_string(), share(p)])
    };
    let mut rows =
        vec![sum("all that raise", "rises", report.raising()), sum("all that keep", "stays", report.keeping())];
    rows.extend(report.rows.iter().map(|change| {
        let must = change.raises.map_or_else(|| "stays".to_owned(), |class| format!("at least {class}"));
        sum(change.id, &must, (change.applied, change.held))
    }));
    MarkdownTable {
        id: "battery",
        title: "Changed definitions",
        head: &["change", "label", "changed", "held", "share"],
        rows,
    }
}

/// What confidence is worth on servers that it was not fitted on.
pub fn cross_validated(accuracy: &Accuracy) -> Vec<MarkdownTable> {
    confidence::of_repository(accuracy).into()
}

/// The tables of one set of labels alone.
pub fn of_set(set: &Measured) -> Vec<MarkdownTable> {
    let alone = std::slice::from_ref(set);
    let mut out = vec![figures(alone), classes(alone), facets(alone)];
    out.extend(confidence::of_set(set));
    out
}

/// `98.6 %`; a part is never rounded to the whole.
pub fn percent(share: f64) -> String {
    let shown = if share < 1.0 { (share * 100.0).min(99.9) } else { 100.0 };
    format!("{shown:.1} %")
}

/// `98.6 %`, and a dash of nothing.
fn share(p: Proportion) -> String {
    if p.of == 0 { "–".to_owned() } else { percent(p.share()) }
}

/// `51 of 52`.
fn counts(p: Proportion) -> String {
    format!("{} of {}", p.part, p.of)
}

/// `97.1–99.3 %`.
fn interval(p: Proportion) -> String {
    let (low, high) = p.interval();
    format!("{:.1}–{:.1} %", low * 100.0, high * 100.0)
}

fn row<const N: usize>(cells: [String; N]) -> Vec<String> {
    cells.into()
}

fn sets(sets: &[Measured]) -> MarkdownTable {
    MarkdownTable {
        id: "sets",
        title: "Label sets",
        head: &["set", "tools", "servers", "Read", "Write", "Destructive"],
        rows: sets
            .iter()
            .map(|set| {
                let [read, write, destructive] = set.labels.map(|n| n.to_string());
                let tools = set.labels.iter().sum::<usize>().to_string();
                row([set.id.clone(), tools, set.servers.to_string(), read, write, destructive])
            })
            .collect(),
    }
}

fn figures<'a>(sets: impl IntoIterator<Item = &'a Measured>) -> MarkdownTable {
    MarkdownTable {
        id: "figures",
        title: "Verdicts against labels",
        head: &[
            "set",
            "acceptable",
            "95 %",
            "exact",
            "Destructive found",
            "called Read",
            "Read as Destructive",
            "facets F1",
            "first verb",
            "first verb found",
        ],
        rows: sets
            .into_iter()
            .map(|set| {
                let report = &set.report;
                row([
                    set.id.clone(),
                    share(report.acceptable),
                    interval(report.acceptable),
                    share(report.strict),
                    counts(report.destructive_recall),
                    report.destructive_called_read.to_string(),
                    counts(report.read_called_destructive),
                    format!("{:.2}", report.facets_f1),
                    share(set.baseline.acceptable),
                    counts(set.baseline.destructive_recall),
                ])
            })
            .collect(),
    }
}

fn annotators(rounds: &[Round]) -> MarkdownTable {
    MarkdownTable {
        id: "annotators",
        title: "Blind rounds: how they were drawn, and how far two annotators agreed",
        head: &["round", "date", "tools", "seed", "agreement", "kappa"],
        rows: rounds
            .iter()
            .map(|round| {
                let (agreement, kappa) = (percent(round.agreement), format!("{:.3}", round.kappa));
                row([
                    round.id.clone(),
                    round.date.clone(),
                    round.tools.to_string(),
                    round.seed.clone(),
                    agreement,
                    kappa,
                ])
            })
            .collect(),
    }
}

fn rounds(accuracy: &Accuracy) -> MarkdownTable {
    let mut rows = Vec::new();
    for round in &accuracy.rounds {
        let first = &round.first;
        rows.push(row([
            format!("{}, first", round.id),
            share(first.acceptable),
            interval(first.acceptable),
            counts(first.destructive_found),
            first.destructive_called_read.to_string(),
            counts(first.read_called_destructive),
            first.facets_f1.map_or_else(|| "–".to_owned(), |f1| format!("{f1:.2}")),
            share(first.first_verb),
        ]));
        if let Some(set) = accuracy.set(&round.id) {
            let now = &set.report;
            rows.push(row([
                format!("{}, now", round.id),
                share(now.acceptable),
                String::new(),
                counts(now.destructive_recall),
                now.destructive_called_read.to_string(),
                counts(now.read_called_destructive),
                format!("{:.2}", now.facets_f1),
                share(set.baseline.acceptable),
            ]));
        }
    }
    MarkdownTable {
        id: "rounds",
        title: "Blind rounds: as first measured, before anything was mended, and now",
        head: &[
            "round",
            "acceptable",
            "95 %",
            "Destructive found",
            "called Read",
            "Read as Destructive",
            "facets F1",
            "first verb",
        ],
        rows,
    }
}

fn classes(pools: &[Measured]) -> MarkdownTable {
    let rows = pools.iter().flat_map(|pool| {
        pool.report.classes.iter().zip(&pool.report.matrix).map(|(class, verdicts)| {
            let [read, write, destructive] = verdicts.map(|n| n.to_string());
            row([
                format!("{}: {}", pool.id, class.class),
                class.recall.of.to_string(),
                read,
                write,
                destructive,
                share(class.precision),
                share(class.recall),
                format!("{:.3}", class.f1),
            ])
        })
    });
    MarkdownTable {
        id: "classes",
        title: "By class",
        head: &[
            "set: label",
            "labels",
            "called Read",
            "called Write",
            "called Destructive",
            "precision",
            "recall",
            "F1",
        ],
        rows: rows.collect(),
    }
}

fn facets(pools: &[Measured]) -> MarkdownTable {
    let rows = pools.iter().flat_map(|pool| {
        pool.report.facets.iter().map(|facet| {
            row([
                format!("{}: {}", pool.id, facet.facet),
                facet.found.to_string(),
                facet.extra.to_string(),
                facet.lost.to_string(),
                share(facet.precision),
                share(facet.recall),
                if facet.found + facet.extra + facet.lost == 0 { "–".to_owned() } else { format!("{:.3}", facet.f1) },
            ])
        })
    });
    MarkdownTable {
        id: "facets",
        title: "By facet",
        head: &["set: facet", "found", "extra", "lost", "precision", "recall", "F1"],
        rows: rows.collect(),
    }
}

fn hints(accuracy: &Accuracy) -> MarkdownTable {
    let hints = &accuracy.hints;
    MarkdownTable {
        id: "hints",
        title: "Authors' readOnlyHint, hidden from the verdict",
        head: &["measure", "of", "share", "95 %"],
        rows: vec![
            row([
                "tools that declare it: verdict agrees".to_owned(),
                hints.tools.of.to_string(),
                share(hints.tools),
                interval(hints.tools),
            ]),
            row([
                "the same, mean over servers with at least three".to_owned(),
                hints.servers.to_string(),
                percent(hints.server_mean),
                String::new(),
            ]),
            row([
                "hint shown, verdict disagrees: the finding is there".to_owned(),
                hints.told.of.to_string(),
                share(hints.told),
                String::new(),
            ]),
        ],
    }
}

fn iam(accuracy: &Accuracy) -> MarkdownTable {
    MarkdownTable {
        id: "iam",
        title: "Names alone against published access levels",
        head: &["measure", "names", "share", "95 %"],
        rows: vec![row([
            "reading distinguished from changing".to_owned(),
            accuracy.iam.of.to_string(),
            share(accuracy.iam),
            interval(accuracy.iam),
        ])],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_never_rounded_to_the_whole() {
        assert_eq!([percent(0.9996), percent(1.0), percent(0.5)], ["99.9 %", "100.0 %", "50.0 %"]);
    }

    fn table() -> MarkdownTable {
        MarkdownTable {
            id: "t",
            title: "T",
            head: &["set", "share"],
            rows: vec![row(["gold".to_owned(), "98.6 %".to_owned()]), row(["a".to_owned(), "–".to_owned()])],
        }
    }

    #[test]
    fn the_same_cells_are_in_text_and_in_markdown() {
        assert_eq!(table().text(), "set    share\n----  ------\ngold  98.6 %\na          –\n");
        assert_eq!(table().markdown(), "| set  |  share |\n| ---- | -----: |\n| gold | 98.6 % |\n| a    |      – |\n");
    }
}
