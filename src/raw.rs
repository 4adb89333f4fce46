//! JSON that is looked at one level deep: members in their order, keys and values as slices of the text, which know where
//! they stand.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// A value of JSON as it stands in its text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Raw<'a>(&'a str);

impl<'a> Raw<'a> {
    /// Of a text that is known to be one value and nothing else.
    pub(crate) fn known(text: &'a str) -> Self {
        Self(text)
    }

    /// The text.
    pub(crate) fn get(self) -> &'a str {
        self.0
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Raw<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <&'de RawValue>::deserialize(deserializer).map(|raw| Self(raw.get()))
    }
}

/// One member of an object.
#[derive(Debug)]
pub(crate) struct Member<'a> {
    /// The key.
    pub key: Cow<'a, str>,
    /// The key as written.
    pub raw_key: Raw<'a>,
    /// The value.
    pub value: Raw<'a>,
}

/// The members of an object in their order, also those of a key that stands twice.
#[derive(Debug, Default)]
pub(crate) struct Members<'a>(Vec<Member<'a>>);

impl<'a> Members<'a> {
    /// Of a value; `None` where it is not an object.
    pub(crate) fn of(raw: Raw<'a>) -> Option<Self> {
        raw.get().starts_with('{').then(|| serde_json::from_str(raw.get()).ok())?
    }

    /// The value of a key. Where a key stands twice, the last counts, as for most readers of JSON.
    pub(crate) fn get(&self, key: &str) -> Option<Raw<'a>> {
        self.0.iter().rfind(|member| member.key == key).map(|member| member.value)
    }

    /// Whether the key is there.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// Whether any of the keys is there.
    pub(crate) fn has_any(&self, keys: &[&str]) -> bool {
        keys.iter().any(|key| self.has(key))
    }

    /// The string of a key, where it has one that says something.
    pub(crate) fn text(&self, key: &str) -> Option<String> {
        string(self.get(key)?)
    }

    /// The members of a key, where its value is an object.
    pub(crate) fn object(&self, key: &str) -> Option<Members<'a>> {
        Members::of(self.get(key)?)
    }

    /// Adds a member behind the others.
    ///
    /// # Errors
    /// Where the key is no string of JSON.
    pub(crate) fn push(&mut self, raw_key: Raw<'a>, value: Raw<'a>) -> serde_json::Result<()> {
        self.0.push(Member { key: key_of(raw_key)?, raw_key, value });
        Ok(())
    }

    /// Every member.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, Raw<'a>)> {
        self.0.iter().map(|member| (member.key.as_ref(), member.value))
    }
}

impl<'a> IntoIterator for Members<'a> {
    type Item = Member<'a>;
    type IntoIter = std::vec::IntoIter<Member<'a>>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

/// The string of a value, where it is one.
pub(crate) fn text(raw: Raw<'_>) -> Option<String> {
    raw.get().starts_with('"').then(|| serde_json::from_str(raw.get()).ok())?
}

/// The string of a value, where it is one that says something.
pub(crate) fn string(raw: Raw<'_>) -> Option<String> {
    text(raw).filter(|text| !text.trim().is_empty())
}

/// Where a value begins in `text`, which it was read from.
pub(crate) fn offset(raw: Raw<'_>, text: &str) -> usize {
    raw.get().as_ptr().addr().saturating_sub(text.as_ptr().addr())
}

/// The items of a value; `None` where it is not an array.
pub(crate) fn items(raw: Raw<'_>) -> Option<Vec<Raw<'_>>> {
    raw.get().starts_with('[').then(|| serde_json::from_str(raw.get()).ok())?
}

/// The value at a JSON Pointer (RFC 6901), as it stands in the text.
pub(crate) fn at<'a>(root: Raw<'a>, pointer: &str) -> Option<Raw<'a>> {
    if pointer.is_empty() || pointer == "/" {
        return Some(root);
    }
    let mut value = root;
    for step in pointer.strip_prefix('/')?.split('/') {
        let step = step.replace("~1", "/").replace("~0", "~");
        value = match Members::of(value) {
            Some(members) => members.get(&step)?,
            None => items(value)?.get(step.parse::<usize>().ok()?).copied()?,
        };
    }
    Some(value)
}

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(InOrder)
    }
}

struct InOrder;

/// The key of what is written: most have no escapes, and stand in the text.
fn key_of(raw: Raw<'_>) -> serde_json::Result<Cow<'_, str>> {
    let inside = raw.get().strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    match inside.filter(|text| !text.contains('\\')) {
        Some(text) => Ok(Cow::Borrowed(text)),
        None => serde_json::from_str(raw.get()).map(Cow::Owned),
    }
}

impl<'de> Visitor<'de> for InOrder {
    type Value = Members<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Members::default();
        while let Some((raw_key, value)) = map.next_entry()? {
            members.push(raw_key, value).map_err(serde::de::Error::custom)?;
        }
        Ok(members)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_keep_their_order_and_a_pointer_leads_to_the_text() {
        let raw: Raw<'_> = serde_json::from_str(r#"{"b":[1,{"x/y":"z"}],"a":null,"b\u0061":2}"#).expect("JSON");
        let members = Members::of(raw).expect("an object");
        assert_eq!(members.iter().map(|(k, _)| k).collect::<Vec<_>>(), ["b", "a", "ba"]);
        assert_eq!(at(raw, "/b/1/x~1y").map(Raw::get), Some("\"z\""));
        assert!(at(raw, "/b/2").is_none() && at(raw, "b").is_none());
        assert_eq!(at(raw, "").map(Raw::get), Some(raw.get()));
    }

    #[test]
    fn keys_and_values_know_where_they_stand_and_a_key_twice_is_there_twice() {
        let text = r#" {"b\u0061": 1, "ba": "two"}"#;
        let raw: Raw<'_> = serde_json::from_str(text).expect("JSON");
        let found: Vec<_> = Members::of(raw)
            .expect("an object")
            .into_iter()
            .map(|member| (member.key.into_owned(), offset(member.raw_key, text), offset(member.value, text)))
            .collect();
        assert_eq!(found, [("ba".to_owned(), 2, 13), ("ba".to_owned(), 16, 22)]);
    }
}
