//! A server whose tools all got another prefix: `acme_list` and `acme_get` are `corp_list` and `corp_get` now.

use std::collections::{BTreeMap, HashMap, HashSet};

/// What was before the names, and what is there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PrefixSwap {
    /// The old prefix with its separator; empty where names had none.
    pub from: String,
    /// The new one; empty where names have none any more.
    pub to: String,
}

/// A rest that more names share does not tell them apart.
const MAX_ALIKE: usize = 8;
/// A longer name is not looked at.
const MAX_NAME_BYTES: usize = 256;
/// Places of a name at which its prefix may end.
const MAX_PLACES: usize = 16;

impl PrefixSwap {
    /// The swap that most of the old names went through: two at least, and more than half of all.
    pub fn of(old: &[&str], new: &[&str]) -> Option<Self> {
        let (known, there): (HashSet<&str>, HashSet<&str>) =
            (old.iter().copied().collect(), new.iter().copied().collect());
        let gone = rests(old.iter().copied().filter(|name| !there.contains(name)));
        let fresh = rests(new.iter().copied().filter(|name| !known.contains(name)));
        let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for (rest, olds) in &gone {
            let Some(news) = fresh.get(rest) else { continue };
            if olds.len() > MAX_ALIKE || news.len() > MAX_ALIKE {
                continue;
            }
            for from in olds {
                for to in news {
                    *counts.entry((from, to)).or_default() += 1;
                }
            }
        }
        // Of swaps that explain as many names, the one that moves least of each.
        let best = counts
            .into_iter()
            .max_by(|((a, b), n), ((c, d), m)| n.cmp(m).then((c.len() + d.len()).cmp(&(a.len() + b.len()))))?;
        let ((from, to), n) = best;
        (n >= 2 && n * 2 > known.len()).then(|| Self { from: from.to_owned(), to: to.to_owned() })
    }

    /// What an old name is called now.
    pub fn apply(&self, old: &str) -> Option<String> {
        old.strip_prefix(&self.from).filter(|rest| !rest.is_empty()).map(|rest| format!("{}{rest}", self.to))
    }
}

/// What may be left of names after a prefix → the prefixes that it has.
fn rests<'a>(names: impl Iterator<Item = &'a str>) -> HashMap<&'a str, Vec<&'a str>> {
    let mut found: HashMap<&str, Vec<&str>> = HashMap::new();
    for name in names.filter(|name| name.len() <= MAX_NAME_BYTES) {
        let mut last = ' ';
        let places = name.char_indices().filter(|(at, c)| {
            let begins = *at == 0 || !last.is_alphanumeric() || (last.is_lowercase() && c.is_uppercase());
            last = *c;
            begins
        });
        for (at, _) in places.take(MAX_PLACES) {
            let (prefix, rest) = name.split_at(at);
            found.entry(rest).or_default().push(prefix);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `from > to`, where a prefix changed.
    fn swap(old: &[&str], new: &[&str]) -> String {
        PrefixSwap::of(old, new).map_or_else(|| "none".to_owned(), |swap| format!("{} > {}", swap.from, swap.to))
    }

    #[test]
    fn a_prefix_that_most_names_changed_is_found_and_moves_little() {
        assert_eq!(swap(&["acme_get_a", "acme_get_b"], &["corp_get_a", "corp_get_b"]), "acme_ > corp_");
        assert_eq!(swap(&["list_a", "get_b", "x"], &["gh_list_a", "gh_get_b", "x"]), " > gh_");
        assert_eq!(swap(&["gh.list", "gh.get"], &["list", "get"]), "gh. > ");
        assert_eq!(swap(&["acmeList", "acmeGet"], &["corpList", "corpGet"]), "acme > corp");
        let swap = PrefixSwap { from: "a_".to_owned(), to: "b_".to_owned() };
        assert_eq!((swap.apply("a_x"), swap.apply("a_"), swap.apply("c_x")), (Some("b_x".to_owned()), None, None));
    }

    #[test]
    fn a_few_names_of_many_and_names_that_stayed_are_not_a_prefix() {
        assert_eq!(swap(&["a_x", "c", "d", "e"], &["b_x", "c", "d", "e"]), "none");
        assert_eq!(swap(&["a_x", "a_y", "c", "d"], &["b_x", "b_y", "c", "d"]), "none");
        assert_eq!(swap(&["a_x", "a_y"], &["a_x", "a_y", "b_x", "b_y"]), "none");
        assert_eq!(swap(&["get_a", "get_b"], &["c", "d"]), "none");
        assert_eq!(swap(&[], &[]), "none");
    }

    #[test]
    fn many_names_with_one_rest_cost_no_square() {
        let names = |side: &str| (0..4_000).map(|i| format!("{side}{i}_list")).collect::<Vec<_>>();
        let (old, new) = (names("a"), names("b"));
        let of = |names: &[String]| {
            PrefixSwap::of(
                &names.iter().map(String::as_str).collect::<Vec<_>>(),
                &new.iter().map(String::as_str).collect::<Vec<_>>(),
            )
        };
        assert_eq!(of(&old), None);
        // Nor does one that is all separators.
        let long: Vec<String> = (0..2).map(|i| format!("{}{i}", "a_".repeat(100_000))).collect();
        assert_eq!(of(&long), None);
    }
}
