//! The web application, from files embedded when the server was built.
//!
//! A layer rather than routes: it takes what a browser asks for to show a page, and leaves all else to the API. An address
//! of a page is answered with the document of its entry (staff, citizens), whose script shows the page; so `/` is the
//! application for a browser and the pointer to the API for a program.

use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{ACCEPT, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, VARY};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;

/// Files by name; see `build.rs`.
type Files = &'static [(&'static str, &'static [u8])];

const FILES: Files = include!(concat!(env!("OUT_DIR"), "/web_files.rs"));

/// Only our own scripts, styles, images and API; nothing inline, nothing from elsewhere. Images that the page has asked for
/// by itself (`blob:`) are those with nothing blackened.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);
/// Names of these files hold a hash of their content.
const HASHED: &str = "assets/";
/// The document that shows a page, unless it is one of [`DOCUMENTS`].
const DOCUMENT: &str = "index.html";
/// First parts of addresses that have a document of their own: pages of citizens load nothing of what staff work with.
const DOCUMENTS: [(&str, &str); 2] = [("citizen", "citizen.html"), ("verify", "citizen.html")];
/// What belongs to the API and its operation.
const OTHERS: [&str; 4] = ["api", "healthz", "readyz", "metrics"];

/// Shown when the server was built without the application.
const MISSING: &str = "<!doctype html><html lang=\"zh-CN\"><meta charset=\"utf-8\"><title>卷宗</title>\
    <h1>卷宗</h1><p>此程序构建时没有包含网页。请运行 make web，再重新构建。接口照常可用：\
    <a href=\"/api/v1/openapi.json\">/api/v1/openapi.json</a></p>\
    <p lang=\"en\">This program was built without its web page. Run make web and build again. The API works: \
    <a href=\"/api/v1/openapi.json\">/api/v1/openapi.json</a></p></html>";

/// Answers requests for the application.
pub(super) async fn web(request: Request, next: Next) -> Response {
    let reading = matches!(*request.method(), Method::GET | Method::HEAD);
    match find(FILES, request.uri().path(), request.headers()).filter(|_| reading) {
        Some(found) => found.into_response(),
        None => next.run(request).await,
    }
}

/// A file of the application.
#[derive(Debug, PartialEq, Eq)]
struct Found {
    name: &'static str,
    content: &'static [u8],
}

/// The file that an address means; `None` when it is none of the application's.
fn find(files: Files, path: &str, headers: &HeaderMap) -> Option<Found> {
    let name = path.strip_prefix('/')?;
    let first = name.split('/').next().unwrap_or_default();
    if OTHERS.contains(&first) {
        return None;
    }
    let file = |wanted: &str| files.iter().find(|(name, _)| *name == wanted);
    if let Some(&(name, content)) = file(name) {
        return Some(Found { name, content });
    }
    // A script of an older version is not there, and a page in its place would break more than it helps.
    if name.starts_with(HASHED) || !wants_page(headers) {
        return None;
    }
    let own = DOCUMENTS.iter().find(|(begins, _)| *begins == first);
    let document = own.map_or(DOCUMENT, |(_, document)| document);
    let (name, content) = *file(document).unwrap_or(&(DOCUMENT, MISSING.as_bytes()));
    Some(Found { name, content })
}

/// Whether somebody wants to see a page: browsers say so, programs do not.
fn wants_page(headers: &HeaderMap) -> bool {
    let mut accepted = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
    accepted.any(|value| value.to_ascii_lowercase().contains("text/html"))
}

impl Found {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::from(self.content));
        *response.status_mut() = StatusCode::OK;
        let kept = if self.name.starts_with(HASHED) {
            "public, max-age=31536000, immutable"
        } else {
            "no-cache"
        };
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type(self.name)));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static(kept));
        headers.insert(CONTENT_SECURITY_POLICY, POLICY);
        // The same address is something else for a program.
        headers.insert(VARY, HeaderValue::from_static("accept"));
        response
    }
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "webp" => "image/webp",
        "woff2" => "font/woff2",
        "json" => "application/json",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::middleware::from_fn;
    use tower::ServiceExt;

    use super::*;

    const SOME: Files = &[
        ("assets/index-1a2b.js", b"script"),
        ("citizen.html", b"page of citizens"),
        ("favicon.svg", b"picture"),
        ("index.html", b"page"),
    ];

    fn accepting(value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static(value))])
    }

    #[test]
    fn pages_are_for_browsers_and_files_for_all() {
        let browser = accepting("text/html,application/xhtml+xml,*/*;q=0.8");
        let program = accepting("*/*");
        let table = [
            ("/", &browser, Some("index.html")),
            ("/search", &browser, Some("index.html")),
            ("/cases/9ae7fd249195aa9638d7", &browser, Some("index.html")),
            ("/citizen", &browser, Some("citizen.html")),
            ("/citizen/cases/9ae7fd249195aa9638d7", &browser, Some("citizen.html")),
            ("/verify/7K3MPX9QRTBC", &browser, Some("citizen.html")),
            ("/citizens", &browser, Some("index.html")),
            ("/", &program, None),
            ("/search", &program, None),
            ("/verify/7K3MPX9QRTBC", &program, None),
            ("/favicon.svg", &program, Some("favicon.svg")),
            ("/assets/index-1a2b.js", &program, Some("assets/index-1a2b.js")),
            ("/assets/index-0000.js", &browser, None),
            ("/assets/../index.html", &browser, None),
            ("/api/v1/search", &browser, None),
            ("/api", &browser, None),
            ("/apiary", &browser, Some("index.html")),
            ("/healthz", &browser, None),
            ("/metrics", &browser, None),
            ("*", &browser, None),
        ];
        for (path, headers, expected) in table {
            assert_eq!(find(SOME, path, headers).map(|found| found.name), expected, "{path}");
        }
    }

    #[test]
    fn without_the_application_a_page_says_how_to_make_it() {
        let found = find(&[], "/", &accepting("text/html")).unwrap();
        assert!(String::from_utf8_lossy(found.content).contains("make web"));
        assert_eq!(
            found.into_response().headers()[CONTENT_TYPE],
            "text/html; charset=utf-8"
        );
        assert_eq!(find(&[], "/citizen", &accepting("text/html")).unwrap().name, DOCUMENT);
        assert_eq!(find(&[], "/favicon.svg", &accepting("*/*")), None);
    }

    #[test]
    fn only_names_with_a_hash_are_kept_for_ever() {
        let kept = |name, content| {
            let response = Found { name, content }.into_response();
            response.headers()[CACHE_CONTROL].clone()
        };
        assert!(
            kept("assets/index-1a2b.js", b"")
                .to_str()
                .unwrap()
                .contains("immutable")
        );
        assert_eq!(kept("index.html", b""), "no-cache");
    }

    #[tokio::test]
    async fn changes_go_to_the_api() {
        let app = Router::new()
            .fallback(|| async { StatusCode::IM_A_TEAPOT })
            .layer(from_fn(web));
        let asked = |method: Method| {
            let request = Request::builder().method(method).uri("/").header(ACCEPT, "text/html");
            app.clone().oneshot(request.body(Body::empty()).unwrap())
        };
        assert_eq!(asked(Method::POST).await.unwrap().status(), StatusCode::IM_A_TEAPOT);
        let page = asked(Method::GET).await.unwrap();
        assert_eq!(page.status(), StatusCode::OK);
        assert_eq!(page.headers()[CONTENT_SECURITY_POLICY], POLICY);
    }
}
