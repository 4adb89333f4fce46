//! The card's first words: the server's own first sentence, and what the worst call does.

use super::quote::first_sentence;
use super::slot::{CodeText, EvidenceQuote};
use super::view::View;
use super::{Inline, Prose, sentences};
use crate::classify::{Evidence, Place, RuleFamily, SpeaksFor};
use crate::risk::{Class, Facet};

/// The first sentence of the description as a quotation; where there is none, the name.
pub(crate) fn opening(view: &View<'_>) -> Inline {
    let sentence = view.tool.description.as_deref().and_then(first_sentence);
    sentence.map_or_else(|| Inline::Code { text: view.tool.name.to_string() }, |text| Inline::Quote { text })
}

/// What the worst call does: a sentence for the class, and one for each facet.
pub(crate) fn worst(view: &View<'_>) -> Prose {
    let facets = view.verdict.facets;
    let said_by_facet =
        view.class() == Class::Destructive && (facets.has(Facet::MovesMoney) || facets.has(Facet::RunsCode));
    let class = if said_by_facet { Prose::default() } else { class(view) };
    facets.iter().map(|facet| of_facet(view, facet)).fold(class, Prose::then)
}

/// The evidence that the class rests on: a claim before a restriction, the heaviest first.
fn deciding<'v>(view: &View<'v>) -> Option<&'v Evidence> {
    let of_class =
        || view.verdict.evidence.iter().filter(|e| e.decides && e.speaks_for == SpeaksFor::Class(view.class()));
    of_class().find(|e| !e.restricts).or_else(|| of_class().next())
}

fn class(view: &View<'_>) -> Prose {
    let class = view.class();
    let Some(evidence) = deciding(view) else {
        return match class {
            Class::Read => sentences::reads_as_set(),
            Class::Write => sentences::writes_as_set(),
            Class::Destructive => sentences::destroys_as_set(),
        };
    };
    let seen = EvidenceQuote { evidence, tool: Some(view.tool) };
    match (evidence.by, &evidence.place, class) {
        (RuleFamily::Silence, ..) => sentences::writes_unsaid(),
        (_, Place::Annotation(hint), _) => sentences::rests_on_hint(class.into(), CodeText(hint.key())),
        (RuleFamily::Dispatch, _, Class::Destructive) => sentences::reaches_anything(seen),
        (_, _, Class::Read) if evidence.restricts => sentences::reads_only(seen),
        (_, _, Class::Read) => sentences::reads(seen),
        (_, _, Class::Write) => sentences::writes(seen),
        (_, _, Class::Destructive) => sentences::destroys(seen),
    }
}

fn of_facet(view: &View<'_>, facet: Facet) -> Prose {
    let evidence = || view.verdict.evidence.iter().filter(|e| e.speaks_for == SpeaksFor::Facet(facet));
    let Some(seen) = evidence().find(|e| e.decides).or_else(|| evidence().next()).map(EvidenceQuote::of) else {
        return sentences::facet_as_set(CodeText(facet.name()));
    };
    match facet {
        Facet::RunsCode => sentences::runs_code(seen),
        Facet::StartsProcess => sentences::starts_process(seen),
        Facet::MovesMoney => sentences::moves_money(seen),
        Facet::SendsOut => sentences::sends_out(seen),
        Facet::Permissions => sentences::permissions(seen),
        Facet::ReadsSecrets => sentences::reads_secrets(seen),
        Facet::Bulk => sentences::bulk(seen),
    }
}
