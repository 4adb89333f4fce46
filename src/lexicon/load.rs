//! Embedded rows, a catalogue's rows over them, and the tables made from both.

use std::path::Path;
use std::sync::LazyLock;

use serde::Deserialize;

use super::check;
use super::data::{GroupRole, Signals, Verb};
use super::index::Index;
use super::threads::side_by_side;
use super::vocabulary::GroupSet;
use crate::diagnostic::{Code, Diagnostic, Position};
use crate::input;

const VERBS: &str = include_str!("verbs.toml");
const SIGNALS: &str = include_str!("signals.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Verbs {
    verbs: Vec<Verb>,
}

/// The knowledge, checked and indexed.
#[derive(Debug)]
pub struct Lexicon {
    verbs: Vec<Verb>,
    signals: Signals,
    index: Index,
    answers: GroupSet,
    heads: GroupSet,
}

static EMBEDDED: LazyLock<Lexicon> = LazyLock::new(|| {
    let empty = || Lexicon::index_of(Vec::new(), Signals::default());
    let built = parse(VERBS, SIGNALS, Path::new("verbs.toml"), Path::new("signals.toml"))
        .and_then(|(verbs, signals)| Lexicon::index_of(verbs, signals));
    // The embedded rows are checked by a test, so not at each start; an empty lexicon knows nothing and says so.
    debug_assert!(built.is_ok(), "{:?}", built.err());
    built.or_else(|_| empty()).unwrap_or_else(|_| unreachable!("a lexicon without rows has no faults"))
});

impl Lexicon {
    /// The files of a folder that hold rows of its own.
    pub const FILES: [&str; 2] = ["verbs.toml", "signals.toml"];

    /// The embedded lexicon.
    pub fn embedded() -> &'static Self {
        &EMBEDDED
    }

    /// The embedded lexicon with the rows of `dir/verbs.toml` and `dir/signals.toml` laid over it:
    /// a row with a known key replaces the known row, another is added. A missing file adds nothing.
    ///
    /// # Errors
    /// Everything that is wrong with the rows, with its place.
    pub fn load(dir: &Path) -> Result<Self, Vec<Diagnostic>> {
        let (verbs_path, signals_path) = (dir.join("verbs.toml"), dir.join("signals.toml"));
        let mut faults = Vec::new();
        let mut text =
            |path: &Path| match input::of_catalogue(dir, path, input::MAX_WRITTEN_BYTES).and_then(input::text) {
                Ok(text) => text,
                Err(refused) => {
                    if !refused.is_missing() {
                        faults.push(refused.diagnostic(path));
                    }
                    String::new()
                }
            };
        let (own_verbs, own_signals) = (text(&verbs_path), text(&signals_path));
        if !faults.is_empty() {
            return Err(faults);
        }
        Self::overlaid(&own_verbs, &own_signals, dir)
    }

    /// The embedded lexicon with the rows of two texts laid over it; `dir` is only named in
    /// diagnostics. An empty text adds nothing.
    ///
    /// # Errors
    /// Everything that is wrong with the rows, with its place.
    pub fn overlaid(own_verbs: &str, own_signals: &str, dir: &Path) -> Result<Self, Vec<Diagnostic>> {
        let (verbs_path, signals_path) = (dir.join("verbs.toml"), dir.join("signals.toml"));
        let own_verbs = if own_verbs.trim().is_empty() { "verbs = []" } else { own_verbs };
        let (mut verbs, mut signals) = parse(VERBS, SIGNALS, Path::new("verbs.toml"), Path::new("signals.toml"))?;
        let (over_verbs, over_signals) = parse(own_verbs, own_signals, &verbs_path, &signals_path)?;
        lay_over(&mut verbs, over_verbs, |v| v.lemma.clone());
        verbs.sort_by(|a, b| a.lemma.cmp(&b.lemma));
        signals.sources.extend(over_signals.sources);
        lay_over(&mut signals.group, over_signals.group, |g| g.id.clone());
        signals.compound.extend(over_signals.compound);
        signals.function.extend(over_signals.function);
        lay_over(&mut signals.modifier, over_signals.modifier, |m| m.id.clone());
        lay_over(&mut signals.phrase, over_signals.phrase, |p| p.id.clone());
        lay_over(&mut signals.argument, over_signals.argument, |a| a.id.clone());
        lay_over(&mut signals.model_directed, over_signals.model_directed, |m| m.id.clone());
        Self::build(verbs, signals)
            .map_err(|faults| faults.into_iter().map(|d| Diagnostic { file: verbs_path.clone(), ..d }).collect())
    }

    /// The lexicon of rows that nobody has checked yet.
    fn build(verbs: Vec<Verb>, signals: Signals) -> Result<Self, Vec<Diagnostic>> {
        let faults = check::faults(&verbs, &signals);
        if !faults.is_empty() {
            return Err(faults.into_iter().map(|f| fault(Path::new("verbs.toml"), f)).collect());
        }
        Self::index_of(verbs, signals)
    }

    /// The lexicon of checked rows.
    fn index_of(mut verbs: Vec<Verb>, signals: Signals) -> Result<Self, Vec<Diagnostic>> {
        for verb in &mut verbs {
            verb.foreign = verb.sources.iter().any(|source| source.starts_with("wiktionary"));
            let last = |source: &String| matches!(source.as_str(), "wiktionary-tr" | "wiktionary-hi");
            verb.ends = verb.sources.iter().any(last);
        }
        let index = Index::new(&verbs, &signals).map_err(|e| vec![fault(Path::new("signals.toml"), e)])?;
        let answers = index.role(GroupRole::Answer);
        let heads = (0..).zip(&signals.group).filter(|(_, g)| g.head).fold(0, |set, (i, _)| set | 1 << i);
        Ok(Self { verbs, signals, index, answers, heads })
    }

    /// All verbs, sorted by lemma.
    pub fn verbs(&self) -> &[Verb] {
        &self.verbs
    }

    /// All signals.
    pub fn signals(&self) -> &Signals {
        &self.signals
    }

    /// The groups that count only as the head noun of an object.
    pub fn head_groups(&self) -> GroupSet {
        self.heads
    }

    /// The group of nouns that name an answer.
    pub fn answers(&self) -> GroupSet {
        self.answers
    }

    /// The tables.
    pub fn index(&self) -> &Index {
        &self.index
    }
}

fn lay_over<T>(rows: &mut Vec<T>, over: Vec<T>, key: impl Fn(&T) -> String) {
    for row in over {
        match rows.iter_mut().find(|known| key(known) == key(&row)) {
            Some(known) => *known = row,
            None => rows.push(row),
        }
    }
}

fn fault(path: &Path, message: String) -> Diagnostic {
    Diagnostic::error(Code::BadLexicon, path, message, "see docs/lexicon.md for what a row may hold")
}

fn parse(
    verbs: &str,
    signals: &str,
    verbs_path: &Path,
    signals_path: &Path,
) -> Result<(Vec<Verb>, Signals), Vec<Diagnostic>> {
    let at = |path: &Path, text: &str, e: &toml::de::Error| {
        let mut diagnostic = fault(path, e.message().to_owned());
        if let Some(span) = e.span() {
            diagnostic = diagnostic.at(Position::of(text, span.start));
        }
        diagnostic
    };
    let rows = side_by_side(
        || toml::from_str::<Verbs>(verbs).map_err(|e| at(verbs_path, verbs, &e)),
        || toml::from_str::<Signals>(signals).map_err(|e| at(signals_path, signals, &e)),
    );
    match rows {
        (Ok(v), Ok(s)) => Ok((v.verbs, s)),
        (v, s) => Err(v.err().into_iter().chain(s.err()).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::function::Function;
    use super::*;

    #[test]
    fn the_embedded_rows_have_no_faults() {
        let (verbs, signals) = parse(VERBS, SIGNALS, Path::new("v"), Path::new("s")).unwrap();
        assert!(verbs.is_sorted_by(|a, b| a.lemma < b.lemma), "verbs.toml is sorted by lemma");
        assert_eq!(check::faults(&verbs, &signals), Vec::<String>::new());
    }

    #[test]
    fn a_catalogue_replaces_rows_one_by_one() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(
            dir.path().join("verbs.toml"),
            "verbs = [{ verb = \"frobnicate\", class = \"Destructive\", weight = 0.9, sources = [\"mcp\"] }]",
        )
        .unwrap();
        let lexicon = Lexicon::load(dir.path()).unwrap();
        assert!(lexicon.verbs().iter().any(|v| v.lemma == "frobnicate"));
        assert_eq!(lexicon.verbs().len(), Lexicon::embedded().verbs().len() + 1);
    }

    #[test]
    fn a_word_of_grammar_of_a_catalogue_works_and_stays_unknown() {
        let rows =
            "[[function]]\nfunction = \"frequency\"\nwords = [\"fortnightly\"]\nwhy = \"a time\"\nsources = [\"ud\"]";
        let lexicon = Lexicon::overlaid("", rows, Path::new(".")).unwrap();
        let word = lexicon.index().word("fortnightly");
        assert!(word.is(Function::Frequency) && !word.is(Function::TimeUnit) && word.is_unknown());
        assert!(!Lexicon::embedded().index().word("fortnightly").is(Function::Frequency));
    }

    #[test]
    fn a_mistake_is_reported_with_its_line() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("verbs.toml"), "verbs = [\n  { verb = \"x\", clas = \"Read\" },\n]").unwrap();
        let faults = Lexicon::load(dir.path()).unwrap_err();
        assert_eq!(faults[0].position.unwrap().line, 2);
    }
}
