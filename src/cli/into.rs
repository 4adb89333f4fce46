//! `toolcard policy --into`: the entries of a document in a settings file that is there.

use std::collections::BTreeSet;
use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

use similar::TextDiff;

use toolcard::diagnostic::{Code, Diagnostic, Position, nearest};
use toolcard::input::{self, MAX_WRITTEN_BYTES};
use toolcard::neutral;
use toolcard::policy::formats::{Format, Rendered};
use toolcard::policy::{self, FileSlot, FileSyntax, FilledFile, Filling, IntoRefusal};
use toolcard::write::{Replacement, hold};

use super::Exit;
use super::term::Terminal;

/// Where a document goes instead of standard output.
#[derive(Debug, clap::Args)]
pub(super) struct IntoArgs {
    /// Put its entries into this settings file: what others wrote there stays, the change is shown, and you are asked
    #[arg(long, value_name = "FILE")]
    pub(super) into: Option<PathBuf>,
    /// Write without asking
    #[arg(long, requires = "into")]
    yes: bool,
    /// Take away entries for tools that the server does not have any more
    #[arg(long, requires = "into")]
    prune: bool,
}

/// The document of one server.
pub(super) struct ServerPart<'a> {
    /// The server's name in the client.
    pub(super) server: &'a str,
    /// The document.
    pub(super) rendered: Rendered,
    /// The names of its tools.
    pub(super) tools: BTreeSet<&'a str>,
}

/// The documents of several servers as one, where the format has such.
pub(super) fn joined(format: &dyn Format, parts: &[ServerPart<'_>], term: Terminal) -> Option<String> {
    let Some((first, rest)) = parts.split_first() else { return Some(String::new()) };
    let mut text = first.rendered.text.clone();
    for part in rest {
        if matches!(format.id(), "gemini-policy" | "cedar-agentcore" | "docker-profile") {
            text.push('\n');
            text.push_str(&part.rendered.text);
            continue;
        }
        if !format.names_server() || format.slots(part.server).is_empty() {
            let help = "print one document a server";
            term.error(&format!("{} has no document for several servers", format.label()), Some(help));
            return None;
        }
        let Ok(filled) = put(format, part, &text, false, true) else {
            term.error(&format!("the document of {} cannot be added", neutral::quoted(part.server)), None);
            return None;
        };
        text = filled.text;
    }
    Some(text)
}

/// Puts one server's document into a text.
fn put(
    format: &dyn Format,
    part: &ServerPart<'_>,
    text: &str,
    prune: bool,
    begin: bool,
) -> Result<FilledFile, IntoRefusal> {
    let rendered = &part.rendered.text;
    let document = policy::document_value(rendered, format.syntax());
    let document = document.ok_or_else(|| IntoRefusal::Broken(None, "the document cannot be read back".to_owned()))?;
    let slots = format.slots(part.server);
    Filling { slots: &slots, document: &document, tools: &part.tools, prune, begin }.fill(text, format.syntax())
}

/// Puts the documents into the file.
pub(super) fn fill(
    args: &IntoArgs,
    file: &Path,
    format: &dyn Format,
    parts: &[ServerPart<'_>],
    term: Terminal,
) -> io::Result<Exit> {
    let before = match input::bytes(file, MAX_WRITTEN_BYTES).and_then(input::text) {
        Ok(text) => Some(text),
        Err(refused) if refused.is_missing() => None,
        Err(refused) => {
            term.diagnostics([&refused.diagnostic(file)]);
            return Ok(Exit::Failed);
        }
    };
    let Some(after) = merged(before.as_deref(), args, file, format, parts, term) else { return Ok(Exit::Failed) };
    if format.syntax() == FileSyntax::Json
        && let Some(at) = policy::trailing_comma(&after)
    {
        let message = "the file has a trailing comma, which JSON does not; it stays";
        let help = "take it out unless the client allows it: one that refuses the file holds none of its rules";
        term.diagnostics([&Diagnostic::warning(Code::NotStrictJson, file, message, help).at(at)]);
    }
    let old = before.as_deref().unwrap_or_default();
    if before.is_some() && old == after {
        term.say(&format!("{}: nothing to change", file.display()));
        return Ok(Exit::Done);
    }
    show(old, &after, file, term)?;
    if !args.yes {
        if !(io::stdin().is_terminal() && io::stderr().is_terminal()) {
            term.error(&format!("{} is not written: nobody can be asked", file.display()), Some("give `--yes`"));
            return Ok(Exit::Usage);
        }
        if !agreed(file)? {
            term.say(&format!("{} is not written", file.display()));
            return Ok(Exit::Done);
        }
    }
    Ok(write(before.as_deref(), &after, file, term))
}

/// The text of the file with the documents in it; says why there is none.
fn merged(
    before: Option<&str>,
    args: &IntoArgs,
    file: &Path,
    format: &dyn Format,
    parts: &[ServerPart<'_>],
    term: Terminal,
) -> Option<String> {
    let whole = joined(format, parts, term)?;
    let merges = |part: &ServerPart<'_>| !format.slots(part.server).is_empty();
    let begins = |part: &ServerPart<'_>| format.slots(part.server).iter().any(FileSlot::is_server_entry);
    let Some(text) = before else {
        if let Some(part) = parts.iter().find(|part| begins(part)) {
            no_server(&[], part.server, file, term);
            return None;
        }
        return Some(whole);
    };
    // What is not merged is a whole file.
    if !parts.iter().all(merges) {
        if text != whole {
            let help = "print the document, and replace the file by it where nothing else is in it";
            let message = format!("{} is a whole file: {} is not changed", format.label(), file.display());
            term.error(&message, Some(help));
            return None;
        }
        return Some(whole);
    }
    let mut text = text.to_owned();
    for part in parts {
        match put(format, part, &text, args.prune, false) {
            Ok(filled) => {
                tell(&filled.gone, &filled.looser, args.prune, file, term);
                text = filled.text;
            }
            Err(refusal) => {
                refuse(refusal, part.server, file, term);
                return None;
            }
        }
    }
    Some(text)
}

/// Writes the file, unless somebody else wrote it meanwhile.
fn write(before: Option<&str>, after: &str, file: &Path, term: Terminal) -> Exit {
    // A link stays a link.
    let target = file.canonicalize().unwrap_or_else(|_| file.to_path_buf());
    // The client may have written its settings while somebody was asked.
    let held = hold(target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new(".")));
    let written = Replacement::create(&target).and_then(|mut new| {
        new.write_all(after.as_bytes())?;
        new.finish_over(before)
    });
    drop(held);
    match written {
        Ok(_) => {
            term.say(&format!("{} is written", file.display()));
            Exit::Done
        }
        Err(e) => {
            let missing = target.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.exists());
            let advice = missing.map(|folder| format!("the folder `{}` is not there: make it first", folder.display()));
            term.error(&format!("{} is not written: {e}", file.display()), advice.as_deref());
            Exit::Usage
        }
    }
}

/// What is left in the file that the document does not have.
fn tell(gone: &[String], looser: &[String], prune: bool, file: &Path, term: Terminal) {
    for entry in gone {
        let what = if prune { "it is taken away" } else { "`--prune` takes it away" };
        term.say(&format!("{}: {} is for no tool of the server: {what}", file.display(), neutral::quoted(entry)));
    }
    for sentence in looser {
        term.say(&format!("{}: {sentence}", file.display()));
    }
}

pub(super) fn refuse(refusal: IntoRefusal, server: &str, file: &Path, term: Terminal) {
    match refusal {
        IntoRefusal::NoServer(servers) => no_server(&servers, server, file, term),
        IntoRefusal::Broken(place, message) => {
            let help = "mend the file; it is not touched as it is";
            let mut diagnostic = Diagnostic::error(Code::BrokenSettings, file, message, help);
            if let Some((line, column)) = place {
                let number = |n| u32::try_from(n).unwrap_or(u32::MAX);
                diagnostic = diagnostic.at(Position { line: number(line), column: number(column) });
            }
            term.diagnostics([&diagnostic]);
        }
    }
}

fn no_server(servers: &[String], server: &str, file: &Path, term: Terminal) {
    let near = nearest(server, servers.iter().map(String::as_str));
    let help = match (near, servers) {
        (Some(near), _) => format!("did you mean `--server-name {near}`?"),
        (None, []) => "add the server to the client first; `--server-name NAME` gives its name there".to_owned(),
        (None, several) => {
            let names: Vec<String> = several.iter().take(5).map(|name| neutral::quoted(name)).collect();
            format!("it has {}: `--server-name NAME`", names.join(", "))
        }
    };
    term.error(&format!("{} has no server {}", file.display(), neutral::quoted(server)), Some(&help));
}

/// The change, as a unified diff.
fn show(old: &str, new: &str, file: &Path, term: Terminal) -> io::Result<()> {
    let name = file.display().to_string();
    let diff = TextDiff::from_lines(old, new);
    let mut out = term.out();
    for line in diff.unified_diff().header(&name, &name).to_string().lines() {
        writeln!(out, "{}", neutral::terminal(line))?;
    }
    out.flush()
}

fn agreed(file: &Path) -> io::Result<bool> {
    let mut err = anstream::stderr();
    write!(err, "Write {}? [y/N] ", neutral::terminal(&file.display().to_string()))?;
    err.flush()?;
    let mut answer = String::new();
    io::stdin().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}
