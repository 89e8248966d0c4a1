//! TLS, when a certificate is configured: the server needs no proxy before it then.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use thiserror::Error;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::{Error as PemError, PemObject};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{self, ServerConfig};
use tokio_rustls::server::TlsStream;

use super::limits;

/// Why TLS cannot be used as it is configured.
#[derive(Debug, Error)]
pub enum TlsError {
    /// The file of the certificate or of its key cannot be read, or holds none.
    #[error("`{path}` cannot be read as PEM with a {what}")]
    Pem {
        /// The file.
        path: PathBuf,
        /// What should be in it.
        what: &'static str,
        /// Why not.
        #[source]
        source: PemError,
    },
    /// Certificate and key do not belong together, or are of a kind that is not supported.
    #[error("the certificate `{certificate}` cannot be used with the key `{key}`")]
    Unusable {
        /// The file of the certificate.
        certificate: PathBuf,
        /// The file of its key.
        key: PathBuf,
        /// Why not.
        #[source]
        source: rustls::Error,
    },
}

/// The server's side of TLS 1.2 and 1.3. Cheap to clone.
#[derive(Clone)]
pub struct Tls(TlsAcceptor);

impl std::fmt::Debug for Tls {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Holds a key.
        f.write_str("Tls")
    }
}

impl Tls {
    /// Reads the certificate with those between it and the root (PEM, its own first) and its private key (PEM; PKCS #8, PKCS #1
    /// or SEC 1, not encrypted).
    ///
    /// # Errors
    /// [`TlsError`].
    pub fn load(certificate: &Path, key: &Path) -> Result<Self, TlsError> {
        let unreadable = |path: &Path, what| {
            let path = path.to_owned();
            move |source| TlsError::Pem { path, what, source }
        };
        let chain = CertificateDer::pem_file_iter(certificate)
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .and_then(|chain| match chain.is_empty() {
                true => Err(PemError::NoItemsFound),
                false => Ok(chain),
            })
            .map_err(unreadable(certificate, "certificate"))?;
        let secret = PrivateKeyDer::from_pem_file(key).map_err(unreadable(key, "private key"))?;
        let unusable = |source| TlsError::Unusable {
            certificate: certificate.to_owned(),
            key: key.to_owned(),
            source,
        };
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(unusable)?
            .with_no_client_auth()
            .with_single_cert(chain, secret)
            .map_err(unusable)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self(TlsAcceptor::from(Arc::new(config))))
    }

    /// The connection once the client has agreed on keys, which takes no longer than the head of a request may.
    ///
    /// # Errors
    /// When the client speaks no TLS, or is too slow.
    pub(super) async fn accept(&self, stream: TcpStream) -> io::Result<TlsStream<TcpStream>> {
        match timeout(limits::HEAD_TIME, self.0.accept(stream)).await {
            Ok(accepted) => accepted,
            Err(_elapsed) => Err(io::ErrorKind::TimedOut.into()),
        }
    }
}
