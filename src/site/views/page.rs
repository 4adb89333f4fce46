//! What every page has: its head, its place in the site, its way back.

use serde::Serialize;
use serde_json::json;

use crate::config::Config;
use crate::site::html::escape::{Html, visible};
use crate::site::urls;

/// The head and frame of a page (`page` in the template).
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct PageView {
    /// The title in the browser's tab.
    pub title: String,
    /// One or two sentences for search engines and previews.
    pub description: String,
    /// The way to the site's root: `../../`, or nothing.
    pub root: String,
    /// The path of its picture in previews; nothing where the site's stands for it.
    pub picture: Option<String>,
    /// The absolute address, where the site has a base URL.
    pub canonical: Option<String>,
    /// Whether search engines should leave the page out.
    pub noindex: bool,
    /// The key of the navigation's entry that the page belongs to.
    pub section: &'static str,
    /// The way back; the last one has no link.
    pub crumbs: Vec<Crumb>,
    /// Whether the head has the search field (home has its own).
    pub search: bool,
    /// Alternate formats of the page and what describes it.
    pub links: Vec<HeadLink>,
    /// JSON-LD, escaped for a script element; empty where there is none.
    pub data_html: Html,
    /// What it is made of.
    #[serde(skip)]
    objects: Vec<serde_json::Value>,
}

/// Search engines show about this many characters of a title.
const MAX_TITLE_CHARS: usize = 70;

/// One step of the way back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Crumb {
    /// The text of the link.
    pub name_html: Html,
    /// Where it leads; nothing for the page itself.
    pub href: Option<String>,
}

/// A `link` in the head.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HeadLink {
    /// `alternate`, `describedby`, …
    pub rel: &'static str,
    /// The media type.
    pub kind: &'static str,
    /// Where it leads.
    pub href: String,
    /// What it is called.
    pub title: Option<String>,
}

impl PageView {
    /// The page at `path`. Title and description may hold server text.
    pub fn new(config: &Config, path: &str, title: &str, description: &str) -> Self {
        Self::titled(config, path, &[title], description)
    }

    /// The page at `path`, whose title is the longest of these that fits: the first with the site's name behind it, then
    /// each by itself, from the fullest to the shortest. The last one is never cut.
    pub(crate) fn titled(config: &Config, path: &str, titles: &[&str], description: &str) -> Self {
        let mut titles = titles.iter().map(|title| visible(title));
        let first = titles.next().unwrap_or_default();
        let full = format!("{first} · {}", config.site.title);
        let mut title = first.clone();
        if full.chars().count() <= MAX_TITLE_CHARS {
            title = full;
        } else if first.chars().count() > MAX_TITLE_CHARS {
            for shorter in titles {
                title = shorter;
                if title.chars().count() <= MAX_TITLE_CHARS {
                    break;
                }
            }
        }
        Self {
            title,
            description: visible(description),
            root: urls::to_root(path),
            canonical: config.site.base_url.as_deref().map(|base| urls::absolute(base, path)),
            search: true,
            ..Self::default()
        }
    }

    /// The same page in a section of the navigation.
    #[must_use]
    pub(crate) fn within(mut self, section: &'static str) -> Self {
        self.section = section;
        self
    }

    /// The way back: names and paths from below home to the page itself, whose own path is last.
    #[must_use]
    pub(crate) fn crumbs(mut self, config: &Config, steps: &[(&str, &str)]) -> Self {
        let here = steps.last().map_or("", |(_, path)| path);
        self.crumbs = steps
            .iter()
            .enumerate()
            .map(|(i, (name, path))| Crumb {
                // Its column is wide and breaks anywhere where it must.
                name_html: Html::text(name),
                href: (i + 1 < steps.len()).then(|| urls::relative(here, path, "")),
            })
            .collect();
        if let Some(base) = &config.site.base_url {
            // The page itself needs no step where two lead to it; its address is its canonical link.
            let most = if steps.len() > 2 { steps.len() - 1 } else { steps.len() };
            let item = |(i, (name, path)): (usize, &(&str, &str))| {
                let mut item = json!({"@type": "ListItem", "position": i + 1, "name": visible(name)});
                if i + 1 < steps.len() {
                    item["item"] = urls::absolute(base, path).into();
                }
                item
            };
            let items: Vec<_> = steps.iter().take(most).enumerate().map(item).collect();
            self.data(json!({"@type": "BreadcrumbList", "itemListElement": items}));
        }
        self
    }

    /// Says to search engines which questions the page answers: each question as text, each answer as HTML.
    /// Only where the site has a base URL, like all such data.
    pub fn questions<'a>(&mut self, questions: impl Iterator<Item = (String, &'a Html)>) {
        if self.canonical.is_none() {
            return;
        }
        let items: Vec<_> = questions
            .map(|(question, answer)| {
                let answer = json!({"@type": "Answer", "text": answer.as_str()});
                json!({"@type": "Question", "name": visible(&question), "acceptedAnswer": answer})
            })
            .collect();
        if !items.is_empty() {
            self.data(json!({"@type": "FAQPage", "mainEntity": items}));
        }
    }

    /// Adds one object to the page's JSON-LD.
    pub(super) fn data(&mut self, data: serde_json::Value) {
        self.objects.push(data);
        let mut whole = match self.objects.as_slice() {
            [only] => only.clone(),
            several => json!({"@graph": several}),
        };
        whole["@context"] = "https://schema.org".into();
        self.data_html = Html::json(&whole);
    }

    /// Adds a link to the head.
    pub fn link(&mut self, rel: &'static str, kind: &'static str, href: String, title: Option<String>) {
        self.links.push(HeadLink { rel, kind, href, title });
    }
}

/// A link of the navigation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NavItem {
    /// The section's key.
    pub key: &'static str,
    /// The words.
    pub label: &'static str,
    /// Path from the root.
    pub path: &'static str,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn breadcrumbs_are_links_but_the_last_and_data_with_a_base_url() {
        let mut config = Config::default();
        let steps = [("Servers", urls::SERVERS), ("a</script>", "tools/a/index.html")];
        let page = PageView::new(&config, steps[1].1, "a", "b").crumbs(&config, &steps);
        assert_eq!(page.crumbs[0].href.as_deref(), Some("../../servers/index.html"));
        assert_eq!(page.crumbs[1].href, None);
        assert!(page.data_html.is_empty());
        let mut unsaid = page;
        unsaid.questions([("a?".to_owned(), &Html::markup("<p>b</p>"))].into_iter());
        assert!(unsaid.data_html.is_empty());
        config.site.base_url = Some("https://x.org/s/".to_owned());
        let page = PageView::new(&config, steps[1].1, "a", "b").crumbs(&config, &steps);
        assert_eq!(page.canonical.as_deref(), Some("https://x.org/s/tools/a/"));
        assert!(page.data_html.as_str().contains("\"name\":\"a\\u003c/script\\u003e\""), "{}", page.data_html.as_str());
        let mut page = page;
        page.questions([("a</script>?".to_owned(), &Html::markup("<p>b</p>"))].into_iter());
        let data: serde_json::Value = serde_json::from_str(page.data_html.as_str()).unwrap();
        assert_eq!(data["@graph"][0]["@type"], "BreadcrumbList");
        assert_eq!(data["@graph"][1]["mainEntity"][0]["acceptedAnswer"]["text"], "<p>b</p>");
        assert!(!page.data_html.as_str().contains('<'));
    }

    #[test]
    fn a_title_has_the_name_of_the_site_where_both_fit() {
        let title = |title: &str| PageView::new(&Config::default(), urls::HOME, title, "").title;
        assert_eq!(title("Lists"), "Lists · toolcard");
        assert_eq!(title(&"a".repeat(59)).chars().count(), 70);
        assert_eq!(title(&"a".repeat(60)), "a".repeat(60));
        let (a, b, c) = ("a".repeat(80), "b".repeat(70), "c".repeat(60));
        let titled = |titles: &[&str]| PageView::titled(&Config::default(), urls::HOME, titles, "").title;
        assert_eq!(titled(&[&a, &b, &c]), b);
        assert_eq!(titled(&[&a, &a, &c]), c);
        assert_eq!(titled(&[&a, &a]), a);
        assert_eq!(titled(&[&c, &b]), c);
    }
}
