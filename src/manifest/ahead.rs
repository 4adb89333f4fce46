//! The outermost object of a document, and the objects of its `tools` parsed on the way to the end of that list: who looks
//! for the end first and parses then reads every byte twice.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::limits::MAX_TOOLS;
use crate::raw::{Members, Raw};

/// Above this size the ends are looked for first: what is parsed is held until the shape of the document is known.
const MAX_BYTES: usize = 4 * 1024 * 1024;

/// A list of objects, parsed.
pub(super) struct ParsedList<'a> {
    /// The list as it stands in the text.
    pub list: Raw<'a>,
    /// Each object as it stands in the text, and its members.
    pub objects: Vec<(&'a str, Map<String, Value>)>,
}

/// The members of the object that a document is, and its `tools` where they are objects. `None` where it is something else
/// or is too large or not JSON: what is wrong with it, the usual reader tells.
pub(super) fn object(text: &str) -> Option<(Members<'_>, Option<ParsedList<'_>>)> {
    if text.len() > MAX_BYTES {
        return None;
    }
    let mut at = Ahead { text, at: 0 };
    let (mut members, mut tools) = (Members::default(), None);
    at.step(b'{')?;
    if at.step(b'}').is_none() {
        loop {
            let key: Raw<'_> = (at.next()? == b'"').then(|| at.value())??;
            at.step(b':')?;
            let list = (key.get() == "\"tools\"").then(|| at.objects()).flatten();
            let value = list.as_ref().map(|list| list.list).or_else(|| at.value())?;
            members.push(key, value).ok()?;
            // Of a key that stands twice, the last counts.
            tools = list.or(tools);
            if at.step(b',').is_none() {
                break;
            }
        }
        at.step(b'}')?;
    }
    at.next().is_none().then_some((members, tools))
}

/// How far a text is read.
struct Ahead<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Ahead<'a> {
    /// Goes to the next byte that is not blank.
    fn next(&mut self) -> Option<u8> {
        let rest = &self.text.as_bytes()[self.at..];
        let blank = rest.iter().position(|byte| !matches!(byte, b' ' | b'\n' | b'\r' | b'\t'));
        self.at += blank.unwrap_or(rest.len());
        self.text.as_bytes().get(self.at).copied()
    }

    /// Goes past this byte, where it is the next that is not blank.
    fn step(&mut self, byte: u8) -> Option<()> {
        (self.next()? == byte).then(|| self.at += 1)
    }

    /// Goes past the next value.
    fn value<T: Deserialize<'a>>(&mut self) -> Option<T> {
        let mut values = serde_json::Deserializer::from_str(&self.text[self.at..]).into_iter();
        let value = values.next()?.ok()?;
        self.at += values.byte_offset();
        Some(value)
    }

    /// Goes past a list of objects. Where it is something else, the place stays.
    fn objects(&mut self) -> Option<ParsedList<'a>> {
        let before = self.at;
        let list = self.object_list();
        if list.is_none() {
            self.at = before;
        }
        list
    }

    fn object_list(&mut self) -> Option<ParsedList<'a>> {
        let mut objects = Vec::new();
        self.step(b'[')?;
        let start = self.at - 1;
        loop {
            (self.next()? == b'{' && objects.len() < MAX_TOOLS).then_some(())?;
            let begin = self.at;
            let members = self.value()?;
            objects.push((&self.text[begin..self.at], members));
            if self.step(b',').is_none() {
                self.step(b']')?;
                return Some(ParsedList { list: Raw::known(&self.text[start..self.at]), objects });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What both readers find, as text.
    fn told(members: &Members<'_>) -> Vec<String> {
        members.iter().map(|(key, value)| format!("{key} {}", value.get())).collect()
    }

    #[test]
    fn tools_are_parsed_where_they_are_objects_and_stand_as_they_are() {
        let text = r#" {"a": 1, "tools" : [ {"name": "x"} , {"name": "]"}], "b": [{}]} "#;
        let (members, tools) = object(text).expect("an object");
        assert_eq!(told(&members), ["a 1", "tools [ {\"name\": \"x\"} , {\"name\": \"]\"}]", "b [{}]"]);
        let tools = tools.expect("parsed");
        let texts: Vec<&str> = tools.objects.iter().map(|(text, _)| *text).collect();
        assert_eq!(texts, [r#"{"name": "x"}"#, r#"{"name": "]"}"#]);
        assert_eq!(tools.objects[1].1.get("name"), Some(&Value::from("]")));
        for none in [r#"{"tools": []}"#, r#"{"tools": [{}, 1]}"#, r#"{"tools": {"a": {}}}"#, r#"{"x": [{}]}"#, "{}"] {
            assert!(object(none).expect("an object").1.is_none(), "{none}");
        }
        let (members, tools) = object(r#"{"tools": [{"a": 1}], "tools": [{"b": 1}]}"#).expect("an object");
        assert_eq!(members.get("tools").map(Raw::get), tools.map(|tools| tools.list.get()));
    }

    proptest! {
        /// Pieces of JSON in any order: what is refused by one reader is refused by the other.
        #[test]
        fn what_is_an_object_for_the_usual_reader_is_one_here(pieces in prop::collection::vec(
            prop::sample::select(vec![
                "{", "}", "[", "]", ",", ":", " ", "\"tools\"", "\"a\"", "{}", "[{}]", "1", "null", "\"tools\":[", "{\"a\":", "\\",
            ]),
            0..12,
        )) {
            let inside = pieces.concat();
            for text in [inside.clone(), format!("{{\"tools\":{inside}}}"), format!("{{\"tools\":[{{}}{inside}]}}")] {
                let usual: Option<Members<'_>> = serde_json::from_str(&text).ok();
                let here = object(&text).map(|(members, _)| members);
                prop_assert_eq!(here.as_ref().map(told), usual.as_ref().map(told), "{}", text);
            }
        }
    }
}
