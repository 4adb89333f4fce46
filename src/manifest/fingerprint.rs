//! A hash for each part of a definition, so that a change says *what* moved.
//!
//! Parts are hashed over a canonical form: object keys sorted, and the arrays whose order
//! JSON Schema gives no meaning (`required`, `enum`, a `type` list) sorted too, because
//! servers emit them in another order from one capture to the next. The hash is SHA-256
//! cut to 128 bits: an author who prepares a harmless and a harmful definition must not be
//! able to make them collide.

use std::fmt::{self, Write as _};

use serde_json::Value;
use sha2::{Digest, Sha256};
use strum::{EnumCount, IntoStaticStr, VariantArray};

use super::{Hint, Tool};
use crate::neutral::push_json;
use crate::variants::every;

/// A part of a definition that has its own hash.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, EnumCount, IntoStaticStr, VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum DefinitionPart {
    /// The name.
    Name,
    /// The title.
    Title,
    /// The description.
    Description,
    /// The input schema.
    InputSchema,
    /// The output schema.
    OutputSchema,
    /// The annotations.
    Annotations,
    /// Every other key.
    Extra,
}

impl DefinitionPart {
    /// All parts in canonical order.
    pub const ALL: [Self; Self::COUNT] = every(Self::VARIANTS);

    /// The part's name in the lock and in JSON.
    pub fn key(self) -> &'static str {
        self.into()
    }
}

/// The hashes of one definition, by part: 16 bytes each, or `None` where the part is absent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fingerprint {
    parts: [Option<[u8; 16]>; 7],
}

impl Fingerprint {
    /// The hash of one part as 32 lower-case hexadecimal digits.
    pub fn part(&self, part: DefinitionPart) -> Option<String> {
        self.parts[part as usize].map(|bytes| hex(&bytes))
    }

    /// The fingerprint of a definition that has nothing but a name; what a lock records beside
    /// it is set with [`Fingerprint::set`].
    pub fn of_name(name: &str) -> Self {
        let mut parts = [None; 7];
        parts[DefinitionPart::Name as usize] = Some(hash(name.as_bytes()));
        Self { parts }
    }

    /// Sets the hash of one part from 32 lower-case hexadecimal digits; `false` where `digits`
    /// are something else.
    pub fn set(&mut self, part: DefinitionPart, digits: &str) -> bool {
        let lower_hex = |b: &u8| b.is_ascii_digit() || (b'a'..=b'f').contains(b);
        if digits.len() != 32 || !digits.as_bytes().iter().all(lower_hex) {
            return false;
        }
        self.parts[part as usize] = u128::from_str_radix(digits, 16).ok().map(u128::to_be_bytes);
        true
    }

    /// The parts in which two definitions differ.
    pub fn moved(&self, other: &Self) -> Vec<DefinitionPart> {
        DefinitionPart::ALL.into_iter().filter(|p| self.parts[*p as usize] != other.parts[*p as usize]).collect()
    }

    /// One hash over the parts that an override depends on (name, description, input schema,
    /// annotations): 32 hexadecimal digits.
    pub fn decided(&self) -> String {
        self.over(&[
            DefinitionPart::Name,
            DefinitionPart::Description,
            DefinitionPart::InputSchema,
            DefinitionPart::Annotations,
        ])
    }

    /// One hash over all parts but `extra`, which holds what does not describe the tool
    /// (`_meta`, icons): 32 hexadecimal digits.
    pub fn whole(&self) -> String {
        self.over(&DefinitionPart::ALL[..6])
    }

    fn over(&self, parts: &[DefinitionPart]) -> String {
        let mut hasher = Sha256::new();
        for part in parts {
            match self.parts[*part as usize] {
                Some(bytes) => {
                    hasher.update([1]);
                    hasher.update(bytes);
                }
                None => hasher.update([0]),
            }
        }
        hex(&hasher.finalize()[..16])
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.whole())
    }
}

/// The fingerprint of a tool's definition. Further definitions of its name, and a second input schema, count
/// as a part of what it takes.
pub fn fingerprint(tool: &Tool) -> Fingerprint {
    let mut print = of_one(tool);
    if let Some((_, second)) = tool.second_schema() {
        let input = &mut print.parts[DefinitionPart::InputSchema as usize];
        let mut text = input.map_or(String::new(), |bytes| hex(&bytes));
        canonical(second, None, &mut text);
        *input = Some(hash(text.as_bytes()));
    }
    if !tool.others.is_empty() {
        let parts = tool.others.iter().flat_map(|other| of_one(other).parts);
        let input = &mut print.parts[DefinitionPart::InputSchema as usize];
        let all: Vec<u8> = std::iter::once(*input).chain(parts).flat_map(Option::unwrap_or_default).collect();
        *input = Some(hash(&all));
    }
    print
}

fn of_one(tool: &Tool) -> Fingerprint {
    let mut buffer = String::new();
    let text = |s: Option<&str>| s.map(|s| hash(s.as_bytes()));
    let mut value = |v: &Value| {
        buffer.clear();
        canonical(v, None, &mut buffer);
        hash(buffer.as_bytes())
    };
    let annotations = tool.annotations.present.then(|| {
        let mut map = tool.annotations.extra.clone();
        for hint in Hint::ALL {
            if let Some(declared) = tool.annotations.declared(hint) {
                map.insert(hint.key().to_owned(), declared.into());
            }
        }
        if let Some(title) = &tool.annotations.title {
            map.insert("title".to_owned(), title.as_str().into());
        }
        value(&Value::Object(map))
    });
    let input = (!tool.input_schema.is_null()).then(|| value(&tool.input_schema));
    let output = tool.output_schema.as_ref().map(&mut value);
    let extra = (!tool.extra.is_empty()).then(|| value(&Value::Object(tool.extra.clone())));
    Fingerprint {
        parts: [
            Some(hash(tool.name.as_bytes())),
            text(tool.title.as_deref()),
            text(tool.description.as_deref()),
            input,
            output,
            annotations,
            extra,
        ],
    }
}

fn hash(bytes: &[u8]) -> [u8; 16] {
    let digest = Sha256::digest(bytes);
    let mut out = [0; 16];
    out.copy_from_slice(&digest[..16]);
    out
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, b| {
        let _ = write!(out, "{b:02x}");
        out
    })
}

/// Appends the canonical form of `value`; `key` is the object key that it stands under.
fn canonical(value: &Value, key: Option<&str>, out: &mut String) {
    match value {
        Value::Object(map) => {
            let mut members: Vec<(&String, &Value)> = map.iter().collect();
            members.sort_unstable_by_key(|(k, _)| *k);
            out.push('{');
            for (i, (k, v)) in members.into_iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                push_json(out, k);
                out.push(':');
                canonical(v, Some(k), out);
            }
            out.push('}');
        }
        Value::Array(items) => {
            let start = out.len() + 1;
            let mut ends = Vec::new();
            for (i, item) in items.iter().enumerate() {
                out.push(if i == 0 { '[' } else { ',' });
                canonical(item, None, out);
                ends.push(out.len());
            }
            if items.is_empty() {
                out.push('[');
            }
            if items.len() > 1 && matches!(key, Some("required" | "enum" | "type")) {
                let from = |i: usize| if i == 0 { start } else { ends[i - 1] + 1 };
                let mut parts: Vec<String> = (0..ends.len()).map(|i| out[from(i)..ends[i]].to_owned()).collect();
                parts.sort_unstable();
                out.truncate(start);
                out.push_str(&parts.join(","));
            }
            out.push(']');
        }
        Value::String(text) => push_json(out, text),
        Value::Null => out.push_str("null"),
        Value::Bool(flag) => out.push_str(if *flag { "true" } else { "false" }),
        Value::Number(number) => {
            let _ = write!(out, "{number}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn tool(schema: Value) -> Tool {
        Tool { name: "t".into(), input_schema: schema, ..Tool::default() }
    }

    #[test]
    fn order_and_formatting_do_not_move_a_fingerprint_and_meaning_does() {
        let a = tool(json!({"type": "object", "required": ["a", "b"], "properties": {"a": {"enum": [1, 2]}}}));
        let b = tool(json!({"properties": {"a": {"enum": [2, 1]}}, "required": ["b", "a"], "type": "object"}));
        let c = tool(json!({"properties": {"a": {"enum": [2, 3]}}, "required": ["b", "a"], "type": "object"}));
        assert_eq!(fingerprint(&a), fingerprint(&b));
        assert_eq!(fingerprint(&a).moved(&fingerprint(&c)), [DefinitionPart::InputSchema]);
    }

    #[test]
    fn a_fingerprint_is_rebuilt_from_its_digits() {
        let whole = fingerprint(&tool(json!({"type": "object"})));
        let mut rebuilt = Fingerprint::of_name("t");
        assert!(rebuilt.set(DefinitionPart::InputSchema, &whole.part(DefinitionPart::InputSchema).expect("there")));
        assert_eq!(rebuilt, whole);
        for bad in ["", "+0000000000000000000000000000000", "ABCDEF0000000000000000000000000a"] {
            assert!(!rebuilt.set(DefinitionPart::Title, bad));
        }
    }

    #[test]
    fn absent_and_empty_are_different() {
        let mut a = tool(Value::Null);
        let mut b = tool(Value::Null);
        b.description = Some("".into());
        assert_eq!(fingerprint(&a).moved(&fingerprint(&b)), [DefinitionPart::Description]);
        a.annotations.present = true;
        b.description = None;
        assert_eq!(fingerprint(&a).moved(&fingerprint(&b)), [DefinitionPart::Annotations]);
    }
}
