//! A manifest as the document that a catalogue keeps: every source comes to the same keys in the same order.

use serde_json::ser::{PrettyFormatter, Serializer};
use serde_json::{Map, Value, json};

use crate::manifest::{Gap, Hint, Manifest, NO_OBJECT, Server, ServerText, Tool};

/// The document of a manifest. Read again it is the same manifest.
pub fn document(manifest: &Manifest) -> Value {
    let mut out = Map::new();
    out.insert("server".to_owned(), server(&manifest.server).into());
    for (key, text) in [
        ("captured_at", manifest.captured_at.as_deref()),
        ("protocolVersion", manifest.protocol_version.as_deref()),
        ("instructions", manifest.instructions.as_deref()),
    ] {
        if let Some(text) = text {
            out.insert(key.to_owned(), text.into());
        }
    }
    let listing = &manifest.listing;
    if listing.private {
        out.insert("cacheScope".to_owned(), "private".into());
    }
    if listing.without_schemas {
        out.insert("without_schemas".to_owned(), true.into());
    }
    if listing.gaps.contains(&Gap::Generated) {
        out.insert("tools_generated".to_owned(), true.into());
    }
    let mut tools: Vec<Value> = Vec::new();
    for definition in &manifest.tools {
        tools.push(tool(definition));
        tools.extend(definition.others.iter().map(tool));
    }
    if listing.gaps.contains(&Gap::Dynamic) {
        tools.push("dynamic".into());
    }
    out.insert("tools".to_owned(), tools.into());
    out.into()
}

/// The text of a document: indented by one space, with a line feed at its end.
pub fn canonical(document: &Value) -> String {
    let mut out = Vec::new();
    let mut serializer = Serializer::with_formatter(&mut out, PrettyFormatter::with_indent(b" "));
    // A value of JSON has no key that JSON cannot say, and memory takes every byte.
    let _ = serde::Serialize::serialize(document, &mut serializer);
    out.push(b'\n');
    String::from_utf8(out).unwrap_or_default()
}

fn server(server: &Server) -> Map<String, Value> {
    let slug = (!server.slug.is_empty()).then(|| ServerText::from(server.slug.as_str()));
    let members = [
        ("slug", &slug),
        ("name", &server.name),
        ("title", &server.title),
        ("version", &server.version),
        ("package", &server.package),
        ("registry", &server.registry),
        ("package_version", &server.package_version),
        ("license", &server.license),
        ("repository", &server.repository),
        ("author", &server.author),
    ];
    let known = members.into_iter().filter_map(|(key, text)| Some((key.to_owned(), text.as_deref()?.into())));
    let mut known: Map<String, Value> = known.collect();
    if !server.remotes.is_empty() {
        known.insert("remotes".to_owned(), server.remotes.iter().map(|url| json!({"url": url})).collect());
    }
    known
}

fn tool(tool: &Tool) -> Value {
    let mut out = Map::new();
    let mut put = |key: &str, value: Option<Value>| {
        if let Some(value) = value {
            out.insert(key.to_owned(), value);
        }
    };
    put("name", Some(tool.name.as_str().into()));
    put("title", tool.title.as_deref().map(Value::from));
    put("description", tool.description.as_deref().map(Value::from));
    put("inputSchema", Some(tool.input_schema.clone()).filter(|schema| !schema.is_null()));
    put("outputSchema", tool.output_schema.clone());
    let declared = &tool.annotations;
    let mut hints = Map::new();
    if let Some(title) = &declared.title {
        hints.insert("title".to_owned(), json!(title));
    }
    for hint in Hint::ALL {
        if let Some(value) = declared.declared(hint) {
            hints.insert(hint.key().to_owned(), value.into());
        }
    }
    let undeclared = declared.extra.get(NO_OBJECT).filter(|_| !declared.present);
    hints.extend(declared.extra.clone());
    put("annotations", undeclared.cloned().or_else(|| declared.present.then(|| hints.into())));
    for (key, value) in &tool.extra {
        out.entry(key).or_insert_with(|| value.clone());
    }
    out.into()
}
