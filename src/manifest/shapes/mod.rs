//! What servers publish, one file a shape. A shape is told by the outermost object or array of a document; the first
//! that fits reads it. Each has its section and an example in `docs/manifests.md`, which the tests read.

mod answer;
mod array;
mod bundle;
mod card;
mod functions;
mod groups;
mod identity;
pub(super) mod lines;
mod listing;
mod named;
mod nested;
mod pages;
mod parts;
mod refusal;
mod registry;
mod servers;
mod tool;

use super::reader::Reader;
use crate::raw::{Members, Raw, items};

/// A form that documents have, recognised before it is read.
pub(super) struct Shape {
    /// The id: its heading in the book.
    pub id: &'static str,
    /// Whether a document has it.
    pub fits: fn(&Root<'_>) -> bool,
    /// Reads such a document.
    pub read: for<'a> fn(&Root<'a>, &mut Reader<'a>),
}

/// Every shape, those that say most of themselves first.
pub(super) const SHAPES: [Shape; 17] = [
    lines::SHAPE,
    refusal::SHAPE,
    answer::SHAPE,
    bundle::SHAPE,
    card::SHAPE,
    registry::SHAPE,
    identity::SHAPE,
    listing::SHAPE,
    servers::SHAPE,
    pages::SHAPE,
    array::SHAPE,
    parts::SHAPE,
    functions::SHAPE,
    tool::SHAPE,
    groups::SHAPE,
    named::SHAPE,
    nested::SHAPE,
];

/// The outermost value of a document.
pub(super) enum Root<'a> {
    /// An object.
    Object(Members<'a>),
    /// An array.
    Array(Vec<Raw<'a>>),
    /// One value after the other.
    Lines(Vec<Raw<'a>>),
}

impl<'a> Root<'a> {
    /// `None` where the value is neither.
    pub(super) fn of(raw: Raw<'a>) -> Option<Self> {
        Members::of(raw).map(Self::Object).or_else(|| items(raw).map(Self::Array))
    }

    /// Of a text; `None` where that is neither.
    ///
    /// # Errors
    /// Where the text is not JSON.
    pub(super) fn parse(text: &'a str) -> serde_json::Result<Option<Self>> {
        Ok(match text.trim_ascii_start().bytes().next() {
            Some(b'{') => Some(Self::Object(serde_json::from_str(text)?)),
            Some(b'[') => Some(Self::Array(serde_json::from_str(text)?)),
            _ => {
                serde_json::from_str::<Raw<'_>>(text)?;
                None
            }
        })
    }

    /// The members of an object.
    fn object(&self) -> Option<&Members<'a>> {
        match self {
            Self::Object(members) => Some(members),
            Self::Array(_) | Self::Lines(_) => None,
        }
    }

    /// The items of an array.
    fn array(&self) -> Option<&[Raw<'a>]> {
        match self {
            Self::Array(items) => Some(items),
            Self::Object(_) | Self::Lines(_) => None,
        }
    }
}

/// The ids of all shapes.
pub fn ids() -> impl Iterator<Item = &'static str> {
    SHAPES.iter().map(|shape| shape.id)
}
