//! What a server says of itself: the types, the readers of every accepted shape,
//! schema walking and fingerprints.

mod fingerprint;
pub mod limits;
mod read;
pub mod schema;
mod types;

pub use fingerprint::{Fingerprint, Part, fingerprint};
pub use read::{MAX_BYTES, Reading, read, read_bytes, read_file, refused_file};
pub use types::{Annotations, Hint, Manifest, Server, Tool};
