//! `toolcard serve`: build, show, watch, build again.

use std::io::{self, Write as _};
use std::net::IpAddr;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Instant;

use toolcard::catalog::Catalog;
use toolcard::config::Config;
use toolcard::diagnostic::Diagnostic;
use toolcard::neutral;
use toolcard::serve::{PASTE, Preview, Watch};
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
    state.publish(rebuild(args, term));
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
    loop {
        watch.wait();
        state.publish(rebuild(args, term));
        // A theme may have been named since.
        watch.turn_to(watched(args));
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
