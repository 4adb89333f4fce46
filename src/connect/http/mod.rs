//! Streamable HTTP: each message is a POST, its answers are JSON or a stream of events.

mod address;
mod dial;
mod events;
mod tokio_io;

use std::collections::VecDeque;
use std::time::Duration;

use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::{self, HeaderName, HeaderValue};
use hyper::{Method, Request, Response, StatusCode};
use tokio::time::timeout;

use self::address::HttpAddress;
use self::dial::{Sender, dial};
use self::events::Events;
use super::failure::NoListing;
use super::message::{Envelope, Outgoing};
use super::secret::Secrets;
use crate::manifest::MAX_BYTES;
use crate::neutral;

/// How often one request is sent elsewhere.
const MAX_REDIRECTS: usize = 5;
/// Bytes that a server may send in all, and of an error.
const MAX_RECEIVED: u64 = 2 * MAX_BYTES;
const MAX_ERROR_BYTES: u64 = 64 * 1024;
/// How long the end of a session may take.
const GOODBYE: Duration = Duration::from_secs(2);
/// Headers that the protocol has its own values for.
const RESERVED: [&str; 11] = [
    "accept",
    "connection",
    "content-length",
    "content-type",
    "host",
    "last-event-id",
    "mcp-method",
    "mcp-protocol-version",
    "mcp-session-id",
    "transfer-encoding",
    "upgrade",
];

/// A header that is sent along. Its value is a secret.
#[derive(Clone)]
pub struct SentHeader {
    /// The header.
    pub name: String,
    /// What is sent.
    pub value: String,
    /// The variable that the value is all of, where it is of one.
    pub variable: Option<String>,
}

impl std::fmt::Debug for SentHeader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.name)
    }
}

/// A server at an address.
#[derive(Clone)]
pub struct HttpTarget {
    /// The address, `https://…` or `http://…`.
    pub url: String,
    /// Headers that are sent along.
    pub headers: Vec<SentHeader>,
    /// Whether the server may be on this machine or in a private network.
    pub allow_private: bool,
    /// Whether a person wrote the address on the command line, so that its path may be shown.
    pub typed: bool,
}

impl std::fmt::Debug for HttpTarget {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.shown())
    }
}

impl HttpTarget {
    /// The address for people, without what may be a secret.
    pub fn shown(&self) -> String {
        HttpAddress::parse(&self.url).map_or_else(|_| "an address".to_owned(), |address| address.shown(self.typed))
    }

    /// Adds what nobody may see.
    pub(super) fn secrets(&self, secrets: &mut Secrets) {
        for SentHeader { name, value, .. } in &self.headers {
            secrets.add(name, value, true);
            // `Bearer …`: the token alone, too.
            if let Some((_, token)) = value.split_once(' ') {
                secrets.add(name, token, true);
            }
        }
        let query = self.url.split_once('?').map(|(_, query)| query).unwrap_or_default();
        for pair in query.split('&') {
            let (name, value) = pair.split_once('=').unwrap_or(("query", pair));
            secrets.add(name, value, true);
        }
        let path = self.url.split_once("://").map(|(_, rest)| rest.split(['?', '#']).next().unwrap_or_default());
        for segment in path.unwrap_or_default().split('/').filter(|segment| super::secret::looks_secret(segment)) {
            secrets.add("path", segment, true);
        }
    }
}

/// `NAME=ENV` on the command line: a header and the variable that holds its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeaderFromEnv {
    /// The header.
    pub name: String,
    /// The variable.
    pub variable: String,
}

impl HeaderFromEnv {
    /// Reads `NAME=ENV`.
    ///
    /// # Errors
    /// A sentence, where it is none, or the header is the protocol's.
    pub fn parse(text: &str) -> Result<Self, String> {
        let usage = "write NAME=ENV: the header, and the variable of the environment that holds its value";
        let (name, variable) = text.split_once('=').ok_or(usage)?;
        if variable.is_empty() || !variable.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') {
            return Err(usage.to_owned());
        }
        header_name(name)?;
        Ok(Self { name: name.to_owned(), variable: variable.to_owned() })
    }

    /// The header with its value.
    ///
    /// # Errors
    /// A sentence, where there is no such variable.
    pub fn value(&self) -> Result<SentHeader, String> {
        match std::env::var(&self.variable) {
            Ok(value) if !value.is_empty() => {
                Ok(SentHeader { name: self.name.clone(), value, variable: Some(self.variable.clone()) })
            }
            _ => Err(format!("the variable `{}` for the header `{}` is not set", self.variable, self.name)),
        }
    }
}

fn header_name(name: &str) -> Result<HeaderName, String> {
    let shown = neutral::terminal(name);
    let parsed = HeaderName::try_from(name).map_err(|_| format!("`{shown}` is no name of a header"))?;
    if RESERVED.contains(&parsed.as_str()) {
        return Err(format!("the header `{shown}` is the protocol's own"));
    }
    Ok(parsed)
}

/// What a server at an address is spoken to through.
pub(super) struct HttpWire {
    address: HttpAddress,
    headers: Vec<(HeaderName, HeaderValue)>,
    allow_private: bool,
    /// A connection that is free, and where it leads.
    idle: Option<(String, Sender)>,
    session: Option<HeaderValue>,
    /// The revision that the last message named.
    version: Option<String>,
    ready: VecDeque<String>,
    stream: Option<(Incoming, Events)>,
    received: u64,
}

impl std::fmt::Debug for HttpWire {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HttpWire").finish_non_exhaustive()
    }
}

impl HttpWire {
    /// Prepares; nothing is connected yet.
    pub(super) fn new(target: &HttpTarget) -> Result<Self, NoListing> {
        let mut headers = Vec::new();
        for SentHeader { name, value, .. } in &target.headers {
            let name = header_name(name).map_err(NoListing::Address)?;
            let mut value = HeaderValue::try_from(value.as_str())
                .map_err(|_| NoListing::Address(format!("the value for the header `{name}` cannot be sent")))?;
            value.set_sensitive(true);
            headers.push((name, value));
        }
        Ok(Self {
            address: HttpAddress::parse(&target.url)?,
            headers,
            allow_private: target.allow_private,
            idle: None,
            session: None,
            version: None,
            ready: VecDeque::new(),
            stream: None,
            received: 0,
        })
    }

    /// Sends a message; what comes back is for `receive`.
    pub(super) async fn send(&mut self, message: &Outgoing) -> Result<(), NoListing> {
        let awaited = message.method.is_some_and(|method| !method.starts_with("notifications/"));
        if awaited {
            // What is left of the last answer is of no use, and its connection neither.
            self.stream = None;
        }
        self.version.clone_from(&message.version);
        let response = self.request(&Method::POST, &message.text, message.method).await?;
        let status = response.status();
        if let Some(session) = response.headers().get("mcp-session-id") {
            self.session = Some(session.clone());
        }
        let challenged = status == StatusCode::FORBIDDEN && response.headers().contains_key(header::WWW_AUTHENTICATE);
        if status == StatusCode::UNAUTHORIZED || challenged {
            return Err(NoListing::SignIn(status.as_u16()));
        }
        // A notification awaits nothing, and servers answer it with all sorts of things.
        if !awaited {
            return Ok(());
        }
        let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        if !status.is_success() {
            return self.status(response).await;
        }
        match kind.as_str() {
            // Its connection is busy until the stream ends.
            "text/event-stream" => {
                self.idle = None;
                self.stream = Some((response.into_body(), Events::default()));
            }
            // Servers that leave the type out answer JSON.
            "application/json" | "" => {
                let body = self.body(response, MAX_BYTES).await?;
                if !body.trim_ascii().is_empty() {
                    let text = String::from_utf8(body).map_err(|_| NoListing::NotUtf8)?;
                    self.ready.push_back(text.trim_start_matches('\u{feff}').trim().to_owned());
                }
            }
            other => return Err(NoListing::ContentType(neutral::quoted(other))),
        }
        Ok(())
    }

    /// The next message that came back.
    pub(super) async fn receive(&mut self) -> Result<String, NoListing> {
        loop {
            if let Some(text) = self.ready.pop_front() {
                return Ok(text);
            }
            let Some((body, events)) = &mut self.stream else { return Err(NoListing::Closed) };
            let found = if let Some(Ok(frame)) = body.frame().await {
                let Some(piece) = frame.data_ref() else { continue };
                self.received += piece.len() as u64;
                if self.received > MAX_RECEIVED {
                    return Err(NoListing::TooMuch(MAX_BYTES));
                }
                events.push(piece).map_err(|_| NoListing::NotUtf8)?
            } else {
                let last = events.finish().map_err(|_| NoListing::NotUtf8)?;
                self.stream = None;
                last.into_iter().collect()
            };
            self.ready.extend(found);
        }
    }

    /// Ends the session, where the server keeps one.
    pub(super) async fn close(mut self) {
        self.stream = None;
        if self.session.is_some() {
            let _ = timeout(GOODBYE, self.request(&Method::DELETE, "", None)).await;
        }
    }

    /// Sends a request, again wherever it is redirected to.
    async fn request(
        &mut self,
        method: &Method,
        text: &str,
        rpc: Option<&'static str>,
    ) -> Result<Response<Incoming>, NoListing> {
        let mut address = self.address.clone();
        for _ in 0..=MAX_REDIRECTS {
            let response = self.once(&address, method, text, rpc).await?;
            let location = response.headers().get(header::LOCATION).and_then(|to| to.to_str().ok());
            // A POST stays one: the message is in it.
            let moved = matches!(response.status().as_u16(), 301 | 302 | 307 | 308);
            let Some(location) = location.filter(|_| moved) else {
                // Every later message goes there at once.
                self.address = address;
                return Ok(response);
            };
            let next = address.redirected(location)?;
            let leaves = next.origin() != address.origin();
            if leaves && (!self.headers.is_empty() || self.session.is_some() || (address.secure && !next.secure)) {
                return Err(NoListing::Elsewhere(next.shown(false)));
            }
            address = next;
        }
        Err(NoListing::Redirects(MAX_REDIRECTS))
    }

    async fn once(
        &mut self,
        address: &HttpAddress,
        method: &Method,
        text: &str,
        rpc: Option<&'static str>,
    ) -> Result<Response<Incoming>, NoListing> {
        let origin = address.origin();
        if let Some((known, mut sender)) = self.idle.take()
            && known == origin
            && sender.ready().await.is_ok()
        {
            let request = self.built(address, method, text, rpc)?;
            // One that the server has just closed is no answer: it is asked again over a new connection.
            if let Ok(response) = sender.send_request(request).await {
                self.idle = Some((origin, sender));
                return Ok(response);
            }
        }
        let mut sender = dial(address, self.allow_private).await?;
        let request = self.built(address, method, text, rpc)?;
        let response = sender.send_request(request).await.map_err(|_| NoListing::Closed)?;
        self.idle = Some((origin, sender));
        Ok(response)
    }

    fn built(
        &self,
        address: &HttpAddress,
        method: &Method,
        text: &str,
        rpc: Option<&'static str>,
    ) -> Result<Request<Full<Bytes>>, NoListing> {
        let mut request = Request::builder()
            .method(method)
            .uri(&address.path)
            .header(header::HOST, address.authority())
            .header(header::ACCEPT, "application/json, text/event-stream")
            .header(header::USER_AGENT, concat!("toolcard/", env!("CARGO_PKG_VERSION")));
        if !text.is_empty() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        if let Some(session) = &self.session {
            request = request.header("mcp-session-id", session);
        }
        if let Some(version) = &self.version {
            request = request.header("mcp-protocol-version", version);
            // From 2026-07-28 on the method is a header as well.
            if version.as_str() >= rmcp::model::ProtocolVersion::STANDARD_HEADERS.as_str()
                && let Some(rpc) = rpc
            {
                request = request.header("mcp-method", rpc);
            }
        }
        let body = Full::new(Bytes::copy_from_slice(text.as_bytes()));
        request.body(body).map_err(|_| NoListing::Address("the address or a header cannot be sent".to_owned()))
    }

    /// What an answer that is no success says: a message of JSON-RPC, or a status.
    async fn status(&mut self, response: Response<Incoming>) -> Result<(), NoListing> {
        let status = response.status().as_u16();
        let html =
            response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
        let body = self.body(response, MAX_ERROR_BYTES).await.unwrap_or_default();
        let text = String::from_utf8_lossy(&body).trim().to_owned();
        if Envelope::of(&text).is_some_and(|envelope| envelope.error.is_some()) {
            self.ready.push_back(text);
            return Ok(());
        }
        let said = if html { String::new() } else { text };
        Err(NoListing::Status { status, said })
    }

    async fn body(&mut self, response: Response<Incoming>, limit: u64) -> Result<Vec<u8>, NoListing> {
        let mut body = response.into_body();
        let mut bytes = Vec::new();
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|_| NoListing::Closed)?;
            let Some(piece) = frame.data_ref() else { continue };
            self.received += piece.len() as u64;
            if bytes.len() as u64 + piece.len() as u64 > limit || self.received > MAX_RECEIVED {
                return Err(NoListing::TooMuch(limit));
            }
            bytes.extend_from_slice(piece);
        }
        Ok(bytes)
    }
}
