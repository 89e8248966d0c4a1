//! Configuration: what was written, and what it means.
//!
//! Three sources, the later winning over the earlier: defaults, `juanzong.toml` in the data directory, the command
//! line. A key that nobody knows is an error, so that a slip of the pen does not pass for a setting.

mod citizen;
mod maintenance;
mod when;

use std::fs;
use std::io;
use std::net::{AddrParseError, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use serde::Deserialize;
use thiserror::Error;

use crate::access::ChainHash;
pub use citizen::{CitizenService, RawCitizen};
pub use maintenance::{
    BackupPlan, MaintenancePlan, RawBackup, RawMaintenance, RawReconcile, RawVerify, ReconcilePlan, VerifyPlan,
};
pub use when::When;

/// The data directory when none is named.
pub const DEFAULT_DATA: &str = "juanzong-data";

/// Where the server listens when nothing else is said.
const DEFAULT_LISTEN: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 8080);
/// What is logged when nothing else is said: our own events, and what goes wrong elsewhere.
const DEFAULT_LOG: &str = "warn,juanzong=info";
/// Most searches that may be allowed at the same time.
const MOST_SEARCHES: usize = 256;

/// Why a configuration cannot be used.
#[derive(Debug, Error)]
pub enum Error {
    /// The file cannot be read.
    #[error("cannot read `{path}`")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// The file is no TOML, or has an unknown key or a value of the wrong type.
    #[error("`{path}` is not a valid configuration")]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What is wrong, with line and key.
        #[source]
        source: Box<toml::de::Error>,
    },
    /// An address to listen on that is none.
    #[error("`{value}` is not an address to listen on, such as `127.0.0.1:8080`")]
    NotAnAddress {
        /// What was given.
        value: String,
        /// Why not.
        #[source]
        source: AddrParseError,
    },
    /// An address that other machines can reach, when nothing says that they do so by TLS.
    #[error(
        "`{address}` can be reached by other machines: passwords would cross the network in clear; set `server.names` and `server.certificate` with `server.private_key`, or put a proxy with TLS before it and set `server.tls`"
    )]
    NotLoopback {
        /// What was given.
        address: SocketAddr,
    },
    /// A certificate without its key, or a key without its certificate.
    #[error("`server.certificate` and `server.private_key` are needed together")]
    HalfACertificate,
    /// A word that is none of those that may stand there.
    #[error("`{key}` cannot be `{value}`")]
    UnknownWord {
        /// The key.
        key: &'static str,
        /// What was given.
        value: String,
    },
    /// A number out of its range.
    #[error("`{key}` must be from {least} to {most}")]
    OutOfRange {
        /// The key.
        key: &'static str,
        /// Smallest value.
        least: usize,
        /// Largest value.
        most: usize,
    },
}

/// What `juanzong.toml` may say, as it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawConfig {
    /// `[server]`
    #[serde(default)]
    pub server: RawServer,
    /// `[log]`
    #[serde(default)]
    pub log: RawLog,
    /// `[keys]`
    #[serde(default)]
    pub keys: RawKeys,
    /// `[audit]`
    #[serde(default)]
    pub audit: RawAudit,
    /// `[citizen]`
    #[serde(default)]
    pub citizen: RawCitizen,
    /// `[maintenance]`
    #[serde(default)]
    pub maintenance: RawMaintenance,
}

/// `[server]` as it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawServer {
    /// Address and port.
    pub listen: Option<String>,
    /// Searches at the same time.
    pub concurrent_searches: Option<usize>,
    /// Host names under which it is reached.
    #[serde(default)]
    pub names: Vec<String>,
    /// Whether browsers reach it by TLS, because a proxy ends it before the server.
    #[serde(default)]
    pub tls: bool,
    /// The certificate by which the server speaks TLS itself, with those between it and the root (PEM).
    pub certificate: Option<PathBuf>,
    /// Its private key (PEM).
    pub private_key: Option<PathBuf>,
    /// Whether a proxy on this machine says in `X-Forwarded-For` where requests come from.
    #[serde(default)]
    pub proxy: bool,
}

/// `[keys]` as it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawKeys {
    /// The directory of the keys, best on another disk than the data directory. One that does not begin with `/` is meant
    /// from where the configuration is.
    pub directory: Option<PathBuf>,
}

/// `[audit]` as it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawAudit {
    /// `sha256` or `sm3`.
    pub hash: Option<String>,
}

/// `[log]` as it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawLog {
    /// Filter in the form of `RUST_LOG`, e.g. `warn,juanzong=debug`.
    pub filter: Option<String>,
}

/// A configuration that can be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Where the server listens: a loopback address, unless it is reached by TLS.
    pub listen: SocketAddr,
    /// Searches that run at the same time.
    pub concurrent_searches: usize,
    /// What is logged.
    pub log_filter: String,
    /// Host names under which the server is reached, besides those of this machine.
    pub names: Vec<String>,
    /// Whether browsers reach it by TLS.
    pub tls: bool,
    /// The files of certificate and private key by which the server speaks TLS itself.
    pub certificate: Option<(PathBuf, PathBuf)>,
    /// Whether a proxy says where requests come from.
    pub proxy: bool,
    /// The directory of the keys; `None` for the one in the data directory.
    pub keys: Option<PathBuf>,
    /// The hash function of the audit log.
    pub audit_hash: ChainHash,
    /// What citizens are told and given.
    pub citizen: CitizenService,
    /// What keeps the archive, and when.
    pub maintenance: MaintenancePlan,
}

impl RawConfig {
    /// Reads a configuration file; one that is not there says nothing.
    ///
    /// # Errors
    /// [`Error::Unreadable`], [`Error::Malformed`].
    pub fn read(path: &Path) -> Result<Self, Error> {
        let path = path.to_owned();
        match fs::read_to_string(&path) {
            Ok(text) => match toml::from_str::<Self>(&text) {
                Ok(mut raw) => {
                    // Both programs mean the same place, wherever they are started.
                    let beside = path.parent().unwrap_or(Path::new("."));
                    let places = [
                        &mut raw.keys.directory,
                        &mut raw.server.certificate,
                        &mut raw.server.private_key,
                    ];
                    for place in places.into_iter().flatten() {
                        *place = beside.join(&*place);
                    }
                    raw.maintenance.beside(beside);
                    Ok(raw)
                }
                Err(source) => Err(Error::Malformed {
                    path,
                    source: Box::new(source),
                }),
            },
            Err(source) if source.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(source) => Err(Error::Unreadable { path, source }),
        }
    }

    /// Checks everything and fills in what was left out. `listen` is that of the command line.
    ///
    /// # Errors
    /// One variant for each rule that a value breaks.
    pub fn validate(self, listen: Option<&str>) -> Result<Config, Error> {
        let certificate = match (self.server.certificate, self.server.private_key) {
            (Some(certificate), Some(key)) => Some((certificate, key)),
            (None, None) => None,
            _ => return Err(Error::HalfACertificate),
        };
        let tls = self.server.tls || certificate.is_some();
        let open = tls && !self.server.names.is_empty();
        let listen = match listen.or(self.server.listen.as_deref()) {
            Some(text) => address(text, open)?,
            None => DEFAULT_LISTEN,
        };
        let audit_hash = match self.audit.hash {
            None => ChainHash::Sha256,
            Some(value) => ChainHash::parse(&value).ok_or(Error::UnknownWord {
                key: "audit.hash",
                value,
            })?,
        };
        let searches = self.server.concurrent_searches.unwrap_or_else(cores);
        if !(1..=MOST_SEARCHES).contains(&searches) {
            return Err(Error::OutOfRange {
                key: "server.concurrent_searches",
                least: 1,
                most: MOST_SEARCHES,
            });
        }
        Ok(Config {
            listen,
            concurrent_searches: searches,
            log_filter: self.log.filter.unwrap_or_else(|| DEFAULT_LOG.to_owned()),
            names: self.server.names,
            tls,
            certificate,
            proxy: self.server.proxy,
            keys: self.keys.directory,
            audit_hash,
            citizen: self.citizen.validate()?,
            maintenance: self.maintenance.validate()?,
        })
    }
}

/// Only the users of this machine may ask, unless others do so by TLS: passwords never cross a network in clear.
fn address(text: &str, open: bool) -> Result<SocketAddr, Error> {
    let address: SocketAddr = text.parse().map_err(|source| Error::NotAnAddress {
        value: text.to_owned(),
        source,
    })?;
    if open || address.ip().is_loopback() {
        Ok(address)
    } else {
        Err(Error::NotLoopback { address })
    }
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, |n| n.get().min(MOST_SEARCHES))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<RawConfig, Error> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("juanzong.toml");
        fs::write(&path, text).unwrap();
        RawConfig::read(&path)
    }

    #[test]
    fn a_missing_file_gives_the_defaults() {
        let folder = tempfile::tempdir().unwrap();
        let raw = RawConfig::read(&folder.path().join("juanzong.toml")).unwrap();
        let config = raw.validate(None).unwrap();
        assert_eq!(config.listen, DEFAULT_LISTEN);
        assert!(config.concurrent_searches >= 1);
    }

    #[test]
    fn the_command_line_wins_over_the_file() {
        let raw = read("[server]\nlisten = '127.0.0.1:1'\nconcurrent_searches = 3").unwrap();
        let config = raw.clone().validate(None).unwrap();
        assert_eq!((config.listen.port(), config.concurrent_searches), (1, 3));
        assert_eq!(raw.validate(Some("[::1]:2")).unwrap().listen.port(), 2);
    }

    #[test]
    fn keys_are_looked_for_from_where_the_configuration_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("juanzong.toml");
        for (text, expected) in [
            ("[keys]\ndirectory = '/etc/juanzong'", PathBuf::from("/etc/juanzong")),
            ("[keys]\ndirectory = '../keys'", folder.path().join("../keys")),
        ] {
            fs::write(&path, text).unwrap();
            let config = RawConfig::read(&path).unwrap().validate(None).unwrap();
            assert_eq!(config.keys, Some(expected));
        }
    }

    #[test]
    fn an_unknown_key_is_named() {
        for (text, key) in [
            ("[server]\nlissen = '127.0.0.1:1'", "lissen"),
            ("[serve]\n", "serve"),
            ("top = 1", "top"),
        ] {
            let error = read(text).unwrap_err();
            let Error::Malformed { source, .. } = error else {
                panic!("{error}")
            };
            assert!(source.to_string().contains(key), "{source}");
        }
        assert!(matches!(read("[server]\nlisten = 8080"), Err(Error::Malformed { .. })));
    }

    #[test]
    fn values_are_checked() {
        let raw = RawConfig::default;
        for open in ["0.0.0.0:80", "192.0.2.1:80", "[::]:80"] {
            assert!(
                matches!(raw().validate(Some(open)), Err(Error::NotLoopback { .. })),
                "{open}"
            );
        }
        let tls = "[server]\ntls = true\nnames = ['da.example.gov.cn']\nlisten = '0.0.0.0:80'\n[audit]\nhash = 'sm3'";
        let config = read(tls).unwrap().validate(None).unwrap();
        assert_eq!((config.listen.port(), config.audit_hash), (80, ChainHash::Sm3));
        let own =
            "[server]\ncertificate = 'chain.pem'\nprivate_key = '/k/key.pem'\nnames = ['a.cn']\nlisten = '0.0.0.0:443'";
        let config = read(own).unwrap().validate(None).unwrap();
        let (certificate, key) = config.certificate.unwrap();
        assert!(config.tls && certificate.is_absolute() && key == Path::new("/k/key.pem"));
        let keyless = read("[server]\ncertificate = 'chain.pem'").unwrap();
        assert!(matches!(keyless.validate(None), Err(Error::HalfACertificate)));
        let half = read("[server]\ntls = true\nlisten = '0.0.0.0:80'").unwrap();
        assert!(matches!(half.validate(None), Err(Error::NotLoopback { .. })));
        let other = read("[audit]\nhash = 'md5'").unwrap();
        assert!(matches!(
            other.validate(None),
            Err(Error::UnknownWord { key: "audit.hash", .. })
        ));
        for wrong in ["localhost", "127.0.0.1", "8080", ""] {
            assert!(
                matches!(raw().validate(Some(wrong)), Err(Error::NotAnAddress { .. })),
                "{wrong}"
            );
        }
        for searches in [0, MOST_SEARCHES + 1] {
            let mut raw = raw();
            raw.server.concurrent_searches = Some(searches);
            assert!(
                matches!(raw.validate(None), Err(Error::OutOfRange { .. })),
                "{searches}"
            );
        }
    }
}
