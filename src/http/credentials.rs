//! How a request shows who asks: a cookie of a browser session, or a token of a program.

use axum::http::header::{AUTHORIZATION, COOKIE};
use axum::http::{HeaderMap, HeaderValue};

use super::error::ApiResult;
use super::state::Site;
use crate::access::{Secret, SecretKind, Viewer};
use crate::catalogue::AccessStore;

/// Name of the cookie; with TLS the browser itself sees to it that no other host and no unencrypted page sets it.
const COOKIE_NAME: &str = "juanzong_session";
const SECURE_COOKIE_NAME: &str = "__Host-juanzong_session";
/// The same for citizens: another cookie, so that nothing of the one is ever taken for the other.
const CITIZEN_COOKIE_NAME: &str = "juanzong_citizen";
const SECURE_CITIZEN_COOKIE_NAME: &str = "__Host-juanzong_citizen";

/// What a request shows.
#[derive(Debug)]
pub(super) enum Presented {
    /// A session.
    Session(Secret),
    /// A token.
    Token(Secret),
    /// Something that is neither.
    Nonsense,
}

/// What a request shows; `None` when it shows nothing. A token counts more than a cookie.
pub(super) fn presented(headers: &HeaderMap, site: &Site) -> Option<Presented> {
    if let Some(value) = headers.get(AUTHORIZATION) {
        let token = value.to_str().ok().and_then(|value| {
            let (scheme, token) = value.split_once(' ')?;
            let bearer = scheme.eq_ignore_ascii_case("bearer");
            bearer.then(|| Secret::parse(SecretKind::Token, token.trim())).flatten()
        });
        return Some(token.map_or(Presented::Nonsense, Presented::Token));
    }
    let value = cookie_value(headers, cookie_name(SecretKind::Session, site))?;
    Some(Secret::parse(SecretKind::Session, value).map_or(Presented::Nonsense, Presented::Session))
}

/// The session of a citizen that a request shows: `Some(None)` for something that is none.
pub(super) fn presented_citizen(headers: &HeaderMap, site: &Site) -> Option<Option<Secret>> {
    let value = cookie_value(headers, cookie_name(SecretKind::Citizen, site))?;
    Some(Secret::parse(SecretKind::Citizen, value))
}

fn cookie_value<'a>(headers: &'a HeaderMap, wanted: &str) -> Option<&'a str> {
    let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == wanted).map(|(_, value)| value)
}

/// Who that is; `None` when it is nobody any more.
pub(super) async fn viewer(presented: Option<Presented>, access: &AccessStore) -> ApiResult<Option<Viewer>> {
    Ok(match presented {
        Some(Presented::Session(secret)) => access.viewer_of_session(&secret).await?,
        Some(Presented::Token(secret)) => access.viewer_of_token(&secret).await?,
        Some(Presented::Nonsense) | None => None,
    })
}

/// `Set-Cookie` for a session.
pub(super) fn cookie(secret: &Secret, site: &Site) -> HeaderValue {
    written(SecretKind::Session, secret.reveal(), "", site)
}

/// `Set-Cookie` that takes it away.
pub(super) fn no_cookie(site: &Site) -> HeaderValue {
    written(SecretKind::Session, "", "; Max-Age=0", site)
}

/// `Set-Cookie` for a session of a citizen.
pub(super) fn citizen_cookie(secret: &Secret, site: &Site) -> HeaderValue {
    written(SecretKind::Citizen, secret.reveal(), "", site)
}

/// `Set-Cookie` that takes it away.
pub(super) fn no_citizen_cookie(site: &Site) -> HeaderValue {
    written(SecretKind::Citizen, "", "; Max-Age=0", site)
}

fn written(kind: SecretKind, value: &str, more: &str, site: &Site) -> HeaderValue {
    let secure = if site.tls { "; Secure" } else { "" };
    let text = format!(
        "{}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{more}",
        cookie_name(kind, site)
    );
    // Letters, digits and signs of ours only.
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""))
}

fn cookie_name(kind: SecretKind, site: &Site) -> &'static str {
    match (kind, site.tls) {
        (SecretKind::Citizen, true) => SECURE_CITIZEN_COOKIE_NAME,
        (SecretKind::Citizen, false) => CITIZEN_COOKIE_NAME,
        (SecretKind::Session | SecretKind::Token, true) => SECURE_COOKIE_NAME,
        (SecretKind::Session | SecretKind::Token, false) => COOKIE_NAME,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_counts_more_than_a_cookie_and_nonsense_is_not_nothing() {
        let site = Site::default();
        let (session, token) = (Secret::new(SecretKind::Session), Secret::new(SecretKind::Token));
        let headers = |pairs: &[(&'static str, String)]| {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.append(*name, value.parse().unwrap());
            }
            headers
        };
        let cookie = format!("a=b; juanzong_session={}; c=d", session.reveal());
        let bearer = format!("bearer {}", token.reveal());
        let found = |pairs: &[(&'static str, String)]| presented(&headers(pairs), &site);
        assert!(found(&[]).is_none());
        assert!(matches!(found(&[("cookie", cookie.clone())]), Some(Presented::Session(found)) if found == session));
        let both = [("cookie", cookie), ("authorization", bearer)];
        assert!(matches!(found(&both), Some(Presented::Token(found)) if found == token));
        for nonsense in [
            ("authorization", "Basic abc".to_owned()),
            ("authorization", format!("Bearer {}", session.reveal())),
            ("cookie", "juanzong_session=x".to_owned()),
        ] {
            assert!(matches!(found(&[nonsense]), Some(Presented::Nonsense)));
        }
        let tls = Site { tls: true, ..site };
        let set = super::cookie(&session, &tls);
        let set = set.to_str().unwrap();
        assert!(set.starts_with("__Host-juanzong_session=jzs_"));
        for part in ["; Path=/", "; HttpOnly", "; SameSite=Lax", "; Secure"] {
            assert!(set.contains(part), "{set}");
        }
    }
}
