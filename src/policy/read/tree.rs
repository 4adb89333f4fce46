//! JSON whose parts know where they stand: slices of the text, opened one level at a time.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

/// One value of the text.
#[derive(Debug, Clone, Copy)]
pub(super) struct JsonNode<'a>(pub &'a RawValue);

/// One entry of an object, duplicates included.
pub(super) struct Field<'a> {
    /// The key.
    pub key: String,
    /// The key as written.
    pub raw_key: &'a RawValue,
    /// The value.
    pub value: JsonNode<'a>,
}

impl<'a> JsonNode<'a> {
    /// The whole text.
    pub(super) fn root(text: &'a str) -> serde_json::Result<Self> {
        serde_json::from_str(text).map(Self)
    }

    /// Where the value begins in `text`, which it was read from.
    pub(super) fn offset(self, text: &str) -> usize {
        (self.0.get().as_ptr() as usize).saturating_sub(text.as_ptr() as usize)
    }

    /// The entries, where it is an object.
    pub(super) fn fields(self) -> Option<Vec<Field<'a>>> {
        serde_json::from_str::<Pairs<'a>>(self.0.get()).ok().map(|pairs| pairs.0)
    }

    /// The items, where it is a list.
    pub(super) fn items(self) -> Option<Vec<Self>> {
        let items: Vec<&'a RawValue> = serde_json::from_str(self.0.get()).ok()?;
        Some(items.into_iter().map(Self).collect())
    }

    /// The text, where it is one.
    pub(super) fn text(self) -> Option<String> {
        serde_json::from_str(self.0.get()).ok()
    }

    /// The value; too deep nesting is an error.
    pub(super) fn value(self) -> serde_json::Result<Value> {
        serde_json::from_str(self.0.get())
    }
}

struct Pairs<'a>(Vec<Field<'a>>);

impl<'de> Deserialize<'de> for Pairs<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;
        impl<'de> Visitor<'de> for Entries {
            type Value = Pairs<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut fields = Vec::new();
                while let Some((raw_key, value)) = map.next_entry::<&'de RawValue, &'de RawValue>()? {
                    let key = serde_json::from_str(raw_key.get()).map_err(serde::de::Error::custom)?;
                    fields.push(Field { key, raw_key, value: JsonNode(value) });
                }
                Ok(Pairs(fields))
            }
        }
        deserializer.deserialize_map(Entries)
    }
}
