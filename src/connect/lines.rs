//! Messages as lines over the standard streams of a program.

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::{ChildStdin, ChildStdout};

use super::failure::NoListing;
use super::message::Outgoing;
use crate::manifest::MAX_BYTES;

/// Bytes that a program may write in all: a listing of the greatest size, and as much of notifications and logs.
const MAX_WRITTEN: u64 = 2 * MAX_BYTES;

/// The standard streams of a program.
#[derive(Debug)]
pub(super) struct LineWire {
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    /// The line that is being read: a reading that is given up goes on here.
    line: Vec<u8>,
    received: u64,
}

impl LineWire {
    pub(super) fn new(input: ChildStdin, output: ChildStdout) -> Self {
        Self { input, output: BufReader::with_capacity(1 << 16, output), line: Vec::new(), received: 0 }
    }

    pub(super) async fn send(&mut self, message: &Outgoing) -> Result<(), NoListing> {
        let line = format!("{}\n", message.text);
        let written = async {
            self.input.write_all(line.as_bytes()).await?;
            self.input.flush().await
        };
        written.await.map_err(|_| NoListing::Ended(None, None))
    }

    pub(super) async fn receive(&mut self) -> Result<String, NoListing> {
        loop {
            let available = self.output.fill_buf().await.map_err(|_| NoListing::Ended(None, None))?;
            if available.is_empty() {
                // What has no end of line may still be the answer of a program that ended.
                if self.line.is_empty() {
                    return Err(NoListing::Ended(None, None));
                }
                return text(std::mem::take(&mut self.line));
            }
            let end = memchr::memchr(b'\n', available);
            let taken = end.map_or(available.len(), |end| end + 1);
            self.received += taken as u64;
            if self.received > MAX_WRITTEN || (self.line.len() + taken) as u64 > MAX_BYTES {
                return Err(NoListing::TooMuch(MAX_BYTES));
            }
            self.line.extend_from_slice(&available[..taken]);
            self.output.consume(taken);
            if end.is_some() {
                let line = std::mem::take(&mut self.line);
                if !line.trim_ascii().is_empty() {
                    return text(line);
                }
            }
        }
    }
}

fn text(line: Vec<u8>) -> Result<String, NoListing> {
    match String::from_utf8(line) {
        Ok(line) => Ok(line.trim_start_matches('\u{feff}').trim().to_owned()),
        // A log in another encoding is no answer; an answer in another encoding cannot be kept as it was said.
        Err(e) if e.as_bytes().trim_ascii_start().starts_with(b"{") => Err(NoListing::NotUtf8),
        Err(e) => Ok(String::from_utf8_lossy(e.as_bytes()).trim().to_owned()),
    }
}
