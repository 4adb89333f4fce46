//! First measurements of blind rounds: typed in as measured, never computed again.
//!
//! A figure is honest only on tools that nobody had looked at when it was taken. After a round what it showed is mended,
//! and its tools become one more set of labels; the figure of that first look is kept in `rounds.toml`.

use std::path::Path;

use serde::{Deserialize, Deserializer, Serialize};

use super::proportion::Proportion;
use crate::diagnostic::{Code, Diagnostic, Position};

/// One round.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Round {
    /// `round-1`: the labels are in `tests/labels/round-1.jsonl`.
    pub id: String,
    /// The day of the measurement, `YYYY-MM-DD`.
    pub date: String,
    /// How many tools were drawn.
    pub tools: usize,
    /// What they were drawn with.
    pub seed: String,
    /// Share of classes on which both annotators agreed before they compared.
    pub agreement: f64,
    /// The same, corrected for chance: J. Cohen, *A coefficient of agreement for nominal scales*, 1960.
    pub kappa: f64,
    /// What was measured before anything was mended.
    pub first: First,
}

/// The figures of the first look.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct First {
    /// Verdicts that the label accepts, `[part, of]`.
    #[serde(deserialize_with = "counts")]
    pub acceptable: Proportion,
    /// Destructive labels with an acceptable verdict, `[part, of]`.
    #[serde(deserialize_with = "counts")]
    pub destructive_found: Proportion,
    /// Destructive labels called Read.
    pub destructive_called_read: usize,
    /// Read labels called Destructive, `[part, of]`.
    #[serde(deserialize_with = "counts")]
    pub read_called_destructive: Proportion,
    /// Facets taken together; absent where the labels have none and the verdicts gave none.
    #[serde(default)]
    pub facets_f1: Option<f64>,
    /// The first-verb baseline: classes that the label accepts, `[part, of]`.
    #[serde(deserialize_with = "counts")]
    pub first_verb: Proportion,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    round: Vec<Round>,
}

fn counts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Proportion, D::Error> {
    let [part, of] = <[usize; 2]>::deserialize(deserializer)?;
    if part > of {
        return Err(serde::de::Error::custom(format!("{part} of {of} is not a proportion: write [part, of]")));
    }
    Ok(Proportion::new(part, of))
}

/// Reads the text of `rounds.toml`; `path` is only named in the diagnostic.
///
/// # Errors
/// What is wrong with the file, and where.
pub fn read(text: &str, path: &Path) -> Result<Vec<Round>, Box<Diagnostic>> {
    let bad = |message: String| {
        Diagnostic::error(Code::BadRound, path, message, "tests/labels/README.md shows what a round holds")
    };
    let file: File = toml::from_str(text).map_err(|e| {
        let diagnostic = bad(e.message().to_owned());
        match e.span() {
            Some(span) => diagnostic.at(Position::of(text, span.start)),
            None => diagnostic,
        }
    })?;
    for (i, round) in file.round.iter().enumerate() {
        if let Some(why) = fault(round, &file.round[..i]) {
            return Err(Box::new(bad(format!("round `{}` {why}", round.id))));
        }
    }
    Ok(file.round)
}

fn fault(round: &Round, before: &[Round]) -> Option<&'static str> {
    let first = &round.first;
    let shares = [Some(round.agreement), first.facets_f1];
    // The id is the stem of a file's name.
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if round.id.is_empty() || !round.id.chars().all(plain) {
        Some("has an id that is not of lower-case letters, digits and hyphens")
    } else if before.iter().any(|other| other.id == round.id) {
        Some("is there twice")
    } else if first.acceptable.of != round.tools || first.first_verb.of != round.tools {
        Some("was not measured on as many tools as it has")
    } else if first.destructive_called_read + first.destructive_found.part > first.destructive_found.of {
        Some("has more Destructive tools found and called Read than it has")
    } else if shares.iter().flatten().any(|share| !(0.0..=1.0).contains(share)) || !(-1.0..=1.0).contains(&round.kappa)
    {
        Some("has a share outside 0 to 1")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROUND: &str = r#"
        [[round]]
        id = "round-1"
        date = "2026-11-28"
        tools = 100
        seed = "7"
        agreement = 0.98
        kappa = 0.963
        [round.first]
        acceptable = [93, 100]
        destructive_found = [11, 13]
        destructive_called_read = 1
        read_called_destructive = [0, 61]
        facets_f1 = 0.71
        first_verb = [80, 100]
    "#;

    fn fault_of(from: &str, to: &str) -> String {
        assert!(ROUND.contains(from));
        read(&ROUND.replacen(from, to, 1), Path::new("rounds.toml")).unwrap_err().message
    }

    #[test]
    fn a_round_is_read_as_it_was_typed_in() {
        let rounds = read(ROUND, Path::new("rounds.toml")).unwrap();
        assert_eq!(rounds[0].first.acceptable, Proportion::new(93, 100));
        assert_eq!(rounds[0].first.destructive_called_read, 1);
        assert!(read("# none yet\n", Path::new("rounds.toml")).unwrap().is_empty());
    }

    #[test]
    fn figures_that_cannot_be_are_refused() {
        assert!(fault_of("[93, 100]", "[101, 100]").contains("[part, of]"));
        assert!(fault_of("tools = 100", "tools = 99").contains("as many tools"));
        assert!(fault_of("0.71", "71.0").contains("0 to 1"));
        assert!(fault_of("called_read = 1", "called_read = 3").contains("more Destructive"));
        assert!(fault_of("\"round-1\"", "\"../x\"").contains("id"));
        assert!(fault_of("kappa", "kapa").contains("kapa"));
        assert!(read(&ROUND.repeat(2), Path::new("r")).unwrap_err().message.contains("twice"));
    }
}
