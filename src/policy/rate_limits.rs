//! The one table of rate limits that recommendations use.

use serde::{Deserialize, Serialize};

/// Calls a minute that a recommended rule allows; `[limits]` in `toolcard.toml`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default)]
pub struct RateLimits {
    /// Write, severity Medium.
    pub write: u64,
    /// Write, severity High.
    pub write_high: u64,
    /// Read with `reads_secrets`.
    pub read_secrets: u64,
    /// Destructive under the profile `open`.
    pub destructive: u64,
}

impl Default for RateLimits {
    fn default() -> Self {
        Self { write: 30, write_high: 10, read_secrets: 30, destructive: 1 }
    }
}
