//! What goes wrong in practice: the index of articles and one article.

use serde::Serialize;

use super::page::Page;
use super::tool::provenance::day;
use crate::card::attacks::{Applies, Article};
use crate::card::figures::list;
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

/// The alternatives of an article in words: `Destructive tools with bulk; tools that take a url`. An alternative that
/// another one contains is left out.
fn applies(article: &Article) -> String {
    if let Some(general) = &article.general {
        return general.clone();
    }
    let or = |items: Vec<String>| list(&items, "or");
    let within = |a: &Applies, b: &Applies| {
        let wider = |of: fn(&Applies) -> Vec<String>| {
            let (mine, other) = (of(a), of(b));
            other.is_empty() || (!mine.is_empty() && mine.iter().all(|item| other.contains(item)))
        };
        wider(|a| a.classes.iter().map(ToString::to_string).collect())
            && wider(|a| a.facets.iter().map(ToString::to_string).collect())
            && wider(|a| a.legs.clone())
            && wider(|a| a.arguments.clone())
            && wider(|a| a.findings.clone())
    };
    let alternatives = article.applies.iter().enumerate().filter(|(i, a)| {
        !article.applies.iter().enumerate().any(|(j, b)| *i != j && within(a, b) && (j < *i || !within(b, a)))
    });
    let words = alternatives.map(|(_, a)| {
        let mut words = match &a.classes[..] {
            [] => "tools".to_owned(),
            classes => format!("{} tools", or(classes.iter().map(ToString::to_string).collect())),
        };
        let mut say = |before: &str, items: Vec<String>| {
            if !items.is_empty() {
                words.push_str(before);
                words.push_str(&or(items));
            }
        };
        say(" with ", a.facets.iter().map(ToString::to_string).collect());
        say(" that take ", a.arguments.clone());
        say(" that give ", a.legs.iter().map(|l| l.replace('_', " ")).collect());
        say(" with the finding ", a.findings.clone());
        words
    });
    words.collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::card::attacks;

    #[test]
    fn what_an_article_concerns_is_said_once() {
        let said: Vec<String> = attacks::embedded().iter().map(applies).collect();
        assert!(said.contains(&"Destructive tools".to_owned()), "{said:#?}");
        assert!(said.iter().any(|words| words.contains("Write or Destructive tools with permissions")), "{said:#?}");
        assert!(said.iter().all(|words| !words.contains("; ; ") && !words.is_empty()), "{said:#?}");
    }
}
