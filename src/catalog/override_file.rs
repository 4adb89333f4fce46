//! Writing a person's decision into `overrides.toml`: what else is in the file stays as it is.

use std::fmt::Write as _;
use std::path::Path;

use toml_edit::{ArrayOfTables, DocumentMut, Item, Table, Value};

use super::accepted::AcceptedFinding;
use super::overrides::{Override, Overrides, parse};
use crate::diagnostic::{Code, Diagnostic};
use crate::neutral::is_hidden;

/// The text of an `overrides.toml` with this decision in it; one on the same tool is replaced.
///
/// # Errors
/// When the text cannot be read, or its overrides are not written as blocks.
pub fn with(text: &str, path: &Path, decision: &Override) -> Result<String, Vec<Diagnostic>> {
    let block = DecisionBlock {
        list: "override",
        is_same: &|table| text_of(table, "tool") == Some(&decision.tool),
        lines: lines_of(decision),
        what: format!("the override of `{}`", decision.tool),
    };
    edited(text, path, &block, |before, after| {
        let others = before.list.iter().filter(|o| o.tool != decision.tool).chain([decision]);
        let kept = |o: &Override| after.list.iter().any(|w| Override { position: w.position, ..o.clone() } == *w);
        others.clone().count() == after.list.len()
            && others.clone().all(kept)
            && before.accepted.len() == after.accepted.len()
            && before.accepted.iter().all(|a| is_kept(a, after))
    })
}

/// The text of an `overrides.toml` that accepts this finding; an entry on the same finding of the tool is replaced.
///
/// # Errors
/// When the text cannot be read, or its entries are not written as blocks.
pub fn with_accepted(text: &str, path: &Path, accepted: &AcceptedFinding) -> Result<String, Vec<Diagnostic>> {
    let (tool, finding) = (&accepted.tool, accepted.finding);
    let block = DecisionBlock {
        list: "accept",
        is_same: &|table| text_of(table, "tool") == Some(tool) && text_of(table, "finding") == Some(finding.name()),
        lines: lines_of_accepted(accepted),
        what: format!("the acceptance of `{}` of `{tool}`", finding.name()),
    };
    edited(text, path, &block, |before, after| {
        let others = before.accepted.iter().filter(|a| a.tool != *tool || a.finding != finding).chain([accepted]);
        let kept = |o: &Override| after.list.iter().any(|w| Override { position: w.position, ..o.clone() } == *w);
        others.clone().count() == after.accepted.len()
            && others.clone().all(|a| is_kept(a, after))
            && before.list.len() == after.list.len()
            && before.list.iter().all(kept)
    })
}

fn is_kept(accepted: &AcceptedFinding, after: &Overrides) -> bool {
    after.accepted.iter().any(|w| AcceptedFinding { position: w.position, ..accepted.clone() } == *w)
}

fn text_of<'t>(table: &'t Table, key: &str) -> Option<&'t str> {
    table.get(key).and_then(Item::as_str)
}

/// One block of a file: of which list, which it replaces, what it says.
struct DecisionBlock<'a> {
    list: &'static str,
    is_same: &'a dyn Fn(&Table) -> bool,
    /// Keys, and values as TOML of ours.
    lines: Vec<(&'static str, String)>,
    /// What it is, for people.
    what: String,
}

/// The text with the block in it. What was written is read again: `holds` says whether the file says this, and of
/// everything else what it said.
fn edited(
    text: &str,
    path: &Path,
    block: &DecisionBlock<'_>,
    holds: impl Fn(&Overrides, &Overrides) -> bool,
) -> Result<String, Vec<Diagnostic>> {
    let read = parse(text, path);
    if !read.diagnostics.is_empty() {
        return Err(read.diagnostics);
    }
    let refused = || {
        let help = format!("write each entry as a block that begins with a line `[[{}]]`", block.list);
        let message = format!("{} cannot be written into this file", block.what);
        vec![Diagnostic::error(Code::BadOverride, path, message, help)]
    };
    let mut document: DocumentMut = text.parse().map_err(|_| refused())?;
    let end = document.trailing().as_str().unwrap_or_default().trim_end().to_owned();
    let blocks = document.entry(block.list).or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()));
    let blocks = blocks.as_array_of_tables_mut().ok_or_else(refused)?;
    let known = blocks.iter().position(block.is_same);
    if let Some(table) = known.and_then(|at| blocks.get_mut(at)) {
        fill(table, &block.lines);
    } else {
        let mut table = Table::new();
        // A comment at the end stays before what is added.
        let before = match (text.trim(), end.as_str()) {
            ("", _) => "",
            (_, "") => "\n",
            (_, end) => &format!("{end}\n\n"),
        };
        table.decor_mut().set_prefix(before);
        fill(&mut table, &block.lines);
        blocks.push(table);
        document.set_trailing("");
    }
    let new = document.to_string();
    let after = parse(&new, path);
    if after.diagnostics.is_empty() && holds(&read, &after) { Ok(new) } else { Err(refused()) }
}

/// Writes the lines as the keys of a block, in place of those that were there.
fn fill(table: &mut Table, lines: &[(&'static str, String)]) {
    table.clear();
    for (key, text) in lines {
        // How a value is written stays.
        if let Ok(value) = text.parse::<Value>() {
            table.insert(key, Item::Value(value));
        }
    }
}

fn lines_of(decision: &Override) -> Vec<(&'static str, String)> {
    let Override { tool, class, facets, reason, by, date, fingerprint, expires, .. } = decision;
    let facets = facets.map(|facets| {
        let names: Vec<String> = facets.iter().map(|f| quoted(f.name())).collect();
        ("facets", format!("[{}]", names.join(", ")))
    });
    let mut lines = vec![("tool", quoted(tool)), ("class", quoted(class.name()))];
    lines.extend(facets);
    lines.extend(signature([reason, by, date, fingerprint], expires.as_deref()));
    lines
}

fn lines_of_accepted(accepted: &AcceptedFinding) -> Vec<(&'static str, String)> {
    let AcceptedFinding { tool, finding, reason, by, date, fingerprint, expires, .. } = accepted;
    let mut lines = vec![("tool", quoted(tool)), ("finding", quoted(finding.name()))];
    lines.extend(signature([reason, by, date, fingerprint], expires.as_deref()));
    lines
}

/// Why, who, when, about what, until when.
fn signature(values: [&str; 4], expires: Option<&str>) -> Vec<(&'static str, String)> {
    let keys = ["reason", "by", "date", "fingerprint"].into_iter().zip(values);
    keys.chain(expires.map(|day| ("expires", day))).map(|(key, value)| (key, quoted(value))).collect()
}

/// A TOML basic string: on one line, whatever it says, safe to print.
pub fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            // `##[` is a command in some logs.
            '#' if out.ends_with('#') => out.push_str("\\U00000023"),
            c if c.is_control() || is_hidden(c) => {
                let _ = write!(out, "\\U{:08X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classify::FindingId;
    use crate::diagnostic::Position;
    use crate::risk::{Class, Facet, Facets};

    fn decision(tool: &str, reason: &str) -> Override {
        Override {
            tool: tool.to_owned(),
            class: Class::Write,
            facets: Some(Facets::from_iter([Facet::Bulk, Facet::SendsOut])),
            reason: reason.to_owned(),
            by: "J. Doe".to_owned(),
            date: "2026-11-21".to_owned(),
            fingerprint: "0".repeat(32),
            expires: None,
            position: Position { line: 1, column: 1 },
        }
    }

    fn written(text: &str, decision: &Override) -> String {
        with(text, Path::new("overrides.toml"), decision).expect("writes")
    }

    #[test]
    fn a_decision_is_a_block_and_a_renewed_one_takes_the_place_of_the_old() {
        let one = written("# ours\n", &decision("a", "first"));
        assert!(one.starts_with("# ours\n"), "{one}");
        let two = written(&one, &decision("b", "second"));
        let text = two.replace("\n\n[[override]]\ntool = \"b\"", "\n\n# about b\n[[override]]\ntool = \"b\"");
        insta::assert_snapshot!(written(&text, &Override { expires: Some("2027-01-01".to_owned()), ..decision("a", "again") }), @r#"
        # ours

        [[override]]
        tool = "a"
        class = "Write"
        facets = ["sends_out", "bulk"]
        reason = "again"
        by = "J. Doe"
        date = "2026-11-21"
        fingerprint = "00000000000000000000000000000000"
        expires = "2027-01-01"

        # about b
        [[override]]
        tool = "b"
        class = "Write"
        facets = ["sends_out", "bulk"]
        reason = "second"
        by = "J. Doe"
        date = "2026-11-21"
        fingerprint = "00000000000000000000000000000000"
        "#);
    }

    #[test]
    fn an_accepted_finding_is_a_block_of_its_own_and_leaves_decisions_alone() {
        let accepted = |tool: &str, reason: &str| AcceptedFinding {
            tool: tool.to_owned(),
            finding: FindingId::HiddenText,
            reason: reason.to_owned(),
            by: "J. Doe".to_owned(),
            date: "2026-11-21".to_owned(),
            fingerprint: "0".repeat(32),
            expires: None,
            position: Position { line: 1, column: 1 },
        };
        let accept = |text: &str, row: &AcceptedFinding| with_accepted(text, Path::new("o"), row).expect("writes");
        let one = accept("# ours\n", &accepted("a", "first"));
        let two = written(&one, &decision("a", "a class"));
        let three = accept(&two, &accepted("a", "again"));
        let read = parse(&three, Path::new("o"));
        assert_eq!((read.diagnostics.len(), read.list.len(), read.accepted.len()), (0, 1, 1), "{three}");
        assert_eq!(read.accepted[0].reason, "again");
        let four = written(&accept(&three, &accepted("b", "second")), &decision("b", "another class"));
        let read = parse(&four, Path::new("o"));
        assert_eq!((read.list.len(), read.accepted.len()), (2, 2), "{four}");
        assert!(four.starts_with("# ours\n"), "{four}");
    }

    #[test]
    fn whatever_a_tool_is_named_and_a_reason_says_is_read_back() {
        for odd in ["\"q\" 'x'", "a\nb\n[[override]]", "é\u{202e}\u{e0041}", "\\u0041", "'''", "]"] {
            let one = written("", &decision(odd, odd));
            let two = written(&one, &decision(odd, "again"));
            assert_eq!(parse(&two, Path::new("o")).list.len(), 1, "{two}");
        }
    }

    #[test]
    fn a_file_that_is_wrong_or_inline_is_left_alone() {
        assert!(with("tool = 3", Path::new("o"), &decision("a", "r")).is_err());
        let row = "{tool=\"T\",class=\"Read\",reason=\"r\",by=\"b\",date=\"2026-11-21\",fingerprint=\"00000000000000000000000000000000\"}";
        let two = format!("override = [{}, {}]", row.replace('T', "a"), row.replace('T', "b"));
        assert_eq!(parse(&two, Path::new("o")).list.len(), 2);
        assert!(with(&two, Path::new("o"), &decision("a", "r")).is_err());
    }
}
