//! Inflection: the forms that a verb takes in names and sentences, made once when the lexicon
//! is loaded, so that a word is looked up and never stemmed.

/// The form that a word has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// `delete`
    Base,
    /// `deletes`; also the plural where the verb is a noun.
    Third,
    /// `deleting`
    Ing,
    /// `deleted`
    Past,
    /// `deletion`
    Noun,
    /// `deleter`: who or what does it.
    Agent,
}

/// The regular English forms of `lemma`, the lemma itself first. A lemma with letters outside
/// ASCII has no other form.
pub fn inflections(lemma: &str) -> Vec<(String, Form)> {
    let mut out = vec![(lemma.to_owned(), Form::Base)];
    if !lemma.is_ascii() || lemma.len() < 2 {
        return out;
    }
    let bytes = lemma.as_bytes();
    let last = bytes[bytes.len() - 1];
    let before = bytes[bytes.len() - 2];
    let vowel = |b: u8| matches!(b, b'a' | b'e' | b'i' | b'o' | b'u');
    let third = if lemma.ends_with("sh") || lemma.ends_with("ch") || matches!(last, b's' | b'x' | b'z' | b'o') {
        format!("{lemma}es")
    } else if last == b'y' && !vowel(before) {
        format!("{}ies", &lemma[..lemma.len() - 1])
    } else {
        format!("{lemma}s")
    };
    out.push((third, Form::Third));
    let stem = if last == b'e' && !matches!(before, b'e' | b'o' | b'y') { &lemma[..lemma.len() - 1] } else { lemma };
    out.push((format!("{stem}ing"), Form::Ing));
    let past = if last == b'e' {
        format!("{lemma}d")
    } else if last == b'y' && !vowel(before) {
        format!("{}ied", &lemma[..lemma.len() - 1])
    } else {
        format!("{lemma}ed")
    };
    out.push((past, Form::Past));
    // `stop`, `submit`: a short vowel before one consonant doubles it; both spellings are known.
    if !vowel(last) && !matches!(last, b'w' | b'x' | b'y') && vowel(before) && bytes.len() >= 3 {
        let third_last = bytes[bytes.len() - 3];
        if !vowel(third_last) {
            let c = char::from(last);
            out.push((format!("{lemma}{c}ing"), Form::Ing));
            out.push((format!("{lemma}{c}ed"), Form::Past));
        }
    }
    if last == b'e' && !vowel(before) {
        out.push((format!("{lemma}r"), Form::Agent));
        if lemma.ends_with("ate") || lemma.ends_with("ute") || lemma.ends_with("ize") {
            out.push((format!("{stem}or"), Form::Agent));
        }
    } else if last != b'e' {
        out.push((format!("{lemma}er"), Form::Agent));
        let doubles = !vowel(last) && !matches!(last, b'w' | b'x' | b'y') && vowel(before) && bytes.len() >= 3;
        if doubles && !vowel(bytes[bytes.len() - 3]) {
            out.push((format!("{lemma}{}er", char::from(last)), Form::Agent));
        }
    }
    if let Some(stem) = lemma.strip_suffix("ate") {
        out.push((format!("{stem}ation"), Form::Noun));
    } else if matches!(lemma, "delete" | "execute" | "insert" | "detect" | "select" | "extract" | "complete") {
        out.push((format!("{}ion", lemma.trim_end_matches('e')), Form::Noun));
    }
    out
}

/// The form of an irregular spelling listed with a verb.
pub(super) fn form_of(spelling: &str) -> Form {
    if spelling.ends_with("ing") {
        Form::Ing
    } else if spelling.is_ascii() && spelling.ends_with('s') {
        Form::Third
    } else if spelling.is_ascii() && (spelling.ends_with("ed") || spelling.ends_with('t') || spelling.ends_with('n')) {
        Form::Past
    } else {
        Form::Base
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forms(lemma: &str) -> Vec<String> {
        inflections(lemma).into_iter().map(|(form, _)| form).collect()
    }

    #[test]
    fn regular_verbs_inflect_as_in_english() {
        assert_eq!(forms("delete"), ["delete", "deletes", "deleting", "deleted", "deleter", "deletion"]);
        assert_eq!(forms("copy"), ["copy", "copies", "copying", "copied", "copyer"]);
        assert_eq!(forms("push"), ["push", "pushes", "pushing", "pushed", "pusher"]);
        assert!(forms("stop").contains(&"stopping".to_owned()));
        assert!(forms("create").contains(&"creation".to_owned()));
        assert!(forms("free").contains(&"freeing".to_owned()));
    }

    #[test]
    fn a_lemma_of_another_script_has_one_form() {
        assert_eq!(forms("删除"), ["删除"]);
    }
}
