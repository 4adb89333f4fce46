//! The messages that are sent, made by the SDK, and the envelope of those that arrive.

use rmcp::model::{
    ClientCapabilities, ClientJsonRpcMessage, ClientNotification, ClientRequest, DiscoverRequest,
    DiscoverRequestParams, Implementation, InitializeRequest, InitializeRequestParams, InitializedNotification,
    ListToolsRequest, PaginatedRequestParams, ProtocolVersion, RequestId, RequestMetaObject,
};
use serde::Deserialize;
use serde_json::value::RawValue;

/// One message to send.
#[derive(Debug)]
pub(super) struct Outgoing {
    /// Its JSON, on one line.
    pub text: String,
    /// Its method; responses have none.
    pub method: Option<&'static str>,
    /// The revision that its headers name, where a connection has headers.
    pub version: Option<String>,
}

fn me() -> Implementation {
    Implementation::new("toolcard", env!("CARGO_PKG_VERSION"))
}

fn number(id: i64) -> RequestId {
    RequestId::Number(id)
}

fn outgoing(message: &ClientJsonRpcMessage, method: &'static str, version: Option<&ProtocolVersion>) -> Outgoing {
    // A message of strings and numbers has no key that JSON cannot say.
    let text = serde_json::to_string(message).unwrap_or_default();
    Outgoing { text, method: Some(method), version: version.map(|version| version.as_str().to_owned()) }
}

/// What every request says of the client, from 2026-07-28 on.
fn context(version: &ProtocolVersion) -> RequestMetaObject {
    RequestMetaObject::with_client_context(version.clone(), me(), ClientCapabilities::default())
}

pub(super) fn discover(id: i64, version: &ProtocolVersion) -> Outgoing {
    let mut request = DiscoverRequest::new(DiscoverRequestParams {});
    request.extensions.insert(context(version));
    let message = ClientJsonRpcMessage::request(ClientRequest::DiscoverRequest(request), number(id));
    outgoing(&message, "server/discover", Some(version))
}

pub(super) fn initialize(id: i64, version: &ProtocolVersion) -> Outgoing {
    let params =
        InitializeRequestParams::new(ClientCapabilities::default(), me()).with_protocol_version(version.clone());
    let request = ClientRequest::InitializeRequest(InitializeRequest::new(params));
    // What comes before the agreement names no revision in its headers.
    outgoing(&ClientJsonRpcMessage::request(request, number(id)), "initialize", None)
}

pub(super) fn initialized(version: &ProtocolVersion) -> Outgoing {
    let notification = ClientNotification::InitializedNotification(InitializedNotification::default());
    outgoing(&ClientJsonRpcMessage::notification(notification), "notifications/initialized", Some(version))
}

/// The request for one page.
pub(super) fn list_tools(id: i64, cursor: Option<&str>, version: &ProtocolVersion) -> Outgoing {
    let params = cursor.map(|cursor| PaginatedRequestParams::default().with_cursor(Some(cursor.to_owned())));
    let mut request = ListToolsRequest { params, ..ListToolsRequest::default() };
    if !version.has_initialize() {
        request.extensions.insert(context(version));
    }
    let message = ClientJsonRpcMessage::request(ClientRequest::ListToolsRequest(request), number(id));
    outgoing(&message, "tools/list", Some(version))
}

/// The answer to a request of the server: toolcard declares no capability, so it knows `ping` alone.
pub(super) fn reply(id: &RawValue, method: &str, version: Option<&ProtocolVersion>) -> Outgoing {
    let said =
        if method == "ping" { r#""result":{}"# } else { r#""error":{"code":-32601,"message":"Method not found"}"# };
    let text = format!(r#"{{"jsonrpc":"2.0","id":{},{said}}}"#, id.get());
    Outgoing { text, method: None, version: version.map(|version| version.as_str().to_owned()) }
}

/// A message of JSON-RPC as far as it must be read to know what it is.
#[derive(Debug, Deserialize)]
pub(super) struct Envelope<'a> {
    #[serde(borrow, default)]
    pub id: Option<&'a RawValue>,
    #[serde(default)]
    pub method: Option<String>,
    #[serde(borrow, default)]
    pub result: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub error: Option<&'a RawValue>,
}

impl<'a> Envelope<'a> {
    /// `None` where the text is no message.
    pub(super) fn of(text: &'a str) -> Option<Self> {
        let envelope: Self = serde_json::from_str(text).ok()?;
        let says = envelope.method.is_some() || envelope.result.is_some() || envelope.error.is_some();
        says.then_some(envelope)
    }

    /// Which of our requests it answers; servers have been seen to write a number as a string.
    pub(super) fn answers(&self) -> Option<i64> {
        if self.method.is_some() {
            return None;
        }
        self.id?.get().trim_matches('"').parse().ok()
    }
}

/// Whatever of an answer decides how to go on, each key read leniently.
#[derive(Debug, Default)]
pub(super) struct AnswerKeys {
    pub protocol_version: Option<String>,
    pub supported: Option<Vec<ProtocolVersion>>,
    pub next_cursor: Option<String>,
    pub tools: usize,
    pub lists: bool,
}

impl AnswerKeys {
    pub(super) fn of(result: &RawValue) -> Self {
        #[derive(Deserialize)]
        struct ResultKeys<'a> {
            #[serde(borrow, default, rename = "protocolVersion")]
            protocol_version: Option<&'a RawValue>,
            #[serde(borrow, default, rename = "supportedVersions")]
            supported: Option<&'a RawValue>,
            #[serde(borrow, default, rename = "nextCursor")]
            next_cursor: Option<&'a RawValue>,
            #[serde(borrow, default)]
            tools: Option<&'a RawValue>,
        }
        let Ok(keys) = serde_json::from_str::<ResultKeys<'_>>(result.get()) else { return Self::default() };
        let tools: Option<Vec<&RawValue>> = read(keys.tools);
        Self {
            protocol_version: read(keys.protocol_version),
            supported: read(keys.supported),
            next_cursor: read(keys.next_cursor),
            lists: keys.tools.is_some(),
            tools: tools.map_or(0, |tools| tools.len()),
        }
    }
}

fn read<'a, T: Deserialize<'a>>(raw: Option<&'a RawValue>) -> Option<T> {
    serde_json::from_str(raw?.get()).ok()
}

/// An error as JSON-RPC has it.
#[derive(Debug, Default)]
pub(super) struct RpcFault {
    pub code: Option<i64>,
    pub message: String,
    /// The revisions that the server speaks, where it says so.
    pub supported: Vec<ProtocolVersion>,
}

impl RpcFault {
    pub(super) fn of(error: &RawValue) -> Self {
        let value: serde_json::Value = serde_json::from_str(error.get()).unwrap_or_default();
        let listed = value["data"]["supported"].as_array().or_else(|| value["data"]["supportedVersions"].as_array());
        let versions = listed.into_iter().flatten();
        Self {
            code: value["code"].as_i64(),
            message: value["message"].as_str().or_else(|| value.as_str()).unwrap_or_default().to_owned(),
            supported: versions.filter_map(|version| serde_json::from_value(version.clone()).ok()).collect(),
        }
    }

    /// For people.
    pub(super) fn quoted(&self) -> String {
        let code = self.code.map(|code| format!("error {code}, ")).unwrap_or_default();
        format!("{code}{}", crate::neutral::quoted(&self.message))
    }
}
