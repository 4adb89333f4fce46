//! `text/event-stream`: what follows `data:`, event by event.

/// Events out of bytes that come in pieces.
#[derive(Debug, Default)]
pub(super) struct Events {
    /// The line that is not whole yet.
    line: Vec<u8>,
    /// The data of the event that is not whole yet.
    data: String,
    after_return: bool,
}

impl Events {
    /// Adds a piece; returns the data of the events that it ends.
    pub(super) fn push(&mut self, piece: &[u8]) -> Result<Vec<String>, std::str::Utf8Error> {
        let mut done = Vec::new();
        for &byte in piece {
            // A line ends with CR, LF, or both.
            match byte {
                b'\n' if self.after_return => {}
                b'\n' | b'\r' => done.extend(self.end_line()?),
                byte => self.line.push(byte),
            }
            self.after_return = byte == b'\r';
        }
        Ok(done)
    }

    /// The last event, where the stream ended without the empty line after it.
    pub(super) fn finish(&mut self) -> Result<Option<String>, std::str::Utf8Error> {
        let ended = self.end_line()?;
        Ok(ended.or_else(|| self.take()))
    }

    fn end_line(&mut self) -> Result<Option<String>, std::str::Utf8Error> {
        let line = std::mem::take(&mut self.line);
        let line = std::str::from_utf8(&line)?;
        let line = line.strip_prefix('\u{feff}').unwrap_or(line);
        if line.is_empty() {
            return Ok(self.take());
        }
        if let Some(data) = line.strip_prefix("data:") {
            if !self.data.is_empty() {
                self.data.push('\n');
            }
            self.data.push_str(data.strip_prefix(' ').unwrap_or(data));
        }
        Ok(None)
    }

    fn take(&mut self) -> Option<String> {
        Some(std::mem::take(&mut self.data)).filter(|data| !data.trim().is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What a stream of bytes holds, in pieces of that size; `None` where it is no text.
    fn read(stream: &[u8], size: usize) -> Option<Vec<String>> {
        let mut events = Events::default();
        let mut found = Vec::new();
        for piece in stream.chunks(size) {
            found.extend(events.push(piece).ok()?);
        }
        found.extend(events.finish().ok()?);
        Some(found)
    }

    proptest! {
        #[test]
        fn any_bytes_are_the_same_events_in_any_pieces(
            lines in proptest::collection::vec("(data:|data: |id:|:|\u{feff}data:)?[a{}\"é]{0,4}(\n|\r|\r\n|)", 0..12),
            noise in proptest::collection::vec(any::<u8>(), 0..4),
            size in 1..9_usize,
        ) {
            let stream = [lines.concat().into_bytes(), noise].concat();
            prop_assert_eq!(read(&stream, size), read(&stream, stream.len() + 1));
            let held: usize = read(&stream, size).unwrap_or_default().iter().map(String::len).sum();
            prop_assert!(held <= stream.len());
        }
    }

    #[test]
    fn events_are_whole_however_the_bytes_come() {
        let stream = "\u{feff}: hello\r\nevent: message\r\ndata: {\"a\":\r\ndata: \"ü\"}\r\n\r\nid: 1\nretry: 5\n\ndata:x\r\rdata: last";
        let expected = ["{\"a\":\n\"ü\"}", "x", "last"];
        for size in [1, 2, 3, 7, 1000] {
            assert_eq!(read(stream.as_bytes(), size).unwrap(), expected, "{size}");
        }
        assert!(Events::default().push(b"data: \xff\n").is_err());
    }
}
