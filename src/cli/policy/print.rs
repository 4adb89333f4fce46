//! The recommended document of one server or of several, in every format, and what was assumed.

use std::io::{self, Write as _};

use toolcard::card::client_key;
use toolcard::catalog::Catalog;
use toolcard::neutral;
use toolcard::policy::formats::{self, Format, Rendered, Scope, Unsupported};
use toolcard::policy::{self, Policy, Profile};

use super::Args;
use super::named::{self, KnownServer, NamedServer};
use super::subject::PolicySubject;
use crate::cli::into::{self, ServerPart};
use crate::cli::term::Terminal;
use crate::cli::{Exit, target};

pub(super) fn print(target: &str, args: &Args, term: Terminal) -> io::Result<Exit> {
    let (slug, tool) = match target.split_once('/') {
        Some((slug, tool)) => (slug, Some(tool)),
        None => (target, None),
    };
    let subject = match PolicySubject::load(&args.source, slug, term) {
        Ok(subject) => subject,
        Err(exit) => return Ok(exit),
    };
    let profile = Profile::from(args.profile);
    let key = args.server_name.clone().unwrap_or_else(|| client_key(&subject.manifest.server));
    let document;
    if tool.is_some() && !args.only.is_empty() {
        term.error("--only chooses among the tools of a server", Some("name the server alone"));
        return Ok(Exit::Usage);
    }
    if args.only.iter().any(|name| target::tool(&subject.manifest, name, term).is_none()) {
        return Ok(Exit::Usage);
    }
    let mut scope = match tool {
        None if !args.only.is_empty() => {
            let chosen = |name: &str| args.only.iter().any(|only| only == name);
            document = policy::chosen_document(subject.tools(), chosen, &subject.numbers);
            Scope::server(&key, &document, subject.tools().map(|(t, _)| t.name.as_str()))
        }
        None => {
            document = policy::server_document(subject.tools(), profile, &subject.numbers);
            Scope::server(&key, &document, subject.tools().map(|(t, _)| t.name.as_str()))
        }
        Some(name) => {
            let Some(at) = target::tool(&subject.manifest, name, term) else { return Ok(Exit::Usage) };
            let (tool, verdict) = (&subject.manifest.tools[at], &subject.verdicts[at]);
            document = match profile.rule(tool, verdict, &subject.numbers) {
                Some(rule) => policy::tool_document(name, &rule),
                None => Policy::deny_all(),
            };
            Scope::tool(&key, &document, &tool.name)
        }
    };
    // clap has checked the name.
    let Some(format) = formats::find(&args.format) else { return Ok(Exit::Usage) };
    scope.gateway = args.gateway_arn.as_deref();
    match format.render(&scope) {
        Ok(rendered) => {
            let exit = match &args.into.into {
                None => {
                    let mut out = term.out();
                    out.write_all(rendered.text.as_bytes())?;
                    out.flush()?;
                    Exit::Done
                }
                Some(file) => {
                    let tools = subject.manifest.tools.iter().map(|t| t.name.as_str()).collect();
                    let part = ServerPart { server: scope.server, rendered: rendered.clone(), tools };
                    into::fill(&args.into, file, format, &[part], term)?
                }
            };
            term.say(&format!("{}: {}", format.label(), format.place()));
            if args.into.into.is_none() && !format.slots(scope.server).is_empty() {
                term.say(&format!("{}: `--into FILE` puts it into a file that is there.", format.label()));
            }
            tell(format, &scope, &rendered, args.server_name.is_some(), term);
            Ok(if exit == Exit::Done { subject.exit() } else { exit })
        }
        Err(Unsupported(reason)) => {
            term.error(&format!("{}: {reason}", format.label()), None);
            Ok(Exit::Failed)
        }
    }
}

/// The documents of several servers as one.
pub(super) fn many(args: &Args, term: Terminal) -> io::Result<Exit> {
    // clap has checked the name.
    let Some(format) = formats::find(&args.format) else { return Ok(Exit::Usage) };
    let catalog = match Catalog::open(&args.source.catalog) {
        Ok(catalog) => catalog,
        Err(fault) => {
            term.diagnostics([&*fault]);
            return Ok(Exit::Usage);
        }
    };
    let mut exit = Exit::Done;
    let wanted: Vec<(Option<String>, &str)> = match &args.from {
        None => catalog.servers.iter().map(|entry| (None, entry.slug.as_str())).collect(),
        Some(file) => {
            let Some(servers) = named::read(file, term) else { return Ok(Exit::Failed) };
            let known: Vec<KnownServer<'_>> =
                catalog.servers.iter().filter_map(|entry| KnownServer::of(&catalog, entry)).collect();
            let of = |named: &NamedServer| known.iter().find(|server| named.is(server)).map(|server| server.slug);
            let (found, unknown): (Vec<_>, Vec<_>) = servers.iter().partition(|server| of(server).is_some());
            for server in unknown {
                term.error(
                    &format!("{} of {} is no server of the catalogue", neutral::quoted(&server.name), file.display()),
                    Some("servers are told by the package that their command starts, or by their address"),
                );
                exit = Exit::Failed;
            }
            found.iter().filter_map(|server| Some((Some(server.name.clone()), of(server)?))).collect()
        }
    };
    let mut subjects: Vec<(String, PolicySubject, Policy)> = Vec::with_capacity(wanted.len());
    for (name, slug) in wanted {
        let subject = match PolicySubject::load(&args.source, slug, term) {
            Ok(subject) => subject,
            Err(Exit::Usage) => return Ok(Exit::Usage),
            Err(_) => {
                exit = Exit::Failed;
                continue;
            }
        };
        let name = name.unwrap_or_else(|| client_key(&subject.manifest.server));
        if let Some((_, other, _)) = subjects.iter().find(|(known, ..)| *known == name) {
            let (name, other) = (neutral::quoted(&name), neutral::quoted(&other.manifest.server.slug));
            let message =
                format!("{} is left out: {name} would be its name, and is that of {other}", neutral::quoted(slug));
            term.error(&message, Some("print its document alone, with `--server-name`"));
            exit = Exit::Failed;
            continue;
        }
        let document = policy::server_document(subject.tools(), Profile::from(args.profile), &subject.numbers);
        subjects.push((name, subject, document));
    }
    let mut parts = Vec::with_capacity(subjects.len());
    term.say(&format!("{}: {}", format.label(), format.place()));
    for (name, subject, document) in &subjects {
        let tools = || subject.manifest.tools.iter().map(|t| t.name.as_str());
        let mut scope = Scope::server(name, document, tools());
        scope.gateway = args.gateway_arn.as_deref();
        match format.render(&scope) {
            Ok(rendered) => {
                tell(format, &scope, &rendered, args.from.is_some(), term);
                parts.push(ServerPart { server: name, rendered, tools: tools().collect() });
            }
            Err(Unsupported(reason)) => {
                term.error(&format!("{}: {}: {reason}", format.label(), neutral::quoted(name)), None);
                exit = Exit::Failed;
            }
        }
        if subject.partial {
            exit = Exit::Failed;
        }
    }
    if parts.is_empty() {
        return Ok(Exit::Failed);
    }
    if let Some(file) = &args.into.into {
        let filled = into::fill(&args.into, file, format, &parts, term)?;
        return Ok(if filled == Exit::Done { exit } else { filled });
    }
    let Some(text) = into::joined(format, &parts, term) else { return Ok(Exit::Failed) };
    let mut out = term.out();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(exit)
}

/// Tools that a line names; of more it tells how many.
const NAMED: usize = 5;

/// What was assumed, and which tools have less there than the document says.
fn tell(format: &dyn Format, scope: &Scope<'_>, rendered: &Rendered, sure: bool, term: Terminal) {
    let label = format.label();
    let say = |text: &str| term.say(&format!("{label}: {}", neutral::terminal(text)));
    if format.names_server() {
        let name = neutral::quoted(scope.server);
        say(&if sure {
            format!("The server is {name} there.")
        } else {
            format!(
                "The server is {name} there, which is a guess: where the client has it under another name, no rule holds, and \
                 nothing is denied. Give the name with `--server-name`."
            )
        });
    }
    for (note, places) in rendered.notes.iter().zip(&rendered.places) {
        let mut about: Vec<&str> = places.iter().filter_map(|place| Some(scope.tools.get(*place)?.name)).collect();
        about.dedup();
        let named: Vec<String> = about.iter().take(NAMED).map(|name| neutral::quoted(name)).collect();
        let more = if about.len() > NAMED { format!(" and {} more", about.len() - NAMED) } else { String::new() };
        let tools = if named.is_empty() { String::new() } else { format!(" {}{more}.", named.join(", ")) };
        say(&format!("{note}{tools}"));
    }
}
