//! The tools that are alike: those of other servers that do the same to the same.

use super::{IndexedTool, SiteIndex, ToolRow};

impl SiteIndex {
    /// Two tools each of the groups of tools that are alike, of two servers: at most `limit` groups, those of most
    /// servers first.
    pub(crate) fn alike_tools(&self, limit: usize) -> Vec<Vec<IndexedTool<'_>>> {
        let mut groups: Vec<Vec<IndexedTool<'_>>> = Vec::new();
        for group in self.alike.chunk_by(|(a, ..), (b, ..)| a == b) {
            let mut servers = group.iter().map(|(_, s, t)| (*s as usize, *t as usize)).collect::<Vec<_>>();
            servers.dedup_by_key(|(server, _)| *server);
            if servers.len() > 1 {
                let found = |(s, t): (usize, usize)| IndexedTool { server: &self.servers[s], at: t };
                groups.push(servers.into_iter().map(found).collect());
            }
        }
        groups.sort_by(|a, b| {
            b.len().cmp(&a.len()).then_with(|| (a[0].name(), &a[0].server.slug).cmp(&(b[0].name(), &b[0].server.slug)))
        });
        groups.truncate(limit);
        for group in &mut groups {
            group.truncate(2);
        }
        groups
    }

    /// Tools of other servers with the same likeness, at most `limit`, the servers in order,
    /// one tool a server.
    pub(crate) fn alike(&self, tool: &ToolRow, server: usize, limit: usize) -> Vec<IndexedTool<'_>> {
        if tool.likeness == 0 {
            return Vec::new();
        }
        let first = self.alike.partition_point(|(likeness, ..)| *likeness < tool.likeness);
        let mut last = None;
        self.alike[first..]
            .iter()
            .take_while(|(likeness, ..)| *likeness == tool.likeness)
            .filter(|(_, s, _)| *s as usize != server && last.replace(*s) != Some(*s))
            .take(limit)
            .map(|(_, s, t)| IndexedTool { server: &self.servers[*s as usize], at: *t as usize })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::index;

    #[test]
    fn tools_alike_come_from_other_servers_one_each() {
        let index = index(&[("a", 2), ("b", 2), ("c", 1)]);
        let found = index.alike(&index.servers[0].tools[0], 0, 5);
        assert_eq!(found.iter().map(|f| f.server.slug.as_str()).collect::<Vec<_>>(), ["b", "c"]);
    }
}
