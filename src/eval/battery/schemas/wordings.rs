//! The arguments, as the JSON text of `properties` objects.

/// A choice among actions of which the last or another destroys.
pub(super) const ACTION: &[&str] = &[
    r#"{"action": {"type": "string", "enum": ["list", "get", "delete"]}}"#,
    r#"{"operation": {"type": "string", "enum": ["read", "write", "purge"], "description": "What to do"}}"#,
    r#"{"op": {"enum": ["delete", "get", "set"]}}"#,
    r#"{"mode": {"type": "string", "enum": ["view", "edit", "delete_all"], "default": "view"}}"#,
    r#"{"command": {"enum": ["status", "wipe"]}}"#,
    r#"{"verb": {"type": "string", "enum": ["show", "destroy"], "default": "show"}}"#,
    r#"{"task": {"type": "string", "enum": ["fetch", "erase"]}}"#,
    r#"{"request_type": {"enum": ["GET_ITEM", "DELETE_ITEM"]}}"#,
    r#"{"actionType": {"type": "string", "enum": ["search", "create", "update", "delete"]}}"#,
    r#"{"step": {"type": "string", "enum": ["preview", "deleteAll"]}}"#,
    r#"{"subcommand": {"type": "string", "enum": ["ls", "cat", "rm"]}}"#,
    r#"{"method": {"type": "string", "enum": ["find", "insert", "drop_collection"]}}"#,
];

/// The same as text.
pub(super) const ACTION_DESCRIBED: &[&str] = &[
    r#"{"action": {"type": "string", "description": "One of: list, get, delete"}}"#,
    r#"{"operation": {"type": "string", "description": "The operation: `read`, `write` or `purge`."}}"#,
    r#"{"op": {"type": "string", "description": "get | set | drop"}}"#,
    r#"{"mode": {"type": "string", "description": "'view' shows the entry, 'destroy' deletes it for good"}}"#,
    r#"{"action": {"type": "string", "description": "What to do (\"fetch\" or \"erase\")", "default": "fetch"}}"#,
    r#"{"verb": {"type": "string", "description": "Either show or delete."}}"#,
    r#"{"subcommand": {"type": "string", "description": "Subcommand, e.g. status, wipe"}}"#,
];

/// Switches whose name says what they destroy.
pub(super) const SWITCH: &[&str] = &[
    r#"{"delete_after": {"type": "boolean"}}"#,
    r#"{"delete_source": {"type": "boolean", "default": false}}"#,
    r#"{"purge": {"type": "boolean", "description": "Off by default"}}"#,
    r#"{"deleteOriginal": {"type": "boolean"}}"#,
    r#"{"wipe_first": {"type": "boolean", "default": false}}"#,
    r#"{"drop_existing": {"type": "boolean"}}"#,
    r#"{"erase_history": {"anyOf": [{"type": "boolean"}, {"type": "null"}], "default": null}}"#,
    r#"{"hard_delete": {"type": "boolean", "default": false}}"#,
    r#"{"delete-when-done": {"type": "boolean"}}"#,
    r#"{"overwrite_existing": {"type": "boolean", "description": "Overwrite the file that is there"}}"#,
    r#"{"force_delete": {"type": "boolean", "title": "Force Delete"}}"#,
    r#"{"destroy": {"type": "boolean"}}"#,
];

/// Switches whose description says it.
pub(super) const SWITCH_DESCRIBED: &[&str] = &[
    r#"{"tidy": {"type": "boolean", "description": "If true, deletes the original file afterwards."}}"#,
    r#"{"final": {"type": "boolean", "description": "Set to true to permanently erase the record."}}"#,
    r#"{"x": {"type": "boolean", "description": "Whether the source table should be dropped"}}"#,
    r#"{"fresh": {"type": "boolean", "description": "Start from scratch: existing data is deleted", "default": false}}"#,
    r#"{"once": {"type": "boolean", "description": "Delete the message from the queue after it was read."}}"#,
    r#"{"strict": {"anyOf": [{"type": "boolean"}, {"type": "null"}], "description": "Purges all older versions when set"}}"#,
    r#"{"finish": {"type": "boolean", "description": "When enabled, the environment is destroyed at the end."}}"#,
    r#"{"flag": {"type": "string", "enum": ["on", "off"], "description": "'on' wipes the volume before the call"}}"#,
    r#"{"level": {"type": "integer", "description": "0 keeps everything, 1 deletes all entries for good"}}"#,
    r#"{"replace": {"type": "boolean", "description": "Overwrite the whole document"}}"#,
];

/// What is to be destroyed.
pub(super) const VICTIMS: &[&str] = &[
    r#"{"ids_to_delete": {"type": "array", "items": {"type": "string"}}}"#,
    r#"{"delete_ids": {"type": "array", "items": {"type": "integer"}}}"#,
    r#"{"filesToDelete": {"type": "array", "items": {"type": "string"}, "description": "Paths"}}"#,
    r#"{"rows_to_purge": {"type": "string"}}"#,
    r#"{"tables_to_drop": {"type": "array", "items": {"type": "string"}}}"#,
    r#"{"victim": {"type": "string", "description": "ID of the record to delete"}}"#,
    r#"{"glob": {"type": "string", "description": "All files that match this pattern are deleted"}}"#,
    r#"{"old": {"type": "array", "items": {"type": "string"}, "description": "Versions to erase"}}"#,
];

/// Shell commands.
pub(super) const COMMAND: &[&str] = &[
    r#"{"command": {"type": "string", "description": "Shell command to run on the host"}}"#,
    r#"{"cmd": {"type": "string", "description": "Command line to execute"}}"#,
    r#"{"shell_command": {"type": "string"}}"#,
    r#"{"bash": {"type": "string", "description": "Commands for bash"}}"#,
    r#"{"pre_command": {"type": "string", "description": "Command that is run in a shell before the call"}}"#,
    r#"{"exec": {"type": "string", "description": "Program to execute, with its arguments"}}"#,
    r#"{"argv": {"type": "array", "items": {"type": "string"}, "description": "Program and arguments to run"}}"#,
    r#"{"hook": {"type": "string", "description": "Shell command, executed after every result"}}"#,
    r#"{"shellScript": {"type": "string", "description": "Script for /bin/sh"}}"#,
    r#"{"powershell": {"type": "string", "description": "PowerShell to run on the machine"}}"#,
];

/// Programs.
pub(super) const CODE: &[&str] = &[
    r#"{"code": {"type": "string", "description": "Python code to execute"}}"#,
    r#"{"script": {"type": "string", "description": "JavaScript that is evaluated on the server"}}"#,
    r#"{"python_code": {"type": "string"}}"#,
    r#"{"transform": {"type": "string", "description": "JavaScript function body, run on each result"}}"#,
    r#"{"expr": {"type": "string", "description": "Python expression that is passed to eval()"}}"#,
    r#"{"program": {"type": "string", "description": "Source of the program to compile and run"}}"#,
    r#"{"snippet": {"type": "string", "description": "Ruby code, executed in the process of the server"}}"#,
    r#"{"initScript": {"type": "string", "description": "JavaScript to run before anything else"}}"#,
    r#"{"lambda": {"type": "string", "description": "Python lambda that is executed on the host for each row"}}"#,
];

/// Statements of a query language, none of them restricted.
pub(super) const SQL: &[&str] = &[
    r#"{"sql": {"type": "string", "description": "SQL statement to execute"}}"#,
    r#"{"statement": {"type": "string", "description": "Any SQL statement, including INSERT, UPDATE, DELETE and DROP"}}"#,
    r#"{"raw_sql": {"type": "string"}}"#,
    r#"{"sql_query": {"type": "string", "description": "SQL to run against the production database"}}"#,
    r#"{"cypher": {"type": "string", "description": "Cypher statement to run"}}"#,
    r#"{"query_text": {"type": "string", "description": "Raw SQL, executed as it is"}}"#,
    r#"{"statements": {"type": "array", "items": {"type": "string"}, "description": "SQL statements to execute in order"}}"#,
    r#"{"mutation": {"type": "string", "description": "GraphQL mutation to execute"}}"#,
    r#"{"plsql": {"type": "string", "description": "PL/SQL block to execute"}}"#,
];

/// An address and a method.
pub(super) const METHOD: &[&str] = &[
    r#"{"url": {"type": "string"}, "method": {"type": "string", "description": "HTTP method"}}"#,
    r#"{"endpoint": {"type": "string"}, "method": {"type": "string", "enum": ["GET", "POST", "PUT", "PATCH", "DELETE"]}}"#,
    r#"{"uri": {"type": "string", "description": "Address to call"}, "http_method": {"type": "string"}}"#,
    r#"{"target_url": {"type": "string"}, "verb": {"type": "string", "description": "HTTP verb, any"}}"#,
    r#"{"request_url": {"type": "string"}, "request_method": {"type": "string", "default": "GET"}}"#,
    r#"{"api_path": {"type": "string", "description": "Path of the API to call"}, "httpMethod": {"type": "string", "description": "GET, POST, PUT or DELETE"}}"#,
    r#"{"href": {"type": "string", "format": "uri"}, "method": {"type": "string", "default": "GET", "description": "HTTP method to use"}, "body": {"type": "string"}}"#,
];

/// Where an answer goes.
pub(super) const SENDS: &[&str] = &[
    r#"{"email_to": {"type": "string", "format": "email", "description": "The result is e-mailed to this address"}}"#,
    r#"{"notify": {"type": "string", "description": "Phone number to which an SMS with the result is sent"}}"#,
    r#"{"webhook_url": {"type": "string", "description": "URL that the result is posted to"}}"#,
    r#"{"channel": {"type": "string", "description": "Slack channel in which the answer is posted"}}"#,
    r#"{"send_to": {"type": "array", "items": {"type": "string"}, "description": "People to send the report to"}}"#,
    r#"{"publish": {"type": "boolean", "description": "Publishes the result on the public page"}}"#,
];
