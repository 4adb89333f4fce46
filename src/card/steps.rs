//! From a document to a client that obeys it: three steps.

use super::slot::{CodeText, Link, Whole};
use super::{Prose, sentences};
use crate::config::Gateway;

/// The three steps, with the gateway's name and address as configured.
pub(crate) fn steps(gateway: &Gateway, server: &str) -> Vec<Prose> {
    let gateway = Link(&gateway.name, gateway.url.as_deref());
    vec![
        sentences::step_start(gateway, Whole(server)),
        sentences::step_save(gateway, CodeText("policy.json")),
        sentences::step_check(gateway),
    ]
}
