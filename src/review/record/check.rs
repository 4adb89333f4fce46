//! Whether a lock is what toolcard would write.

use std::collections::BTreeSet;
use std::path::Path;

use super::{Recorded, ServerRecord, old_lock, open, visit};
use crate::catalog::day::Day;
use crate::catalog::lock::{self, Lock, Locked};
use crate::diagnostic::{Code, Diagnostic, Position};
use crate::manifest::DefinitionPart;

/// Stale places that are reported one by one.
const MAX_TOLD: usize = 20;
/// How long a decision that is renewed holds, in the command that is offered.
const RENEWED_DAYS: i64 = 365;
/// What to do about a stale lock.
const HELP: &str =
    "see what moved with `toolcard review --base REVISION`; where that is right, run `toolcard lock` and commit it";

/// Whether the lock of a catalogue is what [`super::record`] would write, and no override has
/// ended. Whatever does not hold is a diagnostic of level error.
///
/// # Errors
/// When the catalogue, its lexicon or its lock cannot be read.
pub fn check(catalog: &Path, today: Day) -> Result<Recorded, Vec<Diagnostic>> {
    let mut side = open(catalog)?;
    let path = catalog.join(lock::FILE);
    let mut recorded = Recorded::default();
    let mut wrong: Vec<Diagnostic> = Vec::new();
    let old = old_lock(&path)?;
    if !path.exists() {
        let message = "there is no lock yet: these labels have not been reviewed";
        recorded.diagnostics.push(Diagnostic::error(Code::NoLock, &path, message, "run `toolcard lock` and commit it"));
        return Ok(recorded);
    }
    let present: BTreeSet<String> = side.servers.iter().map(|o| o.slug.clone()).collect();
    let mut stale: Vec<(String, Option<u32>)> = Vec::new();
    stale.extend(old.slugs().filter(|s| !present.contains(*s)).map(|s| (format!("the server `{s}` is gone"), None)));
    let visited = visit(&mut side, &old, &mut recorded, |server| {
        wrong.extend(ended(&server, today));
        compare(&old, &server, &mut stale);
        Ok(())
    });
    // Nothing is written here, so nothing fails.
    debug_assert!(visited.is_ok());
    recorded.changed = !stale.is_empty();
    let more = stale.len().saturating_sub(MAX_TOLD);
    for (message, line) in stale.into_iter().take(MAX_TOLD) {
        let mut diagnostic = Diagnostic::error(Code::StaleLock, &path, format!("the lock is stale: {message}"), HELP);
        diagnostic.position = line.map(|line| Position { line, column: 1 });
        wrong.push(diagnostic);
    }
    if more > 0 {
        wrong.push(Diagnostic::error(Code::StaleLock, &path, format!("the lock is stale in {more} more places"), HELP));
    }
    recorded.diagnostics.append(&mut wrong);
    Ok(recorded)
}

/// The decisions of a server that have ended.
fn ended(server: &ServerRecord, today: Day) -> Vec<Diagnostic> {
    let ended = |expires: &Option<String>| expires.as_deref().and_then(Day::parse).filter(|end| *end < today);
    let file = Path::new(&server.decisions_file);
    let next = today.plus(RENEWED_DAYS).to_string();
    let reported = |what: String, command: String, position: Position, end: Day| {
        let message = format!("{what} ended on {end}");
        let help = format!("where it still holds, run `{command}`; else remove it");
        Diagnostic::error(Code::OverrideExpired, file, message, help).at(position)
    };
    let overrides = server.decisions.iter().map(|d| &d.made).filter_map(|d| {
        let end = ended(&d.expires)?;
        let what = format!("the override of `{}`", d.tool);
        Some(reported(what, d.renewal(&server.slug, file, Some(&next)), d.position, end))
    });
    let accepted = server.accepted.iter().map(|a| &a.made).filter_map(|a| {
        let end = ended(&a.expires)?;
        let what = format!("the acceptance of `{}` of `{}`", a.finding.name(), a.tool);
        Some(reported(what, a.renewal(&server.slug, file, Some(&next)), a.position, end))
    });
    overrides.chain(accepted).collect()
}

/// What of one server the lock does not say as it is.
fn compare(old: &Lock, server: &ServerRecord, stale: &mut Vec<(String, Option<u32>)>) {
    let slug = &server.slug;
    let Some(locked) = old.rows(slug) else {
        stale.push((format!("the server `{slug}` is not in it"), None));
        return;
    };
    for row in &server.rows {
        match locked.binary_search_by(|(l, _)| l.tool.cmp(&row.tool)) {
            Err(_) => stale.push((format!("`{slug}/{}` is not in it", row.tool), None)),
            Ok(i) => {
                let (was, line) = &locked[i];
                if let Some(what) = moved(was, row) {
                    stale.push((format!("{what} of `{slug}/{}` moved", row.tool), Some(*line)));
                }
            }
        }
    }
    for (was, line) in &locked {
        if server.rows.binary_search_by(|row| row.tool.cmp(&was.tool)).is_err() {
            stale.push((format!("`{slug}/{}` is gone", was.tool), Some(*line)));
        }
    }
}

fn moved(was: &Locked, is: &Locked) -> Option<String> {
    let mut what = Vec::new();
    if was.label.risk() != is.label.risk() || was.label.facets != is.label.facets {
        what.push("the label");
    } else if was.label != is.label {
        what.push("the evidence");
    }
    let parts = was.fingerprint.moved(&is.fingerprint);
    what.extend(parts.iter().filter(|p| **p != DefinitionPart::Extra).map(|p| p.key()));
    (!what.is_empty()).then(|| what.join(" and "))
}
