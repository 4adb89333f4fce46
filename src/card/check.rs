//! What must hold of the sentences of every card: none contradicts another or the verdict, what is quoted is in
//! the definition, what is said of another tool is so, and no sentence is everywhere.

use std::collections::BTreeMap;

use serde_json::Value;

use super::quote::fold;
use super::{Block, Card, Inline, Prose, Relation, Role, ServerCards, sentences};
use crate::manifest::{Hint, Tool};
use crate::neutral;
use crate::policy::{self, Answer, decide};
use crate::risk::{Class, Facet};
use crate::sentence::PageShare;

/// What was counted and found, over any number of servers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Checked {
    /// How many cards were read.
    pub cards: usize,
    /// On how many cards each sentence is, by id.
    pub cards_with: BTreeMap<&'static str, usize>,
    /// What does not hold, in words, with the server and the tool.
    pub faults: Vec<String>,
}

/// Sentences on the class, by the class of which they are true.
const OF_CLASS: [(Class, &[&str]); 3] = [
    (Class::Read, &["reads", "reads_only", "reads_as_set"]),
    (Class::Write, &["writes", "writes_unsaid", "writes_as_set"]),
    (Class::Destructive, &["destroys", "destroys_as_set", "reaches_anything"]),
];
/// Sentences of which at most one is on a card.
const EXCLUSIVE: [&[&str]; 4] = [
    &["no_schema", "without_schemas", "no_arguments", "arguments_unread", "path"],
    &["no_schema", "without_schemas", "no_arguments", "arguments_unread", "address"],
    &["no_description", "repeats_name", "misnamed"],
    &["unhide", "undeny", "add_value", "later_denied"],
];
/// Pairs of [`EXCLUSIVE`] that are together.
const TOGETHER: [(&str, &str); 1] = [("add_value", "later_denied")];

impl Checked {
    /// Reads all cards of a server.
    pub fn server(&mut self, server: &ServerCards<'_>) {
        let named = server.manifest.server.package.is_some();
        if named == server.start().words.ids().contains(&"no_package") {
            self.faults.push(format!(
                "{}: names a package, and says that it names none, or neither",
                neutral::visible(server.name())
            ));
        }
        for card in (0..server.verdicts.len()).filter_map(|i| server.card(i)) {
            self.cards += 1;
            for id in ids(&card) {
                *self.cards_with.entry(id).or_default() += 1;
            }
            let [slug, tool] = [server.manifest.server.slug.as_str(), &card.tool.name].map(neutral::visible);
            self.faults.extend(faults(server, &card).into_iter().map(|fault| format!("{slug}/{tool}: {fault}")));
        }
    }

    /// Sentences that are on more than a third of the cards and do not distinguish tools.
    pub fn everywhere(&self) -> Vec<&'static str> {
        let third = sentences().filter(|s| s.share == PageShare::Third);
        third.filter(|s| self.cards_with.get(s.id).is_some_and(|n| n * 3 > self.cards)).map(|s| s.id).collect()
    }
}

/// The sentences of a card, each once.
fn ids(card: &Card<'_>) -> Vec<&'static str> {
    let mut ids: Vec<&'static str> = prose(card).iter().flat_map(|p| p.ids().iter().copied()).collect();
    ids.extend([card.claims.row().id, card.claims.line_row().id]);
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// What does not hold of one card of a server, in words.
pub fn faults(server: &ServerCards<'_>, card: &Card<'_>) -> Vec<String> {
    let (ids, prose) = (ids(card), prose(card));
    let mut wrong = Vec::new();
    excluded(&ids, &mut wrong);
    verdict(card, &ids, &mut wrong);
    policy(card, &ids, &mut wrong);
    definition(card, &prose, &mut wrong);
    related(server, card, &mut wrong);
    wrong
}

/// Every text of a card.
pub fn prose<'c>(card: &'c Card<'_>) -> Vec<&'c Prose> {
    let mut out = vec![&card.worst];
    out.extend(&card.risks);
    out.extend(&card.arguments_note);
    out.extend(card.findings.iter().map(|(_, prose)| prose));
    out.extend(card.related.iter().map(|r| &r.reason).filter(|reason| !reason.is_empty()));
    for question in &card.questions {
        out.push(&question.question);
        out.extend(question.answer.iter().filter_map(|block| match block {
            Block::Paragraph { prose } => Some(prose),
            Block::Policy { .. } => None,
        }));
    }
    out
}

fn excluded(ids: &[&'static str], wrong: &mut Vec<String>) {
    for group in EXCLUSIVE {
        let here: Vec<&str> = ids.iter().copied().filter(|id| group.contains(id)).collect();
        if here.len() > 1 && !TOGETHER.contains(&(here[0], here[1])) {
            wrong.push(format!("says both {} and {}", here[0], here[1]));
        }
    }
}

/// Sentences on class, facets and findings beside the verdict.
fn verdict(card: &Card<'_>, ids: &[&'static str], wrong: &mut Vec<String>) {
    let (tool, verdict) = (card.tool, card.verdict);
    for (class, of_class) in OF_CLASS {
        for id in ids.iter().filter(|id| of_class.contains(id) && class != verdict.class) {
            wrong.push(format!("says {id} and is {}", verdict.class));
        }
    }
    let lead = card.worst.ids();
    if lead.is_empty() {
        wrong.push("says nothing of the worst call".to_owned());
    }
    for facet in Facet::ALL {
        let said = lead.contains(&facet.name()) || card.worst.plain().contains(&format!("`{facet}`"));
        if said != verdict.facets.has(facet) {
            wrong.push(format!("has {facet} or says so, not both"));
        }
    }
    let found = verdict.told_findings().count();
    if found != card.findings.len() {
        wrong.push(format!("{found} findings and {} sentences on them", card.findings.len()));
    }
    let described = matches!(card.opening, Inline::Quote { .. });
    if described && ids.contains(&"no_description") {
        wrong.push("quotes a description and says that there is none".to_owned());
    }
    let moot = |hint| tool.annotations.read_only == Some(true) && matches!(hint, Hint::Destructive | Hint::Idempotent);
    if card.annotations.rows.iter().zip(Hint::ALL).any(|(row, hint)| moot(hint) && row.agrees.is_some()) {
        wrong.push("compares a hint that means nothing beside readOnlyHint: true".to_owned());
    }
}

/// What the sentences say of the policy, decided again.
fn policy(card: &Card<'_>, ids: &[&'static str], wrong: &mut Vec<String>) {
    let first = decide(&card.policy, &card.tool.name, &card.claims.args, 1).answer;
    let later = decide(&card.policy, &card.tool.name, &card.claims.args, u64::MAX).answer;
    let said = match card.claims.row().id {
        "policy_hides" => first == Answer::Hidden,
        "policy_denies" => first == Answer::Deny,
        "policy_allows" | "policy_narrows" => first == Answer::Allow && later == Answer::Allow,
        _ => first == Answer::Allow && later != Answer::Allow,
    };
    if !said {
        wrong.push(format!("says {} and does something else", card.claims.row().id));
    }
    let headline = match card.claims.line_row().id {
        "line_hide" => first == Answer::Hidden,
        "line_deny" => first == Answer::Deny,
        "line_allow" | "line_values" | "line_values_off" => first == Answer::Allow && later == Answer::Allow,
        _ => first == Answer::Allow && later != Answer::Allow,
    };
    let narrows = card.claims.selected.iter().any(|s| s.unknown.answer != Answer::Allow);
    if !headline || (first == Answer::Allow && narrows != ids.iter().any(|id| id.starts_with("line_values"))) {
        wrong.push(format!("says {} and does something else", card.claims.line_row().id));
    }
    if ids.contains(&"unhide") != (first == Answer::Hidden && !policy::is_no_agents(card.verdict)) {
        wrong.push("says how to allow what is not hidden, or does not where it is".to_owned());
    }
}

/// What is quoted or named, beside the definition; and what is said of its arguments.
fn definition(card: &Card<'_>, prose: &[&Prose], wrong: &mut Vec<String>) {
    let mut text = text(card.tool);
    card.tool.others.iter().for_each(|other| text.push_str(&self::text(other)));
    let pieces = prose.iter().flat_map(|p| p.pieces()).chain([&card.opening]);
    for piece in pieces {
        match piece {
            Inline::Quote { text: quote } if !text.contains(quote.trim_end_matches('…').trim_end()) => {
                wrong.push(format!("quotes {}, which the definition does not say", neutral::quoted(quote)));
            }
            Inline::Code { text: code }
                if !is_ours(code)
                    && !code.split(['.', '[']).all(|step| text.contains(&fold(step.trim_end_matches(']')))) =>
            {
                wrong.push(format!("names {}, which the definition does not name", neutral::quoted(code)));
            }
            _ => {}
        }
    }
    for pair in prose.iter().flat_map(|p| p.pieces().windows(2)) {
        let [Inline::Text { text: ours }, Inline::Quote { text: quote }] = pair else { continue };
        let said = quote.trim_end_matches('…').trim_end();
        if let Some((place, part)) = parts(card.tool).into_iter().find(|(place, _)| ours.ends_with(place))
            && !part.contains(said)
        {
            wrong.push(format!("says that {place}{}, which it does not", neutral::quoted(quote)));
        }
    }
    let ids: Vec<&str> = prose.iter().flat_map(|p| p.ids()).copied().collect();
    let properties = declares_something(&card.tool.input_schema);
    if ids.contains(&"no_arguments") && (properties || !card.tool.input_schema.is_object()) {
        wrong.push("says that no argument is declared, and one is, or no schema was published".to_owned());
    }
    if ids.contains(&"no_schema") && card.tool.input_schema.is_object() {
        wrong.push("says that no schema was published, and one was".to_owned());
    }
}

/// The texts that sentences quote by their place, each with the words before the quotation.
fn parts(tool: &Tool) -> [(&'static str, String); 3] {
    let of = |text: Option<&str>| text.map(fold).unwrap_or_default();
    let title = format!("{} {}", of(tool.title.as_deref()), of(tool.annotations.title.as_deref()));
    [
        ("the name says ", of(Some(&*tool.name))),
        ("the title says ", title),
        ("the description says ", of(tool.description.as_deref())),
    ]
}

/// Whether a property is declared anywhere in a schema.
fn declares_something(schema: &Value) -> bool {
    match schema {
        // A definition that nothing refers to declares nothing.
        Value::Object(map) => {
            map.iter().filter(|(key, _)| !matches!(key.as_str(), "$defs" | "definitions")).any(|(key, value)| {
                key == "$ref"
                    || (key == "properties" && value.as_object().is_some_and(|p| !p.is_empty()))
                    || declares_something(value)
            })
        }
        Value::Array(items) => items.iter().any(declares_something),
        _ => false,
    }
}

/// What our sentences name that no definition does.
fn is_ours(code: &str) -> bool {
    let named = ["hide", "tools", "deny_if", "name", "title", "description", "annotations", "true", "false"];
    named.contains(&code)
        || code.starts_with(['/', '#'])
        || code.starts_with("U+")
        || code.starts_with("annotations/")
        || Hint::ALL.iter().any(|hint| hint.key() == code)
        || Facet::parse(code).is_some()
}

/// Every name and string of a definition, folded.
fn text(tool: &Tool) -> String {
    fn strings(value: &Value, out: &mut String) {
        match value {
            Value::Object(map) => {
                for (key, value) in map {
                    out.push_str(key);
                    out.push('\n');
                    strings(value, out);
                }
            }
            Value::Array(items) => items.iter().for_each(|item| strings(item, out)),
            Value::String(text) => {
                out.push_str(text);
                out.push('\n');
            }
            other => {
                out.push_str(&other.to_string());
                out.push('\n');
            }
        }
    }
    let mut out = String::new();
    for text in
        [Some(&*tool.name), tool.title.as_deref(), tool.description.as_deref(), tool.annotations.title.as_deref()]
    {
        out.push_str(text.unwrap_or_default());
        out.push('\n');
    }
    strings(&tool.input_schema, &mut out);
    tool.output_schema.iter().for_each(|schema| strings(schema, &mut out));
    tool.extra.values().for_each(|value| strings(value, &mut out));
    fold(&out)
}

/// Other tools on the card: they exist, are others, take the id that is named and are of the class that is named.
fn related(server: &ServerCards<'_>, card: &Card<'_>, wrong: &mut Vec<String>) {
    let takes = |i: usize, id: &str| {
        server.readings[i].arguments.iter().any(|a| a.required && a.role == Some(Role::Id) && a.name == id)
    };
    for related in &card.related {
        if related.index == card.index || related.index >= server.manifest.tools.len() {
            wrong.push("lists itself or no tool as related".to_owned());
            continue;
        }
        let id = related.reason.pieces().iter().find(|piece| matches!(piece, Inline::Code { .. }));
        let class = server.verdicts.get(related.index).map(|v| v.class);
        let so = match (related.relation, id, class) {
            (Relation::SameId, Some(id), Some(class)) => {
                takes(related.index, id.text())
                    && takes(card.index, id.text())
                    && class < card.verdict.class
                    && related.reason.plain().ends_with(&format!(" and is {class}."))
            }
            (_, id, _) => id.is_none(),
        };
        if !so {
            wrong.push(format!("says of tool {} what is not so", related.index));
        }
    }
}
