//! Servers at an address, each a listener on this machine.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use super::{names, written};
use crate::support::{Project, Run};

/// One request, as it came in.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    pub method: String,
    pub path: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: Value,
}

impl Asked {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    fn rpc(&self) -> &str {
        self.body["method"].as_str().unwrap_or_default()
    }
}

/// A listener whose answers are what `answer` says; what was asked is kept.
pub(super) fn listen(
    answer: impl Fn(&Asked) -> Vec<u8> + Send + Sync + 'static,
) -> (SocketAddr, Arc<Mutex<Vec<Asked>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("binds");
    let address = listener.local_addr().expect("address");
    let asked = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&asked);
    let answer = Arc::new(answer);
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let (answer, kept) = (Arc::clone(&answer), Arc::clone(&kept));
            std::thread::spawn(move || {
                let mut reader = BufReader::new(stream.try_clone().expect("clones"));
                while let Some(request) = read(&mut reader) {
                    kept.lock().expect("lock").push(request.clone());
                    if (&stream).write_all(&answer(&request)).is_err() {
                        return;
                    }
                }
            });
        }
    });
    (address, asked)
}

fn read(reader: &mut BufReader<TcpStream>) -> Option<Asked> {
    let mut first = String::new();
    reader.read_line(&mut first).ok().filter(|n| *n > 0)?;
    let mut words = first.split_whitespace().map(str::to_owned);
    let (method, path) = (words.next()?, words.next()?);
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        match line.trim_end().split_once(": ") {
            Some((name, value)) => headers.push((name.to_ascii_lowercase(), value.to_owned())),
            None => break,
        }
    }
    let length = headers.iter().find(|(name, _)| name == "content-length").map_or(0, |(_, n)| n.parse().unwrap_or(0));
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Asked { method, path, headers, body: serde_json::from_slice(&body).unwrap_or_default() })
}

pub(super) fn respond(status: &str, headers: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

fn ok(body: &Value) -> Vec<u8> {
    respond("200 OK", "Content-Type: application/json\r\n", &body.to_string())
}

fn tool(name: &str) -> Value {
    json!({"name": name, "description": "Works on a note.", "inputSchema": {"type": "object"}})
}

/// What a server of an earlier revision says, in two pages; `None` for what has no answer.
fn said(request: &Asked) -> Option<Value> {
    let id = &request.body["id"];
    let answer = |result: Value| Some(json!({"jsonrpc": "2.0", "id": id, "result": result}));
    match request.rpc() {
        "initialize" => answer(
            json!({"protocolVersion": "2025-06-18", "capabilities": {}, "serverInfo": {"name": "web", "version": "2"}}),
        ),
        "tools/list" if request.body["params"]["cursor"].is_null() => {
            answer(json!({"tools": [tool("get_a")], "nextCursor": "2"}))
        }
        "tools/list" => answer(json!({"tools": [tool("get_b")]})),
        "server/discover" => Some(
            json!({"jsonrpc": "2.0", "id": "server-error", "error": {"code": -32600, "message": "Bad Request: No valid session"}}),
        ),
        _ => None,
    }
}

pub(super) fn json_server(request: &Asked) -> Vec<u8> {
    match said(request) {
        Some(answer) if request.rpc() == "server/discover" => {
            respond("400 Bad Request", "Content-Type: application/json\r\n", &answer.to_string())
        }
        Some(answer) => ok(&answer),
        None => respond("202 Accepted", "", ""),
    }
}

pub(super) fn import(project: &Project, url: &str, more: &[&str]) -> Run {
    let mut all = vec!["import", "--slug", "s", "--url", url];
    all.extend(more);
    project.run(&all)
}

fn local(address: SocketAddr) -> String {
    format!("http://{address}/mcp")
}

#[test]
fn answers_in_json_and_in_events_are_captured_with_all_their_pages() {
    let project = Project::with_catalog();
    let (address, _) = listen(json_server);
    import(&project, &local(address), &["--allow-private"]).exits(0);
    assert_eq!(names(&written(&project)), ["get_a", "get_b"]);
    assert_eq!(written(&project)["server"]["name"], "web");

    let project = Project::with_catalog();
    let (address, asked) = listen(|request| {
        let Some(answer) = said(request) else { return respond("202 Accepted", "", "") };
        let session = if request.rpc() == "initialize" { "Mcp-Session-Id: s-1\r\n" } else { "" };
        let note = json!({"jsonrpc": "2.0", "method": "notifications/message", "params": {}});
        let body =
            format!(": hello\r\n\r\nevent: message\r\ndata: {note}\r\n\r\nevent: message\r\ndata: {answer}\r\n\r\n");
        respond("200 OK", &format!("Content-Type: text/event-stream\r\n{session}"), &body)
    });
    import(&project, &local(address), &["--allow-private"]).exits(0);
    assert_eq!(names(&written(&project)), ["get_a", "get_b"]);
    let asked = asked.lock().unwrap();
    let list = asked.iter().find(|request| request.rpc() == "tools/list").unwrap();
    assert_eq!((list.header("mcp-session-id"), list.header("mcp-protocol-version")), (Some("s-1"), Some("2025-06-18")));
    assert_eq!(list.header("accept"), Some("application/json, text/event-stream"));
    // The session is ended.
    let last = asked.last().unwrap();
    assert_eq!((last.method.as_str(), last.header("mcp-session-id")), ("DELETE", Some("s-1")));
}

#[test]
fn a_server_of_the_newest_revision_is_asked_without_a_handshake() {
    let project = Project::with_catalog();
    let (address, asked) = listen(|request| {
        let id = &request.body["id"];
        match request.rpc() {
            "server/discover" => {
                ok(&json!({"jsonrpc": "2.0", "id": id, "result": {"supportedVersions": ["2026-07-28", "2025-11-25"],
                "capabilities": {}, "_meta": {"io.modelcontextprotocol/serverInfo": {"name": "web", "version": "3"}}}}))
            }
            "tools/list" => ok(&json!({"jsonrpc": "2.0", "id": id, "result": {"tools": [tool("get_a")]}})),
            _ => respond("400 Bad Request", "", ""),
        }
    });
    import(&project, &local(address), &["--allow-private"]).exits(0);
    assert_eq!(written(&project)["protocolVersion"], "2026-07-28");
    assert_eq!(written(&project)["server"]["version"], "3");
    let asked = asked.lock().unwrap();
    assert_eq!(asked.iter().map(Asked::rpc).collect::<Vec<_>>(), ["server/discover", "tools/list"]);
    for request in asked.iter() {
        assert_eq!(request.header("mcp-protocol-version"), Some("2026-07-28"));
        assert_eq!(request.header("mcp-method"), Some(request.rpc()));
        assert_eq!(request.body["params"]["_meta"]["io.modelcontextprotocol/protocolVersion"], "2026-07-28");
    }
}

#[test]
fn an_address_of_this_machine_is_asked_only_where_that_is_allowed() {
    let (address, asked) = listen(json_server);
    let port = address.port();
    for url in [
        local(address),
        format!("http://localhost:{port}/mcp"),
        format!("http://127.1:{port}/"),
        format!("http://2130706433:{port}/"),
        format!("http://[::ffff:127.0.0.1]:{port}/"),
        format!("http://0.0.0.0:{port}/"),
    ] {
        let project = Project::with_catalog();
        let run = import(&project, &url, &[]).exits(2);
        assert!(
            run.stderr.contains("is the private address") && run.stderr.contains("--allow-private"),
            "{url}: {}",
            run.stderr
        );
    }
    assert_eq!(asked.lock().unwrap().len(), 0, "nothing was asked");
}

#[test]
fn redirects_are_followed_a_few_times_and_never_with_headers_to_another_host() {
    let project = Project::with_catalog();
    let (address, asked) = listen(|request| match request.path.as_str() {
        "/mcp" => respond("307 Temporary Redirect", "Location: /mcp/\r\n", ""),
        _ => json_server(request),
    });
    import(&project, &local(address), &["--allow-private"]).exits(0);
    assert_eq!(names(&written(&project)), ["get_a", "get_b"]);
    assert!(asked.lock().unwrap().iter().all(|request| request.method == "POST"));

    let (round, asked) = listen(|_| respond("308 Permanent Redirect", "Location: /mcp\r\n", ""));
    let run = import(&Project::with_catalog(), &local(round), &["--allow-private"]).exits(2);
    assert!(run.stderr.contains("redirects more than 5 times"), "{}", run.stderr);
    assert_eq!(asked.lock().unwrap().len(), 6);

    let to = local(address);
    let (away, _) = listen(move |_| respond("307 Temporary Redirect", &format!("Location: {to}\r\n"), ""));
    import(&Project::with_catalog(), &local(away), &["--allow-private"]).exits(0);
    let project = Project::with_catalog();
    let mut command = crate::support::clean(env!("CARGO_BIN_EXE_toolcard"), project.path());
    command.env("NOTES_TOKEN", "Bearer planted-secret").args(["import", "--slug", "s", "--allow-private", "--url"]);
    let output = command.arg(local(away)).args(["--header", "Authorization=NOTES_TOKEN"]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && said.contains("a request with headers of yours does not follow"), "{said}");
}

#[test]
fn a_header_comes_from_the_environment_and_is_sent_and_nowhere_else() {
    let project = Project::with_catalog();
    let (address, asked) = listen(json_server);
    let mut command = crate::support::clean(env!("CARGO_BIN_EXE_toolcard"), project.path());
    command.env("NOTES_TOKEN", "Bearer planted-secret").args([
        "--verbose",
        "import",
        "--slug",
        "s",
        "--allow-private",
        "--url",
    ]);
    let output = command.arg(local(address)).args(["--header", "Authorization=NOTES_TOKEN"]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let asked = asked.lock().unwrap();
    assert!(asked.iter().all(|request| request.header("authorization") == Some("Bearer planted-secret")));
    let everything = [output.stdout, output.stderr, project.read("catalog/s/manifest.json").into_bytes()].concat();
    assert!(!String::from_utf8_lossy(&everything).contains("planted-secret"));
    for (header, why) in [
        ("Authorization=NO_SUCH", "the variable `NO_SUCH` for the header `Authorization` is not set"),
        ("Authorization: Bearer x", "write NAME=ENV"),
        ("Host=HOME", "the header `Host` is the protocol's own"),
        ("a b=HOME", "`a b` is no name of a header"),
    ] {
        let run = import(&Project::with_catalog(), &local(address), &["--allow-private", "--header", header]).exits(2);
        assert!(run.stderr.contains(why), "{header}: {}", run.stderr);
        assert!(!run.stderr.contains("Bearer x"), "{}", run.stderr);
    }
}

#[test]
fn every_failure_of_an_address_is_one_clear_error() {
    type Answer = fn(&Asked) -> Vec<u8>;
    let cases: [(Answer, &str); 8] = [
        (|_| respond("401 Unauthorized", "WWW-Authenticate: Bearer\r\n", ""), "does not sign in (OAuth)"),
        (|_| respond("403 Forbidden", "WWW-Authenticate: Bearer\r\n", ""), "does not sign in (OAuth)"),
        (|_| respond("404 Not Found", "Content-Type: text/html\r\n", "<html>::error::</html>"), "HTTP 404\n"),
        (|_| respond("500 Oops", "", "no\nnotes \u{1b}[2J"), "HTTP 500: `no notes "),
        (
            |_| respond("200 OK", "Content-Type: text/html\r\n", "<html></html>"),
            "the answer is `text/html`, neither JSON",
        ),
        (
            |_| respond("200 OK", "Content-Type: application/json\r\n", "{\"x\": 1}"),
            "the connection ended before the server answered",
        ),
        (|_| respond("200 OK", "Content-Type: text/event-stream\r\n", ": nothing\n\n"), "the connection ended before"),
        (
            |_| b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{".to_vec(),
            "did not answer within 1 s",
        ),
    ];
    for (answer, why) in cases {
        let (address, _) = listen(answer);
        let run =
            import(&Project::with_catalog(), &local(address), &["--allow-private", "--start-timeout", "1"]).exits(2);
        assert!(run.stderr.contains(why), "{why}: {}", run.stderr);
        assert_eq!(run.stderr.matches("error: ").count(), 1, "{}", run.stderr);
        assert!(!run.stderr.contains('\u{1b}'), "{}", run.stderr);
    }
    for (url, why) in [
        ("example.org/mcp", "begins with neither https:// nor http://"),
        ("https://a b/mcp", "the address is no URL"),
        ("ftp://example.org/mcp", "begins with neither https:// nor http://"),
        ("https://me:planted@example.org/mcp", "holds a user name or a password"),
        ("http://127.0.0.1:1/mcp", "cannot be reached"),
    ] {
        let run = import(&Project::with_catalog(), url, &["--allow-private"]).exits(2);
        assert!(run.stderr.contains(why) && !run.stderr.contains("planted"), "{url}: {}", run.stderr);
    }
}

#[test]
fn a_stream_without_end_is_cut_off() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            std::thread::spawn(move || {
                let mut reader = BufReader::new(stream.try_clone().unwrap());
                read(&mut reader);
                let _ = (&stream).write_all(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: ");
                let block = vec![b'x'; 1 << 20];
                while (&stream).write_all(&block).is_ok() {}
            });
        }
    });
    let run = import(&Project::with_catalog(), &local(address), &["--allow-private"]).exits(2);
    assert!(run.stderr.contains("sent more than 64 MiB"), "{}", run.stderr);
}
