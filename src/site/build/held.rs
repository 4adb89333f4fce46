//! What the first pass labelled, held for the second while all of it is little: then nothing is labelled twice.
//!
//! Labelled definitions take about ten times the bytes of their manifest. Where the manifests that are read have more
//! than [`MAX_BYTES`] together, nothing is held, so that memory still follows the rows.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use super::rows::ServerBytes;
use crate::catalog::labelled::Labelled;

/// Bytes of manifests whose definitions are held.
const MAX_BYTES: usize = 16 << 20;

/// Counts the bytes that the first pass reads.
#[derive(Debug, Default)]
pub(super) struct HeldRoom(AtomicUsize);

impl HeldRoom {
    /// Whether what was read of a server may be held.
    pub(super) fn take(&self, bytes: &ServerBytes) -> bool {
        let bytes = bytes.manifest.as_ref().map_or(0, Vec::len);
        self.0.fetch_add(bytes, Ordering::Relaxed).saturating_add(bytes) <= MAX_BYTES
    }

    fn is_full(&self) -> bool {
        self.0.load(Ordering::Relaxed) > MAX_BYTES
    }
}

/// Servers by their slugs.
#[derive(Debug, Default)]
pub(super) struct HeldServers(Mutex<HashMap<String, Labelled>>);

impl HeldServers {
    /// Holds a server, or nothing at all where there is no room for all.
    pub(super) fn add(&mut self, labelled: Option<Box<Labelled>>, room: &HeldRoom) {
        let servers = self.0.get_mut().unwrap_or_else(PoisonError::into_inner);
        if room.is_full() {
            *servers = HashMap::new();
        } else if let Some(labelled) = labelled {
            servers.insert(labelled.manifest.server.slug.clone(), *labelled);
        }
    }

    /// Hands out a server, which is then held no more.
    pub(super) fn take(&self, slug: &str) -> Option<Labelled> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(slug)
    }
}
