//! What goes wrong in practice: the index of articles and one article.

use serde::Serialize;

use super::page::PageView;
use super::tool::provenance::day;
use crate::card::attacks::{Applies, Article};
use crate::config::Config;
use crate::risk::{Class, Facet};
use crate::site::html::escape::{Html, excerpt};
use crate::site::html::markdown;
use crate::site::urls::{self, ListPage};

/// The view of `attacks.html`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AttacksView {
    /// Head and frame.
    pub page: PageView,
    /// The articles, in the order of their titles.
    pub articles: Vec<ArticleItem>,
}

/// An article in the index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ArticleItem {
    /// Its page.
    pub href: String,
    /// The article's heading: the text of the link.
    pub title: String,
    /// What goes wrong, in short.
    pub summary_html: Html,
    /// What it applies to: a clause with links to lists, or a sentence where it concerns every tool.
    pub applies_html: Html,
}

/// The view of `attack.html`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AttackView {
    /// Head and frame.
    pub page: PageView,
    /// The heading of the page.
    pub title: String,
    /// What goes wrong, in short, below the heading.
    pub summary_html: Html,
    /// The text.
    pub body_html: Html,
    /// What it applies to: a clause with links to lists, or a sentence where it concerns every tool.
    pub applies_html: Html,
    /// What was published about it, as links.
    pub sources: Vec<SourceView>,
}

/// A public source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SourceView {
    /// The source's own title: the text of the link.
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
        page: PageView::new(
            config,
            path,
            "Attack patterns",
            "What goes wrong in practice with tools that agents call.",
        )
        .within("attacks")
        .crumbs(config, &[("Attacks", path)]),
        articles: items
            .into_iter()
            .map(|article| ArticleItem {
                href: urls::relative(path, &urls::attack(&article.slug), ""),
                title: article.title.clone(),
                summary_html: Html::sentence(&article.summary),
                applies_html: applies(article, path),
            })
            .collect(),
    }
}

/// The page of one article.
pub fn article(config: &Config, article: &Article) -> AttackView {
    let path = urls::attack(&article.slug);
    AttackView {
        page: PageView::new(config, &path, &article.title, &excerpt(&article.summary.replace('`', ""), 200))
            .within("attacks")
            .crumbs(config, &[("Attacks", urls::ATTACKS), (&article.title, &path)]),
        title: article.title.clone(),
        summary_html: Html::sentence(&article.summary),
        body_html: markdown::article(&article.body),
        applies_html: applies(article, &path),
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

/// The alternatives of an article in words, with links from the page at `path`: `Destructive tools with bulk; tools that
/// take an address`. An alternative that another one contains is left out.
fn applies(article: &Article, path: &str) -> Html {
    if let Some(general) = &article.general {
        return Html::sentence(general);
    }
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
    let mut html = Html::new();
    for (_, alternative) in alternatives {
        if !html.is_empty() {
            html.push_markup("; ");
        }
        html.push(&words(alternative, path));
    }
    html
}

/// The tools that one alternative of an article is about, in words with links.
fn words(applies: &Applies, path: &str) -> Html {
    let to = |href: String, inner: Html| {
        let mut html = Html::markup("<a href=\"");
        html.push_attribute(&href).push_markup("\">").push(&inner).push_markup("</a>");
        html
    };
    let listed = |list: ListPage, inner: Html| to(urls::relative(path, &urls::list(&list, ""), ""), inner);
    let class = |class: &Class| {
        let mut inner = Html::markup("<span class=\"cls ");
        inner.push_attribute(class.slug()).push_markup("\">").push_text(class.name()).push_markup("</span>");
        listed(ListPage::Class(*class), inner)
    };
    let facet = |facet: &Facet| {
        let mut inner = Html::new();
        inner.push_code(facet.name());
        listed(ListPage::Facet(*facet), inner)
    };
    let leg = |leg: &String| to(urls::relative(path, urls::GLOSSARY, "leg"), Html::text(leg_words(leg)));
    let mut html = Html::new();
    let mut say = |before: &'static str, items: Vec<Html>| {
        for (i, item) in items.iter().enumerate() {
            let between = if i + 1 == items.len() { " or " } else { ", " };
            html.push_markup(if i == 0 { before } else { between }).push(item);
        }
    };
    say("", applies.classes.iter().map(class).collect());
    say(if applies.classes.is_empty() { "tools" } else { " tools" }, vec![Html::new()]);
    say(" with ", applies.facets.iter().map(facet).collect());
    say(" that take ", applies.arguments.iter().map(|role| Html::text(argument_words(role))).collect());
    say(" that give ", applies.legs.iter().map(leg).collect());
    say(" with ", applies.findings.iter().map(|id| Html::text(finding_words(id))).collect());
    html
}

/// A leg of the lethal trifecta as a clause says it.
fn leg_words(leg: &str) -> &str {
    match leg {
        "private_data" => "private data",
        "untrusted_content" => "untrusted content",
        "external_communication" => "external communication",
        other => other,
    }
}

/// The role of an argument as a clause says it.
fn argument_words(role: &str) -> &str {
    match role {
        "id" => "an id",
        "ids" => "several ids",
        "path" => "a path",
        "url" => "an address",
        "program" => "a program",
        "force" => "a switch that forces",
        "recipient" => "a recipient",
        "amount" => "an amount",
        "text" => "a text",
        "safety" => "a preview or a confirmation",
        other => other,
    }
}

/// A finding as a clause says it.
fn finding_words(id: &str) -> &str {
    match id {
        "model-directed-text" => "text aimed at a model",
        "hidden-text" => "hidden text",
        "encoded-blob" => "an encoded blob",
        "lookalike-letters" => "lookalike letters",
        "annotation-contradicts-verdict" => "a hint that contradicts the label",
        "description-contradicts-name" => "a description that contradicts the name",
        "missing-description" => "no description",
        "name-only-description" => "a description that says only the name",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::card::attacks;

    #[test]
    fn what_an_article_concerns_is_said_once_with_links_and_without_ids() {
        let articles = attacks::embedded();
        let said: Vec<Html> = articles.iter().map(|article| applies(article, "attacks/index.html")).collect();
        let said: Vec<&str> = said.iter().map(Html::as_str).collect();
        let class = "<a href=\"../classes/destructive/index.html\"><span class=\"cls destructive\">Destructive</span></a> tools";
        assert!(said.contains(&class), "{said:#?}");
        let facet = " with <a href=\"../facets/permissions/index.html\"><code>permissions</code></a>";
        assert!(said.iter().any(|words| words.contains(facet)), "{said:#?}");
        assert!(said.iter().all(|words| !words.contains("; ; ") && !words.is_empty()), "{said:#?}");
        for alternative in articles.iter().flat_map(|article| &article.applies) {
            for (id, words) in alternative
                .arguments
                .iter()
                .map(|id| (id, argument_words(id)))
                .chain(alternative.legs.iter().map(|id| (id, leg_words(id))))
                .chain(alternative.findings.iter().map(|id| (id, finding_words(id))))
            {
                assert_ne!(id, words, "an id is printed");
            }
        }
    }
}
