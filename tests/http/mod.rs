//! Tests of the API.

mod administration;
mod audit;
mod audit_report;
mod cases;
mod citizens;
mod corrections;
mod description;
mod exports;
mod findings;
mod images;
mod masking;
mod matrix;
mod originals;
mod problems;
mod search;
mod server;
mod service;
mod sessions;
mod statistics;
mod suggest;
mod tables;
mod uploads;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use juanzong::http::router;
use serde_json::Value;
use tower::ServiceExt;

use crate::support::TestArchive;

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("not JSON: {}", self.text()))
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The code of a problem, after checking its form.
    pub(crate) fn code(&self) -> String {
        assert_eq!(
            self.header("content-type"),
            "application/problem+json",
            "{}",
            self.text()
        );
        let problem = self.json();
        assert_eq!(problem["status"], self.status.as_u16());
        assert_eq!(problem["request_id"], self.header("x-request-id"));
        let code = problem["code"].as_str().unwrap().to_owned();
        assert_eq!(problem["type"], format!("urn:juanzong:problem:{code}"));
        code
    }
}

/// The API of an archive.
pub(crate) struct Api {
    pub(crate) router: Router,
    /// The token that goes with every request that has none; nobody asks when it is empty.
    token: String,
}

impl Api {
    pub(crate) async fn of(archive: &TestArchive) -> Self {
        Self::on(archive.state().await, archive)
    }

    /// The API with this state, as somebody asks it who may see everything.
    pub(crate) fn on(state: juanzong::http::AppState, archive: &TestArchive) -> Self {
        Self {
            router: router(state),
            token: archive.token().to_owned(),
        }
    }

    /// The same, as somebody else asks it.
    pub(crate) fn with_token(&self, token: &str) -> Self {
        Self {
            router: self.router.clone(),
            token: token.to_owned(),
        }
    }

    /// The same, as somebody asks it who has not logged in.
    pub(crate) fn nobody(&self) -> Self {
        self.with_token("")
    }

    pub(crate) async fn send(&self, mut request: Request<Body>) -> Answer {
        if !self.token.is_empty() && !request.headers().contains_key("authorization") {
            let value = format!("Bearer {}", self.token).parse().unwrap();
            request.headers_mut().insert("authorization", value);
        }
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: body.collect().await.unwrap().to_bytes().to_vec(),
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(encode(path)).body(Body::empty()).unwrap()).await
    }

    /// Sends JSON.
    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        let request = Request::post(path).header("content-type", "application/json");
        self.send(request.body(Body::from(body.to_string())).unwrap()).await
    }

    pub(crate) async fn get_with(&self, path: &str, header: &str, value: &str) -> Answer {
        let request = Request::get(encode(path)).header(header, value);
        self.send(request.body(Body::empty()).unwrap()).await
    }
}

/// Percent-encodes what an address cannot hold, so that tests read as people type.
pub(crate) fn encode(path: &str) -> String {
    let mut encoded = String::new();
    for byte in path.bytes() {
        match byte {
            b'"' | b'<' | b'>' | b' ' | b'{' | b'}' | 0x80.. => encoded.push_str(&format!("%{byte:02X}")),
            byte => encoded.push(char::from(byte)),
        }
    }
    encoded
}
