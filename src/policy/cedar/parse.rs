//! Words → statements.

use serde_json::Value;

use super::tokens::{CedarToken, CedarWord, tokens};
use super::{CedarCondition, CedarEntity, CedarExpression, CedarFault, CedarScope, CedarStatement};

/// How deep an expression may be nested.
const MAX_DEPTH: usize = 64;

/// The statements of a text.
///
/// # Errors
/// Where something else than a statement stands.
pub(in crate::policy) fn statements(text: &str) -> Result<Vec<CedarStatement<'_>>, CedarFault> {
    let found = tokens(text)?;
    let mut cursor = CedarCursor { tokens: &found, next: 0, end: text.len() };
    let mut statements = Vec::new();
    while cursor.peek().is_some() {
        statements.push(cursor.statement(text)?);
    }
    Ok(statements)
}

/// Reads words one after the other.
#[derive(Debug, Clone, Copy)]
struct CedarCursor<'t> {
    tokens: &'t [CedarToken],
    next: usize,
    end: usize,
}

impl<'t> CedarCursor<'t> {
    fn peek(&self) -> Option<&'t CedarWord> {
        self.tokens.get(self.next).map(|token| &token.kind)
    }

    fn at(&self) -> usize {
        self.tokens.get(self.next).map_or(self.end, |token| token.at)
    }

    fn fault<T>(&self, message: &str) -> Result<T, CedarFault> {
        Err(CedarFault { at: self.at(), message: message.to_owned() })
    }

    fn is_sign(&self, sign: &str) -> bool {
        matches!(self.peek(), Some(CedarWord::Sign(found)) if *found == sign)
    }

    fn is_name(&self, name: &str) -> bool {
        matches!(self.peek(), Some(CedarWord::Name(found)) if found == name)
    }

    /// Whether the sign stands next; then it is passed.
    fn takes(&mut self, sign: &str) -> bool {
        let there = self.is_sign(sign);
        self.next += usize::from(there);
        there
    }

    fn takes_name(&mut self, name: &str) -> bool {
        let there = self.is_name(name);
        self.next += usize::from(there);
        there
    }

    fn wants(&mut self, sign: &str) -> Result<(), CedarFault> {
        if self.takes(sign) { Ok(()) } else { self.fault(&format!("`{sign}` is missing here")) }
    }

    fn wants_name(&mut self, name: &str) -> Result<(), CedarFault> {
        if self.takes_name(name) { Ok(()) } else { self.fault(&format!("`{name}` is missing here")) }
    }

    fn name(&mut self) -> Option<&'t str> {
        let Some(CedarWord::Name(name)) = self.peek() else { return None };
        self.next += 1;
        Some(name)
    }

    fn text(&mut self) -> Option<&'t str> {
        let Some(CedarWord::Text(text)) = self.peek() else { return None };
        self.next += 1;
        Some(text)
    }

    fn number(&mut self) -> Option<u64> {
        let Some(CedarWord::Number(number)) = self.peek() else { return None };
        self.next += 1;
        Some(*number)
    }

    /// Passes what stands before a comma or a closing bracket of the brackets that are open.
    fn skip_argument(&mut self) {
        let mut open = 0usize;
        while let Some(word) = self.peek() {
            if let CedarWord::Sign(sign) = word {
                match *sign {
                    "(" | "[" | "{" => open += 1,
                    "," | ")" | "]" | "}" | ";" if open == 0 => return,
                    ")" | "]" | "}" => open -= 1,
                    _ => {}
                }
            }
            self.next += 1;
        }
    }

    fn statement<'s>(&mut self, text: &'s str) -> Result<CedarStatement<'s>, CedarFault> {
        let at = self.at();
        while self.takes("@") {
            if self.name().is_none() {
                return self.fault("an annotation has a name");
            }
            if self.takes("(") {
                if self.text().is_none() {
                    return self.fault("an annotation has a text");
                }
                self.wants(")")?;
            }
        }
        let permits = self.takes_name("permit");
        if !permits && !self.takes_name("forbid") {
            return self.fault("a statement begins with `permit` or `forbid`");
        }
        self.wants("(")?;
        self.wants_name("principal")?;
        let anybody = self.is_sign(",");
        self.skip_argument();
        self.wants(",")?;
        self.wants_name("action")?;
        let action = self.scope()?;
        self.wants(",")?;
        self.wants_name("resource")?;
        let resource = self.scope()?;
        self.takes(",");
        self.wants(")")?;
        let mut conditions = Vec::new();
        while !self.is_sign(";") {
            let when = self.takes_name("when");
            if !when && !self.takes_name("unless") {
                return self.fault("`;` is missing here");
            }
            conditions.push(self.condition(when)?);
        }
        let end = self.tokens.get(self.next).map_or(self.end, |token| token.end);
        self.next += 1;
        Ok(CedarStatement { at, text: &text[at..end], permits, anybody, action, resource, conditions })
    }

    /// What stands after `action` or `resource`.
    fn scope(&mut self) -> Result<CedarScope, CedarFault> {
        if self.is_sign(",") || self.is_sign(")") {
            return Ok(CedarScope::Any);
        }
        if self.takes("==") {
            // A slot of a template is filled somewhere else.
            if self.is_sign("?") {
                self.skip_argument();
                return Ok(CedarScope::Unread);
            }
            return self.entity().map(|entity| CedarScope::Only(vec![entity]));
        }
        if self.takes_name("is") {
            let kind = self.path()?;
            if self.is_name("in") {
                self.skip_argument();
                return Ok(CedarScope::Unread);
            }
            return Ok(CedarScope::Kind(kind));
        }
        if self.takes_name("in") {
            if !self.takes("[") {
                self.skip_argument();
                return Ok(CedarScope::Unread);
            }
            let mut entities = Vec::new();
            while !self.takes("]") {
                entities.push(self.entity()?);
                if !self.takes(",") && !self.is_sign("]") {
                    return self.fault("`]` is missing here");
                }
            }
            return Ok(CedarScope::Only(entities));
        }
        self.fault("`==`, `in` or `is` is missing here")
    }

    /// `A::B`
    fn path(&mut self) -> Result<String, CedarFault> {
        let Some(first) = self.name() else { return self.fault("a type is missing here") };
        let mut kind = first.to_owned();
        while self.is_sign("::") && matches!(self.tokens.get(self.next + 1).map(|t| &t.kind), Some(CedarWord::Name(_)))
        {
            self.next += 1;
            kind.push_str("::");
            kind.push_str(self.name().unwrap_or_default());
        }
        Ok(kind)
    }

    fn entity(&mut self) -> Result<CedarEntity, CedarFault> {
        let kind = self.path()?;
        self.wants("::")?;
        match self.text() {
            Some(id) => Ok(CedarEntity { kind, id: id.to_owned() }),
            None => self.fault("an entity has its name in double quotes"),
        }
    }

    /// What stands after `when` or `unless`.
    fn condition(&mut self, when: bool) -> Result<CedarCondition, CedarFault> {
        let language = self.name();
        let opens = self.at();
        self.wants("{")?;
        let from = self.next;
        loop {
            self.skip_argument();
            if !self.takes(",") {
                break;
            }
        }
        let body = CedarCursor { tokens: &self.tokens[..self.next], next: from, end: self.at() };
        if !self.takes("}") {
            return Err(CedarFault { at: opens, message: "a condition has no end".to_owned() });
        }
        Ok(match language {
            None => match body.whole(|cursor| cursor.either(0)) {
                Some(expression) if when => CedarCondition::When(expression),
                Some(expression) => CedarCondition::Unless(expression),
                None => CedarCondition::Unread,
            },
            Some("temporal") if when => body.whole(Self::calls).unwrap_or(CedarCondition::Unread),
            Some(_) => CedarCondition::Unread,
        })
    }

    /// What `read` makes of all that is left.
    fn whole<T>(mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        read(&mut self).filter(|_| self.peek().is_none())
    }

    fn signs(&mut self, signs: &[&str]) -> Option<()> {
        signs.iter().all(|sign| self.takes(sign)).then_some(())
    }

    fn names(&mut self, names: &[&str]) -> Option<()> {
        names.iter().all(|name| self.takes_name(name)).then_some(())
    }

    /// `exists (n: Long). ((count for (t: Timepoint). where (formerly within 60s (A::request{} && tp(t)))) == n && n <= 30)`
    fn calls(&mut self) -> Option<CedarCondition> {
        self.names(&["exists"])?;
        self.signs(&["("])?;
        let number = self.name()?;
        self.signs(&[":"])?;
        self.names(&["Long"])?;
        self.signs(&[")", ".", "(", "("])?;
        self.names(&["count", "for"])?;
        self.signs(&["("])?;
        let time = self.name()?;
        self.signs(&[":"])?;
        self.names(&["Timepoint"])?;
        self.signs(&[")", "."])?;
        self.names(&["where"])?;
        self.signs(&["("])?;
        self.names(&["formerly", "within"])?;
        self.number()?;
        self.names(&["s"])?;
        self.signs(&["("])?;
        let action = self.entity().ok()?;
        self.signs(&["::"])?;
        self.names(&["request"])?;
        self.signs(&["{", "}", "&&"])?;
        self.names(&["tp"])?;
        self.signs(&["("])?;
        self.names(&[time])?;
        self.signs(&[")", ")", ")", ")", "=="])?;
        self.names(&[number])?;
        self.signs(&["&&"])?;
        self.names(&[number])?;
        // The call that is decided is one of them.
        let below = self.takes("<");
        if !below {
            self.signs(&["<="])?;
        }
        let calls = self.number()?.checked_sub(u64::from(below))?;
        self.signs(&[")"])?;
        Some(CedarCondition::Calls(action, calls))
    }

    fn either(&mut self, depth: usize) -> Option<CedarExpression> {
        if self.takes_name("if") {
            if depth > MAX_DEPTH {
                return None;
            }
            let condition = self.either(depth + 1)?;
            self.names(&["then"])?;
            let then = self.either(depth + 1)?;
            self.names(&["else"])?;
            return Some(CedarExpression::If(Box::new([condition, then, self.either(depth + 1)?])));
        }
        self.several("||", CedarExpression::Either, depth, |cursor| {
            cursor.several("&&", CedarExpression::All, depth, |cursor| cursor.relation(depth))
        })
    }

    fn several(
        &mut self,
        sign: &str,
        all: fn(Vec<CedarExpression>) -> CedarExpression,
        depth: usize,
        read: impl Fn(&mut Self) -> Option<CedarExpression>,
    ) -> Option<CedarExpression> {
        if depth > MAX_DEPTH {
            return None;
        }
        let first = read(self)?;
        if !self.is_sign(sign) {
            return Some(first);
        }
        let mut of = vec![first];
        while self.takes(sign) {
            of.push(read(self)?);
        }
        Some(all(of))
    }

    fn relation(&mut self, depth: usize) -> Option<CedarExpression> {
        let one = self.unary(depth)?;
        if self.takes_name("has") {
            let CedarExpression::Path(mut fields) = one else { return None };
            if let Some(field) = self.text() {
                return Some(CedarExpression::Has(fields, field.to_owned()));
            }
            let mut steps = vec![CedarExpression::Has(fields.clone(), self.name()?.to_owned())];
            // `has a.b` is `has a`, and of it `has b`.
            while self.takes(".") {
                if let Some(CedarExpression::Has(_, field)) = steps.last() {
                    fields.push(field.clone());
                }
                steps.push(CedarExpression::Has(fields.clone(), self.name()?.to_owned()));
            }
            return Some(CedarExpression::All(steps));
        }
        for (sign, equal) in [("==", true), ("!=", false)] {
            if self.takes(sign) {
                let both = CedarExpression::Equal(Box::new((one, self.unary(depth)?)));
                return Some(if equal { both } else { CedarExpression::Not(Box::new(both)) });
            }
        }
        Some(one)
    }

    fn unary(&mut self, depth: usize) -> Option<CedarExpression> {
        let from = self.next;
        while self.takes("!") {}
        let not = self.next - from;
        let of = self.member(depth)?;
        // Twice is a flag still, and an error where there is none.
        Some(match not {
            0 => of,
            n if n % 2 == 1 => CedarExpression::Not(Box::new(of)),
            _ => CedarExpression::All(vec![of]),
        })
    }

    fn member(&mut self, depth: usize) -> Option<CedarExpression> {
        if self.takes("(") {
            let inner = self.either(depth + 1)?;
            self.signs(&[")"])?;
            return Some(inner);
        }
        if self.takes("[") {
            let mut values = Vec::new();
            while !self.takes("]") {
                values.push(self.value()?);
                if !self.takes(",") && !self.is_sign("]") {
                    return None;
                }
            }
            self.signs(&["."])?;
            self.names(&["contains"])?;
            self.signs(&["("])?;
            let of = self.either(depth + 1)?;
            self.signs(&[")"])?;
            return Some(CedarExpression::OneOf(values, Box::new(of)));
        }
        if !self.takes_name("context") {
            return self.value().map(CedarExpression::Literal);
        }
        let mut fields = Vec::new();
        loop {
            if self.takes("[") {
                fields.push(self.text()?.to_owned());
                self.signs(&["]"])?;
            } else if self.takes(".") {
                fields.push(self.name()?.to_owned());
            } else {
                break;
            }
        }
        // A method of the value.
        if self.is_sign("(") { None } else { Some(CedarExpression::Path(fields)) }
    }

    fn value(&mut self) -> Option<Value> {
        if let Some(text) = self.text() {
            return Some(text.into());
        }
        for flag in [true, false] {
            if self.takes_name(if flag { "true" } else { "false" }) {
                return Some(flag.into());
            }
        }
        let minus = self.takes("-");
        let number = i128::from(self.number()?);
        i64::try_from(if minus { -number } else { number }).ok().map(Value::from)
    }
}
