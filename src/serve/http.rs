//! As much of HTTP/1.1 as a browser needs from a preview: one request, one response, then the end.

use std::io::{self, BufRead};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// Bytes of a request line or header, and lines of a request, that are read.
const MAX_LINE_BYTES: u64 = 8 * 1024;
const MAX_LINES: usize = 100;

/// What a browser asks for.
#[derive(Debug)]
pub(crate) struct Request {
    method: String,
    /// The path without its query, as sent.
    pub path: String,
    host: OneHeader,
    origin: OneHeader,
    length: OneHeader,
}

/// A header that must be given once.
#[derive(Debug, Default)]
struct OneHeader {
    /// `None` until it is given, and where it is given twice.
    value: Option<String>,
    times: usize,
}

impl OneHeader {
    fn add(&mut self, value: &str) {
        self.times += 1;
        self.value = Some(value.trim().to_owned()).filter(|_| self.times == 1);
    }
}

impl Request {
    /// Reads a request's head; `None` where it is none.
    pub(crate) fn read(input: &mut impl BufRead) -> io::Result<Option<Self>> {
        let Some(first) = line(input)? else { return Ok(None) };
        let mut words = first.split(' ');
        let (Some(method), Some(target), Some(version)) = (words.next(), words.next(), words.next()) else {
            return Ok(None);
        };
        if !version.starts_with("HTTP/1.") || !target.starts_with('/') {
            return Ok(None);
        }
        let path = target.split(['?', '#']).next().unwrap_or_default().to_owned();
        let none = OneHeader::default;
        let mut request = Self { method: method.to_owned(), path, host: none(), origin: none(), length: none() };
        for _ in 0..MAX_LINES {
            match line(input)? {
                Some(header) if header.is_empty() => return Ok(Some(request)),
                Some(header) => {
                    let Some((name, value)) = header.split_once(':') else { continue };
                    match name.to_ascii_lowercase().as_str() {
                        "host" => request.host.add(value),
                        "origin" => request.origin.add(value),
                        "content-length" => request.length.add(value),
                        _ => {}
                    }
                }
                None => return Ok(None),
            }
        }
        Ok(None)
    }

    /// Whether it only wants to read.
    pub(crate) fn reads(&self) -> bool {
        matches!(self.method.as_str(), "GET" | "HEAD")
    }

    /// Whether it sends something.
    pub(crate) fn posts(&self) -> bool {
        self.method == "POST"
    }

    /// Whether a page of the preview itself sent it: its origin is the host that it asks. A browser says the origin of
    /// every form, and no page can say another.
    pub(crate) fn is_from_own_page(&self) -> bool {
        let own = self.host.value.as_ref().map(|host| format!("http://{host}"));
        own.is_some_and(|own| self.origin.value.as_ref().is_some_and(|origin| origin.eq_ignore_ascii_case(&own)))
    }

    /// What it sends, at most `limit` bytes; `None` where it has more, or does not say how many.
    pub(crate) fn body(&self, input: &mut impl io::Read, limit: u64) -> io::Result<Option<Vec<u8>>> {
        let length = self.length.value.as_ref().and_then(|length| length.parse::<u64>().ok());
        let Some(length) = length.filter(|length| *length <= limit) else { return Ok(None) };
        let mut bytes = Vec::new();
        io::Read::read_to_end(&mut io::Read::take(input, length), &mut bytes)?;
        Ok((bytes.len() as u64 == length).then_some(bytes))
    }

    /// Whether its host is a name that only this machine has, with a port or without, and nothing else.
    pub(crate) fn names_this_machine(&self) -> bool {
        let Some(host) = &self.host.value else { return false };
        let (name, port) = match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            Some((name, rest)) if name.parse::<std::net::Ipv6Addr>().is_ok() => (name, rest),
            Some(_) => return false,
            None => host.split_at(host.find(':').unwrap_or(host.len())),
        };
        let port = port.is_empty() || port.strip_prefix(':').is_some_and(|p| p.parse::<u16>().is_ok());
        let local = |ip: std::net::IpAddr| ip.is_loopback();
        port && (name.eq_ignore_ascii_case("localhost") || name.parse().is_ok_and(local))
    }
}

/// A connection that may be read until a moment, however slowly what it sends comes in.
#[derive(Debug)]
pub(crate) struct Timed<'a> {
    stream: &'a TcpStream,
    until: Instant,
}

impl<'a> Timed<'a> {
    /// The connection, for so long.
    pub(crate) fn new(stream: &'a TcpStream, patience: Duration) -> Self {
        Self { stream, until: Instant::now() + patience }
    }
}

impl io::Read for Timed<'_> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let left = self.until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        self.stream.set_read_timeout(Some(left))?;
        self.stream.read(bytes)
    }
}

/// One line without its end; `None` at the end of input or where a line is too long.
fn line(input: &mut impl BufRead) -> io::Result<Option<String>> {
    let mut bytes = Vec::new();
    io::Read::take(&mut *input, MAX_LINE_BYTES).read_until(b'\n', &mut bytes)?;
    if bytes.pop() != Some(b'\n') {
        return Ok(None);
    }
    if bytes.last() == Some(&b'\r') {
        bytes.pop();
    }
    Ok(String::from_utf8(bytes).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::io::{BufReader, Write as _};

    fn is_local(hosts: &[&str]) -> bool {
        let hosts = hosts.iter().map(|host| format!("Host: {host}\r\n")).collect::<Vec<_>>().concat();
        let head = format!("GET / HTTP/1.1\r\n{hosts}\r\n");
        Request::read(&mut head.as_bytes()).unwrap().unwrap().names_this_machine()
    }

    #[test]
    fn a_host_is_this_machine_as_a_whole_or_not_at_all() {
        for host in ["localhost", "LOCALHOST:80", "127.0.0.1:8000", "127.1.2.3", "[::1]", "[::1]:8000"] {
            assert!(is_local(&[host]), "{host}");
        }
        for host in [
            "",
            "evil.example",
            "localhost.evil.com",
            "[::1]evil.example",
            "[localhost].evil.com",
            "[localhost]",
            "[127.0.0.1]",
            "localhost:x@evil",
            "localhost:",
            "localhost:80:80",
            "127.0.0.1.evil.com",
            "[::1]:",
            "::1",
            "localhost evil",
            "10.0.0.1",
            "[::2]",
        ] {
            assert!(!is_local(&[host]), "{host}");
        }
        for hosts in [&["localhost", "localhost"][..], &["evil.example", "localhost"], &[]] {
            assert!(!is_local(hosts), "{hosts:?}");
        }
    }

    proptest! {
        #[test]
        fn a_head_of_any_bytes_is_read_or_refused_and_never_beyond_its_end(
            first in "(GET|POST|)[ ]?(/|http://)?[a-z?#% ]{0,6} ?(HTTP/1\\.[01]|HTTP/2|)",
            headers in proptest::collection::vec("(Host|origin|Content-Length|x)?:? ?[0-9a-z\\[\\]:.-]{0,12}", 0..6),
            noise in proptest::collection::vec(any::<u8>(), 0..6),
        ) {
            let head = format!("{first}\r\n{}\r\n\r\n", headers.join("\r\n"));
            let sent = [noise.as_slice(), head.as_bytes(), b"body"].concat();
            let mut rest = sent.as_slice();
            if let Ok(Some(request)) = Request::read(&mut rest) {
                prop_assert!(request.path.starts_with('/') && !request.path.contains(['?', '#', ' ', '\n']));
                prop_assert!(rest.ends_with(b"body"));
                // Whoever names no host names no own page.
                prop_assert!(!request.is_from_own_page() || request.host.value.is_some());
                let body = request.body(&mut rest, 3).unwrap();
                prop_assert!(body.is_none_or(|body| body.len() <= 3));
            }
        }
    }

    #[test]
    fn a_head_that_comes_in_drops_is_given_up_as_a_whole() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let drops = std::thread::spawn(move || {
            let mut stream = TcpStream::connect(address).unwrap();
            let mut sent = 0;
            // Until the other side is gone.
            while stream.write_all(b"GET").and_then(|()| stream.flush()).is_ok() {
                sent += 1;
                std::thread::sleep(Duration::from_millis(5));
            }
            sent
        });
        let (stream, _) = listener.accept().unwrap();
        let read = Request::read(&mut BufReader::new(Timed::new(&stream, Duration::from_millis(100))));
        assert!(read.is_err(), "{read:?}");
        drop(stream);
        assert!(drops.join().unwrap() > 1, "each drop came in time");
    }
}

/// What a browser gets.
#[derive(Debug)]
pub(crate) struct Response {
    status: u16,
    kind: &'static str,
    body: Vec<u8>,
    head_only: bool,
    /// The Content-Security-Policy, where it is not in the page.
    csp: Option<&'static str>,
    /// Whether the name says what is in it, so that a browser may keep it.
    stays: bool,
}

impl Response {
    /// A response of a media type.
    pub(crate) fn new(status: u16, kind: &'static str, body: Vec<u8>) -> Self {
        Self { status, kind, body, head_only: false, csp: None, stays: false }
    }

    /// A sentence.
    pub(crate) fn text(status: u16, sentence: &str) -> Self {
        Self::new(status, "text/plain; charset=utf-8", sentence.as_bytes().to_vec())
    }

    /// The same response; a page also loads the script that reloads it.
    pub(crate) fn live(mut self) -> Self {
        const HEAD: &[u8] = b"</head>";
        const SCRIPT: &[u8] = b"<script defer src=\"/.toolcard/live.js\"></script>";
        if self.kind.starts_with("text/html")
            && let Some(at) = memchr::memmem::find(&self.body, HEAD)
        {
            self.body.splice(at..at, SCRIPT.iter().copied());
        }
        self
    }

    /// The same response, which a browser may keep: its name says what is in it.
    pub(crate) fn kept(self) -> Self {
        Self { stays: true, ..self }
    }

    /// The same response under a Content-Security-Policy.
    pub(crate) fn under(mut self, csp: &'static str) -> Self {
        self.csp = Some(csp);
        self
    }

    /// The response to this request: without a body where only the head was asked for.
    pub(crate) fn for_method(mut self, request: &Request) -> Self {
        self.head_only = request.method == "HEAD";
        self
    }

    /// The bytes to send.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let reason = match self.status {
            200 => "OK",
            400 => "Bad Request",
            403 => "Forbidden",
            404 => "Not Found",
            413 => "Content Too Large",
            _ => "Method Not Allowed",
        };
        let csp = self.csp.map(|csp| format!("Content-Security-Policy: {csp}\r\n")).unwrap_or_default();
        let kept = if self.stays { "max-age=3600, immutable" } else { "no-store" };
        let head = format!(
            "HTTP/1.1 {} {reason}\r\nContent-Type: {}\r\nContent-Length: {}\r\nCache-Control: {kept}\r\n{csp}\
             X-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n",
            self.status,
            self.kind,
            self.body.len()
        );
        let mut bytes = head.into_bytes();
        if !self.head_only {
            bytes.extend_from_slice(&self.body);
        }
        bytes
    }
}
