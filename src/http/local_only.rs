//! Only requests to a host name of the configuration, or to this machine, are answered.
//!
//! Listening on loopback is not enough: a web page can point a name of its own at 127.0.0.1 (DNS rebinding) and have
//! the browser of a clerk ask us in that name; a reverse proxy can open us to everybody by accident. Both send another
//! `Host` than one that was configured.

use std::net::IpAddr;

use axum::extract::{Request, State};
use axum::http::header::HOST;
use axum::http::uri::Authority;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::codes::ErrorCode;
use super::error::ApiError;
use super::state::AppState;

/// Refuses requests that were sent to another host.
pub(super) async fn local_only(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let header = request.headers().get(HOST).map(|value| value.to_str().ok());
    let local = match header {
        // No browser and no proxy leaves it out.
        None => true,
        Some(value) => value.is_some_and(|host| is_ours(host, &state.site().names)),
    };
    // An address in absolute form names a host too, and is the one that counts (RFC 9112, 3.2.2).
    let local = local
        && request
            .uri()
            .host()
            .is_none_or(|host| is_name_of_ours(host, &state.site().names));
    if local {
        next.run(request).await
    } else {
        ApiError::new(ErrorCode::HostNotAllowed).into_response()
    }
}

fn is_ours(host: &str, names: &[String]) -> bool {
    host.parse::<Authority>()
        .is_ok_and(|authority| is_name_of_ours(authority.host(), names))
}

fn is_name_of_ours(host: &str, names: &[String]) -> bool {
    is_local_name(host) || names.iter().any(|name| name.eq_ignore_ascii_case(host))
}

fn is_local_name(name: &str) -> bool {
    let bare = name.trim_start_matches('[').trim_end_matches(']');
    name.eq_ignore_ascii_case("localhost") || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_names_are_local() {
        let is_local = |host| is_ours(host, &[]);
        for host in [
            "localhost",
            "LOCALHOST:8080",
            "127.0.0.1",
            "127.0.0.1:8080",
            "[::1]:8080",
            "127.8.9.1",
        ] {
            assert!(is_local(host), "{host}");
        }
        for host in [
            "",
            "example.com",
            "localhost.example.com",
            "127.0.0.1.example.com",
            "192.0.2.1",
            "a b",
            "0.0.0.0",
        ] {
            assert!(!is_local(host), "{host}");
        }
        let names = ["da.example.gov.cn".to_owned()];
        assert!(is_ours("DA.example.gov.cn:443", &names) && is_ours("localhost", &names));
        assert!(!is_ours("xda.example.gov.cn", &names));
    }
}
