//! The part of Cedar that tells what a policy does with a call of a tool: for which action and resource a statement is,
//! and conditions on the context. What a condition says otherwise is kept as not understood.

mod parse;
mod tokens;

use std::borrow::Cow;

use serde_json::Value;

pub(super) use parse::statements;
pub(super) use tokens::literal;

/// Why a text is not read: the place, and a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CedarFault {
    /// The byte.
    pub(super) at: usize,
    /// What is wrong there.
    pub(super) message: String,
}

/// One statement.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct CedarStatement<'a> {
    /// Where it begins.
    pub(super) at: usize,
    /// The statement as it is written.
    pub(super) text: &'a str,
    /// Whether it permits; otherwise it forbids.
    pub(super) permits: bool,
    /// Whether it is for every principal.
    pub(super) anybody: bool,
    /// What is done.
    pub(super) action: CedarScope,
    /// What it is done to.
    pub(super) resource: CedarScope,
    /// What must hold.
    pub(super) conditions: Vec<CedarCondition>,
}

/// For which actions or resources a statement is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum CedarScope {
    /// Every one.
    Any,
    /// These.
    Only(Vec<CedarEntity>),
    /// Those of a type.
    Kind(String),
    /// Some, and which is not read.
    Unread,
}

/// An entity: `Kind::"id"`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CedarEntity {
    /// The type, with its namespaces.
    pub(super) kind: String,
    /// The name.
    pub(super) id: String,
}

/// What must hold for a statement to apply.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum CedarCondition {
    /// The expression is true.
    When(CedarExpression),
    /// The expression is false.
    Unless(CedarExpression),
    /// The session has had at most so many calls of the action in a time, this one among them.
    Calls(CedarEntity, u64),
    /// It is not understood.
    Unread,
}

/// An expression on the context of a request.
#[derive(Debug, Clone, PartialEq)]
pub enum CedarExpression {
    /// A text, a flag or a whole number.
    Literal(Value),
    /// The value under these fields of the context.
    Path(Vec<String>),
    /// Whether the value has the field.
    Has(Vec<String>, String),
    /// Whether one of the values is that of the expression.
    OneOf(Vec<Value>, Box<CedarExpression>),
    /// Whether both are equal.
    Equal(Box<(CedarExpression, CedarExpression)>),
    /// The opposite.
    Not(Box<CedarExpression>),
    /// Whether all are true, looked at in this order until one is not.
    All(Vec<CedarExpression>),
    /// Whether one is true, looked at in this order until one is.
    Either(Vec<CedarExpression>),
    /// The second where the first is true, otherwise the third.
    If(Box<[CedarExpression; 3]>),
}

impl CedarExpression {
    /// Whether it is true or false of a context; nothing where that is an error.
    pub fn holds(&self, context: &Value) -> Option<bool> {
        self.value(context)?.as_bool()
    }

    fn value<'v>(&'v self, context: &'v Value) -> Option<Cow<'v, Value>> {
        let flag = |flag: bool| Some(Cow::Owned(Value::Bool(flag)));
        match self {
            Self::Literal(value) => Some(Cow::Borrowed(value)),
            Self::Path(fields) => at(context, fields).map(Cow::Borrowed),
            Self::Has(fields, field) => flag(at(context, fields)?.as_object()?.contains_key(field)),
            Self::OneOf(values, of) => {
                let value = of.value(context)?;
                flag(values.contains(&value))
            }
            Self::Equal(both) => flag(same(&*both.0.value(context)?, &*both.1.value(context)?)),
            Self::Not(of) => flag(!of.holds(context)?),
            Self::If(of) => of[if of[0].holds(context)? { 1 } else { 2 }].value(context),
            Self::All(of) => {
                for one in of {
                    if !one.holds(context)? {
                        return flag(false);
                    }
                }
                flag(true)
            }
            Self::Either(of) => {
                for one in of {
                    if one.holds(context)? {
                        return flag(true);
                    }
                }
                flag(false)
            }
        }
    }
}

fn at<'v>(context: &'v Value, fields: &[String]) -> Option<&'v Value> {
    fields.iter().try_fold(context, |at, field| at.as_object()?.get(field))
}

/// Whether two values are equal; what is a list in JSON is a set.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Array(one), Value::Array(other)) => {
            let within = |a: &[Value], b: &[Value]| a.iter().all(|a| b.iter().any(|b| same(a, b)));
            within(one, other) && within(other, one)
        }
        _ => one == other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn only(text: &str) -> CedarStatement<'_> {
        let mut found = statements(text).expect("is read");
        assert_eq!(found.len(), 1);
        found.remove(0)
    }

    #[test]
    fn a_statement_is_read_with_its_place_scope_and_conditions() {
        let text = "// of the gateway\n@id(\"one\")\npermit (\n  principal,\n  action in [A::\"x\", B::A::\"y\\u{2e}\"],\n  resource is C::D\n)\nwhen { context.input.a == 1 }\nunless { context has \"b\" };";
        let found = only(text);
        assert_eq!((found.at, found.permits, found.anybody), (18, true, true));
        let entity = |kind: &str, id: &str| CedarEntity { kind: kind.to_owned(), id: id.to_owned() };
        assert_eq!(found.action, CedarScope::Only(vec![entity("A", "x"), entity("B::A", "y.")]));
        assert_eq!(found.resource, CedarScope::Kind("C::D".to_owned()));
        let [CedarCondition::When(when), CedarCondition::Unless(unless)] = found.conditions.as_slice() else {
            panic!("{found:?}")
        };
        assert_eq!(when.holds(&json!({"input": {"a": 1}})), Some(true));
        assert_eq!(when.holds(&json!({"input": {"a": "1"}})), Some(false));
        assert_eq!(when.holds(&json!({"input": {}})), None, "an error");
        assert_eq!(unless.holds(&json!({"b": null})), Some(true));
    }

    #[test]
    fn what_is_not_understood_is_kept_as_such() {
        for (body, understood) in [
            ("context.a like \"x*\"", false),
            ("principal.role == \"admin\"", false),
            ("if context.a then true else false", true),
            ("context.input[\"a\"].containsAll([1])", false),
            ("ip(\"1.1.1.1\").isLoopback()", false),
            ("context.a > 1", false),
            ("!(context has a.b || context.c) && [1, -2, true, \"x\"].contains(context[\"a\"])", true),
            ("context.a != \"}\"", true),
        ] {
            let text = format!("permit(principal == U::\"me\", action, resource) when {{ {body} }};");
            let found = only(&text);
            assert!(!found.anybody);
            assert_eq!(found.conditions != [CedarCondition::Unread], understood, "{body}: {found:?}");
        }
        let deep =
            format!("permit(principal, action, resource) when {{ {}true{} }};", "(".repeat(9_000), ")".repeat(9_000));
        assert_eq!(only(&deep).conditions, [CedarCondition::Unread]);
        let long = format!("forbid(principal, action, resource) when {{ {} }};", vec!["!!true"; 20_000].join(" && "));
        let long = only(&long);
        let [CedarCondition::When(when)] = long.conditions.as_slice() else { panic!("is understood") };
        assert_eq!(when.holds(&json!({})), Some(true));
    }

    #[test]
    fn what_is_no_statement_is_refused_with_its_place() {
        for (text, at) in [
            ("permit (principal, action, resource)", 36),
            ("permit (principal, action);", 25),
            ("permit (principal, action == 1, resource);", 29),
            ("permit (principal, action, resource) when { true ;", 42),
            ("permit (principal, action, resource) when temporal { \"x };", 53),
            ("allow (principal, action, resource);", 0),
            ("permit (principal, action, resource); § ", 38),
            ("permit (principal, action == A::\"\\q\", resource);", 32),
        ] {
            assert_eq!(statements(text).map_err(|fault| fault.at), Err(at), "{text}");
        }
        assert_eq!(statements("\u{feff}// nothing\n"), Ok(Vec::new()));
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_too_much(text in "(permit|forbid|when|temporal|context|has|[ (){}\\[\\]\"\\\\:,;.!&|=<@0-9a-z\u{e9}]){0,60}") {
            let _ = statements(&text);
        }
    }
}
