//! `toolcard serve`: build, show, watch, show what changed, build again.

use std::collections::BTreeSet;
use std::io::{self, Write as _};
use std::net::IpAddr;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::{Duration, Instant};

use toolcard::catalog::Catalog;
use toolcard::config::Config;
use toolcard::diagnostic::Diagnostic;
use toolcard::neutral;
use toolcard::serve::{PASTE, Preview, PreviewState, Watch};
use toolcard::site::build::live::LiveSite;
use toolcard::site::build::progress::Quiet;
use toolcard::site::build::{self, BuildError};

use super::Exit;
use super::desk::CatalogDesk;
use super::term::Terminal;

/// Preview the website of a catalogue; it builds again when something changes
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The folder that holds one folder per server
    #[arg(long, value_name = "DIR", default_value = "catalog", env = "TOOLCARD_CATALOG", hide_env_values = true)]
    catalog: PathBuf,
    /// Where the preview is built; not the folder that you publish
    #[arg(long, value_name = "DIR", default_value = ".toolcard/preview")]
    out: PathBuf,
    /// Configuration [default: toolcard.toml beside the catalogue folder, or above it up to the repository's root]
    #[arg(long, value_name = "FILE", env = "TOOLCARD_CONFIG", hide_env_values = true)]
    config: Option<PathBuf>,
    /// The address to listen at; anything but this machine's own lets others read
    #[arg(long, value_name = "IP", default_value = "127.0.0.1")]
    host: IpAddr,
    /// The port to listen at; 0 for any that is free
    #[arg(long, short, value_name = "N", default_value_t = 8173)]
    port: u16,
    /// Open the preview in the browser
    #[arg(long)]
    open: bool,
}

/// Runs the command until somebody stops it.
pub(super) fn run(args: &Args, term: Terminal) -> io::Result<Exit> {
    // A catalogue that is empty can be filled from the page; one that is not there, or is another folder, never is.
    let wrong = match Catalog::list(&args.catalog) {
        Ok(catalog) => catalog.elsewhere(),
        Err(wrong) => Some(*wrong),
    };
    if let Some(wrong) = wrong {
        term.diagnostics([&wrong]);
        return Ok(Exit::Usage);
    }
    // Not even an edit of the catalogue would mend it.
    let theme = Config::find(&args.catalog, args.config.as_deref()).ok().and_then(|config| config.site.theme);
    if let Some(overlap) = build::overlap(&args.catalog, &args.out, theme.as_deref()) {
        term.diagnostics([&overlap]);
        return Ok(Exit::Usage);
    }
    let desk = CatalogDesk { catalog: args.catalog.clone(), term };
    let preview = match Preview::bind(args.host, args.port, args.out.clone(), Some(Box::new(desk))) {
        Ok(preview) => preview,
        Err(e) => {
            let message = format!("nothing can listen at {}:{}: {e}", args.host, args.port);
            term.error(&message, Some("choose another port with `--port N`"));
            return Ok(Exit::Usage);
        }
    };
    let (address, state) = (preview.address()?, preview.state());
    let mut watch = Watch::new(watched(args));
    state.publish(0, rebuild(args, term));
    std::thread::spawn(move || preview.serve());
    let mut out = term.out();
    writeln!(out, "The preview is at http://{address}/; stop it with Ctrl+C")?;
    if args.host.is_loopback() {
        writeln!(out, "A manifest can be pasted at http://{address}{PASTE}")?;
    }
    out.flush()?;
    drop(out);
    if args.open {
        open(&format!("http://{address}/"), term);
    }
    let edits = Edits::default();
    std::thread::scope(|scope| {
        let (tell, told) = mpsc::channel();
        let (edits, builds) = (&edits, Arc::clone(&state));
        scope.spawn(move || {
            edits.open(args, 0);
            for edit in &told {
                // What is shown already can wait until the next keys were pressed.
                let edit = latest(&told, edit);
                builds.publish(edit.number, rebuild(args, term));
                edits.open(args, edit.number);
            }
        });
        for number in 1.. {
            let changed = watch.wait();
            let shown = edits.show(&changed, number, &state);
            if tell.send(Edit { number, shown }).is_err() {
                break;
            }
            if !shown {
                // A theme may have been named since.
                watch.turn_to(watched(args));
            }
        }
    });
    Ok(Exit::Done)
}

/// How long a build waits for the next edit, where what it would write is shown already.
const BUILD_PAUSE: Duration = Duration::from_millis(150);
/// The same where edits go on and on: lists and the search follow at last.
const MAX_BUILD_PAUSE: Duration = Duration::from_secs(2);
/// Servers that are shown before they are built, at most: more change where a catalogue becomes another.
const MAX_SHOWN: usize = 8;

/// One edit of what a build reads.
#[derive(Debug, Clone, Copy)]
struct Edit {
    number: u64,
    /// Whether the pages of the servers that it is about are shown already.
    shown: bool,
}

/// The last of the edits that there are by now.
fn latest(told: &mpsc::Receiver<Edit>, mut edit: Edit) -> Edit {
    let begun = Instant::now();
    loop {
        let waits = edit.shown && begun.elapsed() < MAX_BUILD_PAUSE;
        match told.recv_timeout(if waits { BUILD_PAUSE } else { Duration::ZERO }) {
            Ok(later) => edit = later,
            Err(_) => return edit,
        }
    }
}

/// What the threads that watch and build share.
#[derive(Debug, Default)]
struct Edits {
    /// The site as the last build left it.
    live: Mutex<Option<LiveSite>>,
    /// The number of the last edit that was of more than servers which have pages.
    whole: AtomicU64,
}

impl Edits {
    /// Shows the pages of the servers whose files changed. `false` where it is not known which pages change, or a server cannot
    /// be read.
    fn show(&self, changed: &BTreeSet<PathBuf>, edit: u64, state: &PreviewState) -> bool {
        let mut live = self.live.lock().unwrap_or_else(PoisonError::into_inner);
        let servers = live.as_ref().and_then(|live| {
            let servers = changed.iter().map(|path| live.server_of(path).map(str::to_owned));
            servers.collect::<Option<BTreeSet<String>>>().filter(|servers| (1..=MAX_SHOWN).contains(&servers.len()))
        });
        let Some((live, servers)) = live.as_mut().zip(servers) else {
            self.whole.store(edit, Ordering::Relaxed);
            *live = None;
            return false;
        };
        let mut all = true;
        for server in servers {
            match live.server(&server) {
                Some(files) => state.show(edit, files),
                None => all = false,
            }
        }
        all
    }

    /// Takes the site as a build left it that has all edits up to this number.
    fn open(&self, args: &Args, edit: u64) {
        let config = Config::find(&args.catalog, args.config.as_deref());
        let site = config.ok().and_then(|config| LiveSite::open(&args.catalog, &args.out, &config));
        let mut live = self.live.lock().unwrap_or_else(PoisonError::into_inner);
        // What changed since may be the configuration.
        if self.whole.load(Ordering::Relaxed) <= edit {
            *live = site;
        }
    }
}

/// Asks the system to show an address.
fn open(url: &str, term: Terminal) {
    let program = if cfg!(target_os = "macos") {
        "open"
    } else if cfg!(windows) {
        "explorer"
    } else {
        "xdg-open"
    };
    let started =
        Command::new(program).arg(url).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    if let Err(e) = started {
        term.say(&format!("no browser could be opened with `{program}`: {e}"));
    }
}

/// Everything that a build reads.
fn watched(args: &Args) -> Vec<PathBuf> {
    let file = Config::file(&args.catalog, args.config.as_deref());
    let file = file.unwrap_or_else(|| Config::beside(&args.catalog));
    let theme = Config::find(&args.catalog, args.config.as_deref()).ok().and_then(|config| config.site.theme);
    [args.catalog.clone(), file].into_iter().chain(theme).collect()
}

/// Builds; returns what is wrong as plain text, nothing where all is well.
fn rebuild(args: &Args, term: Terminal) -> String {
    let config = match Config::find(&args.catalog, args.config.as_deref()) {
        Ok(config) => config,
        Err(diagnostics) => return told(&diagnostics, term),
    };
    let began = Instant::now();
    match build::run(&args.catalog, &args.out, &config, &Quiet) {
        Ok(report) => {
            term.say(&super::build::summary(&report, began));
            told(&report.diagnostics, term)
        }
        Err(BuildError::Input(diagnostics)) => told(&diagnostics, term),
        Err(BuildError::Write(e)) => {
            term.error(&e.to_string(), Some("free the folder or choose another with `--out DIR`"));
            e.to_string()
        }
    }
}

/// Shows everything in the terminal, and errors on the page.
fn told(diagnostics: &[Diagnostic], term: Terminal) -> String {
    term.diagnostics(diagnostics);
    let errors: Vec<String> = diagnostics.iter().filter(|d| d.is_error()).map(plain).collect();
    errors.join("\n\n")
}

fn plain(diagnostic: &Diagnostic) -> String {
    let Diagnostic { code, file, position, message, help, .. } = diagnostic;
    let place = position.map(|p| format!(":{p}")).unwrap_or_default();
    let lines = [format!("error[{code}]: {message}"), format!("{}{place}", file.display()), format!("help: {help}")];
    lines.map(|line| neutral::terminal(&line).into_owned()).join("\n")
}
