//! What a reader must know that is not a class.

use super::annotations::destructive;
use super::directories;
use super::dispatcher;
use super::draft::{FIRM, ToolReadings};
use super::suspicious::{Aimed, texts};
use super::text::Text;
use super::types::{
    AnnotationAudit, Evidence, Finding, FindingId, FindingLevel, Place, RuleFamily, SpeaksFor, Verdict,
};
use crate::lexicon::{Function, Lexicon, VerbRole};
use crate::manifest::{Hint, Tool};
use crate::neutral;
use crate::risk::{Class, Span};

/// The findings of one tool: contradictions, suspicious text, what is missing.
pub(super) fn of(r: &ToolReadings<'_>, verdict: &Verdict, aimed: Aimed<'_>) -> Vec<Finding> {
    let mut out = contradictions(&verdict.annotations, verdict.class);
    out.extend(misnamed(r.lexicon, r.tool, verdict));
    texts(r.tool, aimed, &mut out);
    description(r.tool, r.words, r.text_words, &mut out);
    out.extend(dispatcher::of(r.lexicon, verdict));
    out.extend(directories::undeclared(r.tool));
    let refused = directories::refused(r.tool, verdict, &out, r.lexicon);
    out.extend(refused);
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
        accepted: None,
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
    // Whether what a person calls Write only adds is not known, where the rules call it something else.
    let unsure = verdict.annotations.destructive.verdict.is_none() || verdict.heuristic_class != Class::Write;
    verdict.annotations.destructive.verdict = destructive(verdict.class, unsure);
    verdict.findings.retain(|f| f.id != FindingId::AnnotationContradictsVerdict);
    verdict.findings.splice(0..0, contradictions(&verdict.annotations, verdict.class));
}

/// A description that contradicts its own name: every verb of the name reads, and what makes the tool
/// Destructive is a main clause of the description. A name that says nothing firm promises nothing; an
/// argument, a value or a program that destroys is a part of the tool that its name leaves out; and
/// `query_data` that executes a query does what its name says.
fn misnamed(lexicon: &Lexicon, tool: &Tool, verdict: &Verdict) -> Option<Finding> {
    let claims = || verdict.evidence.iter().filter(|e| !e.restricts && matches!(e.speaks_for, SpeaksFor::Class(_)));
    let named = |e: &&Evidence| e.place == Place::Name;
    let reads = |e: &Evidence| e.speaks_for == SpeaksFor::Class(Class::Read);
    let firm = |e: &Evidence| e.by == RuleFamily::Name && e.weight >= FIRM;
    if !claims().filter(named).all(reads) || !claims().filter(named).any(firm) {
        return None;
    }
    let destroys = || claims().filter(|e| e.decides && e.speaks_for == SpeaksFor::Class(Class::Destructive));
    let runs = |e: &Evidence| {
        let of = |lemma: &str| lexicon.verbs().iter().find(|v| v.lemma == lemma);
        let verb = e.rule.strip_prefix("verb.").and_then(of);
        verb.is_some_and(|v| v.roles.contains(VerbRole::Runs) || v.roles.contains(VerbRole::Calls))
    };
    let clause = |e: &&Evidence| {
        matches!(e.by, RuleFamily::FirstSentence | RuleFamily::LaterSentence) && e.weight >= FIRM && !runs(e)
    };
    // A title and a phrase ("cannot be undone") are words of the author about the whole tool too.
    let words = |e: &Evidence| clause(&e) || matches!(e.by, RuleFamily::Title | RuleFamily::Phrase);
    if !destroys().all(words) {
        return None;
    }
    let said = destroys().find(clause)?;
    Some(Finding {
        id: FindingId::DescriptionContradictsName,
        level: FindingLevel::Warning,
        place: Place::Description,
        span: said.span,
        message: format!(
            "The name {} says reading; its description says {}.",
            neutral::quoted(&tool.name),
            neutral::quoted(&said.text)
        ),
        accepted: None,
    })
}

/// A description that only repeats the name has at most this many words more: articles, "this tool".
const MAX_ARTICLES: usize = 6;

/// The words behind the first `from`, but for articles and plurals, in one order.
fn sorted(words: &Text, from: usize) -> Vec<&str> {
    let article = |i: &usize| words.is(*i, Function::Article) || matches!(words.word(*i), "this" | "tool");
    let mut list: Vec<&str> = Vec::with_capacity(words.len());
    list.extend((from..words.len()).filter(|i| !article(i)).map(|i| words.word(i).trim_end_matches('s')));
    list.sort_unstable();
    list
}

/// A description that is missing or says nothing that the name does not say.
fn description(tool: &Tool, name: &Text, text: &Text, out: &mut Vec<Finding>) {
    let finding = |id, level, place, end, message: &str| Finding {
        id,
        level,
        place,
        span: Span { start: 0, end },
        message: message.to_owned(),
        accepted: None,
    };
    if tool.description().is_empty() {
        let message = "The tool has no description: its name alone says what it does.";
        let end = tool.name.len();
        out.push(finding(FindingId::MissingDescription, FindingLevel::Warning, Place::Name, end, message));
        return;
    }
    // Both say the same words, but for articles, plurals and order. A text that only does that is short.
    if text.len() > name.len() + MAX_ARTICLES {
        return;
    }
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::classify::Classifier;

    /// What is found about a name and its description, where they contradict each other.
    fn contradiction(name: &str, description: &str) -> Option<Finding> {
        of_tool(&Tool { name: name.into(), description: Some(description.into()), ..Tool::default() })
    }

    fn of_tool(tool: &Tool) -> Option<Finding> {
        let verdict = Classifier::new(Lexicon::embedded()).tool(tool);
        verdict.findings.into_iter().find(|f| f.id == FindingId::DescriptionContradictsName)
    }

    const ERASES: &str = "Permanently deletes every symbol of the project. This cannot be undone.";

    #[test]
    fn a_name_that_reads_over_a_sentence_that_destroys_is_a_contradiction() {
        let found = contradiction("find_symbol", ERASES).expect("a finding");
        assert_eq!((found.level, &found.place), (FindingLevel::Warning, &Place::Description));
        assert_eq!(&ERASES[found.span.start..found.span.end], "deletes");
        assert_eq!(found.message, "The name `find_symbol` says reading; its description says `deletes`.");
        assert!(contradiction("get_balance", "Transfers funds to the given account.").is_some());
        assert!(contradiction("get_user", "Returns a user. It then permanently deletes the account.").is_some());
    }

    #[test]
    fn a_name_that_states_the_change_or_states_nothing_contradicts_nothing() {
        for name in ["delete_user", "update_user", "get_and_delete_user", "frobnicate_user", "user", "delte_user"] {
            assert_eq!(contradiction(name, "Permanently deletes the user. This cannot be undone."), None, "{name}");
        }
    }

    #[test]
    fn a_description_without_a_main_clause_that_destroys_contradicts_nothing() {
        for description in [
            "",
            "Returns a user.",
            "Returns deleted users.",
            "Returns a user and updates the time of the last visit.",
            "Returns a user. Use delete_user to delete it.",
            "Returns a user. Never deletes anything.",
        ] {
            assert_eq!(contradiction("get_user", description), None, "{description}");
        }
    }

    #[test]
    fn an_argument_that_destroys_is_no_contradiction_of_the_name() {
        let tool = Tool {
            name: "get_messages".into(),
            description: Some("Returns the messages of a queue.".into()),
            input_schema: json!({"type": "object", "properties": {"delete_after": {"type": "boolean"}}}),
            ..Tool::default()
        };
        assert_eq!(of_tool(&tool), None);
    }

    #[test]
    fn a_query_that_is_executed_is_no_contradiction_of_the_name() {
        assert_eq!(contradiction("query_data", "Execute a Flux query on the stored data."), None);
    }

    #[test]
    fn a_name_cannot_break_out_of_its_quotation() {
        let found = contradiction("find_symbol`\u{202e}", ERASES).expect("a finding");
        assert!(found.message.starts_with("The name `find_symbol'<U+202E>` says"), "{}", found.message);
    }
}
