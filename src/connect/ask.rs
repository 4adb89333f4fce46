//! Asks many servers at once.

use std::path::Path;
use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::failure::NoListing;
use super::http::HttpWire;
use super::interrupt::InterruptSignals;
use super::kept::KeptSource;
use super::process::Running;
use super::secret::Secrets;
use super::session::{Opening, Patience, SessionSaid, list};
use super::target::{LiveTarget, ProgramTarget, Reached};
use super::wire::Wire;
use crate::capture::{Capture, CaptureError, Captured};
use crate::catalog::overrides::Overrides;
use crate::diagnostic::{Code, Diagnostic};
use crate::manifest;

/// Servers that run at the same time.
const AT_ONCE: usize = 32;

/// How servers are asked.
#[derive(Debug, Clone, Default)]
pub struct AskOptions {
    /// How long each may take.
    pub patience: Patience,
    /// The day, `YYYY-MM-DD`, that captures are dated with.
    pub captured_at: Option<String>,
}

/// Hears of servers while they are asked; the number is the server's place among the targets.
pub trait Observer: Send + Sync {
    /// A server is being asked.
    fn began(&self, target: usize);
    /// A server answered, with so many tools, or did not.
    fn ended(&self, target: usize, tools: Option<usize>);
}

/// Asks every target. One that fails is an error of what comes back, and no reason to leave the others. All programs, and
/// what they started, have ended when this returns. After Ctrl-C nothing is captured.
pub fn ask(targets: &[LiveTarget], options: &AskOptions, observer: &Arc<dyn Observer>) -> Captured {
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(e) => {
            let error = CaptureError::new("toolcard", format!("servers cannot be asked: {e}"), "try again");
            return Captured { errors: vec![error], ..Captured::default() };
        }
    };
    let captured = runtime.block_on(all(targets, options, observer));
    // A name that is still being resolved is nothing to wait for.
    runtime.shutdown_background();
    captured
}

async fn all(targets: &[LiveTarget], options: &AskOptions, observer: &Arc<dyn Observer>) -> Captured {
    let mut signals = InterruptSignals::catch();
    let permits = Arc::new(Semaphore::new(AT_ONCE));
    let mut tasks = JoinSet::new();
    for (place, target) in targets.iter().cloned().enumerate() {
        let (permits, observer, options) = (Arc::clone(&permits), Arc::clone(observer), options.clone());
        tasks.spawn(async move {
            let _permit = permits.acquire_owned().await;
            observer.began(place);
            let result = one(&target, &options).await;
            observer.ended(place, result.as_ref().ok().map(|capture| capture.manifest.tools.len()));
            (place, result)
        });
    }
    let mut results: Vec<Option<Result<Capture, CaptureError>>> = targets.iter().map(|_| None).collect();
    let interrupted = async {
        match &mut signals {
            Some(signals) => signals.arrived().await,
            None => std::future::pending().await,
        }
    };
    tokio::pin!(interrupted);
    loop {
        tokio::select! {
            done = tasks.join_next() => match done {
                Some(Ok((place, result))) => results[place] = Some(result),
                // The place of a task that broke stays empty.
                Some(Err(_)) => {}
                None => break,
            },
            () = &mut interrupted => {
                // Each task that is dropped kills its program and all that it started.
                tasks.shutdown().await;
                let error = CaptureError::new("toolcard", NoListing::Interrupted.to_string(), NoListing::Interrupted.help());
                return Captured { errors: vec![error], ..Captured::default() };
            }
        }
    }
    let mut captured = Captured::default();
    for (result, target) in results.into_iter().zip(targets) {
        match result {
            Some(Ok(capture)) => captured.captures.push(capture),
            Some(Err(error)) => captured.errors.push(error),
            None => captured.errors.push(CaptureError::new(label(target), "asking it failed", "report this as a bug")),
        }
    }
    captured
}

/// The target in messages: its name where it has one, and how it is reached.
fn label(target: &LiveTarget) -> String {
    let shown = target.shown();
    if target.name.is_empty() { shown } else { format!("{} ({shown})", crate::neutral::terminal(&target.name)) }
}

async fn one(target: &LiveTarget, options: &AskOptions) -> Result<Capture, CaptureError> {
    let secrets = target.secrets();
    let (said, lines) = match &target.reached {
        Reached::Program(program) => of_program(program, &options.patience, &secrets).await,
        Reached::Http(address) => (of_address(address, &options.patience).await, Vec::new()),
    };
    let error = |message: &str, help: &str| {
        CaptureError::new(secrets.hide(&label(target)), secrets.hide(message), help).saying(lines.clone())
    };
    let said = said.map_err(|failure| error(&failure.to_string(), &failure.help()))?;
    capture(target, &said, options, &secrets).map_err(|(message, help)| error(&message, &help))
}

async fn of_address(target: &super::http::HttpTarget, patience: &Patience) -> Result<SessionSaid, NoListing> {
    let mut wire = Wire::Http(Box::new(HttpWire::new(target)?));
    let said = list(&mut wire, patience, Opening::Newest).await;
    if let Wire::Http(wire) = wire {
        wire.close().await;
    }
    said
}

/// What a program said, and where it failed the end of its standard error.
async fn of_program(
    program: &ProgramTarget,
    patience: &Patience,
    secrets: &Secrets,
) -> (Result<SessionSaid, NoListing>, Vec<String>) {
    let mut first = None;
    for opening in [Opening::Newest, Opening::Handshake] {
        let (mut running, wire) = match Running::start(program) {
            Ok(started) => started,
            Err(failure) => return (Err(failure), Vec::new()),
        };
        let mut wire = Wire::Lines(wire);
        let said = list(&mut wire, patience, opening).await;
        // Its standard input is closed here, which tells it to end.
        drop(wire);
        // One that failed is not waited for.
        let patience =
            if said.is_ok() { patience.stop } else { patience.stop.min(std::time::Duration::from_millis(500)) };
        let status = running.stop(patience).await;
        let said = said.map_err(|failure| match failure {
            NoListing::Ended(None, line) => NoListing::Ended(status, line),
            NoListing::EndedLater(None) => NoListing::EndedLater(status),
            other => other,
        });
        match said {
            Ok(said) => return (Ok(said), Vec::new()),
            // Servers of some earlier revisions end when anything but `initialize` comes first.
            Err(failure @ NoListing::Ended(..)) if opening == Opening::Newest => {
                first = Some((Err(failure), running.last_lines(secrets)));
            }
            Err(failure) => {
                let ended = matches!(failure, NoListing::Ended(..));
                let lines = running.last_lines(secrets);
                // A server that ends either way says the same twice.
                return first.filter(|_| ended).unwrap_or((Err(failure), lines));
            }
        }
    }
    first.unwrap_or((Err(NoListing::Closed), Vec::new()))
}

/// Reads what a server said.
fn capture(
    target: &LiveTarget,
    said: &SessionSaid,
    options: &AskOptions,
    secrets: &Secrets,
) -> Result<Capture, (String, String)> {
    let from = target.shown();
    let whole = said.document();
    let text = secrets.hide_certain(&whole);
    let reading = manifest::read(&text, Path::new(&from));
    let mut diagnostics = reading.diagnostics;
    let Some(mut manifest) = reading.value else {
        let first = diagnostics.into_iter().find(Diagnostic::is_error);
        return Err(first.map(|first| (first.message, first.help)).unwrap_or_default());
    };
    if text != whole {
        let message = "the answer holds the value of a variable, a header or an argument that the server was given";
        let help = "it was replaced by its name; ask the server's author why it repeats what it must keep";
        diagnostics.push(Diagnostic::warning(Code::SecretInAnswer, Path::new(&from), message.to_owned(), help));
    }
    manifest.captured_at.clone_from(&options.captured_at);
    manifest.protocol_version = Some(said.protocol.clone());
    if let Some(package) = target.program().and_then(ProgramTarget::package) {
        let server = &mut manifest.server;
        server.registry = Some(package.registry.into());
        server.package = Some(package.name.into());
        server.package_version = package.version.map(Into::into);
    }
    // A target of the command line has no name of a client's.
    let client_name = Some(target.name.clone()).filter(|name| !name.is_empty() && !target.is_typed());
    let source = Some(KeptSource::of(target).map(|kept| kept.text()));
    let name = target.name.clone();
    Ok(Capture { name, from, client_name, manifest, overrides: Overrides::default(), diagnostics, source })
}
