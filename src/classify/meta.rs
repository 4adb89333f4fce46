//! What an entry says beside its words: hints that no client reads, who may call it, what its author says of its risk,
//! and arguments that travel in headers. None of it moves a class.

use serde_json::Value;

use super::refused::finding;
use super::text::Text;
use super::types::{Finding, FindingId, FindingLevel, Place};
use crate::lexicon::{Function, Lexicon};
use crate::manifest::schema::{self, Node, SchemaType, Step, pointer};
use crate::manifest::{Annotations, Hint, NO_OBJECT, Tool};
use crate::neutral;
use crate::risk::Class;

/// The findings of a tool of this class; `has_headers` tells whether an argument has one.
pub(super) fn findings(lexicon: &Lexicon, tool: &Tool, class: Class, has_headers: bool, out: &mut Vec<Finding>) {
    out.extend(exclusive(&tool.annotations));
    out.extend(undeclared(&tool.annotations).or_else(|| misplaced(tool)));
    out.extend(app_only(tool));
    if let Some(Value::Object(meta)) = tool.extra.get("_meta") {
        out.extend(old_keys(meta));
        out.extend(author(lexicon, meta, class));
    }
    if has_headers {
        headers(lexicon, tool, out);
    }
}

/// Whether two declared hints exclude one another. Then neither is evidence.
pub(super) fn contradict(annotations: &Annotations) -> bool {
    annotations.read_only == Some(true) && annotations.destructive == Some(true)
}

fn exclusive(annotations: &Annotations) -> Option<Finding> {
    let message =
        "`readOnlyHint` and `destructiveHint` are both declared true and exclude one another; neither counts.";
    let place = Place::Annotation(Hint::ReadOnly);
    contradict(annotations)
        .then(|| finding(FindingId::ContradictingHints, FindingLevel::Warning, place, 4, message.to_owned()))
}

/// The hint that a key of another spelling means.
fn meant(key: &str) -> Option<Hint> {
    let bare: String = key.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let bare = bare.strip_suffix("hint").unwrap_or(&bare);
    Hint::ALL.into_iter().find(|hint| hint.key().strip_suffix("Hint").is_some_and(|key| key.eq_ignore_ascii_case(bare)))
}

/// One note on what stands under `annotations` and declares nothing.
fn undeclared(annotations: &Annotations) -> Option<Finding> {
    const CONTENT: [&str; 3] = ["audience", "priority", "lastModified"];
    let (id, warning, note) = (FindingId::UndeclaredHints, FindingLevel::Warning, FindingLevel::Note);
    if !annotations.present {
        annotations.extra.get(NO_OBJECT)?;
        let message = "`annotations` has the wrong type: it is not an object, so no hint is declared.".to_owned();
        return Some(finding(id, warning, Place::Pointer("/annotations".to_owned()), 0, message));
    }
    for key in annotations.extra.keys() {
        let place = || Place::Pointer(format!("/annotations/{}", schema::escape(key)));
        let named = neutral::quoted(key);
        match meant(key) {
            Some(hint) if hint.key() == key => {
                let message =
                    format!("{named} has the wrong type: it is neither true nor false, and counts as undeclared.");
                return Some(finding(id, warning, place(), 0, message));
            }
            Some(hint) => {
                let message =
                    format!("{named} is not what clients read and counts as undeclared; write `{}`.", hint.key());
                return Some(finding(id, warning, place(), 0, message));
            }
            None => {}
        }
    }
    let content: Vec<&str> = CONTENT.into_iter().filter(|key| annotations.extra.contains_key(*key)).collect();
    if let Some(first) = content.first() {
        let keys: Vec<String> = content.iter().map(|key| format!("`{key}`")).collect();
        let message =
            format!("Under `annotations` stands {}: that belongs to content, not to a tool.", keys.join(", "));
        return Some(finding(id, note, Place::Pointer(format!("/annotations/{first}")), 0, message));
    }
    let leaked = ["_def", "~standard", "_zod"].into_iter().find(|key| annotations.extra.contains_key(*key))?;
    let message = "A validator of the server's code stands under `annotations`, and no hint.".to_owned();
    Some(finding(id, note, Place::Pointer(format!("/annotations/{}", schema::escape(leaked))), 0, message))
}

/// How deep in an entry hints, and what an author says of risk, are looked for.
const MAX_DEPTH: usize = 4;
/// Values that are looked at in one entry.
const MAX_SEEN: usize = 400;

/// One note on hints that stand elsewhere than under `annotations`, where clients read them.
fn misplaced(tool: &Tool) -> Option<Finding> {
    let mut found = None;
    let mut budget = MAX_SEEN;
    look(&tool.extra, &mut Vec::new(), &mut budget, &mut |path, value| {
        let Some(Step::Key(key)) = path.last() else { return };
        let named =
            path.len() == 1 || !path.contains(&Step::Key("_meta")) || key.to_ascii_lowercase().ends_with("hint");
        let hint = meant(key.rsplit(['/', '.']).next().unwrap_or(key)).filter(|_| named);
        let says = value.is_boolean() || value == "true" || value == "false";
        if let Some(hint) = hint
            && says
            && found.is_none()
            && tool.annotations.declared(hint).is_none()
        {
            found = Some((hint, pointer(path)));
        }
    });
    let (hint, pointer) = found?;
    let message = format!(
        "{} says something of the tool where no client reads it, and counts as undeclared; write `{}` under `annotations`.",
        neutral::quoted(&pointer),
        hint.key()
    );
    Some(finding(FindingId::UndeclaredHints, FindingLevel::Note, Place::Pointer(pointer), 0, message))
}

/// Every value below an object that is not one itself, with its path; lists of such values are one.
fn look<'a>(
    map: &'a serde_json::Map<String, Value>,
    path: &mut Vec<Step<'a>>,
    budget: &mut usize,
    visit: &mut dyn FnMut(&[Step<'a>], &'a Value),
) {
    // What a schema says, it says of arguments.
    for (key, value) in map.iter().filter(|(key, _)| !SCHEMAS.contains(&key.as_str())) {
        if *budget == 0 {
            return;
        }
        *budget -= 1;
        path.push(Step::Key(key));
        match value {
            Value::Object(inner) if path.len() <= MAX_DEPTH => look(inner, path, budget, visit),
            Value::Object(_) => {}
            value => visit(path, value),
        }
        path.pop();
    }
}

/// Keys of schemas and of what is done with them.
const SCHEMAS: [&str; 7] = [
    "inputSchema",
    "input_schema",
    "parameters",
    "parametersJsonSchema",
    "args_schema",
    "outputSchema",
    "output_schema",
];

/// Whether only the server's own widget may call a tool: a host does not offer it to a model (MCP Apps, 2026-01-26).
pub fn is_app_only(tool: &Tool) -> bool {
    is_defined_app_only(tool) || tool.others.iter().any(is_defined_app_only)
}

fn is_defined_app_only(tool: &Tool) -> bool {
    let Some(meta) = tool.extra.get("_meta") else { return false };
    match meta.get("ui").and_then(|ui| ui.get("visibility")) {
        Some(Value::Array(who)) => !who.iter().any(|who| who == "model"),
        Some(Value::String(who)) => who != "model",
        _ => meta.get("openai/visibility").is_some_and(|v| v == "private"),
    }
}

fn app_only(tool: &Tool) -> Option<Finding> {
    if !is_app_only(tool) {
        return None;
    }
    let message = "The server's widget calls it, not the model: hosts must not offer it to an agent.".to_owned();
    let of_ui = tool.extra.get("_meta").is_some_and(|meta| meta.pointer("/ui/visibility").is_some());
    let place = Place::Pointer(
        if of_ui || !is_defined_app_only(tool) { "/_meta/ui/visibility" } else { "/_meta/openai~1visibility" }
            .to_owned(),
    );
    Some(finding(FindingId::AppOnly, FindingLevel::Note, place, 0, message))
}

/// Older keys and what stands for them now.
const OLD_KEYS: [(&str, &str); 4] = [
    ("ui/resourceUri", "_meta.ui.resourceUri"),
    ("openai/outputTemplate", "_meta.ui.resourceUri"),
    ("openai/widgetAccessible", "_meta.ui.visibility"),
    ("openai/visibility", "_meta.ui.visibility"),
];

fn old_keys(meta: &serde_json::Map<String, Value>) -> Option<Finding> {
    let found: Vec<_> = OLD_KEYS.into_iter().filter(|(old, _)| meta.contains_key(*old)).collect();
    let (first, _) = found.first()?;
    let told: Vec<String> = found.iter().map(|(old, new)| format!("`{old}` is now `{new}`")).collect();
    let message = format!("Older keys of a widget: {}.", told.join(", "));
    let place = Place::Pointer(format!("/_meta/{}", schema::escape(first)));
    Some(finding(FindingId::OldKeys, FindingLevel::Note, place, 0, message))
}

/// What an author publishes of a tool's risk: the key and the value as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthorRisk {
    /// The key under `_meta`; the pointer from the entry where it stands deeper.
    pub key: String,
    /// Where it stands in the entry.
    pub pointer: String,
    /// Its value.
    pub value: String,
    /// The class that the value names, where it names one.
    pub class: Option<Class>,
}

/// What the author says under `_meta`, in the author's order.
pub fn author_risk(lexicon: &Lexicon, tool: &Tool) -> Vec<AuthorRisk> {
    let meta = tool.extra.get("_meta").and_then(Value::as_object);
    meta.map(|meta| said(lexicon, meta)).unwrap_or_default()
}

fn said(lexicon: &Lexicon, meta: &serde_json::Map<String, Value>) -> Vec<AuthorRisk> {
    let mut words = Text::default();
    let mut out = Vec::new();
    let mut budget = MAX_SEEN;
    look(meta, &mut vec![Step::Key("_meta")], &mut budget, &mut |path, value| {
        // The last words of a key are its own; those of the objects around it say what it is about.
        let own = |step: &Step<'_>| match step {
            Step::Key(key) => key.rsplit(['/', '.']).next().map(str::to_owned),
            Step::Index(_) => None,
        };
        let keys: Vec<String> = path.iter().skip(1).filter_map(own).collect();
        let speaks = keys.iter().any(|key| {
            words.identifier(lexicon, key);
            has(&words, Function::Risk)
        });
        if !speaks {
            return;
        }
        let value = match value {
            Value::String(text) => text.clone(),
            Value::Bool(_) | Value::Number(_) => value.to_string(),
            Value::Array(list) if !list.is_empty() && list.iter().all(Value::is_string) => {
                list.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", ")
            }
            _ => return,
        };
        let asks =
            |key: &String| ["confirm", "permission", "approv"].iter().any(|word| key.to_lowercase().contains(word));
        // `destructive: true` says it by its key.
        let last = keys.last().map_or("", String::as_str);
        words.identifier(lexicon, if value == "true" { last } else { &value });
        let class = if keys.iter().any(asks) || value == "false" {
            None
        } else if has(&words, Function::Grave) {
            Some(Class::Destructive)
        } else if has(&words, Function::Moderate) {
            Some(Class::Write)
        } else if has(&words, Function::Mild) {
            Some(Class::Read)
        } else {
            None
        };
        let key = match path {
            [_, Step::Key(key)] => (*key).to_owned(),
            path => pointer(path),
        };
        out.push(AuthorRisk { key, pointer: pointer(path), value, class });
    });
    out
}

/// Whether a word of `words` has that function.
fn has(words: &Text, function: Function) -> bool {
    (0..words.len()).any(|i| words.is(i, function))
}

fn author(lexicon: &Lexicon, meta: &serde_json::Map<String, Value>, class: Class) -> Option<Finding> {
    const MAX_TOLD: usize = 4;
    let said = said(lexicon, meta);
    let first = said.first()?;
    let told: Vec<String> = said
        .iter()
        .take(MAX_TOLD)
        .map(|s| format!("{}: {}", neutral::quoted(&s.key), neutral::quoted(&s.value)))
        .collect();
    let theirs = said.iter().filter_map(|s| s.class).max();
    let (level, compared) = match theirs {
        None => (FindingLevel::Note, format!("the class is {class}")),
        Some(theirs) if theirs < class => (FindingLevel::Warning, format!("that is milder than the class, {class}")),
        Some(theirs) if theirs > class => (FindingLevel::Note, format!("that is harsher than the class, {class}")),
        Some(_) => (FindingLevel::Note, format!("the class, {class}, agrees")),
    };
    let message = format!("Its author publishes {}; {compared}.", told.join(", "));
    let place = Place::Pointer(first.pointer.clone());
    Some(finding(FindingId::AuthorRisk, level, place, 0, message))
}

/// The key of an argument that also travels in the header `Mcp-Param-…`.
const HEADER: &str = "x-mcp-header";

/// The header that an argument travels in, where the specification allows it to.
pub fn header(schema: &Value) -> Option<String> {
    let name = schema.get(HEADER)?.as_str().filter(|name| is_token(name))?;
    schema.get("type").filter(|kind| *kind == "string" || *kind == "integer" || *kind == "boolean")?;
    Some(format!("Mcp-Param-{name}"))
}

/// A token of RFC 9110 §5.6.2.
fn is_token(name: &str) -> bool {
    let token = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
    !name.is_empty() && name.bytes().all(token)
}

/// What a word that is a secret ends with: `token` and `accesstoken`.
const SECRET_ENDS: [&str; 13] = [
    "accesskey",
    "apikey",
    "authkey",
    "authorization",
    "bearer",
    "cookie",
    "cookies",
    "credential",
    "credentials",
    "password",
    "privatekey",
    "secret",
    "token",
];

/// Whether the words of a name are those of a secret.
fn is_secret(words: &Text) -> bool {
    let key = |i: usize| words.is(i, Function::SecretKey) && matches!(words.word(i + 1), "key" | "keys");
    let ends = |i: usize| SECRET_ENDS.iter().any(|end| words.word(i).ends_with(end));
    (0..words.len()).any(|i| words.is(i, Function::Secret) || ends(i) || key(i))
}

fn headers(lexicon: &Lexicon, tool: &Tool, out: &mut Vec<Finding>) {
    let mut seen: Vec<String> = Vec::new();
    let mut words = Text::default();
    let mut found: Vec<Finding> = Vec::new();
    schema::walk(&tool.input_schema, "/inputSchema", &mut |node: &Node<'_, '_>| {
        let Some(value) = node.schema.get(HEADER) else { return };
        let name = value.as_str().unwrap_or_default();
        let is = |kind| node.keys.is_type(kind);
        let is_static = node.pointer.split('/').skip(2).step_by(2).all(|step| step == "properties") && node.depth > 0;
        let why = if !is_token(name) {
            Some("is not a name that a header can have")
        } else if seen.contains(&name.to_ascii_lowercase()) {
            Some("stands twice")
        } else if !is_static {
            Some("stands where no client can look it up")
        } else if !(is(SchemaType::String) || is(SchemaType::Integer) || is(SchemaType::Boolean)) {
            Some("stands at an argument that is not a string, integer or boolean")
        } else {
            None
        };
        let place = Place::Pointer(format!("{}/{HEADER}", node.pointer));
        if let Some(why) = why
            && !found.iter().any(|f| f.id == FindingId::BrokenHeader)
        {
            let message = format!("Clients must drop this tool: its `{HEADER}` {} {why}.", neutral::quoted(name));
            found.push(finding(FindingId::BrokenHeader, FindingLevel::Error, place, 0, message));
            seen.push(name.to_ascii_lowercase());
            return;
        }
        seen.push(name.to_ascii_lowercase());
        let secret = [node.name, name].into_iter().any(|name| {
            words.identifier(lexicon, name);
            is_secret(&words)
        });
        if secret {
            let message = format!(
                "A secret travels in a header, where proxies log it: {} goes as `Mcp-Param-{name}`.",
                neutral::quoted(node.name)
            );
            found.push(finding(FindingId::SecretInHeader, FindingLevel::Warning, place, 0, message));
        }
    });
    out.extend(found);
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn ids(entry: &Value) -> Vec<(FindingId, String)> {
        let text = json!([entry]).to_string();
        let manifest = crate::manifest::read(&text, std::path::Path::new("m.json")).value.expect("read");
        let mut out = Vec::new();
        findings(Lexicon::embedded(), &manifest.tools[0], Class::Write, true, &mut out);
        out.into_iter().map(|f| (f.id, f.message)).collect()
    }

    #[test]
    fn hints_in_another_spelling_or_type_are_undeclared_with_one_note() {
        let of = |annotations: Value| ids(&json!({"name": "a", "annotations": annotations}));
        for none in [json!(null), json!({}), json!({"title": null, "readOnlyHint": null}), json!({"x-own": 1})] {
            assert_eq!(of(none.clone()), [], "{none}");
        }
        for (odd, said) in [
            (json!({"read_only_hint": true, "destructive_hint": false}), "write `readOnlyHint`"),
            (json!({"readOnlyHint": "true"}), "wrong type"),
            (json!(["readOnlyHint"]), "wrong type"),
            (json!({"audience": ["user"], "priority": 5}), "belongs to content"),
            (json!({"_def": {"typeName": "ZodObject"}, "~standard": {}}), "validator"),
        ] {
            let found = of(odd.clone());
            assert_eq!(found.len(), 1, "{odd}");
            assert!(found[0].0 == FindingId::UndeclaredHints && found[0].1.contains(said), "{found:?}");
        }
    }

    #[test]
    fn a_hint_that_stands_elsewhere_is_undeclared_and_told_once_with_the_place_where_clients_read_it() {
        let of = |keys: Value| {
            let mut entry = json!({"name": "a"});
            entry.as_object_mut().unwrap().extend(keys.as_object().unwrap().clone());
            ids(&entry)
        };
        for (keys, place) in [
            (json!({"readOnlyHint": true, "destructiveHint": false}), "/readOnlyHint"),
            (json!({"read_only": true}), "/read_only"),
            (json!({"readonly": "true"}), "/readonly"),
            (json!({"hints": {"destructive": false}}), "/hints/destructive"),
            (json!({"_meta": {"readOnlyHint": true}}), "/_meta/readOnlyHint"),
            (json!({"_meta": {"com.x/readOnlyHint": true}}), "/_meta/com.x~1readOnlyHint"),
            (json!({"metadata": {"annotations": {"idempotentHint": true}}}), "/metadata/annotations/idempotentHint"),
        ] {
            let found = of(keys.clone());
            assert_eq!(found.len(), 1, "{keys}: {found:?}");
            assert!(found[0].0 == FindingId::UndeclaredHints && found[0].1.contains(place), "{found:?}");
            assert!(found[0].1.ends_with("under `annotations`."), "{found:?}");
        }
        let declared = json!({"readOnlyHint": true, "annotations": {"readOnlyHint": true}});
        assert_eq!(of(declared), []);
        assert_eq!(of(json!({"title": "Read only", "_meta": {"version": 2, "open": "world"}})), []);
    }

    #[test]
    fn a_header_holds_to_the_specification_and_carries_no_secret() {
        let of = |properties: Value| {
            let schema = json!({"type": "object", "properties": properties});
            ids(&json!({"name": "a", "inputSchema": schema})).into_iter().map(|f| f.0).collect::<Vec<_>>()
        };
        let region = json!({"type": "string", "x-mcp-header": "Region"});
        assert_eq!(of(json!({"region": region})), []);
        assert_eq!(of(json!({"place": {"type": "object", "properties": {"region": region}}})), []);
        for broken in [
            json!({"a": {"type": "number", "x-mcp-header": "A"}}),
            json!({"a": {"type": "string", "x-mcp-header": "bad name"}}),
            json!({"a": {"type": "string", "x-mcp-header": ""}}),
            json!({"a": {"type": "string", "x-mcp-header": 7}}),
            json!({"a": {"type": "string", "x-mcp-header": "T"}, "b": {"type": "string", "x-mcp-header": "t"}}),
            json!({"a": {"type": "array", "items": {"type": "string", "x-mcp-header": "T"}}}),
            json!({"a": {"anyOf": [{"type": "string", "x-mcp-header": "T"}]}}),
        ] {
            assert_eq!(of(broken.clone()), [FindingId::BrokenHeader], "{broken}");
        }
        for secret in [
            "api_key",
            "accessToken",
            "accesstoken",
            "password",
            "Authorization",
            "x-api-key",
            "X_APIKEY",
            "set-cookie",
            "bearer",
            "client_secret",
            "clientSecret",
            "private-key",
            "session",
            "sessionId",
            "dbPasswd",
            "ssh_key",
            "jwt",
        ] {
            let one = json!({secret: {"type": "string", "x-mcp-header": "Value"}});
            assert_eq!(of(one), [FindingId::SecretInHeader], "{secret}");
            let header = json!({"value": {"type": "string", "x-mcp-header": secret}});
            assert_eq!(of(header), [FindingId::SecretInHeader], "{secret}");
        }
        for plain in ["region", "sort_key", "author", "tenant", "passenger", "primary-key", "tokenizer", "sidebar"] {
            assert_eq!(of(json!({plain: {"type": "string", "x-mcp-header": "Value"}})), [], "{plain}");
        }
    }

    #[test]
    fn what_an_author_says_is_compared_and_what_a_widget_calls_is_told() {
        let of = |meta: Value| ids(&json!({"name": "a", "_meta": meta}));
        let risk = of(json!({"com.x/risk": "business_write", "com.x/confirmation": "token", "com.x/color": "red"}));
        assert_eq!(risk.len(), 1);
        assert_eq!(
            risk[0].1,
            "Its author publishes `com.x/risk`: `business_write`, `com.x/confirmation`: `token`; the class, Write, agrees."
        );
        assert!(of(json!({"x/risk": "low"}))[0].1.contains("milder than the class, Write"));
        assert!(of(json!({"x/risk": "high"}))[0].1.contains("harsher"));
        for (meta, said) in [
            (json!({"acme": {"risk": {"level": "low"}}}), "`/_meta/acme/risk/level`: `low`; that is milder"),
            (
                json!({"vendor/safety": {"requiresConfirmation": true}}),
                "`/_meta/vendor~1safety/requiresConfirmation`: `true`",
            ),
            (json!({"acme": {"destructive": true}}), "`/_meta/acme/destructive`: `true`; that is harsher"),
            (json!({"x/permissions": ["read", "delete"]}), "`x/permissions`: `read, delete`; the class is Write"),
        ] {
            let found = of(meta.clone());
            assert!(found.len() == 1 && found[0].0 == FindingId::AuthorRisk && found[0].1.contains(said), "{found:?}");
        }
        let deep = json!({"a": {"b": {"c": {"d": {"e": {"risk": "low"}}}}}});
        assert_eq!(of(deep), []);
        assert_eq!(of(json!({"ui": {"visibility": ["app"]}}))[0].0, FindingId::AppOnly);
        assert_eq!(of(json!({"ui": {"visibility": ["model", "app"]}})), []);
        assert_eq!(of(json!({"ui/resourceUri": "ui://old"}))[0].0, FindingId::OldKeys);
    }
}
