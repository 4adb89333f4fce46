//! Why a server gave no listing, in words for people.

use std::process::ExitStatus;
use std::time::Duration;

use crate::neutral;

/// Why a server gave no listing. Each is one sentence and what to do about it.
#[derive(Debug, thiserror::Error)]
pub(super) enum NoListing {
    #[error("`{program}` cannot be started: {cause}")]
    Start { program: String, cause: std::io::Error },
    #[error("the server did not answer within {} of its start", seconds(*.0))]
    SlowStart(Duration),
    #[error("the server did not list its tools within {}", seconds(*.0))]
    SlowAnswer(Duration),
    #[error("the server ended before it answered{}{}", ending(.0.as_ref()), wrote(.1.as_ref()))]
    Ended(Option<ExitStatus>, Option<String>),
    #[error("the server ended before it listed its tools{}", ending(.0.as_ref()))]
    EndedLater(Option<ExitStatus>),
    #[error("the connection ended before the server answered")]
    Closed,
    #[error("the server refused {method}: {said}")]
    Refused { method: &'static str, said: String },
    #[error("the server sent more than {} MiB", .0 / (1024 * 1024))]
    TooMuch(u64),
    #[error("the server lists more than {0} tools")]
    TooMany(usize),
    #[error("nothing that the server wrote is a message of MCP; its first line is {0}")]
    Rubbish(String),
    #[error("the answer of the server is not UTF-8")]
    NotUtf8,
    #[error("the server answers {0} and wants a signed-in user")]
    SignIn(u16),
    #[error("the server answers HTTP {status}{}", after_colon(.said))]
    Status { status: u16, said: String },
    #[error("the answer is {0}, neither JSON nor a stream of events")]
    ContentType(String),
    #[error("{0}")]
    Address(String),
    #[error("{host} is the private address {address}")]
    Private { host: String, address: String },
    #[error("the server redirects more than {0} times")]
    Redirects(usize),
    #[error("the server redirects to {0}, which a request with headers of yours does not follow")]
    Elsewhere(String),
    #[error("{host} cannot be reached: {cause}")]
    Unreachable { host: String, cause: String },
    #[error("the secure connection to {host} failed: {cause}")]
    Tls { host: String, cause: String },
    #[error("interrupted")]
    Interrupted,
}

impl NoListing {
    /// What to do about it.
    pub(super) fn help(&self) -> String {
        match self {
            Self::Start { cause, .. } if cause.kind() == std::io::ErrorKind::NotFound => {
                "check that it is installed and in PATH, or give its whole path".to_owned()
            }
            Self::Start { .. } => "check that you may run it".to_owned(),
            Self::SlowStart(_) => {
                "run the command yourself to see what it waits for, or give it longer with --start-timeout SECONDS"
                    .to_owned()
            }
            Self::SlowAnswer(_) => "give it longer with --answer-timeout SECONDS".to_owned(),
            Self::Ended(..) | Self::EndedLater(_) => {
                "run the command yourself; a server may need a variable (--env NAME) or an argument to start".to_owned()
            }
            Self::Closed => "try again; if it stays so, the server is at fault".to_owned(),
            Self::Refused { .. } => {
                "a server may want a variable (--env NAME) or a header (--header NAME=ENV) first".to_owned()
            }
            Self::TooMuch(_) | Self::TooMany(_) => "docs/security.md lists the limits".to_owned(),
            Self::Rubbish(_) => {
                "check that the command starts an MCP server that speaks over its standard input and output".to_owned()
            }
            Self::NotUtf8 => "the server is at fault: JSON-RPC is UTF-8".to_owned(),
            Self::SignIn(_) => {
                "toolcard does not sign in (OAuth): give a token with --header Authorization=ENV, whose variable \
                 holds `Bearer …`, or save the answer to tools/list into a file"
                    .to_owned()
            }
            Self::Status { status: 404 | 405, .. } => "check the path: servers often answer at /mcp".to_owned(),
            Self::Status { .. } => "try again later, or check the address and the headers".to_owned(),
            Self::ContentType(_) => "check the address: streamable HTTP servers often answer at /mcp".to_owned(),
            Self::Address(_) => "write it like https://example.org/mcp".to_owned(),
            Self::Private { .. } => {
                "allow addresses of this machine and of private networks with --allow-private".to_owned()
            }
            Self::Redirects(_) | Self::Elsewhere(_) => "give the address that it ends at".to_owned(),
            Self::Unreachable { .. } => "check the address and your connection; proxies are not used".to_owned(),
            Self::Tls { .. } => "check the address, or name your own certificates in SSL_CERT_FILE".to_owned(),
            Self::Interrupted => "start it again".to_owned(),
        }
    }
}

fn seconds(time: Duration) -> String {
    let whole = time.as_secs_f64();
    if time.subsec_millis() > 0 { format!("{whole:.1} s") } else { format!("{whole:.0} s") }
}

fn ending(status: Option<&ExitStatus>) -> String {
    status.map_or_else(String::new, |status| format!(" ({status})"))
}

fn wrote(line: Option<&String>) -> String {
    line.map_or_else(String::new, |line| format!("; the first line that it wrote is no message of MCP: {line}"))
}

fn after_colon(said: &str) -> String {
    if said.is_empty() { String::new() } else { format!(": {}", neutral::quoted(said)) }
}
