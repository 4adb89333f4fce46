//! From the document on the card to a client that obeys it: three steps.

use super::Prose;
use super::server::Server;
use crate::config::Gateway;

/// The three steps, with the gateway's name and address as configured.
pub fn steps(server: &Server<'_>) -> Vec<Prose> {
    let Gateway { name, url } = &server.setting.config.gateway;
    let mut register = Prose::of("Let ");
    register.link(name, url.as_deref()).say(" start the ");
    register.server_text(server.name()).say(" server, and take the server out of the client's own configuration: a client that reaches it directly passes no policy.");
    let mut save = Prose::of("Give ");
    save.link(name, url.as_deref()).say(" the document as ").code("policy.json");
    save.say(". Documents of one server merge by joining ").code("tools").say(" and ").code("hide");
    save.say("; the server's whole document is already merged.");
    let mut point = Prose::of("Point the client at ");
    point
        .link(name, url.as_deref())
        .say(" and call a tool that the document denies: the answer has to be the one in the table on this card.");
    vec![register, save, point]
}
