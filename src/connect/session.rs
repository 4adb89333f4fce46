//! One session: agree on a revision of the protocol, ask for every page of tools/list.

use std::collections::HashSet;
use std::time::Duration;

use rmcp::model::{ErrorCode, ProtocolVersion};
use rmcp::service::select_protocol_version;
use tokio::time::timeout;

use super::failure::NoListing;
use super::message::{self, AnswerKeys, Envelope, Outgoing, RpcFault};
use super::wire::Wire;
use crate::manifest::MAX_BYTES;
use crate::manifest::limits::MAX_TOOLS;
use crate::neutral;

/// Pages of one listing that are asked for. A listing with more is a part.
const MAX_PAGES: usize = 1000;
/// How often a listing is asked for anew, because the server said that it changed meanwhile.
const MAX_LISTINGS: usize = 3;
/// How long a server over standard streams may leave `server/discover` unanswered before it is asked the older way too:
/// servers of earlier revisions may say nothing to a method that they do not know.
const DISCOVER_ALONE: Duration = Duration::from_millis(500);

/// How long a server may take.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// From its start until it agreed on a protocol.
    pub start: Duration,
    /// Until all of its tools are listed.
    pub answer: Duration,
    /// Until it ends by itself, once it is told to.
    pub stop: Duration,
}

impl Default for Patience {
    /// A minute to start, since package managers download first; half of one to answer; two seconds to stop.
    fn default() -> Self {
        Self { start: Duration::from_secs(60), answer: Duration::from_secs(30), stop: Duration::from_secs(2) }
    }
}

/// The request that a session begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Opening {
    /// `server/discover`, of 2026-07-28, and `initialize` where that is not known.
    Newest,
    /// `initialize` at once: for a server that ends when it gets anything else first.
    Handshake,
}

/// What a server said.
#[derive(Debug)]
pub(super) struct SessionSaid {
    /// Its identity and its pages: messages of JSON-RPC, each as it was sent.
    pub messages: Vec<String>,
    /// The revision that was agreed on.
    pub protocol: String,
}

impl SessionSaid {
    /// The messages as one document, which the reader of manifests knows as `pages`.
    pub(super) fn document(&self) -> String {
        format!("[{}]", self.messages.join(",\n"))
    }
}

/// Lists a server's tools.
pub(super) async fn list(wire: &mut Wire, patience: &Patience, opening: Opening) -> Result<SessionSaid, NoListing> {
    let mut session = Exchange { wire, sent: 0, rubbish: None, changed: false, version: None };
    let open = timeout(patience.start, session.open(opening)).await;
    let (identity, version) = match open {
        Ok(agreed) => session.explained(agreed)?,
        Err(_) => return session.explained(Err(NoListing::SlowStart(patience.start))),
    };
    let listed = timeout(patience.answer, session.listing(&version)).await;
    let pages = match listed {
        Ok(Err(NoListing::Ended(status, _))) => return Err(NoListing::EndedLater(status)),
        Ok(pages) => pages?,
        Err(_) => return Err(NoListing::SlowAnswer(patience.answer)),
    };
    let messages = std::iter::once(identity).chain(pages).collect();
    Ok(SessionSaid { messages, protocol: version.as_str().to_owned() })
}

/// An answer to one of our requests.
struct ServerAnswer {
    id: i64,
    /// The whole message.
    text: String,
    outcome: Result<AnswerKeys, RpcFault>,
}

struct Exchange<'w> {
    wire: &'w mut Wire,
    sent: i64,
    /// The first line that was no message.
    rubbish: Option<String>,
    /// Whether the server said that its tools are others now.
    changed: bool,
    version: Option<ProtocolVersion>,
}

impl Exchange<'_> {
    /// A failure to answer of something that speaks no MCP is better explained by what it said.
    fn explained<T>(&self, result: Result<T, NoListing>) -> Result<T, NoListing> {
        let line = self.rubbish.as_deref().map(neutral::quoted);
        match (result, line) {
            (Err(NoListing::SlowStart(_)), Some(line)) => Err(NoListing::Rubbish(line)),
            (Err(NoListing::Ended(status, None)), line) => Err(NoListing::Ended(status, line)),
            (result, _) => result,
        }
    }

    async fn ask(&mut self, make: impl FnOnce(i64) -> Outgoing) -> Result<i64, NoListing> {
        self.sent += 1;
        self.wire.send(&make(self.sent)).await?;
        Ok(self.sent)
    }

    /// The next answer. Requests of the server are answered, notifications noted, and what is no message passed over.
    async fn answer(&mut self) -> Result<ServerAnswer, NoListing> {
        loop {
            let text = self.wire.receive().await?;
            // Before 2025-06-18 several messages may come in an array.
            let batch: Vec<&serde_json::value::RawValue> =
                if text.starts_with('[') { serde_json::from_str(&text).unwrap_or_default() } else { Vec::new() };
            let parts: Vec<&str> =
                if batch.is_empty() { vec![&text] } else { batch.iter().map(|part| part.get()).collect() };
            let mut answer = None;
            for part in parts {
                let Some(envelope) = Envelope::of(part) else {
                    self.rubbish.get_or_insert_with(|| part.chars().take(400).collect());
                    continue;
                };
                if let Some(method) = &envelope.method {
                    self.changed |= method == "notifications/tools/list_changed";
                    if let Some(id) = envelope.id.filter(|id| id.get() != "null") {
                        let reply = message::reply(id, method, self.version.as_ref());
                        self.wire.send(&reply).await?;
                    }
                    continue;
                }
                let outcome = match (envelope.result, envelope.error) {
                    (Some(result), _) => Ok(AnswerKeys::of(result)),
                    (None, Some(error)) => Err(RpcFault::of(error)),
                    (None, None) => continue,
                };
                // An error about a message that could not be read names no request: it is about the last.
                let id = match envelope.answers() {
                    Some(id) => id,
                    None if outcome.is_err() => self.sent,
                    None => continue,
                };
                answer.get_or_insert(ServerAnswer { id, text: part.to_owned(), outcome });
            }
            if let Some(answer) = answer {
                return Ok(answer);
            }
        }
    }

    /// Agrees on a revision; returns what the server says of itself, and the revision.
    async fn open(&mut self, opening: Opening) -> Result<(String, ProtocolVersion), NoListing> {
        let mut handshake_version = ProtocolVersion::LATEST_WITH_INITIALIZE;
        let mut discover = None;
        let mut handshake = None;
        let mut refused = None;
        let mut tried = Vec::new();
        if opening == Opening::Newest {
            discover = self.discover(ProtocolVersion::LATEST, &mut tried).await?;
        }
        loop {
            if discover.is_none() && handshake.is_none() {
                if let Some(said) = refused {
                    return Err(NoListing::Refused { method: "`initialize`", said });
                }
                handshake = Some(self.ask(|id| message::initialize(id, &handshake_version)).await?);
            }
            let answer = if handshake.is_none() && refused.is_none() && self.wire.may_stay_silent() {
                let Ok(answer) = timeout(DISCOVER_ALONE, self.answer()).await else {
                    handshake = Some(self.ask(|id| message::initialize(id, &handshake_version)).await?);
                    continue;
                };
                answer?
            } else {
                match self.answer().await {
                    // A server over HTTP may leave a question that it does not know without any answer.
                    Err(NoListing::Closed) if discover.is_some() && refused.is_none() => {
                        discover = None;
                        continue;
                    }
                    answer => answer?,
                }
            };
            if Some(answer.id) == discover {
                discover = None;
                let supported = match &answer.outcome {
                    Ok(known) => known.supported.as_deref().unwrap_or_default(),
                    Err(fault) => &fault.supported,
                };
                let newest: Vec<ProtocolVersion> = ProtocolVersion::KNOWN_VERSIONS.iter().rev().cloned().collect();
                match select_protocol_version(&newest, supported) {
                    Some(version) if !version.has_initialize() && answer.outcome.is_ok() => {
                        self.version = Some(version.clone());
                        return Ok((answer.text, version));
                    }
                    Some(version) if !version.has_initialize() => {
                        discover = self.discover(version, &mut tried).await?;
                    }
                    Some(version) => handshake_version = version,
                    None => {}
                }
            } else if Some(answer.id) == handshake {
                match answer.outcome {
                    Ok(known) => {
                        let version = known.protocol_version.and_then(|text| serde_json::from_value(text.into()).ok());
                        let version: ProtocolVersion = version.unwrap_or(handshake_version);
                        self.version = Some(version.clone());
                        self.wire.send(&message::initialized(&version)).await?;
                        return Ok((answer.text, version));
                    }
                    // The other question may still be answered.
                    Err(fault) => {
                        handshake = None;
                        refused = Some(fault.quoted());
                    }
                }
            }
        }
    }

    /// Asks in a revision that was not tried yet. `None` where it was, or where the connection itself refuses the
    /// question: older servers over HTTP do.
    async fn discover(
        &mut self,
        version: ProtocolVersion,
        tried: &mut Vec<ProtocolVersion>,
    ) -> Result<Option<i64>, NoListing> {
        if tried.contains(&version) {
            return Ok(None);
        }
        tried.push(version.clone());
        match self.ask(|id| message::discover(id, &version)).await {
            Ok(id) => Ok(Some(id)),
            Err(NoListing::Status { .. } | NoListing::ContentType(_) | NoListing::Closed) => Ok(None),
            Err(other) => Err(other),
        }
    }

    /// Every page, asked for anew where the server changed its tools meanwhile.
    async fn listing(&mut self, version: &ProtocolVersion) -> Result<Vec<String>, NoListing> {
        let mut pages = Vec::new();
        for _ in 0..MAX_LISTINGS {
            self.changed = false;
            pages = self.pages(version).await?;
            if !self.changed {
                break;
            }
        }
        Ok(pages)
    }

    async fn pages(&mut self, version: &ProtocolVersion) -> Result<Vec<String>, NoListing> {
        let mut pages = Vec::new();
        let (mut bytes, mut tools) = (0, 0);
        let mut cursor: Option<String> = None;
        let mut cursors = HashSet::new();
        while pages.len() < MAX_PAGES {
            let id = self.ask(|id| message::list_tools(id, cursor.as_deref(), version)).await?;
            let answer = loop {
                let answer = self.answer().await?;
                if answer.id == id {
                    break answer;
                }
            };
            let known = match answer.outcome {
                Ok(known) => known,
                // What was listed stays: its last page says that another one follows, so it is read as a part.
                Err(_) if !pages.is_empty() => break,
                Err(fault) if fault.code == Some(i64::from(ErrorCode::METHOD_NOT_FOUND.0)) => {
                    let said = format!("{}: it offers no tools", fault.quoted());
                    return Err(NoListing::Refused { method: "`tools/list`", said });
                }
                Err(fault) => return Err(NoListing::Refused { method: "`tools/list`", said: fault.quoted() }),
            };
            bytes += answer.text.len() as u64;
            tools += known.tools;
            if bytes > MAX_BYTES {
                return Err(NoListing::TooMuch(MAX_BYTES));
            }
            if tools > MAX_TOOLS {
                return Err(NoListing::TooMany(MAX_TOOLS));
            }
            // A page without tools and with nothing else is the reader's to judge.
            pages.push(answer.text);
            // The reader sees a cursor that comes twice, and one that is left.
            match known.next_cursor.filter(|next| !next.is_empty() && known.lists) {
                Some(next) if cursors.insert(next.clone()) => cursor = Some(next),
                _ => break,
            }
        }
        Ok(pages)
    }
}
