//! Class, severity and facets.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::{StateTool, between};
use crate::catalog::lock::{Label, OVERRIDE};
use crate::classify::{Evidence, FindingLevel};
use crate::manifest::DefinitionPart;
use crate::review::change::{Change, Proof};
use crate::review::kind::Kind;
use crate::risk::Facet;

/// How much evidence one change shows: the heaviest first, the rest is on the tool's card.
const MAX_REASONS: usize = 6;

/// A label in a few words: `Write (High, sends_out, bulk)`.
pub(super) fn in_words(label: &Label) -> String {
    let more: Vec<&str> = [label.severity.name()].into_iter().chain(label.facets.iter().map(Facet::name)).collect();
    format!("{} ({})", label.class, more.join(", "))
}

/// What became of a label that is told in words before and after.
pub(in crate::review) fn told(kind: Kind, before: &str, after: &str) -> String {
    let verb = match kind {
        Kind::LabelRaised => "rose",
        Kind::LabelLowered => "fell",
        _ => "kept its severity; its facets changed",
    };
    format!("{verb} from {before} to {after}")
}

/// The evidence that a label rests on; of two states only what is new, if anything is.
pub(super) fn reasons(after: StateTool<'_>, before: Option<StateTool<'_>>) -> Vec<Proof> {
    let deciding = |seen: StateTool<'_>| -> Vec<Evidence> {
        let evidence = seen.definition.map(|d| d.verdict.evidence.as_slice()).unwrap_or_default();
        evidence.iter().filter(|e| e.decides).cloned().collect()
    };
    let now = deciding(after);
    let old = before.map(deciding).unwrap_or_default();
    let same = |a: &Evidence, b: &Evidence| a.rule == b.rule && a.text == b.text && a.speaks_for == b.speaks_for;
    let fresh: Vec<Evidence> = now.iter().filter(|a| !old.iter().any(|b| same(a, b))).cloned().collect();
    let mut chosen = if fresh.is_empty() { now } else { fresh };
    chosen.truncate(MAX_REASONS);
    let mut proofs: Vec<Proof> = chosen.into_iter().map(Proof::Rule).collect();
    if proofs.is_empty() && !after.row.label.rules.is_empty() {
        proofs.push(said(format!("the label rests on {}", crate::neutral::visible(&after.row.label.rules.join(", ")))));
    }
    proofs
}

fn said(text: impl Into<Cow<'static, str>>) -> Proof {
    Proof::Said { text: text.into() }
}

pub(super) fn compare(
    slug: &str,
    before: StateTool<'_>,
    after: StateTool<'_>,
    moved: &[DefinitionPart],
    changes: &mut Vec<Change>,
) {
    let (old, new) = (&before.row.label, &after.row.label);
    let kind = match new.risk().cmp(&old.risk()) {
        Ordering::Greater => Kind::LabelRaised,
        Ordering::Less => Kind::LabelLowered,
        Ordering::Equal if old.facets != new.facets => Kind::FacetsChanged,
        Ordering::Equal => return,
    };
    let message = told(kind, &in_words(old), &in_words(new));
    let mut change = between(slug, kind, before, after, message);
    if kind == Kind::FacetsChanged && new.facets.iter().any(|f| !old.facets.has(f)) {
        change.level = FindingLevel::Warning;
    }
    change.evidence = reasons(after, Some(before));
    let decided = |label: &Label| label.rules.iter().any(|r| r == OVERRIDE);
    if decided(old) != decided(new) {
        change.evidence.push(said(if decided(new) {
            "a person's decision replaces the verdict"
        } else {
            "a person's decision no longer replaces the verdict"
        }));
    } else if moved.is_empty() && before.row.tool == after.row.tool {
        change.evidence.push(said("the definition is the same: the rules moved the label"));
    }
    changes.push(change);
}
