//! Two sides → a review, server by server: memory follows the largest servers and the changes.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::accept;
use super::change::{Change, Location, PartialSide, Proof, Review, SideCounts};
use super::compare;
use super::kind::Kind;
use super::side::Side;
use super::state::State;
use crate::catalog::day::Day;
use crate::catalog::lock::pair::{self, Signature};
use crate::catalog::source::{Files, ServerRef, Source};
use crate::diagnostic::{Code, Diagnostic, Level, Parsed};
use crate::lexicon::Lexicon;
use crate::neutral;
use crate::risk::ClassCounts;

/// Servers that are in memory at once.
const MAX_AT_ONCE: usize = 64;

/// Two servers that are one: in the base, in the head.
type Both = (ServerRef, ServerRef);

/// Compares two sides; `today` judges which overrides end. The diagnostics are those of both; what is wrong in the base is a warning.
pub fn run(mut base: Side, mut head: Side, today: Day) -> Parsed<Review> {
    let mut review = Review { base: base.name.clone(), head: head.name.clone(), ..Review::default() };
    review.base_locked = base.is_locked();
    let mut diagnostics: Vec<Diagnostic> = Vec::new();
    limits(&base, &head, &mut review);
    // Two bare manifests are one server, whatever the files are called.
    if let (Source::Manifest(_), Source::Manifest(_)) = (&base.source, &head.source)
        && let ([old], [new]) = (base.servers.as_mut_slice(), head.servers.as_slice())
    {
        old.slug.clone_from(&new.slug);
    }
    let old: BTreeMap<&str, &ServerRef> = base.servers.iter().map(|o| (o.slug.as_str(), o)).collect();
    let new: BTreeMap<&str, &ServerRef> = head.servers.iter().map(|o| (o.slug.as_str(), o)).collect();
    let common: Vec<Both> = new
        .iter()
        .filter_map(|(slug, after)| old.get(slug).map(|before| ((*before).clone(), (*after).clone())))
        .collect();
    let only = |a: &BTreeMap<&str, &ServerRef>, b: &BTreeMap<&str, &ServerRef>| -> Vec<ServerRef> {
        a.iter().filter(|(slug, _)| !b.contains_key(*slug)).map(|(_, server)| (*server).clone()).collect()
    };
    let (gone, added) = (only(&old, &new), only(&new, &old));
    let (renamed, gone, added) = renames(&mut base, &mut head, gone, added);

    for chunk in common.chunks(MAX_AT_ONCE).chain(renamed.chunks(MAX_AT_ONCE)) {
        let read: Vec<(&Both, Files, Files)> =
            chunk.iter().map(|both| (both, base.files(&both.0), head.files(&both.1))).collect();
        let compared: Vec<ServerChanges> =
            read.par_iter().map(|(both, before, after)| pair_of(&base, &head, both, before, after, today)).collect();
        for c in compared {
            c.into_review(&mut review, &mut diagnostics);
        }
    }
    for chunk in added.chunks(MAX_AT_ONCE) {
        let read: Vec<(&ServerRef, Files)> = chunk.iter().map(|server| (server, head.files(server))).collect();
        let compared: Vec<ServerChanges> =
            read.par_iter().map(|(server, files)| new_of(&base, &head, server, files, today)).collect();
        for c in compared {
            c.into_review(&mut review, &mut diagnostics);
        }
    }
    for server in gone {
        let files = base.files(&server);
        let Parsed { value: state, diagnostics: wrong } = base.state_of(&server, &files);
        let state = state.or_else(|| base.locked(&server.slug));
        diagnostics.extend(wrong.into_iter().map(as_warning));
        review.labels.base = review.labels.base.plus(state.as_ref().map(counts).unwrap_or_default());
        let state = state.unwrap_or_else(|| State { file: server.shown.clone(), ..State::default() });
        review.changes.push(compare::gone_server(&server.slug, &state));
    }
    review.sort();
    review.partial.sort_by(|a, b| (&a.server, a.side).cmp(&(&b.server, b.side)));
    diagnostics.extend(base.diagnostics.drain(..).chain(base.lexicon_faults.drain(..)).map(as_warning));
    diagnostics.append(&mut head.diagnostics);
    diagnostics.append(&mut head.lexicon_faults);
    // A stale decision is a change of its own here.
    diagnostics.retain(|d| d.code != Code::StaleOverride);
    Parsed { value: review, diagnostics }
}

/// Says what these two sides cannot tell, and what the whole catalogue changed.
fn limits(base: &Side, head: &Side, review: &mut Review) {
    if !base.has_definitions() || !head.has_definitions() {
        review.unavailable.push(
            "a lock holds labels and fingerprints alone: words, hints, schemas and policies before are not compared",
        );
    } else if base.overlay != head.overlay {
        for (i, file) in Lexicon::FILES.into_iter().enumerate().filter(|(i, _)| base.overlay[*i] != head.overlay[*i]) {
            let state = if head.overlay[i].is_empty() { "is gone" } else { "changed" };
            let message = format!("{file}, which adds to the lexicon, {state}");
            review.changes.push(compare::of_server("", Kind::LexiconChanged, message, &head.source.shown(file)));
        }
    }
}

/// Finds servers that only changed the name of their folder.
fn renames(
    base: &mut Side,
    head: &mut Side,
    gone: Vec<ServerRef>,
    added: Vec<ServerRef>,
) -> (Vec<Both>, Vec<ServerRef>, Vec<ServerRef>) {
    if gone.is_empty() || added.is_empty() {
        return (Vec::new(), gone, added);
    }
    let signed = |side: &mut Side, servers: &[ServerRef]| -> Vec<(String, Signature)> {
        let sign = |server: &ServerRef| {
            let files = side.files(server);
            let rows = side.state_of(server, &files).value.map(|s| s.rows).unwrap_or_default();
            (server.slug.clone(), pair::signature(rows.iter().map(|r| (r.tool.as_str(), &r.fingerprint))))
        };
        servers.iter().map(sign).collect()
    };
    let (before, after) = (signed(base, &gone), signed(head, &added));
    let pairs = pair::servers(&before, &after);
    let renamed = pairs.iter().map(|(i, j)| (gone[*i].clone(), added[*j].clone())).collect();
    let rest = |servers: Vec<ServerRef>, taken: Vec<usize>| -> Vec<ServerRef> {
        servers.into_iter().enumerate().filter(|(i, _)| !taken.contains(i)).map(|(_, o)| o).collect()
    };
    let gone = rest(gone, pairs.iter().map(|p| p.0).collect());
    let added = rest(added, pairs.iter().map(|p| p.1).collect());
    (renamed, gone, added)
}

#[derive(Default)]
struct ServerChanges {
    changes: Vec<Change>,
    diagnostics: Vec<Diagnostic>,
    tools: usize,
    labels: SideCounts,
    /// The sides that have only a part of the server's tools.
    partial: Vec<PartialSide>,
}

/// A side that has only a part of a server's tools.
fn part(side: &'static str, slug: &str, state: &State) -> Option<PartialSide> {
    state.partial.then(|| PartialSide { side, server: slug.to_owned(), at_least: state.rows.len() })
}

impl ServerChanges {
    fn into_review(self, review: &mut Review, diagnostics: &mut Vec<Diagnostic>) {
        review.partial.extend(self.partial);
        review.changes.extend(self.changes);
        review.servers += 1;
        review.tools += self.tools;
        review.labels.base = review.labels.base.plus(self.labels.base);
        review.labels.head = review.labels.head.plus(self.labels.head);
        diagnostics.extend(self.diagnostics);
    }
}

fn pair_of(base: &Side, head: &Side, (before, after): &Both, old: &Files, new: &Files, today: Day) -> ServerChanges {
    let Parsed { value: state, diagnostics } = head.state_of(after, new);
    let mut compared = ServerChanges { diagnostics, ..ServerChanges::default() };
    compared.partial.extend(state.as_ref().and_then(|state| part("head", &after.slug, state)));
    let locked = base.lock.as_ref().and_then(|lock| lock.rows(&before.slug));
    // Most servers of a review are the same: labelled once, they differ in nothing.
    if let Some(state) = &state
        && base.has_definitions()
        && old.is_same(new)
        && base.overlay == head.overlay
        && before.slug == after.slug
        && locked.as_ref().is_none_or(|rows| state.agrees(rows))
    {
        compared.tools = state.rows.len();
        compared.labels = SideCounts { base: counts(state), head: counts(state) };
        compared.partial.extend(part("base", &before.slug, state));
        compared.changes = compare::same(&after.slug, state, today);
        return compared;
    }
    let Parsed { value: was, diagnostics } = base.state_of(before, old);
    compared.diagnostics.extend(diagnostics.into_iter().map(as_warning));
    let was = was.or_else(|| base.locked(&before.slug));
    compared.labels.base = was.as_ref().map(counts).unwrap_or_default();
    let Some(state) = state else {
        if was.is_some() {
            compared.changes.push(broken(after, &compared.diagnostics));
        }
        return compared;
    };
    compared.tools = state.rows.len();
    compared.labels.head = counts(&state);
    let Some(mut was) = was else {
        compared.changes = compare::new_server(&after.slug, &state, today);
        accept::mark(base, head, &after.slug, &state, today, &mut compared.changes);
        return compared;
    };
    if let Some(locked) = locked {
        was.reviewed(&locked);
        compared.labels.base = counts(&was);
    }
    compared.partial.extend(part("base", &before.slug, &was));
    compared.changes = compare::server(&after.slug, &was, &state, today);
    for change in &mut compared.changes {
        match change.id {
            Kind::ToolRemoved if state.partial => {
                "the tool is not in the part of the listing that was read".clone_into(&mut change.message);
            }
            Kind::ToolAdded if was.partial => {
                change.message.push_str(", not in the part of the listing that the base has");
            }
            _ => {}
        }
    }
    if before.slug != after.slug {
        let message = format!("renamed from {}", neutral::quoted(&before.slug));
        compared.changes.push(compare::of_server(&after.slug, Kind::ServerRenamed, message, &after.shown));
    }
    accept::mark(base, head, &after.slug, &state, today, &mut compared.changes);
    compared
}

fn new_of(base: &Side, head: &Side, server: &ServerRef, files: &Files, today: Day) -> ServerChanges {
    let Parsed { value: state, diagnostics } = head.state_of(server, files);
    let mut compared = ServerChanges { diagnostics, ..ServerChanges::default() };
    if let Some(state) = &state {
        compared.tools = state.rows.len();
        compared.labels.head = counts(state);
        compared.partial.extend(part("head", &server.slug, state));
        compared.changes = compare::new_server(&server.slug, state, today);
        accept::mark(base, head, &server.slug, state, today, &mut compared.changes);
    }
    compared
}

/// How many tools of each class a server has.
fn counts(state: &State) -> ClassCounts {
    state.rows.iter().map(|row| row.label.class).collect()
}

/// The change that stands for a server that can no longer be read.
fn broken(server: &ServerRef, diagnostics: &[Diagnostic]) -> Change {
    let mut change = compare::of_server(
        &server.slug,
        Kind::ManifestBroken,
        "the manifest cannot be read any more; its tools were not compared".to_owned(),
        &server.shown,
    );
    if let Some(wrong) = diagnostics.iter().find(|d| d.is_error()) {
        change.location = Some(Location::new(&server.shown, wrong.position));
        change.evidence = vec![Proof::Said { text: neutral::quoted(&wrong.message).into() }];
    }
    change
}

/// What is wrong in the base is not what a review is about.
fn as_warning(diagnostic: Diagnostic) -> Diagnostic {
    Diagnostic { level: Level::Warning, message: format!("in the base: {}", diagnostic.message), ..diagnostic }
}
