//! Asks running servers for their tools: behind a command, an address, or a client's configuration. The one module that
//! starts a process or opens a connection, behind the feature `connect`; `build` and `classify` do not use it.
//!
//! ```text
//! clients     a client's configuration → targets
//! target      one server: a program or an address
//! process     starts a program, ends it and its children
//! lines, http messages over its standard streams, or over streamable HTTP
//! session     agrees on a protocol, asks for every page of tools/list, keeps each answer as it was sent
//! ask         many targets at once → captures and errors
//! ```
//!
//! The official SDK (`rmcp`) makes the messages that are sent, and knows the protocol's versions. It does not read the
//! answers: its types leave out keys that they do not know (`execution`, what a later revision adds), refuse a
//! definition whose schema is `null`, drop a tool whose annotations of headers are odd, and fail a handshake that lacks
//! a key. toolcard exists to read just these, and to keep what a server says as it was said. So what arrives is read
//! here, as far as the envelope of JSON-RPC, and the rest is the manifest reader's.

mod ask;
mod clients;
mod environment;
mod failure;
mod http;
mod interrupt;
mod kept;
mod lines;
mod message;
mod process;
mod secret;
mod session;
mod target;
mod wire;

pub use ask::{AskOptions, Observer, ask};
pub use clients::{ClientPlaces, Configured, configuration, configuration_text, discover};
pub use environment::INHERITED;
pub use http::{HeaderFromEnv, HttpTarget, SentHeader};
pub use kept::KeptSource;
pub use session::Patience;
pub use target::{LiveTarget, ProgramTarget, Reached};
