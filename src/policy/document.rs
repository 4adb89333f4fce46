//! The document as a type: what can be built here is a valid `policy.json`.

use std::collections::BTreeMap;
use std::fmt;

use serde::ser::SerializeMap as _;
use serde::{Serialize, Serializer};
use strum::{EnumCount, EnumString, IntoStaticStr, VariantArray};

use super::parts::{DocumentPart, PartList};
use super::{Condition, Test};
use crate::neutral;
use crate::variants::every;

/// The only version there is.
pub(super) const VERSION: &str = "1";
/// The only scope there is.
pub(super) const SCOPE: &str = "grant";
/// The name in `hide` that hides every tool.
pub(super) const EVERY_TOOL: &str = "*";

/// What happens to a tool that is not listed under `tools`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum DefaultAction {
    /// It is allowed.
    Allow,
    /// It is denied.
    Deny,
}

/// A calendar-aligned window in UTC.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    EnumCount,
    EnumString,
    IntoStaticStr,
    VariantArray,
)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum Window {
    /// From second 0 to the next minute.
    Minute,
    /// From minute 0 to the next hour.
    Hour,
    /// From midnight UTC to midnight UTC.
    Day,
}

impl Window {
    /// All windows, shortest first.
    pub const ALL: [Self; Self::COUNT] = every(Self::VARIANTS);

    /// `minute`, `hour` or `day`.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// The window of that name.
    pub fn parse(text: &str) -> Option<Self> {
        text.parse().ok()
    }

    /// Seconds that the window lasts.
    pub fn seconds(self) -> u64 {
        match self {
            Self::Minute => 60,
            Self::Hour => 3_600,
            Self::Day => 86_400,
        }
    }

    /// When the window that holds `time` began; both are seconds since 1970-01-01 00:00 UTC.
    pub fn start(self, time: u64) -> u64 {
        time - time % self.seconds()
    }
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A quota: at most `max` calls in each window. Limits that name one counter share it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limit {
    /// The counter's name.
    pub counter: String,
    /// How long it counts.
    pub window: Window,
    /// Calls that are allowed in one window; 0 allows none.
    pub max: u64,
}

impl Serialize for Limit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_map(Some(4))?;
        out.serialize_entry("counter", &self.counter)?;
        out.serialize_entry("window", &self.window)?;
        out.serialize_entry("max", &self.max)?;
        out.serialize_entry("scope", SCOPE)?;
        out.end()
    }
}

/// Conditions that are met together, and the message to the agent when they deny.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Clause {
    /// All must hold; an empty list always does.
    pub conditions: Vec<Condition>,
    /// The message; without one the gateway has its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_deny: Option<String>,
}

/// What is under a tool's name. An empty entry allows the tool.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Entry {
    /// Every clause must be met.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub require: Vec<Clause>,
    /// No clause may be met.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub deny_if: Vec<Clause>,
    /// Every quota must have a call left.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub limits: Vec<Limit>,
}

impl Entry {
    /// Whether a clause keeps text out of the place of an object in which another clause looks at an argument.
    pub(super) fn guards_text(&self, clause: &Clause) -> bool {
        let [Condition { path, test: Test::Regex(pattern) }] = clause.conditions.as_slice() else { return false };
        let inside = |other: &Condition| {
            matches!(other.test, Test::NotIn(_))
                && other.path.as_str().strip_prefix(path.as_str()).is_some_and(|rest| rest.starts_with('.'))
        };
        pattern.as_str().is_empty() && self.deny_if.iter().flat_map(|clause| &clause.conditions).any(inside)
    }
}

/// A whole `policy.json`.
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    /// For tools that `tools` does not list.
    pub default: DefaultAction,
    /// Names that are not listed to the agent and are denied when called; `*` is every tool.
    pub hide: Vec<String>,
    /// `all_tools.limits`: quotas over every call.
    pub all_tools: Vec<Limit>,
    /// The tools' entries by name, sorted.
    pub tools: BTreeMap<String, Entry>,
}

impl Policy {
    /// The document that denies everything.
    pub fn deny_all() -> Self {
        Self { default: DefaultAction::Deny, hide: Vec::new(), all_tools: Vec::new(), tools: BTreeMap::new() }
    }

    /// The document's text: keys in the order version, default, hide, `all_tools`, tools, empty
    /// parts left out, two spaces a level, a newline at the end; hidden characters of names are
    /// escapes, so the text is safe to print.
    pub fn to_json(&self) -> String {
        let hide = self.hide.iter().map(String::as_str).enumerate();
        let tools = self.tools.iter().enumerate().map(|(i, (name, entry))| (i, name.as_str(), entry));
        parts(self.default, &self.all_tools, hide, tools).text()
    }
}

#[derive(Serialize)]
struct AllTools<'a> {
    limits: &'a [Limit],
}

/// The document in parts; each name has its tool's place.
pub(super) fn parts<'a>(
    default: DefaultAction,
    all_tools: &[Limit],
    hide: impl Iterator<Item = (usize, &'a str)>,
    tools: impl Iterator<Item = (usize, &'a str, &'a Entry)>,
) -> PartList {
    let default = match default {
        DefaultAction::Allow => "\"default\": \"allow\"",
        DefaultAction::Deny => "\"default\": \"deny\"",
    };
    let mut whole: Vec<DocumentPart> = vec![format!("\"version\": \"{VERSION}\"").into(), default.into()];
    let hide = hide.map(|(place, name)| DocumentPart::Row(place, text(name))).collect();
    whole.push(PartList::new("\"hide\": [\n    ", ",\n    ", "\n  ]", hide).into());
    if !all_tools.is_empty() {
        whole.push(format!("\"all_tools\": {}", indented(&AllTools { limits: all_tools }, "\n  ")).into());
    }
    let row = |(place, name, entry): (usize, &str, &Entry)| {
        DocumentPart::Row(place, format!("{}: {}", text(name), indented(entry, "\n    ")))
    };
    let tools = tools.map(row).collect();
    whole.push(PartList::new("\"tools\": {\n    ", ",\n    ", "\n  }", tools).into());
    PartList::new("{\n  ", ",\n  ", "\n}\n", whole)
}

fn text(name: &str) -> String {
    // Texts, maps with text keys and numbers always serialise.
    neutral::json_line(name).unwrap_or_default()
}

/// A value whose lines after the first begin with `line`: a line break inside a text is an escape.
fn indented(value: &impl Serialize, line: &str) -> String {
    neutral::json(value).unwrap_or_default().trim_end().replace('\n', line)
}

impl Serialize for Policy {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_map(None)?;
        out.serialize_entry("version", VERSION)?;
        out.serialize_entry("default", &self.default)?;
        if !self.hide.is_empty() {
            out.serialize_entry("hide", &self.hide)?;
        }
        if !self.all_tools.is_empty() {
            out.serialize_entry("all_tools", &AllTools { limits: &self.all_tools })?;
        }
        if !self.tools.is_empty() {
            out.serialize_entry("tools", &self.tools)?;
        }
        out.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::{Path, Test};
    use serde_json::json;

    #[test]
    fn the_text_is_exact() {
        let limit = Limit { counter: "b_rate".into(), window: Window::Minute, max: 30 };
        let condition = Condition { path: Path::parse("args.x").expect("a path"), test: Test::In(vec![json!(1)]) };
        let mut policy = Policy::deny_all();
        assert_eq!(policy.to_json(), "{\n  \"version\": \"1\",\n  \"default\": \"deny\"\n}\n");
        policy.hide.push("a\u{202e}".into());
        policy.tools.insert("z".into(), Entry::default());
        let deny_if = vec![Clause { conditions: vec![condition], on_deny: Some("No.".into()) }];
        policy.tools.insert("b".into(), Entry { deny_if, limits: vec![limit], ..Entry::default() });
        insta::assert_snapshot!(policy.to_json(), @r#"
        {
          "version": "1",
          "default": "deny",
          "hide": [
            "a\u202e"
          ],
          "tools": {
            "b": {
              "deny_if": [
                {
                  "conditions": [
                    {
                      "path": "args.x",
                      "op": "in",
                      "value": [
                        1
                      ]
                    }
                  ],
                  "on_deny": "No."
                }
              ],
              "limits": [
                {
                  "counter": "b_rate",
                  "window": "minute",
                  "max": 30,
                  "scope": "grant"
                }
              ]
            },
            "z": {}
          }
        }
        "#);
    }

    #[test]
    fn windows_are_aligned_to_the_calendar_in_utc() {
        // 2026-11-20 23:59:59 UTC
        let time = 1_795_219_199;
        assert_eq!(Window::Day.start(time + 1), time + 1);
        assert_eq!(Window::Hour.start(time), time - 3_599);
        assert_eq!(Window::Minute.start(time), time - 59);
    }
}
