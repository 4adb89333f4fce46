//! One connection, whatever carries it.

use super::failure::NoListing;
use super::http::HttpWire;
use super::lines::LineWire;
use super::message::Outgoing;

/// What carries messages to a server and back.
#[derive(Debug)]
pub(super) enum Wire {
    /// Lines over standard input and output.
    Lines(LineWire),
    /// Streamable HTTP.
    Http(Box<HttpWire>),
}

impl Wire {
    /// Sends a message.
    pub(super) async fn send(&mut self, message: &Outgoing) -> Result<(), NoListing> {
        match self {
            Self::Lines(wire) => wire.send(message).await,
            Self::Http(wire) => wire.send(message).await,
        }
    }

    /// The next text that may be a message. Given up in the middle it loses nothing.
    pub(super) async fn receive(&mut self) -> Result<String, NoListing> {
        match self {
            Self::Lines(wire) => wire.receive().await,
            Self::Http(wire) => wire.receive().await,
        }
    }

    /// Whether a request that is not answered may be waiting for another one to come first: a server over standard
    /// streams that does not know a method may say nothing at all.
    pub(super) fn may_stay_silent(&self) -> bool {
        matches!(self, Self::Lines(_))
    }
}
