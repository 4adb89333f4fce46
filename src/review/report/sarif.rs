//! SARIF 2.1.0, for code scanning.

use std::collections::HashMap;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::sentence;
use crate::classify::FindingLevel;
use crate::neutral;
use crate::review::change::{Change, Location, Review};
use crate::review::kind::KINDS;

/// What stays as it is in a relative reference (RFC 3986 §2.3 and §3.3).
const PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

pub(super) fn render(review: &Review) -> serde_json::Result<String> {
    let rules: Vec<Value> = KINDS
        .iter()
        .map(|row| {
            json!({
                "id": row.id,
                "name": row.id,
                "shortDescription": {"text": row.what},
                "fullDescription": {"text": format!("{} {}", row.what, row.levels).trim_end()},
                "help": {"text": row.help, "markdown": row.help},
                "defaultConfiguration": {"level": row.level.name()},
                "properties": {"security-severity": row.severity, "tags": ["security", "mcp"]},
            })
        })
        .collect();
    let mut seen: HashMap<String, usize> = HashMap::new();
    let results: Vec<Value> = review.worst_first().into_iter().map(|change| result(change, &mut seen)).collect();
    document(&rules, &results)
}

/// The whole document of these rules and results.
///
/// # Errors
/// When a value cannot be written as JSON; those that are given here can.
pub fn document(rules: &[Value], results: &[Value]) -> serde_json::Result<String> {
    neutral::json(&json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "toolcard",
                "version": env!("CARGO_PKG_VERSION"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "informationUri": env!("CARGO_PKG_REPOSITORY"),
                "rules": rules,
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    }))
}

fn result(change: &Change, seen: &mut HashMap<String, usize>) -> Value {
    let mut text = change.sentence();
    for said in change.evidence.iter().filter_map(sentence) {
        text.push_str(". ");
        text.push_str(&said);
    }
    let parts = [change.id.id(), &change.server, change.tool.as_deref().unwrap_or_default()];
    let place = change.location.clone().unwrap_or_else(|| Location::new(&change.server, None));
    alert((change.id as usize, change.level), parts, &text, &place, seen)
}

/// One result: the place and level of its rule, its rule, server and tool, and what is said.
pub(super) fn alert(
    (index, level): (usize, FindingLevel),
    parts: [&str; 3],
    text: &str,
    place: &Location,
    seen: &mut HashMap<String, usize>,
) -> Value {
    // The same change of the same tool is the same alert wherever its lines move.
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part.as_bytes());
        hasher.update([0]);
    }
    let mut short = [0; 8];
    short.copy_from_slice(&hasher.finalize()[..8]);
    let hash = format!("{:016x}", u64::from_be_bytes(short));
    let nth = seen.entry(hash.clone()).or_default();
    *nth += 1;
    json!({
        "ruleId": parts[0],
        "ruleIndex": index,
        "level": level.name(),
        "message": {"text": neutral::sarif(text)},
        "locations": [{"physicalLocation": {
            "artifactLocation": {"uri": uri(&place.file)},
            "region": {"startLine": place.line, "startColumn": place.column},
        }}],
        "partialFingerprints": {"primaryLocationLineHash": format!("{hash}:{nth}")},
    })
}

/// A path as a URI reference: relative where the path is.
fn uri(path: &str) -> String {
    let encoded = utf8_percent_encode(path, PATH).to_string();
    if path.starts_with('/') { format!("file://{encoded}") } else { encoded }
}
