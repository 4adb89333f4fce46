//! The words that decided: the definition with its marks, and the same marks as rows.

use std::collections::HashMap;

use serde::Serialize;
use serde_json::Value;

use crate::card::slot::argument;
use crate::classify::{Evidence, Place, SpeaksFor, Verdict};
use crate::counted::steps;
use crate::manifest::Tool;
use crate::risk::{Facets, Severity, Span};
use crate::site::html::Html;
use crate::site::html::marks::{Mark, Notes, marks, print, windows};
use crate::site::urls;
use crate::site::views::label::LabelView;

/// At most this many rows; what decides is never left out for what does not.
const MAX_ROWS: usize = 12;
/// The title among the annotations.
const TITLE: &str = "/annotations/title";
/// Bytes shown to either side of a mark in a long text.
const MAX_AROUND_BYTES: usize = 48;
/// Where more values than these are not marked, they are counted.
const MAX_VALUES: usize = 3;

/// One marked part of the definition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProofView {
    /// `name`, `description`, or an argument's name.
    pub name_html: Html,
    /// Whether it is an identifier or value and not prose.
    pub code: bool,
    /// The text with marks and footnotes; a long text is cut to what surrounds its marks.
    pub text_html: Html,
}

/// One row of the evidence table: what the same rules say of, wherever it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EvidenceRow {
    /// The footnote.
    pub note: usize,
    /// The rules that say the same, each with its link.
    pub rules: Vec<RuleLink>,
    /// Where it is, in words.
    pub seen_html: Html,
    /// The class that it speaks for, or nothing.
    pub label: Option<LabelView>,
    /// The facets that it speaks for.
    pub facets: Vec<&'static str>,
    /// `restricts`, `decides`, `strong`, `supporting` or `weak`.
    pub weight: &'static str,
    /// The class's slug where the row decides, `facet` where it decides a facet alone, else nothing.
    pub hit: &'static str,
}

/// A rule on the method page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RuleLink {
    /// The rule's id.
    pub id_html: Html,
    /// Its place.
    pub href: String,
}

/// Rows and proof of one tool.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shown {
    /// The marked parts, in reading order.
    pub proof: Vec<ProofView>,
    /// The rows, by their first mark.
    pub rows: Vec<EvidenceRow>,
    /// How many observations have no mark.
    pub more: usize,
}

/// Words at one place, with all that they say.
struct Spot<'a> {
    place: &'a Place,
    span: Span,
    says: Vec<&'a Evidence>,
}

/// The evidence of a verdict on the page at `path`.
pub fn show(tool: &Tool, verdict: &Verdict, path: &str) -> Shown {
    let spots = spots(verdict);
    let mut kinds: Vec<Vec<&Spot<'_>>> = Vec::new();
    for spot in &spots {
        match kinds.iter_mut().find(|kind| said(kind[0]) == said(spot)) {
            Some(kind) => kind.push(spot),
            None => kinds.push(vec![spot]),
        }
    }
    while kinds.len() > MAX_ROWS {
        let weakest = kinds.iter().rposition(|kind| !decides(kind[0])).unwrap_or(kinds.len() - 1);
        kinds.remove(weakest);
    }
    let of_kind = |(i, kind): (usize, &Vec<&Spot<'_>>)| row(i + 1, tool, kind, path);
    let rows = kinds.iter().enumerate().map(of_kind).collect();
    let noted = |spot: &Spot<'_>| kinds.iter().position(|kind| said(kind[0]) == said(spot)).map(|i| i + 1);
    let numbered: Vec<(usize, &Evidence)> =
        spots.iter().filter_map(|spot| Some((noted(spot)?, heaviest(spot)?))).collect();
    let mut at_place: Numbered<'_> = HashMap::new();
    for (note, e) in &numbered {
        at_place.entry(&e.place).or_default().push((*note, *e));
    }
    let mut proof = Vec::new();
    let mut enums: HashMap<&str, usize> = HashMap::new();
    let mut last: Option<&Place> = None;
    for (_, e) in &numbered {
        if last == Some(&e.place) {
            continue;
        }
        last = Some(&e.place);
        if let Place::Pointer(pointer) = &e.place
            && let Some(list) = enum_of(pointer)
        {
            // One line for all values of an enum.
            if enums.insert(list, proof.len()).is_none() {
                proof.extend(values(tool, list, &at_place));
            }
            continue;
        }
        proof.extend(part(tool, &e.place, &at_place));
    }
    let marked: usize = spots.iter().filter(|spot| noted(spot).is_some()).map(|spot| spot.says.len()).sum();
    let all = verdict.evidence.iter().filter(|e| has_place(e)).count();
    Shown { proof, rows, more: all - marked }
}

/// The underlines of the description, of every piece of evidence.
pub(crate) fn description_marks(tool: &Tool, verdict: &Verdict) -> Vec<Mark> {
    let text = tool.description.as_deref().unwrap_or_default();
    marks(text, &Place::Description, verdict.evidence.iter().map(|e| (0, e)))
}

/// Whether evidence may have a row: a hint that decides nothing has its own table on the page.
fn has_place(e: &Evidence) -> bool {
    e.decides || !matches!(e.place, Place::Annotation(_))
}

/// What is at each place, in reading order. Words within others that say the same or more are those others.
/// A value that decides nothing has its class in the table of values.
fn spots(verdict: &Verdict) -> Vec<Spot<'_>> {
    let in_table = |place: &Place| matches!(place, Place::Pointer(p) if enum_of(p).is_some());
    let mut chosen: Vec<&Evidence> = verdict.evidence.iter().filter(|e| has_place(e)).collect();
    if !verdict.actions.is_empty() {
        chosen.retain(|e| e.decides || !in_table(&e.place));
    }
    chosen.sort_by(|a, b| reading_order(a).cmp(&reading_order(b)).then(b.span.end.cmp(&a.span.end)));
    let mut spots: Vec<Spot<'_>> = Vec::new();
    // Those that what comes next may be within.
    let mut open: Vec<usize> = Vec::new();
    for e in chosen {
        // In reading order one place comes after another, and in a place what begins later.
        let is_over = |at: &usize| spots[*at].place != &e.place || spots[*at].span.end < e.span.start;
        while open.pop_if(|at| is_over(at)).is_some() {}
        let around = open.iter().rev().copied().inspect(|_| steps(1)).find(|at| {
            let s = &spots[*at];
            let inside = s.span.start <= e.span.start && e.span.end <= s.span.end;
            let same = s.span == e.span;
            s.place == &e.place && (same || (inside && s.says.iter().any(|o| o.speaks_for == e.speaks_for)))
        });
        if let Some(at) = around {
            spots[at].says.push(e);
        } else {
            open.push(spots.len());
            spots.push(Spot { place: &e.place, span: e.span, says: vec![e] });
        }
    }
    spots
}

/// What tells one row from another: rules, what they speak for, and with what weight.
fn said<'a>(spot: &Spot<'a>) -> Vec<(&'a str, SpeaksFor, &'static str)> {
    let mut says: Vec<_> = spot.says.iter().map(|e| (e.rule.as_ref(), e.speaks_for, weight(e))).collect();
    says.sort_by_key(|(rule, speaks_for, weight)| (*rule, speaks_for.name(), *weight));
    says.dedup();
    says
}

fn decides(spot: &Spot<'_>) -> bool {
    spot.says.iter().any(|e| e.decides)
}

/// What gives the mark its span and its line: of what is on all of it, what decides, then what weighs most.
fn heaviest<'a>(spot: &Spot<'a>) -> Option<&'a Evidence> {
    let class = |e: &Evidence| matches!(e.speaks_for, SpeaksFor::Class(_));
    spot.says
        .iter()
        .copied()
        .filter(|e| e.span == spot.span)
        .max_by(|a, b| (a.decides, class(a)).cmp(&(b.decides, class(b))).then(a.weight.total_cmp(&b.weight)))
}

fn reading_order(e: &Evidence) -> (u8, &str, usize, usize) {
    let (rank, pointer, index) = match &e.place {
        Place::Name => (0, "", 0),
        Place::Title => (1, "", 0),
        Place::Pointer(pointer) if pointer == TITLE => (1, "", 0),
        Place::Description => (2, "", 0),
        Place::Pointer(pointer) => match pointer.rsplit_once('/').map(|(list, last)| (list, last.parse())) {
            Some((list, Ok(index))) => (3, list, index),
            _ => (3, pointer.as_str(), 0),
        },
        Place::Annotation(hint) => (4, hint.key(), 0),
    };
    (rank, pointer, index, e.span.start)
}

fn row(note: usize, tool: &Tool, kind: &[&Spot<'_>], path: &str) -> EvidenceRow {
    let says = &kind[0].says;
    let deciding = heaviest(kind[0]);
    let of_class = says.iter().filter(|e| matches!(e.speaks_for, SpeaksFor::Class(_))).max_by_key(|e| e.decides);
    let class = of_class.and_then(|e| if let SpeaksFor::Class(class) = e.speaks_for { Some(class) } else { None });
    let mut facets: Vec<&'static str> = Vec::new();
    let mut rules: Vec<RuleLink> = Vec::new();
    for e in says {
        if let SpeaksFor::Facet(facet) = e.speaks_for
            && !facets.contains(&facet.name())
        {
            facets.push(facet.name());
        }
        let id_html = Html::text(&e.rule);
        if !rules.iter().any(|r| r.id_html == id_html) {
            rules.push(RuleLink { id_html, href: urls::relative(path, urls::LEXICON, &e.rule) });
        }
    }
    EvidenceRow {
        note,
        rules,
        seen_html: seen(tool, kind),
        label: class.map(|class| LabelView::new(class, Severity::of(class, Facets::NONE))),
        facets,
        weight: deciding.map_or("", weight),
        hit: match deciding.map(|e| (e.decides, e.speaks_for)) {
            Some((true, SpeaksFor::Class(class))) => class.slug(),
            Some((true, SpeaksFor::Facet(_))) => "facet",
            _ => "",
        },
    }
}

/// Places in words: `name`, `description`, the value `delete` of `action`.
fn seen(tool: &Tool, kind: &[&Spot<'_>]) -> Html {
    let mut places: Vec<&Place> = kind.iter().map(|spot| spot.place).collect();
    places.dedup();
    let list = |i: usize| match places.get(i) {
        Some(Place::Pointer(pointer)) => enum_of(pointer),
        _ => None,
    };
    let mut html = Html::new();
    for (i, place) in places.iter().enumerate() {
        html.push_markup(if i == 0 { "" } else { ", " });
        match place {
            Place::Name => html.push_markup("name"),
            Place::Title => html.push_markup("title"),
            Place::Description => html.push_markup("description"),
            Place::Annotation(hint) => html.push_code(hint.key()),
            // Of the values of one argument, the first says what they are and the last of what.
            Place::Pointer(pointer) => {
                let goes_on = i > 0 && list(i).is_some() && list(i - 1) == list(i);
                let goes_further = list(i).is_some() && list(i + 1) == list(i);
                pointed(&mut html, tool, pointer, goes_on, goes_further)
            }
        };
    }
    html
}

/// A place in a schema in words.
fn pointed<'h>(html: &'h mut Html, tool: &Tool, pointer: &str, goes_on: bool, goes_further: bool) -> &'h mut Html {
    let text = lookup(tool, pointer).and_then(Value::as_str);
    match (argument(pointer), text) {
        _ if pointer == TITLE => html.push_markup("title"),
        (Some((name, "")), _) => html.push_markup("argument ").push_code(&name),
        (Some((name, rest)), Some(value)) if rest == "/const" || enum_of(pointer).is_some() => {
            html.push_markup(if goes_on { "" } else { "value " }).push_code(value);
            if goes_further { html } else { html.push_markup(" of ").push_code(&name) }
        }
        (Some((name, rest)), _) => {
            html.push_markup(if rest.ends_with("/title") { "title of " } else { "description of " }).push_code(&name)
        }
        (None, _) if tool.further(pointer).is_some() => html.push_markup("another definition"),
        (None, _) => html.push_markup("schema"),
    }
}

fn weight(e: &Evidence) -> &'static str {
    match e.weight {
        _ if e.restricts => "restricts",
        _ if e.decides => "decides",
        w if w >= 0.6 => "strong",
        w if w >= 0.3 => "supporting",
        _ => "weak",
    }
}

/// What has a mark at each place, with the number of its row.
type Numbered<'a> = HashMap<&'a Place, Vec<(usize, &'a Evidence)>>;

fn part(tool: &Tool, place: &Place, numbered: &Numbered<'_>) -> Option<ProofView> {
    let (name_html, text, code): (Html, &str, bool) = match place {
        Place::Name => (Html::markup("name"), &tool.name, true),
        Place::Title => {
            let title = tool.title.as_deref().or(tool.annotations.title.as_deref());
            (Html::markup("title"), title.unwrap_or_default(), false)
        }
        Place::Description => (Html::markup("description"), tool.description.as_deref().unwrap_or_default(), false),
        Place::Annotation(hint) => {
            let declared = tool.annotations.declared(*hint)?;
            let text = if declared { "true" } else { "false" };
            return Some(ProofView {
                name_html: Html::text(hint.key()),
                code: true,
                text_html: marked(text, place, numbered, true),
            });
        }
        Place::Pointer(pointer) if pointer == TITLE => {
            (Html::markup("title"), tool.annotations.title.as_deref().unwrap_or_default(), false)
        }
        Place::Pointer(pointer)
            if let Some((other, inside @ ("/name" | "/title" | "/description"))) = tool.further(pointer) =>
        {
            let text = match inside {
                "/name" => &other.name,
                "/title" => other.title.as_deref().unwrap_or_default(),
                _ => other.description.as_deref().unwrap_or_default(),
            };
            let mut name_html = Html::markup("other ");
            name_html.push_text(&inside[1..]);
            (name_html, text, inside == "/name")
        }
        Place::Pointer(pointer) => {
            let (path, last) = pointer.rsplit_once('/')?;
            if let Value::String(text) = lookup(tool, pointer)? {
                let mut name_html = Html::name(&last_step(path));
                name_html.push_markup(", ").push_text(last);
                return Some(ProofView { name_html, code: false, text_html: marked(text, place, numbered, false) });
            }
            let text = last_step(pointer);
            let text_html = marked(&text, place, numbered, true);
            return Some(ProofView { name_html: Html::markup("parameter"), code: true, text_html });
        }
    };
    Some(ProofView { name_html, code, text_html: marked(text, place, numbered, code) })
}

fn marked(text: &str, place: &Place, numbered: &Numbered<'_>, code: bool) -> Html {
    let own = numbered.get(place).map(Vec::as_slice).unwrap_or_default();
    let marks = marks(text, place, own.iter().copied());
    let mut html = Html::with_capacity(text.len().min(1024) + marks.len() * 96);
    if code {
        print(&mut html, text, 0..text.len(), &marks, Notes::Shown, |h, t| {
            h.push_name(t);
        });
        return html;
    }
    let mut at = 0;
    for (i, window) in windows(text, &marks, MAX_AROUND_BYTES).into_iter().enumerate() {
        if window.start > at {
            html.push_markup(if i == 0 { "… " } else { " … " });
        }
        at = window.end;
        print(&mut html, text, window, &marks, Notes::Shown, |h, t| {
            h.push_text(t);
        });
    }
    if at < text.len() {
        html.push_markup(" …");
    }
    html
}

/// One line with the values of an enum, marked.
fn values(tool: &Tool, list: &str, numbered: &Numbered<'_>) -> Option<ProofView> {
    let Value::Array(values) = lookup(tool, list)? else { return None };
    let owner = last_step(list.strip_suffix("/enum").unwrap_or(list));
    let mut text_html = Html::markup("enum: ");
    let (mut shown, mut hidden) = (0, 0);
    let place = |i: usize| Place::Pointer(format!("{list}/{i}"));
    let is_marked = |i: usize| numbered.contains_key(&place(i));
    let many = (0..values.len()).filter(|i| !is_marked(*i)).count() > MAX_VALUES;
    for (i, value) in values.iter().enumerate() {
        if many && !is_marked(i) {
            hidden += 1;
            continue;
        }
        if shown > 0 {
            text_html.push_markup(" | ");
        }
        shown += 1;
        match value {
            Value::String(text) => text_html.push(&marked(text, &place(i), numbered, true)),
            other => text_html.push_text(&other.to_string()),
        };
    }
    if hidden > 0 {
        text_html.push_markup(" | … ").push_number(hidden).push_markup(" more");
    }
    Some(ProofView { name_html: Html::name(&owner), code: true, text_html })
}

/// `/inputSchema/properties/action/enum/2` → `/inputSchema/properties/action/enum`.
fn enum_of(pointer: &str) -> Option<&str> {
    let (list, index) = pointer.rsplit_once('/')?;
    (list.ends_with("/enum") && index.bytes().all(|b| b.is_ascii_digit())).then_some(list)
}

fn lookup<'a>(tool: &'a Tool, pointer: &str) -> Option<&'a Value> {
    if let Some((other, inside)) = tool.further(pointer) {
        return lookup(other, inside);
    }
    match pointer.strip_prefix("/inputSchema") {
        Some(rest) => tool.input_schema.pointer(rest),
        None => tool.output_schema.as_ref()?.pointer(pointer.strip_prefix("/outputSchema")?),
    }
}

fn last_step(pointer: &str) -> String {
    let step = pointer.rsplit('/').next().unwrap_or_default();
    step.replace("~1", "/").replace("~0", "~")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classify::Classifier;
    use crate::counted;
    use crate::lexicon::Lexicon;
    use crate::manifest::Manifest;

    #[test]
    fn what_is_marked_is_found_in_step_with_the_description() {
        let [small, large] = [500, 1000].map(|n| {
            let tool =
                Tool { name: "manage_x".into(), description: Some("Deletes it. ".repeat(n).into()), ..Tool::default() };
            let manifest = Manifest { tools: vec![tool], ..Manifest::default() };
            let verdict = &Classifier::new(Lexicon::embedded()).server(&manifest)[0];
            let mut marked = 0;
            let steps = counted::of(|| marked = spots(verdict).len());
            assert!(marked >= n, "{marked}");
            steps
        });
        assert!(large <= small * 5 / 2, "{small} {large}");
    }
}
