//! Everything that is to be written, as a list of jobs. Nothing here touches a disk.

use std::sync::Arc;

use crate::risk::{Class, Facet, Severity};
use crate::site::alternates::api::ApiList;
use crate::site::index::{ListPages, ListRange, SiteIndex};
use crate::site::moved::Moved;
use crate::site::pages::{PAGES, PageKind, ViewOf};
use crate::site::urls::ListPage;

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
    /// The alternate formats that there is one of: the catalogue as JSON, sitemap, feed, headers.
    Alternates,
}

/// The jobs of a catalogue with `articles` attack patterns. Servers first: they are the most work.
pub(crate) fn plan(index: &SiteIndex, articles: usize, moved: Vec<Moved>) -> Vec<Job> {
    let mut jobs: Vec<Job> = (0..index.servers.len()).map(Job::Server).collect();
    for list in lists(index) {
        let pages = Arc::new(index.pages(list));
        let front =
            ListRange { prefix: String::new(), servers: 0..0, tools: pages.ranges.iter().map(|r| r.tools).sum() };
        let front = (pages.ranges.len() != 1).then_some(front);
        let ranges = front.into_iter().chain(pages.ranges.clone());
        jobs.extend(ranges.map(|range| Job::List { pages: Arc::clone(&pages), range }));
    }
    jobs.extend((0..articles).map(Job::Attack));
    jobs.extend(PAGES.iter().filter_map(|row| Some(Job::Page(row.kind, row.path?, row.view?))));
    for list in ApiList::ALL {
        jobs.extend(index.ranges(&list.list()).into_iter().map(|range| Job::Api(list, range)));
    }
    jobs.push(Job::Alternates);
    jobs.extend(moved.into_iter().map(Job::Moved));
    jobs
}

/// Every list of the site.
pub(super) fn lists(index: &SiteIndex) -> impl Iterator<Item = ListPage> {
    let verbs: Vec<ListPage> = index.verbs().into_iter().map(|(verb, _)| ListPage::Verb(verb.to_owned())).collect();
    [ListPage::Servers, ListPage::Queue]
        .into_iter()
        .chain(Class::ALL.map(ListPage::Class))
        .chain(Severity::ALL.map(ListPage::Severity))
        .chain(Facet::ALL.map(ListPage::Facet))
        .chain(verbs)
}
