//! The documents of the profiles: one that several profiles share is shown once.

use serde::Serialize;

use crate::card::ServerCards;
use crate::english::count;
use crate::policy::{Outcome, Policy, Profile, outcomes};
use crate::site::html::Html;
use crate::site::html::code;
use crate::site::views::label::Tab;

/// Tools of a document beyond which it has no colours: each coloured word is an element.
const MAX_COLOURED: usize = 40;

/// What a profile does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProfileRow {
    /// The profile, or the profiles whose document is the same: `read-only`, `guarded`, `open`.
    pub profiles: Vec<&'static str>,
    /// Whether it is the recommended one.
    pub recommended: bool,
    /// Read, Write, Destructive: what becomes of them.
    pub outcomes: [String; 3],
}

/// Profiles with the same document.
pub(super) struct Same<'a> {
    pub row: ProfileRow,
    first: Profile,
    last: Profile,
    policy: &'a Policy,
}

/// The profiles, strictest first.
pub(super) fn profiles<'a>(server: &'a ServerCards<'_>) -> Vec<Same<'a>> {
    let mut all: Vec<Same<'_>> = Vec::with_capacity(Profile::ALL.len());
    for (profile, policy) in Profile::ALL.into_iter().zip(server.documents()) {
        match all.last_mut() {
            Some(same) if same.policy == policy => same.last = profile,
            _ => {
                let outcomes = outcomes(policy, server.tools()).map(words);
                let row = ProfileRow { profiles: Vec::new(), recommended: false, outcomes };
                all.push(Same { row, first: profile, last: profile, policy });
            }
        }
    }
    for same in &mut all {
        let held = Profile::ALL.into_iter().filter(|profile| (same.first..=same.last).contains(profile));
        same.row.profiles = held.map(Profile::name).collect();
        same.row.recommended = (same.first..=same.last).contains(&Profile::Guarded);
    }
    all
}

/// `3 allowed, 1 limited`
fn words(counts: [usize; Outcome::ALL.len()]) -> String {
    let some: Vec<(usize, Outcome)> = counts.into_iter().zip(Outcome::ALL).filter(|(n, _)| *n > 0).collect();
    match some.as_slice() {
        [] => "none".to_owned(),
        [(_, outcome)] => outcome.name().to_owned(),
        several => {
            let words: Vec<String> = several.iter().map(|(n, o)| format!("{n} {}", o.name())).collect();
            words.join(", ")
        }
    }
}

impl Same<'_> {
    fn name(&self) -> &'static str {
        match (self.first, self.last) {
            (Profile::ReadOnly, Profile::ReadOnly) => "Read only",
            (Profile::ReadOnly, Profile::Guarded) => "Read only and guarded",
            (Profile::ReadOnly, _) => "Read only, guarded and open",
            (Profile::Guarded, Profile::Open) => "Guarded and open",
            (Profile::Guarded, _) => "Guarded",
            _ => "Open",
        }
    }

    /// The document as a tab.
    pub(crate) fn tab(&self, partial: bool) -> Tab {
        let named = self.policy.tools.len() + self.policy.hide.len();
        // Maps with text keys, texts and numbers always serialise.
        let value = serde_json::to_value(self.policy).unwrap_or_default();
        let text = code::dense_value(&value);
        Tab {
            id: self.last.name(),
            label: self.name(),
            group: "",
            chosen: self.row.recommended,
            intro_html: Html::markup(match (self.first, self.last) {
                (Profile::ReadOnly, Profile::Open) if partial => {
                    "One document whatever the profile: each listed tool reads. One that is not listed is denied."
                }
                (Profile::ReadOnly, Profile::Open) => "One document whatever the profile: every tool reads.",
                (Profile::ReadOnly, _) => "Only tools that read. Every other call is denied by default.",
                (Profile::Guarded, _) if partial => "Each listed tool under the rule that its card recommends.",
                (Profile::Guarded, _) => "Every tool under the rule that its card recommends.",
                _ if partial => {
                    "Each listed tool can be called. What changes or removes something is limited, and nothing moves \
                     money."
                }
                _ => "Every tool can be called. What changes or removes something is limited, and nothing moves money.",
            }),
            code_html: if named > MAX_COLOURED { Html::text(&text) } else { code::json(&text, &[]) },
            note_html: Html::text(&format!(
                "{} named, {} hidden. Everything that the document does not name is denied.",
                count(named, "tool"),
                self.policy.hide.len()
            )),
        }
    }
}
