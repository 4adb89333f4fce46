//! Templates ask for what views have: a path that no view has would be silently false in a condition.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use regex::Regex;
use serde_json::Value;
use toolcard::config::Config;
use toolcard::site::assets::Assets;
use toolcard::site::pages::PAGES;
use toolcard::site::render::{FILES, templates};
use toolcard::site::site_view::SiteView;
use toolcard::site::theme_check;

/// Every path that a value has; items of a list are `list[]`.
fn paths(path: &str, value: &Value, out: &mut BTreeSet<String>) {
    out.insert(path.to_owned());
    match value {
        Value::Array(items) => items.iter().for_each(|item| paths(&format!("{path}[]"), item, out)),
        Value::Object(map) => {
            let below = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
            map.iter().for_each(|(key, value)| paths(&below(key), value, out));
        }
        _ => {}
    }
}

/// What names stand for where a template is read: the paths that a name may mean.
type Scope = Vec<(String, Vec<String>)>;

struct Reader {
    tag: Regex,
    word: Regex,
    index: Regex,
    call: Regex,
    argument: Regex,
    /// Body and parameters of each component.
    components: HashMap<String, (Vec<String>, String)>,
}

impl Reader {
    fn new() -> Self {
        let regex = |text| Regex::new(text).expect("a pattern");
        let (_, parts) = templates().find(|(name, _)| *name == "parts/components.html").expect("the parts");
        let each = regex(r"(?s)\{%-? component (\w+)\(([^)]*)\) -?%\}(.*?)\{%-? endcomponent");
        let component = |found: regex::Captures<'_>| {
            let names =
                found[2].split(',').filter_map(|part| part.split('=').next()).map(|name| name.trim().to_owned());
            (found[1].to_owned(), (names.filter(|name| !name.is_empty()).collect(), found[3].to_owned()))
        };
        Self {
            tag: regex(r"(?s)\{#.*?#\}|\{\{(.*?)\}\}|\{%-?(.*?)-?%\}"),
            word: regex(r"(?:^|[^.\w|])([a-z_]\w*(?:\.\w+|\[\d+\])*)"),
            index: regex(r"\[\d+\]"),
            call: regex(r"^<(\w+)\s*(.*)/>$"),
            argument: regex(r"(\w+)=(?:\{([^}]*)\}|\x22[^\x22]*\x22)"),
            components: each.captures_iter(parts).map(component).collect(),
        }
    }

    /// Reads a template; what it asks for and `known` does not have goes to `missing`.
    fn read(&self, source: &str, scope: &Scope, known: &BTreeSet<String>, missing: &mut BTreeSet<String>) {
        let mut scope = scope.clone();
        for tag in self.tag.captures_iter(source) {
            let Some(inner) =
                tag.get(1).or_else(|| tag.get(2)).map(|inner| inner.as_str().trim().trim_matches('-').trim())
            else {
                continue;
            };
            if let Some(call) = self.call.captures(inner) {
                let (names, body) = &self.components[&call[1]];
                let mut inside: Scope = names.iter().map(|name| (name.clone(), Vec::new())).collect();
                for argument in self.argument.captures_iter(&call[2]) {
                    let Some(value) = argument.get(2) else { continue };
                    let means = self.asked(value.as_str(), &scope, known, missing);
                    let name = inside.iter_mut().find(|(name, _)| *name == argument[1]).expect("a parameter");
                    name.1 = means;
                }
                self.read(body, &inside, known, missing);
                continue;
            }
            if let Some((name, list)) = inner.strip_prefix("for ").and_then(|rest| rest.split_once(" in ")) {
                let means = self.asked(list, &scope, known, missing);
                let items =
                    means.into_iter().map(|path| format!("{path}[]")).filter(|path| known.contains(path)).collect();
                scope.push((name.trim().to_owned(), items));
            } else if inner == "endfor" {
                scope.pop();
            } else if !["block", "endblock", "extends"].iter().any(|word| inner.starts_with(word)) {
                self.asked(inner, &scope, known, missing);
            }
        }
    }

    /// The paths that an expression asks for.
    fn asked(
        &self,
        expression: &str,
        scope: &Scope,
        known: &BTreeSet<String>,
        missing: &mut BTreeSet<String>,
    ) -> Vec<String> {
        const WORDS: [&str; 11] = ["if", "elif", "else", "endif", "and", "or", "not", "in", "is", "true", "false"];
        let strings = Regex::new("\"[^\"]*\"").expect("a pattern");
        let bare = strings.replace_all(expression, "");
        // `term(id=…)`: neither the function nor its parameters are paths.
        let calls = Regex::new(r"\b\w+\(|\b\w+=").expect("a pattern");
        let bare = calls.replace_all(&bare, " ");
        let bare = bare.split('|').enumerate().map(|(i, part)| {
            if i == 0 { part } else { part.trim_start().split_once(' ').map_or("", |(_, rest)| rest) }
        });
        let mut out = Vec::new();
        for part in bare {
            for found in self.word.captures_iter(part) {
                let path = self.index.replace_all(&found[1], "[]").into_owned();
                let first = path.split(['.', '[']).next().expect("a word");
                if WORDS.contains(&first) || first == "loop" || first == "assets" {
                    continue;
                }
                let rest = &path[first.len()..];
                let starts = scope.iter().rev().find(|(name, _)| name == first).map(|(_, means)| means.clone());
                let whole: Vec<String> = starts
                    .clone()
                    .unwrap_or_else(|| vec![first.to_owned()])
                    .iter()
                    .map(|s| format!("{s}{rest}"))
                    .collect();
                // An item of a list that is empty in every sample says nothing of its fields.
                if starts.is_none_or(|starts| !starts.is_empty()) && !whole.iter().any(|path| known.contains(path)) {
                    missing.insert(format!("{} in `{}`", whole.join(" or "), expression.trim()));
                }
                out.extend(whole.into_iter().filter(|path| known.contains(path)));
            }
        }
        out
    }
}

/// What templates of each kind are given in any sample, with the site.
fn given() -> BTreeMap<&'static str, BTreeSet<String>> {
    let mut out: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let site = serde_json::to_value(SiteView::new(&Config::default())).expect("serialises");
    let pages = theme_check::views().into_iter().map(|(kind, view)| (kind.template(), view));
    for (template, view) in pages.chain(theme_check::files()) {
        let known = out.entry(template).or_default();
        paths("", &view, known);
        paths("site", &site, known);
    }
    out
}

#[test]
fn every_path_that_a_template_asks_for_is_in_a_view() {
    let (reader, given) = (Reader::new(), given());
    let source = |wanted: &str| templates().find(|(name, _)| *name == wanted).expect("embedded").1;
    for kind in PAGES.iter().map(|row| row.kind) {
        let known = &given[kind.template()];
        for template in ["base.html", kind.template()] {
            let mut missing = BTreeSet::new();
            reader.read(source(template), &Scope::new(), known, &mut missing);
            assert!(missing.is_empty(), "{template} of {kind:?} asks for {missing:#?}");
        }
    }
}

#[test]
fn every_path_that_the_template_of_another_file_asks_for_is_in_its_view() {
    let (reader, given) = (Reader::new(), given());
    for (template, source) in FILES {
        let mut missing = BTreeSet::new();
        reader.read(source, &Scope::new(), &given[template], &mut missing);
        assert!(missing.is_empty(), "{template} asks for {missing:#?}");
    }
}

#[test]
fn a_path_that_is_gone_is_found_wherever_it_is_asked_for() {
    let (reader, given) = (Reader::new(), given());
    let known = &given["home.html"];
    let missing = |source: &str| {
        let mut missing = BTreeSet::new();
        reader.read(source, &Scope::new(), known, &mut missing);
        missing.len()
    };
    for right in [
        "{% if site.base %}{% endif %}",
        "{% for s in servers %}{{ s.share.total }}{% endfor %}",
        "{{<share_bar share={share}/>}}",
        "{{ term(id=\"class\", root=page.root, word=\"Class\") }}",
    ] {
        assert_eq!(missing(right), 0, "{right}");
    }
    for wrong in [
        "{% if site.picture %}{% endif %}",
        "{%- if not servers and site.picture -%}{% endif %}",
        "{% for s in servers %}{{ s.share.sum }}{% endfor %}",
        "{% for s in server %}{% endfor %}",
        "{{ page.titel | upper }}",
        "{{<share_bar share={page}/>}}",
        "{{ term(id=\"class\", root=page.rot) }}",
    ] {
        assert!(missing(wrong) > 0, "{wrong}");
    }
}

#[test]
fn every_file_that_a_template_asks_for_is_published() {
    let assets = Assets::load(None).expect("loads");
    let asked = Regex::new("assets\\[\"([^\"]+)\"\\]").expect("a pattern");
    let mut names = 0;
    for (template, source) in templates() {
        for found in asked.captures_iter(source) {
            assert!(assets.path(&found[1]).is_some(), "{template} asks for {}", &found[1]);
            names += 1;
        }
    }
    assert!(names > 5);
}
