//! How large one server may be. Whatever is beyond a limit is refused as a whole, with a diagnostic: a part of a
//! definition is never labelled as if it were all of it.

use serde_json::Value;

use super::Tool;
use super::schema::{self, MAX_DEPTH, MAX_NODES};
use crate::neutral;

/// Tools of one server; the largest server of the bundled catalogue has 204.
pub const MAX_TOOLS: usize = 20_000;
/// Bytes of a description; the longest of the bundled catalogue has 9 kB.
pub const MAX_DESCRIPTION_BYTES: usize = 256 * 1024;
/// Bytes of a name, a title, an argument's name or a value that a schema lists; the longest of the bundled catalogue has 110.
pub const MAX_NAME_BYTES: usize = 1024;
/// Values that the schemas of one tool list, each as often as they lead to it; the most of the bundled catalogue are 605.
pub const MAX_VALUES: usize = 10_000;

/// Less JSON than this cannot pass a limit, but by references or by depth.
const MIN_COUNTED_BYTES: usize = 2 * MAX_VALUES;

/// Which limit a tool passes, as a sentence. `raw` is the JSON that it was read from.
pub(super) fn passed(raw: &str, tool: &Tool) -> Option<String> {
    let second = tool.second_schema().map(|(_, schema)| schema);
    let schemas = [Some(&tool.input_schema), tool.output_schema.as_ref(), second];
    let titles = [&tool.title, &tool.annotations.title].into_iter().flatten();
    let names = [&tool.name].into_iter().chain(titles).any(|name| name.len() > MAX_NAME_BYTES);
    if names || (may_have_string(raw, MAX_NAME_BYTES) && schemas.into_iter().flatten().any(has_long_name)) {
        let (name, kib) = (neutral::quoted(&tool.name), MAX_NAME_BYTES / 1024);
        return Some(format!(
            "a name, a title or a value of a list in the definition of {name} has more than {kib} KiB"
        ));
    }
    let described = tool.description.as_deref().is_some_and(|text| text.len() > MAX_DESCRIPTION_BYTES);
    if described
        || (may_have_string(raw, MAX_DESCRIPTION_BYTES) && schemas.into_iter().flatten().any(has_long_description))
    {
        return Some(format!(
            "a description of {} has more than {} KiB",
            neutral::quoted(&tool.name),
            MAX_DESCRIPTION_BYTES / 1024
        ));
    }
    // To walk a schema costs more than to look at its text, and next to none is large.
    let refers =
        || ["$ref", "$dynamicRef"].iter().any(|key| memchr::memmem::find(raw.as_bytes(), key.as_bytes()).is_some());
    let is_deep = || memchr::memchr_iter(b'{', raw.as_bytes()).count() >= MAX_DEPTH && depth(raw) >= MAX_DEPTH;
    if raw.len() < MIN_COUNTED_BYTES && !is_deep() && !refers() {
        return None;
    }
    let mut values = 0usize;
    let mut whole = true;
    for schema in schemas.into_iter().flatten() {
        whole &= schema::walk(schema, "", &mut |node| {
            values += node.keys.values.and_then(Value::as_array).map_or(0, Vec::len);
            values += usize::from(node.keys.constant.is_some());
        });
    }
    if !whole {
        return Some(format!(
            "a schema of {} has more than {MAX_NODES} arguments and branches, or is nested more than {MAX_DEPTH} deep",
            neutral::quoted(&tool.name)
        ));
    }
    (values > MAX_VALUES)
        .then(|| format!("the schemas of {} list more than {MAX_VALUES} values", neutral::quoted(&tool.name)))
}

/// Whether JSON may have a string of more bytes than that: there is none where no so long part of it is without a quote.
fn may_have_string(raw: &str, bytes: usize) -> bool {
    let text = raw.as_bytes();
    // An escaped quote ends no string.
    if text.len() <= bytes || memchr::memmem::find(text, b"\\\"").is_some() {
        return text.len() > bytes;
    }
    // The part between two quotes would cover one of the bytes that lie that far apart: the others need no look.
    let mut at = bytes;
    while let Some((before, behind)) = text.split_at_checked(at) {
        let start = memchr::memrchr(b'"', before).map_or(0, |quote| quote + 1);
        let end = memchr::memchr(b'"', behind).map_or(text.len(), |quote| at + quote);
        if end - start > bytes {
            return true;
        }
        at = end + bytes;
    }
    false
}

/// Whether any name, title or listed value of a schema is longer than names are.
fn has_long_name(schema: &Value) -> bool {
    let is_long = |value: &Value| value.as_str().is_some_and(|text| text.len() > MAX_NAME_BYTES);
    match schema {
        Value::Array(items) => items.iter().any(has_long_name),
        Value::Object(members) => members.iter().any(|(key, value)| {
            let long = match (key.as_str(), value) {
                ("const" | "title", text) => is_long(text),
                ("enum", Value::Array(values)) => values.iter().any(is_long),
                _ => false,
            };
            key.len() > MAX_NAME_BYTES || long || has_long_name(value)
        }),
        _ => false,
    }
}

/// Whether a description in a schema is longer than that of a tool may be.
fn has_long_description(schema: &Value) -> bool {
    match schema {
        Value::Array(items) => items.iter().any(has_long_description),
        Value::Object(members) => members.iter().any(|(key, value)| {
            let long = |text: &str| key == "description" && text.len() > MAX_DESCRIPTION_BYTES;
            value.as_str().is_some_and(long) || has_long_description(value)
        }),
        _ => false,
    }
}

/// How deep braces are nested; those in strings count too, so it is never too few.
fn depth(raw: &str) -> usize {
    let (mut open, mut deepest) = (0usize, 0);
    for byte in raw.bytes() {
        match byte {
            b'{' => {
                open += 1;
                deepest = deepest.max(open);
            }
            b'}' => open = open.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::manifest::{MAX_BYTES, read, read_bytes};

    /// The codes of a manifest with one tool of these keys beside a harmless one, and how many tools are left.
    fn told(keys: &Value) -> (Vec<&'static str>, usize) {
        let mut large = json!({"name": "large"});
        large.as_object_mut().unwrap().extend(keys.as_object().unwrap().clone());
        let text = json!({"tools": [large, {"name": "small"}]}).to_string();
        let reading = read(&text, Path::new("m.json"));
        (reading.diagnostics.iter().map(|d| d.code.name()).collect(), reading.value.unwrap().tools.len())
    }

    fn nested(deep: usize) -> Value {
        (0..deep).fold(json!({"type": "string"}), |inner, _| json!({"items": inner}))
    }

    fn arguments(n: usize) -> Value {
        json!({"properties": (0..n).map(|i| (format!("a{i}"), json!({}))).collect::<serde_json::Map<_, _>>()})
    }

    #[test]
    fn each_limit_lets_its_size_through_and_tells_one_more_once() {
        let refused = (vec!["tool-too-large"], 1);
        let fine = (vec![], 2);
        let described = |n: usize| json!({"description": "x".repeat(n)});
        assert_eq!(told(&described(MAX_DESCRIPTION_BYTES)), fine);
        assert_eq!(told(&described(MAX_DESCRIPTION_BYTES + 1)), refused);
        let name = |n: usize| "x".repeat(n);
        let second = |n: usize| json!({"annotations": {"title": name(n)}});
        let (most, more) = (MAX_NAME_BYTES, MAX_NAME_BYTES + 1);
        for (at, above) in [(json!({"name": name(most)}), json!({"name": name(more)})), (second(most), second(more))] {
            assert_eq!((told(&at).1, told(&above)), (2, refused.clone()));
        }
        for key in ["inputSchema", "outputSchema"] {
            let schema = |schema: Value| json!({key: schema});
            for schema_of in [
                |text: String| json!({"properties": {text: {}}}),
                |text: String| json!({"properties": {"a": {"enum": ["b", text]}}}),
                |text: String| json!({"properties": {"enum": {"anyOf": [{"const": text}]}}}),
                |text: String| json!({"$defs": {"a": {"title": text}}}),
            ] {
                assert_eq!(told(&schema(schema_of(name(most)))), fine, "{key}");
                assert_eq!(told(&schema(schema_of(name(more)))), refused, "{key}");
            }
            let noted = |n: usize| schema(json!({"properties": {"a": {"description": "x".repeat(n)}}}));
            assert_eq!(told(&noted(MAX_DESCRIPTION_BYTES)), fine, "{key}");
            assert_eq!(told(&noted(MAX_DESCRIPTION_BYTES + 1)), refused, "{key}");
            let values = |n: usize| schema(json!({"properties": {"a": {"enum": vec![1; n]}}}));
            assert_eq!(told(&values(MAX_VALUES)), fine, "{key}");
            assert_eq!(told(&values(MAX_VALUES + 1)), refused, "{key}");
            assert_eq!(told(&schema(nested(MAX_DEPTH))), fine, "{key}");
            assert_eq!(told(&schema(nested(MAX_DEPTH + 1))), refused, "{key}");
            assert_eq!(told(&schema(arguments(MAX_NODES - 1))), fine, "{key}");
            assert_eq!(told(&schema(arguments(MAX_NODES))), refused, "{key}");
        }
    }

    proptest! {
        #[test]
        fn a_long_string_is_never_overlooked(texts in proptest::collection::vec("[a\\\\\" ]{0,24}", 1..6), bytes in 1..12_usize) {
            let json = serde_json::to_string(&texts).unwrap();
            if texts.iter().any(|text| text.len() > bytes) {
                prop_assert!(may_have_string(&json, bytes));
            }
        }
    }

    #[test]
    fn references_that_multiply_are_a_size_too() {
        let names = (0..16).map(|i| {
            let next = json!({"$ref": format!("#/$defs/d{}", i + 1)});
            (format!("d{i}"), json!({"properties": {"a": next.clone(), "b": next}}))
        });
        let mut schema = json!({"$ref": "#/$defs/d0", "$defs": names.collect::<serde_json::Map<_, _>>()});
        assert_eq!(told(&json!({"inputSchema": schema})).0, ["tool-too-large"]);
        schema["$defs"]["d3"] = json!({});
        assert_eq!(told(&json!({"inputSchema": schema})), (vec![], 2));
    }

    #[test]
    fn a_server_of_too_many_tools_and_a_file_of_too_many_bytes_are_refused_as_a_whole() {
        let tools = |n: usize| {
            let list: Vec<String> = (0..n).map(|i| format!("{{\"name\":\"t{i}\"}}")).collect();
            format!("{{\"tools\":[{}]}}", list.join(","))
        };
        let reading = read(&tools(MAX_TOOLS), Path::new("m.json"));
        assert_eq!((reading.value.map(|m| m.tools.len()), reading.diagnostics.len()), (Some(MAX_TOOLS), 0));
        let reading = read(&tools(MAX_TOOLS + 1), Path::new("m.json"));
        assert!(reading.value.is_none());
        assert_eq!(reading.diagnostics.iter().map(|d| d.code.name()).collect::<Vec<_>>(), ["too-many-tools"]);
        let bytes = vec![b' '; usize::try_from(MAX_BYTES).unwrap() + 1];
        let reading = read_bytes(&bytes, Path::new("m.json"));
        assert_eq!(reading.diagnostics.iter().map(|d| d.code.name()).collect::<Vec<_>>(), ["file-too-large"]);
    }
}
