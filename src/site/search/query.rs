//! How a query is read: words that need not match, synonyms, filters that are offered. Data in `query.toml`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

/// The table, as `query.toml` holds it and `search/query.json` publishes it.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Query {
    /// Words of a description that say nothing of a tool.
    pub(super) empty: Vec<String>,
    /// Words in the folder of nearly every server.
    pub(super) of_servers: Vec<String>,
    /// What else a word is looked up as.
    pub(super) synonyms: BTreeMap<String, Vec<String>>,
    /// The filter that is offered for a word or phrase.
    pub(super) offers: BTreeMap<String, String>,
}

/// The embedded table. A test holds that it can be read.
pub(super) static QUERY: LazyLock<Query> =
    LazyLock::new(|| toml::from_str(include_str!("query.toml")).unwrap_or_default());

impl Query {
    /// Whether a description is indexed without this word.
    pub(super) fn is_empty(&self, word: &str) -> bool {
        self.empty.binary_search_by(|known| known.as_str().cmp(word)).is_ok()
    }

    /// The words that find a server: those of its folder and its title, without what nearly all folders have.
    pub(super) fn server(&self, words: Vec<String>) -> Vec<String> {
        let said = |word: &String| !self.of_servers.contains(word);
        if words.iter().any(said) { words.into_iter().filter(said).collect() } else { words }
    }
}

#[cfg(test)]
mod tests {
    use super::super::words;
    use super::*;
    use crate::risk::{Class, Facet};

    #[test]
    fn the_table_is_read_sorted_and_without_repeats() {
        let query: Query = toml::from_str(include_str!("query.toml")).expect("the table");
        for list in query.synonyms.values().chain([&query.empty, &query.of_servers]) {
            assert!(!list.is_empty() && list.is_sorted_by(|a, b| a < b), "{list:?}");
        }
        let keys = |table: &str| {
            let part = include_str!("query.toml").split(table).nth(1).expect("the part");
            let lines = part.lines().take_while(|line| !line.starts_with('[')).filter(|line| line.contains(" = "));
            lines.filter_map(|line| line.split(" = ").next()).map(|key| key.replace('"', "")).collect::<Vec<_>>()
        };
        for table in ["[synonyms]", "[offers]"] {
            let keys = keys(table);
            assert!(keys.len() > 5 && keys.is_sorted(), "{keys:?}");
        }
    }

    #[test]
    fn every_word_is_as_split_and_no_synonym_is_the_word_itself() {
        for word in QUERY.empty.iter().chain(&QUERY.of_servers) {
            assert!(words(word) == [word.as_str()] || word == "thi", "{word}");
        }
        for (word, alternatives) in &QUERY.synonyms {
            assert_eq!(words(word), [word.as_str()]);
            for other in alternatives {
                let own = words(other);
                assert!(!own.is_empty() && own != [word.as_str()], "{word} = {other}");
            }
        }
    }

    #[test]
    fn every_offer_is_a_filter_that_exists() {
        for (phrase, filter) in &QUERY.offers {
            assert_eq!(words(phrase).join(" "), *phrase);
            let (key, value) = filter.split_once(':').unwrap_or_default();
            let known = match key {
                "class" => Class::ALL.iter().any(|class| class.slug() == value),
                "facet" => Facet::ALL.iter().any(|facet| facet.name() == value),
                _ => false,
            };
            assert!(known, "{phrase} = {filter}");
        }
    }

    #[test]
    fn a_server_is_found_by_what_distinguishes_it() {
        assert_eq!(QUERY.server(words("server-github")), ["github"]);
        assert_eq!(QUERY.server(words("mcp-server")), ["mcp", "server"]);
    }
}
