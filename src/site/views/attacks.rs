//! What goes wrong in practice: the index of articles and one article.

use serde::Serialize;

use super::page::Page;
use super::tool::provenance::day;
use crate::card::attacks::Article;
use crate::config::Config;
use crate::site::markdown;
use crate::site::text::{Html, excerpt};
use crate::site::urls;

/// The view of `attacks.html`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AttacksView {
    /// Head and frame.
    pub page: Page,
    /// The articles, in the order of their titles.
    pub articles: Vec<ArticleItem>,
}

/// An article in the index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ArticleItem {
    /// Its page.
    pub href: String,
    /// Its title.
    pub title: String,
    /// Its summary.
    pub summary_html: Html,
    /// What it applies to, in words.
    pub applies: String,
}

/// The view of `attack.html`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AttackView {
    /// Head and frame.
    pub page: Page,
    /// The title.
    pub title: String,
    /// The summary.
    pub summary_html: Html,
    /// The text.
    pub body_html: Html,
    /// What it applies to, in words.
    pub applies: String,
    /// The sources.
    pub sources: Vec<SourceView>,
}

/// A public source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SourceView {
    /// Its title.
    pub title: String,
    /// Its address.
    pub href: String,
    /// Who published it.
    pub publisher: String,
    /// When.
    pub day_html: Html,
}

/// The index of articles.
pub fn index(config: &Config, articles: &[Article]) -> AttacksView {
    let path = urls::ATTACKS;
    let mut items: Vec<&Article> = articles.iter().collect();
    items.sort_by(|a, b| a.title.cmp(&b.title));
    AttacksView {
        page: Page::new(config, path, "Attack patterns", "What goes wrong in practice with tools that agents call.")
            .within("attacks")
            .crumbs(config, &[("Attacks", path)]),
        articles: items
            .into_iter()
            .map(|article| ArticleItem {
                href: urls::relative(path, &urls::attack(&article.slug), ""),
                title: article.title.clone(),
                summary_html: Html::sentence(&article.summary),
                applies: applies(article),
            })
            .collect(),
    }
}

/// One article.
pub fn article(config: &Config, article: &Article) -> AttackView {
    let path = urls::attack(&article.slug);
    AttackView {
        page: Page::new(config, &path, &article.title, &excerpt(&article.summary.replace('`', ""), 200))
            .within("attacks")
            .crumbs(config, &[("Attacks", urls::ATTACKS), (&article.title, &path)]),
        title: article.title.clone(),
        summary_html: Html::sentence(&article.summary),
        body_html: markdown::article(&article.body),
        applies: applies(article),
        sources: article
            .sources
            .iter()
            .map(|source| SourceView {
                title: source.title.clone(),
                href: urls::web(&source.url).unwrap_or_default().to_owned(),
                publisher: source.publisher.clone(),
                day_html: day(&source.date),
            })
            .collect(),
    }
}

/// The alternatives of an article in words: `Destructive with bulk; Write with an argument force`.
fn applies(article: &Article) -> String {
    if let Some(general) = &article.general {
        return general.clone();
    }
    let alternatives: Vec<String> = article
        .applies
        .iter()
        .map(|a| {
            let mut words: Vec<String> = Vec::new();
            let or = |items: Vec<String>| items.join(" or ");
            if !a.classes.is_empty() {
                words.push(or(a.classes.iter().map(ToString::to_string).collect()));
            }
            if !a.facets.is_empty() {
                words.push(format!("facet {}", or(a.facets.iter().map(ToString::to_string).collect())));
            }
            if !a.legs.is_empty() {
                words.push(format!("leg {}", or(a.legs.iter().map(|l| l.replace('_', " ")).collect())));
            }
            if !a.arguments.is_empty() {
                words.push(format!("an argument that is {}", or(a.arguments.clone())));
            }
            if !a.findings.is_empty() {
                words.push(format!("finding {}", or(a.findings.clone())));
            }
            words.join(", ")
        })
        .collect();
    alternatives.join("; ")
}
