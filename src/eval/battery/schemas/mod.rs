//! Something worse among the arguments: kinds of argument, and places for it.

mod wordings;

use super::edit::schema;
use super::{ChangeKind, DefinitionChange};
use crate::manifest::Tool;
use crate::risk::Class;

use wordings as w;

/// The exception of every row that adds arguments by their own names.
const TAKEN: &str = "tools that have an argument of that name";

/// The exception of a method beside an address.
const STORES: &str = "tools that have an argument of that name, or whose name says that they store a route, a monitor, a hook, \
    a request, a response, a mock or a collection of requests: address and method are part of what is stored";

/// The exception of the rows whose argument a restriction of the tool speaks of, too.
const RESTRICTED: &str = "tools that have an argument of that name, or whose description restricts them to reading: \
                          a query is then restricted, too";

pub(super) const RAISING: &[DefinitionChange] = &[
    DefinitionChange {
        id: "schema-action",
        kind: ChangeKind::Raises(Class::Destructive),
        does: "Adds an argument that chooses an action, one of which destroys.",
        except: TAKEN,
        wordings: w::ACTION,
        edit: schema::top,
    },
    DefinitionChange {
        id: "schema-action-nested",
        kind: ChangeKind::Raises(Class::Destructive),
        does: "Adds the choice of an action below `params`, `options`, `input`, …",
        except: "",
        wordings: w::ACTION,
        edit: schema::nested,
    },
    DefinitionChange {
        id: "schema-action-in-array",
        kind: ChangeKind::Raises(Class::Destructive),
        does: "Adds the choice of an action to the entries of an array of operations.",
        except: "",
        wordings: w::ACTION,
        edit: schema::in_array,
    },
    DefinitionChange {
        id: "schema-action-constants",
        kind: ChangeKind::Raises(Class::Destructive),
        does: "Adds the choice of an action as `oneOf` constants.",
        except: TAKEN,
        wordings: w::ACTION,
        edit: schema::as_constants,
    },
    DefinitionChange {
        id: "schema-action-branches",
        kind: ChangeKind::Raises(Class::Destructive),
        does: "Adds an argument that is `oneOf` several objects, each with its action as `const`.",
        except: "",
        wordings: w::ACTION,
        edit: schema::in_branches,
    },
    DefinitionChange {
        id: "schema-action-root-branches",
        kind: ChangeKind::Raises(Class::Destructive),
        does: "Makes the whole schema `oneOf` several objects, each with its action as `const`.",
        except: "schemas that branch already",
        wordings: w::ACTION,
        edit: schema::in_root_branches,
    },
    DefinitionChange {
        id: "schema-action-reference",
        kind: ChangeKind::Raises(Class::Destructive),
        does: "Adds the choice of an action by reference to `$defs`.",
        except: TAKEN,
        wordings: w::ACTION,
        edit: schema::by_reference,
    },
    DefinitionChange {
        id: "schema-action-described",
        kind: ChangeKind::Raises(Class::Destructive),
        does: "Adds a free string whose description lists the actions to choose from.",
        except: TAKEN,
        wordings: w::ACTION_DESCRIBED,
        edit: schema::top,
    },
    DefinitionChange {
        id: "schema-switch",
        kind: ChangeKind::Raises(Class::Destructive),
        does: "Adds a switch that destroys, by its name.",
        except: TAKEN,
        wordings: w::SWITCH,
        edit: schema::top,
    },
    DefinitionChange {
        id: "schema-switch-nested",
        kind: ChangeKind::Raises(Class::Destructive),
        does: "Adds a switch that destroys, by its name, below `params`, `options`, `input`, …",
        except: "",
        wordings: w::SWITCH,
        edit: schema::nested,
    },
    DefinitionChange {
        id: "schema-switch-deep",
        kind: ChangeKind::Raises(Class::Destructive),
        does: "Adds a switch that destroys, by its name, three objects down.",
        except: "",
        wordings: w::SWITCH,
        edit: schema::deep,
    },
    DefinitionChange {
        id: "schema-switch-described",
        kind: ChangeKind::Raises(Class::Destructive),
        does: "Adds a switch of a harmless name whose description says that it destroys.",
        except: TAKEN,
        wordings: w::SWITCH_DESCRIBED,
        edit: schema::top,
    },
    DefinitionChange {
        id: "schema-switch-described-nested",
        kind: ChangeKind::Raises(Class::Destructive),
        does: "Adds a switch of a harmless name whose description says that it destroys, below `params`, …",
        except: "",
        wordings: w::SWITCH_DESCRIBED,
        edit: schema::nested,
    },
    DefinitionChange {
        id: "schema-victims",
        kind: ChangeKind::Raises(Class::Destructive),
        does: "Adds an argument that holds what is to be destroyed.",
        except: TAKEN,
        wordings: w::VICTIMS,
        edit: schema::top,
    },
    DefinitionChange {
        id: "schema-command",
        kind: ChangeKind::Raises(Class::Destructive),
        does: "Adds a free shell command.",
        except: TAKEN,
        wordings: w::COMMAND,
        edit: schema::top,
    },
    DefinitionChange {
        id: "schema-command-nested",
        kind: ChangeKind::Raises(Class::Destructive),
        does: "Adds a free shell command below `params`, `options`, `input`, …",
        except: "",
        wordings: w::COMMAND,
        edit: schema::nested,
    },
    DefinitionChange {
        id: "schema-command-in-array",
        kind: ChangeKind::Raises(Class::Destructive),
        does: "Adds a free shell command to the entries of an array.",
        except: "",
        wordings: w::COMMAND,
        edit: schema::in_array,
    },
    DefinitionChange {
        id: "schema-code",
        kind: ChangeKind::Raises(Class::Destructive),
        does: "Adds a free program.",
        except: TAKEN,
        wordings: w::CODE,
        edit: schema::top,
    },
    DefinitionChange {
        id: "schema-code-nested",
        kind: ChangeKind::Raises(Class::Destructive),
        does: "Adds a free program below `params`, `options`, `input`, …",
        except: "",
        wordings: w::CODE,
        edit: schema::nested,
    },
    DefinitionChange {
        id: "schema-sql",
        kind: ChangeKind::Raises(Class::Destructive),
        does: "Adds a statement of a query language.",
        except: RESTRICTED,
        wordings: w::SQL,
        edit: |tool, arguments| if reads_only(tool) { None } else { schema::top(tool, arguments) },
    },
    DefinitionChange {
        id: "schema-sql-nested",
        kind: ChangeKind::Raises(Class::Destructive),
        does: "Adds a statement of a query language below `params`, `options`, `input`, …",
        except: RESTRICTED,
        wordings: w::SQL,
        edit: |tool, arguments| if reads_only(tool) { None } else { schema::nested(tool, arguments) },
    },
    DefinitionChange {
        id: "schema-method",
        kind: ChangeKind::Raises(Class::Destructive),
        does: "Adds a free choice of the HTTP method beside an address.",
        except: STORES,
        wordings: w::METHOD,
        edit: |tool, arguments| if stores(tool) { None } else { schema::top(tool, arguments) },
    },
    DefinitionChange {
        id: "schema-method-nested",
        kind: ChangeKind::Raises(Class::Destructive),
        does: "Adds a free choice of the HTTP method beside an address below `params`, `options`, `input`, …",
        except: STORES,
        wordings: w::METHOD,
        edit: |tool, arguments| if stores(tool) { None } else { schema::nested(tool, arguments) },
    },
    DefinitionChange {
        id: "schema-sends",
        kind: ChangeKind::Raises(Class::Write),
        does: "Adds an address to which the answer is sent.",
        except: TAKEN,
        wordings: w::SENDS,
        edit: schema::top,
    },
];

/// What restricts a tool to reading.
const RESTRICTIONS: [&str; 9] = [
    "read-only",
    "read only",
    "readonly",
    "select",
    "does not modify",
    "does not mutate",
    "does not change",
    "cannot modify",
    "without modifying",
];

/// Whether the name says that what is stored has an address and a method of its own.
fn stores(tool: &Tool) -> bool {
    let name = tool.name.to_lowercase();
    ["route", "monitor", "hook", "request", "response", "mock", "collection"].iter().any(|thing| name.contains(thing))
}

/// Whether the description restricts the tool to reading.
fn reads_only(tool: &Tool) -> bool {
    let text = tool.description().to_lowercase();
    RESTRICTIONS.iter().any(|restriction| text.contains(restriction))
}
