//! `{error: {code, message}}`: the answer of a server that refused to list its tools, most often that of JSON-RPC.

use super::{Members, Reader, Root, Shape};
use crate::diagnostic::Code;
use crate::manifest::Gap;
use crate::neutral;
use crate::raw::Raw;

pub(super) const SHAPE: Shape = Shape { id: "refusal", fits, read };

fn fits(root: &Root<'_>) -> bool {
    let Some(members) = root.object() else { return false };
    let says = members.text("error").is_some() || members.object("error").is_some_and(|e| e.text("message").is_some());
    // Without the version of the protocol, an error and nothing that could be a listing.
    let alone = || members.iter().all(|(key, value)| key == "error" || !value.get().starts_with(['{', '[']));
    members.has("error") && !members.has("result") && (members.has("jsonrpc") || (says && alone()))
}

fn read<'a>(root: &Root<'a>, reader: &mut Reader<'a>) {
    let Some(members) = root.object() else { return };
    if let Some(raw) = reader.target() {
        reader.refusal(raw, members, false);
    }
}

impl<'a> Reader<'a> {
    /// Says what a server answered in place of tools, or beside them.
    pub(crate) fn refusal(&mut self, raw: Raw<'a>, members: &Members<'a>, beside: bool) {
        let error = members.object("error");
        let of = |key: &str| error.as_ref().and_then(|error| error.get(key));
        let code = of("code").map(Raw::get).filter(|code| code.parse::<i64>().is_ok());
        let message = error.as_ref().and_then(|error| error.text("message")).or_else(|| members.text("error"));
        let code = code.map_or(String::new(), |code| format!(" {code}"));
        let said = message.map_or(String::new(), |text| format!(": {}", neutral::quoted(&text)));
        let offset = self.offset(raw);
        let kind = if members.has("jsonrpc") { "the JSON-RPC error" } else { "an error" };
        let message = format!("the server answered with {kind}{code}{said}");
        if beside {
            return self.warn(Code::NoTools, offset, message, "see which request it refused: others were answered");
        }
        self.gap(Gap::Unread);
        let help =
            "it lists no tools: do what the error asks for (sign in, initialize first), then save tools/list again";
        self.error(Code::NoTools, offset, message, help);
    }
}
