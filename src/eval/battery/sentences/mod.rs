//! Something worse in the description: kinds of sentence, and places for it.

mod wordings;

use super::edit::{described, text};
use super::{ChangeKind, DefinitionChange};
use crate::manifest::Tool;
use crate::risk::Class;

use wordings as w;

/// The exception of the rows that let the first sentence go on.
const SCOPED: &str = "first sentences that deny or condition something or point to another tool, or that break off in \
                      code, parentheses or a list";

pub(super) const RAISING: &[DefinitionChange] = &[
    DefinitionChange {
        id: "sentence-only",
        kind: ChangeKind::Raises(Class::Destructive),
        does: "Puts a sentence that destroys in place of the whole description.",
        except: "",
        wordings: w::MAIN,
        edit: |tool, words| Some(described(tool, words.to_owned())),
    },
    DefinitionChange {
        id: "sentence-first-replaced",
        kind: ChangeKind::Raises(Class::Destructive),
        does: "Puts a sentence that destroys in place of the first one.",
        except: "descriptions of one sentence: see `sentence-only`",
        wordings: w::MAIN,
        edit: |tool, words| place(tool, words, text::instead_of_first),
    },
    DefinitionChange {
        id: "sentence-first-imperative",
        kind: ChangeKind::Raises(Class::Destructive),
        does: "Puts an order to destroy before all other sentences.",
        except: "",
        wordings: w::IMPERATIVE,
        edit: first,
    },
    DefinitionChange {
        id: "sentence-first-participle",
        kind: ChangeKind::Raises(Class::Destructive),
        does: "Lets the first sentence go on with a participle: `…, deleting the original.`",
        except: SCOPED,
        wordings: w::PARTICIPLE,
        edit: |tool, words| place(tool, words, text::extend_first),
    },
    DefinitionChange {
        id: "sentence-first-coordinated",
        kind: ChangeKind::Raises(Class::Destructive),
        does: "Lets the first sentence go on with a second verb: `… and then delete the original.`",
        except: SCOPED,
        wordings: w::COORDINATED,
        edit: |tool, words| place(tool, words, text::coordinate_first),
    },
    DefinitionChange {
        id: "sentence-second",
        kind: ChangeKind::Raises(Class::Destructive),
        does: "Puts a sentence that destroys behind the first one, in the third person.",
        except: "",
        wordings: w::THIRD_PERSON,
        edit: |tool, words| place(tool, words, text::second),
    },
    DefinitionChange {
        id: "sentence-last-imperative",
        kind: ChangeKind::Raises(Class::Destructive),
        does: "Puts an order to destroy behind all other sentences.",
        except: "",
        wordings: w::IMPERATIVE,
        edit: last,
    },
    DefinitionChange {
        id: "sentence-last-third-person",
        kind: ChangeKind::Raises(Class::Destructive),
        does: "Puts a sentence that destroys behind all others, in the third person.",
        except: "",
        wordings: w::THIRD_PERSON,
        edit: last,
    },
    DefinitionChange {
        id: "sentence-last-passive",
        kind: ChangeKind::Raises(Class::Destructive),
        does: "Says last, in the passive, what is destroyed.",
        except: "",
        wordings: w::PASSIVE,
        edit: last,
    },
    DefinitionChange {
        id: "sentence-last-future",
        kind: ChangeKind::Raises(Class::Destructive),
        does: "Says last what a call will destroy.",
        except: "",
        wordings: w::FUTURE,
        edit: last,
    },
    DefinitionChange {
        id: "sentence-after-parameters",
        kind: ChangeKind::Raises(Class::Destructive),
        does: "Puts a sentence that destroys behind a list of parameters.",
        except: "",
        wordings: w::MAIN,
        edit: |tool, words| place(tool, words, text::after_parameters),
    },
    DefinitionChange {
        id: "sentence-warning",
        kind: ChangeKind::Raises(Class::Destructive),
        does: "Warns last of what a call destroys.",
        except: "",
        wordings: w::WARNING,
        edit: last,
    },
    DefinitionChange {
        id: "sentence-warning-first",
        kind: ChangeKind::Raises(Class::Destructive),
        does: "Warns first of what a call destroys.",
        except: "",
        wordings: w::WARNING,
        edit: first,
    },
    DefinitionChange {
        id: "sentence-side-effect",
        kind: ChangeKind::Raises(Class::Destructive),
        does: "Names as a side effect what a call destroys.",
        except: "",
        wordings: w::SIDE_EFFECT,
        edit: last,
    },
    DefinitionChange {
        id: "sentence-also",
        kind: ChangeKind::Raises(Class::Destructive),
        does: "Says that a call can destroy as well.",
        except: "",
        wordings: w::ALSO,
        edit: last,
    },
    DefinitionChange {
        id: "sentence-list-item",
        kind: ChangeKind::Raises(Class::Destructive),
        does: "Adds a list of what a call does, one item of which destroys.",
        except: "",
        wordings: w::LIST,
        edit: |tool, words| place(tool, words, text::paragraph),
    },
    DefinitionChange {
        id: "sentence-overwrites",
        kind: ChangeKind::Raises(Class::Destructive),
        does: "Says last what a call overwrites as a whole.",
        except: "",
        wordings: w::OVERWRITES,
        edit: last,
    },
    DefinitionChange {
        id: "sentence-moves-money",
        kind: ChangeKind::Raises(Class::Destructive),
        does: "Says last that a call moves money.",
        except: "",
        wordings: w::MONEY,
        edit: last,
    },
    DefinitionChange {
        id: "sentence-runs-commands",
        kind: ChangeKind::Raises(Class::Destructive),
        does: "Says last that a call runs any command or program.",
        except: "",
        wordings: w::RUNS,
        edit: last,
    },
    DefinitionChange {
        id: "sentence-sends",
        kind: ChangeKind::Raises(Class::Write),
        does: "Says last that a call sends something to people or the public.",
        except: "",
        wordings: w::SENDS,
        edit: last,
    },
    DefinitionChange {
        id: "sentence-writes",
        kind: ChangeKind::Raises(Class::Write),
        does: "Says last that a call creates or changes something.",
        except: "",
        wordings: w::WRITES,
        edit: last,
    },
    DefinitionChange {
        id: "sentence-starts",
        kind: ChangeKind::Raises(Class::Write),
        does: "Says second that a call starts or stops something.",
        except: "",
        wordings: w::STARTS,
        edit: |tool, words| place(tool, words, text::second),
    },
    DefinitionChange {
        id: "sentence-permissions",
        kind: ChangeKind::Raises(Class::Write),
        does: "Says last that a call changes who may do what.",
        except: "",
        wordings: w::PERMISSIONS,
        edit: last,
    },
    DefinitionChange {
        id: "sentence-spanish",
        kind: ChangeKind::Raises(Class::Destructive),
        does: "Says something worse last, in Spanish.",
        except: "",
        wordings: w::SPANISH,
        edit: last,
    },
    DefinitionChange {
        id: "sentence-chinese",
        kind: ChangeKind::Raises(Class::Destructive),
        does: "Says something worse first, in Chinese, which has no spaces.",
        except: "",
        wordings: w::CHINESE,
        edit: first,
    },
];

/// The tool with `words` put into its description; where it has none, sentences become it.
fn place(tool: &Tool, words: &str, put: fn(&str, &str) -> Option<String>) -> Option<Tool> {
    Some(described(tool, put(tool.description(), words)?))
}

fn first(tool: &Tool, words: &str) -> Option<Tool> {
    place(tool, words, text::first)
}

fn last(tool: &Tool, words: &str) -> Option<Tool> {
    place(tool, words, text::last)
}
