//! Which tool of one state is which tool of the other: by name, else by definition.

use std::collections::{BTreeMap, HashMap};

use super::Locked;
use super::prefix::PrefixSwap;
use crate::manifest::{DefinitionPart, Fingerprint};

/// A tool before and after; one of both is missing where it was added or removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair {
    /// Index in the old rows.
    pub before: Option<usize>,
    /// Index in the new rows.
    pub after: Option<usize>,
}

/// Pairs the tools of one server, in byte order of the new name, or the old where there is no new.
///
/// A tool that lost its name and one that has a new name are one renamed tool when most tools of the
/// server got another prefix and it is what follows it, when description and input schema are the
/// same and no third tool has them, or when the input schema is the same and neither state has it twice.
pub fn tools(old: &[Locked], new: &[Locked]) -> Vec<Pair> {
    let names: HashMap<&str, usize> = old.iter().enumerate().map(|(i, row)| (row.tool.as_str(), i)).collect();
    let mut taken = vec![false; old.len()];
    let mut before: Vec<Option<usize>> = Vec::with_capacity(new.len());
    for row in new {
        let same = names.get(row.tool.as_str()).copied();
        if let Some(i) = same {
            taken[i] = true;
        }
        before.push(same);
    }
    if let Some(swap) = swap(old, new) {
        let fresh: HashMap<&str, usize> = new.iter().enumerate().map(|(j, row)| (row.tool.as_str(), j)).collect();
        for (i, row) in old.iter().enumerate() {
            let now = swap.apply(&row.tool).and_then(|name| fresh.get(name.as_str()).copied());
            if let Some(j) = now.filter(|j| before[*j].is_none() && !taken[i]) {
                before[j] = Some(i);
                taken[i] = true;
            }
        }
    }
    for parts in [&[DefinitionPart::Description, DefinitionPart::InputSchema][..], &[DefinitionPart::InputSchema]] {
        // The schema alone must be nobody else's; with the description, no other renamed tool's.
        let alone = parts.len() == 1;
        let olds = unique(old, parts, |i| alone || !taken[i]);
        let news = unique(new, parts, |j| alone || before[j].is_none());
        for (key, j) in news {
            if let (Some(j), Some(Some(i))) = (j, olds.get(&key).copied())
                && before[j].is_none()
                && !taken[i]
            {
                before[j] = Some(i);
                taken[i] = true;
            }
        }
    }
    let mut pairs: Vec<Pair> =
        before.into_iter().enumerate().map(|(j, i)| Pair { before: i, after: Some(j) }).collect();
    pairs.extend((0..old.len()).filter(|i| !taken[*i]).map(|i| Pair { before: Some(i), after: None }));
    pairs.sort_by_key(|p| p.after.map(|j| &new[j].tool).or_else(|| p.before.map(|i| &old[i].tool)));
    pairs
}

/// The prefix that most tools of a server changed, where they did.
pub fn swap(old: &[Locked], new: &[Locked]) -> Option<PrefixSwap> {
    let old: Vec<&str> = old.iter().map(|row| row.tool.as_str()).collect();
    let new: Vec<&str> = new.iter().map(|row| row.tool.as_str()).collect();
    PrefixSwap::of(&old, &new)
}

/// Key → the one row that has it; `None` where several have.
fn unique(
    rows: &[Locked],
    parts: &[DefinitionPart],
    of: impl Fn(usize) -> bool,
) -> BTreeMap<Vec<String>, Option<usize>> {
    let mut map = BTreeMap::new();
    for (i, row) in rows.iter().enumerate().filter(|(i, _)| of(*i)) {
        let key: Option<Vec<String>> = parts.iter().map(|p| row.fingerprint.part(*p)).collect();
        if let Some(key) = key {
            map.entry(key).and_modify(|first| *first = None).or_insert(Some(i));
        }
    }
    map
}

/// What a server is known again by when its folder has another name: a key for each tool.
pub type Signature = Vec<(String, Option<String>)>;

/// The signature of a server's tools, sorted.
pub fn signature<'a>(rows: impl IntoIterator<Item = (&'a str, &'a Fingerprint)>) -> Signature {
    let mut keys: Signature =
        rows.into_iter().map(|(name, f)| (name.to_owned(), f.part(DefinitionPart::InputSchema))).collect();
    keys.sort_unstable();
    keys
}

/// Pairs removed with added servers: one server renamed where at least half of the tools of
/// the larger are the same by name and input schema. The best match wins, then byte order.
pub fn servers(removed: &[(String, Signature)], added: &[(String, Signature)]) -> Vec<(usize, usize)> {
    let mut owners: HashMap<&(String, Option<String>), Vec<usize>> = HashMap::new();
    for (j, (_, signature)) in added.iter().enumerate() {
        for key in signature {
            owners.entry(key).or_default().push(j);
        }
    }
    let mut candidates = Vec::new();
    for (i, (_, signature)) in removed.iter().enumerate() {
        let mut common: BTreeMap<usize, usize> = BTreeMap::new();
        for j in signature.iter().filter_map(|key| owners.get(key)).flatten() {
            *common.entry(*j).or_default() += 1;
        }
        for (j, same) in common {
            let larger = signature.len().max(added[j].1.len());
            if same * 2 >= larger {
                candidates.push((std::cmp::Reverse(same * 1000 / larger.max(1)), i, j));
            }
        }
    }
    candidates.sort_unstable();
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for (_, i, j) in candidates {
        if pairs.iter().all(|(a, b)| *a != i && *b != j) {
            pairs.push((i, j));
        }
    }
    pairs.sort_unstable();
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::lock::{Band, Label};
    use crate::risk::{Class, Facets, Severity};

    fn row(tool: &str, description: u8, schema: u8) -> Locked {
        let mut fingerprint = Fingerprint::of_name(tool);
        for (part, n) in [(DefinitionPart::Description, description), (DefinitionPart::InputSchema, schema)] {
            assert!(fingerprint.set(part, &format!("{n:032x}")));
        }
        let label = Label {
            class: Class::Read,
            severity: Severity::Low,
            facets: Facets::NONE,
            confidence: Band::High,
            rules: vec![],
        };
        Locked { tool: tool.to_owned(), label, fingerprint }
    }

    fn told(old: &[Locked], new: &[Locked]) -> Vec<String> {
        let name = |rows: &[Locked], i: Option<usize>| i.map_or("-".to_owned(), |i| rows[i].tool.clone());
        tools(old, new).iter().map(|p| format!("{}>{}", name(old, p.before), name(new, p.after))).collect()
    }

    #[test]
    fn a_tool_is_known_again_by_its_definition_when_its_name_moved() {
        let old = [row("a", 1, 1), row("b", 2, 9), row("c", 3, 9), row("gone", 4, 4)];
        let new = [row("a", 8, 8), row("b2", 2, 9), row("c2", 3, 9), row("new", 5, 5)];
        assert_eq!(told(&old, &new), ["a>a", "b>b2", "c>c2", "gone>-", "->new"]);
    }

    #[test]
    fn a_schema_that_two_tools_share_identifies_none() {
        let old = [row("keep", 1, 9), row("old", 2, 9)];
        let new = [row("keep", 1, 9), row("new", 3, 9)];
        assert_eq!(told(&old, &new), ["keep>keep", "->new", "old>-"]);
        assert_eq!(told(&[row("old", 2, 7)], &[row("new", 3, 7)]), ["old>new"]);
    }

    #[test]
    fn tools_behind_another_prefix_are_the_same_whatever_else_changed() {
        let old = [row("a_list", 1, 9), row("a_get", 2, 9), row("a_drop", 3, 3), row("ping", 4, 4)];
        let new = [row("b_list", 5, 9), row("b_get", 6, 9), row("b_drop", 7, 8), row("ping", 4, 4), row("b_new", 9, 9)];
        assert_eq!(told(&old, &new), ["a_drop>b_drop", "a_get>b_get", "a_list>b_list", "->b_new", "ping>ping"]);
    }

    #[test]
    fn a_server_is_known_again_by_half_of_its_tools() {
        let sign = |rows: &[Locked]| signature(rows.iter().map(|r| (r.tool.as_str(), &r.fingerprint)));
        let removed = [("x".to_owned(), sign(&[row("a", 1, 1), row("b", 1, 2)])), ("empty".to_owned(), vec![])];
        let added = [
            ("far".to_owned(), sign(&[row("a", 1, 1), row("m", 1, 1), row("n", 1, 1)])),
            ("near".to_owned(), sign(&[row("a", 1, 1), row("c", 1, 2)])),
        ];
        assert_eq!(servers(&removed, &added), [(0, 1)]);
    }
}
