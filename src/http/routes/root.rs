//! Where to begin.

use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::router;

/// Points to the API.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct Pointer {
    /// Name of the program.
    name: &'static str,
    /// Its version.
    version: &'static str,
    /// What this is, in Chinese.
    about: &'static str,
    /// The description of the API.
    openapi: &'static str,
    /// The search.
    search: &'static str,
}

/// What this server is, and where its description lies.
#[utoipa::path(get, path = "/", tag = "service", responses((status = 200, body = Pointer)))]
pub(in crate::http) async fn root() -> Json<Pointer> {
    Json(Pointer {
        name: "juanzong",
        version: env!("CARGO_PKG_VERSION"),
        about: "卷宗：行政审批档案全文检索",
        openapi: "/api/v1/openapi.json",
        search: "/api/v1/search",
    })
}

/// This description.
#[utoipa::path(get, path = "/api/v1/openapi.json", tag = "service",
    responses((status = 200, description = "OpenAPI 3.1", content_type = "application/json")))]
pub(in crate::http) async fn openapi_json() -> Json<utoipa::openapi::OpenApi> {
    Json(router::openapi())
}
