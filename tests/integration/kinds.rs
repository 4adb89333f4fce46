//! Kinds of definitions that were misread before, here or elsewhere: what each kind is called, what is seen in it,
//! and what its words only seem to say.

use std::path::Path;

use serde_json::{Value, json};
use toolcard::classify::{Classifier, FindingId, TrifectaLeg, Verdict};
use toolcard::lexicon::Lexicon;
use toolcard::manifest::read;
use toolcard::risk::Class::{self, Destructive, Read, Write};
use toolcard::risk::Facet;

/// The verdicts of a server with these tools, of which the schema may be left out.
fn server(mut tools: Value) -> Vec<Verdict> {
    for tool in tools.as_array_mut().expect("tools") {
        tool.as_object_mut().expect("a tool").entry("inputSchema").or_insert_with(|| json!({"type": "object"}));
    }
    let reading = read(&json!({ "tools": tools }).to_string(), Path::new("manifest.json"));
    Classifier::new(Lexicon::embedded()).server(&reading.value.expect("a manifest"))
}

/// The verdict of a tool alone.
fn tool(tool: &Value) -> Verdict {
    server(json!([tool])).remove(0)
}

/// The verdict of a tool with these properties.
fn with(name: &str, description: &str, properties: &Value) -> Verdict {
    let schema = json!({"type": "object", "properties": properties});
    tool(&json!({"name": name, "description": description, "inputSchema": schema}))
}

/// An argument that is a statement.
fn sql() -> Value {
    json!({"sql": {"type": "string"}})
}

/// The verdict of a name and a description.
fn said(name: &str, description: &str) -> Verdict {
    tool(&json!({"name": name, "description": description}))
}

/// The verdict of a name alone.
fn named(name: &str) -> Verdict {
    tool(&json!({"name": name}))
}

fn classes(verdicts: &[Verdict]) -> Vec<Class> {
    verdicts.iter().map(|v| v.class).collect()
}

fn facets(verdict: &Verdict) -> Vec<&'static str> {
    verdict.facets.iter().map(Facet::name).collect()
}

fn contradicts(verdict: &Verdict) -> bool {
    verdict.findings.iter().any(|f| f.id == FindingId::AnnotationContradictsVerdict)
}

/// Whether the class rests on evidence at the argument `name` or at what is said of it.
fn rests_on(verdict: &Verdict, name: &str) -> bool {
    verdict.evidence.iter().any(|e| e.decides && e.place.to_string().contains(&format!("/properties/{name}")))
}

/// The actions as `value class`.
fn actions(verdict: &Verdict) -> Vec<String> {
    verdict.actions.iter().map(|a| format!("{} {}", a.value, a.class)).collect()
}

#[test]
fn what_is_left_out_of_an_answer_or_went_before_is_not_an_action() {
    let verdicts = server(json!([
        {"name": "list_vendors", "description": "Lists vendors. Retired vendors are left out unless with_retired is set, and duplicates are dropped."},
        {"name": "show_changes", "description": "Shows which paragraphs were removed between two drafts."},
        {"name": "get_retention_rule", "description": "Gets the rule that says when recordings are erased."},
    ]));
    assert_eq!(classes(&verdicts), [Read; 3]);
}

#[test]
fn a_hint_to_read_contradicts_what_stores_or_starts_something() {
    let read_only = json!({"readOnlyHint": true});
    let verdicts = server(json!([
        {"name": "generate_orders", "description": "Generates sample orders and adds them to the sandbox.", "annotations": read_only},
        {"name": "scan_image", "description": "Starts a scan of an image and stores its report in the registry.", "annotations": read_only},
        {"name": "get_orders", "description": "Gets the orders of a customer.", "annotations": read_only},
    ]));
    assert_eq!(classes(&verdicts), [Write, Write, Read]);
    assert_eq!(verdicts.iter().map(contradicts).collect::<Vec<_>>(), [true, true, false]);
}

#[test]
fn explaining_a_statement_reads_until_a_switch_executes_it() {
    let measure = json!({"type": "boolean", "description": "If true, the statement is executed to measure it."});
    let explain = with(
        "explain_statement",
        "Explains how a SQL query is planned.",
        &json!({"sql": {"type": "string"}, "measure": measure}),
    );
    assert_eq!(explain.class, Destructive);
    assert!(rests_on(&explain, "measure"));
    assert_eq!(with("explain_costs", "Shows the costs of a statement and does not run it.", &sql()).class, Read);
}

#[test]
fn a_query_language_runs_code_unless_it_is_restricted_to_reading() {
    let free = [
        with("run_sql", "Runs a SQL statement.", &sql()),
        with(
            "run_in_transaction",
            "Runs several statements in one transaction.",
            &json!({"statements": {"type": "array", "items": {"type": "string"}}}),
        ),
        with("change_graph", "Runs a Cypher statement that changes the graph.", &json!({"query": {"type": "string"}})),
        with("ask_warehouse", "Takes any SQL and runs it, not only SELECT.", &sql()),
        with("ask_warehouse", "Runs SQL. For SELECT queries only 50 rows come back.", &sql()),
        with("ask_warehouse", "Runs SQL. Use only read-only statements here.", &sql()),
    ];
    assert_eq!(classes(&free), [Destructive; 6]);
    assert!(free.iter().all(|v| v.facets.has(Facet::RunsCode)));
    let restricted = [
        with("run_sql", "Runs a SQL statement in a read-only session. Only SELECT is accepted.", &sql()),
        with("ask_graph", "Runs a read-only Cypher query.", &json!({"query": {"type": "string"}})),
    ];
    assert_eq!(classes(&restricted), [Read; 2]);
}

#[test]
fn the_worst_value_of_an_argument_decides_and_each_has_its_own_class() {
    let of = |name: &str, description: &str, values: Value| {
        with(name, description, &json!({"action": {"type": "string", "enum": values}}))
    };
    let record = of(
        "dns_record",
        "All that can be done with a record.",
        json!(["list", "get", "create", "update", "remove", "restore"]),
    );
    assert_eq!((record.class, record.base_class), (Destructive, Read));
    assert_eq!(
        actions(&record),
        ["list Read", "get Read", "create Write", "update Write", "remove Destructive", "restore Write"]
    );
    assert!(rests_on(&record, "action"));
    let tickets =
        of("edit_tickets", "Attaches a ticket to a release or detaches it.", json!(["attach_ticket", "detach_ticket"]));
    assert_eq!(tickets.class, Write);
    let branches = of("query_branches", "Queries branches.", json!(["list", "get", "check_merge"]));
    assert_eq!(branches.class, Read);
    let cookies = of("cookie_control", "Cookies of the browser.", json!(["COOKIE_LIST", "COOKIE_SET", "COOKIE_CLEAR"]));
    assert!(cookies.class > Read);
    assert_eq!(actions(&cookies)[0], "COOKIE_LIST Read");
}

#[test]
fn what_calls_tools_by_name_can_do_what_they_can_and_finding_reads() {
    let verdicts = server(json!([
        {"name": "search_tools", "description": "Searches the tools of all servers by their description.", "inputSchema": {"properties": {"query": {"type": "string"}}}},
        {"name": "tool_directory", "description": "Lists every tool, hidden ones too."},
        {"name": "invoke_tool", "description": "Calls a tool by its name.", "inputSchema": {"properties": {"tool": {"type": "string"}, "arguments": {"type": "object"}}}},
        {"name": "BATCH_RUN_TOOL", "description": "Runs up to ten tools at once.", "inputSchema": {"properties": {"calls": {"type": "array", "items": {"type": "object"}}}}},
    ]));
    assert_eq!(classes(&verdicts), [Read, Read, Destructive, Destructive]);
}

#[test]
fn a_switch_that_removes_what_was_there_decides_beside_a_harmless_verb() {
    let fresh = json!({"type": "boolean", "description": "Delete every snapshot that exists first."});
    let snapshot = with(
        "snapshot_create",
        "Creates a snapshot of the board.",
        &json!({"name": {"type": "string"}, "replaceExisting": fresh}),
    );
    assert_eq!(snapshot.class, Destructive);
    assert!(rests_on(&snapshot, "replaceExisting"));
    let purge = json!({"type": "boolean", "description": "DATA LOSS: removes the disks as well."});
    let down = with("stack_down", "Stops the stack.", &json!({"purgeDisks": purge}));
    assert_eq!(down.class, Destructive);
    assert!(rests_on(&down, "purgeDisks"));
    let upload = with(
        "stage_file",
        "Uploads into the staging folder.",
        &json!({"name": {"type": "string"}, "url": {"type": "string"}, "overwrite": {"type": "boolean"}}),
    );
    assert!(upload.class > Read);
    assert!(upload.legs.contains(&TrifectaLeg::ExternalCommunication));
}

#[test]
fn creating_and_changing_named_fields_writes_and_deleting_destroys() {
    let verdicts = server(json!([
        {"name": "create_survey", "description": "Creates a survey."},
        {"name": "update_survey", "description": "Updates a survey: the fields given replace the old ones."},
        {"name": "add_remark", "description": "Adds a remark to a ticket."},
        {"name": "delete_survey", "description": "Deletes a survey."},
    ]));
    assert_eq!(classes(&verdicts), [Write, Write, Write, Destructive]);
}

#[test]
fn a_preview_that_the_caller_can_leave_out_lowers_nothing() {
    let token = json!({"approval_code": {"type": "string"}});
    let quote = with(
        "quotes_create",
        "Creates a quote. Without approval_code only a preview comes back; with it the quote is created.",
        &token,
    );
    assert_eq!(quote.class, Write);
    let dry = json!({"dry_run": {"type": "boolean", "default": true}});
    assert_eq!(with("device_delete", "Deletes a device for good. By default dry_run is on.", &dry).class, Destructive);
    for name in ["remove_preview_page", "delete_preview_cluster"] {
        assert_eq!(named(name).class, Destructive, "{name}");
    }
    for name in ["send_preview_message", "publish_preview_page"] {
        assert_eq!(named(name).class, Write, "{name}");
    }
    assert_eq!(said("remove_preview_page", "Takes the page down for good. There is no way back.").class, Destructive);
}

#[test]
fn the_verb_at_the_end_of_a_name_counts_behind_nouns_that_can_be_verbs() {
    for name in [
        "acme_labels_delete",
        "acme_planning_shifts_delete",
        "acme_pod_restart_schedule_delete",
        "acme_route_export_filter_delete",
    ] {
        assert_eq!(named(name).class, Destructive, "{name}");
    }
    assert_eq!(classes(&[said("trigger_list", "Lists triggers."), said("report_get", "Gets a report.")]), [Read; 2]);
    assert_eq!(classes(&[named("admin_review_get"), named("acme_snapshots_list")]), [Read; 2]);
    assert!(named("acme_sample_import").class > Read);
}

#[test]
fn behind_a_plural_the_last_verb_counts_whatever_reads_before_it() {
    let reads = [
        "query", "search", "view", "filter", "list", "audit", "check", "browse", "lookup", "explore", "count",
        "collect", "preview",
    ];
    let changes =
        ["create", "update", "add", "set", "enable", "disable", "import", "edit", "replace", "rename", "assign"];
    let destroys = ["delete", "purge", "drop", "wipe", "erase"];
    for first in reads {
        for last in changes {
            let name = format!("{first}_policies_{last}");
            assert_eq!(named(&name).class, Write, "{name}");
            assert_eq!(said(&name, "Updates a policy.").class, Write, "{name}");
        }
        for last in destroys {
            let name = format!("{first}_policies_{last}");
            assert_eq!(named(&name).class, Destructive, "{name}");
        }
    }
}

#[test]
fn a_verb_that_all_names_begin_with_is_not_a_prefix_before_nouns() {
    let verdicts = server(json!([
        {"name": "delete_query"}, {"name": "delete_search"}, {"name": "delete_review"}, {"name": "delete_check"},
    ]));
    assert_eq!(classes(&verdicts), [Destructive; 4]);
}

#[test]
fn what_hides_one_level_down_counts_and_is_found_behind_a_reference() {
    let of = |properties: Value| json!({"type": "object", "properties": {"params": {"$ref": "#/$defs/In"}}, "$defs": {"In": {"type": "object", "properties": properties}}});
    let verdicts = server(json!([
        {"name": "manage_case", "description": "Works with a case.", "inputSchema": of(json!({"operation": {"enum": ["get", "update", "delete"]}}))},
        {"name": "run_summary", "description": "Runs a summary.", "inputSchema": of(json!({"sql": {"type": "string", "description": "SQL statement to run."}}))},
        {"name": "list_cases", "description": "Lists cases.", "inputSchema": of(json!({"limit": {"type": "integer"}}))},
    ]));
    assert_eq!(classes(&verdicts), [Destructive, Destructive, Read]);
    assert_eq!(verdicts[0].actions[0].argument, "params.operation");
    assert_eq!(actions(&verdicts[0]), ["get Read", "update Write", "delete Destructive"]);
    assert!(rests_on(&verdicts[0], "operation") && rests_on(&verdicts[1], "sql"));
}

#[test]
fn a_reader_writes_where_its_caller_says_where_to() {
    for argument in ["save_path", "output_path", "savePng", "outputFile", "download_dir"] {
        let properties = json!({"table": {"type": "string"}, argument: {"type": "string"}});
        assert_eq!(with("draw_map", "Draws a map of a table.", &properties).class, Write, "{argument}");
    }
    let csv = json!({"table": {"type": "string"}, "save_csv": {"type": "boolean", "default": true}});
    assert_eq!(with("get_cells", "Gets the cells of a table.", &csv).class, Write);
}

#[test]
fn what_a_call_moves_or_gives_away_shows_in_its_facets() {
    assert_eq!(facets(&said("stake_out", "Delegates coins to a validator of the chain.")), ["moves_money"]);
    assert!(facets(&said("relay", "Broadcasts a raw transaction to the chain.")).contains(&"moves_money"));
    assert_eq!(facets(&said("shop_buy", "Buys seats for a show.")), ["moves_money"]);
    let promote = said("raise_user", "Promotes a member of the team to owner.");
    assert_eq!((promote.class, facets(&promote)), (Write, vec!["permissions"]));
    let environment = said("dump_process", "Prints the environment variables of a worker.");
    assert_eq!((environment.class, facets(&environment)), (Read, vec!["reads_secrets"]));
}

#[test]
fn nouns_that_can_be_verbs_do_nothing_before_what_comes_back() {
    for name in [
        "play-store-search",
        "svn_commit_history",
        "mail_logs",
        "label_list",
        "visit_history",
        "review_list",
        "cpu_load",
    ] {
        let verdict = named(name);
        assert_eq!((verdict.class, facets(&verdict)), (Read, vec![]), "{name}");
    }
    assert_eq!(facets(&named("datastore-transaction")), [""; 0]);
}

#[test]
fn a_tool_that_wants_to_be_called_before_all_others_is_reported() {
    let verdict = said("get_guidelines", "Gets the guidelines. Always call this before any other tool.");
    assert!(verdict.findings.iter().any(|f| f.id == FindingId::ModelDirectedText));
}

#[test]
fn undescribed_parts_of_a_program_are_one_and_records_are_not() {
    let stages = |items: &Value| {
        let pipeline =
            json!({"type": "array", "items": items, "description": "An array of aggregation stages to execute"});
        with("aggregate_db", "Run an aggregation against a database", &json!({ "pipeline": pipeline }))
    };
    let free = stages(&json!({"type": "object", "properties": {}, "additionalProperties": {}}));
    assert_eq!((free.class, facets(&free)), (Destructive, vec!["runs_code"]));
    let fixed = stages(&json!({"type": "object", "properties": {"$match": {"type": "object"}}}));
    assert_eq!(fixed.class, Read);
}

fn has(verdict: &Verdict, id: FindingId) -> bool {
    verdict.findings.iter().any(|f| f.id == id)
}

#[test]
fn what_calls_others_is_a_dispatcher_and_what_describes_them_is_not() {
    let takes = |properties: Value| json!({"type": "object", "properties": properties});
    let handed = || takes(json!({"tool": {"type": "string"}, "args": {"type": "object"}}));
    let named = || takes(json!({"tool_name": {"type": "string"}}));
    let all = |tools: &Value| server(tools.clone()).iter().map(|v| has(v, FindingId::Dispatcher)).collect::<Vec<_>>();
    let dispatchers = json!([
        {"name": "run_tool", "description": "Runs a tool.", "inputSchema": takes(json!({"name": {"type": "string"}}))},
        {"name": "acme_call", "description": "Generic entry.", "inputSchema": handed()},
        {"name": "invoke", "description": "Invokes a capability.", "inputSchema": handed()},
        {"name": "execute", "description": "Executes a method of the platform.", "inputSchema": takes(json!({"toolName": {"type": "string"}, "params": {"type": "object"}}))},
        {"name": "proxy", "description": "Forwards a call to another tool.", "inputSchema": handed()},
        {"name": "call_tool_write", "description": "Executes a tool of any server.", "inputSchema": named()},
        {"name": "call_service", "description": "Call any service of the house.", "inputSchema": takes(json!({"service": {"type": "string"}, "data": {"type": "object"}}))},
        {"name": "api_request", "description": "Makes a request.", "inputSchema": takes(json!({"endpoint": {"type": "string"}, "method": {"type": "string", "description": "GET, POST or DELETE"}}))},
    ]);
    assert_eq!(all(&dispatchers), [true; 8]);
    assert_eq!(classes(&server(dispatchers)), [Destructive; 8]);
    let others = json!([
        {"name": "describe_tool", "description": "Describes a tool.", "inputSchema": named()},
        {"name": "tool_info", "description": "Shows how a tool is called.", "inputSchema": handed()},
        {"name": "enable_tool", "description": "Enables a tool.", "inputSchema": named()},
        {"name": "search_alerts", "description": "Searches the alerts of a scanner.", "inputSchema": named()},
        {"name": "log_tool_usage", "description": "Logs a usage of a tool.", "inputSchema": handed()},
        {"name": "run_linter", "description": "Runs a linter.", "inputSchema": takes(json!({"tool": {"enum": ["a", "b"]}, "args": {"type": "array"}}))},
        {"name": "setup", "description": "You should invoke this tool before you start."},
        {"name": "register_services", "description": "Registers services.", "inputSchema": takes(json!({"services": {"type": "array", "items": {"properties": {"endpoints": {"type": "array", "items": {"properties": {"path": {"type": "string"}, "method": {"type": "string", "description": "HTTP method"}}}}}}}}))},
    ]);
    assert_eq!(all(&others), [false; 8]);
    assert!(classes(&server(others)).iter().all(|class| *class < Destructive));
}

#[test]
fn a_dispatcher_that_is_bound_to_reading_reads_and_is_one_all_the_same() {
    let bound =
        with("call_tool_read", "Executes a read-only tool of any server.", &json!({"name": {"type": "string"}}));
    assert_eq!((bound.class, has(&bound, FindingId::Dispatcher)), (Read, true));
}

#[test]
fn what_is_explained_and_not_run_is_data() {
    assert_eq!(with("explain_costs", "Shows the costs without running the statement.", &sql()).class, Read);
    assert_eq!(
        with(
            "explain_costs",
            "Shows what the plan will cost.",
            &json!({"run": {"type": "boolean", "description": "If true, executes the statement."}})
        )
        .class,
        Destructive
    );
    // What runs is not made harmless by what it does not run.
    assert_eq!(with("run_report", "Runs a report without running its hooks.", &sql()).class, Destructive);
}

#[test]
fn a_value_that_examines_does_not_do_what_it_examines() {
    let of = |values: Value| with("query_batches", "Queries batches.", &json!({"action": {"enum": values}}));
    assert_eq!(of(json!(["list", "get", "validate_submit", "check_resolve"])).class, Read);
    assert_eq!(of(json!(["list", "check_and_submit"])).class, Write);
}

#[test]
fn a_log_that_is_queried_is_read_and_an_attestation_is_written() {
    assert_eq!(named("admin_sync_conflict_log_query").class, Read);
    assert_eq!(said("attest_build", "Attest <digest> for {{ .Values.x }}.").class, Write);
}

#[test]
fn a_code_block_is_an_example_and_not_an_action() {
    let text = "Record <digest>.\n\n```bash\nrm -rf /tmp/x\n```\n- item: \"quoted\" # no comment\n";
    assert_eq!(said("record_build", text).class, Write);
}

#[test]
fn a_directory_refuses_mixed_values_text_for_models_and_free_queries() {
    let refused =
        |v: &Verdict| v.findings.iter().find(|f| f.id == FindingId::DirectoryRefusal).map(|f| f.message.clone());
    let mixed = with("dns", "All about records.", &json!({"action": {"enum": ["list", "create", "remove"]}}));
    assert!(refused(&mixed).expect("mixed").contains("values that read and values that change"));
    let one = with("dns_change", "Changes records.", &json!({"action": {"enum": ["create", "remove"]}}));
    assert_eq!(refused(&one), None);
    let pushed = said("get_rules", "Gets the rules. ALWAYS USE THIS TOOL FIRST.");
    assert!(refused(&pushed).expect("text").contains("tells a model how to behave"));
    let query = with("run_sql", "Runs a SQL statement.", &sql());
    assert!(refused(&query).expect("query").contains("without a link"));
    let linked = with("run_sql", "Runs a SQL statement, see https://db.example/api.", &sql());
    assert_eq!(refused(&linked), None);
    assert_eq!(refused(&said("get_rules", "Gets the rules.")), None);
}

#[test]
fn an_update_that_is_declared_destructive_is_not_a_mistake() {
    let declared = |name: &str, hint: bool| {
        tool(
            &json!({"name": name, "description": "For reports.", "annotations": {"readOnlyHint": false, "destructiveHint": hint}}),
        )
    };
    for (name, hint, agrees) in [
        ("update_report", true, None),
        ("update_report", false, None),
        ("create_report", false, Some(true)),
        ("create_report", true, Some(false)),
        ("delete_report", true, Some(true)),
    ] {
        let verdict = declared(name, hint);
        assert!(!contradicts(&verdict), "{name} {hint}");
        assert_eq!(verdict.annotations.destructive.agrees(), agrees, "{name} {hint}");
    }
    assert!(contradicts(&declared("delete_report", false)));
    assert!(contradicts(&declared("get_report", true)));
}
