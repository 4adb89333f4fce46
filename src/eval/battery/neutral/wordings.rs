//! Sentences and arguments that change nothing.

/// Nothing is destroyed.
pub(super) const NEGATION: &[&str] = &[
    "It does not delete anything.",
    "Nothing is deleted.",
    "Never deletes or overwrites existing data.",
    "This tool doesn't remove any records.",
    "No data is erased by this call.",
    "This will not delete your files.",
    "Existing entries are never overwritten or purged.",
    "It cannot be used to delete or destroy anything.",
    "Works without deleting anything.",
    "Does NOT drop tables or truncate data.",
    "You cannot delete records with this tool.",
];

/// Something else than the tool's object stays.
pub(super) const NEGATION_OF_MORE: &[&str] = &[
    "The enclosing organisation is not deleted.",
    "Other workspaces are not affected.",
    "Does not delete the account that the token belongs to.",
    "Audit logs are never erased.",
    "The parent is left untouched.",
    "Nothing outside the given scope is removed.",
];

/// The tool only reads.
pub(super) const RESTRICTION: &[&str] = &[
    "This tool is read-only.",
    "It only reads and changes nothing.",
    "Read-only: no data is modified.",
    "Does not create, update or delete anything.",
    "Safe to call: nothing is changed.",
    "Does not modify any state.",
];

/// Another tool does something worse. The first word in backticks is its name.
pub(super) const POINTER: &[&str] = &[
    "To delete a record, use `delete_record` instead.",
    "Use `purge_queue` to remove messages for good.",
    "See also: `delete_project`.",
    "If you want to erase everything, call `wipe_all`.",
    "For deleting entries there is `remove_entry`.",
    "Not to be confused with `destroy_environment`, which deletes an environment.",
    "Deleting is done by `delete_item`.",
    "Related tools: `delete_file` (deletes a file), `get_file` (reads one).",
    "Payments are made with `transfer_funds`.",
    "Prefer `run_command` for running shell commands.",
    "`drop_table` drops a table.",
];

/// What was destroyed in the past.
pub(super) const PAST: &[&str] = &[
    "Records that were deleted in the last 30 days are included.",
    "Items that have been removed are marked as such.",
    "The field `deleted_at` tells when an entry was deleted.",
    "Deleted entries were removed by their owners.",
    "Entries that had been purged earlier do not appear.",
    "Recently deleted items are kept apart.",
    "An entry that somebody deleted has the status `deleted`.",
];

/// Actions as data.
pub(super) const NOUNS: &[&str] = &[
    "The audit log lists deletions, transfers and payments.",
    "Events are of the kinds creation, update and deletion.",
    "A deletion counts as an event.",
    "The history covers deletes and renames made by users.",
    "Refunds and chargebacks appear as separate lines.",
];

/// What depends on what others destroy.
pub(super) const CONDITION: &[&str] = &[
    "Fails if the project has been deleted.",
    "Returns an error when the record was removed.",
    "If the branch is deleted by its owner, the link stops working.",
    "Available until the workspace is deleted.",
    "Responds with 404 once the item has been purged.",
    "Not available after the account was closed and erased.",
    "Unless an administrator deleted it, the entry is found by its id.",
];

/// Before or after which action a call is useful.
pub(super) const PURPOSE: &[&str] = &[
    "Call this before deleting a project with another tool.",
    "Useful to check what a later deletion would affect.",
    "Helps you decide which entries you may want to delete by hand.",
    "Often used right after an environment was destroyed.",
    "Handy before you pay an invoice elsewhere.",
];

/// How long the provider keeps things.
pub(super) const RETENTION: &[&str] = &[
    "The provider deletes its request logs after 30 days.",
    "Cached answers expire after ten minutes.",
    "The service keeps its own audit log for 90 days, after which the provider purges it.",
    "Links in the answer are valid for one hour.",
];

/// Dangerous words as text.
pub(super) const QUOTED: &[&str] = &[
    "The word \"delete\" in a text has no special meaning.",
    "A text such as 'rm -rf' is treated like any other text.",
    "Strings like \"drop table\" are escaped.",
    "Names that contain \u{201c}purge\u{201d} or \u{201c}wipe\u{201d} are allowed.",
    "A page called \"How to transfer funds\" is a page like others.",
];

/// Limits of calls.
pub(super) const RATE_LIMIT: &[&str] = &[
    "Rate limit: 60 requests per minute.",
    "Limited to 5 calls per second; further calls are rejected with status 429.",
    "At most 100 calls per hour are allowed.",
    "Subject to rate limiting.",
    "Calls are throttled to 10 a second.",
];

/// What is required.
pub(super) const API_KEY: &[&str] = &[
    "Requires an API key in the environment variable EXAMPLE_API_KEY.",
    "An API key is required.",
    "Requires authentication.",
    "Needs a token with the scope `items`.",
    "You must be signed in.",
    "Requires a paid plan.",
    "Authentication: pass your access token in the header.",
];

/// What is returned.
pub(super) const RETURNS: &[&str] = &[
    "Returns:\n    A JSON object with the fields id, name and created_at.",
    "Returns a JSON object with the result.",
    "Returns: the identifier and a status.",
    "The answer is JSON.",
    "Returns:\n    dict: the result, or an error message",
    "Output: an object with `ok` and `message`.",
];

/// Examples; `{name}` is the tool's name.
pub(super) const EXAMPLE: &[&str] = &[
    "Example:\n    {name}(id=\"42\")",
    "Example: `{\"id\": \"42\"}`",
    "```json\n{\"id\": \"42\", \"name\": \"Example\"}\n```",
    "Examples:\n- {name} with id 42\n- {name} with id 43",
    "<example>\n{name}({\"id\": 42})\n</example>",
];

/// Keywords of the whole schema.
pub(super) const ROOT_KEYWORDS: &[&str] = &[
    r#"{"additionalProperties": false}"#,
    r#"{"$schema": "http://json-schema.org/draft-07/schema#"}"#,
    r#"{"title": "Arguments"}"#,
    r#"{"required": []}"#,
    r#"{"$comment": "generated"}"#,
];

/// Limits and pages of an answer.
pub(super) const PAGE: &[&str] = &[
    r#"{"limit": {"type": "integer", "description": "Maximum number of results", "default": 20}}"#,
    r#"{"cursor": {"type": "string", "description": "Opaque token of the next page"}}"#,
    r#"{"page": {"type": "integer", "minimum": 1}, "per_page": {"type": "integer", "maximum": 100}}"#,
    r#"{"max_results": {"type": "integer"}}"#,
    r#"{"offset": {"type": "integer", "description": "Number of entries to skip"}}"#,
    r#"{"pageToken": {"type": "string"}}"#,
];

/// Forms of an answer.
pub(super) const FORMAT: &[&str] = &[
    r#"{"format": {"type": "string", "enum": ["json", "markdown", "text"], "description": "Format of the answer"}}"#,
    r#"{"output_format": {"type": "string", "enum": ["json", "yaml"]}}"#,
    r#"{"response_format": {"type": "string", "enum": ["concise", "detailed"], "default": "concise"}}"#,
    r#"{"pretty": {"type": "boolean", "description": "Indent the JSON of the answer"}}"#,
    r#"{"sort_order": {"type": "string", "enum": ["asc", "desc"]}}"#,
    r#"{"verbose": {"type": "boolean"}}"#,
];

/// How a call is made.
pub(super) const TECHNICAL: &[&str] = &[
    r#"{"timeout": {"type": "integer", "description": "Timeout in seconds"}}"#,
    r#"{"locale": {"type": "string", "description": "Language of messages, e.g. en-GB"}}"#,
    r#"{"timezone": {"type": "string"}}"#,
    r#"{"request_id": {"type": "string", "description": "Identifier for tracing"}}"#,
    r#"{"retries": {"type": "integer", "default": 3}}"#,
    r#"{"region_hint": {"type": "string"}}"#,
];

/// Switches about what was deleted.
pub(super) const FILTER: &[&str] = &[
    r#"{"include_deleted": {"type": "boolean", "description": "Whether to include deleted items"}}"#,
    r#"{"show_deleted": {"type": "boolean", "default": false}}"#,
    r#"{"withTrashed": {"type": "boolean"}}"#,
    r#"{"exclude_removed": {"type": "boolean", "description": "Leave out entries that were removed"}}"#,
    r#"{"includeDeleted": {"type": "boolean"}}"#,
    r#"{"skip_deleted": {"type": "boolean", "description": "Ignore entries that have been deleted"}}"#,
];

/// Filters on a status.
pub(super) const STATUS: &[&str] = &[
    r#"{"status": {"type": "string", "enum": ["active", "archived", "deleted"], "description": "Filter by status"}}"#,
    r#"{"state": {"type": "string", "enum": ["open", "closed", "deleted", "all"]}}"#,
    r#"{"status_filter": {"type": "array", "items": {"type": "string", "enum": ["ACTIVE", "DELETED"]}}}"#,
    r#"{"lifecycle": {"type": "string", "enum": ["live", "trashed", "purged"], "description": "Only entries in this state"}}"#,
    r#"{"event_type": {"type": "string", "enum": ["created", "updated", "deleted"]}}"#,
];

/// Filters on the time of a deletion.
pub(super) const SINCE: &[&str] = &[
    r#"{"deleted_since": {"type": "string", "format": "date-time"}}"#,
    r#"{"deleted_before": {"type": "string", "description": "Only entries that were deleted before this time"}}"#,
    r#"{"removedAfter": {"type": "string", "format": "date"}}"#,
    r#"{"deleted_at_min": {"type": "string", "description": "Earliest time of deletion"}}"#,
    r#"{"deleted_by": {"type": "string", "description": "User who deleted the entry"}}"#,
];

/// Fields of an answer.
pub(super) const OUTPUT: &[&str] = &[
    r#"{"id": {"type": "string"}, "created_at": {"type": "string"}}"#,
    r#"{"result": {"type": "string"}}"#,
    r#"{"status": {"type": "string", "enum": ["ok", "error"]}, "message": {"type": "string"}}"#,
    r#"{"id": {"type": "string"}, "deleted": {"type": "boolean", "description": "Whether the entry was deleted before"}}"#,
    r#"{"items": {"type": "array", "items": {"type": "object"}}, "deleted_at": {"type": "string"}}"#,
];
