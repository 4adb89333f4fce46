//! `policy.json` itself.

use super::{Effect, Format, Refusal, Rendered, Scope};

/// The document that all the others are made from.
pub struct PolicyJson;

impl Format for PolicyJson {
    fn id(&self) -> &'static str {
        "policy-json"
    }

    fn label(&self) -> &'static str {
        "policy.json"
    }

    fn effect(&self) -> Effect {
        Effect::Enforces
    }

    fn filename(&self) -> &'static str {
        "policy.json"
    }

    fn place(&self) -> &'static str {
        "Attach it to the grant or the server in your gateway."
    }

    fn cannot(&self) -> &'static str {
        ""
    }

    fn render(&self, scope: &Scope<'_>) -> Result<Rendered, Refusal> {
        Ok(Rendered { text: scope.policy.to_json(), notes: Vec::new() })
    }
}
