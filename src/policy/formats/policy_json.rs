//! `policy.json` itself.

use super::{Effect, Format, FormatGroup, Rendered, Scope, ToolEffect, Unsupported, Written};
use crate::policy::document::parts;

/// The document that all the others are made from.
pub(super) struct PolicyJson;

impl Format for PolicyJson {
    fn id(&self) -> &'static str {
        "policy-json"
    }

    fn label(&self) -> &'static str {
        "policy.json"
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
        "policy.json"
    }

    fn place(&self) -> &'static str {
        "Attach it in your gateway to a grant, which is what one agent may use, or to the server."
    }

    fn cannot(&self) -> &'static str {
        ""
    }

    fn write(&self, scope: &Scope<'_>) -> Result<Written, Unsupported> {
        let places = || scope.tools.iter().enumerate();
        let hide = places().filter(|(_, tool)| tool.stance == ToolEffect::Hide).map(|(place, tool)| (place, tool.name));
        let tools = places().filter_map(|(place, tool)| Some((place, tool.name, tool.entry?)));
        let document = parts(scope.policy.default, &scope.policy.all_tools, hide, tools);
        Ok(Written::new(document, Vec::new()))
    }

    // A document may name what the server does not offer.
    fn render(&self, scope: &Scope<'_>) -> Result<Rendered, Unsupported> {
        Ok(Rendered { text: scope.policy.to_json(), notes: Vec::new(), places: Vec::new() })
    }
}
