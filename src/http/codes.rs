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
        "页码须从 1 开始，且只能翻到第 {most} 条结果；请缩小检索范围，程序可用 after 参数逐页续取。",
        "Pages count from 1 and end at hit {most}; please narrow the search, or, in a program, go on by after.";
    /// `after` is no cursor of this search.
    InvalidCursor = "invalid_cursor", Request, BAD_REQUEST,
        "参数 after 无效：须原样取自同一检索上一次应答的 next。",
        "The parameter after must be the next of an answer to the same search, as it was given.";
    /// A page and a cursor at the same time.
    PageAndCursor = "page_and_cursor", Request, BAD_REQUEST,
        "参数 page 与 after 不能同时使用。", "The parameters page and after cannot be used together.";
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
    /// Statistics of too many cells.
    TooManyCells = "too_many_cells", Request, BAD_REQUEST,
        "统计表的单元格太多，最多 {most} 个；请缩小范围或减少维度。",
        "The table has too many cells; the most is {most}. Narrow the search or group by less.";
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
        "请以配置中的主机名访问；未配置时只能在本机以 localhost 或 127.0.0.1 访问。",
        "Ask by a host name of the configuration; without one only this machine may ask, as localhost or 127.0.0.1.";
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
    /// No more results are kept for one account.
    TooManyResultSets = "too_many_result_sets", Request, CONFLICT,
        "保存的结果集已达上限。", "No more results can be kept.";
    /// A kept result that there is not, or somebody else's.
    ResultSetNotFound = "result_set_not_found", Missing, NOT_FOUND,
        "没有这个结果集。", "There is no such kept result.";
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
    /// Nobody is logged in, or the session or token is over.
    NotSignedIn = "not_signed_in", Request, UNAUTHORIZED,
        "请先登录，或登录已失效。", "Please log in; there is no session, or it is over.";
    /// Name or password is wrong.
    SignInFailed = "sign_in_failed", Request, UNAUTHORIZED,
        "用户名或口令不正确。", "The name or the password is wrong.";
    /// Too many failed logins.
    TooManyAttempts = "too_many_attempts", Request, TOO_MANY_REQUESTS,
        "登录失败次数过多，请 {seconds} 秒后再试。", "There were too many failed logins; please wait {seconds} seconds.";
    /// What a citizen sent is not right.
    CitizenSignInFailed = "citizen_sign_in_failed", Request, UNAUTHORIZED,
        "姓名、证件号码或查询码不正确，或查询码已失效。如多次失败，请稍后再试或到窗口重新领取查询码。",
        "The name, the number or the access code is wrong, or the code is not good any more. Try again later or ask at the counter for another.";
    /// A name that no person has.
    CitizenName = "citizen_name", Request, UNPROCESSABLE_ENTITY,
        "姓名须为 2 至 60 个汉字或字母，与身份证件一致。", "A name has 2 to 60 letters, as on the identity card.";
    /// A number that is no identity number and no credit code.
    CitizenNumber = "citizen_number", Request, UNPROCESSABLE_ENTITY,
        "号码校验不通过：请核对公民身份号码或统一社会信用代码。",
        "This is neither a valid identity number nor a valid credit code.";
    /// A code is issued to nobody whose identity was not checked.
    IdentityNotChecked = "identity_not_checked", Request, UNPROCESSABLE_ENTITY,
        "须当面核对身份证件后才能签发查询码。", "The identity card has to be checked before a code is issued.";
    /// No such access code.
    CodeNotFound = "code_not_found", Missing, NOT_FOUND,
        "没有这个查询码，或已作废。", "There is no such access code, or it was revoked.";
    /// Copies were verified very often.
    TooManyVerifications = "too_many_verifications", Request, TOO_MANY_REQUESTS,
        "核验次数过多，请 {seconds} 秒后再试。", "Too many copies were verified; please wait {seconds} seconds.";
    /// A copy that would be too large.
    CopyTooLarge = "copy_too_large", Request, CONFLICT,
        "材料超过 {most} 页，请到窗口办理副本。", "The papers have more than {most} pages; please ask for a copy at the counter.";
    /// An own case without papers that may be copied.
    NothingToCopy = "nothing_to_copy", Missing, NOT_FOUND,
        "此案卷没有可出具副本的材料。", "This case has no papers of which a copy can be given.";
    /// A copy could not be made.
    CopyFailed = "copy_failed", Server, INTERNAL_SERVER_ERROR,
        "副本未能生成，请联系档案馆。", "The copy could not be made; please tell the archive.";
    /// The account may not do this.
    NotAllowed = "not_allowed", Request, FORBIDDEN,
        "您的账户没有此项权限。", "Your account may not do this.";
    /// The password has to be changed first.
    PasswordMustChange = "password_must_change", Request, FORBIDDEN,
        "首次登录须先修改口令。", "Please change your password first.";
    /// A password that is too short or too long.
    PasswordLength = "password_length", Request, UNPROCESSABLE_ENTITY,
        "口令须为 10 至 128 个字符。", "A password has 10 to 128 characters.";
    /// A password that is too simple.
    PasswordSimple = "password_simple", Request, UNPROCESSABLE_ENTITY,
        "口令过于简单：须含大写字母、小写字母、数字、符号中的三类，或不少于 16 个字符，且至少 6 个不同字符。",
        "The password is too simple: use three of upper case, lower case, digits and signs, or 16 characters, six of them different.";
    /// A password that is easy to guess.
    PasswordGuessable = "password_guessable", Request, UNPROCESSABLE_ENTITY,
        "口令不得包含用户名，也不得使用常见口令。", "A password must not hold the name of the account nor be a common one.";
    /// A new password that is the old one.
    PasswordUnchanged = "password_unchanged", Request, UNPROCESSABLE_ENTITY,
        "新口令不得与原口令相同。", "The new password is the old one.";
    /// The audit log cannot be written, so nothing is answered.
    AuditUnavailable = "audit_unavailable", Later, SERVICE_UNAVAILABLE,
        "审计日志无法写入，暂停服务，请联系管理员。", "The audit log cannot be written, so nothing is answered; please tell the administrator.";
    /// A name that no account can have.
    AccountName = "account_name", Request, UNPROCESSABLE_ENTITY,
        "用户名须为 2 至 40 个字母、汉字、数字或 . _ -，以字母或汉字开头。",
        "The name of an account has 2 to 40 letters, digits, dots or dashes and begins with a letter.";
    /// A name that is taken.
    AccountTaken = "account_taken", Request, CONFLICT,
        "已有同名账户。", "There is an account of this name.";
    /// An account that there is not.
    AccountNotFound = "account_not_found", Missing, NOT_FOUND,
        "没有这个账户。", "There is no such account.";
    /// A grant that contradicts itself.
    InvalidGrant = "invalid_grant", Request, UNPROCESSABLE_ENTITY,
        "授权内容不完整或自相矛盾：工作人员须写明机关、区划、密级和用途，审计人员另须写明年度和截止日期，管理员不得有案卷范围。",
        "The grant is incomplete or contradicts itself: staff need agencies, regions, clearance and purpose, auditors also years and a last day, administrators have no cases.";
    /// The dictionaries could not be used with what was to be added.
    DictionaryInvalid = "dictionary_invalid", Request, UNPROCESSABLE_ENTITY,
        "未写入：词典 {file} 第 {line} 行{reason}。", "Nothing was written: dictionary {file}, line {line}: {reason}.";
    /// Nobody grants oneself.
    OwnGrant = "own_grant", Request, CONFLICT,
        "不得为自己授权。", "Nobody grants oneself.";
    /// An account cannot be two of the three administrators.
    SecondAdministrator = "second_administrator", Request, CONFLICT,
        "三员分立：一个账户不得先后担任两种管理员。", "An account cannot be two of the three administrators.";
    /// The last security administrator.
    LastSecurityAdmin = "last_security_admin", Request, CONFLICT,
        "不得停用或撤销最后一名安全管理员。", "The last security administrator cannot be removed.";
    /// A token of this name is there already.
    TokenTaken = "token_taken", Request, CONFLICT,
        "此账户已有同名令牌。", "The account has a token of this name.";
    /// A token that there is not.
    TokenNotFound = "token_not_found", Missing, NOT_FOUND,
        "没有这个令牌。", "There is no such token.";
    /// A token without a right, or with one that the account does not have.
    TokenRights = "token_rights", Request, UNPROCESSABLE_ENTITY,
        "令牌的权限须为该账户所有权限的一部分，且不得为空。", "A token needs rights that the account has.";
    /// A token that ends too late or at once.
    TokenDays = "token_days", Request, UNPROCESSABLE_ENTITY,
        "令牌有效期须为 1 至 {most} 天。", "A token is valid for 1 to {most} days.";
    /// A text with masks that hide nothing of what stands there.
    MaskedValue = "masked_value", Request, UNPROCESSABLE_ENTITY,
        "遮盖的部分（*）须原样保留，或写出完整内容。", "What is masked (*) must be left as it is, or be written in full.";
    /// An upload that there is not, or somebody else's.
    UploadNotFound = "upload_not_found", Missing, NOT_FOUND,
        "没有这次上传，或已经清理。", "There is no such upload.";
    /// A file that the upload does not have.
    UploadFileNotFound = "upload_file_not_found", Missing, NOT_FOUND,
        "这次上传中没有这个文件。", "The upload has no such file.";
    /// A job that there is not, or somebody else's.
    JobNotFound = "job_not_found", Missing, NOT_FOUND,
        "没有这个任务。", "There is no such job.";
    /// An upload that is not in the state for this.
    UploadState = "upload_state", Request, CONFLICT,
        "这次上传正在核对、正在入库或已经结束，不能再做这一步。", "The upload is being checked or taken in, or is over; this cannot be done now.";
    /// Too many uploads of one account.
    TooManyUploads = "too_many_uploads", Request, CONFLICT,
        "未结束的上传已有 {most} 次，请先完成或放弃其中一次。", "There are {most} open uploads already; finish or give up one of them.";
    /// Too many files in one upload.
    TooManyFiles = "too_many_files", Request, CONFLICT,
        "一次最多上传 {most} 个文件，请分批上传。", "An upload may have {most} files at most; please split it.";
    /// Too many bytes in one upload.
    UploadTooLarge = "upload_too_large", Request, CONFLICT,
        "一次上传的总大小最多 {most} GB，请分批上传。", "An upload may have {most} GB at most; please split it.";
    /// A check before all files are here.
    UploadIncomplete = "upload_incomplete", Request, CONFLICT,
        "还有文件没有传完，或没有文件。", "Files are missing, or there are none.";
    /// Taking in what was not checked as it is now.
    UploadUnchecked = "upload_unchecked", Request, CONFLICT,
        "请先核对；核对后文件或设置有变动的须重新核对，没有可入库的案卷时不能入库。",
        "Please check first, again after a change; when no case would come of it, nothing can be taken in.";
    /// Scans in no folder.
    UploadLoose = "upload_loose", Request, UNPROCESSABLE_ENTITY,
        "有文件不在文件夹中：请附清单，或填写档号，或选择每个文件为一个案卷。",
        "Some files are in no folder: add a manifest, or give an archival code, or make each file a case.";
    /// Nothing to try again.
    NothingFailed = "nothing_failed", Request, CONFLICT,
        "没有失败的文件。", "Nothing failed.";
    /// The bytes that came are not as many as were announced.
    UploadSize = "upload_size", Request, UNPROCESSABLE_ENTITY,
        "收到的内容与文件大小不符，请重新上传这个文件。", "What came is not as large as the file; please send it again.";
    /// The connection broke, or nothing came for too long.
    UploadBroken = "upload_broken", Request, BAD_REQUEST,
        "传输中断，请重新上传这个文件。", "The transfer broke off; please send the file again.";
    /// A body of another type than bytes.
    NotBytes = "not_bytes", Request, UNSUPPORTED_MEDIA_TYPE,
        "文件内容须以 application/octet-stream 发送。", "The bytes of a file are sent as application/octet-stream.";
    /// Archival codes of cases that the account may not change.
    CasesTaken = "cases_taken", Request, CONFLICT,
        "有 {count} 个案卷的档号已被占用，您无权更改；请在核对结果中查看，更正档号后再入库。",
        "The archival codes of {count} cases are taken, and you may not change those; see the result of the check.";
    /// Everybody looks on.
    TooManyListeners = "too_many_listeners", Later, SERVICE_UNAVAILABLE,
        "同时查看进度的人较多，请稍后再试。", "Too many are looking on; please try again later.";
    /// The original shows personal data in full.
    OriginalNotAllowed = "original_not_allowed", Request, FORBIDDEN,
        "原件含未遮盖的个人信息，须有“查看完整个人信息”的权限才能取用；请改用已遮盖的导出件。",
        "An original shows personal data in full and needs the right to see it; please use the masked export.";
    /// A document without a file.
    OriginalNotFound = "original_not_found", Missing, NOT_FOUND,
        "没有这份材料的原件。", "There is no original of this document.";
    /// A part of a file that it does not have.
    RangeNotSatisfiable = "range_not_satisfiable", Request, RANGE_NOT_SATISFIABLE,
        "所要求的部分超出文件大小。", "The file has no such part.";
    /// A case that there is not, or that may not be known.
    CaseNotFound = "case_not_found", Missing, NOT_FOUND,
        "没有这个案卷。", "There is no such case.";
    /// A finding that there is not, or that may not be known.
    FindingNotFound = "finding_not_found", Missing, NOT_FOUND,
        "没有这项核查发现，或其案卷已有变化。", "There is no such finding, or its cases have changed.";
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
            StatusCode::UNAUTHORIZED => Self::NotSignedIn,
            StatusCode::FORBIDDEN => Self::NotAllowed,
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
