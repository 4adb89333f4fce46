//! Kinds of sentences, values and arguments that say something worse, each beside what is like it and says nothing.

use serde_json::{Value, json};
use toolcard::classify::Place;
use toolcard::lexicon::{Lexicon, inflections};
use toolcard::risk::Class;

use crate::closed::{one, text, tool};

/// Descriptions of `get_album` that raise the label to at least a class.
fn raises(class: Class, descriptions: &[&str]) {
    for description in descriptions {
        let verdict = one(&tool("get_album", description, json!({"id": text()})));
        assert!(verdict.class >= class, "{description}: {:?}", verdict.class);
    }
}

/// Descriptions of `get_album` that leave it Read.
fn keeps(descriptions: &[&str]) {
    for description in descriptions {
        assert_eq!(one(&tool("get_album", description, json!({"id": text()}))).class, Class::Read, "{description}");
    }
}

/// Arguments of `get_album`, with the class that they lead to.
fn with_argument(name: &str, schema: &Value) -> Class {
    one(&tool("get_album", "Gets an album.", json!({"id": text(), name: schema}))).class
}

fn said(description: &str) -> Value {
    json!({"type": "string", "description": description})
}

#[test]
fn what_is_called_or_run_by_name_counts_as_a_name_does() {
    raises(
        Class::Destructive,
        &[
            "Gets an album. Calls `DELETE /albums/{id}`.",
            "Gets an album. It calls purgeAlbum() on the host.",
            "Gets an album and runs `rm -r` in its folder.",
            "Gets an album, then executes `git reset --hard`.",
            "`DELETE /albums/{id}`",
        ],
    );
    keeps(&[
        "Gets an album. To remove one, call `DELETE /albums/{id}`.",
        "Gets an album, e.g. for `purgeAlbum()`.",
        "Gets an album. Does not call `DELETE /albums/{id}`.",
        "Gets an album. Calls `GET /albums/{id}`.",
        "Finds requests such as \"show my requests\", \"delete my album\".",
    ]);
}

#[test]
fn that_nobody_is_asked_does_not_deny_what_is_done() {
    raises(
        Class::Destructive,
        &[
            "Gets an album. Does not prompt before erasing the originals.",
            "Gets an album. No confirmation before it deletes the pictures.",
            "Gets an album. There is no warning before the pictures are deleted.",
        ],
    );
    keeps(&[
        "Gets an album. Does not erase the originals.",
        "Gets an album. No pictures are deleted.",
        "Gets an album. Never asks for a password.",
    ]);
}

#[test]
fn what_is_sent_changed_or_restarted_in_a_later_sentence_counts() {
    raises(
        Class::Write,
        &[
            "Gets an album. The album is uploaded to our server.",
            "Gets an album. It is forwarded to the press.",
            "Gets an album. The role is changed to owner.",
            "Gets an album. Its permissions are changed.",
            "Gets an album. Its status is set to seen.",
            "Gets an album; the server is rebooted.",
            "Gets an album and emails it to the editor.",
        ],
    );
    keeps(&[
        "Gets an album. The album is returned as JSON.",
        "Gets an album. The request is sent to the API.",
        "Gets an album. The answer is sent to you.",
        "Gets an album. Albums that are uploaded to our server have an id.",
        "Gets an album. Nothing is uploaded to our server.",
        "Gets an album. Fails when the role is changed.",
    ]);
}

#[test]
fn what_a_call_makes_others_do_and_ends_for_good_counts() {
    raises(
        Class::Destructive,
        &[
            "Gets an album, which makes the camera erase itself.",
            "Gets an album. This causes the owner to lose all data.",
            "Gets an album and closes the account permanently.",
            "Gets an album. Zeros out the disk.",
            "Gets an album and deletes all of its tables.",
            "Gets a script by running it.",
        ],
    );
    keeps(&[
        "Gets an album, which makes the list easy to read.",
        "Gets an album and where it is permanently stored.",
        "Gets an album. Zeros are shown as dashes.",
    ]);
    let closes = one(&tool("account_close", "Closes the account.", json!({"id": text()})));
    assert_eq!(closes.class, Class::Write);
}

#[test]
fn nouns_and_lists_of_what_a_tool_does_count() {
    for description in [
        "Supports browsing, renaming, deleting.",
        "One tool for all album operations: get, list, delete",
        "Album tool. Operations:\n- viewing albums\n- deleting albums",
        "Shows an album. Side effect: removal of the pictures.",
    ] {
        assert_eq!(one(&tool("albums", description, json!({}))).class, Class::Destructive, "{description}");
    }
    keeps(&[
        "Gets an album with its history: additions, deletions, changes.",
        "Gets an album. Removal of pictures needs a role.",
        "Gets an album. Supports filtering, sorting, paging.",
    ]);
}

#[test]
fn what_branches_and_numbers_explain_is_what_a_value_does() {
    for schema in [
        json!({"oneOf": [{"const": 1, "title": "Returns the album"}, {"const": 2, "title": "Permanently removes the album"}]}),
        json!({"anyOf": [{"enum": ["a"], "description": "Show it"}, {"enum": ["b"], "description": "Erase it for good"}]}),
        json!({"type": "integer", "description": "0: read the album; 1: clear the album"}),
        json!({"type": "integer", "description": "0 = show, 2 = delete"}),
    ] {
        assert_eq!(with_argument("level", &schema), Class::Destructive, "{schema}");
    }
    for schema in [
        json!({"oneOf": [{"const": 1, "title": "Album removed"}, {"const": 2, "title": "Album added"}]}),
        json!({"anyOf": [{"const": "x", "description": "Albums that were deleted"}, {"const": "y"}]}),
        json!({"type": "integer", "description": "0: all, 1: deleted ones"}),
    ] {
        assert_eq!(with_argument("level", &schema), Class::Read, "{schema}");
    }
}

#[test]
fn what_is_done_besides_or_not_at_all_is_selected() {
    for (name, values) in
        [("finally", ["none", "shred"]), ("after", ["keep", "expunge"]), ("extra", ["none", "delete_originals"])]
    {
        assert_eq!(with_argument(name, &json!({"enum": values})), Class::Destructive, "{name}");
    }
    for (name, values) in [("status", ["none", "deleted"]), ("sort", ["none", "date"]), ("missing", ["keep", "drop"])] {
        assert_eq!(with_argument(name, &json!({"enum": values})), Class::Read, "{name}");
    }
    let commands = |about: &str| json!({"type": "array", "description": about, "items": {"enum": ["show", "wipe"]}});
    assert_eq!(with_argument("commands", &commands("What to do")), Class::Destructive);
    assert_eq!(with_argument("actions", &commands("Only entries of these actions")), Class::Read);
}

#[test]
fn a_verb_alone_as_a_value_is_done_to_what_the_tool_is_about() {
    let of = |name: &str, value: &str| one(&tool(name, "", json!({"action": {"enum": ["status", value]}}))).class;
    for (name, value) in [
        ("vm", "terminate"),
        ("wallet", "transfer"),
        ("wallet", "swap"),
        ("file", "unlink"),
        ("code", "execute"),
        ("pod", "evict"),
    ] {
        assert_eq!(of(name, value), Class::Destructive, "{name} {value}");
    }
    for (name, value) in [("ticket", "transfer"), ("cache", "evict"), ("playlist", "swap")] {
        assert_eq!(of(name, value), Class::Write, "{name} {value}");
    }
}

#[test]
fn a_command_of_which_nothing_is_said_is_run() {
    for name in ["command", "script", "shell"] {
        assert_eq!(with_argument(name, &text()), Class::Destructive, "{name}");
    }
    for (name, description, argument) in [
        ("explain_command", "Explains a command.", "command"),
        ("get_manual", "Gets help on commands.", "command"),
        ("list_fonts", "Lists fonts of a script.", "script"),
    ] {
        assert_eq!(one(&tool(name, description, json!({argument: text()}))).class, Class::Read, "{name}");
    }
}

#[test]
fn a_method_that_deletes_counts_without_an_address() {
    for schema in [json!({"enum": ["GET", "DELETE"]}), said("One of GET, PUT, DELETE")] {
        assert_eq!(with_argument("method", &schema), Class::Destructive, "{schema}");
    }
    for (name, description) in
        [("get_endpoint", "Gets the documentation of an endpoint."), ("search_logs", "Searches the log of requests.")]
    {
        let verdict = one(&tool(name, description, json!({"method": {"enum": ["GET", "POST", "DELETE"]}})));
        assert_eq!(verdict.class, Class::Read, "{name}");
    }
    assert_eq!(
        with_argument("method", &json!({"enum": ["GET", "DELETE"], "description": "Filter by method"})),
        Class::Read
    );
}

#[test]
fn what_an_argument_is_for_counts_of_a_reader() {
    let boolean = |description: &str| json!({"type": "boolean", "description": description});
    for (name, schema) in [
        ("go", boolean("Apply the plan to the cluster")),
        ("sync", boolean("Update the stored profile as well")),
        ("content", said("Content to write to the album")),
        ("title", said("New title for the album")),
        ("remove_tags", json!({"type": "array", "items": {"type": "string"}})),
    ] {
        assert_eq!(with_argument(name, &schema), Class::Write, "{name}");
    }
    for (name, schema) in [
        ("keep", boolean("Keep the pictures; when off they are deleted")),
        ("peek", boolean("Leave the mail where it is. Without it, mail is removed once read.")),
        ("card", said("Card to charge")),
        ("amount", said("Amount to transfer")),
    ] {
        assert_eq!(with_argument(name, &schema), Class::Destructive, "{name}");
    }
    for (name, schema) in [
        ("all", boolean("Apply the filter to all albums")),
        ("content", said("Content to convert")),
        ("amount", said("Amount to convert")),
        ("title", said("Title that the album was given")),
    ] {
        assert_eq!(with_argument(name, &schema), Class::Read, "{name}");
    }
    let quote = tool("get_quote", "Gets a quote.", json!({"amount": said("Amount to transfer")}));
    assert_eq!(one(&quote).class, Class::Read);
}

#[test]
fn other_languages_are_read_to_their_last_word() {
    for (name, description) in [
        ("loesche_album", ""),
        ("verwijder_album", ""),
        ("album_araci", "Belirtilen albümü kalıcı olarak siler."),
        ("get_album", "アルバムを取得し、その後写真を消します。"),
    ] {
        assert_eq!(one(&tool(name, description, json!({}))).class, Class::Destructive, "{name} {description}");
    }
    assert_eq!(one(&tool("lire_fiche", "Lit la fiche et met à jour le statut.", json!({}))).class, Class::Write);
    for (name, description) in [
        ("liste", "Liste les fiches mises à jour."),
        ("zeige_konto", "Zeigt das Konto und wann es gelöscht wurde."),
        ("list_albums", "削除されたアルバムを取得します。"),
    ] {
        assert_eq!(one(&tool(name, description, json!({}))).class, Class::Read, "{name} {description}");
    }
}

#[test]
fn what_only_sounds_worse_is_not() {
    for (name, description) in [
        ("drop_empty", "Drop empty values from the output."),
        ("clear_up", "Clears up common questions."),
        ("get_policy", "Gets the policy under which records are purged."),
        ("list_jobs", "Lists jobs. Finished jobs are removed after a day by the scheduler."),
        ("get_account", "Gets an account. Accounts are deleted by their owners on the website."),
    ] {
        assert_eq!(one(&tool(name, description, json!({"id": text()}))).class, Class::Read, "{name}");
    }
}

#[test]
fn a_clause_states_a_change_wherever_it_stands() {
    raises(
        Class::Write,
        &[
            "Gets an album. The album is archived.",
            "Gets an album (marks it as seen).",
            "Gets an album while marking each of its pictures as seen.",
            "Gets an album. Each access adds an entry to the user's history.",
            "Gets an album. If it is shared, it is locked.",
            "Gets an album. The album is locked if it is shared.",
            "Gets an album, after which the album is frozen.",
            "Gets an album.\n\nSide effects\n------------\nThe album is moved to the archive.",
            "1) Gets an album 2) write a row into the linked table 3) return it",
            "1. Finds the album.\n2. Sends the owner a mail.\n3. Returns it.",
            "Get an album. Add the label `seen` to the album.",
            "Gets an album. The owner receives a message.",
            "Gets an album. A mail goes out to the owner.",
            "Gets an album and logs its owner out.",
        ],
    );
    raises(
        Class::Destructive,
        &[
            "Gets an album.\n\nReturns:\n    dict: the pictures that were deleted by this call",
            "Gets an album. Its pictures may be lost: they may be erased.",
            "Gets an album. Purging of the queue takes place during the call.",
            "Gets an album. Part of this is the removal of its pictures.",
            "Get an album; delete it.",
            "Gets an album. In addition, all pictures without a name are dropped from the album.",
        ],
    );
    keeps(&[
        "Gets an album. Albums are archived after 30 days.",
        "Gets an album. Albums are created by users.",
        "Gets an album. The number of pictures is added to the answer.",
        "Gets an album. Albums that were merged are marked as such.",
        "Gets an album. Further calls are rejected.",
        "Gets an album. The history covers deletes and renames made by users.",
        "Gets an album. A picture is shown when it was shared.",
        "Gets an album. Data is updated daily.",
        "Gets an album. Check that sharing is enabled first.",
        "Gets an album. Accounts are locked after five failed logins.",
        "Shows who may read, write and delete an album.",
    ]);
}

#[test]
fn one_value_that_changes_something_counts_beside_things() {
    let of = |name: &str, values: Value| with_argument(name, &json!({"type": "string", "enum": values}));
    for (values, class) in [
        (json!(["depth", "purge"]), Class::Destructive),
        (json!(["anzeigen", "zaehlen", "loeschen"]), Class::Destructive),
        (json!(["size", "hard_delete"]), Class::Destructive),
        (json!(["preview", "transferFunds"]), Class::Destructive),
        (json!(["state", "poweroff"]), Class::Write),
        (json!(["status", "enable", "disable"]), Class::Write),
        (json!(["inspect", "notify_owner"]), Class::Write),
    ] {
        assert!(of("what", values.clone()) >= class, "{values}");
    }
    for (name, values) in [
        ("event", json!(["created", "delete"])),
        ("permission", json!(["read", "write", "delete"])),
        ("event_type", json!(["insert", "update", "delete"])),
        ("format", json!(["markdown", "html"])),
        ("topic", json!(["configuration", "publish-and-subscribe"])),
    ] {
        assert_eq!(of(name, values.clone()), Class::Read, "{name} {values}");
    }
}

#[test]
fn an_argument_says_what_is_done_with_its_value() {
    for (description, class) in [
        ("Folder into which the message is moved", Class::Write),
        ("Name the file is renamed to", Class::Write),
        ("New number to store on the user's profile", Class::Write),
        ("User to assign the issue to", Class::Write),
        ("URL that receives the results", Class::Write),
        ("IBAN to which the balance is transferred", Class::Destructive),
        ("Amount that is withdrawn from the account", Class::Destructive),
    ] {
        assert!(with_argument("extra", &said(description)) >= class, "{description}");
    }
    for description in [
        "Folder that was moved",
        "An empty string to remove it from the folder",
        "ID of the option that this is associated with",
        "Field to sort the records by",
        "Date from which messages are listed",
    ] {
        assert_eq!(with_argument("extra", &said(description)), Class::Read, "{description}");
    }
    let further =
        json!({"type": "object", "additionalProperties": {"type": "string", "description": "Row to add to the table"}});
    assert_eq!(with_argument("rows", &further), Class::Write);
    let switch = |name: &str| with_argument(name, &json!({"type": "boolean"}));
    assert_eq!(switch("forcePush"), Class::Destructive);
    assert_eq!(switch("autoApprove"), Class::Write);
    assert_eq!(switch("restart_service"), Class::Write);
    assert_eq!(switch("show_restarts"), Class::Read);
}

#[test]
fn an_output_schema_and_an_example_say_what_a_call_has_done() {
    let answers = |description: &str| {
        let mut tool = tool("get_album", "Gets an album.", json!({"id": text()}));
        tool["outputSchema"] = json!({"type": "object", "properties": {"r": said(description)}});
        one(&tool).class
    };
    for description in ["True when this call has deleted the album", "Number of files removed by this call"] {
        assert_eq!(answers(description), Class::Destructive, "{description}");
    }
    assert_eq!(answers("ID of the message that was sent by this call"), Class::Write);
    for description in ["Whether the album was deleted", "Number of calls", "User who deleted the album"] {
        assert_eq!(answers(description), Class::Read, "{description}");
    }
    raises(Class::Destructive, &["Gets an album.\n\nExamples:\n  get_album(args=\"delete album 1\")"]);
    keeps(&["Gets an album.\n\nExamples:\n  get_album(query=\"delete album 1\")"]);
    let pays = |name: &str| one(&tool(name, "", json!({"amount": text(), "recipient": text()}))).class;
    assert_eq!(pays("walletTransferInfo"), Class::Destructive);
    assert_eq!(pays("transferFeeInfo"), Class::Read);
}

#[test]
fn no_short_text_of_any_verb_ends_the_program() {
    let verbs = Lexicon::embedded().verbs();
    for (form, _) in verbs.iter().flat_map(|verb| inflections(&verb.lemma)) {
        for text in [
            form.clone(),
            format!("{form} the file"),
            format!("a {form}"),
            format!("({form}) {form}"),
            format!("Gets it. {form}"),
            format!("{form} of the"),
            format!("is {form} by this call"),
            format!("1) {form} 2) {form}"),
        ] {
            let verdict = one(&tool("t", &text, json!({"x": said(&text)})));
            let mut shown = verdict.evidence.iter().filter(|e| e.place == Place::Description);
            assert!(shown.all(|e| text.get(e.span.start..e.span.end) == Some(&e.text)), "{text}");
        }
    }
}
