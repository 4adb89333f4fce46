//! How labels are decided: three worked examples, how often the labels are right, the rules.

use serde::{Serialize, Serializer};

use super::label::LabelView;
use super::lists::{class_meaning, facet_meaning, severity_meaning};
use super::page::PageView;
use crate::classify::{CLAIMS, Classifier, Place, RuleText, SpeaksFor};
use crate::config::Config;
use crate::english::thousands;
use crate::lexicon::Lexicon;
use crate::manifest;
use crate::risk::{Class, Facet, Severity};
use crate::site::html::Html;
use crate::site::html::marks::{self, Notes};
use crate::site::urls;

/// What `toolcard eval --write` measured last.
const ACCURACY: &str = include_str!("../../../docs/accuracy.md");

/// The view of `method.html`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MethodView {
    /// Head and frame.
    pub page: PageView,
    /// Three definitions with their marks, and why each has its label.
    pub examples: Vec<LabelledExample>,
    /// How often the labels are right.
    pub accuracy: AccuracyView,
    /// Which claims count, and what takes them back.
    pub claims: Vec<ClaimRow>,
    /// The classes with their meanings.
    pub classes: Vec<Meaning>,
    /// The severities with their meanings.
    pub severities: Vec<Meaning>,
    /// The facets with their meanings.
    pub facets: Vec<Meaning>,
}

/// A rule that makes a claim or a restriction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClaimRow {
    /// Its id, an anchor behind `by.`.
    pub id: &'static str,
    /// `claims` or `restricts`.
    pub does: &'static str,
    /// What it says and when it counts.
    pub text_html: Html,
}

/// A word and what it means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Meaning {
    /// The word.
    pub name: &'static str,
    /// The class's slug or the number of bars, or nothing.
    pub key: String,
    /// The meaning.
    pub text: &'static str,
}

/// How labels are decided with a lexicon.
pub fn method(config: &Config, lexicon: &Lexicon) -> MethodView {
    let path = urls::METHOD;
    MethodView {
        page: PageView::new(
            config,
            path,
            "How labels are decided",
            "Three worked examples, how often the labels are right, and the rules: claims, restrictions, classes, facets, severity.",
        )
        .within("method")
        .crumbs(config, &[("Method", path)]),
        examples: examples(lexicon),
        accuracy: accuracy(ACCURACY),
        claims: CLAIMS.iter().map(claim).collect(),
        classes: Class::ALL
            .map(|c| Meaning { name: c.name(), key: c.slug().to_owned(), text: class_meaning(c) })
            .to_vec(),
        severities: Severity::ALL
            .map(|s| Meaning { name: s.name(), key: s.level().to_string(), text: severity_meaning(s) })
            .to_vec(),
        facets: Facet::ALL.map(|f| Meaning { name: f.name(), key: String::new(), text: facet_meaning(f) }).to_vec(),
    }
}

fn claim(rule: &RuleText) -> ClaimRow {
    ClaimRow {
        id: rule.id,
        does: if rule.restricts { "restricts" } else { "claims" },
        text_html: Html::sentence(rule.text),
    }
}

/// A definition with the words that decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LabelledExample {
    /// The name with its marks.
    pub name_html: Html,
    /// The description with its marks.
    pub text_html: Html,
    /// What the rules say of it.
    pub label: LabelView,
    /// Names of its facets.
    pub facets: Vec<&'static str>,
    /// What decided: `“delete” in the description`.
    pub because_html: Html,
    /// What the example shows.
    pub shows: &'static str,
}

/// Definitions that were made up for the page; what the page says of them is what the rules say.
const EXAMPLES: [(&str, &str, &str); 3] = [
    (
        r#"{"name": "run_query", "description": "Runs a SQL query. Only SELECT statements are allowed.",
        "inputSchema": {"type": "object", "properties": {"sql": {"type": "string"}}}}"#,
        "run_query",
        "A free query could change anything. The restriction takes that back, and only a restriction can.",
    ),
    (
        r#"{"name": "archive_thread", "description": "Moves a thread to the archive."}"#,
        "archive_thread",
        "What a call changes, another call can change back. Nothing says that something is lost.",
    ),
    (
        r#"{"name": "manage_contacts_batch", "description": "Batch create, update, or delete contacts."}"#,
        "manage_contacts_batch",
        "The worst of several actions is the class; the milder ones take nothing back. The name gives the facet.",
    ),
];

/// The examples under the rules of a lexicon.
fn examples(lexicon: &Lexicon) -> Vec<LabelledExample> {
    let texts: Vec<&str> = EXAMPLES.iter().map(|(text, ..)| *text).collect();
    let text = format!(r#"{{"server": {{"slug": "examples"}}, "tools": [{}]}}"#, texts.join(", "));
    let Some(manifest) = manifest::read(&text, std::path::Path::new("examples.json")).value else {
        return Vec::new();
    };
    let verdicts = Classifier::new(lexicon).server(&manifest);
    let of = |((tool, verdict), (.., shows)): ((&manifest::Tool, &crate::classify::Verdict), &(_, _, &'static str))| {
        let marked = |text: &str, place: &Place| {
            let found = marks::marks(text, place, verdict.evidence.iter().filter(|e| e.decides).map(|e| (0, e)));
            let mut html = Html::new();
            marks::print(&mut html, text, 0..text.len(), &found, Notes::Hidden, |html, text| {
                html.push_text(text);
            });
            html
        };
        let mut because_html = Html::new();
        let class = SpeaksFor::Class(verdict.class);
        let mut seen: Vec<(&str, String)> = Vec::new();
        for e in verdict.evidence.iter().filter(|e| e.decides && (e.speaks_for == class || e.restricts)) {
            let at = (e.text.as_str(), e.place.to_string());
            if !seen.contains(&at) {
                seen.push(at);
            }
        }
        for (i, (words, place)) in seen.iter().enumerate() {
            because_html.push_markup(if i == 0 { "<q>" } else { ", <q>" }).push_text(words);
            because_html.push_markup("</q> in the ").push_text(place);
        }
        LabelledExample {
            name_html: marked(&tool.name, &Place::Name),
            text_html: marked(tool.description(), &Place::Description),
            label: LabelView::new(verdict.class, verdict.severity),
            facets: verdict.facets.iter().map(Facet::name).collect(),
            because_html,
            shows,
        }
    };
    manifest.tools.iter().zip(&verdicts).zip(&EXAMPLES).map(of).collect()
}

/// How often the labels are right.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct AccuracyView {
    /// How many tools were labelled by annotators.
    #[serde(serialize_with = "figure")]
    pub tools: usize,
    /// How many blind rounds there were; the next figures are those of the first look at each.
    pub rounds: usize,
    /// The lowest share of acceptable classes in a round.
    pub lowest: String,
    /// The highest share of acceptable classes in a round.
    pub highest: String,
    /// Destructive tools of the rounds that were found, and how many there are.
    #[serde(serialize_with = "figures")]
    pub found: [usize; 2],
    /// Destructive tools of the rounds that were called Read.
    pub missed: usize,
    /// Read tools of the rounds that were called Destructive, and how many there are.
    #[serde(serialize_with = "figures")]
    pub alarms: [usize; 2],
    /// What all labelled tools are called now: a row a label.
    pub rows: Vec<Confusion>,
}

/// The tools of one label.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Confusion {
    /// The label's class: slug and name.
    pub key: &'static str,
    /// `Read`, `Write` or `Destructive`: the row's heading.
    pub name: &'static str,
    /// How many were called Read, Write, Destructive.
    #[serde(serialize_with = "figures")]
    pub called: Vec<usize>,
    /// As measured, e.g. `99.6 %`.
    pub precision: String,
    /// As measured.
    pub recall: String,
}

/// A number as pages print it: `1,398`.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a field by reference")]
fn figure<S: Serializer>(number: &usize, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&thousands(*number))
}

fn figures<S: Serializer>(numbers: &[usize], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(numbers.iter().map(|number| thousands(*number)))
}

/// The figures of docs/accuracy.md.
fn accuracy(page: &str) -> AccuracyView {
    let rows: Vec<Vec<&str>> = page
        .lines()
        .filter(|line| line.starts_with("| "))
        .map(|line| line.split('|').map(str::trim).collect())
        .collect();
    let number = |cell: &str| cell.parse::<usize>().unwrap_or_default();
    let pair = |cell: &str| cell.split_once(" of ").map_or([0; 2], |(part, of)| [number(part), number(of)]);
    let mut out = AccuracyView::default();
    for class in Class::ALL {
        let wanted = format!("all: {}", class.name());
        let Some(row) = rows.iter().find(|row| row.len() == 10 && row[1] == wanted) else { continue };
        out.tools += number(row[2]);
        out.rows.push(Confusion {
            key: class.slug(),
            name: class.name(),
            called: row[3..6].iter().map(|cell| number(cell)).collect(),
            precision: row[6].to_owned(),
            recall: row[7].to_owned(),
        });
    }
    let mut shares: Vec<&str> = Vec::new();
    for row in rows.iter().filter(|row| row.len() == 10 && row[1].ends_with(", first")) {
        let (found, alarms) = (pair(row[4]), pair(row[6]));
        out.rounds += 1;
        out.missed += number(row[5]);
        for i in 0..2 {
            out.found[i] += found[i];
            out.alarms[i] += alarms[i];
        }
        shares.push(row[2]);
    }
    let share = |cell: &&str| cell.trim_end_matches(" %").parse::<f64>().unwrap_or_default();
    shares.sort_by(|a, b| share(a).total_cmp(&share(b)));
    shares.first().copied().unwrap_or_default().clone_into(&mut out.lowest);
    shares.last().copied().unwrap_or_default().clone_into(&mut out.highest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_are_what_the_page_says() {
        let examples = examples(Lexicon::embedded());
        let labels: Vec<_> = examples.iter().map(|e| (e.label, e.facets.clone())).collect();
        let label =
            |class, facets: &[Facet]| LabelView::new(class, Severity::of(class, facets.iter().copied().collect()));
        assert_eq!(labels[0], (label(Class::Read, &[]), vec![]));
        assert_eq!(labels[1], (label(Class::Write, &[]), vec![]));
        assert_eq!(labels[2], (label(Class::Destructive, &[Facet::Bulk]), vec!["bulk"]));
        assert!(examples[0].because_html.as_str().contains("<q>Only SELECT</q> in the description"));
        assert!(examples[2].text_html.as_str().contains("<mark class=\"destructive\">delete</mark>"));
        assert!(examples[2].name_html.as_str().contains("<mark class=\"facet\">batch</mark>"));
    }

    #[test]
    fn the_figures_are_those_of_the_book() {
        let found = accuracy(ACCURACY);
        assert_eq!(found.rows.iter().map(|row| row.name).collect::<Vec<_>>(), ["Read", "Write", "Destructive"]);
        assert_eq!(found.rows.iter().flat_map(|row| &row.called).sum::<usize>(), found.tools);
        assert_eq!(found.rounds, ACCURACY.matches(", first").count());
        assert!(found.tools > 1_000 && found.rounds > 0 && found.found[1] > found.missed, "{found:?}");
        assert!(found.lowest.ends_with(" %") && found.highest.ends_with(" %"), "{found:?}");
        assert_eq!(accuracy(""), AccuracyView::default());
    }
}
