//! What makes a review fail.

use std::fmt;

use super::change::{Acceptance, Change, Review};
use super::kind::{KINDS, Kind};
use crate::classify::FindingLevel;
use crate::diagnostic::nearest;

/// When `toolcard review` exits with 1: a set of values, each of [`FailOn::ALL`] or the id of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FailOn {
    /// One bit a value, in the order of [`FailOn::ALL`].
    values: u8,
    /// One bit a kind, in the order of [`KINDS`].
    kinds: u64,
}

// A kind more than there are bits could not be named.
const _: () = assert!(KINDS.len() <= u64::BITS as usize);

impl FailOn {
    /// Something is riskier than what was reviewed: a label rose, or any other error but a new tool.
    pub const RAISED: Self = Self { values: 1, kinds: 0 };
    /// A label fell.
    pub const LOWERED: Self = Self { values: 1 << 1, kinds: 0 };
    /// A tool became Destructive or came in as one.
    pub const DESTRUCTIVE: Self = Self { values: 1 << 2, kinds: 0 };
    /// Anything changed.
    pub const ANY: Self = Self { values: 1 << 3, kinds: 0 };
    /// Never; beside another value it adds nothing.
    pub const NONE: Self = Self { values: 0, kinds: 0 };

    /// Every value that is not an id of a kind, with its name.
    pub const ALL: [(Self, &'static str); 5] = [
        (Self::RAISED, "raised"),
        (Self::LOWERED, "lowered"),
        (Self::DESTRUCTIVE, "destructive"),
        (Self::ANY, "any"),
        (Self::NONE, "none"),
    ];

    /// A kind of change.
    pub fn kind(kind: Kind) -> Self {
        Self { values: 0, kinds: 1 << kind as usize }
    }

    /// What stops where either stops.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self { values: self.values | other.values, kinds: self.kinds | other.kinds }
    }

    /// The values of a list with commas, in any case.
    ///
    /// # Errors
    /// A sentence that names the value most like an unknown one.
    pub fn parse(list: &str) -> Result<Self, String> {
        list.split(',').map(str::trim).try_fold(Self::NONE, |sum, name| Ok(sum.or(Self::one(name)?)))
    }

    fn one(name: &str) -> Result<Self, String> {
        let values = Self::ALL.into_iter().chain(KINDS.iter().map(|row| (Self::kind(row.kind), row.id)));
        let mut all = values.clone();
        if let Some((value, _)) = all.find(|(_, known)| known.eq_ignore_ascii_case(name)) {
            return Ok(value);
        }
        let known: Vec<&str> = Self::ALL.into_iter().map(|(_, name)| name).collect();
        let takes = format!("expected one of {}, or the id of a change that docs/review.md lists", known.join(", "));
        Err(match nearest(name, values.map(|(_, name)| name)) {
            Some(near) => format!("did you mean `{near}`? {takes}"),
            None => takes,
        })
    }

    /// Whether this change alone makes the review fail.
    pub fn stops(self, change: &Change) -> bool {
        let has = |value: Self| self.values & value.values != 0;
        let open = change.accepted.is_none();
        open && has(Self::RAISED) && raises(change)
            || has(Self::LOWERED) && change.id == Kind::LabelLowered
            || open && has(Self::DESTRUCTIVE) && change.became_destructive()
            || has(Self::ANY) && !change.id.reminds()
            || self.kinds & Self::kind(change.id).kinds != 0
            // The line of a kind that says more takes the place of this one.
            || self.kinds & Self::kind(Kind::DescriptionChanged).kinds != 0 && change.tells_description()
            || self.kinds & Self::kind(Kind::ToolRenamed).kinds != 0 && change.id == Kind::PrefixRenamed
    }

    /// Whether the change fails and would not, if it were accepted.
    pub fn waits(self, change: &Change) -> bool {
        let accepted = Change { accepted: Some(Acceptance::Lock), ..change.clone() };
        self.stops(change) && !self.stops(&accepted)
    }

    /// The changes that make the review fail.
    pub fn stopped(self, review: &Review) -> usize {
        review.changes.iter().filter(|c| self.stops(c)).count()
    }
}

/// A new tool is judged by `destructive`: there was no label that could rise.
fn raises(change: &Change) -> bool {
    change.id == Kind::LabelRaised || (change.level == FindingLevel::Error && change.id != Kind::ToolAdded)
}

/// The names with commas, as [`FailOn::parse`] reads them.
impl fmt::Display for FailOn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let values = Self::ALL.into_iter().filter(|(value, _)| self.values & value.values != 0).map(|(_, name)| name);
        let kinds = KINDS.iter().filter(|row| self.kinds & Self::kind(row.kind).kinds != 0).map(|row| row.id);
        let names: Vec<&str> = values.chain(kinds).collect();
        f.write_str(if names.is_empty() { "none" } else { "" })?;
        f.write_str(&names.join(","))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_and_every_kind_is_read_in_any_case_and_printed_back() {
        let kinds = KINDS.iter().map(|row| (FailOn::kind(row.kind), row.id));
        for (value, name) in FailOn::ALL.into_iter().chain(kinds) {
            assert_eq!(FailOn::parse(&name.to_uppercase()), Ok(value));
            assert_eq!(value.to_string(), name);
        }
        let both = FailOn::parse("url-added, raised").expect("a list");
        assert_eq!(both.to_string(), "raised,url-added");
        assert_eq!(FailOn::parse("none,lowered"), Ok(FailOn::LOWERED));
    }

    #[test]
    fn an_unknown_value_names_the_nearest_and_the_others() {
        let wrong = |list: &str| FailOn::parse(list).expect_err(list);
        assert!(
            wrong("rised")
                .starts_with("did you mean `raised`? expected one of raised, lowered, destructive, any, none")
        );
        assert!(wrong("raised,urls-added").starts_with("did you mean `url-added`?"));
        assert!(wrong("zzzz").starts_with("expected one of"));
        assert!(wrong("raised,").starts_with("expected one of"));
    }
}
