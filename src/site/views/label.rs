//! The label and what hangs on it: small parts that are on many pages.

use std::sync::LazyLock;

use serde::{Serialize, Serializer};

use super::Shared;
use crate::risk::{Class, Facet, Facets, Severity};
use crate::site::html::Html;

/// Class and severity. Templates are given `class` (`read`, `write`, `destructive`), `class_name`, `severity` and
/// `bars`, how many of four are filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LabelView {
    class: Class,
    severity: Severity,
}

impl LabelView {
    /// The label of a class with facets.
    pub fn new(class: Class, severity: Severity) -> Self {
        Self { class, severity }
    }
}

/// There are twelve, each made once: a page has dozens, a list a thousand.
static LABELS: LazyLock<Vec<Shared>> = LazyLock::new(|| {
    #[derive(Serialize)]
    struct Fields {
        class: &'static str,
        class_name: &'static str,
        severity: &'static str,
        bars: u8,
    }
    let fields = |class: Class, severity: Severity| Fields {
        class: class.slug(),
        class_name: class.name(),
        severity: severity.name(),
        bars: severity.level(),
    };
    let all = Class::ALL.into_iter().flat_map(|class| Severity::ALL.map(|severity| (class, severity)));
    all.map(|(class, severity)| Shared::of(&fields(class, severity))).collect()
});

impl Serialize for LabelView {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        LABELS[self.class as usize * Severity::ALL.len() + self.severity as usize].serialize(serializer)
    }
}

/// The seven facet flags in their fixed order. Templates are given a list of `name` and `on`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FacetFlags(Facets);

/// The seven facet flags of a card with these facets.
pub(crate) fn facet_flags(facets: Facets) -> FacetFlags {
    FacetFlags(facets)
}

static FACET_FLAGS: LazyLock<Vec<Shared>> = LazyLock::new(|| {
    #[derive(Serialize)]
    struct FacetFlag {
        name: &'static str,
        on: bool,
    }
    let flags = |bits: u8| Facet::ALL.map(|facet| FacetFlag { name: facet.name(), on: bits & (1 << facet as u8) != 0 });
    (0..1 << Facet::ALL.len()).map(|bits| Shared::of(&flags(bits))).collect()
});

impl Serialize for FacetFlags {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        FACET_FLAGS[usize::from(self.0.bits())].serialize(serializer)
    }
}

/// A tool somewhere else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ToolLink {
    /// The tool's name, where needed with places where it may break.
    pub name_html: Html,
    /// Its page.
    pub href: String,
    /// Class and severity, drawn beside the name.
    pub label: LabelView,
    /// What else there is to say, or nothing.
    pub note_html: Html,
}

/// A term with its value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fact {
    /// The left column: `Version`, `Registry`.
    pub term: &'static str,
    /// The right column.
    pub value_html: Html,
}

/// A tab with code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tab {
    /// Stable id.
    pub id: &'static str,
    /// The tab's words.
    pub label: &'static str,
    /// The group that begins with it, or nothing.
    pub group: &'static str,
    /// Whether it is the chosen one at first.
    pub chosen: bool,
    /// A sentence before the code, or nothing.
    pub intro_html: Html,
    /// The code; nothing where the format cannot say it.
    pub code_html: Html,
    /// A sentence after the code.
    pub note_html: Html,
}

/// A bar by class: width counts tools, height repeats the class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ShareView {
    /// `at least ` where there may be more of each, or nothing.
    pub least: &'static str,
    /// How many tools.
    pub total: usize,
    /// The width of the picture: never nothing.
    pub width: usize,
    /// `3 Read, 1 Write, 0 Destructive`.
    pub label: String,
    /// Counts in the order Read, Write, Destructive.
    pub counts: [usize; 3],
    /// The bars that are wider than nothing.
    pub bars: Vec<ShareBar>,
}

/// One bar of a [`ShareView`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ShareBar {
    /// The class's slug.
    pub class: &'static str,
    /// `Read`, `Write` or `Destructive`.
    pub class_name: &'static str,
    /// How many tools.
    pub count: usize,
    /// Left edge.
    pub x: usize,
    /// Upper edge.
    pub y: u8,
    /// Width, a gap less than the count.
    pub width: String,
    /// Height, in the units of the chart's view box.
    pub height: u8,
}

impl ShareView {
    /// The share of counts in the order of [`Class::ALL`].
    pub fn new(counts: [usize; 3]) -> Self {
        let total: usize = counts.iter().sum();
        let mut x = 0;
        let mut bars = Vec::with_capacity(3);
        for (class, count) in Class::ALL.into_iter().zip(counts) {
            let height = [6, 10, 14][class as usize];
            if count > 0 {
                // The gap is a thousandth of the picture in units of a hundredth of a tool.
                let hundredths = (count * 100).saturating_sub((total * 3 / 10).min(count * 50));
                let width = format!("{}.{:02}", hundredths / 100, hundredths % 100);
                bars.push(ShareBar {
                    class: class.slug(),
                    class_name: class.name(),
                    count,
                    x,
                    y: 14 - height,
                    width,
                    height,
                });
            }
            x += count;
        }
        let label = format!("{} Read, {} Write, {} Destructive", counts[0], counts[1], counts[2]);
        Self { least: "", total, width: total.max(1), label, counts, bars }
    }

    /// The same where there may be more: `least` is `at least ` or nothing.
    #[must_use]
    pub fn at_least(mut self, least: &'static str) -> Self {
        self.least = least;
        self.label.insert_str(0, least);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_shared_label_is_the_label_of_its_class_and_severity() {
        let label = |class, severity| serde_json::to_value(LabelView::new(class, severity)).expect("serialises");
        let all = Class::ALL.into_iter().flat_map(|class| Severity::ALL.map(|severity| (class, severity)));
        for (class, severity) in all {
            let expected = json!({"class": class.slug(), "class_name": class.name(), "severity": severity.name(),
                "bars": severity.level()});
            assert_eq!(label(class, severity), expected);
        }
        let facets: Facets = [Facet::SendsOut].into_iter().collect();
        let flags = serde_json::to_value(facet_flags(facets)).expect("serialises");
        for (flag, facet) in flags.as_array().expect("a list").iter().zip(Facet::ALL) {
            assert_eq!(*flag, json!({"name": facet.name(), "on": facet == Facet::SendsOut}));
        }
    }

    #[test]
    fn a_share_has_a_bar_for_each_class_that_occurs() {
        let share = ShareView::new([27, 17, 5]);
        let bars: Vec<_> = share.bars.iter().map(|b| (b.x, b.width.as_str(), b.y, b.height)).collect();
        assert_eq!(bars, [(0, "26.86", 8, 6), (27, "16.86", 4, 10), (44, "4.86", 0, 14)]);
        assert_eq!(ShareView::new([0, 0, 3]).bars.len(), 1);
        assert_eq!(ShareView::new([0; 3]).width, 1);
    }
}
