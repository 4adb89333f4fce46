//! Gemini CLI's policy engine: `[[rule]]` in a TOML file. The highest priority that matches wins.

use std::fmt::Write as _;

use super::{Effect, Format, Refusal, Rendered, Scope, Stance, toml};

/// Gemini CLI's policy rules.
pub struct GeminiPolicy;

struct Rule<'a> {
    tools: Vec<&'a str>,
    decision: &'static str,
    message: Option<&'a str>,
}

/// Above every rule that ships with the client, below what an administrator sets.
const LISTED: u16 = 200;
/// The rest of the server.
const REST: u16 = 100;
/// The client cuts longer names.
const MAX_NAME: usize = 63;

impl Format for GeminiPolicy {
    fn id(&self) -> &'static str {
        "gemini-policy"
    }

    fn label(&self) -> &'static str {
        "Gemini CLI policy"
    }

    fn effect(&self) -> Effect {
        Effect::Enforces
    }

    fn filename(&self) -> &'static str {
        "toolcard.toml"
    }

    fn place(&self) -> &'static str {
        "Save it as a file of any name that ends in `.toml` in `~/.gemini/policies/`."
    }

    fn cannot(&self) -> &'static str {
        "It cannot limit calls: it asks instead. Its patterns see the arguments as one text, where another field can \
         imitate a value: a tool that depends on an argument is denied."
    }

    fn render(&self, scope: &Scope<'_>) -> Result<Rendered, Refusal> {
        scope.deny_by_default()?;
        let server = scope.server;
        let mut notes = Vec::new();
        if !plain(server) || server.contains('_') {
            return Err(Refusal(
                "The server's name must be letters, digits, . and - here, without _; give it such a name in the \
                 client."
                    .into(),
            ));
        }
        let tools = scope.checked(&mut notes, |name| match name {
            _ if !plain(name) => Err("has characters that this client replaces or reads as a pattern"),
            _ if server.len() + name.len() + 5 > MAX_NAME => Err("is longer than this client keeps"),
            _ => Ok(()),
        })?;
        let mut rules: Vec<Rule<'_>> = Vec::new();
        for tool in tools {
            let (decision, message) = match &tool.stance {
                Stance::Allow => ("allow", None),
                Stance::Limit(_) => ("ask_user", None),
                Stance::Deny(message) => ("deny", *message),
                _ => ("deny", None),
            };
            match rules.iter_mut().find(|r| r.decision == decision && r.message == message) {
                Some(rule) => rule.tools.push(tool.name),
                None => rules.push(Rule { tools: vec![tool.name], decision, message }),
            }
        }
        rules.sort_by_key(|r| (r.decision, r.message));
        rules.push(Rule { tools: Vec::new(), decision: "deny", message: None });
        let mut text = String::new();
        for rule in &rules {
            let separator = if text.is_empty() { "" } else { "\n" };
            let _ = writeln!(text, "{separator}[[rule]]\nmcpName = {}", toml::string(server));
            toml::list(&mut text, "toolName", &rule.tools);
            let priority = if rule.tools.is_empty() { REST } else { LISTED };
            let _ = writeln!(text, "decision = \"{}\"\npriority = {priority}", rule.decision);
            if let Some(message) = rule.message {
                let _ = writeln!(text, "denyMessage = {}", toml::string(message));
            }
        }
        if scope.any(|s| matches!(s, Stance::Limit(_))) {
            notes.push("Cannot limit: asks before each call instead.".into());
        }
        if scope.any(|s| matches!(s, Stance::Narrow(..) | Stance::Other)) {
            notes.push("Cannot look at an argument safely: denies the whole tool.".into());
        }
        Ok(Rendered { text, notes })
    }
}

fn plain(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'))
}
