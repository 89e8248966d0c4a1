//! Every route and what it needs.

use juanzong::access::Right;

/// What a route needs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::http) enum Needs {
    Nothing,
    Login,
    The(Right),
    /// A session of a citizen; `citizens.rs` looks at what it shows.
    Citizen,
}

/// Every route: method, path, what it needs, body.
pub(in crate::http) const ROUTES: &[(&str, &str, Needs, &str)] = &[
    ("get", "/", Needs::Nothing, ""),
    ("get", "/healthz", Needs::Nothing, ""),
    ("get", "/readyz", Needs::Nothing, ""),
    ("get", "/metrics", Needs::The(Right::Operate), ""),
    ("get", "/api/v1/openapi.json", Needs::Nothing, ""),
    ("get", "/api/v1/session", Needs::Login, ""),
    ("delete", "/api/v1/session", Needs::Nothing, ""),
    (
        "post",
        "/api/v1/session",
        Needs::Nothing,
        r#"{"name":"x1","password":"wrong"}"#,
    ),
    (
        "post",
        "/api/v1/session/password",
        Needs::Login,
        r#"{"old":"a","new":"b"}"#,
    ),
    ("get", "/api/v1/search", Needs::The(Right::Search), ""),
    ("get", "/api/v1/suggest", Needs::The(Right::Search), ""),
    ("get", "/api/v1/cases/{id}", Needs::The(Right::ReadCases), ""),
    (
        "get",
        "/api/v1/cases/{id}/corrections",
        Needs::The(Right::ReadCases),
        "",
    ),
    (
        "get",
        "/api/v1/cases/{id}/documents/{d}/pages/{p}",
        Needs::The(Right::ReadCases),
        "",
    ),
    (
        "get",
        "/api/v1/cases/{id}/documents/{d}/pages/{p}/image",
        Needs::The(Right::ReadCases),
        "",
    ),
    (
        "post",
        "/api/v1/cases/{id}/documents/{d}/pages/{p}/image",
        Needs::The(Right::Unmask),
        r#"{"reason":"核对原件"}"#,
    ),
    (
        "post",
        "/api/v1/cases/{id}/unmask",
        Needs::The(Right::Unmask),
        r#"{"reason":"核对原件"}"#,
    ),
    (
        "post",
        "/api/v1/cases/{id}/corrections",
        Needs::The(Right::Correct),
        r#"{"field":"served_on","value":"2021-01-01"}"#,
    ),
    (
        "post",
        "/api/v1/cases/{id}/corrections/{n}/undo",
        Needs::The(Right::Correct),
        "{}",
    ),
    ("get", "/api/v1/export", Needs::The(Right::Export), ""),
    ("get", "/api/v1/cases/{id}/export", Needs::The(Right::Export), ""),
    ("get", "/api/v1/reviews", Needs::The(Right::Review), ""),
    ("get", "/api/v1/accounts", Needs::The(Right::Operate), ""),
    (
        "post",
        "/api/v1/accounts",
        Needs::The(Right::Operate),
        r#"{"name":"1","person":"x"}"#,
    ),
    (
        "put",
        "/api/v1/accounts/{name}/state",
        Needs::The(Right::Operate),
        r#"{"active":true}"#,
    ),
    (
        "post",
        "/api/v1/accounts/{name}/password",
        Needs::The(Right::Operate),
        "",
    ),
    ("get", "/api/v1/grants", Needs::The(Right::Grant), ""),
    (
        "put",
        "/api/v1/accounts/{name}/grant",
        Needs::The(Right::Grant),
        r#"{"role":"log_admin"}"#,
    ),
    ("delete", "/api/v1/accounts/{name}/grant", Needs::The(Right::Grant), ""),
    ("get", "/api/v1/audit/events", Needs::The(Right::ReadAudit), ""),
    ("get", "/api/v1/citizen/codes", Needs::The(Right::IssueCodes), ""),
    (
        "post",
        "/api/v1/citizen/codes",
        Needs::The(Right::IssueCodes),
        r#"{"name":"x","number":"1","identity_checked":true}"#,
    ),
    (
        "delete",
        "/api/v1/citizen/codes/{code_id}",
        Needs::The(Right::IssueCodes),
        "",
    ),
    (
        "post",
        "/api/v1/citizen/session",
        Needs::Nothing,
        r#"{"name":"x","number":"1","code":"1"}"#,
    ),
    ("get", "/api/v1/citizen/session", Needs::Citizen, ""),
    ("delete", "/api/v1/citizen/session", Needs::Nothing, ""),
    ("get", "/api/v1/citizen/cases", Needs::Citizen, ""),
    ("get", "/api/v1/citizen/cases/{id}", Needs::Citizen, ""),
    (
        "get",
        "/api/v1/citizen/cases/{id}/documents/{d}/pages/{p}",
        Needs::Citizen,
        "",
    ),
    (
        "get",
        "/api/v1/citizen/cases/{id}/documents/{d}/pages/{p}/image",
        Needs::Citizen,
        "",
    ),
    ("get", "/api/v1/citizen/cases/{id}/certified-copy", Needs::Citizen, ""),
    ("get", "/api/v1/citizen/accesses", Needs::Citizen, ""),
    ("get", "/api/v1/verify/{code}", Needs::Nothing, ""),
    ("get", "/api/v1/maintenance", Needs::The(Right::Operate), ""),
    ("get", "/api/v1/verify/report", Needs::The(Right::Operate), ""),
];
