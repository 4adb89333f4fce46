//! `{path, op, value}`: one statement about a call's arguments.
//!
//! Operator and value are one type, so a condition that exists can be decided.

use std::cmp::Ordering;

use serde::ser::SerializeStruct as _;
use serde::{Serialize, Serializer};
use serde_json::{Number, Value};

/// `args.` and field names separated by dots. A field name that holds a dot cannot be said.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Path(String);

impl Path {
    /// The prefix of every path.
    pub const ROOT: &'static str = "args.";

    /// The path as written, or `None` where it does not begin with `args.` or a field is empty.
    pub fn parse(text: &str) -> Option<Self> {
        let fields = text.strip_prefix(Self::ROOT)?;
        (!fields.split('.').any(str::is_empty)).then(|| Self(text.to_owned()))
    }

    /// The path to an argument as schema walking writes it (`filter.mode`), or `None` where it
    /// leads into an array or a map, or where a field is not letters, digits, `_` and `-`: such a
    /// name is either ambiguous in a path or not meant to be typed.
    pub(crate) fn of_argument(argument: &str) -> Option<Self> {
        let plain = |field: &str| {
            !field.is_empty() && field.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
        };
        (argument.len() <= 200 && argument.split('.').all(plain)).then(|| Self(format!("{}{argument}", Self::ROOT)))
    }

    /// The whole path, with `args.`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The fields, outermost first.
    pub fn fields(&self) -> impl Iterator<Item = &str> {
        self.0[Self::ROOT.len()..].split('.')
    }

    /// The value at this path; a step into anything but an object finds nothing.
    pub fn find<'a>(&self, args: &'a Value) -> Option<&'a Value> {
        self.fields().try_fold(args, |value, field| value.as_object()?.get(field))
    }
}

/// A compiled regular expression of the `regex` crate, unanchored; equal when its text is.
#[derive(Debug, Clone)]
pub struct Pattern(regex::Regex);

impl Pattern {
    /// Compiles within 1 MiB, so that a short text cannot cost much memory.
    ///
    /// # Errors
    /// What the `regex` crate says of the text.
    pub fn new(text: &str) -> Result<Self, regex::Error> {
        regex::RegexBuilder::new(text).size_limit(1 << 20).build().map(Self)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Whether some part of a text matches.
    pub fn is_match(&self, text: &str) -> bool {
        self.0.is_match(text)
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

/// Operator and value. Numbers compare by value (`1` equals `1.0`), everything else exactly.
#[derive(Debug, Clone, PartialEq)]
pub enum Test {
    /// `eq`
    Eq(Value),
    /// `neq`, met by an absent argument too.
    Neq(Value),
    /// `lt`
    Lt(Number),
    /// `lte`
    Lte(Number),
    /// `gt`
    Gt(Number),
    /// `gte`
    Gte(Number),
    /// `in`
    In(Vec<Value>),
    /// `not_in`, met by an absent argument too.
    NotIn(Vec<Value>),
    /// `exists`: whether the argument is there; `null` is there.
    Exists(bool),
    /// `regex`: some part of a text matches.
    Regex(Pattern),
    /// `contains`: a text holds a text, a list holds a value.
    Contains(Value),
}

impl Test {
    /// The eleven operators, as written.
    pub const OPERATORS: [&'static str; 11] =
        ["eq", "neq", "lt", "lte", "gt", "gte", "in", "not_in", "exists", "regex", "contains"];

    /// The operator as written.
    pub(crate) fn operator(&self) -> &'static str {
        match self {
            Self::Eq(_) => "eq",
            Self::Neq(_) => "neq",
            Self::Lt(_) => "lt",
            Self::Lte(_) => "lte",
            Self::Gt(_) => "gt",
            Self::Gte(_) => "gte",
            Self::In(_) => "in",
            Self::NotIn(_) => "not_in",
            Self::Exists(_) => "exists",
            Self::Regex(_) => "regex",
            Self::Contains(_) => "contains",
        }
    }

    /// Whether the value found at the path, if any, meets the test. A value of the wrong type for
    /// `lt…gte`, `regex` or `contains` does not.
    pub fn met(&self, found: Option<&Value>) -> bool {
        let Some(found) = found else {
            return matches!(self, Self::Exists(false) | Self::Neq(_) | Self::NotIn(_));
        };
        let compare = |bound: &Number| match found {
            Value::Number(n) => order(n, bound),
            _ => None,
        };
        match self {
            Self::Eq(value) => same(found, value),
            Self::Neq(value) => !same(found, value),
            Self::Lt(bound) => compare(bound) == Some(Ordering::Less),
            Self::Lte(bound) => compare(bound).is_some_and(Ordering::is_le),
            Self::Gt(bound) => compare(bound) == Some(Ordering::Greater),
            Self::Gte(bound) => compare(bound).is_some_and(Ordering::is_ge),
            Self::In(values) => values.iter().any(|v| same(found, v)),
            Self::NotIn(values) => !values.iter().any(|v| same(found, v)),
            Self::Exists(there) => *there,
            Self::Regex(pattern) => found.as_str().is_some_and(|text| pattern.is_match(text)),
            Self::Contains(value) => match (found, value) {
                (Value::String(text), Value::String(part)) => text.contains(part.as_str()),
                (Value::Array(items), value) => items.iter().any(|item| same(item, value)),
                _ => false,
            },
        }
    }
}

/// One statement about a call's arguments.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    /// Which argument.
    pub path: Path,
    /// What must hold of it.
    pub test: Test,
}

impl Condition {
    /// Whether a call with these arguments meets the condition.
    pub fn met(&self, args: &Value) -> bool {
        self.test.met(self.path.find(args))
    }
}

impl Serialize for Condition {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("Condition", 3)?;
        out.serialize_field("path", &self.path)?;
        out.serialize_field("op", self.test.operator())?;
        match &self.test {
            Test::Eq(value) | Test::Neq(value) | Test::Contains(value) => out.serialize_field("value", value)?,
            Test::Lt(n) | Test::Lte(n) | Test::Gt(n) | Test::Gte(n) => out.serialize_field("value", n)?,
            Test::In(values) | Test::NotIn(values) => out.serialize_field("value", values)?,
            Test::Exists(there) => out.serialize_field("value", there)?,
            Test::Regex(pattern) => out.serialize_field("value", pattern.as_str())?,
        }
        out.end()
    }
}

/// Numbers in order: exactly between whole numbers, as binary64 otherwise.
fn order(a: &Number, b: &Number) -> Option<Ordering> {
    match (a.as_i128(), b.as_i128()) {
        (Some(a), Some(b)) => Some(a.cmp(&b)),
        _ => a.as_f64()?.partial_cmp(&b.as_f64()?),
    }
}

/// Equality of JSON values, numbers by value.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => order(a, b) == Some(Ordering::Equal),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(k, v)| b.get(k).is_some_and(|w| same(v, w)))
        }
        _ => a == b,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn met(test: &Test, args: &Value) -> bool {
        Condition { path: Path::parse("args.a.b").expect("a path"), test: test.clone() }.met(args)
    }

    #[test]
    fn an_absent_argument_meets_exists_false_neq_and_not_in_and_nothing_else() {
        let number = Number::from(1);
        let tests = [
            (Test::Eq(json!(null)), false),
            (Test::Neq(json!(null)), true),
            (Test::Lt(number.clone()), false),
            (Test::Lte(number.clone()), false),
            (Test::Gt(number.clone()), false),
            (Test::Gte(number), false),
            (Test::In(vec![json!(null)]), false),
            (Test::NotIn(vec![json!(null)]), true),
            (Test::Exists(false), true),
            (Test::Exists(true), false),
            (Test::Regex(Pattern::new("").expect("compiles")), false),
            (Test::Contains(json!("")), false),
        ];
        for (test, expected) in tests {
            for args in [json!({}), json!({"a": {}}), json!({"a": [{"b": 1}]}), json!({"a.b": 1}), json!(null)] {
                assert_eq!(met(&test, &args), expected, "{} {args}", test.operator());
            }
        }
    }

    #[test]
    fn a_value_of_the_wrong_type_does_not_meet_an_order_a_regex_or_contains() {
        for wrong in [json!("5"), json!(null), json!(true), json!([5]), json!({"x": 5})] {
            let args = json!({"a": {"b": wrong}});
            assert!(!met(&Test::Lt(9.into()), &args));
            assert!(!met(&Test::Gte(1.into()), &args));
        }
        assert!(!met(&Test::Regex(Pattern::new("5").expect("compiles")), &json!({"a": {"b": 5}})));
        assert!(!met(&Test::Contains(json!(5)), &json!({"a": {"b": "5"}})));
        assert!(met(&Test::Contains(json!(5)), &json!({"a": {"b": [4, 5.0]}})));
        assert!(met(&Test::Contains(json!("b")), &json!({"a": {"b": "abc"}})));
    }

    #[test]
    fn numbers_compare_by_value_and_whole_numbers_exactly() {
        assert!(met(&Test::Eq(json!(1)), &json!({"a": {"b": 1.0}})));
        assert!(!met(&Test::Eq(json!(9_007_199_254_740_993_i64)), &json!({"a": {"b": 9_007_199_254_740_992_i64}})));
        assert!(met(&Test::Gt((-1).into()), &json!({"a": {"b": u64::MAX}})));
        assert!(!met(&Test::Eq(json!(1)), &json!({"a": {"b": "1"}})));
    }

    #[test]
    fn regex_is_unanchored_and_null_is_there() {
        assert!(met(&Test::Regex(Pattern::new("b+").expect("compiles")), &json!({"a": {"b": "abbc"}})));
        assert!(met(&Test::Exists(true), &json!({"a": {"b": null}})));
        assert!(Pattern::new("(").is_err());
        assert!(Pattern::new("(?:x{1000}){1000}").is_err());
    }

    #[test]
    fn a_path_is_never_ambiguous() {
        assert_eq!(Path::of_argument("a.b-c_1").as_ref().map(Path::as_str), Some("args.a.b-c_1"));
        for odd in ["", "a..b", "files[].x", "a.*", "a b", "$a", "é", "a\n", &"x".repeat(201)] {
            assert_eq!(Path::of_argument(odd), None, "{odd}");
        }
        assert_eq!(Path::parse("args."), None);
        assert_eq!(Path::parse("a.b"), None);
        assert!(Path::parse("args.é").is_some());
    }
}
