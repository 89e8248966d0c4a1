//! TLS, when a certificate is configured: the server needs no proxy before it then. A new certificate is shown to who connects
//! after it was read; nobody's connection ends for it.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use thiserror::Error;
use tokio::net::TcpStream;
use tokio::signal::unix::Signal;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::{CryptoProvider, ring};
use tokio_rustls::rustls::pki_types::pem::{Error as PemError, PemObject};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::{ClientHello, ResolvesServerCert};
use tokio_rustls::rustls::sign::CertifiedKey;
use tokio_rustls::rustls::{self, ServerConfig};
use tokio_rustls::server::TlsStream;

use super::limits;
use crate::telemetry::chain;

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

/// The server's side of TLS 1.2 and 1.3. Cheap to clone; all clones show the certificate that was read last.
#[derive(Clone)]
pub struct Tls {
    acceptor: TlsAcceptor,
    shown: Arc<Shown>,
}

/// The certificate that is shown to who connects. Who is connected already goes on with the one that was shown then.
struct Shown {
    certificate: PathBuf,
    key: PathBuf,
    provider: Arc<CryptoProvider>,
    now: RwLock<(Arc<CertifiedKey>, Files)>,
}

/// What both files look like from outside: when it differs, the content may.
type Files = [Option<(u64, u64, i64, i64)>; 2];

impl std::fmt::Debug for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Holds a key.
        f.write_str("Shown")
    }
}

impl ResolvesServerCert for Shown {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let now = self.now.read().unwrap_or_else(PoisonError::into_inner);
        Some(Arc::clone(&now.0))
    }
}

impl std::fmt::Debug for Tls {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
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
        let provider = Arc::new(ring::default_provider());
        let files = files(certificate, key);
        let first = Arc::new(read(certificate, key, &provider)?);
        let shown = Arc::new(Shown {
            certificate: certificate.to_owned(),
            key: key.to_owned(),
            provider: Arc::clone(&provider),
            now: RwLock::new((first, files)),
        });
        let unusable = |source| TlsError::Unusable {
            certificate: certificate.to_owned(),
            key: key.to_owned(),
            source,
        };
        let resolver: Arc<dyn ResolvesServerCert> = shown.clone();
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(unusable)?
            .with_no_client_auth()
            .with_cert_resolver(resolver);
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self {
            acceptor: TlsAcceptor::from(Arc::new(config)),
            shown,
        })
    }

    /// Reads certificate and key again. When they cannot be used the former stay.
    ///
    /// # Errors
    /// [`TlsError`].
    pub fn reload(&self) -> Result<(), TlsError> {
        let shown = &self.shown;
        let files = files(&shown.certificate, &shown.key);
        let fresh = read(&shown.certificate, &shown.key, &shown.provider);
        let mut now = shown.now.write().unwrap_or_else(PoisonError::into_inner);
        // Also when they are of no use: that is told once for each change.
        now.1 = files;
        now.0 = Arc::new(fresh?);
        Ok(())
    }

    /// As [`Self::reload`], when one of the files has changed since; tells whether.
    ///
    /// # Errors
    /// [`TlsError`].
    pub fn reload_if_changed(&self) -> Result<bool, TlsError> {
        let shown = &self.shown;
        let seen = shown.now.read().unwrap_or_else(PoisonError::into_inner).1;
        if files(&shown.certificate, &shown.key) == seen {
            return Ok(false);
        }
        self.reload().map(|()| true)
    }

    /// Reads certificate and key again at each `hangup` (SIGHUP), and within a minute when a file has changed, for as long as it is
    /// polled. What cannot be used is told, and the former certificate stays.
    pub async fn follow(self, mut hangup: Signal) {
        loop {
            let asked = tokio::select! {
                Some(()) = hangup.recv() => true,
                () = sleep(limits::CERTIFICATE_POLL) => false,
            };
            let tls = self.clone();
            let look = move || match asked {
                true => tls.reload().map(|()| true),
                false => tls.reload_if_changed(),
            };
            match tokio::task::spawn_blocking(look).await {
                Ok(Ok(true)) => tracing::info!("the certificate was read again"),
                Ok(Ok(false)) | Err(_) => {}
                Ok(Err(error)) => {
                    tracing::error!(
                        cause = chain(&error),
                        "the certificate cannot be used: the former is shown"
                    );
                }
            }
        }
    }

    /// The connection once the client has agreed on keys, which takes no longer than the head of a request may.
    ///
    /// # Errors
    /// When the client speaks no TLS, or is too slow.
    pub(super) async fn accept(&self, stream: TcpStream) -> io::Result<TlsStream<TcpStream>> {
        match timeout(limits::HEAD_TIME, self.acceptor.accept(stream)).await {
            Ok(accepted) => accepted,
            Err(_elapsed) => Err(io::ErrorKind::TimedOut.into()),
        }
    }
}

fn read(certificate: &Path, key: &Path, provider: &CryptoProvider) -> Result<CertifiedKey, TlsError> {
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
    CertifiedKey::from_der(chain, secret, provider).map_err(|source| TlsError::Unusable {
        certificate: certificate.to_owned(),
        key: key.to_owned(),
        source,
    })
}

/// Inode, length and time of change of both files; `None` for one that cannot be looked at.
fn files(certificate: &Path, key: &Path) -> Files {
    [certificate, key].map(|path| {
        let file = fs::metadata(path).ok()?;
        Some((file.ino(), file.len(), file.mtime(), file.mtime_nsec()))
    })
}
