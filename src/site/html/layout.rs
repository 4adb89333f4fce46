//! JSON within a width: what fits on one line is on one.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::{self, Write as _};

use foldhash::fast::RandomState;
use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Number, Value};

use crate::neutral::push_json;

/// Characters of a line.
pub(super) const WIDE: usize = 118;
/// Characters of a line in a narrow column.
pub(super) const NARROW: usize = 44;
/// Deeper JSON than this is on one line.
const MAX_DEPTH: usize = 128;
/// Members that are compared one by one.
const MAX_COMPARED: usize = 8;

/// A value that knows how long it is on one line.
#[derive(Debug)]
pub(super) struct Laid<'t> {
    width: usize,
    value: LaidValue<'t>,
}

#[derive(Debug)]
enum LaidValue<'t> {
    Null,
    Bool(bool),
    Number(Number),
    Text(Cow<'t, str>),
    List(Vec<Laid<'t>>),
    Object(Vec<(Cow<'t, str>, Laid<'t>)>),
}

impl<'t> Laid<'t> {
    /// A value, borrowed.
    pub(super) fn of(value: &'t Value) -> Self {
        match value {
            Value::Null => LaidValue::Null.into(),
            Value::Bool(flag) => LaidValue::Bool(*flag).into(),
            Value::Number(number) => LaidValue::Number(number.clone()).into(),
            Value::String(text) => LaidValue::Text(text.into()).into(),
            Value::Array(items) => LaidValue::List(items.iter().map(Self::of).collect()).into(),
            Value::Object(map) => {
                LaidValue::Object(map.iter().map(|(key, value)| (key.into(), Self::of(value))).collect()).into()
            }
        }
    }

    /// The text within `width` characters a line where it can be. The members of the whole are on lines of their own.
    pub(super) fn within(&self, width: usize) -> String {
        let mut out = String::new();
        self.lay_out(&mut out, width, 0, 0);
        out
    }

    /// Prints the value; `used` characters of its line are taken.
    fn lay_out(&self, out: &mut String, width: usize, depth: usize, used: usize) {
        let room = width.saturating_sub(used + depth * 2);
        if self.is_one_line(width, depth, room) {
            return self.one_line(out);
        }
        let (open, close) = match &self.value {
            LaidValue::Object(_) => ('{', '}'),
            _ => ('[', ']'),
        };
        out.push(open);
        match &self.value {
            LaidValue::List(items) => {
                if let [only @ Laid { value: LaidValue::Object(_), .. }] = items.as_slice() {
                    only.lay_out(out, width, depth, used + 1);
                    return out.push(close);
                }
                for (i, value) in items.iter().enumerate() {
                    next(out, i == 0, depth);
                    value.lay_out(out, width, depth + 1, 0);
                }
            }
            LaidValue::Object(members) => {
                for (i, (key, value)) in members.iter().enumerate() {
                    next(out, i == 0, depth);
                    let before = out.len();
                    push_json(out, key);
                    out.push_str(": ");
                    let used = out.len() - before;
                    value.lay_out(out, width, depth + 1, used);
                }
            }
            _ => {}
        }
        out.push('\n');
        indent(out, depth);
        out.push(close);
    }

    fn is_one_line(&self, width: usize, depth: usize, room: usize) -> bool {
        let scalar = |item: &Laid<'_>| !matches!(item.value, LaidValue::List(_) | LaidValue::Object(_));
        let plain = match &self.value {
            LaidValue::Object(members) if members.is_empty() => return true,
            LaidValue::List(items) if items.is_empty() => return true,
            LaidValue::Object(_) => false,
            LaidValue::List(items) => items.iter().all(scalar),
            _ => return true,
        };
        depth >= MAX_DEPTH || (plain && depth > 0 && width == NARROW) || (depth > 0 && self.width <= room)
    }

    fn one_line(&self, out: &mut String) {
        match &self.value {
            LaidValue::Object(members) if members.is_empty() => out.push_str("{}"),
            LaidValue::Object(members) => {
                for (i, (key, value)) in members.iter().enumerate() {
                    out.push_str(if i == 0 { "{ " } else { ", " });
                    push_json(out, key);
                    out.push_str(": ");
                    value.one_line(out);
                }
                out.push_str(" }");
            }
            LaidValue::List(items) => {
                out.push('[');
                for (i, value) in items.iter().enumerate() {
                    out.push_str(if i == 0 { "" } else { ", " });
                    value.one_line(out);
                }
                out.push(']');
            }
            LaidValue::Text(text) => push_json(out, text),
            LaidValue::Null => out.push_str("null"),
            LaidValue::Bool(flag) => out.push_str(if *flag { "true" } else { "false" }),
            LaidValue::Number(number) => {
                let _ = write!(out, "{number}");
            }
        }
    }
}

impl<'t> From<LaidValue<'t>> for Laid<'t> {
    fn from(value: LaidValue<'t>) -> Self {
        let width = match &value {
            LaidValue::Null | LaidValue::Bool(true) => 4,
            LaidValue::Bool(false) => 5,
            LaidValue::Number(number) => digits(number),
            LaidValue::Text(text) => escaped(text) + 2,
            LaidValue::List(items) => 2 + items.iter().map(|item| item.width + 2).sum::<usize>(),
            LaidValue::Object(members) => {
                4 + members.iter().map(|(key, value)| escaped(key) + 6 + value.width).sum::<usize>()
            }
        };
        Self { width, value }
    }
}

fn next(out: &mut String, is_first: bool, depth: usize) {
    out.push_str(if is_first { "\n" } else { ",\n" });
    indent(out, depth + 1);
}

fn indent(out: &mut String, depth: usize) {
    (0..depth).for_each(|_| out.push_str("  "));
}

fn digits(number: &Number) -> usize {
    match number.as_u64() {
        Some(number) => number.checked_ilog10().map_or(1, |more| more as usize + 1),
        None => number.to_string().len(),
    }
}

/// At least the characters of a string as JSON writes it, without its quotes.
fn escaped(text: &str) -> usize {
    let more = |byte: &u8| match byte {
        b'"' | b'\\' => 1,
        0..0x20 => 5,
        _ => 0,
    };
    text.len() + text.as_bytes().iter().map(more).sum::<usize>()
}

impl<'de: 't, 't> Deserialize<'de> for Laid<'t> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LaidVisitor).map(Into::into)
    }
}

struct LaidVisitor;

impl<'de> Visitor<'de> for LaidVisitor {
    type Value = LaidValue<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(LaidValue::Null)
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<Self::Value, E> {
        Ok(LaidValue::Bool(flag))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
        Ok(LaidValue::Number(number.into()))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Self::Value, E> {
        Ok(LaidValue::Number(number.into()))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Self::Value, E> {
        Ok(Number::from_f64(number).map_or(LaidValue::Null, LaidValue::Number))
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(LaidValue::Text(text.into()))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(LaidValue::Text(text.to_owned().into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(LaidValue::List(list))
    }

    /// Of members with the same key the last counts, in the place of the first.
    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
        let mut object: Vec<(Cow<'de, str>, Laid<'de>)> = Vec::new();
        let mut places: HashMap<Cow<'de, str>, usize, RandomState> = HashMap::default();
        while let Some(LaidKey(key)) = members.next_key()? {
            let value = members.next_value()?;
            if object.len() == MAX_COMPARED && places.is_empty() {
                places.extend(object.iter().zip(0..).map(|((key, _), place)| (key.clone(), place)));
            }
            let known = if places.is_empty() {
                object.iter().position(|(known, _)| *known == key)
            } else {
                places.get(&key).copied()
            };
            if let Some(place) = known {
                object[place].1 = value;
                continue;
            }
            if !places.is_empty() {
                places.insert(key.clone(), object.len());
            }
            object.push((key, value));
        }
        Ok(LaidValue::Object(object))
    }
}

/// A key, borrowed where it has no escapes.
struct LaidKey<'t>(Cow<'t, str>);

impl<'de: 't, 't> Deserialize<'de> for LaidKey<'t> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct KeyVisitor;
        impl<'de> Visitor<'de> for KeyVisitor {
            type Value = Cow<'de, str>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a key")
            }

            fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(text.into())
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
                Ok(text.to_owned().into())
            }
        }
        deserializer.deserialize_str(KeyVisitor).map(Self)
    }
}
