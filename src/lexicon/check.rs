//! What is refused in a lexicon: duplicates, contradictions, references to nothing.

use std::collections::{BTreeMap, BTreeSet};

use super::data::{Signals, Verb};
use super::forms::{Form, inflections};

/// Everything that is wrong with the rows, one sentence each.
pub(super) fn faults(verbs: &[Verb], signals: &Signals) -> Vec<String> {
    let mut out = Vec::new();
    let mut lemmas = BTreeSet::new();
    let mut spellings: BTreeMap<&str, &str> = BTreeMap::new();
    for verb in verbs {
        let lemma = verb.lemma.as_str();
        if !lemmas.insert(lemma) {
            out.push(format!("verb `{lemma}` is listed twice"));
        }
        if lemma.is_empty() || lemma.chars().any(|c| c.is_whitespace() || c.is_uppercase()) {
            out.push(format!("verb `{lemma}` is not one lower-case word"));
        }
        if !(verb.weight > 0.0 && verb.weight <= 1.0) {
            out.push(format!("verb `{lemma}` has a weight outside 0 to 1"));
        }
        if verb.sources.is_empty() {
            out.push(format!("verb `{lemma}` cites no source"));
        }
        for form in &verb.forms {
            if let Some(other) = spellings.insert(form, lemma) {
                out.push(format!("`{form}` is a form of both `{other}` and `{lemma}`"));
            }
        }
        for source in &verb.sources {
            if !signals.sources.contains_key(source) {
                out.push(format!("verb `{lemma}` cites `{source}`, which is not a source"));
            }
        }
        for id in verb.when.iter().flat_map(|w| w.with.iter().chain(&w.target)) {
            if !signals.group.iter().any(|g| g.id == *id) {
                out.push(format!("verb `{lemma}` refers to `{id}`, which is not a group"));
            }
        }
    }
    for verb in verbs {
        for form in &verb.forms {
            let regular = inflections(&verb.lemma).iter().any(|(f, k)| f == form && *k != Form::Base);
            if regular || lemmas.contains(form.as_str()) {
                out.push(format!("`{form}` need not be listed as a form of `{}`", verb.lemma));
            }
        }
    }
    let mut ids = BTreeSet::new();
    let signals_ids = signals.modifier.iter().map(|s| (&s.id, &s.sources));
    let rows = signals_ids
        .chain(signals.group.iter().map(|s| (&s.id, &s.sources)))
        .chain(signals.phrase.iter().map(|s| (&s.id, &s.sources)))
        .chain(signals.argument.iter().map(|s| (&s.id, &s.sources)))
        .chain(signals.model_directed.iter().map(|s| (&s.id, &s.sources)));
    for (id, sources) in rows {
        if !ids.insert(id) {
            out.push(format!("signal `{id}` is listed twice"));
        }
        for source in sources {
            if !signals.sources.contains_key(source) {
                out.push(format!("signal `{id}` cites `{source}`, which is not a source"));
            }
        }
        if sources.is_empty() {
            out.push(format!("signal `{id}` cites no source"));
        }
    }
    if signals.group.len() > 128 {
        out.push("there are more than 128 groups".to_owned());
    }
    for phrase in &signals.phrase {
        if phrase.raises.is_some() && phrase.lowers.is_some() {
            out.push(format!("signal `{}` both raises and lowers", phrase.id));
        }
    }
    let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
    let phrases = signals.phrase.iter().flat_map(|p| p.any.iter().map(|a| (a, &p.id)));
    let directed = signals.model_directed.iter().flat_map(|p| p.any.iter().map(|a| (a, &p.id)));
    let arguments = signals.argument.iter().filter(|a| a.effect != super::ArgumentEffect::Action);
    let arguments = arguments.flat_map(|a| a.names.iter().map(|n| (n, &a.id)));
    for (text, id) in phrases.chain(directed) {
        if text.chars().any(char::is_uppercase) {
            out.push(format!("`{text}` of `{id}` is not lower case"));
        }
        if let Some(other) = seen.insert(text, id) {
            out.push(format!("`{text}` is listed in `{other}` and in `{id}`"));
        }
    }
    seen.clear();
    for (name, id) in arguments {
        if let Some(other) = seen.insert(name, id) {
            out.push(format!("argument `{name}` is listed in `{other}` and in `{id}`"));
        }
    }
    out
}
