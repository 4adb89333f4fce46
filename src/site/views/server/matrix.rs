//! The matrix of tools. What is the same for every tool has no column and is said once.

use std::cmp::Reverse;

use serde::Serialize;

use crate::classify::Verdict;
use crate::english::count;
use crate::manifest::Tool;
use crate::risk::{Class, Facet, Severity};
use crate::site::html::Html;
use crate::site::views::PageContext;
use crate::site::views::label::LabelView;
use crate::site::views::tool::hints;

/// The tools, most dangerous class first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Matrix {
    /// The classes that have tools.
    pub groups: Vec<MatrixGroup>,
    /// How many columns there are.
    pub columns: usize,
    /// Whether severities differ.
    pub severity: bool,
    /// The facets that some tools have and others have not, in the order of the facet flags.
    pub facets: Vec<&'static str>,
    /// Whether declared hints differ.
    pub declared: bool,
    /// Whether their comparison with the label differs.
    pub against: bool,
    /// What is the same for every tool: a sentence, or nothing.
    pub same_html: Html,
}

/// The tools of one class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MatrixGroup {
    /// The class.
    pub label: LabelView,
    /// `5 tools`
    pub count: String,
    /// The tools: by severity, then by name.
    pub rows: Vec<MatrixRow>,
}

/// One tool of the matrix.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MatrixRow {
    /// The tool's name, with places where it may break.
    pub name_html: Html,
    /// Its page.
    pub href: String,
    /// Class and severity, drawn beside the name.
    pub label: LabelView,
    /// For each facet of the matrix its name where it applies, else nothing.
    pub facets: Vec<&'static str>,
    /// Names of the facets that apply, with spaces between.
    pub facet_words: String,
    /// What the hints declare: `read-only`, `additive`, `destructive`, `writes`, or `nothing`.
    pub declared: &'static str,
    /// `agrees`, `understates`, `overstates`, or nothing.
    pub against: &'static str,
    /// Ids of the findings, with spaces between.
    pub findings: String,
}

/// The matrix of a server's tools; `part` is how many are listed where there may be more.
pub(super) fn matrix(
    pairs: &[(&Tool, &Verdict)],
    part: Option<usize>,
    context: &PageContext<'_>,
    path: &str,
) -> Matrix {
    let differs = |of: &dyn Fn(&(&Tool, &Verdict)) -> &'static str| {
        let mut words = pairs.iter().map(of);
        let first = words.next().unwrap_or_default();
        // A single tool has nothing that it could be the same as.
        (pairs.len() < 2 || words.any(|word| word != first), first)
    };
    let (severity, severities) = differs(&|(_, verdict)| verdict.severity.name());
    let (declared, claims) = differs(&|(tool, _)| hints::declared_word(&tool.annotations));
    let (against, compared) = differs(&|(tool, verdict)| hints::against_word(&tool.annotations, verdict));
    let having = |facet: &Facet| pairs.iter().filter(|(_, verdict)| verdict.facets.has(*facet)).count();
    let some = |facet: &Facet| (1..pairs.len().max(2)).contains(&having(facet));
    let facets: Vec<Facet> = Facet::ALL.into_iter().filter(some).collect();

    let mut shared: Vec<Html> = Vec::new();
    let mut say = |words: &'static str, value: &str| {
        let mut html = Html::markup(words);
        shared.push(html.push_text(value).clone());
    };
    if !severity {
        say("severity ", severities);
    }
    if !declared {
        say("declares ", if claims == "nothing" { "no readOnlyHint and no destructiveHint" } else { claims });
    }
    if !against && !compared.is_empty() {
        say("compared to the label: ", compared);
    }
    for facet in Facet::ALL.iter().filter(|facet| having(facet) == pairs.len() && pairs.len() > 1) {
        say("facet ", facet.name());
    }
    let none: Vec<Facet> = Facet::ALL.into_iter().filter(|facet| having(facet) == 0).collect();
    let mut same_html = Html::new();
    for (i, said) in shared.iter().enumerate() {
        match part {
            Some(n) if i == 0 => {
                same_html.push_markup("The same for each of the ").push_number(n).push_markup(" listed: ")
            }
            _ => same_html.push_markup(if i == 0 { "The same for every tool: " } else { ", " }),
        };
        same_html.push(said);
    }
    if !same_html.is_empty() {
        same_html.push_markup(". ");
    }
    let nobody = |html: &mut Html| {
        match part {
            Some(n) => html.push_markup("None of the ").push_number(n).push_markup(" listed has "),
            None => html.push_markup("No tool has "),
        };
    };
    match none.len() {
        0 => {}
        all if all == Facet::ALL.len() => {
            nobody(&mut same_html);
            same_html.push_markup("a facet.");
        }
        last => {
            for (i, facet) in none.iter().enumerate() {
                if i == 0 {
                    nobody(&mut same_html);
                } else {
                    same_html.push_markup(if i + 1 == last { " or " } else { ", " });
                }
                same_html.push_code(facet.name());
            }
            same_html.push_markup(".");
        }
    }

    let shown = |facets: &[Facet], verdict: &Verdict| {
        facets.iter().map(|facet| if verdict.facets.has(*facet) { facet.name() } else { "" }).collect()
    };
    let groups = Class::ALL
        .into_iter()
        .rev()
        .filter_map(|class| {
            let mut of_class: Vec<usize> = (0..pairs.len()).filter(|i| pairs[*i].1.class == class).collect();
            of_class.sort_by_key(|i| (Reverse(pairs[*i].1.severity), &pairs[*i].0.name));
            let rows =
                of_class.iter().map(|i| row(pairs[*i], context.tool_href(path, *i), shown(&facets, pairs[*i].1)));
            (!of_class.is_empty()).then(|| MatrixGroup {
                label: LabelView::new(class, Severity::Low),
                count: format!("{}{}", if part.is_some() { "at least " } else { "" }, count(of_class.len(), "tool")),
                rows: rows.collect(),
            })
        })
        .collect();
    Matrix {
        groups,
        columns: 1 + facets.len() + usize::from(severity) + usize::from(declared) + usize::from(against),
        severity,
        facets: facets.into_iter().map(Facet::name).collect(),
        declared,
        against,
        same_html,
    }
}

fn row((tool, verdict): (&Tool, &Verdict), href: String, facets: Vec<&'static str>) -> MatrixRow {
    let words = |names: Vec<&str>| names.join(" ");
    let mut findings: Vec<&str> = verdict.told_findings().map(|f| f.id.name()).collect();
    findings.dedup();
    MatrixRow {
        name_html: Html::name(&tool.name),
        href,
        label: LabelView::new(verdict.class, verdict.severity),
        facets,
        facet_words: words(verdict.facets.iter().map(Facet::name).collect()),
        declared: hints::declared_word(&tool.annotations),
        against: hints::against_word(&tool.annotations, verdict),
        findings: words(findings),
    }
}
