//! For programs: everything, in the shape of `schemas/review.schema.json`.

use serde::Serialize;

use super::Context;
use crate::neutral;
use crate::review::change::{Change, Review, Summary};

/// The version of the shape.
pub const SCHEMA_VERSION: u32 = 1;

#[derive(Serialize)]
struct JsonReport<'a> {
    schema_version: u32,
    changes: Vec<JsonChange<'a>>,
    summary: Sum,
}

#[derive(Serialize)]
struct JsonChange<'a> {
    #[serde(flatten)]
    change: &'a Change,
    /// Whether it makes the review fail.
    fails: bool,
}

#[derive(Serialize)]
struct Sum {
    #[serde(flatten)]
    summary: Summary,
    fail_on: String,
    /// How many changes make the review fail.
    failing: usize,
}

pub(super) fn render(review: &Review, context: Context) -> serde_json::Result<String> {
    neutral::json(&JsonReport {
        schema_version: SCHEMA_VERSION,
        changes: review
            .changes
            .iter()
            .map(|change| JsonChange { change, fails: context.fail_on.stops(change) })
            .collect(),
        summary: Sum {
            summary: review.summary(),
            fail_on: context.fail_on.to_string(),
            failing: context.fail_on.stopped(review),
        },
    })
}
