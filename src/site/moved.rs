//! Former addresses: what a publisher renamed leads on.

use std::path::Path;

use super::index::{ServerRow, SiteIndex};
use super::urls;
use super::views::tool_place;
use crate::config::{Config, FILE};
use crate::diagnostic::nearest;
use crate::diagnostic::{Code, Diagnostic};

/// A former address and where it leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// The file at the former address.
    pub from: String,
    /// The file that is there now.
    pub to: String,
    /// The fragment in it, or nothing.
    pub fragment: String,
    /// The name of what is there now. A server's words: escape it.
    pub name: String,
}

/// The pages for `[aliases]`. A renamed server takes the addresses of its tools along.
pub(crate) fn resolve(config: &Config, index: &SiteIndex, diagnostics: &mut Vec<Diagnostic>) -> Vec<Moved> {
    let mut out = Vec::new();
    for (old, new) in &config.aliases {
        match one(config, index, old, new) {
            Ok(moved) => out.extend(moved),
            Err((message, help)) => diagnostics.push(Diagnostic::error(Code::BadAlias, Path::new(FILE), message, help)),
        }
    }
    out
}

fn one(config: &Config, index: &SiteIndex, old: &str, new: &str) -> Result<Vec<Moved>, (String, String)> {
    let (new_server, new_tool) = new.split_once('/').map_or((new, None), |(s, t)| (s, Some(t)));
    let Some(row) = index.server(new_server).map(|at| &index.servers[at]) else {
        let slugs = index.servers.iter().map(|s| s.slug.as_str());
        return Err((
            format!("the alias `{old}` leads to `{new}`, and there is no such server"),
            hint(new_server, slugs),
        ));
    };
    let taken = |what: &str| {
        (
            format!("`{what}` is in the catalogue and cannot be an alias"),
            "remove the alias, or rename one of both".to_owned(),
        )
    };
    let place = |i: usize| tool_place(config, row, i);
    match (old.split_once('/'), new_tool) {
        (None, None) => {
            if index.server(old).is_some() {
                return Err(taken(old));
            }
            let folder = urls::server_file(old);
            let mut moved = vec![Moved {
                from: urls::server(&folder),
                to: row.url(),
                fragment: String::new(),
                name: row.title.clone(),
            }];
            moved.extend((0..row.tools.len()).map(|i| {
                let (to, fragment) = place(i);
                Moved { from: urls::tool(&folder, row.tool_file(i)), to, fragment, name: row.name(i).to_owned() }
            }));
            Ok(moved)
        }
        (Some((old_server, old_tool)), Some(new_tool)) => {
            let names = || (0..row.tools.len()).map(|i| row.name(i));
            let Some(i) = names().position(|n| n == new_tool) else {
                return Err((
                    format!("the alias `{old}` leads to `{new}`, and there is no such tool"),
                    hint(new_tool, names()),
                ));
            };
            let former: Option<&ServerRow> = index.server(old_server).map(|at| &index.servers[at]);
            let file = urls::tool_files(&[old_tool]).remove(0);
            if former.is_some_and(|s| (0..s.tools.len()).any(|i| s.tool_file(i) == file)) {
                return Err(taken(old));
            }
            let (to, fragment) = place(i);
            let from = urls::tool(&urls::server_file(old_server), &file);
            Ok(vec![Moved { from, to, fragment, name: new_tool.to_owned() }])
        }
        _ => Err((
            format!("the alias `{old}` leads to `{new}`: a server leads to a server, a tool to a tool"),
            "write both as `server` or both as `server/tool`".to_owned(),
        )),
    }
}

fn hint<'a>(name: &str, all: impl IntoIterator<Item = &'a str>) -> String {
    match nearest(name, all) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "name what is in the catalogue".to_owned(),
    }
}
