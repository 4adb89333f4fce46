//! Envoy AI Gateway: the tool selector of a backend in an `MCPRoute`. A list of names has at most 32 entries, so one
//! expression names all.

use super::{
    ClientAnswer, ClientReading, DocumentPart, Effect, EntryFor, EntrySays, FileSlot, Format, FormatGroup, PartList,
    Scope, SlotKind, ToolEffect, Unsupported, Written, plain,
};
use crate::policy::Pattern;

/// The tools of a backend of an `MCPRoute`.
pub(super) struct EnvoyMcpRoute;

impl Format for EnvoyMcpRoute {
    fn id(&self) -> &'static str {
        "envoy-mcproute"
    }

    fn label(&self) -> &'static str {
        "Envoy AI Gateway"
    }

    fn group(&self) -> FormatGroup {
        FormatGroup::Gateways
    }

    fn effect(&self) -> Effect {
        Effect::Hides
    }

    fn filename(&self) -> &'static str {
        "mcproute.yaml"
    }

    fn place(&self) -> &'static str {
        "Merge it into the entry of `backendRefs` in your `MCPRoute`; the backend has the server's name. \
         `include` may have at most 32 names, so one expression in `includeRegex` names them all."
    }

    fn cannot(&self) -> &'static str {
        "It can neither limit nor ask nor look at an argument: a tool that needs one of these is not offered."
    }

    fn slots(&self, server: &str) -> Vec<FileSlot> {
        let at = |list, kind| FileSlot::new(&["toolSelector", list], kind).under(&[&["spec", "backendRefs"]], server);
        vec![at("includeRegex", SlotKind::Own).read_by(subject), at("include", SlotKind::Absent)]
    }

    fn reading(&self, server: &str) -> Option<ClientReading> {
        let slots = self.slots(server).into_iter().map(|slot| (slot, EntrySays::Offers)).collect();
        Some(ClientReading::strictest(slots, ClientAnswer::Allow))
    }

    fn write(&self, scope: &Scope<'_>) -> Result<Written, Unsupported> {
        scope.deny_by_default()?;
        let server = scope.server;
        let mut notes = Vec::new();
        let label = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        if server.is_empty() || server.len() > 63 || !server.bytes().all(label) || server.starts_with('-') {
            return Err(Unsupported(
                "The backend's name must be at most 63 lower-case letters, digits and -; give it such a name.".into(),
            ));
        }
        let tools = scope.checked(&mut notes, |name| {
            if plain(name) { Ok(()) } else { Err("has characters that an expression would have to escape") }
        })?;
        let offered = tools.into_iter().filter(|(_, tool)| tool.stance == ToolEffect::Allow);
        let rows = offered.map(|(place, tool)| DocumentPart::Row(place, tool.name.to_owned())).collect();
        notes.push(
            scope.note("It can neither limit nor ask: it does not offer the tool.", |s| {
                matches!(s, ToolEffect::Limit(_))
            }),
        );
        notes.push(scope.note(super::OMITS.text, |s| matches!(s, ToolEffect::Narrow(..) | ToolEffect::Other)));
        let open = format!(
            "apiVersion: aigateway.envoyproxy.io/v1alpha1\nkind: MCPRoute\nspec:\n  backendRefs:\n    - name: \"{server}\"\n      \
             toolSelector:\n        includeRegex:\n          - \"^(?:"
        );
        let document = PartList::new(open, "|", ")$\"\n", rows);
        Ok(Written { document, notes, otherwise: "It lists what is offered, and nothing is: leave the backend out." })
    }
}

/// The tools that an expression is for: those that it lists, where it is such a list.
fn subject(_: &FileSlot, expression: &str) -> EntryFor {
    let listed = expression.strip_prefix("^(?:").and_then(|rest| rest.strip_suffix(")$"));
    match listed.map(|names| names.split('|').collect::<Vec<_>>()) {
        Some(names) if names.iter().all(|name| plain(name)) => {
            EntryFor::Tools(names.into_iter().map(str::to_owned).collect())
        }
        _ => Pattern::new(expression).map_or(EntryFor::Every, EntryFor::Matching),
    }
}
