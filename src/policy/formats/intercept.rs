//! Intercept, an open-source proxy: YAML. A rule's conditions must hold, otherwise the call is
//! denied: the opposite of `deny_if`.

use std::fmt::Write as _;

use super::yaml::{self, MAX_KEY};
use super::{
    ArgumentTest, ClientAnswer, ClientReading, DocumentPart, Effect, EntryRule, EntrySays, FileSlot, Format,
    FormatGroup, Guide, PartList, RuleOrder, Scope, SettingsNode, SlotKind, ToolEffect, Unsupported, WORDS, Written,
};
use crate::policy::{Condition, Limit, Path, Pattern, Test};

/// Intercept's YAML policy.
pub(super) struct Intercept;

impl Format for Intercept {
    fn id(&self) -> &'static str {
        "intercept"
    }

    fn label(&self) -> &'static str {
        "Intercept"
    }

    fn group(&self) -> FormatGroup {
        FormatGroup::Gateways
    }

    fn effect(&self) -> Effect {
        Effect::Enforces
    }

    fn names_server(&self) -> bool {
        false
    }

    fn filename(&self) -> &'static str {
        "policy.yaml"
    }

    fn place(&self) -> &'static str {
        "Give the file to the proxy that stands before this server."
    }

    fn cannot(&self) -> &'static str {
        "Its conditions must hold together, so it cannot let an argument be absent beside a list of values: a call \
         without the argument is denied."
    }

    fn guide(&self) -> Option<Guide> {
        Some(Guide {
            program: "Intercept",
            file: "policy.yaml",
            file_url: "https://github.com/policylayer/intercept/blob/main/POLICY.md",
            start_url: "https://github.com/policylayer/intercept",
            start: |_, program, args| format!("npx -y @policylayer/intercept -c policy.yaml -- {program} {args}"),
        })
    }

    fn slots(&self, _server: &str) -> Vec<FileSlot> {
        vec![
            FileSlot::new(&["version"], SlotKind::Default),
            FileSlot::new(&["default"], SlotKind::Own),
            FileSlot::new(&["hide"], SlotKind::List),
            FileSlot::new(&["tools"], SlotKind::Map),
        ]
    }

    fn reading(&self, _server: &str) -> Option<ClientReading> {
        let slots = vec![
            (FileSlot::new(&["hide"], SlotKind::List), EntrySays::Answer(ClientAnswer::Deny)),
            (FileSlot::new(&["tools"], SlotKind::Map), EntrySays::Rules(read)),
        ];
        let rest = (vec!["default".to_owned()], WORDS, ClientAnswer::Allow);
        Some(ClientReading { slots, order: RuleOrder::Strictest, rest, off: None })
    }

    fn write(&self, scope: &Scope<'_>) -> Result<Written, Unsupported> {
        scope.deny_by_default()?;
        let mut notes = Vec::new();
        let tools = scope.checked(&mut notes, |name| match name {
            "*" => Err("means every tool in this format"),
            _ if yaml::quoted(name).len() > MAX_KEY => Err("is longer than a key may be in YAML"),
            _ => Ok(()),
        })?;
        let (mut hidden, mut listed) = (Vec::new(), Vec::new());
        for (place, tool) in tools {
            if tool.stance == ToolEffect::Hide {
                hidden.push(DocumentPart::Row(place, format!("  - {}\n", yaml::text(tool.name))));
            } else if tool.entry.is_some() {
                // A tool that the document does not name stays out here too.
                let mut text = format!("  {}:\n    rules:", yaml::text(tool.name));
                rules(&mut text, &tool.stance);
                listed.push(DocumentPart::Row(place, text));
            }
        }
        notes.push(scope.note(
            super::NEEDS_ARGUMENT.text,
            |s| matches!(s, ToolEffect::Narrow(arguments, _) if arguments.iter().any(|a| a.absent)),
        ));
        notes.push(scope.note(super::DENIES_OTHER.text, |s| *s == ToolEffect::Other));
        let parts = vec![
            PartList::new("hide:\n", "", "", hidden).into(),
            PartList::new("tools:\n", "", "", listed).or("tools: {}\n").into(),
        ];
        Ok(Written::new(PartList::new("version: \"1\"\ndefault: deny\n", "", "", parts), notes))
    }
}

fn rules(text: &mut String, stance: &ToolEffect<'_>) {
    let message = |text: &mut String, on_deny: Option<&str>| {
        if let Some(on_deny) = on_deny {
            let _ = writeln!(text, "        on_deny: {}", yaml::quoted(on_deny));
        }
    };
    match stance {
        ToolEffect::Allow => text.push_str(" []\n"),
        ToolEffect::Limit(limits) => {
            text.push('\n');
            limited(text, limits);
        }
        ToolEffect::Narrow(arguments, limits) => {
            text.push('\n');
            for (i, argument) in arguments.iter().enumerate() {
                let number = if i == 0 { String::new() } else { format!("-{}", i + 1) };
                let values: Vec<String> = argument.values.iter().map(yaml::value).collect();
                let _ = write!(
                    text,
                    "      - name: listed-values{number}\n        conditions:\n          - path: {}\n            op: in\n            value: [{}]\n",
                    yaml::quoted(argument.path),
                    values.join(", ")
                );
                message(text, argument.on_deny);
            }
            limited(text, limits);
        }
        ToolEffect::Deny(on_deny) => {
            text.push_str("\n      - name: denied\n        action: deny\n");
            message(text, *on_deny);
        }
        ToolEffect::Hide | ToolEffect::Other => text.push_str("\n      - name: denied\n        action: deny\n"),
    }
}

fn limited(text: &mut String, limits: &[&Limit]) {
    for limit in limits {
        let _ = write!(
            text,
            "      - name: {max}-a-{window}\n        rate_limit: {max}/{window}\n",
            max = limit.max,
            window = limit.window
        );
    }
}

/// What stands under a tool's name: its rules must all hold. A condition that is not understood holds.
fn read(_: &FileSlot, name: &str, entry: &SettingsNode) -> Vec<(String, EntryRule)> {
    // What stands under `*` holds for every tool and lists none.
    let listed = (name != "*").then(|| EntryRule::always(ClientAnswer::Allow));
    let denied = |rule: &SettingsNode| {
        let mut denies = EntryRule::always(ClientAnswer::Deny);
        if rule.get("action").and_then(SettingsNode::text) == Some("deny") {
            return Some(denies);
        }
        if let Some(limit) = rule.get("rate_limit").and_then(SettingsNode::text) {
            let most = limit.split('/').next().and_then(|most| most.trim().parse().ok())?;
            return Some(EntryRule { limit: Some(most), ..EntryRule::always(ClientAnswer::Allow) });
        }
        let conditions: Vec<_> =
            rule.get("conditions").into_iter().flat_map(SettingsNode::items).map(condition).collect();
        let unread = conditions.iter().any(Option::is_none).then_some(ArgumentTest::Unread(true));
        denies.when =
            unread.into_iter().chain([ArgumentTest::Unless(conditions.into_iter().flatten().collect())]).collect();
        Some(denies)
    };
    let rules = entry.get("rules").into_iter().flat_map(SettingsNode::items).filter_map(denied);
    listed.into_iter().chain(rules).map(|rule| (name.to_owned(), rule)).collect()
}

fn condition(node: &SettingsNode) -> Option<Condition> {
    let path = Path::parse(node.get("path")?.text()?)?;
    let value = node.get("value");
    let list = || value.into_iter().flat_map(SettingsNode::items).map(SettingsNode::value).collect::<Option<_>>();
    let one = || value.and_then(SettingsNode::value);
    let number = || one().and_then(|value| value.as_number().cloned());
    let test = match node.get("op")?.text()? {
        "in" => Test::In(list()?),
        "not_in" => Test::NotIn(list()?),
        "eq" => Test::Eq(one()?),
        "neq" => Test::Neq(one()?),
        "lt" => Test::Lt(number()?),
        "lte" => Test::Lte(number()?),
        "gt" => Test::Gt(number()?),
        "gte" => Test::Gte(number()?),
        "exists" => Test::Exists(one()?.as_bool()?),
        "regex" => Test::Regex(Pattern::new(value?.text()?).ok()?),
        "contains" => Test::Contains(one()?),
        _ => return None,
    };
    Some(Condition { path, test })
}
