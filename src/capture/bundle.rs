//! An MCPB bundle (`.mcpb`, once `.dxt`): a zip archive with a `manifest.json`, which alone is unpacked.

use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use zip::ZipArchive;
use zip::read::ZipReadOptions;
use zip::result::ZipError;

use crate::diagnostic::{Code, Diagnostic};
use crate::input::{self, Refused};
use crate::manifest;

/// Bundles above this size are refused: a server and all that it depends on.
pub(super) const MAX_BYTES: u64 = 512 * 1024 * 1024;
/// How a zip archive begins.
pub(super) const MAGIC: [u8; 4] = *b"PK\x03\x04";
/// The file of a bundle that says what it is.
pub(super) const MANIFEST: &str = "manifest.json";

/// Whether a file begins as a zip archive does; it is at its beginning again.
pub(super) fn is_one(mut file: impl Read + Seek) -> bool {
    let mut first = [0; 4];
    let found = file.read_exact(&mut first).is_ok() && first == MAGIC;
    file.seek(SeekFrom::Start(0)).is_ok() && found
}

/// The bytes of a bundle's manifest, at most as many as a manifest may have: what they unpack to counts.
pub(super) fn manifest(file: impl Read + Seek, shown: &Path) -> Result<Vec<u8>, Box<Diagnostic>> {
    let wrong = |code, message: String, help: &str| Box::new(Diagnostic::error(code, shown, message, help));
    let broken =
        |e: ZipError| wrong(Code::BrokenBundle, format!("the bundle cannot be unpacked: {e}"), "get the bundle again");
    let mut archive = ZipArchive::new(file).map_err(broken)?;
    // Which of two a client takes depends on the client.
    if archive.has_duplicate_names() || twins(&archive) > 1 {
        let message = format!("the bundle has several files that are {MANIFEST} to one client or another");
        return Err(wrong(Code::BrokenBundle, message, "do not install it; get the bundle again"));
    }
    let entry = match archive.by_name_with_options(MANIFEST, ZipReadOptions::new().enforce_header_consistency(true)) {
        Ok(entry) => entry,
        Err(ZipError::FileNotFound) => {
            let message = format!("the archive has no {MANIFEST}, so it is no MCPB bundle");
            return Err(wrong(Code::BrokenBundle, message, "give a bundle, or the answer to tools/list"));
        }
        Err(e) => return Err(broken(e)),
    };
    input::stream(entry, manifest::MAX_BYTES).map_err(|refused| match refused {
        Refused::Io(e) => {
            wrong(Code::BrokenBundle, format!("the bundle cannot be unpacked: {e}"), "get the bundle again")
        }
        refused => Box::new(refused.diagnostic(&shown.join(MANIFEST))),
    })
}

/// How many files of an archive are its manifest once they are unpacked: on some systems case is nothing and a backslash is `/`.
fn twins(archive: &ZipArchive<impl Read + Seek>) -> usize {
    let unpacked = |name: &[u8]| {
        let name = String::from_utf8_lossy(name).replace('\\', "/").to_ascii_lowercase();
        let mut steps: Vec<&str> = Vec::new();
        for step in name.split('/') {
            match step {
                "" | "." => {}
                ".." => drop(steps.pop()),
                step => steps.push(step.trim_end_matches(['.', ' '])),
            }
        }
        steps == [MANIFEST]
    };
    archive.file_names_raw().filter(|name| unpacked(name)).count()
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write as _};

    use zip::write::{SimpleFileOptions, ZipWriter};

    use super::*;

    fn archive(files: &[(&str, &[u8])]) -> Cursor<Vec<u8>> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in files {
            zip.start_file(*name, SimpleFileOptions::default()).unwrap();
            zip.write_all(bytes).unwrap();
        }
        let mut file = zip.finish().unwrap();
        file.set_position(0);
        file
    }

    fn packed(name: &str, bytes: &[u8]) -> Cursor<Vec<u8>> {
        archive(&[("server/index.js", b"x"), (name, bytes)])
    }

    fn said(file: Cursor<Vec<u8>>) -> String {
        match manifest(file, Path::new("a.mcpb")) {
            Ok(bytes) => String::from_utf8(bytes).unwrap(),
            Err(fault) => format!("{}: {}", fault.code, fault.message),
        }
    }

    #[test]
    fn the_manifest_alone_is_unpacked() {
        let mut file = packed(MANIFEST, b"{}");
        assert!(is_one(&mut file));
        assert_eq!(said(file), "{}");
        assert!(!is_one(&mut Cursor::new(b"{\"tools\": []}".to_vec())) && !is_one(&mut Cursor::new(Vec::new())));
    }

    #[test]
    fn a_bundle_with_two_manifests_is_refused() {
        let harmless: &[u8] = br#"{"tools": [{"name": "get_x"}]}"#;
        let harmful: &[u8] = br#"{"tools": [{"name": "delete_x"}]}"#;
        // The writer refuses a name twice: it is another one until the bytes are there.
        let twice = archive(&[(MANIFEST, harmful), ("manifest.jsoN", harmless)]).into_inner();
        let twice = Cursor::new(twice.iter().map(|&byte| if byte == b'N' { b'n' } else { byte }).collect());
        let told = "broken-bundle: the bundle has several files that are manifest.json to one client or another";
        assert_eq!(said(twice), told);
        for twin in ["./manifest.json", "Manifest.json", "x/../manifest.json", ".\\manifest.json", "manifest.json."] {
            assert_eq!(said(archive(&[(MANIFEST, harmful), (twin, harmless)])), told, "{twin}");
        }
        assert_eq!(said(archive(&[(MANIFEST, b"{}"), ("server/manifest.json", harmless)])), "{}");
    }

    #[test]
    fn a_file_that_calls_itself_otherwise_is_refused() {
        let mut bytes = packed(MANIFEST, b"{}").into_inner();
        let at = bytes.windows(MANIFEST.len()).position(|w| w == MANIFEST.as_bytes()).unwrap();
        bytes[at] = b'M';
        assert!(said(Cursor::new(bytes)).starts_with("broken-bundle: "));
    }

    #[test]
    fn an_archive_that_is_none_lacks_a_manifest_or_unpacks_to_too_much_is_one_error() {
        let none = said(packed("package.json", b"{}"));
        assert!(none.starts_with("broken-bundle: the archive has no manifest.json"), "{none}");
        assert!(said(Cursor::new(b"PK\x03\x04 and then nothing".to_vec())).starts_with("broken-bundle: "));
        let whole = packed(MANIFEST, b"{}").into_inner();
        assert!(said(Cursor::new(whole[..whole.len() / 2].to_vec())).starts_with("broken-bundle: "));
        let bomb = packed(MANIFEST, &vec![b' '; usize::try_from(manifest::MAX_BYTES).unwrap() + 1]);
        assert!(bomb.get_ref().len() < 1024 * 1024);
        assert_eq!(said(bomb), "file-too-large: the file is larger than 64 MiB");
    }
}
