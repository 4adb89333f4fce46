//! What a server says of itself: the types, the readers of every accepted shape,
//! schema walking and fingerprints.

mod ahead;
mod annotations;
mod beside;
mod encoding;
mod entry;
mod fingerprint;
mod lenient;
pub mod limits;
mod read;
mod reader;
pub mod schema;
mod shapes;
mod text;
mod types;
mod unknown;

pub use annotations::NO_OBJECT;
pub use entry::{SPELLINGS, Spelling};
pub use fingerprint::{DefinitionPart, Fingerprint, fingerprint};
pub use read::{MAX_BYTES, Readings, read, read_at, read_bytes, read_file, refused_file, servers};
pub use shapes::ids as shapes;
pub use text::ServerText;
pub use types::{Annotations, Gap, Hint, Listing, Manifest, Server, Tool};
