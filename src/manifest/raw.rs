//! JSON that is looked at one level deep: members in their order, values as they stand in the text.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// The members of an object in their order.
#[derive(Debug, Default)]
pub(super) struct Members<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'a> Members<'a> {
    /// Of a value; `None` where it is not an object.
    pub(super) fn of(raw: &'a RawValue) -> Option<Self> {
        raw.get().starts_with('{').then(|| serde_json::from_str(raw.get()).ok())?
    }

    /// The value of a key. Where a key stands twice, the last counts, as for most readers of JSON.
    pub(super) fn get(&self, key: &str) -> Option<&'a RawValue> {
        self.0.iter().rfind(|(k, _)| k == key).map(|(_, value)| *value)
    }

    /// Whether the key is there.
    pub(super) fn has(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// Whether any of the keys is there.
    pub(super) fn has_any(&self, keys: &[&str]) -> bool {
        keys.iter().any(|key| self.has(key))
    }

    /// The string of a key, where it has one that says something.
    pub(super) fn text(&self, key: &str) -> Option<String> {
        string(self.get(key)?)
    }

    /// The members of a key, where its value is an object.
    pub(super) fn object(&self, key: &str) -> Option<Members<'a>> {
        Members::of(self.get(key)?)
    }

    /// Every member.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &'a RawValue)> {
        self.0.iter().map(|(key, value)| (key.as_ref(), *value))
    }
}

/// The string of a value, where it is one that says something.
pub(super) fn string(raw: &RawValue) -> Option<String> {
    let text: String = raw.get().starts_with('"').then(|| serde_json::from_str(raw.get()).ok())??;
    (!text.trim().is_empty()).then_some(text)
}

/// The items of a value; `None` where it is not an array.
pub(super) fn items(raw: &RawValue) -> Option<Vec<&RawValue>> {
    raw.get().starts_with('[').then(|| serde_json::from_str(raw.get()).ok())?
}

/// The value at a JSON Pointer (RFC 6901), as it stands in the text.
pub(super) fn at<'a>(root: &'a RawValue, pointer: &str) -> Option<&'a RawValue> {
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

#[derive(serde::Deserialize)]
#[serde(transparent)]
struct MemberKey<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'de> Visitor<'de> for InOrder {
    type Value = Members<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some((MemberKey(key), value)) = map.next_entry::<MemberKey<'de>, &'de RawValue>()? {
            members.push((key, value));
        }
        Ok(Members(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_keep_their_order_and_a_pointer_leads_to_the_text() {
        let raw: &RawValue = serde_json::from_str(r#"{"b":[1,{"x/y":"z"}],"a":null,"b\u0061":2}"#).expect("JSON");
        let members = Members::of(raw).expect("an object");
        assert_eq!(members.iter().map(|(k, _)| k).collect::<Vec<_>>(), ["b", "a", "ba"]);
        assert_eq!(at(raw, "/b/1/x~1y").map(RawValue::get), Some("\"z\""));
        assert!(at(raw, "/b/2").is_none() && at(raw, "b").is_none());
        assert_eq!(at(raw, "").map(RawValue::get), Some(raw.get()));
    }
}
