//! Servers that behave and misbehave, line by line.

use std::io::Write as _;
use std::time::Duration;

use rmcp::ServiceExt as _;
use rmcp::handler::server::ServerHandler;
use rmcp::model::{
    ErrorData, ListToolsResult, PaginatedRequestParams, ProtocolVersion, ServerCapabilities, ServerConfig, Tool,
};
use rmcp::service::{RequestContext, RoleServer};
use serde_json::{Value, json};

/// Serves in a mode, `word` or `word=argument`, several with `+` between them.
pub(super) fn serve(mode: &str) {
    let modes: Vec<(String, String)> = mode
        .split('+')
        .map(|part| {
            part.split_once('=').map_or((part.to_owned(), String::new()), |(a, b)| (a.to_owned(), b.to_owned()))
        })
        .collect();
    let server = Raw { modes };
    if let Some(file) = server.argument("beat") {
        return beat(file);
    }
    if let Some(newest) = server.argument("sdk") {
        return sdk(newest);
    }
    server.run();
}

/// What a grandchild does: it writes until it is killed.
fn beat(file: &str) {
    for _ in 0..3000 {
        let mut out = std::fs::File::options().create(true).append(true).open(file).expect("opens");
        out.write_all(b".").expect("writes");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// The official SDK's server.
#[derive(Clone)]
struct Sdk(ProtocolVersion);

impl ServerHandler for Sdk {
    fn get_info(&self) -> ServerConfig {
        let mut config = ServerConfig::new(ServerCapabilities::builder().enable_tools().build());
        config.server_info = rmcp::model::Implementation::new("sdk-server", "1.2.3");
        config.protocol_version = self.0.clone();
        config
    }

    fn supported_protocol_versions(&self) -> std::borrow::Cow<'static, [ProtocolVersion]> {
        std::borrow::Cow::Borrowed(ProtocolVersion::known_up_to(&self.0))
    }

    async fn list_tools(
        &self,
        request: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        let schema = json!({"type": "object", "properties": {"id": {"type": "string"}}});
        let schema = schema.as_object().cloned().unwrap_or_default();
        let page = request.and_then(|request| request.cursor).map_or(0, |cursor| cursor.parse::<usize>().unwrap_or(9));
        let tool = |name: &'static str| Tool::new(name, "Works on a note.", schema.clone());
        let tools = [vec![tool("get_note"), tool("list_notes")], vec![tool("delete_note")]];
        let mut result = ListToolsResult::with_all_items(tools.get(page).cloned().unwrap_or_default());
        result.next_cursor = (page == 0).then(|| "1".to_owned());
        Ok(result)
    }
}

fn sdk(newest: &str) {
    let version: ProtocolVersion = serde_json::from_value(newest.into()).expect("a revision");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("runtime");
    runtime.block_on(async {
        if let Ok(service) = Sdk(version).serve(rmcp::transport::stdio()).await {
            let _ = service.waiting().await;
        }
    });
    // The reading of standard input by the SDK is a thread that nothing interrupts.
    runtime.shutdown_background();
}

struct Raw {
    modes: Vec<(String, String)>,
}

fn say(value: &Value) {
    line(&value.to_string());
}

fn line(text: &str) {
    let mut out = std::io::stdout().lock();
    // A client that has gone is no failure of the server's.
    if writeln!(out, "{text}").and_then(|()| out.flush()).is_err() {
        std::process::exit(0);
    }
}

/// The next line of standard input; `None` at its end.
fn heard() -> Option<String> {
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).ok().filter(|read| *read > 0)?;
    Some(line)
}

fn tool(name: &str) -> Value {
    json!({"name": name, "description": "Works on a note.", "inputSchema": {"type": "object", "properties": {"id": {"type": "string"}}}})
}

fn stall() -> ! {
    loop {
        std::thread::sleep(Duration::from_secs(60));
    }
}

impl Raw {
    fn is(&self, mode: &str) -> bool {
        self.modes.iter().any(|(name, _)| name == mode)
    }

    fn argument(&self, mode: &str) -> Option<&str> {
        self.modes.iter().find(|(name, _)| name == mode).map(|(_, argument)| argument.as_str())
    }

    fn run(&self) {
        if let Some(file) = self.argument("grandchild") {
            let me = std::env::current_exe().expect("this binary");
            let mut words = super::server(&format!("beat={file}"));
            words.remove(0);
            std::process::Command::new(me).args(words).spawn().expect("starts");
            while !std::path::Path::new(file).exists() {
                std::thread::sleep(Duration::from_millis(5));
            }
        }
        if self.is("deaf") {
            deaf();
        }
        if let Some(milliseconds) = self.argument("sleep") {
            std::thread::sleep(Duration::from_millis(milliseconds.parse().expect("a number")));
        }
        if self.is("die-at-start") {
            eprintln!("\u{1b}[31mcannot find the key\u{1b}[0m \u{202e}::error::x");
            eprintln!("set NOTES_KEY");
            std::process::exit(7);
        }
        if self.is("rubbish") {
            line("Welcome to the notes! ::error::\u{1b}[2J");
            line("{\"hello\": 1}");
        }
        if self.is("stall-at-start") {
            stall();
        }
        let mut listings = 0;
        let mut first = true;
        while let Some(text) = heard() {
            let Ok(message) = serde_json::from_str::<Value>(&text) else { continue };
            if let Some(file) = self.argument("log") {
                let mut log = std::fs::File::options().create(true).append(true).open(file).expect("opens");
                writeln!(log, "{text}").expect("writes");
            }
            if self.is("rubbish") {
                continue;
            }
            let method = message["method"].as_str().unwrap_or_default().to_owned();
            if self.is("strict") && first && method != "initialize" {
                eprintln!("expected initialize");
                std::process::exit(3);
            }
            first = false;
            match method.as_str() {
                "server/discover" => self.discover(&message),
                "initialize" => self.initialize(&message),
                "tools/list" => {
                    listings += 1;
                    self.list(&message, listings);
                }
                _ => {}
            }
        }
        if self.is("deaf") {
            stall();
        }
    }

    fn discover(&self, message: &Value) {
        let id = &message["id"];
        if self.is("newest") {
            let meta = &message["params"]["_meta"];
            assert_eq!(meta["io.modelcontextprotocol/protocolVersion"], "2026-07-28");
            assert_eq!(meta["io.modelcontextprotocol/clientInfo"]["name"], "toolcard");
            say(&json!({"jsonrpc": "2.0", "id": id, "result": {
                "resultType": "complete", "supportedVersions": ["2026-07-28"], "capabilities": {"tools": {}}, "ttlMs": 0, "cacheScope": "private",
                "_meta": {"io.modelcontextprotocol/serverInfo": {"name": "newest-server", "version": "9"}}}}));
        } else if !self.is("silent") {
            say(&json!({"jsonrpc": "2.0", "id": id, "error": {"code": -32601, "message": "Method not found"}}));
        }
    }

    fn initialize(&self, message: &Value) {
        let id = &message["id"];
        if self.is("newest") || self.is("refuse") {
            return say(
                &json!({"jsonrpc": "2.0", "id": id, "error": {"code": -32600, "message": "Not `here`\n\u{202e}::error::"}}),
            );
        }
        let version = self.argument("version").unwrap_or("2025-06-18");
        let mut result = json!({"protocolVersion": version, "capabilities": {"tools": {}}, "serverInfo": {"name": "raw-server", "version": "1.0"}, "instructions": "Be kind."});
        if self.is("bare") {
            // No valid answer: capabilities and the server's name are missing.
            result = json!({"protocolVersion": version});
        }
        say(&json!({"jsonrpc": "2.0", "id": id, "result": result}));
    }

    fn list(&self, message: &Value, listings: usize) {
        let id = &message["id"];
        let cursor = message["params"]["cursor"].as_str();
        let page = |tools: Vec<Value>, next: Option<&str>| {
            let mut result = json!({"tools": tools});
            if let Some(next) = next {
                result["nextCursor"] = json!(next);
            }
            say(&json!({"jsonrpc": "2.0", "id": id, "result": result}));
        };
        if self.is("die") {
            eprintln!("out of cheese");
            std::process::exit(1);
        }
        if self.is("stall") {
            line("{\"jsonrpc\": \"2.0\", \"id\": 2, \"resul");
            stall();
        }
        if self.is("flood") {
            let block = vec![b'x'; 1 << 20];
            let mut out = std::io::stdout().lock();
            while out.write_all(&block).is_ok() {}
            std::process::exit(0);
        }
        if self.is("chatter") {
            loop {
                say(
                    &json!({"jsonrpc": "2.0", "method": "notifications/message", "params": {"level": "info", "data": "x".repeat(1 << 16)}}),
                );
            }
        }
        if self.is("error") {
            return say(&json!({"jsonrpc": "2.0", "id": id, "error": {"code": -32603, "message": "the notes burn"}}));
        }
        if self.is("no-tools") {
            return say(&json!({"jsonrpc": "2.0", "id": id, "error": {"code": -32601, "message": "Method not found"}}));
        }
        if let Some(count) = self.argument("many") {
            let count: usize = count.parse().expect("a number");
            return page((0..count).map(|i| tool(&format!("get_note_{i}"))).collect(), None);
        }
        if self.is("paged") {
            return match cursor {
                None => page(vec![tool("get_a")], Some("two")),
                Some("two") => page(vec![], Some("three")),
                Some("three") => page(vec![tool("get_b")], Some("")),
                Some(other) => panic!("{other}"),
            };
        }
        if self.is("loop") {
            return page(vec![tool(&format!("get_{listings}"))], Some("again"));
        }
        if self.is("endless") {
            return page(vec![tool(&format!("get_{listings}"))], Some(&listings.to_string()));
        }
        if self.is("fails-later") {
            return match cursor {
                None => page(vec![tool("get_a")], Some("two")),
                Some(_) => say(&json!({"jsonrpc": "2.0", "id": id, "error": {"code": -32603, "message": "later"}})),
            };
        }
        if self.is("odd") {
            // As a server may write it, and no serialiser of ours does.
            return line(&format!(
                r#"{{"result":{{"tools":[{{"zeta":1,"name":"drop_note","inputSchema":null,"execution":{{"taskSupport":"optional"}},"_meta":{{"z":1,"a":2}},"description":"Drops a note.","x-mcp-header":7,"annotations":{{"destructiveHint":true,"later":"x"}},"icons":[]}},{{"name":"get_big","inputSchema":{{"type":"object","properties":{{"b":{{"type":"integer","maximum":18446744073709551615}},"a":{{"type":"number","default":1.10}}}}}}}}]}},"id":"{id}","jsonrpc":"2.0","more":true}}"#
            ));
        }
        if self.is("batch") {
            let answer = json!({"jsonrpc": "2.0", "id": id, "result": {"tools": [tool("get_note")]}});
            return say(&json!([{"jsonrpc": "2.0", "method": "notifications/message", "params": {}}, answer]));
        }
        if self.is("noise") {
            line("12:00:01 INFO listing \u{1b}[1mtools\u{1b}[0m");
            line("{\"level\": \"info\", \"msg\": \"listing\"}");
            line("");
            say(
                &json!({"jsonrpc": "2.0", "method": "notifications/progress", "params": {"progressToken": 1, "progress": 1}}),
            );
            say(&json!({"jsonrpc": "2.0", "id": 77, "result": {"tools": [tool("get_wrong")]}}));
            say(&json!({"jsonrpc": "2.0", "id": "p-1", "method": "ping"}));
            say(&json!({"jsonrpc": "2.0", "id": "r-1", "method": "roots/list"}));
            let mut replies = Vec::new();
            for _ in 0..2 {
                replies.push(serde_json::from_str::<Value>(&heard().expect("a reply")).expect("JSON"));
            }
            assert_eq!(replies[0], json!({"jsonrpc": "2.0", "id": "p-1", "result": {}}));
            assert_eq!(replies[1]["error"]["code"], -32601);
        }
        if self.is("changes") {
            if listings == 1 {
                say(&json!({"jsonrpc": "2.0", "method": "notifications/tools/list_changed"}));
                return page(vec![tool("get_old")], None);
            }
            return page(vec![tool("get_new")], None);
        }
        if self.is("latin-1") {
            let mut out = std::io::stdout().lock();
            out.write_all(b"{\"jsonrpc\": \"2.0\", \"result\": \"\xe9\"}\n").expect("writes");
            return out.flush().expect("flushes");
        }
        if self.is("variables") {
            let seen: Vec<String> = std::env::vars().map(|(name, _)| name).collect();
            return page(vec![json!({"name": "get_note", "description": seen.join(" ")})], None);
        }
        if self.is("tells") {
            let secret = std::env::var("NOTES_TOKEN").unwrap_or_default();
            let words: Vec<String> = std::env::args().collect();
            eprintln!("called with {words:?} and {secret}");
            let mut told = tool("get_note");
            told["description"] = json!(format!("Gets a note of {secret}."));
            if self.is("then-dies") {
                std::process::exit(1);
            }
            return page(vec![told], None);
        }
        page(vec![tool("get_note"), tool("delete_note")], None);
    }
}

/// Hears neither the end of its input nor the signal to terminate.
#[cfg(unix)]
fn deaf() {
    std::thread::spawn(|| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("runtime");
        runtime.block_on(async {
            let kind = tokio::signal::unix::SignalKind::terminate();
            let mut signal = tokio::signal::unix::signal(kind).expect("signal");
            while signal.recv().await.is_some() {}
        });
    });
    std::thread::sleep(Duration::from_millis(50));
}

#[cfg(not(unix))]
fn deaf() {}
