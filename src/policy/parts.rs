//! A document in parts. A writer puts them together once; the text for a choice of tools is what remains of them.

use std::borrow::Cow;

/// One part of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DocumentPart {
    /// Kept whatever is chosen.
    Text(Cow<'static, str>),
    /// What one tool adds; the place is that of the tool among those the writer was given.
    Row(usize, String),
    /// Parts with what is around and between them.
    List(PartList),
}

/// Parts with what is around and between those that remain.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PartList {
    /// The whole text where no part remains; empty leaves the list out.
    pub none: Cow<'static, str>,
    /// What is around a part that remains alone, where that differs.
    pub single: Option<(Cow<'static, str>, Cow<'static, str>)>,
    /// Before the first part.
    pub open: Cow<'static, str>,
    /// Between two parts.
    pub between: Cow<'static, str>,
    /// After the last part.
    pub close: Cow<'static, str>,
    /// The parts in order.
    pub parts: Vec<DocumentPart>,
}

impl PartList {
    /// A list of parts that is left out where none remains.
    pub fn new(
        open: impl Into<Cow<'static, str>>,
        between: impl Into<Cow<'static, str>>,
        close: impl Into<Cow<'static, str>>,
        parts: Vec<DocumentPart>,
    ) -> Self {
        Self { open: open.into(), between: between.into(), close: close.into(), parts, ..Self::default() }
    }

    /// The same list with a text where no part remains.
    #[must_use]
    pub fn or(mut self, none: impl Into<Cow<'static, str>>) -> Self {
        self.none = none.into();
        self
    }

    /// The same list with other text around a part that remains alone.
    #[must_use]
    pub fn single(mut self, open: impl Into<Cow<'static, str>>, close: impl Into<Cow<'static, str>>) -> Self {
        self.single = Some((open.into(), close.into()));
        self
    }

    /// A text that is kept where one of the places remains.
    pub fn whenever(text: impl Into<Cow<'static, str>>, places: Vec<usize>) -> Self {
        Self::new(text, "", "", places.into_iter().map(|place| DocumentPart::Row(place, String::new())).collect())
    }

    /// The places of its rows.
    pub fn places(&self) -> Vec<usize> {
        let place = |part: &DocumentPart| if let DocumentPart::Row(place, _) = part { Some(*place) } else { None };
        self.parts.iter().filter_map(place).collect()
    }

    /// The text of all parts; empty where the list is left out.
    pub fn text(&self) -> String {
        self.kept(&|_| true)
    }

    /// The text where of the rows those of these places remain.
    pub fn kept(&self, kept: &dyn Fn(usize) -> bool) -> String {
        let mut out = String::new();
        self.write(&mut out, kept);
        out
    }

    fn write(&self, out: &mut String, kept: &dyn Fn(usize) -> bool) {
        let mut written: Vec<String> = Vec::new();
        let mut count = 0;
        for part in &self.parts {
            count += usize::from(match part {
                DocumentPart::Text(_) => true,
                DocumentPart::Row(place, _) => kept(*place),
                DocumentPart::List(list) => {
                    written.push(list.kept(kept));
                    written.last().is_some_and(|text| !text.is_empty())
                }
            });
        }
        if count == 0 {
            return out.push_str(&self.none);
        }
        let (open, close) = match &self.single {
            Some((open, close)) if count == 1 => (open, close),
            _ => (&self.open, &self.close),
        };
        out.push_str(open);
        let mut lists = written.iter();
        let mut first = true;
        for part in &self.parts {
            let text = match part {
                DocumentPart::Text(text) => text.as_ref(),
                DocumentPart::Row(place, text) if kept(*place) => text,
                DocumentPart::Row(..) => continue,
                DocumentPart::List(_) => match lists.next() {
                    Some(text) if !text.is_empty() => text,
                    _ => continue,
                },
            };
            if !first {
                out.push_str(&self.between);
            }
            first = false;
            out.push_str(text);
        }
        out.push_str(close);
    }
}

impl From<PartList> for DocumentPart {
    fn from(list: PartList) -> Self {
        Self::List(list)
    }
}

impl From<&'static str> for DocumentPart {
    fn from(text: &'static str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for DocumentPart {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}
