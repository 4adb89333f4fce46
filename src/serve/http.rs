//! As much of HTTP/1.1 as a browser needs from a preview: one request, one response, then the end.

use std::io::{self, BufRead};

/// Bytes of a request line or header, and lines of a request, that are read.
const LONGEST_LINE: u64 = 8 * 1024;
const MOST_LINES: usize = 100;

/// What a browser asks for.
#[derive(Debug)]
pub struct Request {
    method: String,
    /// The path without its query, as sent.
    pub path: String,
    host: String,
}

impl Request {
    /// Reads a request's head; `None` where it is none.
    pub fn read(input: &mut impl BufRead) -> io::Result<Option<Self>> {
        let Some(first) = line(input)? else { return Ok(None) };
        let mut words = first.split(' ');
        let (Some(method), Some(target), Some(version)) = (words.next(), words.next(), words.next()) else {
            return Ok(None);
        };
        if !version.starts_with("HTTP/1.") || !target.starts_with('/') {
            return Ok(None);
        }
        let path = target.split(['?', '#']).next().unwrap_or_default().to_owned();
        let mut request = Self { method: method.to_owned(), path, host: String::new() };
        for _ in 0..MOST_LINES {
            match line(input)? {
                Some(header) if header.is_empty() => return Ok(Some(request)),
                Some(header) => {
                    if let Some((name, value)) = header.split_once(':')
                        && name.eq_ignore_ascii_case("host")
                    {
                        value.trim().clone_into(&mut request.host);
                    }
                }
                None => return Ok(None),
            }
        }
        Ok(None)
    }

    /// Whether it only wants to read.
    pub fn reads(&self) -> bool {
        matches!(self.method.as_str(), "GET" | "HEAD")
    }

    /// Whether its host is a name that only this machine has.
    pub fn names_this_machine(&self) -> bool {
        let name = match self.host.strip_prefix('[') {
            Some(rest) => rest.split(']').next().unwrap_or_default(),
            None => self.host.split(':').next().unwrap_or_default(),
        };
        name == "localhost" || name.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
    }
}

/// One line without its end; `None` at the end of input or where a line is too long.
fn line(input: &mut impl BufRead) -> io::Result<Option<String>> {
    let mut bytes = Vec::new();
    io::Read::take(&mut *input, LONGEST_LINE).read_until(b'\n', &mut bytes)?;
    if bytes.pop() != Some(b'\n') {
        return Ok(None);
    }
    if bytes.last() == Some(&b'\r') {
        bytes.pop();
    }
    Ok(String::from_utf8(bytes).ok())
}

/// What a browser gets.
#[derive(Debug)]
pub struct Response {
    status: u16,
    kind: &'static str,
    body: Vec<u8>,
    head_only: bool,
}

impl Response {
    /// A response of a media type.
    pub fn new(status: u16, kind: &'static str, body: Vec<u8>) -> Self {
        Self { status, kind, body, head_only: false }
    }

    /// A sentence.
    pub fn text(status: u16, sentence: &str) -> Self {
        Self::new(status, "text/plain; charset=utf-8", sentence.as_bytes().to_vec())
    }

    /// The same response; a page also loads the script that reloads it.
    pub fn live(mut self) -> Self {
        const HEAD: &[u8] = b"</head>";
        const SCRIPT: &[u8] = b"<script defer src=\"/.toolcard/live.js\"></script>";
        if self.kind.starts_with("text/html")
            && let Some(at) = memchr::memmem::find(&self.body, HEAD)
        {
            self.body.splice(at..at, SCRIPT.iter().copied());
        }
        self
    }

    /// The response to this request: without a body where only the head was asked for.
    pub fn for_method(mut self, request: &Request) -> Self {
        self.head_only = request.method == "HEAD";
        self
    }

    /// The bytes to send.
    pub fn bytes(&self) -> Vec<u8> {
        let reason = match self.status {
            200 => "OK",
            400 => "Bad Request",
            403 => "Forbidden",
            404 => "Not Found",
            _ => "Method Not Allowed",
        };
        let head = format!(
            "HTTP/1.1 {} {reason}\r\nContent-Type: {}\r\nContent-Length: {}\r\nCache-Control: no-store\r\n\
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
