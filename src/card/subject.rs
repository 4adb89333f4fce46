//! What a name says: the deed's verb and the thing it is done to, as words that our own sentences
//! may use. Only lower-case ASCII words taken out of the name pass; everything else stays in
//! code letters.

use super::grammar;
use crate::classify::{Place, Verdict};
use crate::lexicon::{Form, Lexicon};
use crate::words::{Words, split_identifier};

/// Words of a name that our sentences may use, at most.
const WORDS: usize = 6;
/// Letters of such a word, at most.
const LETTERS: usize = 20;

const ACRONYMS: [&str; 44] = [
    "ai", "api", "arn", "aws", "cpu", "css", "csv", "d1", "db", "dlq", "dns", "dom", "ec2", "eks", "gpu", "html",
    "http", "https", "iam", "ip", "json", "jwt", "kv", "llm", "mcp", "mfa", "pdf", "r2", "s3", "sdk", "sns", "sql",
    "sqs", "ssh", "ssl", "tls", "ui", "uri", "url", "vm", "vpc", "xml", "yaml", "zip",
];
const PREPOSITIONS: [&str; 14] =
    ["to", "from", "in", "into", "for", "by", "of", "on", "with", "at", "as", "via", "using", "per"];
/// What follows these takes no article.
const BARE: [&str; 6] = ["by", "as", "via", "with", "using", "per"];
const DETERMINERS: [&str; 12] =
    ["all", "any", "my", "each", "every", "multiple", "many", "some", "this", "that", "the", "your"];
const DEFINITE: [&str; 9] = ["active", "current", "default", "entire", "latest", "main", "next", "previous", "whole"];
const BULK: [&str; 5] = ["batch", "bulk", "mass", "multi", "multiple"];

/// Names of products that stand in names of tools.
const PROPER: [(&str, &str); 24] = [
    ("atlas", "Atlas"),
    ("chrome", "Chrome"),
    ("cloudwatch", "CloudWatch"),
    ("confluence", "Confluence"),
    ("docker", "Docker"),
    ("figma", "Figma"),
    ("git", "Git"),
    ("github", "GitHub"),
    ("gitlab", "GitLab"),
    ("gmail", "Gmail"),
    ("google", "Google"),
    ("helm", "Helm"),
    ("javascript", "JavaScript"),
    ("jira", "Jira"),
    ("js", "JavaScript"),
    ("kubernetes", "Kubernetes"),
    ("lambda", "Lambda"),
    ("mongodb", "MongoDB"),
    ("notion", "Notion"),
    ("postgres", "Postgres"),
    ("python", "Python"),
    ("redis", "Redis"),
    ("slack", "Slack"),
    ("xcode", "Xcode"),
];
/// What is listed itself, and not one of many.
const CONTAINERS: [&str; 5] = ["dir", "directory", "folder", "path", "tree"];
/// What these verbs need before their object.
const PARTICLES: [(&str, &str); 11] = [
    ("chat", "with"),
    ("comment", "on"),
    ("connect", "to"),
    ("hover", "over"),
    ("listen", "to"),
    ("look", "at"),
    ("navigate", "to"),
    ("reply", "to"),
    ("respond", "to"),
    ("subscribe", "to"),
    ("wait", "for"),
];
/// What begins a clause in a name: `check_if_…`.
const CLAUSES: [&str; 8] = ["how", "if", "what", "when", "where", "whether", "which", "who"];
const NOUNS_IN_ED: [&str; 5] = ["breed", "embed", "newsfeed", "speed", "weed"];

/// The deed and its object.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Subject {
    /// The verb's lemma, where it is English; never a server's word.
    pub verb: Option<String>,
    /// A second verb, `update` in `create_or_update_file`.
    pub second: Option<String>,
    /// Whether the verb stands in the name; else the description says it.
    pub in_name: bool,
    /// The object with its articles: "a comment to an issue"; empty where the name has none.
    pub object: String,
    /// The object's noun in the singular: `comment`.
    pub head: String,
    /// Whether the object is a plural.
    pub many: bool,
    /// Words of the object, singular, sorted in the name's order: what tools share.
    pub things: Vec<String>,
}

impl Subject {
    /// Reads a name. `prefix` words at its beginning belong to the server and say nothing.
    /// So do words of its own name, `own`.
    pub fn read(
        name: &str,
        verdict: &Verdict,
        prefix: usize,
        own: &[String],
        lexicon: &Lexicon,
        words: &mut Words,
    ) -> Self {
        split_identifier(name, words);
        let named = own.iter().any(|w| w == words.text(0)) && lemma_of(words.text(0), lexicon).is_none();
        let prefix = prefix.max(usize::from(named && words.len() > 1));
        let mut verb = verdict.verb.as_deref().filter(|v| is_english(v, lexicon));
        let mut at = verdict.verb.as_deref().and_then(|lemma| place_of(lemma, verdict, lexicon, words));
        if at.is_none()
            && let Some((place, lemma)) =
                (prefix..words.len()).find_map(|i| Some((i, lemma_of(words.text(i), lexicon)?)))
        {
            // The description knows a worse deed than the name tells: the sentence says the name's.
            (at, verb) = (Some(place), Some(lemma));
        }
        let all: Vec<&str> = words.iter().collect();
        let mut rest: &[&str] = match at {
            Some(at) if at + 1 < all.len() => &all[at + 1..],
            Some(at) => {
                let before = &all[prefix.min(at)..at];
                if before.iter().any(|w| lemma_of(w, lexicon).is_some()) { &[] } else { before }
            }
            None => &all[prefix.min(all.len())..],
        };
        let mut second = None;
        if let [join @ ("or" | "and"), next, ..] = rest
            && let Some(lemma) = lemma_of(next, lexicon)
            && !join.is_empty()
        {
            second = Some(lemma.to_owned());
            rest = &rest[2..];
        }
        let mut subject = Self {
            verb: verb.map(str::to_owned),
            second,
            in_name: at.is_some(),
            things: rest
                .iter()
                .filter(|w| !PREPOSITIONS.contains(w) && !DETERMINERS.contains(w) && !BULK.contains(w))
                .map(|w| grammar::singular(w))
                .collect(),
            ..Self::default()
        };
        let speakable = rest.len() <= WORDS
            && rest
                .iter()
                .all(|w| w.len() <= LETTERS && w.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()));
        if speakable && at.is_some() {
            subject.phrase(rest, all[..at.unwrap_or(0)].iter().any(|w| BULK.contains(w)));
        }
        subject
    }

    /// Builds the object phrase; `batch` where a word before the verb says that it is many.
    fn phrase(&mut self, words: &[&str], batch: bool) {
        let mut article = true;
        let mut first = true;
        for segment in Segments(words) {
            let (preposition, noun_words) = segment;
            if let Some(preposition) = preposition {
                article = !BARE.contains(&preposition);
                if noun_words.is_empty() {
                    continue;
                }
                if !self.object.is_empty() {
                    self.object.push(' ');
                }
                self.object.push_str(preposition);
            }
            if noun_words.first().is_some_and(|w| CLAUSES.contains(w)) {
                if !self.object.is_empty() {
                    self.object.push(' ');
                }
                self.object.push_str(&noun_words.join(" "));
                continue;
            }
            let bulk = (batch && first) || noun_words.iter().any(|w| BULK.contains(w));
            let kept: Vec<&str> =
                noun_words.iter().copied().filter(|w| !BULK.contains(w) && !matches!(*w, "a" | "an")).collect();
            let Some((head, before)) = kept.split_last() else { continue };
            let all = kept[0] == "all" || bulk;
            let determined = DETERMINERS.contains(&kept[0]);
            let listed = first
                && self.verb.as_deref() == Some("list")
                && !CONTAINERS.contains(head)
                && !kept.iter().any(|w| grammar::is_plural(w));
            let many = grammar::is_plural(head) || ((all || listed) && !grammar::is_uncounted(head));
            let head = if all || listed { grammar::plural(head) } else { (*head).to_owned() };
            let count_free =
                many || grammar::is_uncounted(&head) || head.len() <= 1 || head.bytes().all(|b| b.is_ascii_digit());
            if !self.object.is_empty() {
                self.object.push(' ');
            }
            if head.len() > 4 && head.ends_with("ed") && !NOUNS_IN_ED.contains(&head.as_str()) {
                self.object.push_str("what is ");
            } else if article && !determined {
                if DEFINITE.contains(&kept[0]) {
                    self.object.push_str("the ");
                } else if !count_free {
                    self.object.push_str(grammar::a(&spoken(kept[0])));
                    self.object.push(' ');
                }
            }
            for word in before {
                self.object.push_str(&spoken(word));
                self.object.push(' ');
            }
            self.object.push_str(&spoken(&head));
            if first {
                self.many = many;
                self.head = grammar::singular(&head);
                first = false;
            }
        }
    }

    /// The deed in the third person with its object: "Creates or updates a file". `None` where no
    /// English verb is known.
    pub fn deed(&self) -> Option<String> {
        let verb = self.verb.as_deref()?;
        let mut out = match verb {
            "get" | "retrieve" | "fetch" | "obtain" if !self.object.is_empty() => "returns".to_owned(),
            "exec" => "runs commands in".to_owned(),
            "screenshot" | "snapshot" => format!("takes a {verb}{}", if self.object.is_empty() { "" } else { " of" }),
            verb => grammar::third(verb),
        };
        let starts = self.object.split(' ').next().unwrap_or("");
        if self.second.is_none()
            && !PREPOSITIONS.contains(&starts)
            && let Some((_, particle)) = PARTICLES.iter().find(|(v, _)| *v == verb)
        {
            out.push(' ');
            out.push_str(particle);
        }
        if let Some(second) = &self.second {
            out.push_str(" or ");
            out.push_str(&grammar::third(second));
        }
        if !self.object.is_empty() {
            out.push(' ');
            out.push_str(&self.object);
        }
        Some(grammar::capital(&out))
    }
}

/// How a word of a name is written in a sentence.
fn spoken(word: &str) -> String {
    if ACRONYMS.contains(&word) {
        return word.to_ascii_uppercase();
    }
    match word {
        "urls" => "URLs".to_owned(),
        "k8s" => "Kubernetes".to_owned(),
        _ => PROPER.iter().find(|(low, _)| *low == word).map_or(word, |(_, name)| name).to_owned(),
    }
}

/// Noun phrases with the preposition before each.
struct Segments<'a>(&'a [&'a str]);

impl<'a> Iterator for Segments<'a> {
    type Item = (Option<&'a str>, &'a [&'a str]);

    fn next(&mut self) -> Option<Self::Item> {
        let (first, rest) = self.0.split_first()?;
        let (preposition, words) = if PREPOSITIONS.contains(first) { (Some(*first), rest) } else { (None, self.0) };
        let end = words.iter().position(|w| PREPOSITIONS.contains(w)).unwrap_or(words.len());
        self.0 = &words[end..];
        Some((preposition, &words[..end]))
    }
}

/// Whether a lemma is an English verb: those of other languages come from dictionaries of theirs.
fn is_english(lemma: &str, lexicon: &Lexicon) -> bool {
    let known = || {
        let (verb, _) = lexicon.index().word(lemma).verb?;
        lexicon.verbs().get(usize::from(verb))
    };
    lemma.is_ascii() && known().is_none_or(|v| !v.sources.iter().all(|s| s.starts_with("wiktionary-")))
}

/// The English lemma of a word, where the lexicon knows it as a verb.
pub fn lemma_of<'l>(word: &str, lexicon: &'l Lexicon) -> Option<&'l str> {
    let (verb, form) = lexicon.index().word(word).verb?;
    if form != Form::Base {
        return None;
    }
    let lemma = lexicon.verbs().get(usize::from(verb))?.lemma.as_str();
    is_english(lemma, lexicon).then_some(lemma)
}

/// Which word of the name is the verb: the one that the evidence marks, else one that has the lemma.
fn place_of(lemma: &str, verdict: &Verdict, lexicon: &Lexicon, words: &Words) -> Option<usize> {
    let marked = verdict
        .evidence
        .iter()
        .find(|e| e.place == Place::Name && e.rule.strip_prefix("verb.") == Some(lemma))
        .and_then(|e| (0..words.len()).find(|i| words.span(*i).start == e.span.start))
        .filter(|i| !matches!(lexicon.index().word(words.text(*i)).verb, Some((_, Form::Third))));
    marked.or_else(|| {
        (0..words.len()).find(|i| {
            let found = lexicon.index().word(words.text(*i)).verb;
            found
                .filter(|(_, form)| *form == Form::Base)
                .and_then(|(v, _)| lexicon.verbs().get(usize::from(v)))
                .is_some_and(|v| v.lemma == lemma)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classify::Classifier;
    use crate::manifest::Tool;

    fn deed(name: &str) -> String {
        let lexicon = Lexicon::embedded();
        let verdict = Classifier::new(lexicon).tool(&Tool { name: name.to_owned(), ..Tool::default() });
        Subject::read(name, &verdict, 0, &[], lexicon, &mut Words::new()).deed().unwrap_or_default()
    }

    #[test]
    fn names_read_as_sentences() {
        for (name, sentence) in [
            ("get_task_artifacts", "Returns task artifacts"),
            ("add_comment_to_issue", "Adds a comment to an issue"),
            ("create_or_update_file", "Creates or updates a file"),
            ("deleteContactsBatch", "Deletes contacts"),
            ("batch_delete_contact", "Deletes contacts"),
            ("list_env_var", "Lists env vars"),
            ("list_directory", "Lists a directory"),
            ("get_user_by_id", "Returns a user by id"),
            ("zones_list", "Lists zones"),
            ("check_if_user_exists", "Checks if user exists"),
            ("get-a-block", "Returns a block"),
            ("run_sql", "Runs SQL"),
            ("update_mcp_server", "Updates an MCP server"),
        ] {
            assert_eq!(deed(name), sentence, "{name}");
        }
    }

    #[test]
    fn words_that_are_no_plain_words_stay_out_of_our_sentences() {
        for name in ["delete_<b>", "delete_\u{202e}x", "delete_ñandú", "delete_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"]
        {
            let said = deed(name);
            assert!(said.is_ascii() && !said.contains(['<', '>']) && said.len() < 30, "{said}");
        }
    }
}
