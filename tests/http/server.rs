//! The server on a real socket.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use juanzong::http::{Listening, Tls};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use super::*;

struct Server {
    token: String,
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Server {
    async fn start(archive: &TestArchive) -> Self {
        Self::on(archive, Listening::on("127.0.0.1:0".parse().unwrap()).await.unwrap()).await
    }

    async fn on(archive: &TestArchive, listening: Listening) -> Self {
        let address = listening.address();
        let (stop, stopped) = oneshot::channel::<()>();
        let state = archive.state().await;
        let stopped = async move {
            let _ = stopped.await;
        };
        let task = tokio::spawn(listening.serve(state, stopped));
        Self {
            token: archive.token().to_owned(),
            address,
            stop,
            task,
        }
    }

    async fn stop(self) {
        self.stop.send(()).unwrap();
        self.task.await.unwrap();
    }
}

/// Sends bytes on a new connection and reads until the server closes it; the requests ask for that.
async fn talk(address: SocketAddr, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

fn get(path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").into_bytes()
}

impl Server {
    /// As [`get`], as somebody who is logged in.
    fn get(&self, path: &str) -> Vec<u8> {
        let token = &self.token;
        format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\nconnection: close\r\n\r\n")
            .into_bytes()
    }
}

fn problem(answer: &str) -> (String, Value) {
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.lines().next().unwrap().to_owned();
    assert!(
        head.to_lowercase().contains("content-type: application/problem+json"),
        "{head}"
    );
    (status, serde_json::from_str(body).unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_megabyte_of_query_gets_a_plain_answer() {
    let archive = TestArchive::with_cases().await;
    let server = Server::start(&archive).await;
    // Above 65,534 bytes hyper refuses the address itself; up to there our own limit does.
    for bytes in [40_000, 65_000, 70_000, 1_000_000, 1_048_576] {
        let answer = talk(
            server.address,
            &server.get(&format!("/api/v1/search?q={}", "a".repeat(bytes))),
        )
        .await;
        let (status, body) = problem(&answer);
        assert_eq!(
            (status.as_str(), body["code"].as_str()),
            ("HTTP/1.1 400 Bad Request", Some("query_too_long"))
        );
        assert_eq!(body["request_id"].as_str().unwrap().len(), 16);
    }
    // And the server goes on.
    let answer = talk(server.address, &get("/healthz")).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn too_many_headers_are_told_as_such() {
    let archive = TestArchive::empty().await;
    let server = Server::start(&archive).await;
    let headers: String = (0..200).map(|n| format!("x-{n}: 1\r\n")).collect();
    let request = format!("GET / HTTP/1.1\r\nhost: localhost\r\n{headers}\r\n");
    let (status, body) = problem(&talk(server.address, request.as_bytes()).await);
    assert!(status.contains("431"), "{status}");
    assert_eq!(body["code"], "headers_too_large");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_requests_go_over_one_connection() {
    let archive = TestArchive::with_cases().await;
    let server = Server::start(&archive).await;
    let mut requests = b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n".to_vec();
    requests.extend(server.get("/api/v1/search?q=%E8%AE%B8%E5%8F%AF"));
    let answer = talk(server.address, &requests).await;
    assert_eq!(answer.matches("HTTP/1.1 200 OK").count(), 2, "{answer}");
    assert!(answer.contains("\"total\":3"), "{answer}");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_server_finds_what_the_indexer_adds() {
    let archive = TestArchive::empty().await;
    let server = Server::start(&archive).await;
    let search = server.get("/api/v1/search?q=%E8%AE%B8%E5%8F%AF");
    assert!(talk(server.address, &search).await.contains("index_not_ready"));
    archive
        .add(&crate::support::case(1, "2019-05-07", "granted", "许可", &["准予"]))
        .await;
    archive.index().await;
    // It looks twice a second; each of our requests takes a little time, so this ends.
    while !talk(server.address, &search).await.contains("\"total\":1") {
        tokio::task::yield_now().await;
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_idle_connection_does_not_hold_up_the_end() {
    let archive = TestArchive::empty().await;
    let server = Server::start(&archive).await;
    let mut idle = TcpStream::connect(server.address).await.unwrap();
    idle.write_all(b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n")
        .await
        .unwrap();
    let mut first = [0; 12];
    idle.read_exact(&mut first).await.unwrap();
    assert_eq!(&first, b"HTTP/1.1 200");
    let address = server.address;
    server.stop().await;
    assert!(TcpStream::connect(address).await.is_err());
}

/// A certificate for this machine that signs itself, as files; and itself.
fn certificate(folder: &Path) -> (PathBuf, PathBuf, CertificateDer<'static>) {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let (chain, key) = (folder.join("chain.pem"), folder.join("key.pem"));
    fs::write(&chain, made.cert.pem()).unwrap();
    fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    (chain, key, made.cert.der().clone())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_a_certificate_the_server_speaks_tls_and_nothing_else() {
    let archive = TestArchive::with_cases().await;
    let folder = tempfile::tempdir().unwrap();
    let (chain, key, root) = certificate(folder.path());
    let listening = Listening::on("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let server = Server::on(&archive, listening.with_tls(Tls::load(&chain, &key).unwrap())).await;
    let mut stream = by_tls(&server, root).await.unwrap();
    stream.write_all(&server.get("/api/v1/search?q=x")).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    let answer = String::from_utf8_lossy(&answer).into_owned();
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    // In clear nothing is answered, and the server goes on.
    let clear = talk(server.address, &get("/healthz")).await;
    assert!(!clear.contains("HTTP/"), "{clear}");
    server.stop().await;
}

/// A connection of somebody who trusts one certificate only.
async fn by_tls(server: &Server, root: CertificateDer<'static>) -> std::io::Result<TlsStream<TcpStream>> {
    let mut roots = RootCertStore::empty();
    roots.add(root).unwrap();
    let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
    let client = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let stream = TcpStream::connect(server.address).await?;
    let name = ServerName::try_from("localhost").unwrap();
    TlsConnector::from(Arc::new(client)).connect(name, stream).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_certificate_is_shown_and_no_connection_ends_for_it() {
    let archive = TestArchive::with_cases().await;
    let folder = tempfile::tempdir().unwrap();
    let (chain, key, first) = certificate(folder.path());
    let tls = Tls::load(&chain, &key).unwrap();
    let listening = Listening::on("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let server = Server::on(&archive, listening.with_tls(tls.clone())).await;
    assert!(!tls.reload_if_changed().unwrap());
    let mut open = by_tls(&server, first.clone()).await.unwrap();

    // Half of what is renewed: the key alone does not fit, and the former pair stays.
    let renewed = tempfile::tempdir().unwrap();
    let (new_chain, new_key, second) = certificate(renewed.path());
    fs::copy(&new_key, &key).unwrap();
    assert!(tls.reload_if_changed().is_err());
    assert!(!tls.reload_if_changed().unwrap(), "told once for each change");
    assert!(by_tls(&server, first.clone()).await.is_ok());

    fs::copy(&new_chain, &chain).unwrap();
    assert!(tls.reload_if_changed().unwrap());
    assert!(by_tls(&server, second.clone()).await.is_ok());
    assert!(
        by_tls(&server, first).await.is_err(),
        "the former is not shown any more"
    );
    // Who was connected before is answered still.
    open.write_all(&server.get("/api/v1/search?q=x")).await.unwrap();
    let mut answer = Vec::new();
    open.read_to_end(&mut answer).await.unwrap();
    assert!(answer.starts_with(b"HTTP/1.1 200 OK"));
    // Asked for, it is read whether or not it has changed.
    tls.reload().unwrap();
    assert!(by_tls(&server, second).await.is_ok());
    server.stop().await;
}

#[test]
fn a_certificate_that_cannot_be_used_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let (chain, key, _) = certificate(folder.path());
    let other = tempfile::tempdir().unwrap();
    let (_, others_key, _) = certificate(other.path());
    let missing = folder.path().join("missing.pem");
    for (chain, key, named) in [
        (&missing, &key, "missing.pem"),
        (&chain, &missing, "missing.pem"),
        (&key, &key, "key.pem"),
        (&chain, &chain, "chain.pem"),
        (&chain, &others_key, "chain.pem"),
    ] {
        let error = Tls::load(chain, key).map(|_| ()).unwrap_err();
        assert!(error.to_string().contains(named), "{error}");
    }
}
