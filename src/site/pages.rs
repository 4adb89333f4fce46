//! The kinds of pages: one row each. A kind is a row here, a view in `views/` and a template; what else depends on kinds
//! (jobs, navigation, sitemap, the check of themes, docs/theming.md) reads this table.

use super::index::SiteIndex;
use super::urls;
use super::views::page::NavItem;
use super::views::{self, Shared};
use crate::card::attacks::Article;
use crate::config::Config;
use crate::lexicon::Lexicon;

/// What pages that there is one of are made from.
#[derive(Debug, Clone, Copy)]
pub struct SiteContext<'a> {
    /// The site.
    pub config: &'a Config,
    /// The catalogue.
    pub index: &'a SiteIndex,
    /// The words that the rules know.
    pub lexicon: &'a Lexicon,
    /// The attack patterns.
    pub articles: &'a [Article],
}

/// The view of a page that there is one of; nothing where the configuration leaves it out.
pub type ViewOf = fn(SiteContext<'_>) -> Option<Shared>;

/// Where the frame of every page leads to a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nav {
    /// A link in the head bar with this key and these words.
    Head(&'static str, &'static str),
    /// The same in the foot.
    Foot(&'static str, &'static str),
}

/// One kind of page.
#[derive(Debug, Clone, Copy)]
pub struct PageRow {
    /// The kind that this row is of; each has one row.
    pub kind: PageKind,
    /// The template's file.
    pub template: &'static str,
    /// The embedded template.
    pub source: &'static str,
    /// The path of the page, or of the first one; nothing where each has a path of its own.
    pub path: Option<&'static str>,
    /// Its link in the frame of every page.
    pub nav: Option<Nav>,
    /// Whether the sitemap has the page at `path` whatever it holds. Lists are there by their length.
    pub in_sitemap: bool,
    /// The view where there is one page of the kind; nothing where servers, tools, lists or articles have one each.
    pub view: Option<ViewOf>,
}

macro_rules! pages {
    ($($(#[$doc:meta])* $kind:ident { template: $template:literal $(, $field:ident: $value:expr)* $(,)? })*) => {
        /// A kind of page: one template, one view.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum PageKind {
            $($(#[$doc])* $kind),*
        }

        /// Every kind, in the order in which the frame and the sitemap have them.
        pub const PAGES: &[PageRow] = &[$({
            #[allow(clippy::needless_update)] // a row may have every field
            let row = PageRow {
                $($field: $value,)*
                ..row(PageKind::$kind, $template, include_str!(concat!("../../templates/", $template)))
            };
            row
        }),*];
    };
}

pages! {
    /// The front page.
    Home {
        template: "home.html",
        path: Some(urls::HOME),
        in_sitemap: true,
        view: Some(|site| Some(Shared::of(&views::home::home(site.config, site.index)))),
    }
    /// All servers, or a range of them.
    Servers { template: "servers.html", path: Some(urls::SERVERS), nav: Some(Nav::Head("servers", "Servers")) }
    /// The list of lists.
    Lists {
        template: "lists.html",
        path: Some(urls::LISTS),
        nav: Some(Nav::Head("lists", "Lists")),
        in_sitemap: true,
        view: Some(|site| Some(Shared::of(&views::lists::lists(site.config, site.index)))),
    }
    /// All attack patterns.
    Attacks {
        template: "attacks.html",
        path: Some(urls::ATTACKS),
        nav: Some(Nav::Head("attacks", "Attacks")),
        in_sitemap: true,
        view: Some(|site| Some(Shared::of(&views::attacks::index(site.config, site.articles)))),
    }
    /// How labels are decided.
    Method {
        template: "method.html",
        path: Some(urls::METHOD),
        nav: Some(Nav::Head("method", "Method")),
        in_sitemap: true,
        view: Some(|site| Some(Shared::of(&views::method::method(site.config, site.lexicon)))),
    }
    /// Every verb and signal.
    Lexicon {
        template: "lexicon.html",
        path: Some(urls::LEXICON),
        in_sitemap: true,
        view: Some(|site| Some(Shared::of(&views::lexicon::lexicon(site.config, site.lexicon)))),
    }
    /// What the words of the pages mean.
    Glossary {
        template: "glossary.html",
        path: Some(urls::GLOSSARY),
        nav: Some(Nav::Foot("glossary", "Glossary")),
        in_sitemap: true,
        view: Some(|site| Some(Shared::of(&views::glossary::glossary(site.config)))),
    }
    /// The review queue.
    Queue { template: "queue.html", path: Some(urls::QUEUE), nav: Some(Nav::Foot("queue", "Review queue")) }
    /// Cards side by side.
    Compare {
        template: "compare.html",
        path: Some(urls::COMPARE),
        view: Some(|site| {
            let written = views::compare::is_written(site.config);
            written.then(|| Shared::of(&views::compare::compare(site.config, site.index)))
        }),
    }
    /// Search.
    Search {
        template: "search.html",
        path: Some(urls::SEARCH),
        view: Some(|site| {
            let written = site.config.output.search;
            written.then(|| Shared::of(&views::home::search(site.config, site.index)))
        }),
    }
    /// What a host answers where there is no page.
    NotFound {
        template: "not_found.html",
        path: Some(urls::NOT_FOUND),
        view: Some(|site| Some(Shared::of(&views::home::not_found(site.config, &head())))),
    }
    /// A tool's card.
    Tool { template: "tool.html" }
    /// A server.
    Server { template: "server.html" }
    /// Tools of one class, severity, facet or verb.
    List { template: "list.html" }
    /// One attack pattern.
    Attack { template: "attack.html" }
    /// A former address.
    Moved { template: "moved.html" }
}

const fn row(kind: PageKind, template: &'static str, source: &'static str) -> PageRow {
    PageRow { kind, template, source, path: None, nav: None, in_sitemap: false, view: None }
}

impl PageKind {
    /// Its row.
    pub fn row(self) -> &'static PageRow {
        &PAGES[self as usize]
    }

    /// The template's file.
    pub fn template(self) -> &'static str {
        self.row().template
    }
}

fn links(link: impl Fn(Nav) -> Option<(&'static str, &'static str)>) -> Vec<NavItem> {
    let item = |row: &PageRow| {
        let (key, label) = link(row.nav?)?;
        Some(NavItem { key, label, path: row.path? })
    };
    PAGES.iter().filter_map(item).collect()
}

/// The links in the head bar.
pub fn head() -> Vec<NavItem> {
    links(|nav| if let Nav::Head(key, label) = nav { Some((key, label)) } else { None })
}

/// The links in the foot: pages, and the way in for language models.
pub fn foot() -> Vec<NavItem> {
    let mut items = links(|nav| if let Nav::Foot(key, label) = nav { Some((key, label)) } else { None });
    items.push(NavItem { key: "llms", label: "llms.txt", path: urls::LLMS });
    items
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_finds_its_own_row_and_what_is_linked_has_a_path() {
        for row in PAGES {
            assert_eq!(row.kind.row().kind, row.kind);
            assert!(row.path.is_some() || row.nav.is_none() && !row.in_sitemap && row.view.is_none(), "{:?}", row.kind);
        }
        let of = |is: fn(&Nav) -> bool| PAGES.iter().filter(|row| row.nav.as_ref().is_some_and(is)).count();
        let (heads, feet) = (of(|nav| matches!(nav, Nav::Head(..))), of(|nav| matches!(nav, Nav::Foot(..))));
        assert!(heads > 0 && feet > 0);
        // What is for programs has no row of its own.
        assert_eq!((head().len(), foot().len()), (heads, feet + 1));
    }
}
