//! A preview of the built site on this machine: static files, a page that reloads itself after a build,
//! and what is wrong with the catalogue shown in the page.
//!
//! ```text
//! http    one request → one response; nothing but GET and HEAD
//! files   a requested path → a file of the output folder, and never another
//! paste   a page that shows what a pasted manifest says, and imports it
//! watch   what a build reads → word of each change
//! ```

mod files;
mod http;
mod paste;
mod watch;

use std::io::{self, BufReader, Write as _};
use std::net::{IpAddr, SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use serde_json::json;

use http::{Request, Response, Timed};
pub use paste::{Desk, PASTE, Pasted};
pub use watch::Watch;

use crate::site::build::live::ServerFiles;

/// Connections that are answered at once; a browser opens six.
const MAX_CONNECTIONS: usize = 64;
/// How long a browser may take to send the head of a request, or to take a part of the response.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(10);

/// How long a page waits that asks for the next version.
const MAX_WAIT: Duration = Duration::from_secs(10);
/// Where pages ask what became of the last build; with `/` and the number of a version they wait for another.
const STATUS: &str = "/.toolcard/status";

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
    /// Told whenever `last` changes.
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Last {
    /// One more whenever a page may be another.
    version: u64,
    errors: String,
    /// What is shown before it is built, with the number of the edit that it shows.
    shown: Vec<(u64, ServerFiles)>,
    /// Folders whose pages were shown before, and which the last build left as they were shown.
    same: Vec<String>,
}

impl PreviewState {
    /// Shows the files of one server before they are built: as they are after the edit of this number.
    pub fn show(&self, edit: u64, files: ServerFiles) {
        let mut last = self.last();
        last.version += 1;
        last.same.clear();
        last.shown.retain(|(_, known)| known.folder != files.folder);
        last.shown.push((edit, files));
        drop(last);
        self.changed.notify_all();
    }

    /// Tells every open page that a build is over which has all edits up to this number. `errors` is plain text, empty where
    /// there are none.
    pub fn publish(&self, edit: u64, errors: String) {
        let mut last = self.last();
        let built: Vec<_> = last.shown.extract_if(.., |(shown, _)| *shown <= edit).map(|(_, files)| files).collect();
        let same = built.into_iter().filter(|files| files::are_built(&self.root, files));
        last.same = same.map(|files| files.folder).collect();
        last.version += 1;
        last.errors = errors;
        drop(last);
        self.changed.notify_all();
    }

    fn last(&self) -> std::sync::MutexGuard<'_, Last> {
        self.last.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// What open pages ask for. Who names the version that is known waits for another, for a while.
    fn status(&self, known: Option<u64>) -> String {
        let same = |last: &mut Last| Some(last.version) == known;
        let waited = self.changed.wait_timeout_while(self.last(), MAX_WAIT, same);
        let (last, _) = waited.unwrap_or_else(std::sync::PoisonError::into_inner);
        json!({"version": last.version, "errors": last.errors, "same": last.same}).to_string()
    }

    /// A file that is shown before it is built, by its path relative to the site.
    fn shown(&self, path: &str) -> Option<Vec<u8>> {
        self.last().shown.iter().find_map(|(_, server)| server.files.get(path).cloned())
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
            last: Mutex::default(),
            changed: Condvar::new(),
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
        path if path.starts_with(STATUS) => {
            let known = path[STATUS.len()..].strip_prefix('/').and_then(|known| known.parse().ok());
            Response::new(200, "application/json", state.status(known).into_bytes())
        }
        path => files::response(&state.root, |path| state.shown(path), path),
    };
    Ok(response.live().for_method(request))
}

/// What a previewed page loads besides its own.
const LIVE: &str = include_str!("live.js");

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::urls;
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
    fn a_browser_keeps_what_has_its_content_in_its_name_and_nothing_else() {
        let (folder, address, _) = preview();
        std::fs::create_dir(folder.path().join(urls::STATIC)).unwrap();
        std::fs::write(folder.path().join(urls::STATIC).join("a.0123.css"), "x").unwrap();
        assert!(
            get(address, &format!("/{}a.0123.css", urls::STATIC)).contains("Cache-Control: max-age=3600, immutable")
        );
        for path in ["/", "/none.html", "/.toolcard/status", "/.toolcard/live.js"] {
            assert!(get(address, path).contains("Cache-Control: no-store"), "{path}");
        }
    }

    #[test]
    fn a_build_is_published_with_its_errors() {
        let (_folder, address, state) = preview();
        state.publish(1, "catalog/x: \"broken\"".to_owned());
        let status = get(address, "/.toolcard/status");
        assert!(status.contains(r#""version":1"#) && status.contains(r#""catalog/x: \"broken\"""#), "{status}");
    }

    #[test]
    fn who_knows_a_version_waits_for_the_next() {
        let (_folder, address, state) = preview();
        let asked = std::thread::spawn(move || get(address, "/.toolcard/status/0"));
        while state.open.load(Ordering::Relaxed) == 0 {
            std::thread::yield_now();
        }
        assert!(!asked.is_finished());
        state.publish(0, String::new());
        let told = asked.join().unwrap();
        assert!(told.contains(r#""version":1"#), "{told}");
        // Another version than that which is known, or none, is told at once.
        for path in ["/.toolcard/status/0", "/.toolcard/status", "/.toolcard/status/x"] {
            assert!(get(address, path).contains(r#""version":1"#), "{path}");
        }
    }

    #[test]
    fn what_is_shown_before_it_is_built_stays_until_a_build_has_it() {
        let (folder, address, state) = preview();
        let page = |text: &str| format!("<!doctype html><head></head><p>{text}");
        let files = |text: &str| ServerFiles {
            folder: "tools/x/".to_owned(),
            files: [("tools/x/index.html".to_owned(), page(text).into_bytes())].into(),
        };
        let on_disk = folder.path().join("tools/x/index.html");
        std::fs::create_dir_all(on_disk.parent().unwrap()).unwrap();
        let build = |text: &str| std::fs::write(&on_disk, page(text)).unwrap();
        build("first");
        state.show(1, files("second"));
        for path in ["/tools/x/", "/tools/x/index.html", "/tools/%78/index.html"] {
            assert!(get(address, path).contains("<p>second"), "{path}");
        }
        state.show(2, files("third"));
        // The build has the first edit alone.
        build("second");
        state.publish(1, String::new());
        assert!(get(address, "/tools/x/").contains("<p>third"));
        assert!(get(address, "/.toolcard/status").contains(r#""version":3,"errors":"","same":[]"#));
        build("third");
        state.publish(2, String::new());
        assert!(get(address, "/.toolcard/status").contains(r#""version":4,"errors":"","same":["tools/x/"]"#));
        build("fourth");
        assert!(get(address, "/tools/x/").contains("<p>fourth"));
        // What was shown is not what was built.
        state.show(3, files("fifth"));
        state.publish(3, String::new());
        assert!(get(address, "/.toolcard/status").contains(r#""same":[]"#));
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
