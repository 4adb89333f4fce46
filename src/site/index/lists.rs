//! Lists of tools, cut into pages that another tool or server changes little of.

use std::ops::Range;

use super::{IndexedTool, ServerRow, SiteIndex, ToolRow};
use crate::site::urls::ListPage;

/// A list page holds at most this many tools, unless one server alone has more.
pub(crate) const MAX_LIST_TOOLS: usize = 1_000;

/// One page of a list: the servers whose slugs begin with a prefix.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListRange {
    /// The prefix; empty for the only page of a short list.
    pub prefix: String,
    /// Places in [`SiteIndex::servers`] of the servers on this page of the list.
    pub servers: Range<usize>,
    /// How many tools the page lists.
    pub tools: usize,
}

impl ListRange {
    /// Whether it is one of several parts of a list; the page that leads to them has no prefix.
    pub(crate) fn is_part(&self) -> bool {
        !self.prefix.is_empty()
    }
}

/// A list with its pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListPages {
    /// Which list.
    pub list: ListPage,
    /// How many of its tools have each class, in the order of [`Class::ALL`](crate::risk::Class::ALL).
    pub counts: [usize; 3],
    /// Its pages.
    pub ranges: Vec<ListRange>,
}

impl SiteIndex {
    /// A list, counted and cut into pages.
    pub fn pages(&self, list: ListPage) -> ListPages {
        ListPages { counts: self.counts_of(&list), ranges: self.ranges(&list), list }
    }

    /// How many tools of a list have each class, in the order of [`Class::ALL`](crate::risk::Class::ALL).
    pub(crate) fn counts_of(&self, list: &ListPage) -> [usize; 3] {
        self.listed(list, 0..self.servers.len()).fold([0; 3], |mut counts, found| {
            counts[found.tool().class as usize] += 1;
            counts
        })
    }

    /// The tools of a verb.
    fn of_verb(&self, verb: &str) -> &[(u32, u32)] {
        self.verb_numbers.get(verb).and_then(|n| self.by_verb.get(usize::from(*n))).map_or(&[], Vec::as_slice)
    }

    /// The places of the servers of a range that have a tool of the verb, in order.
    pub(crate) fn servers_of_verb(&self, verb: &str, servers: Range<usize>) -> Vec<usize> {
        let tools = self.of_verb(verb);
        let before = |end: usize| tools.partition_point(|(server, _)| (*server as usize) < end);
        let mut found: Vec<usize> =
            tools[before(servers.start)..before(servers.end)].iter().map(|(server, _)| *server as usize).collect();
        found.dedup();
        found
    }

    /// The tools of a list within a range of servers, in order. Every tool is on [`ListPage::Servers`].
    pub fn listed<'a>(&'a self, list: &'a ListPage, servers: Range<usize>) -> impl Iterator<Item = IndexedTool<'a>> {
        let (of_verb, scanned) = match list {
            ListPage::Verb(verb) => {
                let tools = self.of_verb(verb);
                let before = |end: usize| tools.partition_point(|(server, _)| (*server as usize) < end);
                (&tools[before(servers.start)..before(servers.end)], 0..0)
            }
            _ => (&[][..], servers),
        };
        let scanned = self.servers[scanned].iter().flat_map(move |server| {
            let on = move |at: &usize| on_list(list, &server.tools[*at]);
            (0..server.tools.len()).filter(on).map(move |at| IndexedTool { server, at })
        });
        of_verb.iter().map(|at| self.found(*at)).chain(scanned)
    }

    /// The pages of a list. Pages are cut where slugs differ in their first letters, never by
    /// counting, so a new tool changes the page that it is on and no other, but when its
    /// page grows past the limit and is cut once more.
    pub fn ranges(&self, list: &ListPage) -> Vec<ListRange> {
        let weights = match list {
            ListPage::Servers => vec![1; self.servers.len()],
            ListPage::Verb(verb) => {
                let mut weights = vec![0; self.servers.len()];
                self.of_verb(verb).iter().for_each(|(server, _)| weights[*server as usize] += 1);
                weights
            }
            _ => self.servers.iter().map(|s| s.tools.iter().filter(|t| on_list(list, t)).count()).collect(),
        };
        self.ranges_of(MAX_LIST_TOOLS, &weights)
    }

    /// The servers cut in the same way into ranges that weigh at most `limit`, unless one server alone
    /// weighs more.
    pub(crate) fn ranges_within(&self, limit: usize, weigh: impl Fn(&ServerRow) -> usize) -> Vec<ListRange> {
        let weights: Vec<usize> = self.servers.iter().map(weigh).collect();
        self.ranges_of(limit, &weights)
    }

    fn ranges_of(&self, limit: usize, weights: &[usize]) -> Vec<ListRange> {
        let all = ListRange { prefix: String::new(), servers: 0..self.servers.len(), tools: 0 };
        let mut out = Vec::new();
        self.cut(all, limit, weights, &mut out);
        // The only page is where links to the list lead.
        if let [only] = out.as_mut_slice() {
            only.prefix.clear();
            only.servers = 0..self.servers.len();
        }
        out
    }

    fn cut(&self, range: ListRange, limit: usize, weights: &[usize], out: &mut Vec<ListRange>) {
        let ListRange { prefix, servers, .. } = range;
        let tools: usize = weights[servers.clone()].iter().sum();
        if tools == 0 && !prefix.is_empty() {
            return;
        }
        if tools <= limit || servers.len() <= 1 {
            out.push(ListRange { prefix, servers, tools });
            return;
        }
        let next = |i: usize| self.servers[i].slug[prefix.len()..].chars().next();
        let mut start = servers.start;
        while start < servers.end {
            let letter = next(start);
            let end = (start..servers.end).find(|i| next(*i) != letter).unwrap_or(servers.end);
            // The one server whose slug is the prefix itself; `!` sorts before any letter.
            let prefix = format!("{prefix}{}", letter.unwrap_or('!'));
            self.cut(ListRange { prefix, servers: start..end, tools: 0 }, limit, weights, out);
            start = end;
        }
    }
}

/// Whether a tool is on a list that is not a verb's: those have their own tools.
fn on_list(list: &ListPage, tool: &ToolRow) -> bool {
    match list {
        ListPage::Servers => true,
        ListPage::Class(class) => tool.class == *class,
        ListPage::Severity(severity) => tool.severity == *severity,
        ListPage::Facet(facet) => tool.facets.has(*facet),
        ListPage::Verb(_) => false,
        ListPage::Queue => tool.wants_review(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::NewTool;
    use super::super::tests::index;
    use super::*;
    use crate::risk::Class;

    fn prefixes(index: &SiteIndex) -> Vec<String> {
        index.ranges(&ListPage::Class(Class::Read)).into_iter().map(|r| r.prefix).collect()
    }

    #[test]
    fn a_short_list_is_one_page_and_a_long_one_is_cut_where_slugs_differ() {
        assert_eq!(prefixes(&index(&[("a", 10), ("b", 10)])), [""]);
        assert_eq!(prefixes(&index(&[("a", 900), ("ab", 900), ("ac", 1), ("b", 10)])), ["a!", "ab", "ac", "b"]);
        assert_eq!(prefixes(&index(&[])), [""]);
    }

    #[test]
    fn another_server_changes_no_other_page() {
        let before = prefixes(&index(&[("aa", 600), ("b", 600)]));
        let after = prefixes(&index(&[("aa", 600), ("ab", 10), ("b", 600)]));
        assert_eq!(before, after);
    }

    #[test]
    fn the_only_page_of_a_list_is_where_its_links_lead() {
        let mut index = index(&[("a", 1), ("b", MAX_LIST_TOOLS + 1)]);
        index.servers[0].tools[0].class = Class::Write;
        let ranges = index.ranges(&ListPage::Class(Class::Read));
        assert_eq!(ranges, [ListRange { prefix: String::new(), servers: 0..2, tools: MAX_LIST_TOOLS + 1 }]);
    }

    #[test]
    fn the_list_of_a_verb_holds_its_tools_and_no_others() {
        let verdict = |verb: &str| {
            let mut verdict = crate::policy::fixture::verdict(Class::Write, &[]);
            verdict.verb = Some(verb.to_owned().into());
            verdict
        };
        let row = |slug: &str, verbs: &[&str]| {
            let mut row = ServerRow { slug: slug.to_owned(), ..ServerRow::default() };
            for verb in verbs {
                let (name, verdict) = (format!("{verb}_it"), verdict(verb));
                row.add(&NewTool { name: &name, file: &name, verdict: &verdict, likeness: "", stale_override: false });
            }
            row
        };
        let index = SiteIndex::new([row("a", &["get", "put", "get"]), row("b", &["put"]), row("c", &["get"])]);
        let get = ListPage::Verb("get".to_owned());
        let listed = |servers| index.listed(&get, servers).map(|f| (f.server.slug.as_str(), f.at)).collect::<Vec<_>>();
        assert_eq!(listed(0..3), [("a", 0), ("a", 2), ("c", 0)]);
        assert_eq!(listed(1..3), [("c", 0)]);
        assert_eq!(index.pages(get.clone()).counts, [0, 3, 0]);
        assert_eq!(index.ranges(&get)[0].tools, 3);
        assert_eq!(index.verbs(), [("get", [0, 3, 0]), ("put", [0, 2, 0])]);
        assert_eq!(index.listed(&ListPage::Verb("drop".to_owned()), 0..3).count(), 0);
    }
}
