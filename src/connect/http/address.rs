//! Which addresses belong to this machine or to a private network, and what an address on the command line says.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use hyper::Uri;

use super::super::failure::NoListing;
use crate::neutral;

/// Where a request goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct HttpAddress {
    pub secure: bool,
    /// Without the brackets of an IPv6 address.
    pub host: String,
    pub port: u16,
    /// With its query.
    pub path: String,
}

impl HttpAddress {
    /// Reads `https://host:port/path?query`.
    pub(super) fn parse(text: &str) -> Result<Self, NoListing> {
        let refuse = |why: &str| Err(NoListing::Address(why.to_owned()));
        // A fragment is for browsers.
        let text = text.split('#').next().unwrap_or_default();
        let begins = |scheme: &str| text.get(..scheme.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(scheme));
        let secure = begins("https://");
        if !secure && !begins("http://") {
            return refuse("the address begins with neither https:// nor http://");
        }
        let Ok(uri) = text.parse::<Uri>() else {
            return refuse("the address is no URL");
        };
        let Some(authority) = uri.authority() else { return refuse("the address has no host") };
        if authority.as_str().contains('@') {
            return refuse("the address holds a user name or a password; give them with --header NAME=ENV");
        }
        let host = authority.host().trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();
        if host.is_empty() {
            return refuse("the address has no host");
        }
        let port = match authority.port_u16() {
            Some(port) => port,
            None if secure => 443,
            None => 80,
        };
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        let path = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
        Ok(Self { secure, host, port, path })
    }

    /// Where `Location` leads from here.
    pub(super) fn redirected(&self, location: &str) -> Result<Self, NoListing> {
        if location.contains("://") {
            return Self::parse(location);
        }
        let scheme = if self.secure { "https:" } else { "http:" };
        let target = if location.starts_with("//") {
            format!("{scheme}{location}")
        } else if location.starts_with('/') {
            format!("{}{location}", self.origin())
        } else {
            let folder = self.path.split('?').next().unwrap_or_default();
            let folder = &folder[..=folder.rfind('/').unwrap_or(0)];
            format!("{}{folder}{location}", self.origin())
        };
        Self::parse(&target)
    }

    /// Scheme, host and port.
    pub(super) fn origin(&self) -> String {
        format!("{}://{}", if self.secure { "https" } else { "http" }, self.authority())
    }

    /// Host and port, as the header `Host` has them.
    pub(super) fn authority(&self) -> String {
        let host = if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() };
        let usual = if self.secure { 443 } else { 80 };
        if self.port == usual { host } else { format!("{host}:{}", self.port) }
    }

    /// For a terminal, without what may be a secret: the host, and the path where `whole`.
    pub(super) fn shown(&self, whole: bool) -> String {
        let path = self.path.split('?').next().unwrap_or_default();
        let segments = path.split('/').map(|part| if super::super::secret::looks_secret(part) { "…" } else { part });
        let path = if whole {
            segments.collect::<Vec<_>>().join("/")
        } else if self.path == "/" {
            String::new()
        } else {
            "/…".to_owned()
        };
        let query = if whole && self.path.contains('?') { "?…" } else { "" };
        neutral::terminal(&format!("{}{path}{query}", self.origin())).into_owned()
    }
}

/// Whether an address is no host of the public internet: this machine, a private or local network, a range for
/// documentation or of no use, or an IPv6 address that leads to one of those.
pub(super) fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_private_v4(v4),
        IpAddr::V6(v6) => is_private_v6(v6),
    }
}

fn is_private_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    matches!(
        (a, b, c),
        (0 | 10 | 127 | 224.., _, _)
            | (100, 64..=127, _)
            | (169, 254, _)
            | (172, 16..=31, _)
            | (192, 168, _)
            | (192, 0, 0 | 2)
            | (192, 88, 99)
            | (198, 18..=19, _)
            | (198, 51, 100)
            | (203, 0, 113)
    )
}

fn is_private_v6(address: Ipv6Addr) -> bool {
    let segments = address.segments();
    match segments {
        // ::, ::1, mapped and compatible addresses; those that lead through a translator.
        [0, 0, 0, 0, 0, 0 | 0xffff, high, low]
        | [0, 0, 0, 0, 0xffff, 0, high, low]
        | [0x64, 0xff9b, 0, 0, 0, 0, high, low]
        | [0x2002, high, low, ..] => is_private_v4(Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low))),
        // Teredo and everything else that is set apart below 2001:200::, and ranges for documentation and for nothing.
        [0x64, 0xff9b, 1, ..] | [0x100, 0, 0, 0, ..] | [0x2001, 0..=0x1ff | 0xdb8, ..] | [0x3fff, 0..=0x0fff, ..] => {
            true
        }
        // Only 2000::/3 is given to hosts of the internet.
        [first, ..] => first & 0xe000 != 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_are_not_of_the_internet_are_private_however_they_are_written() {
        for private in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "127.0.0.1",
            "127.255.255.254",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.0.1",
            "192.0.0.8",
            "192.0.2.1",
            "198.18.0.1",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::127.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b:1::1",
            "2002:7f00:1::",
            "2001::1",
            "2001:db8::1",
            "fc00::1",
            "fd12::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "100::1",
            "::ffff:0:127.0.0.1",
        ] {
            assert!(is_private(private.parse().unwrap()), "{private}");
        }
        for public in [
            "1.1.1.1",
            "8.8.8.8",
            "100.63.0.1",
            "172.32.0.1",
            "192.1.0.1",
            "2606:4700::1111",
            "2a00:1450:4001::1",
            "64:ff9b::808:808",
            "2002:808:808::",
        ] {
            assert!(!is_private(public.parse().unwrap()), "{public}");
        }
    }

    #[test]
    fn an_address_is_read_strictly_and_shown_without_secrets() {
        let read = |text: &str| HttpAddress::parse(text).map_err(|e| e.to_string());
        let whole = read("https://Example.org:8443/mcp?key=abc#x").unwrap();
        assert_eq!((whole.host.as_str(), whole.port, whole.path.as_str()), ("example.org", 8443, "/mcp?key=abc"));
        assert_eq!(whole.shown(true), "https://example.org:8443/mcp?…");
        assert_eq!(whole.shown(false), "https://example.org:8443/…");
        assert_eq!(read("http://[::1]/").unwrap().authority(), "[::1]");
        assert!(read("https://a.example/s/aB3aB3aB3aB3aB3aB3aB3aB3/mcp").unwrap().shown(true).contains("/s/…/mcp"));
        for wrong in [
            "",
            "example.org",
            "ftp://example.org",
            "https://",
            "file:///etc/passwd",
            "https://me:pw@example.org/",
            "http:///x",
            "https://a b/",
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_redirect_is_followed_as_a_browser_would() {
        let from = HttpAddress::parse("https://a.example/x/mcp?q").unwrap();
        let to = |location: &str| from.redirected(location).map(|to| format!("{}{}", to.origin(), to.path)).unwrap();
        assert_eq!(to("/y"), "https://a.example/y");
        assert_eq!(to("mcp/"), "https://a.example/x/mcp/");
        assert_eq!(to("//b.example/z"), "https://b.example/z");
        assert_eq!(to("http://127.0.0.1/"), "http://127.0.0.1/");
    }
}
