//! Labels → the text of a lock, server by server: a catalogue of any size is never held.

use std::io::{self, Write};

use super::{HEADER, Locked};
use crate::manifest::DefinitionPart;
use crate::neutral;

/// The parts that a lock records: the name is in the block's first line, and what `extra`
/// holds does not describe the tool.
pub(super) const PARTS: [DefinitionPart; 5] = [
    DefinitionPart::Title,
    DefinitionPart::Description,
    DefinitionPart::InputSchema,
    DefinitionPart::OutputSchema,
    DefinitionPart::Annotations,
];

/// Writes the first lines.
///
/// # Errors
/// When the writer refuses.
pub fn header(out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{HEADER}")?;
    writeln!(out, "# Labels and fingerprints that a person has reviewed. `toolcard lock` writes this file.")
}

/// Writes one server. Servers must come in byte order of their slugs, `rows` in byte order of
/// their names ([`super::sort`]).
///
/// # Errors
/// When the writer refuses.
pub fn write_server(out: &mut impl Write, slug: &str, rows: &[Locked]) -> io::Result<()> {
    writeln!(out, "\nserver {}", spelled(slug))?;
    for Locked { tool, label, fingerprint } in rows {
        writeln!(out, "\ntool {}", spelled(tool))?;
        fact(out, "label", &format!("{} {}", label.class, label.severity))?;
        if !label.facets.is_empty() {
            fact(out, "facets", &label.facets.iter().map(crate::risk::Facet::name).collect::<Vec<_>>().join(" "))?;
        }
        fact(out, "confidence", label.confidence.name())?;
        if !label.rules.is_empty() {
            fact(out, "rules", &label.rules.join(" "))?;
        }
        for part in PARTS {
            if let Some(digits) = fingerprint.part(part) {
                fact(out, part.key(), &digits)?;
            }
        }
    }
    Ok(())
}

fn fact(out: &mut impl Write, key: &str, value: &str) -> io::Result<()> {
    writeln!(out, "  {key:<13} {value}")
}

/// A name as it is in a lock: bare where it is one plain word, else a JSON string with
/// every hidden character escaped.
fn spelled(name: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./:@".contains(c);
    if !name.is_empty() && name.chars().all(plain) {
        return name.to_owned();
    }
    neutral::json(&name).map_or_else(|_| String::new(), |text| text.trim_end().to_owned())
}
