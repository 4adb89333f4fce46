//! A tool's card as its template sees it.

pub mod evidence;
pub mod hints;
pub mod params;
pub mod policy;
pub(crate) mod provenance;
pub mod view;

use serde::Serialize;

use super::Shared;
use super::label::{FacetFlags, LabelView, ToolLink};
use super::page::PageView;
use crate::site::html::Html;

/// The view of `tool.html`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ToolView {
    /// Head and frame.
    pub page: PageView,
    /// The name that an agent calls, as it is.
    pub name: String,
    /// The name with its breaks.
    pub name_html: Html,
    /// The declared title where it says more than the name, or nothing.
    pub title_html: Html,
    /// Class and severity.
    pub label: LabelView,
    /// The seven facet flags.
    pub facets: FacetFlags,
    /// The facets that apply, each with the list of its tools.
    pub facets_on: Vec<FacetLink>,
    /// `high`, `medium` or `low`.
    pub confidence: &'static str,
    /// A person's decision, where there is one.
    pub overridden: Option<Overridden>,
    /// The server's own first sentence as a quotation, or the name.
    pub opening_html: Html,
    /// What the worst call does.
    pub worst_html: Html,
    /// The server's description, where it says more than the opening.
    pub said: Option<Said>,
    /// The values of an argument that decide what a call does, where there are some.
    pub actions: Option<Actions>,
    /// What to paste.
    pub policy: policy::PolicyView,
    /// What else a reader should know: paragraphs.
    pub risks_html: Vec<Html>,
    /// What a reader must know that is not a label.
    pub findings: Vec<FindingView>,
    /// The definition with its marks.
    pub proof: Vec<evidence::ProofView>,
    /// The marks as rows.
    pub evidence: Vec<evidence::EvidenceRow>,
    /// What is below the rows where some are left out, or nothing.
    pub evidence_more_html: Html,
    /// How to enforce the policy, by client or gateway.
    pub uses: Vec<policy::UseView>,
    /// What the program that reads `policy.json` is called.
    pub gateway: Shared,
    /// Where the server's page says how to start it.
    pub start_href: String,
    /// Where the server's page has all formats.
    pub formats_href: String,
    /// Parameters and schema.
    pub params: params::Params,
    /// Declared hints, where there are some.
    pub hints: Option<hints::HintsView>,
    /// The card's foot.
    pub provenance: Shared,
    /// The definition's fingerprint, shortened.
    pub fingerprint_html: Html,
    /// Attack patterns that need this access.
    pub attacks: Vec<Shared>,
    /// Tools of this server.
    pub related: Vec<ToolLink>,
    /// Tools like it on other servers.
    pub alike: Vec<ToolLink>,
    /// This card and those beside each other, or nothing.
    pub compare_href: String,
    /// Questions and answers.
    pub faq: Vec<QuestionView>,
    /// What became of the label, newest first.
    pub history: Vec<HistoryEntry>,
    /// The same card for programs: what it is called and where it is.
    pub alternates: Vec<Alternate>,
    /// Where a wrong label is reported, or nothing.
    pub report_href: Option<String>,
}

/// A facet that applies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FacetLink {
    /// The facet's id, e.g. `deletes_data`.
    pub name: &'static str,
    /// The list of the tools that have it.
    pub href: String,
}

/// A person's decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Overridden {
    /// The class that the person decided.
    pub class: &'static str,
    /// The class by the rules.
    pub heuristic: &'static str,
    /// Who decided, when and why, and whether it still holds.
    pub words_html: Html,
}

/// The server's description.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Said {
    /// What is seen at once.
    pub head_html: Html,
    /// The rest of a long text, or nothing.
    pub rest_html: Html,
}

/// The values of an argument that decide what a call does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Actions {
    /// The argument's path.
    pub argument_html: Html,
    /// What they have to do with the class.
    pub caption_html: Html,
    /// Its values, in the schema's order, or the worst of many.
    pub rows: Vec<ActionRowView>,
    /// Calls with another value or without one, where the document looks at them.
    pub others: Vec<OtherCall>,
    /// How many values have no row, or nothing.
    pub more_html: Html,
}

/// A value that decides what a call does, with its class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ActionRowView {
    /// The value that an argument takes, as code.
    pub value_html: Html,
    /// What a call with it can do at worst.
    pub label: LabelView,
    /// Whether the policy allows it.
    pub allowed: bool,
    /// What the policy answers, e.g. `10 a minute`.
    pub words: String,
    /// Whether it is what gives the card its label.
    pub worst: bool,
}

/// A call that names none of the values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OtherCall {
    /// Which call, in our words.
    pub call: &'static str,
    /// Whether the policy allows it.
    pub allowed: bool,
    /// What the policy answers.
    pub words: String,
}

/// A finding as its page tells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FindingView {
    /// The finding's id, e.g. `missing-description`; `docs/labels.md` lists them.
    pub id: &'static str,
    /// `note`, `warning` or `error`.
    pub level: &'static str,
    /// The sentence, and what to do.
    pub text_html: Html,
}

/// The program that reads `policy.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GatewayView {
    /// What `[gateway]` calls it.
    pub name: String,
    /// What to do with the document.
    pub step_html: Html,
    /// Where the server's page says all steps.
    pub href: String,
}

/// An attack pattern.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AttackLink {
    /// Its page.
    pub href: String,
    /// The article's heading: the text of the link.
    pub title: String,
}

/// A question with its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct QuestionView {
    /// Stable id.
    pub id: &'static str,
    /// The question as a heading, with its question mark.
    pub question_html: Html,
    /// The answer: paragraphs and documents.
    pub answer_html: Html,
}

/// The card in another form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Alternate {
    /// `JSON` or `Markdown`.
    pub name: &'static str,
    /// The media type, where it says to readers what the page says; else nothing.
    pub kind: &'static str,
    /// Its address.
    pub href: String,
}

/// One entry of the label's history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HistoryEntry {
    /// What it became.
    pub label: String,
    /// `2026-11-20`
    pub date: String,
    /// `20 November 2026`
    pub day: String,
}
