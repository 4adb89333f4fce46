//! Changes that change nothing that a call does.

mod wordings;

use super::edit::{described, name, pick, renamed, schema, text, titled};
use super::{ChangeKind, DefinitionChange};
use crate::manifest::Tool;
use crate::risk::Class;

use wordings as w;

/// The exception of every row that adds a sentence.
const SILENT: &str = "tools without a description: the sentence would be all that it says";

/// The exception of every row that adds arguments.
const TAKEN: &str = "tools that have an argument of that name";

/// Holds for tools of every class.
const ALL: ChangeKind = ChangeKind::Keeps(Class::Destructive);

pub(super) const KEEPING: &[DefinitionChange] = &[
    DefinitionChange {
        id: "title-of-name",
        kind: ALL,
        does: "Sets the words of the name as the title.",
        except: "tools with a title",
        wordings: &["title"],
        edit: title_of_name,
    },
    DefinitionChange {
        id: "name-style",
        kind: ALL,
        does: "Joins the words of the name by another separator: `get-issue` for `get_issue`.",
        except: "names of one word, and those that are joined so already",
        wordings: &["_", "-"],
        edit: |tool, separator| Some(renamed(tool, name::separated(&tool.name, separator)?)),
    },
    DefinitionChange {
        id: "negation",
        kind: ChangeKind::Keeps(Class::Write),
        does: "Says last that nothing is destroyed, of tools that destroy nothing.",
        except: SILENT,
        wordings: w::NEGATION,
        edit: last,
    },
    DefinitionChange {
        id: "negation-second",
        kind: ChangeKind::Keeps(Class::Write),
        does: "Says second that nothing is destroyed, of tools that destroy nothing.",
        except: SILENT,
        wordings: w::NEGATION,
        edit: |tool, words| place(tool, words, text::second),
    },
    DefinitionChange {
        id: "negation-of-more",
        kind: ALL,
        does: "Says last that something else than the tool's object stays.",
        except: SILENT,
        wordings: w::NEGATION_OF_MORE,
        edit: last,
    },
    DefinitionChange {
        id: "restriction",
        kind: ChangeKind::Keeps(Class::Read),
        does: "Says last that the tool only reads, of tools that only read.",
        except: SILENT,
        wordings: w::RESTRICTION,
        edit: last,
    },
    DefinitionChange {
        id: "pointer",
        kind: ALL,
        does: "Points to another tool for a worse action.",
        except: "tools without a description, and those that are pointed to",
        wordings: w::POINTER,
        edit: pointer,
    },
    DefinitionChange {
        id: "past",
        kind: ALL,
        does: "Speaks of what was destroyed in the past.",
        except: SILENT,
        wordings: w::PAST,
        edit: last,
    },
    DefinitionChange {
        id: "nouns-of-actions",
        kind: ALL,
        does: "Names actions as data that a tool could meet.",
        except: SILENT,
        wordings: w::NOUNS,
        edit: last,
    },
    DefinitionChange {
        id: "condition-elsewhere",
        kind: ALL,
        does: "Makes something depend on what others destroy.",
        except: SILENT,
        wordings: w::CONDITION,
        edit: last,
    },
    DefinitionChange {
        id: "purpose-elsewhere",
        kind: ALL,
        does: "Says before or after which action of another tool a call is useful.",
        except: SILENT,
        wordings: w::PURPOSE,
        edit: last,
    },
    DefinitionChange {
        id: "retention",
        kind: ALL,
        does: "Says how long the provider keeps things.",
        except: SILENT,
        wordings: w::RETENTION,
        edit: last,
    },
    DefinitionChange {
        id: "quoted-words",
        kind: ALL,
        does: "Quotes a dangerous word as text that somebody might look for.",
        except: SILENT,
        wordings: w::QUOTED,
        edit: last,
    },
    DefinitionChange {
        id: "rate-limit",
        kind: ALL,
        does: "Notes a limit of calls.",
        except: SILENT,
        wordings: w::RATE_LIMIT,
        edit: last,
    },
    DefinitionChange {
        id: "api-key",
        kind: ALL,
        does: "Notes that an API key or a right is required.",
        except: SILENT,
        wordings: w::API_KEY,
        edit: last,
    },
    DefinitionChange {
        id: "returns",
        kind: ALL,
        does: "Describes the value that is returned.",
        except: SILENT,
        wordings: w::RETURNS,
        edit: |tool, words| place(tool, words, text::paragraph),
    },
    DefinitionChange {
        id: "example",
        kind: ALL,
        does: "Adds an example of a call.",
        except: SILENT,
        wordings: w::EXAMPLE,
        edit: |tool, block| place(tool, &block.replace("{name}", &tool.name), text::paragraph),
    },
    DefinitionChange {
        id: "articles",
        kind: ALL,
        does: "Replaces articles by others, or leaves them out.",
        except: "descriptions without such an article",
        wordings: &[" a |an > the ", " the > "],
        edit: articles,
    },
    DefinitionChange {
        id: "white-space",
        kind: ALL,
        does: "Changes nothing but white space.",
        except: "descriptions in which there is none to change",
        wordings: &["doubled", "trailing", "leading", "crlf", "indented", "wrapped"],
        edit: white_space,
    },
    DefinitionChange {
        id: "key-order",
        kind: ALL,
        does: "Reverses the order of the keywords of every schema.",
        except: "tools without an input schema",
        wordings: &["reversed"],
        edit: schema::keywords_reversed,
    },
    DefinitionChange {
        id: "argument-order",
        kind: ALL,
        does: "Reverses the order of arguments.",
        except: "tools with less than two arguments",
        wordings: &["reversed"],
        edit: schema::arguments_reversed,
    },
    DefinitionChange {
        id: "root-keywords",
        kind: ALL,
        does: "Adds keywords to the schema that say nothing of a call.",
        except: "schemas that have them",
        wordings: w::ROOT_KEYWORDS,
        edit: schema::root_keywords,
    },
    DefinitionChange {
        id: "argument-page",
        kind: ALL,
        does: "Adds an argument that limits or pages an answer.",
        except: TAKEN,
        wordings: w::PAGE,
        edit: schema::top,
    },
    DefinitionChange {
        id: "argument-format",
        kind: ALL,
        does: "Adds an argument that chooses the form of an answer.",
        except: TAKEN,
        wordings: w::FORMAT,
        edit: schema::top,
    },
    DefinitionChange {
        id: "argument-technical",
        kind: ALL,
        does: "Adds an argument about how a call is made.",
        except: TAKEN,
        wordings: w::TECHNICAL,
        edit: schema::top,
    },
    DefinitionChange {
        id: "filter-deleted",
        kind: ALL,
        does: "Adds a switch that includes or leaves out what was deleted.",
        except: TAKEN,
        wordings: w::FILTER,
        edit: schema::top,
    },
    DefinitionChange {
        id: "filter-deleted-nested",
        kind: ALL,
        does: "Adds a switch that includes or leaves out what was deleted, below `params`, `options`, `input`, …",
        except: "",
        wordings: w::FILTER,
        edit: schema::nested,
    },
    DefinitionChange {
        id: "filter-status",
        kind: ChangeKind::Keeps(Class::Read),
        does: "Adds a filter on a status, one of which is deleted, to tools that read; of others it could set it.",
        except: TAKEN,
        wordings: w::STATUS,
        edit: schema::top,
    },
    DefinitionChange {
        id: "filter-deleted-since",
        kind: ALL,
        does: "Adds a filter on the time at which something was deleted.",
        except: TAKEN,
        wordings: w::SINCE,
        edit: schema::top,
    },
    DefinitionChange {
        id: "output-schema",
        kind: ALL,
        does: "Adds an output schema with fields about the past.",
        except: "tools with an output schema",
        wordings: w::OUTPUT,
        edit: schema::output,
    },
];

/// The tool with `words` put into its description, where it has one.
fn place(tool: &Tool, words: &str, put: fn(&str, &str) -> Option<String>) -> Option<Tool> {
    let description = tool.description();
    (!description.is_empty()).then(|| put(description, words)).flatten().map(|text| described(tool, text))
}

fn last(tool: &Tool, words: &str) -> Option<Tool> {
    place(tool, words, text::last)
}

fn title_of_name(tool: &Tool, _: &str) -> Option<Tool> {
    let untitled = tool.title.is_none() && tool.annotations.title.is_none();
    untitled.then(|| titled(tool, name::title(&tool.name)))
}

fn pointer(tool: &Tool, sentence: &str) -> Option<Tool> {
    let named = sentence.split('`').nth(1)?;
    if tool.name == *named {
        return None;
    }
    let put = if pick("pointer", &tool.name, 2) == 0 { text::second } else { text::last };
    place(tool, sentence, put)
}

/// `wording` is `old|old>new`.
fn articles(tool: &Tool, wording: &str) -> Option<Tool> {
    let (old, new) = wording.split_once('>')?;
    let described_as = tool.description.as_deref()?;
    let mut text = described_as.to_owned();
    for article in old.split('|').map(str::trim) {
        text = text.replace(&format!(" {article} "), new);
    }
    (text != described_as).then(|| described(tool, text))
}

fn white_space(tool: &Tool, wording: &str) -> Option<Tool> {
    let text = tool.description.as_deref().filter(|text| !text.trim().is_empty())?;
    let changed = match wording {
        "doubled" => text.replace(". ", ".  "),
        "trailing" => format!("{text}\n\n  "),
        "leading" => format!("\n    {text}"),
        "crlf" => text.replace("\r\n", "\n").replace('\n', "\r\n"),
        "indented" => text.replace('\n', "\n    "),
        "wrapped" if !text.contains('\n') => wrapped(text),
        _ => return None,
    };
    (changed != text).then(|| described(tool, changed))
}

/// One paragraph in lines of at most 60 characters.
fn wrapped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut width = 0;
    for word in text.split(' ') {
        if width > 0 {
            let breaks = width + word.len() >= 60;
            out.push(if breaks { '\n' } else { ' ' });
            width = if breaks { 0 } else { width + 1 };
        }
        out.push_str(word);
        width += word.len();
    }
    out
}
