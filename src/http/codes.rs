//! Every error of the API in one table: code → whose fault → status → what is said in Chinese and in English.
//!
//! Codes are stable: programs compare them. The texts may be worded anew at any time. A name in braces stands for a
//! number or name that the error carries; nothing that a user typed is ever put there.

use axum::http::StatusCode;

use super::language::Language;

/// Whose fault an error is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The request is wrong; the same request will fail again.
    Request,
    /// What was asked for is not there.
    Missing,
    /// Not now; the same request may succeed later.
    Later,
    /// The server or its data.
    Server,
}

impl Fault {
    /// The title of a problem of this sort.
    pub fn title(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Request, Language::Chinese) => "请求有误",
            (Self::Request, Language::English) => "The request is not valid",
            (Self::Missing, Language::Chinese) => "未找到",
            (Self::Missing, Language::English) => "Not found",
            (Self::Later, Language::Chinese) => "暂时无法处理",
            (Self::Later, Language::English) => "Not possible at the moment",
            (Self::Server, Language::Chinese) => "服务器出错",
            (Self::Server, Language::English) => "The server failed",
        }
    }
}

macro_rules! error_codes {
    ($($(#[$doc:meta])* $variant:ident = $code:literal, $fault:ident, $status:ident, $zh:literal, $en:literal;)+) => {
        /// The stable code of an error of the API.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum ErrorCode {
            $($(#[$doc])* $variant,)+
        }

        impl ErrorCode {
            /// All codes.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The code as programs see it.
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// Whose fault it is.
            pub fn fault(self) -> Fault {
                #[allow(clippy::match_same_arms)] // a table
                match self { $(Self::$variant => Fault::$fault),+ }
            }

            /// The status of the answer.
            pub fn status(self) -> StatusCode {
                #[allow(clippy::match_same_arms)] // a table
                match self { $(Self::$variant => StatusCode::$status),+ }
            }

            /// What is said about it.
            pub fn detail(self, language: Language) -> &'static str {
                match language {
                    Language::Chinese => match self { $(Self::$variant => $zh),+ },
                    Language::English => match self { $(Self::$variant => $en),+ },
                }
            }

            /// The error with this code.
            pub fn from_code(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

error_codes! {
    /// A query longer than the limit.
    QueryTooLong = "query_too_long", Request, BAD_REQUEST,
        "检索式太长，最多 {most} 个字符。", "The query is too long; the most is {most} characters.";
    /// A query of too many parts.
    QueryTooComplex = "query_too_complex", Request, BAD_REQUEST,
        "检索式的条件太多，最多 {most} 个。", "The query has too many parts; the most is {most}.";
    /// Parentheses nested too deeply.
    QueryTooDeep = "query_too_deep", Request, BAD_REQUEST,
        "检索式的括号嵌套太深，最多 {most} 层。", "The parentheses of the query are nested too deeply; the most is {most}.";
    /// `page` is no number, 0, or too deep.
    PageOutOfRange = "page_out_of_range", Request, BAD_REQUEST,
        "页码须从 1 开始，且只能翻到第 {most} 条结果，请缩小检索范围。",
        "Pages count from 1 and end at hit {most}; please narrow the search.";
    /// `size` is no number, 0, or too large.
    SizeOutOfRange = "size_out_of_range", Request, BAD_REQUEST,
        "每页条数须为 1 到 {most}。", "The number of hits on a page must be from 1 to {most}.";
    /// A facet that there is not.
    UnknownFacet = "unknown_facet", Request, BAD_REQUEST,
        "没有这个分面。", "There is no such facet.";
    /// A parameter that there is not.
    UnknownParameter = "unknown_parameter", Request, BAD_REQUEST,
        "有不认识的参数。", "There is a parameter that is not known.";
    /// A parameter given twice.
    RepeatedParameter = "repeated_parameter", Request, BAD_REQUEST,
        "参数 {parameter} 只能出现一次。", "The parameter {parameter} may be given only once.";
    /// A value that a parameter cannot have.
    InvalidParameter = "invalid_parameter", Request, BAD_REQUEST,
        "参数 {parameter} 的值无效。", "The value of the parameter {parameter} is not valid.";
    /// A value that a facet cannot have.
    InvalidFacetValue = "invalid_facet_value", Request, BAD_REQUEST,
        "分面 {parameter} 没有这个值。", "The facet {parameter} cannot have this value.";
    /// Too many selected values.
    TooManyFacetValues = "too_many_facet_values", Request, BAD_REQUEST,
        "选择的分面值太多，最多 {most} 个。", "Too many facet values are selected; the most is {most}.";
    /// A date that is none.
    InvalidDate = "invalid_date", Request, BAD_REQUEST,
        "参数 {parameter} 不是有效日期。", "The parameter {parameter} is not a date.";
    /// A range of dates that ends before it begins.
    EmptyDateRange = "empty_date_range", Request, BAD_REQUEST,
        "起始日期晚于截止日期。", "The first date is later than the last.";
    /// An order that there is not.
    UnknownSort = "unknown_sort", Request, BAD_REQUEST,
        "没有这种排序方式。", "There is no such order.";
    /// A request that cannot be read.
    MalformedRequest = "malformed_request", Request, BAD_REQUEST,
        "无法理解这个请求。", "The request cannot be understood.";
    /// A request sent to another host than this machine.
    HostNotAllowed = "host_not_allowed", Request, MISDIRECTED_REQUEST,
        "尚无账户功能，只能在本机以 localhost 或 127.0.0.1 访问。",
        "There are no accounts yet: only this machine may ask, as localhost or 127.0.0.1.";
    /// A method that the address does not have.
    MethodNotAllowed = "method_not_allowed", Request, METHOD_NOT_ALLOWED,
        "此地址不支持这种请求方法。", "This address does not have this method.";
    /// A representation that cannot be given.
    NotAcceptable = "not_acceptable", Request, NOT_ACCEPTABLE,
        "无法按所要求的编码返回。", "The answer cannot be given in an accepted encoding.";
    /// A body that is too large.
    BodyTooLarge = "body_too_large", Request, PAYLOAD_TOO_LARGE,
        "请求内容太大。", "The body of the request is too large.";
    /// A head that is too large.
    HeadersTooLarge = "headers_too_large", Request, REQUEST_HEADER_FIELDS_TOO_LARGE,
        "请求头太大。", "The head of the request is too large.";
    /// A body of another type than JSON.
    UnsupportedMediaType = "unsupported_media_type", Request, UNSUPPORTED_MEDIA_TYPE,
        "请求内容须为 JSON（Content-Type: application/json）。",
        "The body must be JSON (Content-Type: application/json).";
    /// A request that a page of another site made.
    OriginNotAllowed = "origin_not_allowed", Request, FORBIDDEN,
        "不接受其他网站发起的修改。", "Changes asked for by pages of other sites are not made.";
    /// A body that is not what the route takes.
    InvalidBody = "invalid_body", Request, UNPROCESSABLE_ENTITY,
        "请求内容缺少必要的项目，或有不认识的项目。", "The body lacks something, or holds something that is not known.";
    /// A field that there is not.
    UnknownField = "unknown_field", Request, UNPROCESSABLE_ENTITY,
        "没有这个著录项。", "There is no such field.";
    /// A value that a field cannot have.
    InvalidValue = "invalid_value", Request, UNPROCESSABLE_ENTITY,
        "著录项 {field} 不能取这个值。", "The field {field} cannot have this value.";
    /// Something that is too long.
    ValueTooLong = "value_too_long", Request, UNPROCESSABLE_ENTITY,
        "{parameter} 最多 {most} 个字符，且不得含控制字符。",
        "{parameter} may have {most} characters at most, and no control characters.";
    /// Something that must be given.
    ValueMissing = "value_missing", Request, UNPROCESSABLE_ENTITY,
        "必须填写 {parameter}。", "{parameter} must be given.";
    /// What the person saw is not there any more.
    StaleValue = "stale_value", Request, CONFLICT,
        "内容在此期间已被改动，请重新查看后再更正。", "This has changed meanwhile; please look again before correcting it.";
    /// A correction that was undone before.
    AlreadyUndone = "already_undone", Request, CONFLICT,
        "这条更正已经撤销。", "This correction is undone already.";
    /// A line that there is not.
    LineNotFound = "line_not_found", Missing, NOT_FOUND,
        "没有这一行文字。", "There is no such line.";
    /// A doubt that is not in the review queue.
    ReviewNotFound = "review_not_found", Missing, NOT_FOUND,
        "复核清单中没有这一项。", "There is no such thing in the review queue.";
    /// A correction that there is not.
    CorrectionNotFound = "correction_not_found", Missing, NOT_FOUND,
        "没有这条更正。", "There is no such correction.";
    /// An address that there is not.
    NotFound = "not_found", Missing, NOT_FOUND,
        "没有这个地址。", "There is no such address.";
    /// A case that there is not, or that may not be known.
    CaseNotFound = "case_not_found", Missing, NOT_FOUND,
        "没有这个案卷。", "There is no such case.";
    /// A page that there is not, or that may not be known.
    PageNotFound = "page_not_found", Missing, NOT_FOUND,
        "没有这一页。", "There is no such page.";
    /// A page of which there is no image.
    ImageNotFound = "image_not_found", Missing, NOT_FOUND,
        "这一页没有图像。", "There is no image of this page.";
    /// All places are taken.
    Busy = "busy", Later, SERVICE_UNAVAILABLE,
        "当前检索的人较多，请稍后再试。", "Too many requests are being answered; please try again later.";
    /// A search took too long.
    SearchTimeout = "search_timeout", Later, SERVICE_UNAVAILABLE,
        "检索超时，请缩小检索范围后再试。", "The search took too long; please narrow it and try again.";
    /// Anything else took too long.
    Timeout = "timeout", Later, GATEWAY_TIMEOUT,
        "处理超时，请稍后再试。", "This took too long; please try again later.";
    /// There is no index yet.
    IndexNotReady = "index_not_ready", Later, SERVICE_UNAVAILABLE,
        "尚未建立索引：请先导入案卷。", "There is no index yet: please ingest some cases first.";
    /// The index was made by another version.
    IndexNeedsReindex = "index_needs_reindex", Later, SERVICE_UNAVAILABLE,
        "索引由其他版本建立，请运行 juanzong-indexer reindex。",
        "The index was made by another version; please run juanzong-indexer reindex.";
    /// The index is locked.
    IndexBusy = "index_busy", Later, SERVICE_UNAVAILABLE,
        "索引正忙，请稍后再试。", "The index is busy; please try again later.";
    /// The catalogue is locked.
    CatalogueBusy = "catalogue_busy", Later, SERVICE_UNAVAILABLE,
        "目录库正忙，请稍后再试。", "The catalogue is busy; please try again later.";
    /// The index is damaged.
    IndexCorrupt = "index_corrupt", Server, INTERNAL_SERVER_ERROR,
        "索引已损坏，请管理员重建索引。", "The index is damaged; the administrator should rebuild it.";
    /// The catalogue is damaged.
    CatalogueCorrupt = "catalogue_corrupt", Server, INTERNAL_SERVER_ERROR,
        "目录库已损坏，请联系管理员。", "The catalogue is damaged; please tell the administrator.";
    /// The index failed.
    IndexFailed = "index_failed", Server, INTERNAL_SERVER_ERROR,
        "索引出错，请联系管理员。", "The index failed; please tell the administrator.";
    /// The search failed.
    SearchFailed = "search_failed", Server, INTERNAL_SERVER_ERROR,
        "检索出错，请联系管理员。", "The search failed; please tell the administrator.";
    /// An image of ours cannot be read.
    ImageFailed = "image_failed", Server, INTERNAL_SERVER_ERROR,
        "页面图像无法读取，请联系管理员。", "The image of the page cannot be read; please tell the administrator.";
    /// Anything else.
    Internal = "internal_error", Server, INTERNAL_SERVER_ERROR,
        "服务器内部出错，请联系管理员并告知请求编号。",
        "The server failed; please tell the administrator the request id.";
}

impl ErrorCode {
    /// What to say about an answer that was made outside our handlers, by its status alone.
    pub(super) fn of_status(status: StatusCode) -> Self {
        match status {
            StatusCode::NOT_FOUND => Self::NotFound,
            StatusCode::METHOD_NOT_ALLOWED => Self::MethodNotAllowed,
            StatusCode::NOT_ACCEPTABLE => Self::NotAcceptable,
            StatusCode::PAYLOAD_TOO_LARGE => Self::BodyTooLarge,
            StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE => Self::HeadersTooLarge,
            StatusCode::GATEWAY_TIMEOUT => Self::Timeout,
            StatusCode::SERVICE_UNAVAILABLE => Self::Busy,
            status if status.is_client_error() => Self::MalformedRequest,
            _ => Self::Internal,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn codes_are_unique_and_found_again() {
        let mut seen = HashSet::new();
        for code in ErrorCode::ALL {
            assert!(seen.insert(code.code()), "{}", code.code());
            assert_eq!(ErrorCode::from_code(code.code()), Some(*code));
            let fault = code.fault();
            assert_eq!(
                code.status().is_server_error(),
                matches!(fault, Fault::Later | Fault::Server)
            );
            assert_eq!(code.status() == StatusCode::NOT_FOUND, fault == Fault::Missing);
        }
    }

    #[test]
    fn both_languages_name_the_same_things() {
        let names = |text: &str| -> Vec<String> {
            let mut names: Vec<String> = text
                .split('{')
                .skip(1)
                .map(|t| t.split('}').next().unwrap().into())
                .collect();
            names.sort();
            names
        };
        for code in ErrorCode::ALL {
            let (zh, en) = (code.detail(Language::Chinese), code.detail(Language::English));
            assert_eq!(names(zh), names(en), "{}", code.code());
            assert!(!en.chars().any(|c| c > '\u{2000}'), "{en}");
        }
    }
}
