//! What makes a review fail.

use super::change::{Change, Review};
use super::kind::Kind;

/// When `toolcard review` exits with 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailOn {
    /// Something is riskier than what was reviewed: a label rose, read-only is claimed wrongly, hidden
    /// text or text aimed at a model came in, a manifest broke.
    Raised,
    /// A label fell.
    Lowered,
    /// A tool became Destructive or came in as one.
    Destructive,
    /// Anything changed.
    Any,
    /// Never.
    None,
}

impl FailOn {
    /// Every value with its name.
    pub const ALL: [(Self, &'static str); 5] = [
        (Self::Raised, "raised"),
        (Self::Lowered, "lowered"),
        (Self::Destructive, "destructive"),
        (Self::Any, "any"),
        (Self::None, "none"),
    ];

    /// The value of that name, in any case.
    ///
    /// # Errors
    /// A sentence that names all values.
    pub fn parse(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|(_, name)| name.eq_ignore_ascii_case(text)).map(|(value, _)| value).ok_or_else(
            || {
                let names: Vec<&str> = Self::ALL.into_iter().map(|(_, name)| name).collect();
                format!("it is one of {}", names.join(", "))
            },
        )
    }

    /// The value's name.
    pub fn name(self) -> &'static str {
        Self::ALL[self as usize].1
    }

    /// Whether this change alone makes the review fail.
    pub fn stops(self, change: &Change) -> bool {
        match self {
            // A new tool is judged by `destructive`: there was no label that could rise.
            Self::Raised => {
                change.id == Kind::LabelRaised
                    || (change.level == crate::classify::FindingLevel::Error && change.id != Kind::ToolAdded)
            }
            Self::Lowered => change.id == Kind::LabelLowered,
            Self::Destructive => change.became_destructive(),
            Self::Any => !change.id.reminds(),
            Self::None => false,
        }
    }

    /// The changes that make the review fail.
    pub fn stopped(self, review: &Review) -> usize {
        review.changes.iter().filter(|c| self.stops(c)).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_in_any_case_and_an_unknown_one_is_told_the_others() {
        for (value, name) in FailOn::ALL {
            assert_eq!(FailOn::parse(&name.to_uppercase()), Ok(value));
            assert_eq!(value.name(), name);
        }
        assert_eq!(FailOn::parse("rised"), Err("it is one of raised, lowered, destructive, any, none".to_owned()));
    }
}
