//! One program for every target: `TOOLCARD_FUZZ` names which.
#![no_main]

#[path = "../targets.rs"]
mod targets;

use std::sync::LazyLock;

static CHOSEN: LazyLock<fn(&[u8])> = LazyLock::new(|| {
    let name = std::env::var("TOOLCARD_FUZZ").unwrap_or_default();
    let known = || targets::ALL.map(|(name, _)| name).join(", ");
    let found = targets::ALL.iter().find(|(target, _)| *target == name);
    found.unwrap_or_else(|| panic!("TOOLCARD_FUZZ is one of {}", known())).1
});

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| CHOSEN(bytes));
