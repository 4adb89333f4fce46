//! Cedar for AWS `AgentCore`: `AgentCore::Action::"S___T"`, arguments in `context.input`. Default
//! deny, forbid wins, no wildcards, at most 10,000 characters a policy.

use super::cedar::{set, statements, string};
use super::{Effect, Format, KeptArgument, Scope, Unsupported, Written};

/// `AgentCore`'s Cedar policies.
pub(super) struct AgentCore;

/// The service refuses longer policies.
const MAX_POLICY: usize = 10_000;

impl Format for AgentCore {
    fn id(&self) -> &'static str {
        "cedar-agentcore"
    }

    fn label(&self) -> &'static str {
        "Cedar for AgentCore"
    }

    fn effect(&self) -> Effect {
        Effect::Enforces
    }

    fn filename(&self) -> &'static str {
        "agentcore.cedar"
    }

    fn place(&self) -> &'static str {
        "Each statement is one policy of your gateway's policy engine; the target has the server's name. The service wants \
         your gateway's ARN after `resource ==` where a statement names one tool."
    }

    fn cannot(&self) -> &'static str {
        "It cannot limit calls and cannot ask: a limited tool is not permitted. A tool that depends on a value \
         that is not text, flag or whole number is not permitted."
    }

    fn write(&self, scope: &Scope<'_>) -> Result<Written, Unsupported> {
        scope.deny_by_default()?;
        let mut notes = Vec::new();
        if scope.server.is_empty() || scope.server.contains("___") || scope.server.ends_with('_') {
            return Err(Unsupported(
                "The target's name must not hold ___ or end with _, which stand before the tool's name.".into(),
            ));
        }
        let head = |name: &str| {
            let action = string(&format!("{}___{name}", scope.server));
            format!("principal, action == AgentCore::Action::{action}, resource is AgentCore::Gateway")
        };
        let tools = scope.checked(&mut notes, |name| match name {
            "" => Err("is empty"),
            _ if head(name).len() + 20 > MAX_POLICY => Err("is longer than a policy may be"),
            _ => Ok(()),
        })?;
        let condition = |a: &KeptArgument<'_>| condition(a).filter(|c| c.len() < MAX_POLICY / 2);
        Ok(statements(scope, &tools, notes, head, condition))
    }
}

fn condition(argument: &KeptArgument<'_>) -> Option<String> {
    let mut record = "context.input".to_owned();
    let mut steps: Vec<String> = Vec::with_capacity(argument.fields.len() + 1);
    for field in &argument.fields {
        let has = format!("{record} has {}", string(field));
        steps.push(if argument.absent { format!("!({has})") } else { has });
        record = format!("{record}[{}]", string(field));
    }
    steps.push(format!("{}.contains({record})", set(argument.values, true)?));
    Some(if argument.absent { format!("({})", steps.join(" || ")) } else { steps.join(" && ") })
}
