//! Every rule that evidence can carry, described: the method page, `explain` and the report's
//! rules are made from these, so that they cannot go stale.

use std::borrow::Cow;

use crate::lexicon::{ArgumentEffect, Lexicon};
use crate::risk::{Class, Facet};

/// One rule.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleInfo {
    /// Stable id, e.g. `verb.delete`; the anchor on the method page.
    pub id: String,
    /// Title for people.
    pub title: String,
    /// The class that it speaks for, unless the context decides.
    pub class: Option<Class>,
    /// Facets that it can give.
    pub facets: Vec<Facet>,
    /// Its usual weight, 0 to 1.
    pub weight: f32,
    /// Why, a clause or sentences.
    pub reason: Cow<'static, str>,
    /// Keys of `Signals::sources`.
    pub sources: Vec<String>,
}

/// Id, title, class, facet, weight, reason.
type BuiltIn = (&'static str, &'static str, Option<Class>, Option<Facet>, f32, &'static str);

/// Rules of the code, which no row of the lexicon describes.
const BUILT_IN: [BuiltIn; 15] = [
    (
        "noun.answer",
        "a noun that names an answer",
        Some(Class::Read),
        None,
        0.6,
        "the name has no verb and names what comes back",
    ),
    ("prefix.undo", "a word that undoes its verb", Some(Class::Write), None, 0.8, "what undoes can be done again"),
    (
        "argument.http-method",
        "a free HTTP method beside a path",
        Some(Class::Destructive),
        None,
        0.8,
        "the call can be any call",
    ),
    (
        "dispatch.tool",
        "any other tool or endpoint is called",
        Some(Class::Destructive),
        None,
        0.8,
        "it can do what they can",
    ),
    (
        "argument.lookup",
        "arguments that say what is looked up",
        Some(Class::Read),
        None,
        0.5,
        "nothing else is known of the tool, and nothing is given that could be stored",
    ),
    ("restrict.computes", "a calculation", Some(Class::Read), None, 0.8, "the expression that it is given is data"),
    (
        "restrict.returned",
        "instructions, a template or an unsigned transaction are returned",
        Some(Class::Read),
        None,
        0.75,
        "nothing is changed by telling how",
    ),
    ("argument.list", "a list of the things in the name", None, Some(Facet::Bulk), 0.7, "one call changes many things"),
    (
        "answer.secret",
        "a field of the answer named like a secret",
        None,
        Some(Facet::ReadsSecrets),
        0.7,
        "what comes back is meant to be secret",
    ),
    (
        "annotation.readOnlyHint",
        "readOnlyHint",
        None,
        None,
        0.1,
        "a claim of the author: it decides only where all else is silent",
    ),
    (
        "annotation.destructiveHint",
        "destructiveHint",
        None,
        None,
        0.1,
        "a claim of the author: it decides only where all else is silent",
    ),
    ("annotation.idempotentHint", "idempotentHint", None, None, 0.1, "a claim of the author"),
    ("annotation.openWorldHint", "openWorldHint", None, None, 0.1, "a claim of the author"),
    (
        "silence",
        "no evidence",
        Some(Class::Write),
        None,
        0.05,
        "a tool of which nothing is known is not called harmless",
    ),
    ("override", "a person's decision", None, None, 1.0, "a reviewer replaced the class"),
];

/// Every rule, in the order of the method page: verbs, objects, modifiers, phrases, arguments,
/// then the rules of the code.
pub fn rules(lexicon: &Lexicon) -> Vec<RuleInfo> {
    let mut out = Vec::new();
    for verb in lexicon.verbs() {
        let mut reason = format!("the verb \"{}\"", verb.lemma);
        if let Some(note) = &verb.note {
            reason.push_str("; ");
            reason.push_str(note);
        }
        out.push(RuleInfo {
            id: format!("verb.{}", verb.lemma),
            title: verb.lemma.clone(),
            class: Some(verb.class),
            facets: verb.facets.clone(),
            weight: verb.weight,
            reason: reason.into(),
            sources: verb.sources.clone(),
        });
    }
    let signals = lexicon.signals();
    for row in &signals.group {
        out.push(RuleInfo {
            id: format!("object.{}", row.id),
            title: row.words.iter().take(4).cloned().collect::<Vec<_>>().join(", "),
            class: None,
            facets: row.facet.into_iter().collect(),
            weight: 0.7,
            reason: row.why.clone().into(),
            sources: row.sources.clone(),
        });
    }
    for row in &signals.modifier {
        out.push(RuleInfo {
            id: row.id.clone(),
            title: row.words.join(", "),
            class: row.class,
            facets: row.facet.into_iter().collect(),
            weight: row.weight,
            reason: row.why.clone().into(),
            sources: row.sources.clone(),
        });
    }
    for row in &signals.phrase {
        out.push(RuleInfo {
            id: row.id.clone(),
            title: row.any.iter().take(3).map(|p| format!("\"{p}\"")).collect::<Vec<_>>().join(", "),
            class: row.raises.or(row.lowers),
            facets: row.facet.into_iter().collect(),
            weight: row.weight,
            reason: row.why.clone().into(),
            sources: row.sources.clone(),
        });
    }
    for row in &signals.argument {
        let class = match row.effect {
            ArgumentEffect::Query | ArgumentEffect::Code | ArgumentEffect::Shell | ArgumentEffect::Dispatch => {
                Some(Class::Destructive)
            }
            ArgumentEffect::FileOut => Some(Class::Write),
            ArgumentEffect::Confirm
            | ArgumentEffect::Force
            | ArgumentEffect::Overwrite
            | ArgumentEffect::Permanent
            | ArgumentEffect::Action
            | ArgumentEffect::Permits
            | ArgumentEffect::Passed => None,
        };
        let code = matches!(row.effect, ArgumentEffect::Query | ArgumentEffect::Code | ArgumentEffect::Shell);
        out.push(RuleInfo {
            id: row.id.clone(),
            title: row.names.iter().take(4).cloned().collect::<Vec<_>>().join(", "),
            class,
            facets: match row.effect {
                ArgumentEffect::Permits => vec![Facet::Permissions],
                _ => code.then_some(Facet::RunsCode).into_iter().collect(),
            },
            weight: row.weight,
            reason: row.why.clone().into(),
            sources: row.sources.clone(),
        });
    }
    out.extend(BUILT_IN.iter().map(|(id, title, class, facet, weight, reason)| RuleInfo {
        id: (*id).to_owned(),
        title: (*title).to_owned(),
        class: *class,
        facets: facet.iter().copied().collect(),
        weight: *weight,
        reason: (*reason).into(),
        sources: vec!["mcp-spec".to_owned()],
    }));
    out
}

/// The rule of that id.
pub fn rule(lexicon: &Lexicon, id: &str) -> Option<RuleInfo> {
    rules(lexicon).into_iter().find(|r| r.id == id)
}
