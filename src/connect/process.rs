//! A program that is started, and ended with everything that it started.

use std::collections::VecDeque;
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use process_wrap::tokio::{ChildWrapper, CommandWrap};
use tokio::io::AsyncReadExt as _;
use tokio::process::{ChildStderr, Command};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::environment::INHERITED;
use super::failure::NoListing;
use super::lines::LineWire;
use super::secret::Secrets;
use super::target::ProgramTarget;
use crate::neutral;

/// Bytes of standard error that are kept, the last ones, and lines and characters of it that are shown.
const MAX_KEPT_BYTES: usize = 16 * 1024;
const MAX_SHOWN_LINES: usize = 20;
const MAX_SHOWN_CHARS: usize = 300;
/// How long a program may take to end after the signal to terminate.
#[cfg(unix)]
const AFTER_SIGNAL: Duration = Duration::from_secs(1);
/// How long the end of its output is waited for once it has ended: one that it started may hold the pipe.
const LAST_WORDS: Duration = Duration::from_millis(100);

/// A running program. Dropped, it is killed with everything that it started.
#[derive(Debug)]
pub(super) struct Running {
    child: Box<dyn ChildWrapper>,
    said: Arc<Mutex<VecDeque<u8>>>,
    listening: Option<JoinHandle<()>>,
}

impl Running {
    /// Starts a program as the leader of a process group (on Windows: in a job), with the short environment.
    pub(super) fn start(program: &ProgramTarget) -> Result<(Self, LineWire), NoListing> {
        let failed = |cause| NoListing::Start { program: neutral::terminal(&program.program).into_owned(), cause };
        let mut child = spawn(program).map_err(failed)?;
        let said = Arc::new(Mutex::new(VecDeque::new()));
        let listening = child.stderr().take().map(|stderr| tokio::spawn(listen(stderr, Arc::clone(&said))));
        let streams = child.stdin().take().zip(child.stdout().take());
        let running = Self { child, said, listening };
        let (input, output) = streams.ok_or_else(|| failed(std::io::ErrorKind::BrokenPipe.into()))?;
        Ok((running, LineWire::new(input, output)))
    }

    /// Ends it, once its standard input is closed: it may end by itself, is asked to, and is killed. Whatever it started
    /// and left is killed in any case. Returns how it ended.
    pub(super) async fn stop(&mut self, patience: Duration) -> Option<ExitStatus> {
        let mut status = self.ended(patience).await;
        #[cfg(unix)]
        if status.is_none() {
            const TERMINATE: i32 = 15;
            let _ = self.child.signal(TERMINATE);
            status = self.ended(AFTER_SIGNAL).await;
        }
        // The group outlives its leader. Nothing is left of most, and then there is nothing to kill.
        let _ = self.child.start_kill();
        if status.is_none() {
            status = self.ended(AFTER_KILL).await;
        }
        if let Some(listening) = self.listening.take() {
            let handle = listening.abort_handle();
            let _ = timeout(LAST_WORDS, listening).await;
            handle.abort();
        }
        status
    }

    /// Its status, where it ends in time.
    async fn ended(&mut self, patience: Duration) -> Option<ExitStatus> {
        timeout(patience, self.child.inner_mut().wait()).await.ok()?.ok()
    }

    /// The last lines of its standard error, each harmless for a terminal, without the secrets it was given.
    pub(super) fn last_lines(&self, secrets: &Secrets) -> Vec<String> {
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        let text = secrets.hide(&String::from_utf8_lossy(said.make_contiguous()));
        // A line that begins before what is kept is not shown in part, but where it is the only one.
        let whole: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
        let cut = usize::from(said.len() == MAX_KEPT_BYTES && whole.len() > 1);
        let from = whole.len().saturating_sub(MAX_SHOWN_LINES).max(cut);
        whole[from..].iter().map(|line| shown(line)).collect()
    }
}

/// How long the system may take to end what is killed.
const AFTER_KILL: Duration = Duration::from_secs(2);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.start_kill();
        if let Some(listening) = &self.listening {
            listening.abort();
        }
    }
}

fn spawn(program: &ProgramTarget) -> std::io::Result<Box<dyn ChildWrapper>> {
    match wrapped(program, &program.program).spawn() {
        // Windows does not find `npx.cmd` by the name that people write.
        Err(e) if cfg!(windows) && e.kind() == std::io::ErrorKind::NotFound => {
            wrapped(program, &format!("{}.cmd", program.program)).spawn()
        }
        other => other,
    }
}

fn wrapped(program: &ProgramTarget, name: &str) -> CommandWrap {
    let mut command = Command::new(name);
    command.args(&program.args).env_clear();
    let named = INHERITED.iter().copied().chain(program.inherit.iter().map(String::as_str));
    for variable in named {
        if let Some(value) = std::env::var_os(variable) {
            command.env(variable, value);
        }
    }
    command.envs(program.env.iter().map(|(name, value)| (name, value)));
    if let Some(folder) = &program.folder {
        command.current_dir(folder);
    }
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    let mut wrapped = CommandWrap::from(command);
    #[cfg(unix)]
    wrapped.wrap(process_wrap::tokio::ProcessGroup::leader());
    #[cfg(windows)]
    wrapped.wrap(process_wrap::tokio::JobObject);
    wrapped
}

/// Reads standard error to its end, so that the program never waits, and keeps the last of it.
async fn listen(mut stderr: ChildStderr, said: Arc<Mutex<VecDeque<u8>>>) {
    let mut bytes = vec![0; 4096];
    while let Ok(read @ 1..) = stderr.read(&mut bytes).await {
        let mut said = said.lock().unwrap_or_else(PoisonError::into_inner);
        said.extend(&bytes[..read]);
        let beyond = said.len().saturating_sub(MAX_KEPT_BYTES);
        said.drain(..beyond);
    }
}

fn shown(line: &str) -> String {
    let plain = without_colors(line.trim_end());
    let cut: String = plain.chars().take(MAX_SHOWN_CHARS).collect();
    let more = if cut.len() < plain.len() { "…" } else { "" };
    format!("{}{more}", neutral::terminal(&cut))
}

/// A line without the sequences that colour a terminal.
fn without_colors(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(at) = rest.find("\u{1b}[") {
        out.push_str(&rest[..at]);
        let after = &rest[at + 2..];
        let end = after.find(|c: char| !c.is_ascii_digit() && c != ';' && c != '?');
        rest = match end {
            Some(end) if after[end..].starts_with(|c: char| c.is_ascii_alphabetic()) => &after[end + 1..],
            _ => after,
        };
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_a_log_is_plain_and_bounded() {
        assert_eq!(shown("\u{1b}[31merror\u{1b}[0m: x\u{7}"), "error: x\\u{7}");
        assert_eq!(shown(&"x".repeat(1000)).chars().count(), MAX_SHOWN_CHARS + 1);
        assert_eq!(shown("\u{1b}[999"), "999");
        assert_eq!(shown("::error::x"), "\\u{3a}:error::x");
    }
}
