//! From a document to a client that obeys it: three steps.

use super::server::ServerCards;
use super::slot::{CodeText, Link, Whole};
use super::{Prose, sentences};
use crate::config::Gateway;

/// The three steps, with the gateway's name and address as configured.
pub(crate) fn steps(server: &ServerCards<'_>) -> Vec<Prose> {
    let Gateway { name, url } = &server.setting.config.gateway;
    let gateway = Link(name, url.as_deref());
    vec![
        sentences::step_start(gateway, Whole(server.name())),
        sentences::step_save(gateway, CodeText("policy.json")),
        sentences::step_check(gateway),
    ]
}
