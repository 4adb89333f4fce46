//! `docs/accuracy.md`, made from what was measured.

use super::all::Accuracy;
use super::tables::tables;

/// The page, from the root of a checkout.
pub const PAGE: &str = "docs/accuracy.md";

/// The prose of the page; `{{id}}` is the place of a table.
const PROSE: &str = include_str!("accuracy.md");

/// The page. Every table has one place in the prose; where no round was made yet, it says so.
pub fn page(accuracy: &Accuracy) -> String {
    let tables = tables(accuracy);
    let mut out = String::with_capacity(PROSE.len() * 3);
    for line in PROSE.lines() {
        match line.strip_prefix("{{").and_then(|rest| rest.strip_suffix("}}")) {
            None => {
                out.push_str(line);
                out.push('\n');
            }
            Some(id) => match tables.iter().find(|table| table.id == id) {
                Some(table) => out.push_str(&table.markdown()),
                None if id == "rounds" => out.push_str("No round has been made yet.\n"),
                // An empty place leaves no second empty line.
                None => out.truncate(out.trim_end_matches('\n').len() + 1),
            },
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_prose_has_one_place_for_every_table_and_no_other() {
        let places: Vec<&str> = PROSE.lines().filter_map(|line| line.strip_prefix("{{")?.strip_suffix("}}")).collect();
        let known = [
            "sets",
            "figures",
            "annotators",
            "rounds",
            "classes",
            "facets",
            "confidence",
            "reliability",
            "hints",
            "iam",
            "battery",
        ];
        assert_eq!(places.iter().collect::<BTreeSet<_>>(), known.iter().collect());
        assert_eq!(places.len(), known.len());
    }
}
