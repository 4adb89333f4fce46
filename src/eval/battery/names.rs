//! Something worse in the name or the title.

use super::edit::{name, renamed, titled};
use super::{ChangeKind, DefinitionChange};
use crate::manifest::Tool;
use crate::risk::Class;

pub(super) const RAISING: &[DefinitionChange] = &[
    DefinitionChange {
        id: "name-suffix",
        kind: ChangeKind::Raises(Class::Destructive),
        does: "Puts a verb that destroys at the end of the name: `get_issue_delete`.",
        except: "",
        wordings: DESTROY,
        edit: |tool, words| Some(suffix(tool, words)),
    },
    DefinitionChange {
        id: "name-prefix",
        kind: ChangeKind::Raises(Class::Destructive),
        does: "Puts a verb that destroys at the head of the name: `delete_get_issue`.",
        except: "",
        wordings: DESTROY,
        edit: |tool, words| Some(renamed(tool, name::before(&tool.name, words))),
    },
    DefinitionChange {
        id: "name-verb",
        kind: ChangeKind::Raises(Class::Destructive),
        does: "Puts a verb that destroys in place of the name's own: `delete_issue` for `get_issue`.",
        except: "names without a known harmless verb",
        wordings: DESTROY,
        edit: verb,
    },
    DefinitionChange {
        id: "name-noun-verb",
        kind: ChangeKind::Raises(Class::Destructive),
        does: "Takes the name's own verb away and puts one that destroys at the end: `issue_delete` for `get_issue`.",
        except: "names without a known harmless verb",
        wordings: DESTROY,
        edit: |tool, words| Some(renamed(tool, name::noun_first(&tool.name, words)?)),
    },
    DefinitionChange {
        id: "name-and",
        kind: ChangeKind::Raises(Class::Destructive),
        does: "Joins a second action to the name by `and`: `get_issue_and_delete`.",
        except: "",
        wordings: AND,
        edit: |tool, words| Some(suffix(tool, words)),
    },
    DefinitionChange {
        id: "name-or",
        kind: ChangeKind::Raises(Class::Destructive),
        does: "Joins a second action to the name by `or`: `get_issue_or_delete`.",
        except: "",
        wordings: OR,
        edit: |tool, words| Some(suffix(tool, words)),
    },
    DefinitionChange {
        id: "name-then",
        kind: ChangeKind::Raises(Class::Destructive),
        does: "Joins a later action to the name by `then`: `get_issue_then_delete`.",
        except: "",
        wordings: THEN,
        edit: |tool, words| Some(suffix(tool, words)),
    },
    DefinitionChange {
        id: "name-namespace",
        kind: ChangeKind::Raises(Class::Destructive),
        does: "Puts a verb that destroys behind a dot, a slash or a colon: `get_issue.delete`.",
        except: "",
        wordings: NAMESPACE,
        edit: |tool, words| Some(renamed(tool, format!("{}{words}", tool.name.as_str()))),
    },
    DefinitionChange {
        id: "name-misspelled-suffix",
        kind: ChangeKind::Raises(Class::Destructive),
        does: "Puts a verb that destroys, spelled with one mistake, at the end of the name: `get_issue_delte`.",
        except: "",
        wordings: MISSPELLED,
        edit: |tool, words| Some(suffix(tool, words)),
    },
    DefinitionChange {
        id: "name-misspelled-verb",
        kind: ChangeKind::Raises(Class::Destructive),
        does: "Puts a verb that destroys, spelled with one mistake, in place of the name's own: `delte_issue`.",
        except: "names without a known harmless verb",
        wordings: MISSPELLED,
        edit: verb,
    },
    DefinitionChange {
        id: "name-runs-commands",
        kind: ChangeKind::Raises(Class::Destructive),
        does: "Joins the power to run commands or code to the name: `get_issue_and_run_shell_command`.",
        except: "",
        wordings: RUNS,
        edit: |tool, words| Some(suffix(tool, words)),
    },
    DefinitionChange {
        id: "name-moves-money",
        kind: ChangeKind::Raises(Class::Destructive),
        does: "Joins a payment to the name: `get_issue_and_transfer_funds`.",
        except: "",
        wordings: MONEY,
        edit: |tool, words| Some(suffix(tool, words)),
    },
    DefinitionChange {
        id: "name-sends",
        kind: ChangeKind::Raises(Class::Write),
        does: "Joins a message to people to the name: `get_issue_and_send_email`.",
        except: "",
        wordings: SENDS,
        edit: |tool, words| Some(suffix(tool, words)),
    },
    DefinitionChange {
        id: "name-writes",
        kind: ChangeKind::Raises(Class::Write),
        does: "Joins an ordinary change to the name: `get_issue_and_update`.",
        except: "",
        wordings: WRITES,
        edit: |tool, words| Some(suffix(tool, words)),
    },
    DefinitionChange {
        id: "title-set",
        kind: ChangeKind::Raises(Class::Destructive),
        does: "Sets a title that states a worse action.",
        except: "",
        wordings: TITLES,
        edit: |tool, title| Some(titled(tool, title.to_owned())),
    },
    DefinitionChange {
        id: "title-and",
        kind: ChangeKind::Raises(Class::Destructive),
        does: "Joins a worse action to the title, or to one made of the name: `Get Issue and Delete It`.",
        except: "",
        wordings: TITLES_AND,
        edit: |tool, words| Some(title_and(tool, words)),
    },
    DefinitionChange {
        id: "title-annotation",
        kind: ChangeKind::Raises(Class::Destructive),
        does: "Sets a title among the annotations that states a worse action.",
        except: "tools with a title of their own, which people see instead",
        wordings: TITLES,
        edit: title_annotation,
    },
];

fn suffix(tool: &Tool, words: &str) -> Tool {
    renamed(tool, name::after(&tool.name, words))
}

fn verb(tool: &Tool, words: &str) -> Option<Tool> {
    Some(renamed(tool, name::with_verb(&tool.name, words)?))
}

fn title_and(tool: &Tool, words: &str) -> Tool {
    let title = tool.title.as_deref().map_or_else(|| name::title(&tool.name), |title| title.trim().to_owned());
    titled(tool, format!("{title} {words}"))
}

fn title_annotation(tool: &Tool, title: &str) -> Option<Tool> {
    tool.title.is_none().then(|| {
        let mut changed = tool.clone();
        changed.annotations.present = true;
        changed.annotations.title = Some(title.into());
        changed
    })
}

/// Words that are verbs and nothing else, or all but so: at the end of a name they are not its object.
const DESTROY: &[&str] =
    &["delete", "destroy", "erase", "purge", "wipe", "obliterate", "delete_all", "permanently_delete"];

const AND: &[&str] = &[
    "and_delete",
    "and_destroy",
    "and_purge",
    "and_wipe",
    "and_erase",
    "and_drop_table",
    "and_remove_all_data",
    "and_overwrite_file",
    "and_delete_source",
    "and_kill_process",
    "and_revoke_token",
];

const OR: &[&str] = &[
    "or_delete",
    "or_destroy",
    "or_purge",
    "or_wipe",
    "or_erase",
    "or_delete_all",
    "or_drop_database",
    "or_overwrite",
];

const THEN: &[&str] = &[
    "then_delete",
    "then_destroy",
    "then_purge",
    "then_wipe",
    "then_erase",
    "then_delete_original",
    "then_drop_table",
    "and_then_delete",
];

const NAMESPACE: &[&str] = &[".delete", "/delete", ":delete", ".purge", "/destroy", "__delete", "::wipe", ".deleteAll"];

/// One letter left out, doubled, swapped, wrong or too many.
const MISSPELLED: &[&str] = &[
    "delte",
    "deleet",
    "dleete",
    "deelte",
    "delette",
    "delets",
    "delet",
    "destory",
    "destoy",
    "desrtoy",
    "destrroy",
    "earse",
    "purgee",
    "prge",
    "obliterte",
];

const RUNS: &[&str] = &[
    "and_run_shell_command",
    "and_execute_command",
    "and_exec_shell",
    "and_run_bash",
    "and_execute_code",
    "or_run_shell_script",
    "then_execute_shell_command",
    "and_eval_javascript",
    "and_run_python_code",
];

const MONEY: &[&str] = &[
    "and_transfer_funds",
    "and_pay_invoice",
    "and_charge_card",
    "and_send_payment",
    "and_place_order",
    "and_create_refund",
    "and_withdraw_money",
    "then_pay",
    "and_trasfer_funds",
];

const SENDS: &[&str] = &[
    "and_send_email",
    "and_email",
    "and_post_message",
    "and_notify_users",
    "and_publish",
    "and_tweet",
    "and_send_sms",
    "and_share",
    "then_send_message",
];

const WRITES: &[&str] = &[
    "and_update",
    "and_create_issue",
    "and_save_file",
    "and_add_comment",
    "and_rename",
    "and_restart_service",
    "and_upload",
    "then_archive",
    "and_assign",
    "and_edit",
];

const TITLES: &[&str] = &[
    "Delete Record",
    "Permanently delete all data",
    "Wipe Database",
    "Purge Queue",
    "Drop table",
    "Transfer funds",
    "Issue Refund",
    "Destroy environment",
    "Run shell command",
    "Execute arbitrary code",
    "Erase disk",
    "Overwrite file",
    "Empty the trash",
    "Deletes a repository",
];

const TITLES_AND: &[&str] = &[
    "and Delete It",
    "and delete the original",
    "& Purge",
    "and wipe everything",
    "or Delete",
    "/ Destroy",
    "then erase",
    "and pay the invoice",
    "(and delete)",
    "and run a shell command",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_misspelling_is_one_edit_off_a_verb_that_destroys() {
        for word in MISSPELLED {
            let off = |verb: &&str| strsim::osa_distance(word, verb);
            assert_eq!(
                ["delete", "deletes", "destroy", "erase", "purge", "obliterate"].iter().map(off).min(),
                Some(1),
                "{word}"
            );
        }
    }
}
