//! Posting lists: document numbers, cut where a word is common, written as base-64 digits.

/// Digits of a number in a list: five bits each, least first; the upper half says that more follow.
const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Appends `number` to `out`.
pub(super) fn number(mut number: u32, out: &mut String) {
    loop {
        let more = number >= 32;
        let digit = (number & 31) as usize + if more { 32 } else { 0 };
        out.push(char::from(DIGITS[digit]));
        number >>= 5;
        if !more {
            break;
        }
    }
}

/// Appends `documents` (ascending, without repeats) to `out`, at most about `cap` of them.
///
/// A longer list keeps the first `k` documents of every group, with the largest `k` that stays
/// within `cap`: short names come first in a group, and no filter loses its last match. `!`, the
/// whole length and `k` say so. `starts` are the groups' first documents, ascending from 0.
pub(super) fn list(documents: &[u32], starts: &[u32], cap: usize, out: &mut String) {
    if documents.len() <= cap {
        return deltas(documents.iter().copied(), out);
    }
    let runs: Vec<&[u32]> = documents.chunk_by(|a, b| group(starts, *a) == group(starts, *b)).collect();
    let kept = |k: usize| runs.iter().map(|run| run.len().min(k)).sum::<usize>();
    let (mut low, mut high) = (1, cap);
    while low < high {
        let middle = (low + high).div_ceil(2);
        if kept(middle) <= cap { low = middle } else { high = middle - 1 }
    }
    out.push('!');
    number(u32::try_from(documents.len()).unwrap_or(u32::MAX), out);
    number(u32::try_from(low).unwrap_or(u32::MAX), out);
    deltas(runs.iter().flat_map(|run| run.iter().take(low)).copied(), out);
}

fn group(starts: &[u32], document: u32) -> usize {
    starts.partition_point(|start| *start <= document)
}

fn deltas(documents: impl Iterator<Item = u32>, out: &mut String) {
    let mut next = 0;
    for document in documents {
        number(document - next, out);
        next = document + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(documents: &[u32], starts: &[u32], cap: usize) -> String {
        let mut out = String::new();
        list(documents, starts, cap, &mut out);
        out
    }

    #[test]
    fn a_list_counts_the_documents_between() {
        assert_eq!(written(&[0, 1, 5, 40], &[0], 9), "AADiB");
    }

    #[test]
    fn a_cut_list_keeps_the_first_of_every_group_and_says_how_many_there_were() {
        // 6 documents, cap 4: two of the group from 0, two of the group from 100.
        assert_eq!(written(&[1, 2, 3, 4, 100, 101], &[0, 100], 4), "!GCBAhDA");
    }

    #[test]
    fn a_cut_list_never_loses_a_group_even_where_groups_exceed_the_cap() {
        assert_eq!(written(&[0, 1, 2, 3], &[0, 1, 2, 3], 2), "!EBAAAA");
    }
}
