//! One connection to one host: resolved, checked, connected to the address that was checked.

use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore, crypto::ring};

use super::super::failure::NoListing;
use super::address::{HttpAddress, is_private};
use super::tokio_io::TokioIo;
use crate::neutral;

/// How long one of a host's addresses may take to accept a connection.
const CONNECT: Duration = Duration::from_secs(10);

/// What requests are sent through.
pub(super) type Sender = SendRequest<Full<Bytes>>;

/// Connects.
pub(super) async fn dial(address: &HttpAddress, allow_private: bool) -> Result<Sender, NoListing> {
    let host = neutral::terminal(&address.host).into_owned();
    let unreachable = |cause: String| NoListing::Unreachable { host: host.clone(), cause };
    // What is connected to is an address of this list: a name that leads elsewhere a moment later changes nothing.
    let resolved: Vec<SocketAddr> = match address.host.parse::<IpAddr>() {
        Ok(ip) => vec![SocketAddr::new(ip, address.port)],
        Err(_) => {
            lookup_host((address.host.as_str(), address.port)).await.map_err(|e| unreachable(e.to_string()))?.collect()
        }
    };
    let allowed: Vec<SocketAddr> =
        resolved.iter().copied().filter(|found| allow_private || !is_private(found.ip())).collect();
    if allowed.is_empty()
        && let Some(first) = resolved.first()
    {
        return Err(NoListing::Private { host, address: first.ip().to_string() });
    }
    let mut last = "it has no address".to_owned();
    for found in allowed {
        match timeout(CONNECT, TcpStream::connect(found)).await {
            Ok(Ok(stream)) => return speak(stream, address, &host).await,
            Ok(Err(e)) => last = e.to_string(),
            Err(_) => "no answer".clone_into(&mut last),
        }
    }
    Err(unreachable(last))
}

async fn speak(stream: TcpStream, address: &HttpAddress, host: &str) -> Result<Sender, NoListing> {
    let unreachable = |cause: String| NoListing::Unreachable { host: host.to_owned(), cause };
    // Small messages wait for nothing.
    let _ = stream.set_nodelay(true);
    if !address.secure {
        let (sender, connection) = handshake(TokioIo(stream)).await.map_err(|e| unreachable(e.to_string()))?;
        tokio::spawn(connection);
        return Ok(sender);
    }
    let tls = |cause: String| NoListing::Tls { host: host.to_owned(), cause };
    let config = config().map_err(tls)?;
    let name = ServerName::try_from(address.host.clone()).map_err(|e| tls(e.to_string()))?;
    let stream = match timeout(CONNECT, TlsConnector::from(config).connect(name, stream)).await {
        Ok(Ok(stream)) => stream,
        Ok(Err(e)) => return Err(tls(neutral::terminal(&e.to_string()).into_owned())),
        Err(_) => return Err(tls("no answer".to_owned())),
    };
    let (sender, connection) = handshake(TokioIo(stream)).await.map_err(|e| unreachable(e.to_string()))?;
    tokio::spawn(connection);
    Ok(sender)
}

/// TLS with the certificates that the system trusts, or those of `SSL_CERT_FILE`; read once.
fn config() -> Result<Arc<ClientConfig>, String> {
    static CONFIG: OnceLock<Result<Arc<ClientConfig>, String>> = OnceLock::new();
    CONFIG
        .get_or_init(|| {
            let mut roots = RootCertStore::empty();
            let found = rustls_native_certs::load_native_certs();
            roots.add_parsable_certificates(found.certs);
            if roots.is_empty() {
                return Err("this system has no certificates".to_owned());
            }
            let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
            let builder = builder.with_safe_default_protocol_versions().map_err(|e| e.to_string())?;
            Ok(Arc::new(builder.with_root_certificates(roots).with_no_client_auth()))
        })
        .clone()
}
