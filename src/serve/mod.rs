//! A preview of the built site on this machine: static files, a page that reloads itself after a build,
//! and what is wrong with the catalogue shown in the page.
//!
//! ```text
//! http    one request → one response; nothing but GET and HEAD
//! files   a requested path → a file of the output folder, and never another
//! paste   a page that shows what a pasted manifest says, and imports it
//! watch   what a build reads → one number that changes when any of it does
//! ```

mod files;
mod http;
mod paste;
mod watch;

use std::io::{self, BufReader, Write as _};
use std::net::{IpAddr, SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::json;

use http::{Request, Response, Timed};
pub use paste::{Desk, PASTE, Pasted};
pub use watch::Watch;

/// Connections that are answered at once; a browser opens six.
const MAX_CONNECTIONS: usize = 64;
/// How long a browser may take to send the head of a request, or to take a part of the response.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(10);

/// A preview that listens but does not answer yet.
#[derive(Debug)]
pub struct Preview {
    listener: TcpListener,
    state: Arc<PreviewState>,
}

/// What became of the last build; shared with the thread that answers.
#[derive(Debug)]
pub struct PreviewState {
    root: PathBuf,
    /// Whether only names of this machine are answered, so that no page elsewhere can read along.
    local: bool,
    /// What becomes of manifests that are pasted.
    desk: Option<Box<dyn Desk>>,
    /// What a form must repeat: nobody else knows it.
    token: String,
    open: AtomicUsize,
    last: Mutex<Last>,
}

#[derive(Debug, Default)]
struct Last {
    version: u64,
    errors: String,
}

impl PreviewState {
    /// Tells every open page that a build is over. `errors` is plain text, empty where there are none.
    pub fn publish(&self, errors: String) {
        let mut last = self.last.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        last.version += 1;
        last.errors = errors;
    }

    fn status(&self) -> String {
        let last = self.last.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        json!({"version": last.version, "errors": last.errors}).to_string()
    }
}

impl Preview {
    /// Listens at `host` and `port` (0 for any) for readers of the folder `root`.
    ///
    /// # Errors
    /// When the port is taken or not allowed.
    pub fn bind(host: IpAddr, port: u16, root: PathBuf, desk: Option<Box<dyn Desk>>) -> io::Result<Self> {
        let listener = TcpListener::bind((host, port))?;
        let state = PreviewState {
            root,
            local: host.is_loopback(),
            desk: desk.filter(|_| host.is_loopback()),
            token: paste::token(),
            open: AtomicUsize::new(0),
            last: Mutex::new(Last::default()),
        };
        Ok(Self { listener, state: Arc::new(state) })
    }

    /// Where it listens.
    ///
    /// # Errors
    /// When the system does not say.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Where builds are published.
    pub fn state(&self) -> Arc<PreviewState> {
        Arc::clone(&self.state)
    }

    /// Answers until the process ends.
    pub fn serve(self) {
        for stream in self.listener.incoming().flatten() {
            if self.state.open.fetch_add(1, Ordering::Relaxed) >= MAX_CONNECTIONS {
                self.state.open.fetch_sub(1, Ordering::Relaxed);
                continue;
            }
            let state = Arc::clone(&self.state);
            std::thread::spawn(move || {
                // A browser that goes away in the middle is not an error of ours.
                let _ = answer(&stream, &state);
                state.open.fetch_sub(1, Ordering::Relaxed);
            });
        }
    }
}

fn answer(stream: &TcpStream, state: &PreviewState) -> io::Result<()> {
    stream.set_write_timeout(Some(REQUEST_TIMEOUT))?;
    let mut out = stream;
    let mut input = BufReader::new(Timed::new(stream, REQUEST_TIMEOUT));
    let response = match Request::read(&mut input)? {
        Some(request) => respond(&request, &mut input, state)?,
        None => Response::text(400, "Bad request."),
    };
    out.write_all(&response.bytes())?;
    out.flush()
}

fn respond(request: &Request, input: &mut impl io::Read, state: &PreviewState) -> io::Result<Response> {
    if state.local && !request.names_this_machine() {
        return Ok(Response::text(403, "The preview answers to localhost alone."));
    }
    if request.path == paste::PASTE
        && let Some(desk) = state.desk.as_deref()
    {
        return paste::respond(request, input, desk, &state.token);
    }
    if !request.reads() {
        return Ok(Response::text(405, "The preview only reads."));
    }
    let response = match request.path.as_str() {
        "/.toolcard/live.js" => Response::new(200, "text/javascript; charset=utf-8", LIVE.as_bytes().to_vec()),
        "/.toolcard/status" => Response::new(200, "application/json", state.status().into_bytes()),
        path => files::response(&state.root, path),
    };
    Ok(response.live().for_method(request))
}

/// What a previewed page loads besides its own.
const LIVE: &str = include_str!("live.js");

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read as _;

    /// A preview of a folder with two files; returns its address.
    fn preview() -> (tempfile::TempDir, SocketAddr, Arc<PreviewState>) {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("index.html"), "<!doctype html><head></head><p>Home").unwrap();
        std::fs::create_dir_all(folder.path().join(".toolcard")).unwrap();
        std::fs::write(folder.path().join(".toolcard/ledger"), "private").unwrap();
        let desk: Box<dyn Desk> = Box::new(Echo);
        let preview = Preview::bind(IpAddr::from([127, 0, 0, 1]), 0, folder.path().to_path_buf(), Some(desk)).unwrap();
        let (address, state) = (preview.address().unwrap(), preview.state());
        std::thread::spawn(move || preview.serve());
        (folder, address, state)
    }

    /// Says back what is pasted, and imports all but nothing.
    #[derive(Debug)]
    struct Echo;

    impl Desk for Echo {
        fn inspect(&self, text: &str) -> Pasted {
            Pasted {
                html: crate::site::html::Html::text(&format!("inspected {}", text.len())),
                slug: Some("echo".to_owned()),
            }
        }

        fn import(&self, text: &str, slug: &str) -> Result<String, String> {
            if text.is_empty() { Err("nothing".to_owned()) } else { Ok(format!("{slug}, {} bytes", text.len())) }
        }
    }

    fn post(address: SocketAddr, headers: &str, body: &str) -> String {
        let head = format!("POST /.toolcard/paste HTTP/1.1\r\n{headers}Content-Length: {}\r\n\r\n", body.len());
        ask(address, &(head + body))
    }

    fn own(address: SocketAddr) -> String {
        format!("Host: localhost:{0}\r\nOrigin: http://localhost:{0}\r\n", address.port())
    }

    fn token(address: SocketAddr) -> String {
        let page = get(address, "/.toolcard/paste");
        let (_, rest) = page.split_once("name=\"token\" value=\"").expect("a token");
        rest.split('"').next().unwrap().to_owned()
    }

    #[test]
    fn a_manifest_is_pasted_shown_and_imported() {
        let (_folder, address, _) = preview();
        let token = token(address);
        let body = |action: &str, slug: &str, text: &str| {
            format!("token={token}\r\naction={action}\r\nslug={slug}\r\nmanifest={text}\r\n")
        };
        let shown = post(address, &own(address), &body("inspect", "", "[]"));
        assert!(shown.starts_with("HTTP/1.1 200") && shown.contains("inspected 2"), "{shown}");
        let done = post(address, &own(address), &body("import", "a", "[1]"));
        assert!(done.starts_with("HTTP/1.1 200") && done.contains("a, 3 bytes"), "{done}");
        let failed = post(address, &own(address), &body("import", "<b>", ""));
        assert!(failed.contains("nothing") && !failed.contains("<b>"), "{failed}");
    }

    #[test]
    fn no_other_page_and_no_other_name_can_paste() {
        let (_folder, address, _) = preview();
        let (port, token) = (address.port(), token(address));
        let body = format!("token={token}\r\naction=import\r\nslug=a\r\nmanifest=[]\r\n");
        for headers in [
            // Another site, a site that is made to lead here, no origin, an opaque one, another port, two of them.
            format!("Host: localhost:{port}\r\nOrigin: https://evil.example\r\n"),
            format!("Host: evil.example:{port}\r\nOrigin: http://evil.example:{port}\r\n"),
            format!("Host: localhost:{port}\r\n"),
            format!("Host: localhost:{port}\r\nOrigin: null\r\n"),
            format!("Host: localhost:{port}\r\nOrigin: http://localhost:1\r\n"),
            format!("{0}Origin: http://localhost:{port}\r\n", own(address)),
        ] {
            let answer = post(address, &headers, &body);
            assert!(answer.starts_with("HTTP/1.1 403"), "{headers}: {answer}");
        }
        let stale = body.replace(&token, "guessed");
        assert!(post(address, &own(address), &stale).starts_with("HTTP/1.1 403"));
        assert!(post(address, &own(address), "manifest=[]\r\n").starts_with("HTTP/1.1 403"));
        let endless = format!("POST /.toolcard/paste HTTP/1.1\r\n{}Content-Length: 99999999999\r\n\r\n", own(address));
        assert!(ask(address, &endless).starts_with("HTTP/1.1 413"));
        let page = get(address, "/.toolcard/paste");
        assert!(page.contains("default-src 'none'") && page.contains("frame-ancestors 'none'"), "{page}");
    }

    fn ask(address: SocketAddr, request: &str) -> String {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    fn get(address: SocketAddr, path: &str) -> String {
        ask(address, &format!("GET {path} HTTP/1.1\r\nHost: localhost:{}\r\n\r\n", address.port()))
    }

    #[test]
    fn a_page_is_served_with_the_script_that_reloads_it() {
        let (_folder, address, _) = preview();
        let page = get(address, "/?x=1");
        assert!(page.starts_with("HTTP/1.1 200 OK\r\n") && page.contains("text/html; charset=utf-8"), "{page}");
        assert!(page.contains("<script defer src=\"/.toolcard/live.js\"></script></head>"), "{page}");
        assert!(get(address, "/.toolcard/live.js").contains("/.toolcard/status"));
    }

    #[test]
    fn a_build_is_published_with_its_errors() {
        let (_folder, address, state) = preview();
        state.publish("catalog/x: \"broken\"".to_owned());
        let status = get(address, "/.toolcard/status");
        assert!(status.ends_with(r#"{"version":1,"errors":"catalog/x: \"broken\""}"#), "{status}");
    }

    #[test]
    fn nothing_outside_the_site_is_served() {
        let (_folder, address, _) = preview();
        for path in
            ["/../Cargo.toml", "/%2e%2e/Cargo.toml", "/.toolcard/ledger", "/a\\..\\b", "/%00", "/x%", "//etc/passwd"]
        {
            let answer = get(address, path);
            assert!(answer.starts_with("HTTP/1.1 404"), "{path}: {answer}");
        }
    }

    #[test]
    fn a_page_elsewhere_cannot_read_along() {
        let (_folder, address, _) = preview();
        assert!(ask(address, "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n").starts_with("HTTP/1.1 403"));
        assert!(ask(address, "GET / HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 403"));
    }

    #[test]
    fn only_reading_is_answered() {
        let (_folder, address, _) = preview();
        assert!(ask(address, "POST / HTTP/1.1\r\nHost: localhost\r\n\r\n").starts_with("HTTP/1.1 405"));
        assert!(ask(address, "\r\n\r\n").starts_with("HTTP/1.1 400"));
        let head = ask(address, "HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        assert!(head.starts_with("HTTP/1.1 200") && head.ends_with("\r\n\r\n"), "{head}");
    }
}
