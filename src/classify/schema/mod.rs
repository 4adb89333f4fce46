//! What the arguments say, walked to their leaves: values that select what a call does, programs, switches,
//! files, many things at once.

mod program;
mod switch;
mod values;

use std::collections::{HashMap, HashSet};

use foldhash::fast::{FixedState, RandomState};
use serde_json::Value;

use super::stated::Stated;
use super::text::Text;
use super::types::{Action, Place};
use crate::lexicon::{AimedText, ArgumentEffect, Function, Lexicon, Matches};
use crate::manifest::schema::{Keys, Node, SchemaType, walk};
use crate::risk::Span;

/// One argument that speaks by its name.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct SeenArgument {
    /// Index into `signals.argument`.
    pub rule: u16,
    /// What it does.
    pub effect: ArgumentEffect,
    /// The property.
    pub pointer: String,
    /// Its name.
    pub name: String,
    /// Whether its description says that it is run.
    pub runs: bool,
    /// Whether its description names statements that change data.
    pub changes: bool,
    /// Whether its name or its description leaves no doubt that it is a program.
    pub clear: bool,
    /// Whether its name could as well mean something else and no description says more.
    pub doubtful: bool,
    /// The argument, where it is a boolean.
    pub switch: Option<SwitchArgument>,
}

/// One value of an argument that selects what a call does, and where it was read.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct SeenAction {
    /// The action.
    pub action: Action,
    /// Whether a verb is known in the value.
    pub known: bool,
    /// The verb, where it is known.
    pub verb: Option<u16>,
    /// Where the value stands.
    pub place: Place,
    /// Its bytes there.
    pub span: Span,
    /// Whether the schema lists it (and prose does not merely mention it).
    pub listed: bool,
    /// Whether it is done to many things (`update_batch`).
    pub many: bool,
    /// Whether the argument is described as a filter of what is read.
    pub filters: bool,
}

/// A boolean that states something for the worse by its name or its description.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct SeenSwitch {
    /// What it states.
    pub stated: Stated,
    /// Where: the property, or its description.
    pub place: Place,
    /// The string at that place.
    pub text: String,
    /// The argument, where a policy can keep it off.
    pub argument: Option<SwitchArgument>,
}

/// A boolean with which, switched on, a call does more harm.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct SwitchArgument {
    /// Path below `args.`.
    pub path: String,
    /// Whether a call that leaves it out counts as switched on.
    pub on: bool,
}

/// A free HTTP method.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct SeenMethod {
    /// The property.
    pub pointer: String,
    /// Its name.
    pub name: String,
    /// Whether its description says that a request is made with it.
    pub makes: bool,
    /// Whether it stands in a list of what stands in a list: records of requests.
    pub records: bool,
    /// Whether its default is a method: it is what a request is made with.
    pub defaults: bool,
    /// Whether it is described as a filter of what is read.
    pub filters: bool,
    /// Whether methods that change something are named.
    pub changes: bool,
    /// Whether an argument beside it takes an address or a path.
    pub beside_address: bool,
}

/// What a schema says.
#[derive(Debug, Clone, Default)]
pub(super) struct SchemaReading {
    /// Arguments that speak by name.
    pub seen: Vec<SeenArgument>,
    /// Values that select what a call does.
    pub actions: Vec<SeenAction>,
    /// The keys of `actions`, so that the same value is listed once however many there are.
    pub listed: HashSet<(u128, u128), RandomState>,
    /// Lists at the top level: pointer, name, whether their items are objects.
    pub many: Vec<(String, String, bool)>,
    /// Switches that remove, overwrite or run.
    pub switches: Vec<SeenSwitch>,
    /// A free argument that says what is called: pointer and name.
    pub free_call: Option<(String, String)>,
    /// A free HTTP method: the call may do anything.
    pub http: Option<SeenMethod>,
    /// An argument that takes an address.
    pub url: bool,
    /// An address that is more than a path of something known.
    pub free_address: bool,
    /// Whether there are at least two arguments and all are numbers.
    pub numbers: bool,
    /// How many arguments stand at the top level.
    pub arguments: usize,
}

impl SchemaReading {
    /// The first argument with that effect.
    pub(super) fn effect(&self, effect: ArgumentEffect) -> Option<&SeenArgument> {
        self.seen.iter().find(|s| s.effect == effect)
    }
}

/// Buffers that are kept from one tool to the next.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    reduced: String,
    /// The argument's name in words.
    name: Text,
    text: Text,
    /// What was found in the argument's description.
    matches: Matches,
    /// What the descriptions of arguments that were searched aim at a model, by address and length.
    searched: HashMap<(usize, usize), AimedText, FixedState>,
}

impl Scratch {
    /// What a text of the tool that was read last aims at a model; `None` where it was not searched.
    pub(super) fn aimed(&self, text: &str) -> Option<AimedText> {
        self.searched.get(&(text.as_ptr().addr(), text.len())).copied()
    }
}

/// What an argument's description says, and where: in its schema, or in a list of the tool's description.
#[derive(Debug, Clone, Copy)]
pub(super) struct ArgumentText<'a> {
    /// The words; empty where there are none.
    pub text: &'a str,
    /// Where they begin in the tool's description, for arguments that only it describes.
    base: Option<usize>,
}

impl ArgumentText<'_> {
    /// The place of the words of the property at `pointer`, and `span` there.
    fn place(self, pointer: &str, span: Span) -> (Place, Span) {
        match self.base {
            Some(base) => (Place::Description, Span { start: base + span.start, end: base + span.end }),
            None => (Place::Pointer(format!("{pointer}/description")), span),
        }
    }
}

/// What stands above a list of arguments.
const HEADS: [&str; 6] = ["args", "arguments", "parameters", "params", "inputs", "input"];

/// Arguments that the tool's description lists: `operation: Operation type ("list", "get")` below `Args:`.
fn listed(description: &str) -> Vec<(&str, usize, &str)> {
    let mut out = Vec::new();
    let mut listing = false;
    let mut at = 0;
    let mut ends = memchr::memchr_iter(b'\n', description.as_bytes()).map(|end| end + 1);
    while at < description.len() {
        let (start, end) = (at, ends.next().unwrap_or(description.len()));
        at = end;
        let line = &description[start..end];
        let bare = line.trim();
        if !listing {
            let head = bare.trim_matches(['*', '#', ' ', ':']);
            listing = HEADS.iter().any(|known| head.eq_ignore_ascii_case(known));
            continue;
        }
        let entry = bare.trim_start_matches(['-', '*', '•', ' ', '`']);
        let name_ends =
            entry.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '-')).unwrap_or(entry.len());
        let Some(colon) = entry.find(':').filter(|c| *c >= name_ends && *c < name_ends + 40) else { continue };
        let text = entry[colon + 1..].trim();
        if name_ends > 0 && !text.is_empty() {
            let offset = line.len() - line.trim_start().len() + (bare.len() - entry.len());
            let lead = entry[colon + 1..].len() - entry[colon + 1..].trim_start().len();
            out.push((&entry[..name_ends], start + offset + colon + 1 + lead, text));
        }
    }
    out
}

/// Reads an input schema; `description` is the tool's, which may describe arguments too.
pub(super) fn read_schema<'a>(
    lexicon: &'a Lexicon,
    schema: &'a Value,
    description: &'a str,
    scratch: &'a mut Scratch,
) -> SchemaReading {
    scratch.searched.clear();
    scratch.reduced.clear();
    scratch.name.identifier(lexicon, "");
    let mut reader = SchemaReader {
        lexicon,
        scratch,
        out: SchemaReading::default(),
        address: false,
        numbers: 0,
        name: "",
        rule: None,
        selects: false,
        above: "",
        constants: Vec::new(),
        constants_at: HashMap::new(),
        listed: listed(description),
    };
    if schema.is_object() {
        walk(schema, "/inputSchema", &mut |node| {
            if node.depth > 0 {
                reader.property(node);
            } else {
                switch::explained(lexicon, node, &mut reader.scratch.text, &mut reader.out);
                switch::others(lexicon, node, reader.scratch, &mut reader.out);
            }
        });
    }
    reader.constants();
    if let Some(http) = &mut reader.out.http {
        http.beside_address = reader.address;
    }
    reader.out.numbers = reader.numbers > 1 && reader.numbers == reader.out.arguments;
    reader.out
}

struct SchemaReader<'a> {
    lexicon: &'a Lexicon,
    scratch: &'a mut Scratch,
    out: SchemaReading,
    /// Whether an argument takes an address or a path to call.
    address: bool,
    /// How many arguments at the top level are numbers.
    numbers: usize,
    /// The name that was read last, in words and without separators in `scratch`.
    name: &'a str,
    /// The row of arguments of that name.
    rule: Option<u16>,
    /// Whether that name says that its value selects what a call does.
    selects: bool,
    /// What is said of the argument of that name: it holds for its items and branches too.
    above: &'a str,
    /// Constants of branches, by the argument that they are values of.
    constants: Vec<values::Constants<'a>>,
    /// The place of each argument in `constants`.
    constants_at: HashMap<String, usize>,
    /// Arguments that the tool's description lists: name, where the words begin, the words.
    listed: Vec<(&'a str, usize, &'a str)>,
}

impl<'a> SchemaReader<'a> {
    /// Reads the name of an argument, unless it was the last one: its branches and items have the same.
    fn name(&mut self, name: &'a str) {
        if std::ptr::eq(self.name, name) {
            return;
        }
        (self.name, self.above) = (name, "");
        self.scratch.reduced.clear();
        // Most names are letters and underscores: what stands between two of them is taken at once.
        for piece in name.split(|c: char| !c.is_ascii_alphanumeric()) {
            self.scratch.reduced.push_str(piece);
        }
        self.scratch.reduced.make_ascii_lowercase();
        self.scratch.name.identifier(self.lexicon, name);
        self.rule = self.lexicon.index().argument(&self.scratch.reduced);
        self.selects = self.is_selector();
    }

    /// Whether the name of the argument says that its value selects what a call does: `action`, `crud_operation`.
    fn is_selector(&self) -> bool {
        let index = self.lexicon.index();
        if index.word(&self.scratch.reduced).is(Function::Selects) {
            return !matches!(self.scratch.reduced.as_str(), "task" | "activity");
        }
        let text = &self.scratch.name;
        let n = text.len();
        // `on_conflict`, `after_read`: what is done with what is there already, or afterwards.
        if n > 1 && text.is(0, Function::Whenever) && (1..n).any(|i| text.is(i, Function::Outcome)) {
            return true;
        }
        let word = |i: usize| text.is(i, Function::Selects) && !text.is(i, Function::SelectsAlone);
        n > 1 && (word(n - 1) || (word(0) && text.is(1, Function::SelectorTail)))
    }

    /// Whether the argument is described as what is to be done: `Task to perform`, `What to do`.
    fn is_told_to_select(&self, said: &str) -> bool {
        let named = (0..self.scratch.name.len()).any(|i| self.scratch.name.is(i, Function::Selects));
        named && ["to perform", "to do", "to carry out"].iter().any(|told| contains(said, told))
    }

    /// Whether it tells apart the branches of an argument that selects: `kind` in the branches of `operation`.
    fn tells_apart(&mut self, node: &Node<'_, '_>) -> bool {
        // The steps of a list edit parts of one thing (`operations[].type`).
        if node.depth < 2 || node.in_array() || !matches!(node.name, "type" | "kind" | "name" | "op" | "t" | "method") {
            return false;
        }
        let Some(parent) = node.path.rsplit('.').nth(1) else { return false };
        let text = &mut self.scratch.text;
        text.identifier(self.lexicon, parent);
        (0..text.len()).any(|i| text.is(i, Function::Selects) || text.word(i) == "request")
    }

    /// Whether an argument at the top level is called after a function that is called.
    fn names_a_call(&self, node: &Node<'_, '_>) -> bool {
        node.depth == 1
            && ![SchemaType::Object, SchemaType::Boolean, SchemaType::Number, SchemaType::Integer, SchemaType::Array]
                .iter()
                .any(|t| node.keys.is_type(*t))
            && matches!(
                self.scratch.reduced.as_str(),
                "method"
                    | "rpcmethod"
                    | "apimethod"
                    | "function"
                    | "functionname"
                    | "action"
                    | "operation"
                    | "procedure"
            )
    }

    /// Reads the constants of branches like the values of one enum.
    fn constants(&mut self) {
        for argument in std::mem::take(&mut self.constants) {
            argument.read(self.lexicon, &mut self.scratch.text, &mut self.out);
        }
    }

    fn property(&mut self, node: &Node<'a, '_>) {
        let Node { declares, keys, .. } = *node;
        let said = told(&self.listed, node.name, keys);
        if node.depth == 1 && declares {
            self.out.arguments += 1;
            self.numbers += usize::from(keys.has_type(SchemaType::Number) || keys.has_type(SchemaType::Integer));
        }
        self.name(node.name);
        let reduced = self.scratch.reduced.as_str();
        let address = ["url", "uri", "endpoint", "href", "address"].iter().any(|a| reduced.ends_with(a));
        if address || reduced.ends_with("path") {
            self.address = true;
            self.out.free_address |= address || reduced == "apipath";
        }
        if declares && matches!(reduced, "url" | "urls" | "uri" | "webhookurl") {
            self.out.url = true;
        }
        if declares && node.depth == 1 && keys.has_type(SchemaType::Array) {
            let objects = keys.items.is_some_and(|i| i.get("properties").is_some() || i.get("$ref").is_some());
            self.out.many.push((node.pointer.to_owned(), node.name.to_owned(), objects));
        }
        if declares {
            self.above = said.text;
            // A boolean is not a program, and is read whatever stands there.
            let text = if is_boolean(keys) { "" } else { said.text };
            self.lexicon.index().search(text, &mut self.scratch.matches);
            if !text.is_empty() {
                let at = (text.as_ptr().addr(), text.len());
                self.scratch.searched.insert(at, self.scratch.matches.aimed());
            }
            switch::read(self.lexicon, node, said, self.scratch, &mut self.out);
        }
        switch::explained(self.lexicon, node, &mut self.scratch.text, &mut self.out);
        if keys.is_type(SchemaType::Object) {
            switch::others(self.lexicon, node, self.scratch, &mut self.out);
        }
        // What an argument refers to may say that it is switched on and off.
        if node.referred && is_boolean(keys) {
            self.lexicon.index().search("", &mut self.scratch.matches);
            switch::read(self.lexicon, node, said, self.scratch, &mut self.out);
        }
        let rule = self.rule;
        let row = rule.map(|rule| &self.lexicon.signals().argument[rule as usize]);
        // `task`: "Task to perform"; and what tells the branches of a selector apart (`command.name`).
        let selects = self.selects || self.is_told_to_select(said.text) || self.tells_apart(node);
        let reduced = self.scratch.reduced.as_str();
        let lists = keys.values.is_some() || keys.constant.is_some();
        if let Some(Value::String(value)) = keys.constant {
            values::constant(node, said, value, selects, &mut self.constants, &mut self.constants_at);
        } else if selects || lists || row.is_some_and(|r| r.effect == ArgumentEffect::Action) {
            let before = self.out.actions.len();
            let method = reduced.ends_with("method") || matches!(reduced, "verb" | "httpverb");
            let about = if said.text.is_empty() { self.above } else { said.text };
            values::read(self.lexicon, node, said, about, selects, &mut self.scratch.text, &mut self.out);
            // A method that prose mentions and no schema lists is free, as is the address beside it.
            let free = self.out.actions[before..].iter().all(|a| !a.listed);
            let named = reduced.contains("http") || matches!(reduced, "requestmethod" | "method");
            if method && declares && free && (values::is_http(keys, said) || (named && says_only(said.text, node.name)))
            {
                for action in self.out.actions.drain(before..) {
                    self.out.listed.remove(&values::key(&action.action.argument, &action.action.value));
                }
                let told = said.text.to_ascii_lowercase();
                let makes =
                    ["use", "call", "sent", "send", "perform", "make", "issue"].iter().any(|w| told.contains(w));
                let records = node.path.matches("[]").count() > 1;
                let (pointer, name) = (node.pointer.to_owned(), node.name.to_owned());
                let defaults = keys.default.and_then(Value::as_str).is_some_and(|d| {
                    ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"].iter().any(|m| d.eq_ignore_ascii_case(m))
                });
                let filters = values::is_filter(said.text, self.lexicon);
                let changes = values::names_changes(keys, said);
                self.out.http = Some(SeenMethod {
                    pointer,
                    name,
                    makes,
                    records,
                    defaults,
                    filters,
                    changes,
                    beside_address: false,
                });
            }
            if self.out.actions.len() > before {
                return;
            }
        }
        // `rpc` of a `method` and `params`; `calls[].name` with its `arguments`.
        let listed = || said.text.matches(['\'', '"', '`']).count() >= 4;
        if declares && !lists && (self.names_a_call(node) || is_in_calls(node)) && !listed() {
            let call = (node.pointer.to_owned(), node.name.to_owned());
            self.out.free_call.get_or_insert(call);
        }
        if declares && !lists {
            program::read(self.lexicon, node, said, self.scratch, rule, &mut self.out);
        }
    }
}

/// Whether a description says nothing but the name: `Method.`
fn says_only(text: &str, name: &str) -> bool {
    let text = text.trim().trim_end_matches('.');
    text.is_empty() || text.eq_ignore_ascii_case(name)
}

/// Whether it names the function of one of several calls that are handed over with their arguments.
fn is_in_calls(node: &Node<'_, '_>) -> bool {
    if !matches!(node.name, "name" | "tool" | "tool_name" | "toolName" | "method" | "function" | "action") {
        return false;
    }
    let Some((list, own)) = node.path.rsplit_once("[].") else { return false };
    let list = list.rsplit('.').next().unwrap_or(list).to_ascii_lowercase();
    own == node.name
        && matches!(list.as_str(), "calls" | "tool_calls" | "toolcalls" | "invocations" | "function_calls" | "batch")
}

/// What is said of the argument `name`.
fn told<'x>(listed: &[(&'x str, usize, &'x str)], name: &str, keys: &Keys<'x>) -> ArgumentText<'x> {
    let own = keys.description.unwrap_or_default();
    if own.is_empty()
        && let Some((_, base, text)) = listed.iter().find(|(listed, ..)| *listed == name)
    {
        return ArgumentText { text, base: Some(*base) };
    }
    ArgumentText { text: own, base: None }
}

fn is_boolean(keys: &Keys<'_>) -> bool {
    let lists =
        || keys.values.and_then(Value::as_array).is_some_and(|l| !l.is_empty() && l.iter().all(Value::is_boolean));
    (keys.has_type(SchemaType::Boolean) && !keys.has_type(SchemaType::String)) || lists()
}

/// Whether `text` has `phrase`, in lower case, in any case.
fn contains(text: &str, phrase: &str) -> bool {
    text.len() >= phrase.len()
        && (0..=text.len() - phrase.len())
            .any(|i| text.as_bytes()[i..i + phrase.len()].eq_ignore_ascii_case(phrase.as_bytes()))
}
