//! A preview of the built site on this machine: static files, a page that reloads itself after a build,
//! and what is wrong with the catalogue shown in the page.
//!
//! ```text
//! http    one request → one response; nothing but GET and HEAD
//! files   a requested path → a file of the output folder, and never another
//! watch   what a build reads → one number that changes when any of it does
//! ```

mod files;
mod http;
mod watch;

use std::io::{self, BufReader, Write as _};
use std::net::{IpAddr, SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::json;

use http::{Request, Response, Timed};
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
    pub fn bind(host: IpAddr, port: u16, root: PathBuf) -> io::Result<Self> {
        let listener = TcpListener::bind((host, port))?;
        let state = PreviewState {
            root,
            local: host.is_loopback(),
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
    let response = match Request::read(&mut BufReader::new(Timed::new(stream, REQUEST_TIMEOUT)))? {
        Some(request) => respond(&request, state),
        None => Response::text(400, "Bad request."),
    };
    out.write_all(&response.bytes())?;
    out.flush()
}

fn respond(request: &Request, state: &PreviewState) -> Response {
    if state.local && !request.names_this_machine() {
        return Response::text(403, "The preview answers to localhost alone.");
    }
    if !request.reads() {
        return Response::text(405, "The preview only reads.");
    }
    let response = match request.path.as_str() {
        "/.toolcard/live.js" => Response::new(200, "text/javascript; charset=utf-8", LIVE.as_bytes().to_vec()),
        "/.toolcard/status" => Response::new(200, "application/json", state.status().into_bytes()),
        path => files::response(&state.root, path),
    };
    response.live().for_method(request)
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
        let preview = Preview::bind(IpAddr::from([127, 0, 0, 1]), 0, folder.path().to_path_buf()).unwrap();
        let (address, state) = (preview.address().unwrap(), preview.state());
        std::thread::spawn(move || preview.serve());
        (folder, address, state)
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
