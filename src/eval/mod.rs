//! How good the labels are, measured from what the repository holds.

pub mod battery;
