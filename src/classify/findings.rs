//! What a reader must know that is no class.

use super::suspicious::texts;
use super::types::{AnnotationAudit, Class, Finding, FindingId, FindingLevel, Place, Span, Verdict};
use crate::lexicon::Lexicon;
use crate::manifest::{Hint, Tool};
use super::text::Text;

/// The findings of one tool: contradictions, suspicious text, what is missing.
pub(super) fn of(lexicon: &Lexicon, tool: &Tool, verdict: &Verdict, name: &Text, text: &Text) -> Vec<Finding> {
    let mut out = contradictions(&verdict.annotations, verdict.class);
    texts(lexicon, tool, &mut out);
    description(tool, name, text, &mut out);
    out.extend(directories(tool));
    out
}

/// Where declared hints disagree with `class`.
fn contradictions(audit: &AnnotationAudit, class: Class) -> Vec<Finding> {
    let finding = |hint: Hint, declared: bool, level, message: String| Finding {
        id: FindingId::AnnotationContradictsVerdict,
        level,
        place: Place::Annotation(hint),
        span: Span { start: 0, end: if declared { 4 } else { 5 } },
        message,
    };
    let says =
        |hint: &str, declared: bool| format!("`{hint}` is declared {declared}, and the definition speaks for {class}.");
    let mut out = Vec::new();
    if audit.read_only.declared == Some(true) && class != Class::Read {
        let level = if class == Class::Destructive { FindingLevel::Error } else { FindingLevel::Warning };
        out.push(finding(Hint::ReadOnly, true, level, says("readOnlyHint", true)));
    } else if audit.destructive.declared == Some(false) && class == Class::Destructive {
        out.push(finding(Hint::Destructive, false, FindingLevel::Warning, says("destructiveHint", false)));
    } else if audit.destructive.declared == Some(true) && audit.read_only.declared != Some(true) && class == Class::Read
    {
        out.push(finding(Hint::Destructive, true, FindingLevel::Note, says("destructiveHint", true)));
    } else if audit.read_only.declared == Some(false) && class == Class::Read {
        out.push(finding(Hint::ReadOnly, false, FindingLevel::Note, says("readOnlyHint", false)));
    }
    out
}

/// The audit and its findings after the class was overridden.
pub(super) fn reaudit(verdict: &mut Verdict) {
    verdict.annotations.read_only.verdict = Some(verdict.class == Class::Read);
    verdict.annotations.destructive.verdict = Some(verdict.class == Class::Destructive);
    verdict.findings.retain(|f| f.id != FindingId::AnnotationContradictsVerdict);
    verdict.findings.splice(0..0, contradictions(&verdict.annotations, verdict.class));
}

/// A description that only repeats the name has at most this many words more: articles, "this tool".
const ARTICLES: usize = 6;

/// A description that is missing or says nothing that the name does not say.
fn description(tool: &Tool, name: &Text, text: &Text, out: &mut Vec<Finding>) {
    let finding = |id, level, place, end, message: &str| Finding {
        id,
        level,
        place,
        span: Span { start: 0, end },
        message: message.to_owned(),
    };
    if tool.description().is_empty() {
        let message = "The tool has no description: its name alone says what it does.";
        let end = tool.name.len();
        out.push(finding(FindingId::MissingDescription, FindingLevel::Warning, Place::Name, end, message));
        return;
    }
    // Both say the same words, but for articles, plurals and order. A text that only does that is short.
    if text.len() > name.len() + ARTICLES {
        return;
    }
    let stem = |word: &str| word.trim_end_matches('s').to_owned();
    let sorted = |words: &Text, from: usize| {
        let article = |word: &str| matches!(word, "a" | "an" | "the" | "this" | "tool");
        let mut list: Vec<String> = words.iter().skip(from).filter(|w| !article(w)).map(stem).collect();
        list.sort_unstable();
        list
    };
    let said = sorted(text, 0);
    let repeats = said == sorted(name, 0)
        || (name.len() > 2 && said == sorted(name, 1))
        || text.len() == 1 && text.word(0) == tool.name.to_lowercase();
    if repeats {
        let end = tool.description.as_deref().unwrap_or_default().len();
        let message = "The description only repeats the name.";
        out.push(finding(FindingId::NameOnlyDescription, FindingLevel::Note, Place::Description, end, message));
    }
}

/// What connector directories require and the tool does not declare: Anthropic asks for a title
/// and `readOnlyHint: true` or an explicit `destructiveHint`, `OpenAI` for three explicit hints.
fn directories(tool: &Tool) -> Option<Finding> {
    let titled = [&tool.title, &tool.annotations.title].into_iter().flatten().any(|t| !t.trim().is_empty());
    let hints = [Hint::ReadOnly, Hint::Destructive, Hint::OpenWorld];
    let absent: Vec<Hint> = hints.into_iter().filter(|h| tool.annotations.declared(*h).is_none()).collect();
    let harmless = tool.annotations.read_only == Some(true) || tool.annotations.destructive.is_some();
    let mut missing: Vec<String> = Vec::new();
    if !titled {
        missing.push("a title".to_owned());
    }
    missing.extend(absent.iter().map(|h| format!("`{}`", h.key())));
    let place = absent.first().map_or(Place::Title, |h| Place::Annotation(*h));
    let list = match missing.split_last()? {
        (last, []) => last.clone(),
        (last, rest) => format!("{} and {last}", rest.join(", ")),
    };
    let who = match (titled && harmless, absent.is_empty()) {
        (false, false) => "the connector directories of Anthropic and OpenAI require",
        (false, true) => "the connector directory of Anthropic requires",
        (true, _) => "the connector directory of OpenAI requires",
    };
    Some(Finding {
        id: FindingId::DirectoryHintMissing,
        level: FindingLevel::Note,
        place,
        span: Span { start: 0, end: 0 },
        message: format!("Not declared, and {who} it: {list}."),
    })
}
