//! What a sentence says that the tool calls or runs, named as code: ``Calls `DELETE /users/{id}` ``, ``Runs `rm -rf` ``.

use super::Parser;
use crate::classify::name::read_name;
use crate::classify::stated::Stated;
use crate::classify::text::Text;
use crate::lexicon::{Form, Function, VerbRole};
use crate::risk::{Class, Span};
use crate::words::Break;

/// From this weight on a verb inside a command or a name of a function counts.
const MIN_WEIGHT: f32 = 0.65;

impl Parser<'_> {
    /// What is called or run by name, where it destroys: the name is read like that of a tool.
    pub(super) fn called(&self, start: usize, end: usize, found: &mut Vec<Stated>) {
        let text = self.text;
        if !text.has_quoted() {
            return;
        }
        let mut at = start;
        while at < end {
            if !text.quoted(at) || !self.is_called(start, at) {
                at += 1;
                continue;
            }
            let span = self.code(at);
            let Some(code) = self.raw.get(span.start..span.end) else { return };
            let mut words = Text::default();
            words.identifier(self.lexicon, code);
            let name = read_name(self.lexicon, &words, 0);
            if let Some(stated) = name.worst().filter(|s| s.class == Class::Destructive && s.weight >= MIN_WEIGHT) {
                let own = stated.span;
                let span = Span { start: span.start + own.start, end: span.start + own.end };
                found.push(Stated { span, at, weight: stated.weight.max(0.75), by_object: true, ..*stated });
            }
            while at < end && text.span(at).start < span.end {
                at += 1;
            }
        }
    }

    /// Whether what is named at `at` is what the tool calls: a verb of calling in the third person stands before it, or the
    /// description begins with it.
    fn is_called(&self, start: usize, at: usize) -> bool {
        let text = self.text;
        if at == 0 {
            return self.raw.trim_start().starts_with('`');
        }
        let mut verb = at - 1;
        while verb > start && (self.is_determined(verb) || text.is(verb, Function::CodeNoun)) {
            verb -= 1;
        }
        let Some((_, form, row)) = text.verb(self.lexicon, verb).filter(|_| verb >= start) else { return false };
        // `find unused requests", "remove them"`: a list of words that somebody may say.
        let said = self.raw.get(..text.span(at).start).is_some_and(|before| before.ends_with(['"', '“', '\'']));
        if said || (verb + 1..=at).any(|k| text.before(k) > Break::Slash) {
            return false;
        }
        let calls = [VerbRole::Calls, VerbRole::Runs, VerbRole::Sends, VerbRole::Employs]
            .iter()
            .any(|role| row.roles.contains(*role));
        // `Removes it by calling …`
        let by = form == Form::Ing && verb > start && matches!(text.word(verb - 1), "by" | "then");
        let clause = self.clause(start, verb);
        calls
            && (form == Form::Third || by)
            && !(clause..verb).any(|k| {
                text.is(k, Function::Denies) || text.is(k, Function::Condition) || text.is(k, Function::Relative)
            })
    }

    /// The bytes of the code that begins with the word at `at`: up to the mark that closes it, or that word.
    fn code(&self, at: usize) -> Span {
        let own = self.text.span(at);
        let Some(before) = self.raw.get(..own.start) else { return own };
        if !before.trim_end_matches(['/', '-', '.', '$', '(']).ends_with('`') {
            return own;
        }
        let close = self.raw.get(own.start..).and_then(|rest| rest.find('`'));
        close.map_or(own, |close| Span { start: own.start, end: own.start + close })
    }
}
