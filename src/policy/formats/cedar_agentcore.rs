//! Cedar for AWS `AgentCore`: `AgentCore::Action::"S___T"`, arguments in `context.input`. Default
//! deny, forbid wins, no wildcards, at most 10,000 characters a policy. A limit is a condition on the session's history
//! in `permit` itself, so that a service which does not read it permits nothing.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::cedar::{self, set, statements, string};
use super::{
    ClientAnswer, ClientReading, DocumentPart, Effect, EntryFor, EntryRules, EntrySays, FileSlot, Format, FormatGroup,
    KeptArgument, PartList, RuleOrder, Scope, SettingsNode, SlotKind, Unsupported, Written,
};
use crate::policy::Limit;
use crate::policy::cedar::CedarScope;

/// `AgentCore`'s Cedar policies.
pub(super) struct AgentCore;

const ACTION: &str = "AgentCore::Action";
const GATEWAY: &str = "AgentCore::Gateway";
const COUNTS: &str =
    "It counts the calls of one policy session in the last minute, hour or day, those too that it denied.";
/// The service refuses longer policies.
const MAX_POLICY: usize = 10_000;

impl Format for AgentCore {
    fn id(&self) -> &'static str {
        "cedar-agentcore"
    }

    fn label(&self) -> &'static str {
        "Cedar for AgentCore"
    }

    fn group(&self) -> FormatGroup {
        FormatGroup::Cloud
    }

    fn effect(&self) -> Effect {
        Effect::Enforces
    }

    fn filename(&self) -> &'static str {
        "agentcore.cedar"
    }

    fn place(&self) -> &'static str {
        "Each statement is one policy of your gateway's policy engine; the target has the server's name. The service wants \
         your gateway's ARN after `resource ==` where a statement names one tool: `--gateway-arn` writes it. A statement \
         with `when temporal` goes under `policy` of the definition, the others under `cedar`; with one of them in the \
         engine every request needs the header `x-amzn-bedrock-agentcore-policy-session-id`."
    }

    fn cannot(&self) -> &'static str {
        "It cannot ask. It counts the calls of one policy session, which your application begins and ends. A tool that \
         depends on a value that is not text, flag or whole number is not permitted."
    }

    fn reading(&self, server: &str) -> Option<ClientReading> {
        let slot = FileSlot::new(&["statements"], SlotKind::List).for_server(server).read_by(subject);
        let slots = vec![(slot, EntrySays::Statements(read))];
        let rest = (Vec::new(), [].as_slice(), ClientAnswer::Deny);
        Some(ClientReading { slots, order: RuleOrder::Applying, rest, off: None })
    }

    fn write(&self, scope: &Scope<'_>) -> Result<Written, Unsupported> {
        scope.deny_by_default()?;
        let mut notes = Vec::new();
        if scope.server.is_empty() || scope.server.contains("___") || scope.server.ends_with('_') {
            return Err(Unsupported(
                "The target's name must not hold ___ or end with _, which stand before the tool's name.".into(),
            ));
        }
        let action = |name: &str| format!("AgentCore::Action::{}", string(&format!("{}___{name}", scope.server)));
        let resource = scope.gateway.map_or_else(
            || "resource is AgentCore::Gateway".to_owned(),
            |arn| format!("resource == AgentCore::Gateway::{}", string(arn)),
        );
        let head = |name: &str| format!("principal, action == {}, {resource}", action(name));
        let tools = scope.checked(&mut notes, |name| match name {
            "" => Err("is empty"),
            _ if head(name).len() * 2 > MAX_POLICY => Err("is longer than a policy may be"),
            _ => Ok(()),
        })?;
        let condition = |a: &KeptArgument<'_>| condition(a).filter(|c| c.len() < MAX_POLICY / 2);
        let counts = (COUNTS, |name: &str, limits: &[&Limit]| Some(temporal(&action(name), limits)));
        let rows = statements(scope, &tools, &mut notes, head, condition, counts);
        let rows = rows.into_iter().map(|(place, text)| DocumentPart::Row(place, text + "\n")).collect();
        let nothing = "// Nothing is permitted: what no statement permits is denied.\n";
        Ok(Written::new(PartList::new("", "", "", rows).or(nothing), notes))
    }
}

/// What a statement says of tools; which gateway it is for is not looked at.
fn read(statement: &SettingsNode) -> EntryRules {
    let gateway = |scope: &CedarScope| match scope {
        CedarScope::Only(entities) => entities.iter().any(|of| of.kind == GATEWAY),
        CedarScope::Kind(kind) => kind == GATEWAY,
        CedarScope::Any | CedarScope::Unread => true,
    };
    let text = statement.text().unwrap_or_default();
    cedar::read(
        text,
        |of| if gateway(&of.resource) { cedar::entries(&of.action, ACTION) } else { Vec::new() },
        |args| json!({"input": without_null(args)}),
    )
}

/// `S___T` is the tool of a target.
fn subject(slot: &FileSlot, entry: &str) -> EntryFor {
    let own = |id: &str| id.strip_prefix(&slot.server)?.strip_prefix("___").map(str::to_owned);
    cedar::subject(entry, ACTION, own)
}

/// Cedar has no null.
fn without_null(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let some = fields.iter().filter(|(_, value)| !value.is_null());
            some.map(|(name, value)| (name.clone(), without_null(value))).collect()
        }
        other => other.clone(),
    }
}

/// The clause that holds while the session has calls left. The call that is being decided is counted too, and so are
/// those that were denied.
fn temporal(action: &str, limits: &[&Limit]) -> String {
    let mut text = String::new();
    for limit in limits {
        let _ = write!(
            text,
            " when temporal {{ exists (issued: Long). ((count for (t: Timepoint). where (formerly within {}s \
             ({action}::request{{}} && tp(t)))) == issued && issued <= {}) }}",
            limit.window.seconds(),
            limit.max
        );
    }
    text
}

fn condition(argument: &KeptArgument<'_>) -> Option<String> {
    let mut record = "context.input".to_owned();
    let mut steps: Vec<String> = Vec::with_capacity(argument.fields.len());
    for field in &argument.fields {
        steps.push(format!("{record} has {}", string(field)));
        record = format!("{record}[{}]", string(field));
    }
    let listed = format!("{}.contains({record})", set(argument.values, true)?);
    // Behind `!(… has …) ||` the service's validator does not know that an argument is there.
    let within = |rest: String, has: &String| {
        if argument.absent { format!("(if {has} then {rest} else true)") } else { format!("{has} && {rest}") }
    };
    Some(steps.iter().rev().fold(listed, within))
}
