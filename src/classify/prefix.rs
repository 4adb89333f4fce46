//! The words that a server puts before its tools' names: a name space is not a verb.

use std::collections::BTreeMap;
use std::ops::Range;

use super::text::Text;
use crate::lexicon::{Form, Lexicon, Noun, VerbRole};
use crate::words::{Words, split_identifier};

/// A leading word is a prefix in at least this many of a server's tools, and in half of them.
const MIN_TOOLS: usize = 4;
/// Prefixes have at most this many words.
const MAX_WORDS: usize = 3;

/// The leading words that a server's tools share.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Prefix(Vec<String>);

impl Prefix {
    /// Learns the prefix from the names of a server's tools: a leading word in at least half of
    /// them, and at least four, unless it is the verb, which it is where most names have no verb
    /// behind it.
    pub(super) fn learn<'a>(lexicon: &Lexicon, names: impl Iterator<Item = &'a str>) -> Self {
        // The words of all names in one list, and those of each.
        let (mut words, mut all, mut ends) = (Words::new(), String::new(), Vec::new());
        let names: Vec<Range<usize>> = names
            .map(|name| {
                let from = ends.len();
                split_identifier(name, &mut words);
                for word in words.iter() {
                    all.push_str(word);
                    ends.push(all.len());
                }
                from..ends.len()
            })
            .collect();
        let word = |i: usize| &all[i.checked_sub(1).map_or(0, |before| ends[before])..ends[i]];
        let total = names.len();
        let mut found: Vec<String> = Vec::new();
        let is_verb = |word: &str| matches!(lexicon.index().word(word).verb, Some((_, Form::Base)));
        // A word that is only a verb is none, however many names begin with it, unless it is known as a name space.
        let is_only_verb = |word: &str| match lexicon.index().word(word).verb {
            Some((verb, Form::Base)) => {
                let row = &lexicon.verbs()[verb as usize];
                row.noun == Noun::Rarely && !row.roles.contains(VerbRole::Space)
            }
            _ => false,
        };
        while found.len() < MAX_WORDS {
            let at = found.len();
            let shares = |name: &Range<usize>| found.iter().zip(name.clone()).all(|(known, i)| known == word(i));
            let sharing = names.iter().filter(|name| name.len() > at + 1 && shares(name));
            let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
            for name in sharing {
                let entry = counts.entry(word(name.start + at)).or_default();
                entry.0 += 1;
                entry.1 += usize::from((name.start + at + 1..name.end).any(|i| is_verb(word(i))));
            }
            let best = counts.into_iter().max_by_key(|(word, (n, _))| (*n, std::cmp::Reverse(*word)));
            let Some((best, (n, with_verb))) = best else { break };
            if n < MIN_TOOLS || n * 2 < total || is_only_verb(best) || (is_verb(best) && with_verb * 2 <= n) {
                break;
            }
            found.push(best.to_owned());
        }
        Self(found)
    }

    /// How many leading words of a name are the prefix; the last word of a name never is.
    pub(super) fn len_in(&self, words: &Text) -> usize {
        let shared = self.0.iter().enumerate().take_while(|(i, word)| words.word(*i) == word.as_str()).count();
        shared.min(words.len().saturating_sub(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn learn(names: &[&str]) -> Vec<String> {
        Prefix::learn(Lexicon::embedded(), names.iter().copied()).0
    }

    #[test]
    fn a_shared_leading_word_is_a_prefix_unless_it_is_the_verb() {
        assert_eq!(learn(&["jira_get", "jira_create_issue", "jira_delete", "jira_search", "ping"]), ["jira"]);
        assert_eq!(
            learn(&["close_list_contacts", "close_create_lead", "close_get_lead", "close_delete_lead"]),
            ["close"]
        );
        assert!(learn(&["list_users", "list_groups", "list_roles", "list_keys"]).is_empty());
        assert!(learn(&["jira_get", "jira_create", "jira_delete"]).is_empty());
    }
}
