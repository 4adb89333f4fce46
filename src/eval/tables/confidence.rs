//! What confidence is worth, as tables.

use super::{Accuracy, MarkdownTable, Measured, Proportion, interval, percent, row, share};
use crate::eval::confidence::Calibration;
use crate::eval::fit::BARS;

/// One line: what it is of, how many verdicts are right, and their confidence.
struct ConfidenceLine<'a> {
    name: String,
    right: Proportion,
    calibration: &'a Calibration,
}

impl<'a> ConfidenceLine<'a> {
    fn measured(set: &'a Measured, of: &str) -> Self {
        ConfidenceLine {
            name: format!("{}{of}", set.id),
            right: set.report.acceptable,
            calibration: &set.report.calibration,
        }
    }
}

/// Both tables of labels that confidence was not fitted on.
pub(super) fn of_set(set: &Measured) -> [MarkdownTable; 2] {
    let line = [ConfidenceLine::measured(set, "")];
    [worth(line.iter().map(figures).collect()), reliability(&line)]
}

/// Both tables of the repository: cross-validated, with the model itself and the bars in the last rows of the first.
pub(super) fn of_repository(accuracy: &Accuracy) -> [MarkdownTable; 2] {
    let held_out: Vec<ConfidenceLine<'_>> = accuracy
        .cross_validated
        .pools
        .iter()
        .map(|pool| ConfidenceLine { name: pool.id.clone(), right: pool.acceptable, calibration: &pool.calibration })
        .collect();
    let mut rows: Vec<Vec<String>> = held_out.iter().map(figures).collect();
    rows.push(row([
        "bar of all".to_owned(),
        String::new(),
        String::new(),
        format!("≥ {:.3}", BARS.auroc),
        format!("≥ {}", percent(BARS.surer_four_fifths)),
        format!("≤ {:.3}", BARS.calibration_error),
    ]));
    let all = accuracy.pools.iter().filter(|pool| pool.id == "all");
    rows.extend(all.map(|pool| figures(&ConfidenceLine::measured(pool, ", as built in"))));
    [worth(rows), reliability(&held_out)]
}

fn figures(line: &ConfidenceLine<'_>) -> Vec<String> {
    row([
        line.name.clone(),
        line.right.part.to_string(),
        (line.right.of - line.right.part).to_string(),
        line.calibration.auroc.map_or("–".to_owned(), |area| format!("{area:.3}")),
        percent(line.calibration.surer_four_fifths),
        format!("{:.3}", line.calibration.calibration_error),
    ])
}

fn worth(rows: Vec<Vec<String>>) -> MarkdownTable {
    MarkdownTable {
        id: "confidence",
        title: "What confidence is worth",
        head: &["set", "right", "wrong", "AUROC", "surer four fifths", "calibration error"],
        rows,
    }
}

fn reliability(lines: &[ConfidenceLine<'_>]) -> MarkdownTable {
    let rows = lines.iter().flat_map(|line| {
        line.calibration.reliability.iter().map(|bin| {
            row([
                format!("{}: {:.2}–{:.2}", line.name, bin.from, bin.to),
                bin.verdicts.to_string(),
                percent(bin.confidence),
                share(bin.acceptable),
                interval(bin.acceptable),
            ])
        })
    });
    MarkdownTable {
        id: "reliability",
        title: "Reliability",
        head: &["set: confidence", "verdicts", "mean confidence", "acceptable", "95 %"],
        rows: rows.collect(),
    }
}
