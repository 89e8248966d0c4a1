//! Every route on one page.

use axum::Router;
use axum::body::Body;
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate};
use tower_http::csrf::{CsrfLayer, ProtectionError, ResponseForProtectionError};
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::timeout::TimeoutLayer;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::codes::ErrorCode;
use super::error::ApiError;
use super::limits;
use super::local_only::local_only;
use super::observe::observe;
use super::routes::{
    accesses, accounts, audit, audit_report, cases, citizen, corrections, dictionaries, exports, findings, health,
    images, job_events, jobs, maintenance, metrics, originals, pages, result_sets, reviews, root, samples, search,
    session, statistics, status, suggest, tokens, unmask, uploads,
};
use super::state::AppState;
use super::trail::trail;
use super::web::web;
use crate::export::{CaseFormat, TableFormat};

#[derive(OpenApi)]
#[openapi(info(
    title = "juanzong 卷宗",
    description = "Full-text search and retrieval for scanned administrative-approval archives. \
                   Errors are problems (RFC 9457) with a stable `code`; see the schema `Problem`."
))]
struct Description;

fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::with_openapi(Description::openapi())
        .routes(routes!(root::root))
        .routes(routes!(root::openapi_json))
        .routes(routes!(session::sign_in, session::session, session::sign_out))
        .routes(routes!(session::change_password))
        .routes(routes!(search::search))
        .routes(routes!(suggest::suggest))
        .routes(routes!(cases::case))
        .routes(routes!(corrections::list, corrections::correct))
        .routes(routes!(corrections::undo))
        .routes(routes!(reviews::reviews))
        .routes(routes!(findings::findings))
        .routes(routes!(findings::export))
        .routes(routes!(findings::finding))
        .routes(routes!(findings::decide))
        .routes(routes!(samples::sample))
        .routes(routes!(audit_report::report))
        .routes(routes!(result_sets::list, result_sets::keep))
        .routes(routes!(result_sets::compare))
        .routes(routes!(pages::page))
        .routes(routes!(images::page_image, unmask::unmask_image))
        .routes(routes!(unmask::unmask))
        .routes(routes!(originals::original))
        .routes(routes!(statistics::statistics))
        .routes(routes!(statistics::export))
        .routes(routes!(exports::cases))
        .routes(routes!(exports::case))
        .routes(routes!(accesses::accesses))
        .routes(routes!(accounts::accounts, accounts::add))
        .routes(routes!(accounts::set_state))
        .routes(routes!(accounts::reset_password))
        .routes(routes!(accounts::grant, accounts::revoke))
        .routes(routes!(accounts::grants))
        .routes(routes!(tokens::own, tokens::create))
        .routes(routes!(tokens::revoke_own))
        .routes(routes!(tokens::list))
        .routes(routes!(tokens::revoke))
        .routes(routes!(audit::events))
        .routes(routes!(audit::verification))
        .routes(routes!(dictionaries::entries, dictionaries::add))
        .routes(routes!(dictionaries::check))
        .routes(routes!(status::status))
        .routes(routes!(citizen::codes::list, citizen::codes::issue))
        .routes(routes!(citizen::codes::revoke))
        .routes(routes!(
            citizen::session::sign_in,
            citizen::session::session,
            citizen::session::sign_out
        ))
        .routes(routes!(citizen::cases::cases))
        .routes(routes!(citizen::cases::case))
        .routes(routes!(citizen::pages::page))
        .routes(routes!(citizen::pages::image))
        .routes(routes!(citizen::copies::certified_copy))
        .routes(routes!(citizen::copies::verify))
        .routes(routes!(citizen::accesses::accesses))
        .routes(routes!(health::healthz))
        .routes(routes!(health::readyz))
        .routes(routes!(metrics::metrics))
        .routes(routes!(maintenance::maintenance))
        .routes(routes!(maintenance::report))
        .routes(routes!(uploads::list, uploads::begin))
        .routes(routes!(uploads::one, uploads::close))
        .routes(routes!(uploads::name_files))
        .routes(routes!(uploads::steps::check))
        .routes(routes!(uploads::steps::ingest))
        .routes(routes!(uploads::steps::retry))
        .routes(routes!(jobs::list))
        .routes(routes!(jobs::one))
        .routes(routes!(job_events::events))
        .layer(RequestBodyLimitLayer::new(limits::BODY_BYTES))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::GATEWAY_TIMEOUT,
            limits::REQUEST_TIME,
        ))
        // What comes is as large as was announced, and may take as long as something comes.
        .routes(routes!(uploads::send::send))
}

/// The whole API with its layers.
pub fn router(state: AppState) -> Router {
    let (router, _description) = routes().split_for_parts();
    layered(router, state)
}

/// Puts the layers around the routes. The last is the outermost.
fn layered(router: Router<AppState>, state: AppState) -> Router {
    router
        .fallback(no_such_address)
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn(web))
        .layer(CsrfLayer::new().with_rejection_response(OtherSite))
        .layer(from_fn_with_state(state.clone(), local_only))
        .layer(from_fn_with_state(state.clone(), trail))
        .layer(from_fn_with_state(state.clone(), observe))
        .layer(CompressionLayer::new().compress_when(compressible()))
        .with_state(state)
}

/// What is worth compressing: not images, nor what consists of them or is compressed itself.
fn compressible() -> impl Predicate {
    let packed = |media_type: &'static str| NotForContentType::const_new(media_type);
    DefaultPredicate::new()
        .and(packed(CaseFormat::Pdf.media_type()))
        .and(packed(TableFormat::Xlsx.media_type()))
}

/// The description of the API (OpenAPI 3.1).
pub fn openapi() -> utoipa::openapi::OpenApi {
    routes().split_for_parts().1
}

/// What a page of another site is told that wants something changed.
#[derive(Clone, Copy, Debug)]
struct OtherSite;

impl ResponseForProtectionError<Body> for OtherSite {
    fn response_for_protection_error(&mut self, _error: ProtectionError) -> Response {
        ApiError::new(ErrorCode::OriginNotAllowed).into_response()
    }
}

async fn no_such_address() -> ApiError {
    ApiError::new(ErrorCode::NotFound)
}

/// What it was is in the log already; its message may hold texts of the archive and goes nowhere.
fn panicked(_message: Box<dyn std::any::Any + Send + 'static>) -> Response {
    ApiError::new(ErrorCode::Internal).into_response()
}

#[cfg(test)]
mod tests {
    use axum::http::Request;
    use axum::http::header::CONTENT_TYPE;
    use axum::routing::get;
    use http_body_util::BodyExt;
    use tower::ServiceExt;

    use super::*;
    use crate::access::{ChainHash, KeyDirectory};
    use crate::archive::Archive;
    use crate::catalogue::{AccessOptions, AccessStore, DataDirectory};
    use crate::http::{Problem, Site};

    async fn breaks() -> &'static str {
        panic!("a text of the archive")
    }

    #[tokio::test]
    async fn a_panic_is_a_problem_that_tells_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let directory = DataDirectory::open(folder.path()).unwrap();
        let options = AccessOptions {
            keys: KeyDirectory::open(directory.keys()).unwrap(),
            hash: ChainHash::Sha256,
        };
        let access = AccessStore::open(&directory, options).await.unwrap();
        let archive = Archive::open(directory).await.unwrap();
        let state = AppState::new(archive, access, Site::default(), 1);
        let app = layered(Router::new().route("/breaks", get(breaks)), state);
        let request = Request::get("/breaks").body(Body::empty()).unwrap();
        let response = app.oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(response.headers()[CONTENT_TYPE], "application/problem+json");
        let body = response.into_body().collect().await.unwrap().to_bytes();
        let problem: Problem = serde_json::from_slice(&body).unwrap();
        assert_eq!(problem.code, "internal_error");
        assert!(!String::from_utf8_lossy(&body).contains("archive"));
    }
}
