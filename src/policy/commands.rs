//! Commands that switch tools of a Docker MCP profile on and off. A shell does more than is read here: what is no such
//! command is refused.

const COMMAND: [&str; 4] = ["docker", "mcp", "profile", "tools"];

/// The switches of a script, in the order in which they act, each with its place: `--disable-all S`, `--enable S.T`.
///
/// # Errors
/// The place and a sentence, where something else stands there.
pub(super) fn switches(text: &str) -> Result<Vec<(usize, String)>, (usize, String)> {
    let mut found = Vec::new();
    let mut profile: Option<String> = None;
    for command in commands(text)? {
        let Some((at, first)) = command.first() else { continue };
        if is_setting(&command) {
            continue;
        }
        if !command.iter().map(|(_, word)| word.as_str()).take(COMMAND.len()).eq(COMMAND) {
            let what = format!("only `{}` is read, and this is {}", COMMAND.join(" "), crate::neutral::quoted(first));
            return Err((*at, what));
        }
        let mut own: Vec<(usize, usize, String)> = Vec::new();
        let mut words = command[COMMAND.len()..].iter();
        while let Some((at, word)) = words.next() {
            let Some(flag) = word.strip_prefix("--") else {
                if word.starts_with('-') || profile.as_ref().is_some_and(|known| known != word) {
                    return Err((*at, "one profile is named, and this is another word".to_owned()));
                }
                profile = Some(word.clone());
                continue;
            };
            let (flag, value) = match flag.split_once('=') {
                Some((flag, value)) => (flag, Some(value)),
                None => (flag, words.next().map(|(_, value)| value.as_str())),
            };
            // In one command: all of a server first, and what is on last.
            let order = ["disable-all", "enable-all", "disable", "enable"].iter().position(|known| *known == flag);
            match (order, value) {
                (Some(order), Some(value)) => {
                    own.extend(value.split(',').map(|name| (order, *at, format!("--{flag} {name}"))));
                }
                _ => return Err((*at, format!("{} is no switch with a name", crate::neutral::quoted(word)))),
            }
        }
        own.sort_by_key(|(order, ..)| *order);
        found.extend(own.into_iter().map(|(_, at, switch)| (at, switch)));
    }
    Ok(found)
}

/// `set -eu`, `PROFILE=tools`
fn is_setting(command: &[ShellWord]) -> bool {
    let assigns = |word: &str| {
        let name = word.split_once('=').map(|(name, _)| name);
        name.is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_'))
    };
    let words: Vec<&str> = command.iter().map(|(_, word)| word.as_str()).collect();
    match words.as_slice() {
        ["set", ..] => true,
        ["export", rest @ ..] => rest.iter().all(|word| assigns(word)),
        words => words.iter().all(|word| assigns(word)),
    }
}

/// A word with its place.
type ShellWord = (usize, String);

/// Each command as words with their places.
fn commands(text: &str) -> Result<Vec<Vec<ShellWord>>, (usize, String)> {
    let mut commands = vec![Vec::new()];
    let mut word: Option<(usize, String)> = None;
    let mut chars = text.char_indices().peekable();
    let mut begin = true;
    while let Some((at, c)) = chars.next() {
        if matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{feff}') {
            if let (Some(done), Some(command)) = (word.take(), commands.last_mut()) {
                command.push(done);
            }
            if c == '\n' {
                commands.push(Vec::new());
            }
            begin = true;
            continue;
        }
        if c == '#' && begin {
            while chars.next_if(|(_, c)| *c != '\n').is_some() {}
            continue;
        }
        begin = false;
        // A line goes on behind a backslash at its end.
        if c == '\\' && text[at + 1..].starts_with(['\n', '\r']) {
            let windows = text[at + 1..].starts_with("\r\n");
            chars.next();
            if windows {
                chars.next();
            }
            begin = word.is_none();
            continue;
        }
        let (_, into) = word.get_or_insert_with(|| (at, String::new()));
        match c {
            '\'' => loop {
                match chars.next() {
                    Some((_, '\'')) => break,
                    Some((_, c)) => into.push(c),
                    None => return Err((at, "a quote has no end".to_owned())),
                }
            },
            '"' => loop {
                match chars.next() {
                    Some((_, '"')) => break,
                    Some((at, '`')) => return Err((at, "a command within a command is not read".to_owned())),
                    Some((at, '$')) if text[at..].starts_with("$(") => {
                        return Err((at, "a command within a command is not read".to_owned()));
                    }
                    Some((_, '\\')) => match chars.next() {
                        Some((_, c @ ('"' | '\\' | '$' | '`'))) => into.push(c),
                        Some((_, '\n')) => {}
                        Some((_, c)) => into.extend(['\\', c]),
                        None => return Err((at, "a quote has no end".to_owned())),
                    },
                    Some((_, c)) => into.push(c),
                    None => return Err((at, "a quote has no end".to_owned())),
                }
            },
            '\\' => into.extend(chars.next().map(|(_, c)| c)),
            ';' | '&' | '|' | '<' | '>' | '(' | ')' | '`' | '*' | '?' | '[' => {
                return Err((at, format!("`{c}` does what is not read here: write one command a line")));
            }
            '$' if text[at..].starts_with("$(") => {
                return Err((at, "a command within a command is not read".to_owned()));
            }
            c => into.push(c),
        }
    }
    if let (Some(done), Some(command)) = (word, commands.last_mut()) {
        command.push(done);
    }
    Ok(commands)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<String> {
        switches(text).expect("is read").into_iter().map(|(_, switch)| switch).collect()
    }

    #[test]
    fn switches_are_read_in_the_order_in_which_they_act() {
        let text = "#!/bin/sh\nset -eu\r\nPROFILE='my tools' # ours\ndocker mcp profile tools \"$PROFILE\" \\\n  --enable s.a,s.b \\\r\n --disable-all=s\n\ndocker mcp profile tools \"$PROFILE\" --disable 's.b'\n";
        assert_eq!(read(text), ["--disable-all s", "--enable s.a", "--enable s.b", "--disable s.b"]);
        assert_eq!(switches(text).expect("is read")[0].0, text.find("--disable-all").expect("there"));
        assert_eq!(read(""), [""; 0]);
    }

    #[test]
    fn what_a_shell_does_besides_is_refused_with_its_place() {
        for (text, at) in [
            ("docker mcp profile tools p --enable s.a; rm -r /", 39),
            ("docker mcp profile tools p --enable $(cat list)", 36),
            ("docker mcp profile tools p --enable \"`cat list`\"", 37),
            ("docker mcp profile tools p --enable s.a | cat", 40),
            ("docker mcp gateway run", 0),
            ("docker mcp profile tools p --enable", 27),
            ("docker mcp profile tools p --all s", 27),
            ("docker mcp profile tools p -e s.a", 27),
            ("docker mcp profile tools p --enable s.a\ndocker mcp profile tools q --disable-all s", 65),
            ("docker mcp profile tools 'p", 25),
            ("PROFILE=p docker mcp profile tools p", 0),
        ] {
            assert_eq!(switches(text).map_err(|fault| fault.0), Err(at), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_script_is_too_much(text in "([ a-z.=$\\\\\"'#\n\r,-]|docker mcp profile tools p |--enable ){0,40}") {
            let _ = switches(&text);
        }
    }
}
