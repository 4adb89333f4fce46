//! Asks running servers: what is said before a program starts, and what is seen meanwhile.

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use toolcard::capture::{CaptureError, Captured};
use toolcard::catalog::CatalogEntry;
use toolcard::connect::{
    AskOptions, ClientPlaces, Configured, HeaderFromEnv, HttpTarget, KeptSource, LiveTarget, Observer, Patience,
    ProgramTarget, Reached, ask, configuration, discover,
};
use toolcard::diagnostic::nearest;
use toolcard::neutral;

use crate::cli::clock;
use crate::cli::sources::{PatienceArgs, SourceArgs};
use crate::cli::term::Terminal;
use crate::cli::update;

/// Asks the servers that the arguments name.
pub(super) fn captures(args: &SourceArgs, term: Terminal) -> Captured {
    let found = match targets(args, term) {
        Ok(found) => found,
        Err(error) => return failed(error),
    };
    let Configured { targets, mut errors, .. } = found;
    let mut captured = asked(&targets, args.yes, &args.patience, term);
    errors.append(&mut captured.errors);
    captured.errors = errors;
    captured
}

/// Asks the servers of a catalogue that say where they came from, or those of them that are named.
pub(super) fn again(args: &update::Args, servers: &[CatalogEntry], term: Terminal) -> Captured {
    let once = "import it once with `--keep-source`";
    let (mut targets, mut errors) = (Vec::new(), Vec::new());
    for name in args.servers.iter().filter(|name| !servers.iter().any(|server| server.slug == **name)) {
        let known = servers.iter().map(|server| server.slug.as_str());
        let help = nearest(name, known).map_or_else(|| once.to_owned(), |near| format!("did you mean `{near}`?"));
        errors.push(CaptureError::new(neutral::terminal(name), "the catalogue has no such server", help));
    }
    let wanted = |server: &&CatalogEntry| args.servers.is_empty() || args.servers.contains(&server.slug);
    for server in servers.iter().filter(wanted).filter(|server| server.own_folder()) {
        let slug = neutral::terminal(&server.slug);
        match KeptSource::read(&args.catalog, &server.dir) {
            Ok(Some(kept)) => match kept.target(&server.slug) {
                Ok(target) => targets.push(target),
                Err(message) => errors.push(CaptureError::new(slug, message, "set it, and start this again")),
            },
            Ok(None) if args.servers.is_empty() => {}
            Ok(None) => errors.push(CaptureError::new(slug, "the catalogue does not say how to ask it", once)),
            Err(message) => errors.push(CaptureError::new(slug, message, format!("repair it, or {once} again"))),
        }
    }
    if targets.is_empty() && errors.is_empty() {
        let message = "no server of the catalogue says where it came from";
        errors.push(CaptureError::new(args.catalog.display().to_string(), message, "import them with `--keep-source`"));
    }
    let mut captured = asked(&targets, args.yes, &args.patience, term);
    errors.append(&mut captured.errors);
    captured.errors = errors;
    captured
}

/// Asks targets once that is allowed, with progress where a terminal shows it.
fn asked(targets: &[LiveTarget], yes: bool, patience: &PatienceArgs, term: Terminal) -> Captured {
    if targets.is_empty() {
        return Captured::default();
    }
    if let Err(error) = consent(targets, yes, term) {
        return failed(error);
    }
    let PatienceArgs { start, answer, stop } = *patience;
    let options =
        AskOptions { patience: Patience { start, answer, stop }, captured_at: Some(clock::today().to_string()) };
    let watching = Arc::new(Watching::new(targets, term));
    let observer: Arc<dyn Observer> = watching.clone();
    let captured = ask(targets, &options, &observer);
    watching.finish();
    captured
}

fn failed(error: CaptureError) -> Captured {
    Captured { errors: vec![error], ..Captured::default() }
}

fn targets(args: &SourceArgs, term: Terminal) -> Result<Configured, CaptureError> {
    if args.stdio {
        let mut words = args.command.iter().cloned();
        let program = ProgramTarget {
            program: words.next().unwrap_or_default(),
            args: words.collect(),
            inherit: args.env.clone(),
            typed: true,
            ..ProgramTarget::default()
        };
        for name in &args.env {
            if std::env::var_os(name).is_none() {
                term.say(&format!("the variable `{name}` of --env is not set"));
            }
        }
        return Ok(only(LiveTarget { name: String::new(), reached: Reached::Program(program) }));
    }
    if let Some(url) = &args.url {
        let usage = |message: String| {
            CaptureError::new("--header", message, "set the variable, and name it: --header NAME=ENV")
        };
        let mut headers = Vec::new();
        for header in &args.header {
            headers.push(HeaderFromEnv::parse(header).and_then(|header| header.value()).map_err(usage)?);
        }
        let target = HttpTarget { url: url.clone(), headers, allow_private: args.allow_private, typed: true };
        return Ok(only(LiveTarget { name: String::new(), reached: Reached::Http(target) }));
    }
    let places = places();
    if !args.discover {
        let found = configuration(&args.config, &args.only, &places, args.allow_private);
        return named(found, &args.only);
    }
    let (found, files) = discover(&places, &args.only, args.allow_private);
    for file in &files {
        term.detail(&format!("read {}", file.display()));
    }
    if files.is_empty() {
        let help = "name one with --config FILE";
        return Err(CaptureError::new("--discover", "no client's configuration is in its usual place", help));
    }
    if found.targets.is_empty() && found.errors.is_empty() && args.only.is_empty() {
        let help = "name another configuration with --config FILE";
        return Err(CaptureError::new("--discover", "the configurations that were found name no servers", help));
    }
    named(found, &args.only)
}

fn only(target: LiveTarget) -> Configured {
    let mut found = Configured::default();
    found.targets.push(target);
    found
}

/// The servers, where every name of `--only` is one.
fn named(found: Configured, only: &[String]) -> Result<Configured, CaptureError> {
    let missing = only.iter().find(|name| !found.names.contains(name));
    let Some(name) = missing.filter(|_| found.errors.is_empty() || !found.names.is_empty()) else { return Ok(found) };
    let known = found.names.iter().map(String::as_str);
    let help = match nearest(name, known) {
        Some(near) => format!("did you mean `{}`?", neutral::terminal(near)),
        None => format!("the servers are {}", neutral::terminal(&found.names.join(", "))),
    };
    Err(CaptureError::new("--only", format!("no server is called `{}`", neutral::terminal(name)), help))
}

/// The folders of whoever runs this.
fn places() -> ClientPlaces {
    let home = std::env::var_os(if cfg!(windows) { "USERPROFILE" } else { "HOME" });
    ClientPlaces {
        home: home.filter(|home| !home.is_empty()).map(PathBuf::from),
        project: std::env::current_dir().ok(),
    }
}

/// Says in plain words what is about to be started, and asks.
fn consent(targets: &[LiveTarget], yes: bool, term: Terminal) -> Result<(), CaptureError> {
    let programs: Vec<&LiveTarget> = targets.iter().filter(|target| target.program().is_some()).collect();
    if programs.is_empty() {
        return Ok(());
    }
    let what = if programs.len() == 1 { "This starts a program" } else { "This starts programs" };
    let warning = format!("{what} that somebody else wrote, on this machine, with your rights:");
    if yes {
        term.say(&warning);
    } else {
        term.warn(&warning);
    }
    for target in &programs {
        let name = if target.name.is_empty() { String::new() } else { format!("{}: ", target.name) };
        let line = format!("  {name}{}", target.shown());
        if yes { term.say(&line) } else { term.warn(&line) }
    }
    if yes {
        return Ok(());
    }
    let refused = |message: &str| {
        CaptureError::new("toolcard", message, "start it with --yes, once you trust where it comes from")
    };
    if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        return Err(refused("nobody is there to say that it may be started"));
    }
    let mut out = anstream::stderr();
    let _ = write!(out, "Start? [y/N] ");
    let _ = out.flush();
    let mut answer = String::new();
    let _ = io::stdin().lock().read_line(&mut answer);
    if matches!(answer.trim(), "y" | "Y" | "yes" | "Yes") { Ok(()) } else { Err(refused("nothing was started")) }
}

/// Which servers are being asked.
struct Watching {
    names: Vec<String>,
    asked: Mutex<Vec<usize>>,
    bar: Option<ProgressBar>,
}

impl Watching {
    fn new(targets: &[LiveTarget], term: Terminal) -> Self {
        let name = |target: &LiveTarget| {
            let name = if target.name.is_empty() { target.shown() } else { target.name.clone() };
            neutral::terminal(&name).chars().take(40).collect()
        };
        let bar = term.progress().then(|| {
            let style = ProgressStyle::with_template("{spinner} {pos}/{len} {elapsed} {msg}")
                .unwrap_or_else(|_| ProgressStyle::default_spinner());
            let bar = ProgressBar::new(targets.len() as u64).with_style(style);
            bar.enable_steady_tick(Duration::from_millis(120));
            bar
        });
        Self { names: targets.iter().map(name).collect(), asked: Mutex::new(Vec::new()), bar }
    }

    fn change(&self, change: impl FnOnce(&mut Vec<usize>)) {
        let Some(bar) = &self.bar else { return };
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut asked);
        let names: Vec<&str> =
            asked.iter().take(4).filter_map(|place| self.names.get(*place)).map(String::as_str).collect();
        let more = asked.len().saturating_sub(names.len());
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        bar.set_message(format!("asking {}{more}", names.join(", ")));
    }

    fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

impl Observer for Watching {
    fn began(&self, target: usize) {
        self.change(|asked| asked.push(target));
    }

    fn ended(&self, target: usize, _tools: Option<usize>) {
        self.change(|asked| asked.retain(|other| *other != target));
        if let Some(bar) = &self.bar {
            bar.inc(1);
        }
    }
}
