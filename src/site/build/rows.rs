//! What the first pass found, kept from build to build: a server whose files are as they were is not read again.
//!
//! Two files lie in the private folder of the output. `rows` has a record for each server: what its files looked like, a hash of
//! their bytes, its row of the index, what was wrong with it. `words` has what the search index takes from each, in the
//! same order. Both depend on files of the catalogue, the program, the lexicon and the configuration alone, so they hold whatever
//! became of the pages; a file of another program, of another form or one that is cut is thrown away.

use std::collections::HashMap;
use std::fs::{self, File, Metadata};
use std::io::{self, BufWriter, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::catalog::labelled::{Labelled, Unlabelled};
use crate::catalog::{CatalogEntry, overrides};
use crate::classify::Classifier;
use crate::diagnostic::{Diagnostic, Parsed};
use crate::input;
use crate::manifest::MAX_BYTES;
use crate::site::index::ServerRow;
use crate::site::search::{self, Builder, Encoded, Prepared};

const ROWS: &str = "rows";
const WORDS: &str = "words";
/// The number of the form of both files.
const FORM: u32 = 1;

/// The first bytes of SHA-256: strangers write these files, so no two may be taken for one another.
pub(crate) type Hash = [u8; 16];

/// The hash of several texts, each told from the next.
pub(crate) fn hash_of<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> Hash {
    let mut all = Sha256::new();
    for part in parts {
        all.update((part.len() as u64).to_le_bytes());
        all.update(part);
    }
    let mut hash = Hash::default();
    hash.copy_from_slice(&all.finalize()[..16]);
    hash
}

/// A hash as letters.
pub(crate) fn hex(hash: &Hash) -> String {
    format!("{:032x}", u128::from_be_bytes(*hash))
}

/// What is known of a file without a look inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct FileStamp {
    bytes: u64,
    modified: u128,
    /// When its bytes or what is known of it last changed, and its number, where the system says so.
    changed: (i64, i64, u64),
}

impl FileStamp {
    fn of(found: &Metadata) -> Option<Self> {
        Some(Self { bytes: found.len(), modified: input::modified(found)?, changed: changed(found) })
    }
}

#[cfg(unix)]
fn changed(found: &Metadata) -> (i64, i64, u64) {
    use std::os::unix::fs::MetadataExt as _;
    (found.ctime(), found.ctime_nsec(), found.ino())
}

#[cfg(not(unix))]
fn changed(_: &Metadata) -> (i64, i64, u64) {
    (0, 0, 0)
}

/// The files of a server without a look inside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ServerStamp {
    manifest: FileStamp,
    overrides: Option<FileStamp>,
    /// Whether both are old enough that no change can hide behind equal times.
    settled: bool,
}

impl ServerStamp {
    /// Nothing where the manifest is not there, or there is no telling.
    fn of(entry: &CatalogEntry, now: u128) -> Option<Self> {
        let manifest = FileStamp::of(&fs::metadata(&entry.manifest).ok()?)?;
        let overrides = match fs::symlink_metadata(entry.dir.join(overrides::FILE)) {
            // What a link leads to has a time of its own.
            Ok(found) if found.is_file() => Some(FileStamp::of(&found)?),
            Err(e) if e.kind() == io::ErrorKind::NotFound => None,
            _ => return None,
        };
        let times = [Some(manifest.modified), overrides.map(|stamp| stamp.modified)];
        let settled = times.into_iter().flatten().all(|time| time + input::MIN_AGE_NANOS < now);
        Some(Self { manifest, overrides, settled })
    }
}

/// The bytes that a server is read from.
pub(super) struct ServerBytes {
    /// The manifest, or why it cannot be read.
    pub manifest: Result<Vec<u8>, input::Refused>,
    /// `overrides.toml`, where there is one.
    pub overrides: Option<Result<Vec<u8>, input::Refused>>,
}

impl ServerBytes {
    /// Reads the files of a server.
    pub(super) fn read(entry: &CatalogEntry) -> Self {
        let overrides = match overrides::bytes(&entry.dir) {
            Err(refused) if refused.is_missing() => None,
            found => Some(found),
        };
        Self { manifest: input::bytes(&entry.manifest, MAX_BYTES), overrides }
    }

    /// The hash of everything that a server's own files say; nothing where one of them cannot be read.
    pub(super) fn hash(&self, entry: &CatalogEntry) -> Option<Hash> {
        let overrides: &[u8] = match &self.overrides {
            None => &[],
            Some(Ok(bytes)) => bytes,
            Some(Err(_)) => return None,
        };
        let place = entry.manifest.to_str()?.as_bytes();
        let has: &[u8] = if self.overrides.is_some() { b"decided" } else { b"" };
        Some(hash_of([entry.slug.as_bytes(), place, self.manifest.as_ref().ok()?, has, overrides]))
    }

    /// Reads what the bytes say, and labels it.
    pub(super) fn labelled(&self, entry: &CatalogEntry, classifier: Classifier<'_>) -> Parsed<Option<Labelled>> {
        let overrides = overrides::of(self.overrides.as_ref(), &entry.dir.join(overrides::FILE));
        let Parsed { value, mut diagnostics } = Unlabelled::of_entry(entry, &self.manifest, overrides);
        let value = value.map(|read| {
            let labelled = read.label(classifier);
            diagnostics.extend(labelled.diagnostics);
            labelled.value
        });
        Parsed { value, diagnostics }
    }
}

/// What the first pass knows of a server, whether it was read or kept.
#[derive(Debug, Clone)]
pub(super) struct SeenServer {
    /// The hash of its own files; nothing where one of them cannot be read.
    pub hash: Option<Hash>,
    /// How many tools it has.
    pub tools: usize,
    /// The hash of its row.
    pub row_hash: Hash,
    /// The hash of its words, and how many bytes these have.
    pub words_hash: Hash,
    pub words_bytes: u64,
    /// Where its row is.
    pub row: RowPlace,
}

/// Where the row of a server is.
#[derive(Debug, Clone)]
pub(super) enum RowPlace {
    /// It was made by this build.
    New(Box<ServerRow>),
    /// It lies in the record of this number of the build before.
    Kept(usize),
}

/// A record as it lies in the file.
#[derive(Debug, Serialize, Deserialize)]
struct RowRecord<'a> {
    slug: &'a str,
    stamp: Option<ServerStamp>,
    hash: Option<Hash>,
    tools: usize,
    row_hash: Hash,
    words_hash: Hash,
    words_bytes: u64,
    diagnostics: Vec<Diagnostic>,
    #[serde(borrow)]
    row: RowBytes<'a>,
}

/// Bytes as such: a list of numbers would be read one by one.
#[derive(Debug, Clone, Copy)]
struct RowBytes<'a>(&'a [u8]);

impl Serialize for RowBytes<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(self.0)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for RowBytes<'a> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <&[u8]>::deserialize(deserializer).map(Self)
    }
}

/// A server after a look at its files.
pub(super) enum ServerLook {
    /// Its files say what they said; the stamp is another where they only look different.
    Kept {
        /// The number of its record.
        record: usize,
        /// What its files look like now, where that is new.
        stamp: Option<Box<ServerStamp>>,
    },
    /// It has to be read.
    Read {
        /// What its files look like now.
        stamp: Option<Box<ServerStamp>>,
        /// The hash of its files; nothing where one cannot be read.
        hash: Option<Hash>,
        /// Its files.
        bytes: ServerBytes,
    },
}

/// The rows of the build before.
#[derive(Debug, Default)]
pub(super) struct Rows {
    bytes: Vec<u8>,
    /// Where each record lies, and where its words do.
    records: Vec<(std::ops::Range<usize>, u64)>,
    by_slug: HashMap<Box<str>, usize>,
    words: Option<File>,
}

/// What both files begin with: what they are, what their content depends on, and which of the one belongs to which of the other.
fn head(key: &Hash, build: u128) -> Vec<u8> {
    let mut head = format!("toolcard {FORM}\n").into_bytes();
    head.extend_from_slice(key);
    head.extend_from_slice(&build.to_le_bytes());
    head
}

impl Rows {
    /// The rows in a private folder that were made under this key; none where there are no such.
    pub(super) fn read(private: &Path, key: &Hash) -> Self {
        Self::try_read(private, key).unwrap_or_default()
    }

    fn try_read(private: &Path, key: &Hash) -> Option<Self> {
        let bytes = input::bytes(&private.join(ROWS), input::MAX_RECORD_BYTES).ok()?;
        let length = head(key, 0).len();
        let start = bytes.get(..length)?;
        let build = u128::from_le_bytes(start[length - 16..].try_into().ok()?);
        if start != head(key, build) {
            return None;
        }
        let mut words = input::open(&private.join(WORDS), u64::MAX).ok()?;
        let mut other = vec![0; length];
        words.read_exact(&mut other).ok()?;
        if other != start {
            return None;
        }
        let mut rows = Self { words: Some(words), ..Self::default() };
        let mut at = length;
        let mut words_at = length as u64;
        while at < bytes.len() {
            let size = u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?) as usize;
            let range = at + 4..(at + 4).checked_add(size)?;
            let record: RowRecord<'_> = postcard::from_bytes(bytes.get(range.clone())?).ok()?;
            rows.by_slug.insert(record.slug.into(), rows.records.len());
            at = range.end;
            rows.records.push((range, words_at));
            words_at += record.words_bytes;
        }
        rows.bytes = bytes;
        Some(rows)
    }

    /// How many servers there are.
    pub(super) fn len(&self) -> usize {
        self.records.len()
    }

    fn record(&self, number: usize) -> Option<RowRecord<'_>> {
        postcard::from_bytes(&self.bytes[self.records.get(number)?.0.clone()]).ok()
    }

    /// The server of a record.
    pub(super) fn slug(&self, number: usize) -> Option<String> {
        self.record(number).map(|record| record.slug.to_owned())
    }

    /// The row of a record.
    pub(super) fn row(&self, number: usize) -> Option<ServerRow> {
        postcard::from_bytes(self.record(number)?.row.0).ok()
    }

    /// Looks at the files of a server: at their sizes and times, and where these are new at their bytes.
    pub(super) fn look(&self, entry: &CatalogEntry, now: u128) -> ServerLook {
        let stamp = ServerStamp::of(entry, now).map(Box::new);
        let known = self.by_slug.get(entry.slug.as_str()).and_then(|number| Some((*number, self.record(*number)?)));
        if let (Some(stamp), Some((number, record))) = (&stamp, &known)
            && record.stamp.as_ref().is_some_and(|known| known.settled && *known == **stamp)
        {
            return ServerLook::Kept { record: *number, stamp: None };
        }
        let bytes = ServerBytes::read(entry);
        let hash = bytes.hash(entry);
        match known {
            Some((record, known)) if hash.is_some() && known.hash == hash => ServerLook::Kept { record, stamp },
            _ => ServerLook::Read { stamp, hash, bytes },
        }
    }
}

/// Servers whose words are held at once.
const MAX_WORDS_AT_ONCE: usize = 256;

/// The words of every server of a first pass that is over, and the file that holds them.
///
/// # Errors
/// On an I/O error, or where the file is not what it says.
pub(super) fn words(private: &Path, seen: &[SeenServer]) -> io::Result<(Builder, File)> {
    let open = input::open(&private.join(WORDS), u64::MAX);
    let mut file = open.map_err(|refused| io::Error::other(refused.to_string()))?;
    let mut at = head(&Hash::default(), 0).len() as u64;
    file.seek(io::SeekFrom::Start(at))?;
    let mut builder = Builder::default();
    let mut bytes = Vec::new();
    for servers in seen.chunks(MAX_WORDS_AT_ONCE) {
        bytes.clear();
        let size = servers.iter().map(|server| server.words_bytes).sum();
        (&mut file).take(size).read_to_end(&mut bytes)?;
        let mut rest = bytes.as_slice();
        let parts = servers.iter().map(|server| {
            let (part, behind) = rest.split_at_checked(usize::try_from(server.words_bytes).ok()?)?;
            rest = behind;
            at += server.words_bytes;
            Some((part, at - server.words_bytes))
        });
        let parts: Vec<(&[u8], u64)> = parts.collect::<Option<_>>().ok_or(io::ErrorKind::UnexpectedEof)?;
        let read: Vec<Option<Encoded<'_>>> = parts.par_iter().map(|(part, at)| Encoded::read(part, *at)).collect();
        for server in read {
            builder.add(&server.ok_or(io::ErrorKind::InvalidData)?);
        }
    }
    Ok((builder, file))
}

/// The rows of this build, written while servers are read.
pub(super) struct NewRows<'a> {
    before: &'a Rows,
    private: PathBuf,
    head: Vec<u8>,
    /// Both files, once something is new.
    out: Option<(BufWriter<File>, BufWriter<File>)>,
    /// Every server so far.
    seen: Vec<SeenServer>,
    /// What was wrong with them.
    diagnostics: Vec<Diagnostic>,
    /// Records that stay, with what their files look like where that is new.
    kept: Vec<(usize, Option<Box<ServerStamp>>)>,
    /// Whether any server was read.
    is_new: bool,
    restamped: bool,
}

impl<'a> NewRows<'a> {
    /// Nothing yet, beside the rows of the build before.
    pub(super) fn new(before: &'a Rows, private: &Path, key: &Hash, now: u128) -> Self {
        Self {
            before,
            private: private.to_path_buf(),
            head: head(key, now),
            out: None,
            seen: Vec::new(),
            diagnostics: Vec::new(),
            kept: Vec::new(),
            is_new: false,
            restamped: false,
        }
    }

    /// Takes a server that stays.
    ///
    /// # Errors
    /// On an I/O error.
    pub(super) fn keep(&mut self, record: usize, stamp: Option<Box<ServerStamp>>) -> io::Result<()> {
        let Some(known) = self.before.record(record) else { return Ok(()) };
        self.seen.push(SeenServer {
            hash: known.hash,
            tools: known.tools,
            row_hash: known.row_hash,
            words_hash: known.words_hash,
            words_bytes: known.words_bytes,
            row: RowPlace::Kept(record),
        });
        self.diagnostics.extend(known.diagnostics.iter().cloned());
        self.restamped |= stamp.is_some();
        if self.out.is_some() {
            return self.copy(record, stamp);
        }
        self.kept.push((record, stamp));
        Ok(())
    }

    /// Takes a server that was read.
    ///
    /// # Errors
    /// On an I/O error.
    pub(super) fn add(
        &mut self,
        made: EncodedRow,
        stamp: Option<Box<ServerStamp>>,
        hash: Option<Hash>,
    ) -> io::Result<()> {
        self.is_new = true;
        self.begin()?;
        let EncodedRow { row, row_bytes, words, diagnostics } = made;
        let (row_hash, words_hash) = (hash_of([&*row_bytes]), hash_of([&*words]));
        let record = RowRecord {
            slug: &row.slug,
            // What could not be hashed is read again the next time.
            stamp: stamp.filter(|_| hash.is_some()).map(|stamp| *stamp),
            hash,
            tools: row.tools.len(),
            row_hash,
            words_hash,
            words_bytes: words.len() as u64,
            diagnostics,
            row: RowBytes(&row_bytes),
        };
        self.write(&record, &words)?;
        self.diagnostics.extend(record.diagnostics);
        self.seen.push(SeenServer {
            hash,
            tools: row.tools.len(),
            row_hash,
            words_hash,
            words_bytes: words.len() as u64,
            row: RowPlace::New(Box::new(row)),
        });
        Ok(())
    }

    fn begin(&mut self) -> io::Result<()> {
        if self.out.is_none() {
            let create = |name| {
                let mut out = BufWriter::with_capacity(1 << 18, File::create(self.private.join(name))?);
                out.write_all(&self.head)?;
                io::Result::Ok(out)
            };
            self.out = Some((create(ROWS_NEW)?, create(WORDS_NEW)?));
            for (record, stamp) in std::mem::take(&mut self.kept) {
                self.copy(record, stamp)?;
            }
        }
        Ok(())
    }

    fn copy(&mut self, number: usize, stamp: Option<Box<ServerStamp>>) -> io::Result<()> {
        let before = self.before;
        let Some(mut record) = before.record(number) else { return Ok(()) };
        if let Some(stamp) = stamp {
            record.stamp = Some(*stamp);
        }
        let mut words = Vec::new();
        if let Some(mut file) = before.words.as_ref() {
            file.seek(io::SeekFrom::Start(before.records[number].1))?;
            file.take(record.words_bytes).read_to_end(&mut words)?;
        }
        self.write(&record, &words)
    }

    fn write(&mut self, record: &RowRecord<'_>, words: &[u8]) -> io::Result<()> {
        let Some((rows, all_words)) = &mut self.out else { return Ok(()) };
        let bytes = postcard::to_allocvec(record).map_err(io::Error::other)?;
        let size = u32::try_from(bytes.len()).map_err(io::Error::other)?;
        rows.write_all(&size.to_le_bytes())?;
        rows.write_all(&bytes)?;
        all_words.write_all(words)
    }

    /// Whether every server of the build before is there as it was, and no other.
    fn is_same(&self) -> bool {
        !self.is_new && self.seen.len() == self.before.len()
    }

    /// Puts both files in the place of those before, unless nothing is new.
    ///
    /// # Errors
    /// On an I/O error.
    pub(super) fn finish(mut self) -> io::Result<(Vec<SeenServer>, Vec<Diagnostic>)> {
        if !self.is_same() || self.restamped {
            self.begin()?;
        }
        if let Some((rows, words)) = self.out.take() {
            rows.into_inner().map_err(io::IntoInnerError::into_error)?;
            words.into_inner().map_err(io::IntoInnerError::into_error)?;
            let at = |name| self.private.join(name);
            fs::rename(at(WORDS_NEW), at(WORDS))?;
            fs::rename(at(ROWS_NEW), at(ROWS))?;
        }
        Ok((self.seen, self.diagnostics))
    }
}

/// Copies the rows of one build to another folder; they are as good there.
///
/// # Errors
/// On an I/O error.
pub(super) fn copy(from: &Path, to: &Path) -> io::Result<()> {
    for (name, new) in [(WORDS, WORDS_NEW), (ROWS, ROWS_NEW)] {
        fs::copy(from.join(name), to.join(new))?;
        fs::rename(to.join(new), to.join(name))?;
    }
    Ok(())
}

const ROWS_NEW: &str = "rows.new";
const WORDS_NEW: &str = "words.new";

/// The row of a server as it is written, made beside other servers.
pub(super) struct EncodedRow {
    row: ServerRow,
    row_bytes: Vec<u8>,
    words: Vec<u8>,
    diagnostics: Vec<Diagnostic>,
}

impl EncodedRow {
    /// Encodes what was made of a server.
    pub(super) fn new(row: ServerRow, words: &[Prepared], diagnostics: Vec<Diagnostic>) -> io::Result<Self> {
        let row_bytes = postcard::to_allocvec(&row).map_err(io::Error::other)?;
        let words = search::encode(words)?;
        Ok(Self { row, row_bytes, words, diagnostics })
    }
}
