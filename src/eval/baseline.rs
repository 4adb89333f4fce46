//! What the simplest method would say: the first verb of the name.

use std::collections::HashMap;

use serde::Serialize;

use super::gold::Gold;
use super::proportion::Proportion;
use crate::lexicon::Lexicon;
use crate::risk::Class;
use crate::words::{Words, split_identifier};

/// The first-verb baseline: the class of the first word of a name that is a verb of the lexicon in its base form,
/// as its row says and without any context; Write where no word is one.
#[derive(Debug)]
pub struct FirstVerb<'l> {
    verbs: HashMap<&'l str, Class>,
}

/// How good the baseline is on some labels.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct Baseline {
    /// Classes that the label accepts.
    pub acceptable: Proportion,
    /// Destructive labels with an acceptable class.
    pub destructive_recall: Proportion,
}

impl<'l> FirstVerb<'l> {
    /// The baseline over the verbs of `lexicon`.
    pub fn new(lexicon: &'l Lexicon) -> Self {
        Self { verbs: lexicon.verbs().iter().map(|verb| (verb.lemma.as_str(), verb.class)).collect() }
    }

    /// The class that it gives `name`.
    pub fn class(&self, name: &str) -> Class {
        let mut words = Words::new();
        split_identifier(name, &mut words);
        words.iter().find_map(|word| self.verbs.get(word)).copied().unwrap_or(Class::Write)
    }

    /// Measures it on the names of labelled tools.
    pub fn measure<'a>(&self, gold: impl IntoIterator<Item = &'a Gold>) -> Baseline {
        let (mut all, mut destructive) = (Vec::new(), Vec::new());
        for label in gold {
            let right = label.accepts(self.class(&label.tool));
            all.push(right);
            if label.label == Class::Destructive {
                destructive.push(right);
            }
        }
        Baseline { acceptable: Proportion::count(all), destructive_recall: Proportion::count(destructive) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::read_gold;

    #[test]
    fn the_first_base_form_decides_and_nothing_else_is_asked() {
        let baseline = FirstVerb::new(Lexicon::embedded());
        assert_eq!(baseline.class("list_deleted_items"), Class::Read);
        assert_eq!(baseline.class("user_delete"), Class::Destructive);
        assert_eq!(baseline.class("get_delete_jobs"), Class::Read);
        assert_eq!(baseline.class("frobnicator"), Class::Write);
    }

    #[test]
    fn it_is_measured_as_verdicts_are() {
        let gold = r#"{"server": "s", "tool": "purge_all", "label": "Destructive"}
            {"server": "s", "tool": "thing", "label": "Read"}"#;
        let measured = FirstVerb::new(Lexicon::embedded()).measure(&read_gold(gold).unwrap());
        assert_eq!(measured.acceptable, Proportion::new(1, 2));
        assert_eq!(measured.destructive_recall, Proportion::new(1, 1));
    }
}
