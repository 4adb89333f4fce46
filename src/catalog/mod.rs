//! The catalogue folder on disk: servers, overrides, lock.
