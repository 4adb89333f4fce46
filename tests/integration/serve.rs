//! The promise: `toolcard serve` shows the catalogue as it is now, and what is wrong with it.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const MANIFEST: &str =
    r#"{"server": {"slug": "demo"}, "tools": [{"name": "list_items", "description": "Lists items."}]}"#;

/// A preview that ends with the test.
struct Preview(Child);

impl Drop for Preview {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn get(address: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

fn until(address: &str, path: &str, part: &str) -> String {
    let begun = Instant::now();
    loop {
        let answer = get(address, path);
        if answer.contains(part) {
            return answer;
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "{path} never holds {part}: {answer}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn a_change_shows_in_the_page_and_a_mistake_is_reported() {
    let folder = tempfile::tempdir().unwrap();
    let manifest = folder.path().join("catalog/demo/manifest.json");
    fs::create_dir_all(manifest.parent().unwrap()).unwrap();
    fs::write(&manifest, MANIFEST).unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_toolcard"))
        .args(["--quiet", "serve", "--port", "0"])
        .current_dir(folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let _preview = Preview(child);
    let address = line.split("http://").nth(1).unwrap().split('/').next().unwrap().to_owned();

    assert!(get(&address, "/tools/demo/list_items.html").starts_with("HTTP/1.1 200"));
    assert!(get(&address, "/.toolcard/status").ends_with(r#"{"version":1,"errors":"","same":[]}"#));

    fs::write(&manifest, MANIFEST.replace("list_items", "delete_items")).unwrap();
    until(&address, "/tools/demo/delete_items.html", "HTTP/1.1 200");
    until(&address, "/tools/demo/list_items.html", "HTTP/1.1 404");
    // Once the preview knows the site, an edit is shown before it is built, and no page has to load again.
    #[cfg(target_os = "linux")]
    for edit in 0.. {
        assert!(edit < 60, "no edit was shown before it was built");
        let words = format!("Edit {edit} deletes items.");
        fs::write(&manifest, MANIFEST.replace("list_items", "delete_items").replace("Lists items.", &words)).unwrap();
        until(&address, "/tools/demo/delete_items.html", &words);
        std::thread::sleep(Duration::from_secs(1));
        if get(&address, "/.toolcard/status").contains(r#""same":["tools/demo/"]"#) {
            break;
        }
    }

    fs::write(&manifest, "{").unwrap();
    let status = until(&address, "/.toolcard/status", "error[");
    assert!(status.contains("manifest.json:1:"), "{status}");
    // What was there stays.
    assert!(get(&address, "/tools/demo/delete_items.html").starts_with("HTTP/1.1 200"));

    // Another configuration is of every page.
    fs::write(&manifest, MANIFEST).unwrap();
    fs::write(folder.path().join("toolcard.toml"), "[site]\ntitle = \"Another title\"\n").unwrap();
    until(&address, "/tools/demo/list_items.html", "Another title");
    assert!(until(&address, "/.toolcard/status", r#""errors":"""#).contains("version"));
}

#[test]
#[cfg(target_os = "linux")] // where the program that opens an address is found by its name
fn the_preview_is_opened_in_the_browser_where_that_is_asked_for() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    fs::create_dir_all(path.join("catalog/demo")).unwrap();
    fs::write(path.join("catalog/demo/manifest.json"), MANIFEST).unwrap();
    fs::create_dir(path.join("bin")).unwrap();
    let browser = path.join("bin/xdg-open");
    fs::write(&browser, "#!/bin/sh\necho \"$1\" > opened.new && mv opened.new opened\n").unwrap();
    fs::set_permissions(&browser, fs::Permissions::from_mode(0o755)).unwrap();
    let search = format!("{}:{}", path.join("bin").display(), std::env::var("PATH").unwrap_or_default());
    let mut child = Command::new(env!("CARGO_BIN_EXE_toolcard"))
        .args(["--quiet", "serve", "--port", "0", "--open"])
        .current_dir(path)
        .env("PATH", search)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let _preview = Preview(child);
    let begun = Instant::now();
    while !path.join("opened").exists() {
        assert!(begun.elapsed() < Duration::from_secs(60), "nothing was opened");
        std::thread::sleep(Duration::from_millis(50));
    }
    let opened = fs::read_to_string(path.join("opened")).unwrap();
    assert!(opened.starts_with("http://127.0.0.1:") && line.contains(opened.trim()), "{opened}{line}");
}
