//! The words that a server puts before its tools' names: a name space is not a verb.

use std::collections::BTreeMap;

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
        let mut words = Words::new();
        let split: Vec<Vec<String>> = names
            .map(|name| {
                split_identifier(name, &mut words);
                words.iter().map(str::to_owned).collect()
            })
            .collect();
        let total = split.len();
        let mut found: Vec<String> = Vec::new();
        let is_verb = |word: &str| matches!(lexicon.index().word(word).verb, Some((_, Form::Base)));
        // A word that is only a verb is none, however many names begin with it, unless it is known as a name space.
        let is_only_verb = |word: &str| match lexicon.index().word(word).verb {
            Some((verb, Form::Base)) => {
                let row = &lexicon.verbs()[verb as usize];
                row.noun == Noun::Rarely && !row.roles.contains(&VerbRole::Space)
            }
            _ => false,
        };
        while found.len() < MAX_WORDS {
            let at = found.len();
            let sharing = split.iter().filter(|w| w.len() > at + 1 && w[..at] == found[..]);
            let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
            for name in sharing {
                let entry = counts.entry(&name[at]).or_default();
                entry.0 += 1;
                entry.1 += usize::from(name[at + 1..].iter().any(|w| is_verb(w)));
            }
            let best = counts.into_iter().max_by_key(|(word, (n, _))| (*n, std::cmp::Reverse(*word)));
            let Some((word, (n, with_verb))) = best else { break };
            if n < MIN_TOOLS || n * 2 < total || is_only_verb(word) || (is_verb(word) && with_verb * 2 <= n) {
                break;
            }
            found.push(word.to_owned());
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
