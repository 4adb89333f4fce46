//! Sentences in scripts without spaces.

use super::Parser;
use crate::classify::stated::{Object, Stated};
use crate::risk::{Class, Span};

impl Parser<'_> {
    /// A sentence in a script without spaces: Chinese states its verb first, Japanese last; a verb behind
    /// a comma or `and` is joined.
    pub(super) fn unspaced(&self, start: usize, end: usize) -> Option<(Vec<Stated>, Object)> {
        let text = self.text;
        let index = self.lexicon.index();
        // Japanese and Korean state their verb last.
        let last = |c| matches!(c, '\u{3040}'..='\u{30ff}' | '\u{ac00}'..='\u{d7a3}');
        let kana = (start..end).any(|i| text.word(i).contains(last));
        let mut out: Vec<Stated> = Vec::new();
        for i in start..end {
            let word = text.word(i);
            let mut best = None;
            let mut at = 0;
            // Every verb of the word that nothing denies and that describes nothing.
            while let Some(rest) = word.get(at..) {
                let Some((verb, from, to)) = index.unspaced(rest, false) else { break };
                let (from, to) = (at + from, at + to);
                if is_stated(&word[..from], &word[to..]) {
                    let mut stated = Stated::new(self.lexicon, verb, text, i, 0.95);
                    let base = stated.span.start;
                    stated.span = Span { start: base + from, end: base + to };
                    let joined = stated.weight >= JOINED && is_joined(&word[..from]);
                    let worse = best.is_some_and(|b: Stated| {
                        b.class < stated.class && (stated.class == Class::Destructive || joined)
                    });
                    if best.is_none() || kana || worse {
                        best = Some(stated);
                    }
                }
                at = to;
            }
            let Some(stated) = best else { continue };
            if out.is_empty() {
                out.push(stated);
            } else if kana {
                out[0] = stated;
            } else if stated.class == Class::Destructive
                || (stated.class == Class::Write
                    && stated.weight >= JOINED
                    && is_joined(&word[..stated.span.start - text.span(i).start]))
            {
                out.push(stated);
            }
        }
        (!out.is_empty()).then(|| (out, Object::default()))
    }
}

/// From this weight on a joined verb that changes something counts.
const JOINED: f32 = 0.75;

/// Whether what stands before a verb joins it to the one before: `并向客户发送`.
fn is_joined(before: &str) -> bool {
    ["并", "然后", "同时", "随后", "之后", "接着"].iter().any(|and| before.contains(and)) && !before.contains('的')
}

/// Whether a verb between `before` and `after` says what is done: not denied (`不删除`), not done before
/// (`已删除`), not describing a thing (`删除的文件`).
fn is_stated(before: &str, after: &str) -> bool {
    const DENIES: [&str; 20] = [
        "不", "不会", "未", "已", "已经", "没", "没有", "被", "勿", "避免", "防止", "禁止", "无法", "之前", "必须",
        "需要", "应该", "用户", "如果", "当",
    ];
    const DESCRIBES: [&str; 19] = [
        "することはありません",
        "することはない",
        "せず",
        "的",
        "しません",
        "されません",
        "された",
        "済み",
        "しない",
        "できません",
        "过的",
        "了的",
        "状态",
        "记录",
        "时间",
        "된",
        "하지",
        "되지",
        "한 ",
    ];
    !DENIES.iter().any(|d| before.ends_with(d)) && !DESCRIBES.iter().any(|d| after.starts_with(d))
}
