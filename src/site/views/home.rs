//! The front page, the search page and the page for what is not there.

use serde::Serialize;

use super::label::{FacetFlags, ShareView, facet_flags};
use super::lists::{ListLink, ServerItem, class_meaning, server_item, sorted};
use super::page::{NavItem, PageView};
use crate::config::Config;
use crate::english::count;
use crate::risk::{Class, Facet, Facets};
use crate::site::alternates::api::ApiList;
use crate::site::html::Html;
use crate::site::index::{ListRange, SiteIndex};
use crate::site::search;
use crate::site::urls::{self, ListPage};

/// Home lists every server of a catalogue of this size; of a larger one those with most tools.
const MAX_SERVERS: usize = 60;
/// Home draws each tool of a catalogue of this size when a facet is chosen: a reader's browser loads and draws all.
const MAX_TOOLS: usize = 5_000;

/// The view of `home.html`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HomeView {
    /// Head and frame.
    pub page: PageView,
    /// `1,622 tools of 43 servers`
    pub counts: String,
    /// All tools by class.
    pub share: ShareView,
    /// The three classes with their counts.
    pub classes: Vec<ListLink>,
    /// The seven facets with their counts.
    pub facets: Vec<FacetCount>,
    /// The lists of the API that hold every tool, parted by spaces; nothing where there are too many tools to draw.
    pub drawn_from: String,
    /// The facet flags of the specimen.
    pub specimen_facets: FacetFlags,
    /// How to run toolcard on servers of one's own.
    pub commands: Vec<CommandView>,
    /// The most tools that one of the servers has: what the widest bar stands for.
    pub scale: usize,
    /// The servers shown.
    pub servers: Vec<ServerItem>,
    /// What is said where not all are shown, or nothing.
    pub servers_note: String,
}

/// A facet, and how many tools have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FacetCount {
    /// The facet's id, e.g. `deletes_data`.
    pub name: &'static str,
    /// The list of those tools.
    pub href: String,
    /// How many.
    pub count: usize,
}

/// A command of toolcard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct CommandView {
    /// What it does.
    pub does: &'static str,
    /// The line.
    pub command: &'static str,
}

/// What a reader who wants the same for servers of their own types, one after the other.
pub const COMMANDS: [CommandView; 4] = [
    CommandView { does: "Install it", command: concat!("cargo install --locked --git ", env!("CARGO_PKG_REPOSITORY")) },
    CommandView { does: "Label one server", command: "toolcard classify manifest.json" },
    CommandView {
        does: "Make a site like this one",
        command: "mkdir -p catalog/my-server\ncp manifest.json catalog/my-server/\ntoolcard build",
    },
    CommandView { does: "Review what changes", command: "toolcard lock\ntoolcard review --base main" },
];

/// "1,622 tools of 43 servers"
fn counts(index: &SiteIndex) -> String {
    format!("{}{} of {}", index.at_least(), count(index.tools(), "tool"), count(index.servers.len(), "server"))
}

/// The front page.
pub fn home(config: &Config, index: &SiteIndex) -> HomeView {
    let path = urls::HOME;
    let counts = counts(index);
    let mut page = PageView::new(
        config,
        path,
        "How much can one call of an MCP tool break?",
        "A card for every tool that an MCP server offers an agent: what it does, how bad one call can get, which \
         words say so, and the policy that contains it.",
    )
    .within("home");
    page.search = false;
    let mut servers: Vec<_> = index.servers.iter().collect();
    let mut servers_note = String::new();
    if servers.len() > MAX_SERVERS {
        servers.sort_by(|a, b| b.tools.len().cmp(&a.tools.len()).then_with(|| a.slug.cmp(&b.slug)));
        servers.truncate(MAX_SERVERS);
        servers_note = format!("The {MAX_SERVERS} servers with most tools.");
    }
    let facets = Facet::ALL.map(|facet| {
        let list = ListPage::Facet(facet);
        let count = index.counts_of(&list).iter().sum();
        FacetCount { name: facet.name(), href: urls::relative(path, &urls::list(&list, ""), ""), count }
    });
    let parts = Class::ALL.map(ApiList::Class).into_iter().flat_map(|list| {
        let part = move |range: &ListRange| urls::api_list(list.name(), &range.prefix);
        index.ranges(&list.list()).iter().map(part).collect::<Vec<_>>()
    });
    let drawn_from = if index.tools() <= MAX_TOOLS { parts.collect::<Vec<_>>().join(" ") } else { String::new() };
    HomeView {
        page,
        counts,
        facets: facets.to_vec(),
        drawn_from,
        share: ShareView::new(index.counts()).at_least(index.at_least()),
        classes: classes(index, path),
        specimen_facets: facet_flags([Facet::Bulk].into_iter().collect::<Facets>()),
        commands: COMMANDS.to_vec(),
        scale: servers.iter().map(|s| s.tools.len()).max().unwrap_or(1).max(1),
        servers: sorted(servers).into_iter().map(|s| server_item(s, path)).collect(),
        servers_note,
    }
}

/// The lists of the three classes, as links from the page at `path`.
fn classes(index: &SiteIndex, path: &str) -> Vec<ListLink> {
    let link = |class: Class| {
        let share = ShareView::new(index.counts_of(&ListPage::Class(class))).at_least(index.at_least());
        ListLink {
            name: class.name().to_owned(),
            key: class.slug().to_owned(),
            href: urls::relative(path, &urls::list(&ListPage::Class(class), ""), ""),
            meaning: class_meaning(class),
            count: share.counts.iter().sum(),
            share,
        }
    };
    Class::ALL.map(link).to_vec()
}

/// The view of `search.html`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SearchView {
    /// Head and frame.
    pub page: PageView,
    /// Where the lists are.
    pub lists_href: String,
    /// Where the servers are.
    pub servers_href: String,
    /// What can be searched.
    pub counts: String,
    /// Queries that find something here.
    pub examples: Vec<QueryExample>,
    /// The three classes: to filter by, and their lists for who finds nothing.
    pub classes: Vec<ListLink>,
    /// Facets that some tool has, to filter by.
    pub facets: Vec<&'static str>,
}

/// A query as a link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct QueryExample {
    /// The words as they are typed into the search.
    pub query: String,
    /// The search page with its results.
    pub href: String,
}

/// Queries that find something in this catalogue, one of each kind.
fn examples(index: &SiteIndex) -> Vec<QueryExample> {
    let mut queries = Vec::new();
    let verbs = index.verbs();
    if let Some((verb, _)) = verbs.iter().rev().max_by_key(|(_, counts)| counts[Class::Destructive as usize]) {
        queries.push((*verb).to_owned());
    }
    let tools = || index.servers.iter().flat_map(|server| &server.tools);
    let both = |facet: &Facet| tools().filter(|t| t.class == Class::Destructive && t.facets.has(*facet)).count();
    if let Some(facet) = Facet::ALL.into_iter().max_by_key(both).filter(|facet| both(facet) > 0) {
        queries.push(format!("class:destructive facet:{}", facet.name()));
    }
    let most = index.servers.iter().max_by_key(|s| s.tools.len()).filter(|s| !s.tools.is_empty());
    queries.extend(most.map(|server| format!("server:{}", search::server_words(&server.slug).join("-"))));
    let link = |query: String| QueryExample { href: format!("?q={}", urls::query_value(&query)), query };
    queries.into_iter().map(link).collect()
}

/// The search page.
pub fn search(config: &Config, index: &SiteIndex) -> SearchView {
    let path = urls::SEARCH;
    let mut page =
        PageView::new(config, path, "Search", "Search every tool and server of this catalogue.").within("search");
    page.search = false;
    page.noindex = true;
    let has = |facet| index.servers.iter().flat_map(|server| &server.tools).any(|tool| tool.facets.has(facet));
    SearchView {
        page,
        lists_href: urls::relative(path, urls::LISTS, ""),
        servers_href: urls::relative(path, urls::SERVERS, ""),
        counts: counts(index),
        examples: examples(index),
        classes: classes(index, path),
        facets: Facet::ALL.into_iter().filter(|facet| has(*facet)).map(Facet::name).collect(),
    }
}

/// The view of `not_found.html`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NotFoundView {
    /// Head and frame; its root is the site's base path, because any address may get it.
    pub page: PageView,
    /// Links to where things are.
    pub links: Vec<NotFoundLink>,
}

/// A link to a page that exists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NotFoundLink {
    /// Where it leads.
    pub href: String,
    /// The text of the link, as in the head bar.
    pub words_html: Html,
}

/// What a host answers where there is no page; `nav` are the links of the head bar.
pub(crate) fn not_found(config: &Config, nav: &[NavItem]) -> NotFoundView {
    let base = config.site.base_url.as_deref().map_or("/", urls::base_path);
    let mut page = PageView::new(config, urls::NOT_FOUND, "No such page", "There is no page at this address.");
    base.clone_into(&mut page.root);
    page.canonical = None;
    page.noindex = true;
    let links = nav
        .iter()
        .map(|item| NotFoundLink { href: format!("{base}{}", item.path), words_html: Html::text(item.label) })
        .collect();
    NotFoundView { page, links }
}
