//! What an entry says beside its words: hints that no client reads, who may call it, what its author says of its risk,
//! and arguments that travel in headers. None of it moves a class.

use serde_json::Value;

use super::refused::finding;
use super::types::{Finding, FindingId, FindingLevel, Place};
use crate::manifest::schema::{self, Node};
use crate::manifest::{Annotations, Hint, NO_OBJECT, Tool};
use crate::neutral;
use crate::risk::Class;
use crate::words::{Words, split_identifier};

/// The findings of a tool of this class; `has_headers` tells whether an argument has one.
pub(super) fn findings(tool: &Tool, class: Class, has_headers: bool, out: &mut Vec<Finding>) {
    out.extend(exclusive(&tool.annotations));
    out.extend(undeclared(&tool.annotations));
    out.extend(app_only(tool));
    if let Some(Value::Object(meta)) = tool.extra.get("_meta") {
        out.extend(old_keys(meta));
        out.extend(author(meta, class));
    }
    if has_headers {
        headers(tool, out);
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
    Hint::ALL.into_iter().find(|hint| hint.key().to_ascii_lowercase().strip_suffix("hint") == Some(bare))
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
pub struct AuthorRisk<'a> {
    /// The key under `_meta`.
    pub key: &'a str,
    /// Its value.
    pub value: String,
    /// The class that the value names, where it names one.
    pub class: Option<Class>,
}

/// Last words of keys that speak of risk.
const RISK_WORDS: [&str; 14] = [
    "risk",
    "operation",
    "permission",
    "permissions",
    "confirmation",
    "confirm",
    "safety",
    "danger",
    "destructive",
    "access",
    "effect",
    "effects",
    "sensitivity",
    "severity",
];

/// What the author says under `_meta`, in the author's order.
pub fn author_risk(tool: &Tool) -> Vec<AuthorRisk<'_>> {
    tool.extra.get("_meta").and_then(Value::as_object).map(said).unwrap_or_default()
}

fn said(meta: &serde_json::Map<String, Value>) -> Vec<AuthorRisk<'_>> {
    let mut words = Words::new();
    let mut out = Vec::new();
    for (key, value) in meta {
        let last = key.rsplit(['/', '.']).next().unwrap_or(key);
        split_identifier(last, &mut words);
        if !words.iter().any(|word| RISK_WORDS.contains(&word)) {
            continue;
        }
        let value = match value {
            Value::String(text) => text.clone(),
            Value::Bool(_) | Value::Number(_) => value.to_string(),
            _ => continue,
        };
        split_identifier(&value, &mut words);
        let named = |list: &[&str]| words.iter().any(|word| list.contains(&word));
        let class = if last.contains("confirm") || last.contains("permission") {
            None
        } else if named(&["delete", "destructive", "destroy", "high", "critical", "severe", "irreversible"]) {
            Some(Class::Destructive)
        } else if named(&["write", "update", "create", "modify", "medium", "moderate", "mutating", "side"]) {
            Some(Class::Write)
        } else if named(&["read", "list", "get", "none", "safe", "low"]) {
            Some(Class::Read)
        } else {
            None
        };
        out.push(AuthorRisk { key, value, class });
    }
    out
}

fn author(meta: &serde_json::Map<String, Value>, class: Class) -> Option<Finding> {
    const MAX_TOLD: usize = 4;
    let said = said(meta);
    let first = said.first()?;
    let told: Vec<String> = said
        .iter()
        .take(MAX_TOLD)
        .map(|s| format!("{}: {}", neutral::quoted(s.key), neutral::quoted(&s.value)))
        .collect();
    let theirs = said.iter().filter_map(|s| s.class).max();
    let (level, compared) = match theirs {
        None => (FindingLevel::Note, format!("the class is {class}")),
        Some(theirs) if theirs < class => (FindingLevel::Warning, format!("that is milder than the class, {class}")),
        Some(theirs) if theirs > class => (FindingLevel::Note, format!("that is harsher than the class, {class}")),
        Some(_) => (FindingLevel::Note, format!("the class, {class}, agrees")),
    };
    let message = format!("Its author publishes {}; {compared}.", told.join(", "));
    let place = Place::Pointer(format!("/_meta/{}", schema::escape(first.key)));
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

/// Words of arguments that are secrets.
const SECRETS: [&str; 11] = [
    "password",
    "passwd",
    "secret",
    "token",
    "apikey",
    "credential",
    "credentials",
    "authorization",
    "auth",
    "bearer",
    "cookie",
];

fn headers(tool: &Tool, out: &mut Vec<Finding>) {
    let mut seen: Vec<String> = Vec::new();
    let mut words = Words::new();
    let mut found: Vec<Finding> = Vec::new();
    schema::walk(&tool.input_schema, "/inputSchema", &mut |node: &Node<'_, '_>| {
        let Some(value) = node.schema.get(HEADER) else { return };
        let name = value.as_str().unwrap_or_default();
        let is = |kind: &str| node.keys.is_type(kind);
        let is_static = node.pointer.split('/').skip(2).step_by(2).all(|step| step == "properties") && node.depth > 0;
        let why = if !is_token(name) {
            Some("is not a name that a header can have")
        } else if seen.contains(&name.to_ascii_lowercase()) {
            Some("stands twice")
        } else if !is_static {
            Some("stands where no client can look it up")
        } else if !(is("string") || is("integer") || is("boolean")) {
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
        split_identifier(node.name, &mut words);
        let mut list: Vec<String> = words.iter().map(str::to_owned).collect();
        split_identifier(name, &mut words);
        list.extend(words.iter().map(str::to_owned));
        let key =
            list.windows(2).any(|pair| matches!(pair[0].as_str(), "api" | "access" | "private") && pair[1] == "key");
        if key || list.iter().any(|word| SECRETS.contains(&word.as_str())) {
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
        let manifest = crate::manifest::read(&text, std::path::Path::new("m.json")).manifest.expect("read");
        let mut out = Vec::new();
        findings(&manifest.tools[0], Class::Write, true, &mut out);
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
        for secret in ["api_key", "accessToken", "password"] {
            let one = json!({secret: {"type": "string", "x-mcp-header": "Value"}});
            assert_eq!(of(one), [FindingId::SecretInHeader], "{secret}");
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
        assert_eq!(of(json!({"ui": {"visibility": ["app"]}}))[0].0, FindingId::AppOnly);
        assert_eq!(of(json!({"ui": {"visibility": ["model", "app"]}})), []);
        assert_eq!(of(json!({"ui/resourceUri": "ui://old"}))[0].0, FindingId::OldKeys);
    }
}
