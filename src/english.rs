//! Counts, lists, dates and first letters in words of ours.

/// "a", "a and b", "a, b and c", with `word` before the last.
pub fn list<S: AsRef<str>>(items: &[S], word: &str) -> String {
    let mut out = String::new();
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            if i + 1 == items.len() {
                out.push(' ');
                out.push_str(word);
                out.push(' ');
            } else {
                out.push_str(", ");
            }
        }
        out.push_str(item.as_ref());
    }
    out
}

/// "no tools", "1 tool", "2 tools", "1,200 tools": a noun of ours whose plural ends in s.
pub fn count(n: usize, noun: &str) -> String {
    match n {
        0 => format!("no {noun}s"),
        1 => format!("1 {noun}"),
        n => format!("{} {noun}s", thousands(n)),
    }
}

/// "0 tools", "1 tool", "1200 tools": the same where figures are digits alone.
pub fn plain_count(n: usize, noun: &str) -> String {
    if n == 1 { format!("1 {noun}") } else { format!("{n} {noun}s") }
}

/// The same text with a capital first letter.
pub fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or(String::new(), |c| c.to_uppercase().chain(chars).collect())
}

/// Digits in groups of three: "1,234,567".
pub(crate) fn thousands(n: usize) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

/// "20 November 2026" for `2026-11-20` with whatever follows it; other dates as written.
pub fn date(iso: &str) -> String {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let parts = || {
        let day = iso.get(..10)?;
        let mut parts = day.split('-');
        let year: u16 = parts.next().filter(|y| y.len() == 4)?.parse().ok()?;
        let month: usize = parts.next()?.parse().ok()?;
        let day: u8 = parts.next()?.parse().ok().filter(|d| (1..=31).contains(d))?;
        Some(format!("{day} {} {year}", MONTHS.get(month.checked_sub(1)?)?))
    };
    parts().unwrap_or_else(|| iso.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_nouns_agree() {
        let counted = [count(0, "tool"), count(1, "tool"), count(2, "label"), count(1_234, "tool")];
        assert_eq!(counted, ["no tools", "1 tool", "2 labels", "1,234 tools"]);
        assert_eq!(
            [plain_count(0, "tool"), plain_count(1, "tool"), plain_count(1_234, "tool")],
            ["0 tools", "1 tool", "1234 tools"]
        );
        assert_eq!([capital("élan"), capital("")], ["Élan", ""]);
        assert_eq!([list(&["a"], "and"), list(&["a", "b", "c"], "or")], ["a", "a, b or c"]);
    }

    #[test]
    fn dates_are_read_or_left_alone() {
        assert_eq!(date("2026-11-20"), "20 November 2026");
        assert_eq!(date("2026-11-20T10:00:00Z"), "20 November 2026");
        assert_eq!(date("yesterday"), "yesterday");
        assert_eq!(date("2026-13-01"), "2026-13-01");
    }
}
