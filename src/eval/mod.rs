//! How good the labels are: verdicts against what annotators said of the same tools.
//!
//! [`measure()`] compares one set of labels with verdicts. [`all::measure`] does that for every set that the
//! repository holds, with what else is known there: published access levels, authors' hints, blind rounds.
//! [`mod@fit`] makes the weights of confidence from the same labels. The command line and `docs/accuracy.md` show the same [`tables`].

pub mod accuracy;
pub mod all;
pub mod baseline;
pub mod battery;
pub mod confidence;
pub mod fit;
pub mod gold;
pub mod hints;
pub mod iam;
pub mod logistic;
pub mod measure;
pub mod proportion;
pub mod rounds;
pub mod sets;
pub mod tables;
pub mod unknown;

pub use confidence::{Bin, Calibration, reliability};
pub use gold::{Gold, read_gold};
pub use measure::{AccuracyReport, ClassRow, FacetRow, Miss, measure};
pub use proportion::Proportion;
