//! What `toolcard build` promises on the command line: good output is never lost to bad input,
//! a second build writes nothing, what is not ours stays.

use crate::support::Project;

const SMALL: &str = r#"{"tools": [{"name": "get_thing", "description": "Get a thing."}]}"#;

#[test]
fn a_site_is_built_and_its_place_is_reported() {
    let project = Project::with_servers(&["clearml-mcp"]);
    let run = project.run(&["build"]).exits(0);
    assert!(run.stdout.contains("dist"), "{}", run.stdout);
    for page in ["index.html", "404.html", "tools/clearml-mcp/index.html", "tools/clearml-mcp/get_task_artifacts.html"]
    {
        assert!(project.exists(&format!("dist/{page}")), "{page}");
    }
    let pages = project.tree("dist/tools/clearml-mcp").into_iter().filter(|(n, _)| n.ends_with(".html")).count();
    assert_eq!(pages, 15, "14 tools and the server");
}

#[test]
fn a_second_build_writes_nothing_and_two_builds_are_the_same_bytes() {
    let project = Project::with_servers(&["clearml-mcp", "mcp-server-git"]);
    project.run(&["build"]).exits(0);
    let published = |folder: &str| {
        let mut files = project.tree(folder);
        files.retain(|(name, _)| !name.starts_with(".toolcard/"));
        files
    };
    let first = published("dist");
    let times: Vec<_> = modified(&project);
    project.run(&["build"]).exits(0);
    assert_eq!(modified(&project), times);
    project.run(&["build", "--out", "other", "--jobs", "1"]).exits(0);
    assert!(first == published("other"), "the bytes depend on the folder, the threads or the run");
}

fn modified(project: &Project) -> Vec<(String, std::time::SystemTime)> {
    let published = project.tree("dist").into_iter().filter(|(n, _)| !n.starts_with(".toolcard/"));
    published
        .map(|(name, _)| {
            let meta = std::fs::metadata(project.path().join("dist").join(&name)).expect("metadata");
            (name, meta.modified().expect("time"))
        })
        .collect()
}

#[test]
fn every_kind_of_bad_input_is_reported_in_one_run_and_the_rest_is_built() {
    let project = Project::new();
    project
        .file("catalog/good/manifest.json", SMALL)
        .file("catalog/broken/manifest.json", "{\n  \"tools\": [,]\n}")
        .file("catalog/nameless/manifest.json", "{\"tools\": [\n{\"title\": \"x\"},\n{\"name\": \"ok\"}]}")
        .file("catalog/twice/manifest.json", "[{\"name\": \"a\"},\n{\"name\": \"a\"}]")
        .file("catalog/Same/manifest.json", SMALL)
        .file("catalog/same/manifest.json", SMALL)
        .file("catalog/empty/readme.txt", "no manifest");
    let run = project.run(&["build"]).exits(1);
    for (code, place) in [
        ("broken-json", "broken/manifest.json:2:13"),
        ("tool-without-name", "nameless/manifest.json:2:1"),
        ("duplicate-tool", "twice/manifest.json:2:1"),
        ("same-url", "Same"),
        ("no-manifest", "empty"),
    ] {
        let told = run.stderr.lines().collect::<Vec<_>>();
        let at = told.iter().position(|l| l.contains(code)).unwrap_or_else(|| panic!("{code} in {}", run.stderr));
        assert!(told[at + 1].contains(place), "{code}: {}", told[at + 1]);
        assert!(told[at + 2].contains("help"), "{code}");
    }
    for page in ["good/get_thing", "nameless/ok", "twice/a", "same/get_thing"] {
        assert!(project.exists(&format!("dist/tools/{page}.html")), "{page}");
    }
}

#[test]
fn a_server_that_cannot_be_read_keeps_its_old_pages() {
    let project = Project::new();
    project.file("catalog/a/manifest.json", SMALL).file("catalog/b/manifest.json", SMALL);
    project.run(&["build"]).exits(0);
    project.file("catalog/a/manifest.json", "{");
    project.run(&["build"]).exits(1);
    assert!(project.exists("dist/tools/a/get_thing.html"));
    std::fs::remove_dir_all(project.path().join("catalog/a")).expect("removes");
    project.run(&["build"]).exits(0);
    assert!(!project.exists("dist/tools/a"));
    assert!(project.exists("dist/tools/b/get_thing.html"));
}

#[test]
fn pages_of_removed_tools_go_and_foreign_files_stay() {
    let project = Project::new();
    project.file("catalog/a/manifest.json", r#"[{"name": "one"}, {"name": "two"}]"#).file("dist/CNAME", "example.org");
    project.run(&["build"]).exits(0);
    project.file("catalog/a/manifest.json", r#"[{"name": "one"}]"#).file("dist/tools/a/mine.html", "mine");
    project.run(&["build"]).exits(0);
    assert!(project.exists("dist/tools/a/one.html") && !project.exists("dist/tools/a/two.html"));
    assert_eq!(project.read("dist/tools/a/mine.html"), "mine");
    assert_eq!(project.read("dist/CNAME"), "example.org");
}

#[test]
fn an_odd_name_gets_a_safe_file_and_one_beyond_the_rule_a_warning() {
    let project = Project::new();
    project.file("catalog/a/manifest.json", r#"[{"name": "../../x"}, {"name": "index"}, {"name": "get_thing"}]"#);
    let run = project.run(&["build"]).exits(0);
    assert_eq!(run.stderr.matches("odd-name").count(), 1, "{}", run.stderr);
    let pages: Vec<String> = project.tree("dist/tools").into_iter().map(|(n, _)| n).collect();
    assert_eq!(pages.iter().filter(|n| n.ends_with(".html")).count(), 4, "{pages:?}");
    assert!(pages.iter().all(|n| n.starts_with("a/")), "{pages:?}");
}

#[test]
fn quiet_prints_errors_only_and_wrong_usage_does_nothing() {
    let project = Project::new();
    project.file("catalog/a/manifest.json", r#"[{"name": "index"}]"#);
    let run = project.run(&["build", "--quiet"]).exits(0);
    assert_eq!((run.stdout.as_str(), run.stderr.as_str()), ("", ""));
    project.file("toolcard.toml", "[site]\ntitel = 'x'\n");
    let run = project.run(&["build", "--out", "elsewhere"]).exits(2);
    assert!(run.stderr.contains("toolcard.toml:2:1") && run.stderr.contains("site.title"), "{}", run.stderr);
    assert!(!project.exists("elsewhere"));
    project.run(&["build", "--frobnicate"]).exits(2);
    project.run(&["build", "--catalog", "nowhere", "--config", "none.toml"]).exits(2);
}

#[test]
fn a_broken_template_is_an_error_with_its_line_and_no_half_written_site() {
    let project = Project::new();
    project
        .file("catalog/a/manifest.json", SMALL)
        .file("toolcard.toml", "[site]\ntheme = 'theme'\n")
        .file("theme/templates/tool.html", "{{ card }}\n{% if %}\n");
    let run = project.run(&["build"]).exits(2);
    assert!(run.stderr.contains("tool.html:2"), "{}", run.stderr);
    project.file("theme/templates/tool.html", "fine\n{{ there_is_no_such_thing }}\n");
    let run = project.run(&["build"]).exits(2);
    assert!(run.stderr.contains("tool.html:2"), "{}", run.stderr);
    assert!(!project.exists("dist/index.html"));
}

#[test]
fn what_the_front_page_says_to_type_works() {
    let project = Project::new();
    let git = |args: &[&str]| {
        let mut git = std::process::Command::new("git");
        git.args(["-c", "user.name=a", "-c", "user.email=a@b.example", "-c", "init.defaultBranch=main"]);
        assert!(git.args(args).current_dir(project.path()).output().expect("git runs").status.success(), "{args:?}");
    };
    project.file("manifest.json", SMALL);
    let mut ran = 0;
    for line in toolcard::site::views::home::COMMANDS.iter().flat_map(|c| c.command.lines()) {
        let words: Vec<&str> = line.split(' ').collect();
        match words[..] {
            ["cargo", "install", ..] => assert!(line.contains("--git https://"), "{line}"),
            ["mkdir", "-p", folder] => std::fs::create_dir_all(project.path().join(folder)).expect("made"),
            ["cp", file, folder] => {
                project.file(&format!("{folder}{file}"), &project.read(file));
            }
            ["toolcard", ref args @ ..] => {
                if args[0] == "review" {
                    git(&["init", "-q"]);
                    git(&["add", "catalog"]);
                    git(&["commit", "-q", "-m", "one"]);
                }
                project.run(args).exits(0);
                ran += 1;
            }
            _ => panic!("{line}"),
        }
    }
    assert_eq!(ran, 4);
    assert!(project.exists("dist/tools/my-server/get_thing.html"));
}

#[test]
fn every_command_labels_with_the_rows_of_the_catalogue() {
    let project = Project::new();
    project
        .file("catalog/one/manifest.json", r#"{"tools": [{"name": "frob_thing", "description": "Frob a thing."}]}"#)
        .file(
            "catalog/verbs.toml",
            "verbs = [{ verb = \"frob\", class = \"Destructive\", weight = 0.95, sources = [\"mcp\"] }]\n",
        )
        .file("catalog/signals.toml", "[sources.mcp]\ntitle = \"A source\"\nurl = \"https://x.example\"\n");
    project.run(&["build"]).exits(0);
    let built: serde_json::Value =
        serde_json::from_str(&project.read("dist/tools/one/frob_thing.card.json")).expect("JSON");
    assert_eq!(built["card"]["class"], "Destructive");
    project.run(&["lock"]).exits(0);
    assert!(project.read("catalog/risk.lock").contains("Destructive"));
    for args in [["classify", "catalog"], ["explain", "one/frob_thing"]] {
        let run = project.run(&args).exits(0);
        assert!(run.stdout.contains("Destructive") && run.stdout.contains("frob"), "{args:?}: {}", run.stdout);
    }
    let policy: serde_json::Value =
        serde_json::from_str(&project.run(&["policy", "one"]).exits(0).stdout).expect("JSON");
    assert_eq!(policy["hide"], serde_json::json!(["frob_thing"]));
    project.file("policy.json", r#"{"version": "1", "default": "deny", "tools": {"frob_thing": {}}}"#);
    let audited = project.run(&["policy", "audit", "policy.json", "--server", "one"]);
    assert!(audited.stdout.contains("allows-destructive"), "{}{}", audited.stdout, audited.stderr);
    project.file("empty.lock", "toolcard risk.lock 1\n");
    let (_, changes, review) = project.review(&["--base", "empty.lock"]);
    let added = &review["changes"][1];
    assert_eq!(
        (added["tool"].as_str(), added["after"]["class"].as_str()),
        (Some("frob_thing"), Some("Destructive")),
        "{changes:?}"
    );
}

#[test]
fn every_command_tells_a_slug_that_is_not_the_folders() {
    let project = Project::new();
    project.file("catalog/one/manifest.json", r#"{"server": {"slug": "two"}, "tools": [{"name": "get_thing"}]}"#);
    project.file("empty.lock", "toolcard risk.lock 1\n");
    let commands: [&[&str]; 6] = [
        &["build"],
        &["lock"],
        &["classify", "catalog"],
        &["explain", "one/get_thing"],
        &["policy", "one"],
        &["review", "--base", "empty.lock"],
    ];
    for args in commands {
        let run = project.run(args).exits(0);
        assert!(run.stderr.contains("`server.slug` is `two`, the folder is `one`"), "{args:?}: {}", run.stderr);
    }
}

#[test]
fn explain_tells_what_is_wrong_with_the_manifest_of_its_server_and_no_other() {
    let project = Project::new();
    let broken = |name: &str| format!(r#"{{"tools": [{{"name": "get_{name}"}}, {{"name": 3}}]}}"#);
    for name in ["one", "two"] {
        project.file(&format!("catalog/{name}/manifest.json"), &broken(name));
        project.file(&format!("alone/{name}.json"), &broken(name));
    }
    let run = project.run(&["explain", "one/get_one"]).exits(1);
    assert!(run.stdout.contains("get_one") && run.stderr.contains("catalog/one/manifest.json"), "{}", run.stderr);
    let run = project.run(&["explain", "one/get_one", "--catalog", "alone"]).exits(1);
    assert!(run.stderr.contains("alone/one.json") && !run.stderr.contains("two.json"), "{}", run.stderr);
}

#[test]
fn a_review_reads_words_by_the_rows_of_the_catalogue() {
    let project = Project::new();
    let manifest = |properties: &str| {
        let schema = format!(r#"{{"type": "object", "properties": {properties}}}"#);
        format!(r#"[{{"name": "delete_thing", "description": "Delete a thing.", "inputSchema": {schema}}}]"#)
    };
    project
        .file("catalog/one/manifest.json", &manifest(r#"{"zustimmung": {"type": "boolean"}}"#))
        .file(
            "catalog/signals.toml",
            "[sources.mcp]\ntitle = \"A source\"\nurl = \"https://x.example\"\n[[argument]]\nid = \"argument.own\"\n\
             names = [\"zustimmung\"]\neffect = \"confirm\"\nweight = 0.5\nwhy = \"asks a person\"\nsources = [\"mcp\"]\n",
        );
    project.init();
    project.commit("2026-11-01");
    project.file("catalog/one/manifest.json", &manifest("{}"));
    let (_, changes, _) = project.review(&["--base", "HEAD"]);
    assert!(changes.iter().any(|change| change.contains("restriction-loosened")), "{changes:?}");
}

#[test]
fn previews_of_a_server_show_its_own_card_where_its_name_can_be_drawn() {
    let project = Project::with_servers(&["clearml-mcp"]);
    let named = |title: &str| format!(r#"{{"server": {{"title": "{title}"}}, "tools": [{{"name": "get_thing"}}]}}"#);
    project.file("catalog/foreign/manifest.json", &named("数据库"));
    project.file("toolcard.toml", "[site]\nbase_url = \"https://x.example/cat/\"\n");
    project.run(&["build"]).exits(0);
    let picture = |page: &str| {
        let text = project.read(&format!("dist/{page}"));
        let rest = text.split_once("og:image\" content=\"https://x.example/cat/").expect("a picture").1;
        rest.split_once('"').expect("an end").0.to_owned()
    };
    let own = picture("tools/clearml-mcp/index.html");
    assert!(own.starts_with("tools/clearml-mcp/picture."), "{own}");
    assert_eq!(picture("tools/clearml-mcp/get_task_artifacts.html"), own);
    let general = picture("index.html");
    assert!(general.starts_with("static/picture."), "{general}");
    assert_eq!(picture("tools/foreign/index.html"), general);
    let bytes = |path: &str| std::fs::read(project.path().join("dist").join(path)).expect("a file");
    for path in [&own, &general] {
        assert!(bytes(path).starts_with(b"\x89PNG"), "{path}");
    }
    let times = modified(&project);
    project.run(&["build"]).exits(0);
    assert_eq!(modified(&project), times);
    // What it shows changed: another name, and the old picture goes.
    let manifest =
        project.read("catalog/clearml-mcp/manifest.json").replace("\"get_task_artifacts\"", "\"delete_task\"");
    project.file("catalog/clearml-mcp/manifest.json", &manifest).run(&["build"]).exits(0);
    let new = picture("tools/clearml-mcp/index.html");
    assert!(new != own && project.exists(&format!("dist/{new}")) && !project.exists(&format!("dist/{own}")));
    project.file("toolcard.toml", "[site]\nbase_url = \"https://x.example/cat/\"\n[output]\npictures = false\n");
    project.run(&["build"]).exits(0);
    assert_eq!(picture("tools/clearml-mcp/index.html"), general);
    assert!(!project.exists(&format!("dist/{new}")));
}

#[test]
fn cards_are_compared_only_where_their_json_is_written() {
    let site = |config: &str| {
        let project = Project::new();
        for server in ["one", "two"] {
            project.file(&format!("catalog/{server}/manifest.json"), SMALL);
        }
        project.file("toolcard.toml", config).run(&["build"]).exits(0);
        project
    };
    let project = site("");
    let tool = project.read("dist/tools/one/get_thing.html");
    assert!(tool.contains("href=\"../../compare.html#one/get_thing,two/get_thing\""), "{tool}");
    assert!(project.exists("dist/tools/two/get_thing.card.json") && project.exists("dist/compare.html"));
    assert!(project.exists("dist/tools/one/composer.json"));
    for config in ["[output]\njson_tools = false\n", "[site]\ngranularity = \"server\"\n"] {
        let project = site(config);
        assert!(!project.exists("dist/compare.html"), "{config}");
        let pages: Vec<_> = project.tree("dist").into_iter().filter(|(name, _)| name.ends_with(".html")).collect();
        assert!(pages.len() > 5);
        for (name, text) in pages {
            assert!(!String::from_utf8_lossy(&text).contains("compare.html"), "{config}: {name}");
        }
    }
}

#[test]
#[cfg(unix)] // other systems have no such folders
fn a_name_with_tabs_and_line_breaks_is_one_line_of_the_search_index() {
    let forged = "x\njavascript:alert(1)\tforged\tGitHub\tget\tGets.\t0\ny";
    let tools = serde_json::json!({"tools": [
        {"name": forged, "description": forged},
        {"name": "delete_all", "description": "Deletes\tall\nfiles.", "annotations": {"title": forged}},
    ]});
    let project = Project::with_servers(&["clearml-mcp"]);
    project.file("catalog/evil\tx\ny/manifest.json", &tools.to_string());
    project.run(&["build"]).exits(0);
    let root: serde_json::Value = serde_json::from_str(&project.read("dist/search/root.json")).expect("JSON");
    let blocks = project.tree("dist/search/d").len();
    let lines: Vec<String> = (0..blocks)
        .flat_map(|n| {
            project
                .read(&format!("dist/search/d/{n}.txt"))
                .split_terminator('\n')
                .map(str::to_owned)
                .collect::<Vec<_>>()
        })
        .collect();
    assert_eq!(root["documents"], lines.len());
    assert_eq!(lines.len(), 2 + 14 + 2, "a document is a line");
    for line in &lines {
        let fields: Vec<&str> = line.split('\t').collect();
        assert_eq!(fields.len(), 6, "{line:?}");
        assert!(project.exists(&format!("dist/{}", fields[0])), "{line:?}");
    }
    assert_eq!(lines.iter().filter(|line| line.contains("javascript:alert(1) forged GitHub")).count(), 1);
}

#[test]
fn search_leads_to_the_part_of_a_page_where_tools_have_no_pages() {
    let project = Project::with_servers(&["clearml-mcp"]);
    project.file("toolcard.toml", "[site]\ngranularity = \"server\"\n");
    project.run(&["build"]).exits(0);
    let page = project.read("dist/tools/clearml-mcp/index.html");
    let block = project.read("dist/search/d/0.txt");
    let links = block.lines().filter_map(|line| line.split('\t').next()?.split_once('#'));
    let anchors: Vec<&str> = links
        .map(|(path, anchor)| {
            assert_eq!(path, "tools/clearml-mcp/index.html");
            anchor
        })
        .collect();
    assert_eq!(anchors.len(), 14);
    for anchor in anchors {
        assert!(page.contains(&format!("id=\"{anchor}\"")), "{anchor}");
    }
}
