//! Writing a person's decision into `overrides.toml`: what else is in the file stays as it is.

use std::fmt::Write as _;
use std::path::Path;

use toml_edit::{ArrayOfTables, DocumentMut, Item, Table, Value};

use super::overrides::{Override, parse};
use crate::diagnostic::{Code, Diagnostic};
use crate::neutral::is_hidden;

/// The text of an `overrides.toml` with this decision in it; one on the same tool is replaced.
///
/// # Errors
/// When the text cannot be read, or its overrides are not written as blocks.
pub fn with(text: &str, path: &Path, decision: &Override) -> Result<String, Vec<Diagnostic>> {
    let read = parse(text, path);
    if !read.diagnostics.is_empty() {
        return Err(read.diagnostics);
    }
    let refused = || {
        let help = "write each override as a block that begins with a line `[[override]]`";
        let message = format!("the override of `{}` cannot be written into this file", decision.tool);
        vec![Diagnostic::error(Code::BadOverride, path, message, help)]
    };
    let mut document: DocumentMut = text.parse().map_err(|_| refused())?;
    let end = document.trailing().as_str().unwrap_or_default().trim_end().to_owned();
    let blocks = document.entry("override").or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()));
    let blocks = blocks.as_array_of_tables_mut().ok_or_else(refused)?;
    let known = blocks.iter().position(|block| block.get("tool").and_then(Item::as_str) == Some(&decision.tool));
    if let Some(block) = known.and_then(|at| blocks.get_mut(at)) {
        fill(block, decision);
    } else {
        let mut block = Table::new();
        // A comment at the end stays before what is added.
        let before = match (text.trim(), end.as_str()) {
            ("", _) => "",
            (_, "") => "\n",
            (_, end) => &format!("{end}\n\n"),
        };
        block.decor_mut().set_prefix(before);
        fill(&mut block, decision);
        blocks.push(block);
        document.set_trailing("");
    }
    let new = document.to_string();
    // What was written is read again: the file says this, and of every other tool what it said.
    let written = parse(&new, path);
    let others = read.list.iter().filter(|o| o.tool != decision.tool).chain([decision]);
    let kept = |o: &Override| written.list.iter().any(|w| Override { position: w.position, ..o.clone() } == *w);
    if written.diagnostics.is_empty() && others.clone().count() == written.list.len() && others.clone().all(kept) {
        Ok(new)
    } else {
        Err(refused())
    }
}

/// Writes a decision as the keys of its block, in place of those that were there.
fn fill(block: &mut Table, decision: &Override) {
    block.clear();
    let mut line = |key: &str, text: String| {
        // The text is TOML of ours; how it is written stays.
        if let Ok(value) = text.parse::<Value>() {
            block.insert(key, Item::Value(value));
        }
    };
    line("tool", quoted(&decision.tool));
    line("class", quoted(decision.class.name()));
    if let Some(facets) = decision.facets {
        let names: Vec<String> = facets.iter().map(|f| quoted(f.name())).collect();
        line("facets", format!("[{}]", names.join(", ")));
    }
    line("reason", quoted(&decision.reason));
    line("by", quoted(&decision.by));
    line("date", quoted(&decision.date));
    line("fingerprint", quoted(&decision.fingerprint));
    if let Some(expires) = &decision.expires {
        line("expires", quoted(expires));
    }
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
