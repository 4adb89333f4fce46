//! What a tool does on its server: its place among the others, what a call has to bring and where
//! that comes from, and which version said so.

use super::grammar::{self, count, number};
use super::server::View;
use super::{Prose, Role};
use crate::classify::Class;

/// The paragraphs.
pub fn does(view: &View<'_>) -> Vec<Prose> {
    let mut out = vec![place(view)];
    let call = call(view);
    if !call.is_empty() {
        out.push(call);
    }
    out.push(provenance(view));
    out
}

/// Which of the server's tools it is.
fn place(view: &View<'_>) -> Prose {
    let server = view.server;
    let mut prose = Prose::new();
    prose.code(&view.tool.name).say(" is ");
    if server.manifest.tools.len() == 1 {
        prose.say("the only tool of the ");
    } else {
        prose.say(format!("one of {} of the ", count(server.manifest.tools.len(), "tool")));
    }
    prose.server_text(server.name()).say(" server");
    let counts = server.counts;
    let own = view.verdict.class;
    let same = counts[own as usize];
    if server.manifest.tools.len() > 1 {
        if same == 1 {
            prose.say(format!(", and its only {own} tool"));
        } else if same == server.manifest.tools.len() {
            prose.say(format!(", all of them {own}"));
        } else {
            prose.say(format!(", {} of them {own}", grammar::thousands(same)));
        }
    }
    prose.say(".");
    let things = view.about_the_same();
    if things > 1 && !view.subject().head.is_empty() {
        let worse = view.worse_about_the_same();
        prose.say(format!(
            " {} {} about {} too",
            grammar::capital(&count(things - 1, "other tool")),
            if things == 2 { "is" } else { "are" },
            grammar::plural(&view.subject().head)
        ));
        if worse > 0 && own != Class::Destructive {
            prose.say(format!(", {} of a worse class", number(worse)));
        }
        prose.say(".");
    }
    prose
}

/// What a call has to bring.
fn call(view: &View<'_>) -> Prose {
    let mut prose = Prose::new();
    let all = view.argument_count();
    let required: Vec<&str> = view.arguments().iter().filter(|a| a.required).map(|a| a.name).collect();
    match (all, required.len()) {
        (0, _) => {
            prose.say("It declares no arguments: every call is the same call.");
            return prose;
        }
        (1, 1) => prose.say("A call needs one argument, ").code(required[0]).say("."),
        (1, 0) => prose
            .say("Its one argument, ")
            .code(view.arguments().first().map_or("", |a| a.name))
            .say(", may be left out."),
        (n, 0) => prose.say(format!("None of its {n} arguments is required.")),
        (2, 2) => prose.say("Both of its arguments are required, ").codes(&required, 2, "and").say("."),
        (n, r) if n == r => {
            prose.say(format!("All of its {n} arguments are required: ")).codes(&required, 5, "and").say(".")
        }
        (n, _) => prose.say(format!("Of its {n} arguments a call needs ")).codes(&required, 5, "and").say("."),
    };
    if let Some((argument, index, name)) = view.supplier() {
        prose.say(" ").tool(index, name).say(" finds the ").code(argument).say(" that it takes.");
    }
    if let Some(safety) = view.named(Role::Safety) {
        prose
            .say(" With ")
            .code(safety)
            .say(" the author offers a way to look or to confirm first; the server decides what it is worth.");
    }
    if view.tool.output_schema.is_some() && view.verdict.class == Class::Read {
        prose.say(" The shape of its answer is declared in an output schema.");
    }
    prose
}

/// Which version said so, and when.
pub fn provenance(view: &View<'_>) -> Prose {
    let server = &view.server.manifest.server;
    let mut prose = Prose::new();
    prose.say("All this is what ");
    match (&server.package, &server.package_version) {
        (Some(package), Some(version)) => prose.code(package).say(" ").code(version),
        (Some(package), None) => prose.code(package),
        _ => prose.say("the server"),
    };
    prose.say(" declared");
    if let Some(day) = &view.server.manifest.captured_at {
        prose.say(" on ").server_text(grammar::date(day));
    }
    prose.say("; nobody called the tool.");
    prose
}
