//! Short names for what only a script itself can see. It works on tokens: where each name is declared and used follows from
//! brackets, `=>`, `const`, `let`, `for` and `catch`. A script with a word that says more than that keeps its names.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::tokens::{Token, TokenKind};

/// Words that this does not read: names may then be seen from places that it does not know of.
const UNREAD: [&str; 10] =
    ["function", "class", "switch", "do", "with", "eval", "import", "export", "arguments", "debugger"];
/// Words behind which a brace opens an object or a pattern.
const VALUE_FOLLOWS: [&str; 9] = ["return", "const", "let", "var", "of", "in", "typeof", "await", "yield"];
/// Words of few letters that are no names.
const WORDS: [&str; 6] = ["as", "do", "if", "in", "is", "of"];
/// Letters of short names, the commonest first.
const LETTERS: &str = "etnrsoialcdfumphgwvbkyxjqzETNRSOIALCDFUMPHGWVBKYXJQZ";

/// From the first token of what can see a name to the one after the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Visibility {
    begin: usize,
    end: usize,
}

/// Tokens and how their brackets belong together.
struct Brackets<'a> {
    tokens: &'a [Token<'a>],
    /// The token that closes what this one opens; that opened what this one closes; around both.
    closed_by: Vec<Option<usize>>,
    opened_by: Vec<Option<usize>>,
    within: Vec<Option<usize>>,
}

/// The text of each token that is written otherwise, by its place.
pub(super) fn short(tokens: &[Token<'_>]) -> HashMap<usize, String> {
    let Some(brackets) = Brackets::of(tokens) else { return HashMap::new() };
    brackets.short().unwrap_or_default()
}

impl<'a> Brackets<'a> {
    /// Nothing where brackets are not closed in order.
    fn of(tokens: &'a [Token<'a>]) -> Option<Self> {
        let nothing = vec![None; tokens.len()];
        let mut brackets = Self { tokens, closed_by: nothing.clone(), opened_by: nothing.clone(), within: nothing };
        let mut open = Vec::new();
        for (at, token) in tokens.iter().enumerate() {
            if token.closes() {
                let opened: usize = open.pop()?;
                brackets.opened_by[at] = Some(opened);
                brackets.closed_by[opened] = Some(at);
            }
            brackets.within[at] = open.last().copied();
            if token.opens() {
                open.push(at);
            }
        }
        open.is_empty().then_some(brackets)
    }

    fn is(&self, at: usize, mark: &str) -> bool {
        self.tokens.get(at).is_some_and(|token| token.is(mark))
    }

    fn before(&self, at: usize) -> Option<&Token<'a>> {
        self.tokens.get(at.checked_sub(1)?)
    }

    /// Whether the brace opens a value or a pattern and no block.
    fn is_object(&self, brace: usize) -> bool {
        self.is(brace, "{")
            && self.before(brace).is_some_and(|before| match before.kind {
                TokenKind::Mark => !matches!(before.text, "=>" | ")" | "{" | "}" | ";"),
                TokenKind::Name => VALUE_FOLLOWS.contains(&before.text),
                kind => kind == TokenKind::Template,
            })
    }

    /// The token behind this one, or behind what this one opens.
    fn after(&self, at: usize) -> usize {
        let mut at = at;
        while let Some(close) = self.closed_by.get(at).copied().flatten() {
            // What closes one value of a template may open the next.
            at = close;
        }
        at + 1
    }

    /// Where the value that begins here ends.
    fn end_of_value(&self, begin: usize) -> usize {
        let (mut at, mut questions) = (begin, 0_usize);
        while let Some(token) = self.tokens.get(at) {
            match token.text {
                "?" if token.is("?") => questions += 1,
                ":" if token.is(":") && questions > 0 => questions -= 1,
                _ if token.closes() || token.is(",") || token.is(";") || token.is(":") => return at,
                _ => {}
            }
            at = self.after(at);
        }
        at
    }

    /// Where the statement that begins here ends.
    fn end_of_statement(&self, begin: usize) -> usize {
        let goes_on = |at: usize| {
            self.tokens.get(at).is_some_and(|token| ["else", "catch", "finally"].iter().any(|word| token.is_word(word)))
        };
        let mut at = begin;
        while let Some(token) = self.tokens.get(at) {
            if token.closes() {
                return at;
            }
            let is_block = token.is("{") && !self.is_object(at) && !self.before(at).is_some_and(|b| b.is("=>"));
            let ends = is_block || token.is(";");
            at = self.after(at);
            if ends && !goes_on(at) {
                return at;
            }
        }
        at
    }

    /// Whether the name is that of a property: behind a dot, or before a colon or a bracket in an object.
    fn is_property(&self, at: usize) -> bool {
        let dotted = self.before(at).is_some_and(|before| before.is(".") || before.is("?."));
        dotted || self.is_in_object(at) && (self.is(at + 1, ":") || self.is(at + 1, "("))
    }

    /// Whether the name is that of a property and of a variable: `{ name }`.
    fn is_both(&self, at: usize) -> bool {
        self.is_in_object(at) && !self.is_property(at)
    }

    fn is_in_object(&self, at: usize) -> bool {
        self.within[at].is_some_and(|brace| self.is_object(brace))
            && self.before(at).is_some_and(|before| before.is("{") || before.is(","))
    }

    /// The names that a pattern or a list of parameters declares, between two brackets or as one name.
    fn declared(&self, begin: usize, end: usize, names: &mut Vec<&'a str>) {
        let mut at = begin;
        while let Some(token) = self.tokens.get(at).filter(|_| at < end) {
            if token.is("=") {
                // What it is where nothing is given.
                at = self.end_of_value(at + 1);
                continue;
            }
            if token.kind == TokenKind::Name && !self.is_property(at) {
                names.push(token.text);
            } else if let Some(close) = self.closed_by[at] {
                self.declared(at + 1, close, names);
            }
            at = self.after(at);
        }
    }

    /// What can see which names; nothing where the script holds what this does not read.
    fn visibilities(&self) -> Option<BTreeMap<Visibility, Vec<&'a str>>> {
        let mut all: BTreeMap<Visibility, Vec<&'a str>> = BTreeMap::new();
        let mut later = Vec::new();
        for (at, token) in self.tokens.iter().enumerate() {
            if token.is("{") && !self.is_object(at) {
                all.entry(Visibility { begin: at, end: self.after(at) }).or_default();
            } else if token.is("=>") {
                let last = at.checked_sub(1)?;
                let begin = self.opened_by[last].unwrap_or(last);
                let end = if self.is(at + 1, "{") { self.after(at + 1) } else { self.end_of_value(at + 1) };
                self.declared(begin, at, all.entry(Visibility { begin, end }).or_default());
            } else if token.kind == TokenKind::Name && !self.is_property(at) {
                match token.text {
                    "for" => {
                        let begin = at + 1;
                        let end = self.end_of_statement(self.after(begin));
                        all.entry(Visibility { begin, end }).or_default();
                    }
                    "catch" if self.is(at + 1, "(") => {
                        let begin = at + 1;
                        let end = self.after(self.after(begin));
                        self.declared(begin, begin + 1, all.entry(Visibility { begin, end }).or_default());
                    }
                    "const" | "let" if self.within[at].is_some() => later.push(at),
                    "var" if self.within[at].is_some() => return None,
                    word if UNREAD.contains(&word) => return None,
                    _ => {}
                }
            }
        }
        for at in later {
            let around = all.range_mut(..=Visibility { begin: at, end: usize::MAX });
            let (_, names) = around.rev().find(|(visibility, _)| at < visibility.end)?;
            let mut begin = at + 1;
            loop {
                // One name or pattern, its value, and perhaps the next.
                self.declared(begin, self.after(begin), names);
                let mut end = self.after(begin);
                if self.is(end, "=") {
                    end = self.end_of_value(end + 1);
                }
                if !self.is(end, ",") {
                    break;
                }
                begin = end + 1;
            }
        }
        Some(all)
    }

    fn short(&self) -> Option<HashMap<usize, String>> {
        let visibilities: Vec<(Visibility, Vec<&str>)> = self.visibilities()?.into_iter().collect();
        // Where each name is declared that a token uses, from the outermost to the innermost that can see it.
        let mut uses: BTreeMap<(usize, &str), Vec<usize>> = BTreeMap::new();
        // Names from outside that each sees: declared there, or by nobody here.
        let mut seen: Vec<BTreeSet<(Option<usize>, &str)>> = vec![BTreeSet::new(); visibilities.len()];
        let mut around: Vec<usize> = Vec::new();
        let mut next = 0;
        for (at, token) in self.tokens.iter().enumerate() {
            around.retain(|one| at < visibilities[*one].0.end);
            while visibilities.get(next).is_some_and(|(visibility, _)| visibility.begin == at) {
                around.push(next);
                next += 1;
            }
            if token.kind != TokenKind::Name || self.is_property(at) {
                continue;
            }
            let declared = around.iter().rposition(|one| visibilities[*one].1.contains(&token.text));
            let place = declared.map(|depth| around[depth]);
            if let Some(place) = place {
                uses.entry((place, token.text)).or_default().push(at);
            }
            for one in &around[declared.map_or(0, |depth| depth + 1)..] {
                seen[*one].insert((place, token.text));
            }
        }
        let mut given: HashMap<(usize, &str), String> = HashMap::new();
        let mut out = HashMap::new();
        for (place, seen) in seen.iter().enumerate() {
            let mut taken: BTreeSet<String> = WORDS.map(str::to_owned).into();
            taken.extend(seen.iter().map(|(outside, name)| {
                outside.and_then(|outside| given.get(&(outside, *name)).cloned()).unwrap_or_else(|| (*name).to_owned())
            }));
            let mut own: Vec<_> = uses.range((place, "")..(place + 1, "")).collect();
            own.sort_by_key(|(_, uses)| uses.first().copied());
            let mut free = candidates().filter(|name| !taken.contains(name));
            for (key, uses) in own {
                let name = free.next()?;
                for at in uses {
                    let text = if self.is_both(*at) { format!("{}:{name}", key.1) } else { name.clone() };
                    out.insert(*at, text);
                }
                given.insert(*key, name);
            }
        }
        Some(out)
    }
}

/// Names of one letter, then of two.
fn candidates() -> impl Iterator<Item = String> {
    let letters = || LETTERS.chars();
    let two = letters().flat_map(move |first| letters().map(move |second| format!("{first}{second}")));
    letters().map(String::from).chain(two)
}

#[cfg(test)]
mod tests {
    use super::super::script::script;
    use super::super::tokens::tokens;
    use super::*;
    use crate::site::assets::embedded;

    #[test]
    fn what_only_the_script_sees_has_a_short_name() {
        for (source, served) in [
            ("(() => { const long = 1; f(long); })();", "(()=>{const e=1;f(e)})();"),
            ("(() => { let one = 1, two = f(one, 2); g(two); })();", "(()=>{let e=1,t=f(e,2);g(t)})();"),
            ("f(one => one + 1, (two, three) => { g(two, three); });", "f(e=>e+1,(e,t)=>{g(e,t)});"),
            ("f(({ one, two: [three], four = 5 }) => one + three + four);", "f(({one:e,two:[t],four:n=5})=>e+t+n);"),
            (
                "f(async (...all) => { for (const one of all) await one; });",
                "f(async(...e)=>{for(const t of e)await t});",
            ),
            ("try { f(); } catch (problem) { g(problem); }", "try{f()}catch(e){g(e)}"),
            ("{ const one = 1; { const two = one; f(two); } }", "{const e=1;{const t=e;f(t)}}"),
            ("{ const one = `a ${b(one)} c`; }", "{const e=`a ${b(e)} c`}"),
        ] {
            assert_eq!(script(source), served);
        }
    }

    #[test]
    fn what_others_see_keeps_its_name() {
        for source in ["const one=1;f(one);", "var one=e=>e;", "{f(document.title,one)}", "one:two;"] {
            assert_eq!(script(source), source);
        }
        assert_eq!(
            script("{ const name = 1; f(a.name, a?.name, { name: 2 }); }"),
            "{const e=1;f(a.name,a?.name,{name:2})}"
        );
        assert_eq!(script("{ const name = 1; f({ name, other: name }); }"), "{const e=1;f({name:e,other:e})}");
    }

    #[test]
    fn a_short_name_hides_none_that_is_used() {
        // `e`, `t` and `n` are what the page has.
        assert_eq!(script("{ const one = e, two = t; f(one, two, n); }"), "{const r=e,s=t;f(r,s,n)}");
        assert_eq!(script("{ const one = 1; f(two => two + one); }"), "{const e=1;f(t=>t+e)}");
        assert_eq!(script("{ const one = 1; f(one); } { g(e); const two = 2; }"), "{const e=1;f(e)}{g(e);const t=2}");
    }

    #[test]
    fn one_name_may_mean_two_things() {
        assert_eq!(
            script("{ const a1 = 1; for (const a1 of b) f(a1); g(a1); }"),
            "{const e=1;for(const e of b)f(e);g(e)}"
        );
        assert_eq!(script("{ const a1 = 1, b1 = a1 => a1 ? 2 : a1; f(a1, b1); }"), "{const e=1,t=e=>e?2:e;f(e,t)}");
        assert_eq!(
            script("{ for (const a1 of b) if (a1) f(a1); else g(a1); h(a1); }"),
            "{for(const e of b)if(e)f(e);else g(e);h(a1)}"
        );
        assert_eq!(
            script("{ for (const a1 of b) f = () => { g(a1); }; h(a1); }"),
            "{for(const e of b)f=()=>{g(e)};h(a1)}"
        );
    }

    #[test]
    fn a_script_with_words_that_say_more_keeps_its_names() {
        for word in UNREAD.into_iter().filter(|word| *word != "debugger") {
            let source = format!("(() => {{ const long = 1; {word} x(long) {{}} }})();");
            assert!(script(&source).contains("long"), "{word}");
        }
        assert!(script("(() => { var long = 1; f(long); })();").contains("long"));
        // As the name of a property it says nothing.
        assert_eq!(script("{ const long = { class: 1 }; f(long.class); }"), "{const e={class:1};f(e.class)}");
    }

    /// Where each name that is used is declared: the places of what can see it, in order.
    fn declared(text: &str) -> Vec<Option<Visibility>> {
        let tokens = tokens(text);
        let brackets = Brackets::of(&tokens).expect("brackets");
        let visibilities = brackets.visibilities().expect("read");
        let order: Vec<&Visibility> = visibilities.keys().collect();
        let names = (0..tokens.len()).filter(|at| tokens[*at].kind == TokenKind::Name && !brackets.is_property(*at));
        let place = |at: usize| {
            let sees = |(one, names): &(&Visibility, &Vec<&str>)| {
                one.begin <= at && at < one.end && names.contains(&tokens[at].text)
            };
            let (visibility, _) = visibilities.iter().rfind(sees)?;
            let number = order.iter().position(|one| *one == visibility)?;
            Some(Visibility { begin: number, end: 0 })
        };
        names.map(place).collect()
    }

    #[test]
    fn every_name_of_an_embedded_script_means_what_it_meant() {
        let mut names = 0;
        for (name, bytes) in embedded().filter(|(name, _)| name.rsplit('.').next() == Some("js")) {
            let source = format!("(() => {{ {} }})();", String::from_utf8_lossy(bytes));
            let (before, after) = (declared(&source), declared(&script(&source)));
            assert_eq!(before, after, "{name}");
            names += before.iter().flatten().count();
        }
        assert!(names > 1_000, "{names}");
    }
}
