//! Standard output is the product, standard error is talk.

use std::io::{self, IsTerminal as _, Write as _};

use anstream::ColorChoice;
use anstyle::{AnsiColor, Style};

use toolcard::diagnostic::{Diagnostic, Level};
use toolcard::neutral;

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless `NO_COLOR` is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

const RED: Style = AnsiColor::Red.on_default().bold();
const YELLOW: Style = AnsiColor::Yellow.on_default().bold();
const CYAN: Style = AnsiColor::Cyan.on_default();
const BOLD: Style = Style::new().bold();

/// Where a command speaks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terminal {
    quiet: bool,
    verbose: bool,
}

// Methods, though the streams are global: colours are right only once a `Terminal` was made.
#[expect(clippy::unused_self)]
impl Terminal {
    /// A terminal with the global options.
    pub(crate) fn new(quiet: bool, verbose: bool, color: Color) -> Self {
        let choice = match color {
            Color::Auto => ColorChoice::Auto,
            Color::Always => ColorChoice::Always,
            Color::Never => ColorChoice::Never,
        };
        choice.write_global();
        Self { quiet, verbose }
    }

    /// Standard output, buffered: the product of a command. Colour codes written to it are kept
    /// or stripped as the user asked.
    pub(crate) fn out(self) -> impl io::Write {
        io::BufWriter::new(anstream::stdout().lock())
    }

    /// The same for documents, in which no colour codes can be.
    pub(crate) fn document(self) -> impl io::Write {
        io::BufWriter::new(io::stdout().lock())
    }

    /// Whether only errors are wanted.
    pub(crate) fn is_quiet(self) -> bool {
        self.quiet
    }

    /// Whether more is wanted.
    pub(crate) fn is_verbose(self) -> bool {
        self.verbose
    }

    /// Whether progress may be drawn: standard error is a terminal and nobody asked for quiet.
    pub(crate) fn progress(self) -> bool {
        !self.quiet && io::stderr().is_terminal()
    }

    /// One line of talk, unless quiet.
    pub(crate) fn say(self, line: &str) {
        if !self.quiet {
            self.line(&neutral::terminal(line));
        }
    }

    /// One line of talk, only with `--verbose`.
    pub(crate) fn detail(self, line: &str) {
        if self.verbose {
            self.line(&neutral::terminal(line));
        }
    }

    /// An error that no file is to blame for.
    pub(crate) fn error(self, message: &str, help: Option<&str>) {
        self.line(&format!("{RED}error{RED:#}: {}", neutral::terminal(message)));
        if let Some(help) = help {
            self.line(&format!("  {CYAN}help{CYAN:#}: {}", neutral::terminal(help)));
        }
    }

    /// One line that a person must see, also when only errors are wanted.
    #[cfg(feature = "connect")]
    pub(crate) fn warn(self, line: &str) {
        self.line(&neutral::terminal(line));
    }

    /// What a server said, line by line, under an error.
    pub(crate) fn said(self, lines: &[String]) {
        self.line(&format!("  {CYAN}the server said{CYAN:#}:"));
        for line in lines {
            self.line(&format!("    {}", neutral::terminal(line)));
        }
    }

    /// Every diagnostic, errors last so that they are beside the prompt; returns whether there
    /// was an error. Warnings are not shown when quiet.
    pub(crate) fn diagnostics<'a>(self, diagnostics: impl IntoIterator<Item = &'a Diagnostic>) -> bool {
        let mut sorted: Vec<&Diagnostic> = diagnostics.into_iter().collect();
        sorted.sort_by(|a, b| (a.level, &a.file, a.position).cmp(&(b.level, &b.file, b.position)));
        for diagnostic in &sorted {
            self.diagnostic(diagnostic);
        }
        sorted.iter().any(|d| d.is_error())
    }

    fn diagnostic(self, diagnostic: &Diagnostic) {
        let (style, word) = match diagnostic.level {
            Level::Warning if self.quiet => return,
            Level::Warning => (YELLOW, "warning"),
            Level::Error => (RED, "error"),
        };
        let Diagnostic { code, file, position, message, help, .. } = diagnostic;
        let place = match position {
            Some(position) => format!("{}:{position}", file.display()),
            None => file.display().to_string(),
        };
        self.line(&format!("{style}{word}{style:#}[{code}]: {BOLD}{}{BOLD:#}", neutral::terminal(message)));
        self.line(&format!(" {CYAN}-->{CYAN:#} {}", neutral::terminal(&place)));
        self.line(&format!("  {CYAN}help{CYAN:#}: {}", neutral::terminal(help)));
    }

    fn line(self, line: &str) {
        // Nobody is left to tell when standard error is closed.
        let _ = writeln!(anstream::stderr(), "{line}");
    }
}
