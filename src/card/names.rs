//! What tools share by name. Only keys for lists come of it, never words that are printed.

use crate::classify::Verdict;
use crate::lexicon::{Form, Lexicon};
use crate::manifest::Manifest;
use crate::words::{Words, split_identifier};

/// What a name says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Named {
    /// The verb's lemma, else nothing.
    pub verb: Option<String>,
    /// The other words, without an `s` at their ends; none of the server's own.
    pub things: Vec<String>,
}

impl Named {
    /// What makes tools of different servers alike: the verb and the other words, e.g. `get run metric`. Empty where
    /// the name says only one of both.
    pub(crate) fn key(&self) -> String {
        match &self.verb {
            Some(verb) if !self.things.is_empty() => format!("{verb} {}", self.things.join(" ")),
            _ => String::new(),
        }
    }
}

/// What the name of each tool says, in the manifest's order.
pub(crate) fn read(manifest: &Manifest, verdicts: &[Verdict], lexicon: &Lexicon) -> Vec<Named> {
    let mut words = Words::new();
    let own = own_words(manifest, &mut words);
    let common = common_first_word(manifest, lexicon, &mut words);
    let one = |(tool, verdict): (&crate::manifest::Tool, &Verdict)| {
        split_identifier(&tool.name, &mut words);
        let mut verb = None;
        let mut things = Vec::new();
        for (i, word) in words.iter().enumerate() {
            match lemma(word, lexicon) {
                Some(known) if verb.is_none() => verb = Some(known.to_owned()),
                _ if own.iter().any(|w| w == word) || (i == 0 && common.as_deref() == Some(word)) => {}
                _ => things.push(word.strip_suffix('s').filter(|w| w.len() > 2).unwrap_or(word).to_owned()),
            }
        }
        Named { verb: verdict.verb.as_deref().map(str::to_owned).or(verb), things }
    };
    manifest.tools.iter().zip(verdicts).map(one).collect()
}

/// The lemma of a word that is a verb's base form.
fn lemma<'l>(word: &str, lexicon: &'l Lexicon) -> Option<&'l str> {
    let (verb, _) = lexicon.index().word(word).verb.filter(|(_, form)| *form == Form::Base)?;
    lexicon.verbs().get(usize::from(verb)).map(|verb| verb.lemma.as_str())
}

/// The words of the server's own name, which tell no tool from another.
fn own_words(manifest: &Manifest, words: &mut Words) -> Vec<String> {
    let mut own = vec!["mcp".to_owned(), "server".to_owned()];
    for name in [&manifest.server.slug, manifest.server.display_name()] {
        split_identifier(name, words);
        own.extend(words.iter().map(str::to_owned));
    }
    own
}

/// The word at the beginning of most names, where it is not a verb: `browser` in `browser_click`.
fn common_first_word(manifest: &Manifest, lexicon: &Lexicon, words: &mut Words) -> Option<String> {
    let total = manifest.tools.len();
    let mut firsts: Vec<String> = Vec::with_capacity(total);
    for tool in &manifest.tools {
        split_identifier(&tool.name, words);
        if words.len() > 1 && lemma(words.text(0), lexicon).is_none() {
            firsts.push(words.text(0).to_owned());
        }
    }
    firsts.sort_unstable();
    let most = firsts.chunk_by(|a, b| a == b).max_by_key(|same| same.len())?;
    (total >= 4 && most.len() * 2 > total).then(|| most[0].clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classify::Classifier;
    use crate::manifest::Tool;

    #[test]
    fn a_key_is_the_verb_and_what_no_other_tool_of_the_server_says() {
        let names = ["browser_click", "browser_get_tabs", "browser_list_run_metrics", "browser_wait"];
        let tool = |name: &&str| Tool { name: (*name).into(), ..Tool::default() };
        let mut manifest = Manifest { tools: names.iter().map(tool).collect(), ..Manifest::default() };
        manifest.server.slug = "run-mcp".to_owned();
        let verdicts = Classifier::new(Lexicon::embedded()).server(&manifest);
        let keys: Vec<String> = read(&manifest, &verdicts, Lexicon::embedded()).iter().map(Named::key).collect();
        assert_eq!(keys, ["", "get tab", "list metric", ""]);
    }
}
