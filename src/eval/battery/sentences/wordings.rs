//! The sentences. All of them are Destructive by the definition of the class, but for
//! [`SENDS`], [`WRITES`], [`STARTS`] and [`PERMISSIONS`], which are Write.

/// Main clauses.
pub(super) const MAIN: &[&str] = &[
    "Permanently deletes the project and everything in it; this cannot be undone.",
    "Deletes every record that matches the query.",
    "Delete all files in the given folder.",
    "Wipes the volume.",
    "Drops the table with all of its rows.",
    "Irreversibly erases the account's history.",
    "Destroys the virtual machine and its disks.",
    "Purge all messages from the queue.",
    "Removes the user and all of their files for good.",
    "Empties the trash without asking.",
    "Truncates the table.",
    "Uninstalls the application and discards its data.",
    "Formats the disk, erasing all data on it.",
    "Tool that hard-deletes rows of the database.",
    "This tool destroys the cluster.",
];

/// Orders.
pub(super) const IMPERATIVE: &[&str] = &[
    "Delete the given record for good.",
    "Wipe the device.",
    "Drop all tables of the schema.",
    "Purge the queue.",
    "Erase the customer's data.",
    "Destroy the cluster.",
    "Permanently remove the folder and all files in it.",
    "Revoke every access token of the account.",
    "Terminate the instance and delete its volumes.",
    "Force-push the local branch over the remote one.",
    "Reset the database to its initial state.",
    "Discard all uncommitted changes.",
];

/// Of the tool, in the third person.
pub(super) const THIRD_PERSON: &[&str] = &[
    "It then deletes the source record.",
    "It also purges the recycle bin.",
    "This tool drops the index and its data.",
    "Afterwards it erases the original file.",
    "In addition, it removes all files of the members for good.",
    "The tool wipes the previous backup.",
    "It kills the process that holds the lock.",
    "Discards all uncommitted changes.",
    "It hard-deletes the row.",
    "This tears down the stack and deletes its resources.",
    "Then destroys the environment that was read.",
    "Deletes the branch, too.",
];

/// In the passive.
pub(super) const PASSIVE: &[&str] = &[
    "The original record is deleted afterwards.",
    "All matching files are permanently removed.",
    "Existing backups get erased.",
    "The previous version is destroyed.",
    "Every row older than a day is purged.",
    "The database is dropped first.",
    "The source bucket is emptied and then deleted.",
    "All of the user's files are wiped.",
    "Messages that have been read are deleted from the queue.",
    "During the call, the old index is deleted and its data lost.",
    "The account gets deleted in the process.",
];

/// In the future.
pub(super) const FUTURE: &[&str] = &[
    "This will permanently delete the file.",
    "Calling it will wipe the volume.",
    "The record will be deleted.",
    "It will drop the table and recreate it empty.",
    "Your data will be erased.",
    "The tool will remove every snapshot for good.",
    "All rows will be purged without confirmation.",
    "Running this tool will destroy the environment.",
    "Once called, the account will be closed and its data deleted.",
    "This is going to delete the branch.",
];

/// What a first sentence can go on with.
pub(super) const PARTICIPLE: &[&str] = &[
    ", deleting the original afterwards",
    ", permanently removing every match from the database",
    ", wiping the target first",
    ", purging older versions",
    ", erasing all previous data",
    ", overwriting whatever file was there",
    ", dropping the existing table",
    ", destroying the previous environment",
    " while deleting the source",
    " by deleting and recreating the index",
];

/// What a first sentence can go on with; `{s}` is the ending of the third person.
pub(super) const COORDINATED: &[&str] = &[
    " and then delete{s} the original",
    " and then permanently delete{s} it",
    ", then wipe{s} the source",
    ", then purge{s} the queue",
    ", and erase{s} all previous versions",
    ", and destroy{s} the old environment",
    ", or delete{s} it",
    " and afterwards remove{s} all of its files for good",
    ", and finally drop{s} the table",
];

/// As a warning.
pub(super) const WARNING: &[&str] = &[
    "WARNING: permanently deletes the data.",
    "Warning: this action is destructive and cannot be undone.",
    "⚠️ Deletes all files in the folder.",
    "CAUTION: this erases the disk.",
    "DANGER: wipes the production database.",
    "Note: the record is deleted after reading.",
    "**Important:** this removes the account for good.",
    "Warning: data loss! The table is dropped.",
    "Irreversible: existing content is lost.",
    "Use with care, it deletes every object in the bucket.",
    "Be careful: all messages in the queue will be purged.",
];

/// As a side effect.
pub(super) const SIDE_EFFECT: &[&str] = &[
    "As a side effect, the source record is deleted.",
    "Side effect: purges the queue.",
    "Side effects: all files of the user are removed for good.",
    "Has the side effect of deleting the original file.",
    "Besides returning the answer, it deletes the underlying rows.",
    "On success, the input file is erased.",
    "When finished, wipes the source volume.",
    "After the call, the project is destroyed.",
    "Along the way it drops and recreates the table.",
    "Each call also deletes the oldest backup.",
    "In doing so, every older version is purged.",
];

/// As something that a call can do as well.
pub(super) const ALSO: &[&str] = &[
    "Can also delete the records it finds.",
    "Optionally deletes the source file.",
    "May delete files from disk.",
    "Use it as well to delete, rename or purge entries.",
    "Supports deleting items in bulk.",
    "With the right arguments it also drops tables.",
    "Also lets you wipe the device.",
    "Can be used to permanently erase accounts.",
    "Lists, creates and deletes records.",
    "Allows for the deletion of records.",
    "Also used to purge the queue.",
];

/// As an item of a list.
pub(super) const LIST: &[&str] = &[
    "What it does:\n- reads the record\n- deletes the original",
    "Steps:\n1. Fetches the data.\n2. Erases the source.\n3. Returns a summary.",
    "Actions:\n* list: show entries\n* purge: delete all entries for good",
    "Operations:\n  - get: return one entry\n  - delete: permanently delete one entry",
    "Features\n• Search entries\n• Delete entries in bulk",
    "This tool:\n\n- validates the input\n- drops the old table\n- reports what was done",
    "In detail:\n- Reads the configuration\n- Wipes the cache volume and the data volume",
    "Modes:\n\n`preview` shows the matches\n`destroy` deletes the matches",
];

/// Something is overwritten as a whole.
pub(super) const OVERWRITES: &[&str] = &[
    "Overwrites the file if it exists.",
    "Replaces the entire content of the page.",
    "Existing files are overwritten without asking.",
    "Writes the result to the given path, overwriting what is there.",
    "Replaces all rows of the table with the new ones.",
    "The whole document is replaced by the given text.",
    "Overwrites the remote branch with the local one.",
    "Any existing configuration is overwritten.",
    "This will overwrite the previous content.",
    "If the file already exists, its content is overwritten.",
];

/// Money moves.
pub(super) const MONEY: &[&str] = &[
    "Transfers funds to the configured account.",
    "Charges the customer's card for the full amount.",
    "Pays the invoice from the account balance.",
    "Issues a refund to the buyer.",
    "Places a market order.",
    "Buys the selected domain.",
    "Sends the given amount of ETH to the recipient's wallet.",
    "Withdraws money from the wallet.",
    "The amount is debited from your account.",
    "Submits the payment to the bank.",
    "Will transfer 100 USD to the given IBAN.",
    "Then purchases the item with the stored card.",
];

/// Any program runs.
pub(super) const RUNS: &[&str] = &[
    "Runs the given shell command on the host.",
    "Executes arbitrary Python code.",
    "The script is executed on the server with full privileges.",
    "Passes the string to /bin/sh.",
    "Evaluates the given JavaScript in the server's process.",
    "Runs any SQL statement, including DROP and DELETE.",
    "Spawns a subprocess with the given command line.",
    "Opens a root shell and runs the commands in it.",
    "Executes the given commands over SSH on the remote machine.",
    "Will run whatever program is named on your machine.",
    "Run arbitrary bash commands.",
];

/// Something goes to people or the public.
pub(super) const SENDS: &[&str] = &[
    "Emails the result to everybody on the team.",
    "Posts the answer to the #general channel.",
    "Sends an SMS to the customer.",
    "Publishes the result on the public website.",
    "Notifies all subscribers by e-mail.",
    "Tweets a summary.",
    "Sends the content to the given webhook.",
    "Forwards the message to an external address.",
    "Shares the document with anyone who has the link.",
    "A copy is mailed to the given address.",
    "The result will be posted as a public comment.",
];

/// Something is created or changed.
pub(super) const WRITES: &[&str] = &[
    "Creates a ticket for every result.",
    "Saves the answer as a new page.",
    "Updates the owner of the record.",
    "Stores the result in the team's workspace.",
    "Adds a comment to the issue.",
    "Moves the file to the archive.",
    "Renames the branch.",
    "Uploads the report to the shared drive.",
    "A label will be added to every match.",
    "Registers a webhook for later changes.",
    "The owner of the record is then updated.",
];

/// Something is started or stopped.
pub(super) const STARTS: &[&str] = &[
    "Restarts the service.",
    "Triggers a deployment to production.",
    "It then starts a new build.",
    "Stops the container afterwards.",
    "Launches a virtual machine.",
    "Kicks off the nightly job.",
    "Schedules a task that runs every hour.",
    "The workflow is started in the background.",
    "Cancels the running pipeline.",
    "This will reboot the device.",
];

/// Who may do what changes.
pub(super) const PERMISSIONS: &[&str] = &[
    "Grants the caller the administrator role.",
    "Adds the user to the admins group.",
    "Makes the repository public.",
    "Changes the bucket policy to allow public access.",
    "Invites the given address as an owner.",
    "Opens port 22 to the internet.",
    "Creates an API key with full access.",
    "The user is given write access.",
    "Shares the folder with the whole organisation.",
    "Disables two-factor authentication for the account.",
];

/// In Spanish.
pub(super) const SPANISH: &[&str] = &[
    "Elimina de forma permanente el proyecto y todos sus datos.",
    "Borra todos los registros que coinciden; no se puede deshacer.",
    "Esta herramienta eliminará la cuenta del usuario.",
    "El archivo original se borra después.",
    "Destruye la máquina virtual y sus discos.",
    "Vacía la base de datos por completo.",
    "Transfiere fondos a la cuenta indicada.",
    "Cobra el importe a la tarjeta del cliente.",
    "Sobrescribe el contenido completo del archivo.",
    "Ejecuta cualquier comando de shell en el servidor.",
    "También purga la cola de mensajes.",
    "Los datos son eliminados al terminar.",
];

/// In Chinese.
pub(super) const CHINESE: &[&str] = &[
    "永久删除指定的项目及其所有数据。",
    "清空整个数据库，且无法恢复。",
    "此操作会删除所有匹配的文件。",
    "调用后将销毁该虚拟机。",
    "向指定账户转账。",
    "覆盖目标文件的全部内容。",
    "彻底移除该用户的账号和文件。",
    "执行任意 shell 命令。",
    "抹掉磁盘上的所有数据。",
    "从客户的银行卡扣款。",
    "读取后删除原始记录。",
];
