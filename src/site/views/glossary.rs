//! The glossary: every term of the table, with the page that says more.

use serde::Serialize;
use serde_json::json;

use super::page::PageView;
use crate::config::Config;
use crate::site::glossary::terms;
use crate::site::html::Html;
use crate::site::urls;

/// The view of `glossary.html`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GlossaryView {
    /// Head and frame.
    pub page: PageView,
    /// The terms in alphabetical order.
    pub terms: Vec<TermRow>,
}

/// A term with its meaning and the page that it leads to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TermRow {
    /// Its anchor.
    pub id: String,
    /// The word.
    pub term: &'static str,
    /// What it means.
    pub text_html: Html,
    /// The page that says more, or nothing.
    pub href: String,
}

/// The glossary.
pub fn glossary(config: &Config) -> GlossaryView {
    let path = urls::GLOSSARY;
    let terms = terms();
    let mut page = PageView::new(
        config,
        path,
        "Glossary",
        "Every term that these pages use in a sense of their own: class, severity, facets, claims, findings, policies.",
    )
    .within("glossary")
    .crumbs(config, &[("Glossary", path)]);
    if config.site.base_url.is_some() {
        let of = |term: &crate::site::glossary::Term| json!({"@type": "DefinedTerm", "name": term.term, "description": term.text});
        let all: Vec<_> = terms.iter().map(of).collect();
        page.data(json!({"@type": "DefinedTermSet", "name": "Glossary", "hasDefinedTerm": all}));
    }
    let row = |term: crate::site::glossary::Term| TermRow {
        text_html: Html::sentence(&term.text),
        href: match &term.page.0[..] {
            "" => String::new(),
            to => urls::relative(path, to, term.page.1),
        },
        id: term.id,
        term: term.term,
    };
    GlossaryView { page, terms: terms.into_iter().map(row).collect() }
}
