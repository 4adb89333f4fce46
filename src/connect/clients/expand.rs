//! Variables in configurations: `${VAR}`, `${VAR:-default}`, `${env:VAR}`, `${input:id}`, `${userHome}`, and `$VAR` of Gemini.

use std::collections::BTreeMap;
use std::path::Path;

/// What variables stand for.
pub(super) struct Expansion<'a> {
    /// The person's home folder.
    pub home: Option<&'a Path>,
    /// The folder of the project that the file belongs to.
    pub project: Option<&'a Path>,
    /// `inputs` of VS Code: what they are without being asked for.
    pub inputs: &'a BTreeMap<String, Option<String>>,
    /// Whether `$VAR` is one as well.
    pub bare: bool,
}

impl Expansion<'_> {
    /// The text with the values of its variables.
    ///
    /// # Errors
    /// A sentence, where one has no value. It names the variable and never a value.
    pub(super) fn expand(&self, text: &str) -> Result<String, String> {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find('$') {
            out.push_str(&rest[..at]);
            let after = &rest[at + 1..];
            if let Some((name, left)) = after.strip_prefix('{').and_then(|inside| inside.split_once('}')) {
                out.push_str(&self.value(name)?);
                rest = left;
                continue;
            }
            let end = after.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(after.len());
            if self.bare && end > 0 && !after.starts_with(|c: char| c.is_ascii_digit()) {
                out.push_str(&self.value(&after[..end])?);
                rest = &after[end..];
            } else {
                out.push('$');
                rest = after;
            }
        }
        out.push_str(rest);
        Ok(out)
    }

    fn value(&self, name: &str) -> Result<String, String> {
        let shown = crate::neutral::terminal(name);
        let folder = |folder: Option<&Path>| {
            folder
                .map(|folder| folder.to_string_lossy().into_owned())
                .ok_or_else(|| format!("`${{{shown}}}` has no value here"))
        };
        match name {
            "userHome" => return folder(self.home),
            "workspaceFolder" => return folder(self.project),
            "pathSeparator" | "/" => return Ok(std::path::MAIN_SEPARATOR.to_string()),
            _ => {}
        }
        if let Some(id) = name.strip_prefix("input:") {
            let variable: String =
                id.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' }).collect();
            let known = self.inputs.get(id).cloned().flatten();
            return std::env::var(&variable).ok().or(known).ok_or_else(|| {
                let id = crate::neutral::terminal(id);
                format!("its configuration asks for the input `{id}`: set the variable `{variable}` to it")
            });
        }
        let name = name.strip_prefix("env:").unwrap_or(name);
        let (name, default) = match name.split_once(":-") {
            Some((name, default)) => (name, Some(default)),
            None => (name, None),
        };
        let unset =
            || format!("the variable `{}`, which its configuration uses, is not set", crate::neutral::terminal(name));
        std::env::var(name).ok().filter(|value| !value.is_empty()).or(default.map(str::to_owned)).ok_or_else(unset)
    }
}
