//! One JSON value after the other: JSON Lines, the log of a session, a stream of events. Together they are an array.

use super::{Reader, Root, SHAPES, Shape};
use crate::raw::Raw;

pub(super) const SHAPE: Shape = Shape { id: "lines", fits, read };

fn fits(root: &Root<'_>) -> bool {
    matches!(root, Root::Lines(_))
}

fn read<'a>(root: &Root<'a>, reader: &mut Reader<'a>) {
    let Root::Lines(values) = root else { return };
    let array = Root::Array(values.clone());
    match SHAPES.iter().find(|shape| (shape.fits)(&array)) {
        Some(shape) => (shape.read)(&array, reader),
        None => reader.unknown(values.first().copied()),
    }
}

/// The values of a text that holds several, two at least; `None` where it is anything else.
pub(in crate::manifest) fn values(text: &str) -> Option<Vec<Raw<'_>>> {
    let values = events(text).or_else(|| {
        let all = serde_json::Deserializer::from_str(text).into_iter::<Raw<'_>>();
        all.collect::<serde_json::Result<Vec<_>>>().ok().filter(|values| values.len() > 1)
    })?;
    values.iter().all(|value| value.get().starts_with(['{', '['])).then_some(values)
}

/// The values of a stream of events (`text/event-stream`), as a server over HTTP answers.
fn events(text: &str) -> Option<Vec<Raw<'_>>> {
    let fields = ["data:", "event:", "id:", "retry:", ":"];
    let lines = || text.lines().map(str::trim_end).filter(|line| !line.is_empty());
    if !lines().next().is_some_and(|first| fields.iter().any(|field| first.starts_with(field)))
        || !lines().all(|line| fields.iter().any(|field| line.starts_with(field)))
    {
        return None;
    }
    let data = lines().filter_map(|line| line.strip_prefix("data:")).filter(|data| !data.trim().is_empty());
    data.map(|data| serde_json::from_str(data).ok()).collect::<Option<Vec<_>>>().filter(|values| !values.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_one_after_the_other_or_as_events_and_nothing_else_is_several() {
        let found = |text: &str| values(text).map(|all| all.iter().map(|v| v.get()).collect::<Vec<_>>().join(" "));
        assert_eq!(found("{\"a\":1}\n\n{\"b\":2}\r\n"), Some("{\"a\":1} {\"b\":2}".to_owned()));
        assert_eq!(found("{\n\"a\":1}\n[2]"), Some("{\n\"a\":1} [2]".to_owned()));
        assert_eq!(found(": hi\nevent: message\ndata: {\"a\":1}\n\n"), Some("{\"a\":1}".to_owned()));
        for other in ["{}", "{}\n3", "{}\n{", "data: x", "", "data:\n", "event: x\n{}"] {
            assert_eq!(found(other), None, "{other}");
        }
    }
}
