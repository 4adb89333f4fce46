//! Pre-rendered lists: one dimension at a time, cut by server range.

use std::cmp::Reverse;

use serde::Serialize;

use super::label::{LabelView, ShareView};
use super::page::PageView;
use super::tool_href;
use crate::config::Config;
use crate::english::count;
use crate::risk::{Class, Facet, Severity};
use crate::site::html::Html;
use crate::site::index::{IndexedTool, ListPages, ListRange, ServerRow, SiteIndex};
use crate::site::urls::{self, ListPage};

/// The view of `servers.html`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ServersView {
    /// Head and frame.
    pub page: PageView,
    /// How many servers and tools there are.
    pub lead: String,
    /// The most tools that a server of the catalogue has: what the widest bar stands for.
    pub scale: usize,
    /// The servers of this range.
    pub servers: Vec<ServerItem>,
    /// The ranges; empty where there is one.
    pub ranges: Vec<RangeLink>,
}

/// A server in a timetable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ServerItem {
    /// The server's display name, with places where it may break.
    pub name_html: Html,
    /// Its page.
    pub href: String,
    /// Package and version.
    pub package_html: Html,
    /// How many tools, by class.
    pub share: ShareView,
}

/// A part of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RangeLink {
    /// `a … azure`
    pub words: String,
    /// Its page; nothing for this page.
    pub href: Option<String>,
    /// How many rows it has; nothing on the pages of other parts, which would be others with every tool.
    pub count: Option<usize>,
}

/// The view of `list.html`: tools of one class, severity, facet or verb.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ListView {
    /// Head and frame.
    pub page: PageView,
    /// What the tools have in common.
    pub title_html: Html,
    /// What that means.
    pub lead: String,
    /// The class that the list is about, or nothing.
    pub class: &'static str,
    /// The tools of the list by class: all of them, or those of this part.
    pub share: ShareView,
    /// How many tools there are, and what is the same for every one of them: a sentence, or nothing.
    pub summary: String,
    /// What differs.
    pub columns: Columns,
    /// The tools of this range by server.
    pub servers: Vec<ToolGroup>,
    /// The ranges; empty where there is one.
    pub ranges: Vec<RangeLink>,
}

/// Which columns a list has: those in which its tools differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Columns {
    /// Classes differ.
    pub class: bool,
    /// Severities differ.
    pub severity: bool,
    /// Some tools have facets that the list is not about.
    pub facets: bool,
    /// How many columns there are with the tool's own.
    pub count: usize,
}

/// The tools of one server in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ToolGroup {
    /// The server's name.
    pub name_html: Html,
    /// Its page.
    pub href: String,
    /// The tools, in the manifest's order.
    pub tools: Vec<ToolItem>,
}

/// A tool in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ToolItem {
    /// The tool's name, with places where it may break.
    pub name_html: Html,
    /// Its page.
    pub href: String,
    /// Its server's name.
    pub server_html: Html,
    /// Its server's page.
    pub server_href: String,
    /// Class and severity, drawn beside the name.
    pub label: LabelView,
    /// Names of its facets.
    pub facets: Vec<&'static str>,
}

/// The view of `lists.html`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ListsView {
    /// Head and frame.
    pub page: PageView,
    /// The most tools in a list of each table: what its widest bar stands for.
    pub scale: Scale,
    /// The three classes.
    pub classes: Vec<ListLink>,
    /// The four severities, worst first.
    pub severities: Vec<ListLink>,
    /// The seven facets.
    pub facets: Vec<ListLink>,
    /// The verbs of `MIN_TOOLS` tools and more, those with most tools first.
    pub verbs: Vec<ListLink>,
    /// The others, in alphabetical order.
    pub thin_verbs: Vec<ListLink>,
}

/// What the widest bar of each table stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Scale {
    /// Tools of the commonest severity.
    pub severities: usize,
    /// Tools of the commonest facet.
    pub facets: usize,
    /// Tools of the commonest verb.
    pub verbs: usize,
}

/// A list of fewer tools says little by itself: search engines are asked to leave it out, the list of lists folds it.
pub(crate) const MIN_TOOLS: usize = 3;

/// A list in the list of lists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ListLink {
    /// What the list is of: a class, a severity, a facet or a verb.
    pub name: String,
    /// The class's slug or the number of bars, where the list is a class's or a severity's.
    pub key: String,
    /// Its page.
    pub href: String,
    /// What it means, or nothing.
    pub meaning: &'static str,
    /// Its tools by class.
    pub share: ShareView,
    /// How many tools.
    pub count: usize,
}

/// All servers, or those of a range.
pub fn servers(config: &Config, index: &SiteIndex, pages: &ListPages, range: &ListRange) -> ServersView {
    let path = urls::list(&ListPage::Servers, &range.prefix);
    let told = Told::of(index, pages, range);
    let tools = told.servers.iter().map(|server| server.tools.len()).sum();
    let here = if range.is_part() { " in this part" } else { "" };
    let lead = format!("{}{here} with {}{}.", count(told.servers.len(), "server"), told.least, count(tools, "tool"));
    let listed = if told.least.is_empty() { "" } else { "listed " };
    ServersView {
        page: PageView::new(
            config,
            &path,
            "All servers",
            &format!("{lead} Each {listed}tool has its label, evidence and policy."),
        )
        .within("servers")
        .crumbs(config, &[("Servers", &path)]),
        lead,
        scale: most_tools(told.servers),
        servers: sorted(index.servers[range.servers.clone()].iter().collect())
            .into_iter()
            .map(|s| server_item(s, &path))
            .collect(),
        ranges: range_links(pages, range, &path),
    }
}

/// What a page of a list tells of it: of the whole list, or where it is one of several parts of that part alone, so that a
/// new tool changes one of them.
pub(super) struct Told<'a> {
    /// The servers.
    pub servers: &'a [ServerRow],
    /// How many tools of them are on the list, in the order of [`Class::ALL`].
    pub counts: [usize; 3],
    /// "at least " where the listing of one of the servers is a part, else nothing.
    pub least: &'static str,
}

impl<'a> Told<'a> {
    pub(super) fn of(index: &'a SiteIndex, pages: &ListPages, range: &ListRange) -> Self {
        if !range.is_part() {
            return Self { servers: &index.servers, counts: pages.counts, least: index.at_least() };
        }
        let servers = &index.servers[range.servers.clone()];
        let mut counts = [0; 3];
        index.listed(&pages.list, range.servers.clone()).for_each(|found| counts[found.tool().class as usize] += 1);
        let least = servers.iter().map(ServerRow::at_least).find(|words| !words.is_empty()).unwrap_or_default();
        Self { servers, counts, least }
    }
}

/// The most tools that one of these servers has.
fn most_tools(servers: &[ServerRow]) -> usize {
    servers.iter().map(|s| s.tools.len()).max().unwrap_or(1).max(1)
}

/// A server in a timetable on the page at `path`.
pub(crate) fn server_item(server: &ServerRow, path: &str) -> ServerItem {
    ServerItem {
        name_html: Html::name(&server.title),
        href: urls::relative(path, &server.url(), ""),
        package_html: match (server.partial, server.package.as_str()) {
            (false, package) => Html::name(package),
            (true, "") => Html::markup("listed in part"),
            (true, package) => {
                let mut html = Html::name(package);
                html.push_markup(", listed in part");
                html
            }
        },
        share: ShareView::new(server.counts()).at_least(server.at_least()),
    }
}

/// The tools of a list within a range.
pub fn list(config: &Config, index: &SiteIndex, pages: &ListPages, range: &ListRange) -> ListView {
    let list = &pages.list;
    let path = urls::list(list, &range.prefix);
    let told = Told::of(index, pages, range);
    let share = ShareView::new(told.counts).at_least(told.least);
    let place = if range.is_part() { "in this part" } else { "in this catalogue" };
    let (title, mut title_html) = (title(list), Html::new());
    match list {
        ListPage::Class(class) => {
            title_html.push_markup(class.name()).push_markup(" tools");
        }
        ListPage::Severity(severity) => {
            title_html.push_markup("Tools of severity ").push_markup(severity.name());
        }
        ListPage::Facet(facet) => {
            title_html.push_markup("Tools with <code>").push_markup(facet.name()).push_markup("</code>");
        }
        ListPage::Verb(verb) => {
            title_html.push_markup("Tools that <code>").push_text(verb).push_markup("</code>");
        }
        ListPage::Servers | ListPage::Queue => {
            title_html.push_text(&title);
        }
    }
    let lead = match list {
        ListPage::Class(class) => class_meaning(*class).to_owned(),
        ListPage::Severity(severity) => severity_meaning(*severity).to_owned(),
        ListPage::Facet(facet) => facet_meaning(*facet).to_owned(),
        ListPage::Verb(_) | ListPage::Servers | ListPage::Queue => {
            capital(&format!("{}{} {place}: {}.", share.least, count(share.total, "tool"), share.label))
        }
    };
    let mut listed: Vec<IndexedTool<'_>> = index.listed(list, range.servers.clone()).collect();
    listed.sort_by_cached_key(|found| found.server.by_title());
    let own = if let ListPage::Facet(facet) = list { Some(*facet) } else { None };
    let (same, columns) = columns(&listed, own);
    let of_server = |found: &[IndexedTool<'_>]| {
        let server = found.first()?.server;
        let item = |found: &IndexedTool<'_>| {
            let mut item = tool_item(config, found, &path);
            item.facets.retain(|name| own.is_none_or(|facet| facet.name() != *name));
            item
        };
        Some(ToolGroup {
            name_html: Html::name(&server.title),
            href: urls::relative(&path, &server.url(), ""),
            tools: found.iter().map(item).collect(),
        })
    };
    let servers: Vec<ToolGroup> =
        listed.chunk_by(|a, b| a.server.slug == b.server.slug).filter_map(of_server).collect();
    let listed_tools = || capital(&format!("{}{}", share.least, count(share.total, "tool")));
    let summary = match (pages.ranges.len() < 2, same.is_empty()) {
        (true, _) if servers.is_empty() => String::new(),
        (true, true) => format!("{} on {}.", listed_tools(), count(servers.len(), "server")),
        (true, false) => format!("{} on {}, {same}.", listed_tools(), count(servers.len(), "server")),
        (false, true) => String::new(),
        (false, false) => format!("In this part {same}."),
    };
    let section_path = urls::LISTS;
    let page_title = if range.prefix.is_empty() { title.clone() } else { format!("{title}, {}", words(index, range)) };
    let mut page =
        PageView::new(config, &path, &page_title, &described(list, &title, &lead, share.total, servers.len(), place))
            .within("lists")
            .crumbs(config, &[("Lists", section_path), (&title, &path)]);
    page.noindex = share.total < MIN_TOOLS;
    ListView {
        page,
        title_html,
        lead,
        class: if let ListPage::Class(class) = list { class.slug() } else { "" },
        share,
        summary,
        columns,
        servers,
        ranges: range_links(pages, range, &path),
    }
}

/// With a capital at its beginning.
fn capital(text: &str) -> String {
    text[..1].to_ascii_uppercase() + &text[1..]
}

/// What is the same for all these tools (`all Write and Medium`), and the columns for what is not. The facet that the
/// list is about is neither.
fn columns(listed: &[IndexedTool<'_>], own: Option<Facet>) -> (String, Columns) {
    let same = |of: &dyn Fn(&IndexedTool<'_>) -> &'static str| {
        let first = listed.first().map(of)?;
        (listed.len() > 1 && listed.iter().all(|found| of(found) == first)).then_some(first)
    };
    let class = same(&|found| found.tool().class.name());
    let severity = same(&|found| found.tool().severity.name());
    let facets = listed.iter().any(|found| found.tool().facets.iter().any(|facet| Some(facet) != own));
    let words = match (class, severity) {
        (Some(class), Some(severity)) => format!("all {class} and {severity}"),
        (Some(word), None) | (None, Some(word)) => format!("all {word}"),
        (None, None) => String::new(),
    };
    let shown = [class.is_none(), severity.is_none(), facets];
    let count = 1 + shown.iter().filter(|shown| **shown).count();
    (words, Columns { class: shown[0], severity: shown[1], facets, count })
}

/// What search engines say of a list: no two lists the same.
fn described(list: &ListPage, title: &str, lead: &str, total: usize, servers: usize, place: &str) -> String {
    let where_ = count(servers, "server");
    match list {
        ListPage::Verb(_) => {
            format!("{title}: {total} {place}, on {where_}, with class, severity and policy.")
        }
        _ => format!("{title}, {total} {place}. {lead}"),
    }
}

/// A tool in a list on the page at `path`.
pub(crate) fn tool_item(config: &Config, found: &IndexedTool<'_>, path: &str) -> ToolItem {
    let tool = found.tool();
    ToolItem {
        name_html: Html::name(found.name()),
        href: tool_href(config, path, found.server, found.at),
        server_html: Html::name(&found.server.title),
        server_href: urls::relative(path, &found.server.url(), ""),
        label: LabelView::new(tool.class, tool.severity),
        facets: tool.facets.iter().map(Facet::name).collect(),
    }
}

/// The list of lists.
pub fn lists(config: &Config, index: &SiteIndex) -> ListsView {
    let path = urls::LISTS;
    let link = |list: &ListPage, name: &str, key: String, meaning| {
        let share = ShareView::new(index.counts_of(list)).at_least(index.at_least());
        let count = share.counts.iter().sum();
        ListLink {
            name: name.to_owned(),
            key,
            href: urls::relative(path, &urls::list(list, ""), ""),
            meaning,
            share,
            count,
        }
    };
    let verb = |(verb, counts): (&str, [usize; 3])| ListLink {
        name: verb.to_owned(),
        key: String::new(),
        href: urls::relative(path, &urls::list(&ListPage::Verb(verb.to_owned()), ""), ""),
        meaning: "",
        share: ShareView::new(counts).at_least(index.at_least()),
        count: counts.iter().sum(),
    };
    let (mut verbs, thin_verbs): (Vec<ListLink>, Vec<ListLink>) =
        index.verbs().into_iter().map(verb).partition(|link| link.count >= MIN_TOOLS);
    verbs.sort_by_key(|link| Reverse(link.count));
    let severity = |s: Severity| link(&ListPage::Severity(s), s.name(), s.level().to_string(), severity_meaning(s));
    let severities: Vec<ListLink> = Severity::ALL.into_iter().rev().map(severity).collect();
    let facets = Facet::ALL.map(|f| link(&ListPage::Facet(f), f.name(), String::new(), facet_meaning(f))).to_vec();
    let most = |links: &[ListLink]| links.iter().map(|link| link.count).max().unwrap_or(1).max(1);
    ListsView {
        page: PageView::new(config, path, "Lists of tools", "Every tool by class, by severity, by facet and by verb.")
            .within("lists")
            .crumbs(config, &[("Lists", path)]),
        scale: Scale { severities: most(&severities), facets: most(&facets), verbs: most(&verbs) },
        classes: Class::ALL
            .map(|c| link(&ListPage::Class(c), c.name(), c.slug().to_owned(), class_meaning(c)))
            .to_vec(),
        severities,
        facets,
        verbs,
        thin_verbs,
    }
}

/// What a class means.
pub(crate) fn class_meaning(class: Class) -> &'static str {
    match class {
        Class::Read => "One call changes nothing that outlives it.",
        Class::Write => "One call makes a change that another can undo, or sends, starts, stops.",
        Class::Destructive => "One call removes or overwrites for good, or spends money.",
    }
}

/// What a severity means.
pub(crate) fn severity_meaning(severity: Severity) -> &'static str {
    match severity {
        Severity::Low => "Reads, and what it reads is not a secret.",
        Severity::Medium => "Writes without a facet, or reads secrets.",
        Severity::High => "Writes, with a facet that deserves more care.",
        Severity::Critical => "Removes or overwrites for good, or spends money.",
    }
}

/// What a facet means.
pub(crate) fn facet_meaning(facet: Facet) -> &'static str {
    match facet {
        Facet::RunsCode => "An argument is a program.",
        Facet::StartsProcess => "A call starts or stops something that then acts by itself.",
        Facet::MovesMoney => "Payment, transfer, refund, order.",
        Facet::SendsOut => "A message or content goes to people or the public.",
        Facet::Permissions => "Who may do what changes.",
        Facet::ReadsSecrets => "What comes back is meant to be secret.",
        Facet::Bulk => "One call acts on many objects at once.",
    }
}

/// The title of a list.
fn title(list: &ListPage) -> String {
    match list {
        ListPage::Servers => "All servers".to_owned(),
        ListPage::Class(class) => format!("{class} tools"),
        ListPage::Severity(severity) => format!("Tools of severity {severity}"),
        ListPage::Facet(facet) => format!("Tools with {facet}"),
        ListPage::Verb(verb) => format!("Tools that {verb}"),
        ListPage::Queue => "Review queue".to_owned(),
    }
}

/// The servers of a range in words: their first and last slug.
pub(super) fn words(index: &SiteIndex, range: &ListRange) -> String {
    let slug = |i: usize| index.servers.get(i).map_or("", |s| s.slug.as_str());
    match range.servers.len() {
        0 => String::new(),
        1 => slug(range.servers.start).to_owned(),
        _ => format!("{} … {}", slug(range.servers.start), slug(range.servers.end - 1)),
    }
}

/// Links to the parts of a list: from its first page to all of them, from one of them to the first page and to its
/// neighbours.
pub(super) fn range_links(pages: &ListPages, here: &ListRange, path: &str) -> Vec<RangeLink> {
    let ListPages { list, ranges, .. } = pages;
    if ranges.len() < 2 {
        return Vec::new();
    }
    let href = |prefix: &str| Some(urls::relative(path, &urls::list(list, prefix), ""));
    let link = |range: &ListRange, count| RangeLink { words: range.prefix.clone(), href: href(&range.prefix), count };
    if !here.is_part() {
        return ranges.iter().map(|range| link(range, Some(range.tools))).collect();
    }
    let at = ranges.iter().position(|range| range == here).unwrap_or_default();
    let before = at.checked_sub(1).and_then(|at| ranges.get(at));
    let own = RangeLink { words: here.prefix.clone(), href: None, count: Some(here.tools) };
    let all = RangeLink { words: "all parts".to_owned(), href: href(""), count: None };
    let after = ranges.get(at + 1).map(|range| link(range, None));
    [Some(all), before.map(|range| link(range, None)), Some(own), after].into_iter().flatten().collect()
}

/// By name as people read it.
pub(super) fn sorted(mut servers: Vec<&ServerRow>) -> Vec<&ServerRow> {
    servers.sort_by_cached_key(|s| s.by_title());
    servers
}
