//! `toolcard explain --sentences`: every sentence of ours, its condition, and how many cards it is on.

use std::io::{self, Write as _};
use std::path::Path;

use toolcard::card::check::Checked;
use toolcard::card::{CardContext, ServerCards, attacks, sentences};
use toolcard::catalog::labelled::Labelled;
use toolcard::classify::Classifier;
use toolcard::config::Config;
use toolcard::diagnostic::Parsed;
use toolcard::lexicon::Lexicon;
use toolcard::neutral;
use toolcard::policy::RateLimits;

use super::Exit;
use super::input::sources;
use super::term::Terminal;

/// Prints the sentences with their counts over the catalogue, and what does not hold of them there.
pub(super) fn run(catalog: &Path, lexicon: &Lexicon, term: Terminal) -> io::Result<Exit> {
    let Some(checked) = check(catalog, lexicon, term) else { return Ok(Exit::Usage) };
    let mut out = term.out();
    for s in sentences() {
        let cards = checked.cards_with.get(s.id).copied().unwrap_or_default();
        writeln!(out, "{}\n  {}\n  When: {}", s.id, s.text, s.when)?;
        if cards > 0 {
            writeln!(out, "  On {cards} of {} cards", checked.cards)?;
        }
    }
    for fault in &checked.faults {
        writeln!(out, "wrong: {}", neutral::terminal(fault))?;
    }
    for id in checked.everywhere() {
        writeln!(out, "on more than a third of the cards: {id}")?;
    }
    out.flush()?;
    Ok(if checked.faults.is_empty() { Exit::Done } else { Exit::Failed })
}

fn check(catalog: &Path, lexicon: &Lexicon, term: Terminal) -> Option<Checked> {
    let Parsed { value: sources, diagnostics: faults } = sources(&[catalog.to_owned()]);
    if term.diagnostics(&faults) && sources.is_empty() {
        return None;
    }
    let config = Config::default();
    let articles = attacks::embedded();
    let context = CardContext { config: &config, rate_limits: RateLimits::default(), lexicon, articles: &articles };
    let mut checked = Checked::default();
    for source in sources {
        let Labelled { manifest, verdicts, .. } = source.label(Classifier::new(lexicon)).value;
        checked.server(&ServerCards::new(&manifest, &verdicts, context));
    }
    Some(checked)
}
