//! What a reader should know besides the lead: arguments that reach far, findings, and doubts about the class.

use serde_json::Value;

use super::annotations::understates;
use super::quote::first_sentence;
use super::slot::{CodeText, EvidenceQuote, OwnWord, Quote, Whole};
use super::view::View;
use super::{Prose, Role, sentences};
use crate::classify::clients::{Refusal, refusal_at, refusing};
use crate::classify::{
    DirectoryRefusal, Evidence, Finding, FindingId, FindingLevel, Place, SpeaksFor, author_risk, refusals,
};
use crate::manifest::{Tool, schema};

/// Further definitions of a name that are quoted.
const MAX_DEFINITIONS: usize = 3;

/// Sentences on arguments that reach far, and on how sure the class is.
pub(crate) fn risks(view: &View<'_>) -> Vec<Prose> {
    let text = |role| view.arguments().iter().find(|a| a.role == Some(role) && a.text).map(|a| CodeText(a.name));
    let mut out = Vec::new();
    out.extend(text(Role::Path).map(sentences::path));
    out.extend(text(Role::Url).map(sentences::address));
    let task = view.tool.extra.get("execution").and_then(|e| e.get("taskSupport")).and_then(Value::as_str);
    out.extend(task.filter(|support| matches!(*support, "optional" | "required")).map(|_| sentences::as_task()));
    out.extend(doubts(view));
    out
}

/// How sure the class is, where it is not.
fn doubts(view: &View<'_>) -> Option<Prose> {
    let verdict = view.verdict;
    let band = verdict.confidence.band();
    if band == "high" || verdict.class != verdict.heuristic_class {
        return None;
    }
    let mut prose = if band == "low" { sentences::low() } else { Prose::default() };
    if let Some(runner_up) = &verdict.runner_up
        && let Some(evidence) = heaviest(&verdict.evidence, SpeaksFor::Class(runner_up.class))
    {
        prose = prose.then(sentences::second(runner_up.class.into(), EvidenceQuote::of(evidence)));
    }
    (!prose.is_empty()).then_some(prose)
}

fn heaviest(evidence: &[Evidence], speaks_for: SpeaksFor) -> Option<&Evidence> {
    evidence.iter().find(|e| e.speaks_for == speaks_for && !e.restricts)
}

/// The sentence of a finding, and what to do, or who accepted it; nothing for what directories ask for, which the annotations
/// show.
pub(crate) fn finding(tool: &Tool, view: &View<'_>, finding: &Finding) -> Option<Prose> {
    let said = seen(tool, view, finding)?;
    Some(match &finding.accepted {
        Some(accepted) => {
            let day = OwnWord(accepted.date.as_str().into());
            said.then(sentences::accepted(Whole(&accepted.by), day, Whole(accepted.reason.trim_end_matches('.'))))
        }
        None if finding.keeps_from_agents() && finding.id.is_of_text() => said.then(sentences::withheld()),
        None => said,
    })
}

fn seen(tool: &Tool, view: &View<'_>, finding: &Finding) -> Option<Prose> {
    let place = finding.place.to_string();
    let place = CodeText(&place);
    let words = spanned(tool, finding);
    let point = words.chars().next().map(|c| format!("U+{:04X}", u32::from(c))).unwrap_or_default();
    Some(match finding.id {
        FindingId::AnnotationContradictsVerdict => {
            let Place::Annotation(hint) = &finding.place else { return None };
            let declared = tool.annotations.declared(*hint)?;
            let word = OwnWord(if declared { "true" } else { "false" }.into());
            let said = sentences::contradicts(CodeText(hint.key()), word, view.class().into());
            let todo = if understates(*hint, declared) { sentences::do_not_trust } else { sentences::trust_less };
            said.then(todo(CodeText(hint.key())))
        }
        FindingId::DescriptionContradictsName => sentences::misnamed(Quote(words)).then(sentences::go_by_description()),
        FindingId::HiddenText => sentences::hidden_text(place, CodeText(&point)).then(sentences::read_raw()),
        FindingId::LookalikeLetters => sentences::lookalikes(place, CodeText(&point)).then(sentences::read_raw()),
        FindingId::ModelDirectedText => {
            let said = sentences::aimed_at_model(place, Quote(words));
            if finding.level == FindingLevel::Note { said } else { said.then(sentences::ask_author()) }
        }
        FindingId::EncodedBlob => sentences::encoded(place).then(sentences::decode()),
        FindingId::MissingDescription => sentences::no_description().then(sentences::read_source()),
        FindingId::NameOnlyDescription => sentences::repeats_name().then(sentences::read_source()),
        FindingId::DirectoryHintMissing => return None,
        FindingId::DuplicateName => {
            let said = tool.others.iter().filter_map(|other| first_sentence(other.description.as_deref()?));
            let prose = sentences::duplicate((tool.others.len() + 1).into());
            said.take(MAX_DEFINITIONS).fold(prose, |prose, said| prose.then(sentences::defined_too(Whole(&said))))
        }
        FindingId::OddName => {
            let long = tool.name.chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c));
            sentences::odd_name(OwnWord(
                refusing(if long { Refusal::NameLength } else { Refusal::NameCharacters }).into(),
            ))
        }
        FindingId::NameCollision => sentences::collides(),
        FindingId::NoInputSchema => sentences::takes_unknown().then(sentences::read_source()),
        FindingId::RefusedSchema => {
            let clients = refusing(refusal_at(place.0));
            sentences::refused(place, OwnWord(clients.into()))
        }
        FindingId::BareArguments => match tool.input_schema.as_object().map(|root| schema::bare(root).count()) {
            Some(0) | None => sentences::takes_unknown().then(sentences::read_source()),
            Some(_) => sentences::bare_arguments(place),
        },
        FindingId::SecondSchema => sentences::second_schema(place),
        FindingId::ContradictingHints => sentences::hints_exclude(),
        FindingId::UndeclaredHints => sentences::hints_unread(place),
        FindingId::AppOnly => sentences::app_only(),
        FindingId::OldKeys => sentences::old_keys(place),
        FindingId::AuthorRisk => {
            let said = author_risk(view.context.lexicon, tool);
            let (first, rest) = said.split_first()?;
            let prose = sentences::author_says(CodeText(&first.key), Quote(&first.value), view.class().into());
            let also = rest.iter().take(3).map(|s| sentences::author_also(CodeText(&s.key), Quote(&s.value)));
            also.fold(prose, Prose::then)
        }
        FindingId::BrokenHeader => sentences::header_broken(place),
        FindingId::SecretInHeader => sentences::header_secret(place),
        FindingId::Dispatcher => sentences::dispatches(),
        FindingId::DirectoryRefusal => {
            let reasons = refusals(tool, view.verdict, &view.verdict.findings, view.context.lexicon);
            let said = reasons.into_iter().map(|reason| match reason {
                DirectoryRefusal::MixedValues => sentences::refused_mixed(),
                DirectoryRefusal::ModelDirectedText => sentences::refused_text(),
                DirectoryRefusal::UnnamedApi => sentences::refused_query(),
            });
            said.reduce(Prose::then)?
        }
    })
}

/// The words that a finding marks; of a property's name the whole, where the place is the property.
fn spanned<'t>(tool: &'t Tool, finding: &'t Finding) -> &'t str {
    let (start, end) = (finding.span.start, finding.span.end);
    let whole = match &finding.place {
        Place::Name => &tool.name,
        Place::Title => tool.title.as_deref().unwrap_or_default(),
        Place::Description => tool.description.as_deref().unwrap_or_default(),
        Place::Annotation(_) => "",
        Place::Pointer(pointer) => at(tool, pointer),
    };
    whole.get(start..end).unwrap_or_default()
}

/// The string at a pointer, or the name of the property that it leads to.
fn at<'t>(tool: &'t Tool, pointer: &'t str) -> &'t str {
    if let Some((other, inside)) = tool.further(pointer) {
        return match inside {
            "/name" => &other.name,
            "/title" => other.title.as_deref().unwrap_or_default(),
            "/description" => other.description.as_deref().unwrap_or_default(),
            inside => at(other, inside),
        };
    }
    if pointer == "/annotations/title" {
        return tool.annotations.title.as_deref().unwrap_or_default();
    }
    let schema = pointer
        .strip_prefix("/inputSchema")
        .and_then(|rest| tool.input_schema.pointer(rest))
        .or_else(|| tool.output_schema.as_ref()?.pointer(pointer.strip_prefix("/outputSchema")?));
    match schema {
        Some(Value::String(text)) => text,
        _ => pointer.rsplit('/').next().unwrap_or_default(),
    }
}
