//! Everything that is to be written, as a list of jobs with what each is made from. Nothing here touches a disk.

use std::sync::Arc;

use rayon::prelude::*;

use super::rows::{Hash, SeenServer, hash_of, hex};
use crate::card::attacks::Article;
use crate::catalog::changes::Event;
use crate::config::Config;
use crate::risk::{Class, Facet, Severity};
use crate::site::alternates::api::ApiList;
use crate::site::alternates::sitemap::{self, SitemapPart};
use crate::site::index::{ListPages, ListRange, SiteIndex};
use crate::site::moved::Moved;
use crate::site::pages::{PAGES, PageKind, ViewOf};
use crate::site::urls::{self, ListPage};
use crate::site::views::{self, tool::view::MAX_ALIKE};

/// One unit of parallel work.
#[derive(Debug, Clone)]
pub(crate) enum Job {
    /// A server's page, its tools' pages, policies and alternate formats: all files of its folder.
    Server(usize),
    /// One page of a list.
    List {
        /// The list and its pages.
        pages: Arc<ListPages>,
        /// The range on this page; one without servers leads to the others.
        range: ListRange,
    },
    /// A page of the site that there is one of.
    Page(PageKind, &'static str, ViewOf),
    /// An attack pattern, by its place among the articles.
    Attack(usize),
    /// The page at a former address.
    Moved(Moved),
    /// One part of a list of the API.
    Api(ApiList, ListRange),
    /// The alternate formats that there is one of: the catalogue as JSON, feed, headers, the front of the sitemap.
    Alternates,
    /// A part of the sitemap.
    Sitemap(SitemapPart),
}

/// A job with the name of the unit that it writes, and what that is made from: while both stay, so do its bytes.
#[derive(Debug, Clone)]
pub(crate) struct PlannedJob {
    /// What is to be done.
    pub job: Job,
    /// What the paths of its files begin with.
    pub unit: String,
    /// The hash of all that it is made from, beside what [`super::inputs`] knows of the whole site.
    pub inputs: String,
}

/// What a plan is made from.
#[derive(Clone, Copy)]
pub(super) struct Plan<'a> {
    pub config: &'a Config,
    pub index: &'a SiteIndex,
    /// What the first pass knows of each server of the index, in its order.
    pub seen: &'a [SeenServer],
    /// Sorted by server.
    pub events: &'a [Event],
    pub articles: &'a [Article],
    /// Pages of no server that search engines should know.
    pub others: &'a [String],
    /// The hash of all rows, and of the whole history.
    pub whole: (Hash, Hash),
}

impl Plan<'_> {
    /// Every job but the search index. Servers first: they are the most work.
    pub(super) fn jobs(&self, moved: Vec<Moved>) -> Vec<PlannedJob> {
        let index = self.index;
        let server = |place: usize| {
            let row = &index.servers[place];
            PlannedJob { job: Job::Server(place), unit: urls::server_folder(&row.file), inputs: self.server(place) }
        };
        let mut jobs: Vec<PlannedJob> = (0..index.servers.len()).into_par_iter().map(server).collect();
        let lists: Vec<ListPage> = lists(index).collect();
        jobs.par_extend(lists.into_par_iter().flat_map_iter(|list| self.list(list)));
        let file = |job, unit: &str, parts: &[&[u8]]| {
            let inputs = hex(&hash_of(parts.iter().copied()));
            PlannedJob { job, unit: unit.to_owned(), inputs }
        };
        let (rows, history) = &self.whole;
        let articles = self.articles.iter().enumerate();
        jobs.extend(articles.map(|(i, article)| file(Job::Attack(i), &urls::attack(&article.slug), &[])));
        jobs.extend(PAGES.iter().filter_map(|row| {
            let (path, view) = (row.path?, row.view?);
            Some(file(Job::Page(row.kind, path, view), path, &[rows]))
        }));
        for list in ApiList::ALL {
            jobs.extend(index.ranges(&list.list()).into_iter().map(|range| {
                let inputs = hex(&self.rows(&list.list(), &range, &[]));
                let unit = urls::api_list(list.name(), &range.prefix);
                PlannedJob { job: Job::Api(list, range), unit, inputs }
            }));
        }
        jobs.push(file(Job::Alternates, "", &[rows, history]));
        for part in sitemap::parts(self.config, index, self.others.len()) {
            let inputs = match &part.range {
                Some(range) if range.is_part() => self.rows(&ListPage::Servers, range, history),
                _ => hash_of([&rows[..], history]),
            };
            let unit = part.path.clone();
            jobs.push(PlannedJob { job: Job::Sitemap(part), unit, inputs: hex(&inputs) });
        }
        jobs.extend(moved.into_iter().map(|moved| {
            let said = format!("{moved:?}");
            let unit = moved.from.clone();
            file(Job::Moved(moved), &unit, &[said.as_bytes()])
        }));
        jobs
    }

    /// A server: its own files, what became of its labels, and the tools of others that its pages name.
    fn server(&self, place: usize) -> String {
        let row = &self.index.servers[place];
        let events = format!("{:?}", events_of(self.events, &row.slug));
        let mut others = Vec::new();
        for tool in &row.tools {
            for found in self.index.alike(tool, place, MAX_ALIKE) {
                let server = found.server;
                for text in [&*server.slug, &server.file, &server.title, found.name(), server.tool_file(found.at)] {
                    others.extend_from_slice(text.as_bytes());
                    others.push(0);
                }
                let other = found.tool();
                others.extend([other.class as u8, other.severity as u8, other.facets.bits()]);
            }
            others.push(b'\n');
        }
        let (events, others) = (hash_of([events.as_bytes()]), hash_of([&*others]));
        // What cannot be hashed is never the same.
        self.seen[place].hash.map_or_else(String::new, |own| [own, events, others].map(|hash| hex(&hash)).join(":"))
    }

    /// The pages of a list: where there are several, the first leads to the others.
    fn list(&self, list: ListPage) -> impl Iterator<Item = PlannedJob> + use<> {
        let pages = Arc::new(self.index.pages(list));
        let front =
            ListRange { prefix: String::new(), servers: 0..0, tools: pages.ranges.iter().map(|r| r.tools).sum() };
        let front = (pages.ranges.len() != 1).then_some(front);
        let prefixes: Vec<&str> = pages.ranges.iter().map(|range| range.prefix.as_str()).collect();
        let planned = |range: ListRange| {
            let at = prefixes.iter().position(|prefix| *prefix == range.prefix).unwrap_or_default();
            let beside = at.checked_sub(1).into_iter().chain([at + 1]).filter_map(|at| prefixes.get(at).copied());
            let beside = beside.collect::<Vec<_>>().join("\n");
            let inputs = if range.is_part() || front.is_none() {
                self.rows(&pages.list, &range, beside.as_bytes())
            } else {
                hash_of([&self.whole.0[..]])
            };
            let unit = urls::list(&pages.list, &range.prefix);
            PlannedJob { job: Job::List { pages: Arc::clone(&pages), range }, unit, inputs: hex(&inputs) }
        };
        let planned: Vec<PlannedJob> = front.iter().cloned().chain(pages.ranges.iter().cloned()).map(planned).collect();
        planned.into_iter()
    }

    /// The rows of a range of a list, and what else its page says.
    fn rows(&self, list: &ListPage, range: &ListRange, more: &[u8]) -> Hash {
        let servers: Vec<usize> = match list {
            ListPage::Verb(verb) => self.index.servers_of_verb(verb, range.servers.clone()),
            _ => range.servers.clone().collect(),
        };
        let rows = servers.iter().map(|place| &self.seen[*place].row_hash[..]);
        hash_of([range.prefix.as_bytes(), more].into_iter().chain(rows))
    }
}

/// The events of one server, of events sorted by server.
pub(super) fn events_of<'a>(events: &'a [Event], server: &str) -> &'a [Event] {
    let start = events.partition_point(|e| e.server.as_str() < server);
    let end = events.partition_point(|e| e.server.as_str() <= server);
    &events[start..end]
}

/// Pages of no server that search engines should know: the front page, articles, and the lists that lead on.
pub(super) fn others(index: &SiteIndex, articles: &[Article]) -> Vec<String> {
    let whatever_it_holds = PAGES.iter().filter(|row| row.in_sitemap).filter_map(|row| row.path);
    let mut pages: Vec<String> = whatever_it_holds.map(str::to_owned).collect();
    let kept = |list: &ListPage| {
        *list == ListPage::Servers || index.counts_of(list).iter().sum::<usize>() >= views::lists::MIN_TOOLS
    };
    pages.extend(lists(index).filter(kept).map(|list| urls::list(&list, "")));
    pages.extend(articles.iter().map(|article| urls::attack(&article.slug)));
    pages
}

/// Every list of the site.
fn lists(index: &SiteIndex) -> impl Iterator<Item = ListPage> {
    let verbs: Vec<ListPage> = index.verbs().into_iter().map(|(verb, _)| ListPage::Verb(verb.to_owned())).collect();
    [ListPage::Servers, ListPage::Queue]
        .into_iter()
        .chain(Class::ALL.map(ListPage::Class))
        .chain(Severity::ALL.map(ListPage::Severity))
        .chain(Facet::ALL.map(ListPage::Facet))
        .chain(verbs)
}
