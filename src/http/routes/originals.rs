//! `GET /api/v1/cases/{id}/documents/{d}/file`: the original of a document, byte for byte as it came.
//!
//! Nothing is masked in it, so it is for those who may see personal data in full, with a reason, as everything of that kind.
//! The reason stands in a header and never in the address.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::ops::Range;

use axum::extract::State;
use axum::http::header::{
    ACCEPT_RANGES, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_SECURITY_POLICY, ETAG, IF_RANGE, RANGE,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;
use serde_json::json;

use super::unmask::reason;
use crate::access::Action;
use crate::http::codes::ErrorCode;
use crate::http::download::{self, Download, Outlet};
use crate::http::error::{ApiError, ApiResult, Problem};
use crate::http::extract::{Pairs, Parameters};
use crate::http::rights::{May, Originals};
use crate::http::state::{AppState, blocking};

/// Header with the reason, percent-encoded UTF-8.
const REASON: &str = "x-reason";
/// Most bytes of that header.
const REASON_BYTES: usize = 4_000;
/// Bytes that are read at a time.
const PIECE: usize = 64 * 1024;
/// Media types of scans; anything else is bytes.
const SCANS: [&str; 6] = [
    "application/pdf",
    "image/tiff",
    "image/jpeg",
    "image/png",
    "image/bmp",
    "image/webp",
];

/// The file of a document as it came, to be kept and not to be shown: nothing in it is masked. By right, with a reason, and
/// written down as such. A part of a bound volume comes with the whole volume.
#[utoipa::path(get, path = "/api/v1/cases/{id}/documents/{d}/file", tag = "cases", operation_id = "original",
    params(
        ("id" = String, Path, description = "Opaque id of the case"),
        ("d" = u32, Path, description = "Position of the document, from 1"),
        ("X-Reason" = Option<String>, Header,
            description = "Why, on one line of at most 200 characters, as percent-encoded UTF-8: it stands in the audit log"),
        ("Range" = Option<String>, Header, description = "One range of bytes"),
    ),
    responses(
        (status = 200, description = "The file", body = Vec<u8>, content_type = "application/octet-stream"),
        (status = 206, description = "A part of the file", body = Vec<u8>, content_type = "application/octet-stream"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 416, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    ))]
pub(in crate::http) async fn original(
    State(state): State<AppState>,
    may: May<Originals>,
    Parameters((id, ordinal)): Parameters<(String, u32)>,
    pairs: Pairs,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let [] = pairs.take([])?;
    may.about(&id);
    let mut details = reason(&said(&headers))?;
    let case = may.view().summary(&id).await?;
    let case = case.ok_or_else(|| ApiError::new(ErrorCode::CaseNotFound))?;
    let missing = || ApiError::new(ErrorCode::OriginalNotFound);
    let catalogue = state.archive().catalogue();
    let documents = catalogue.documents(case.case_key).await?;
    let document = documents.into_iter().find(|document| document.ordinal == ordinal);
    let document = document.ok_or_else(missing)?;
    let sha256 = document.file_sha256.ok_or_else(missing)?;
    let known = catalogue.file_state(&sha256).await?.ok_or_else(missing)?;
    let path = state.archive().directory().original_path(&sha256)?;
    let opened = blocking(move || File::open(path).and_then(|file| Ok((file.metadata()?.len(), file)))).await?;
    let (bytes, mut file) = opened.map_err(|error| missing().because(error))?;

    let tag = format!("\"{sha256}\"");
    let unchanged = headers.get(IF_RANGE).is_none_or(|value| value == tag.as_str());
    let range = headers
        .get(RANGE)
        .filter(|_| unchanged)
        .and_then(|range| range.to_str().ok());
    let part = match range.map(|range| part_of(range, bytes)) {
        None | Some(Part::All) => None,
        Some(Part::Of(part)) => Some(part),
        Some(Part::None) => return Err(ApiError::new(ErrorCode::RangeNotSatisfiable)),
    };
    details["document"] = ordinal.into();
    details["sha256"] = sha256.into();
    if let Some(part) = &part {
        details["range"] = json!([part.start, part.end]);
    }
    let permit = state.export_permit().await?;
    may.record(Action::ViewOriginal, &details).await?;

    let media_type = SCANS.into_iter().find(|known_type| *known_type == known.media_type);
    let download = Download {
        name: file_name(&document.source_name, &case.archival_code.to_string(), ordinal),
        media_type: media_type.unwrap_or("application/octet-stream"),
        shown: false,
    };
    let wanted = part.clone().unwrap_or(0..bytes);
    let (from, length) = (wanted.start, wanted.end - wanted.start);
    let write = move |mut out: Outlet| async move {
        let _permit = permit;
        file.seek(SeekFrom::Start(from))?;
        let mut rest = file.take(length);
        let mut piece = vec![0; PIECE];
        loop {
            match rest.read(&mut piece)? {
                0 if rest.limit() > 0 => return Err(std::io::Error::from(std::io::ErrorKind::UnexpectedEof).into()),
                0 => return Ok(out.flush()?),
                count => out.write_all(&piece[..count])?,
            }
        }
    };
    let mut response = download.response(download::body(write));
    let answer = response.headers_mut();
    answer.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    answer.insert(CONTENT_LENGTH, HeaderValue::from(length));
    // Should a browser show it all the same, nothing in it may run.
    answer.insert(
        CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("sandbox; default-src 'none'; frame-ancestors 'none'"),
    );
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        answer.insert(ETAG, tag);
    }
    if let Some(part) = part {
        let told = format!("bytes {}-{}/{bytes}", part.start, part.end.saturating_sub(1));
        if let Ok(told) = HeaderValue::from_str(&told) {
            answer.insert(CONTENT_RANGE, told);
        }
        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
    }
    Ok(response)
}

/// The reason as the header says it; empty when it cannot be read.
fn said(headers: &HeaderMap) -> String {
    let text = headers
        .get(REASON)
        .and_then(|reason| reason.to_str().ok())
        .unwrap_or_default();
    if text.len() > REASON_BYTES {
        return String::new();
    }
    // A plus sign is one here.
    let pair = format!("r={}", text.replace('+', "%2B").replace('&', "%26"));
    let decoded = form_urlencoded::parse(pair.as_bytes()).next();
    decoded.map(|(_, reason)| reason.into_owned()).unwrap_or_default()
}

/// The last part of the name under which the file came; one of ours when it came under none.
fn file_name(source_name: &str, archival_code: &str, ordinal: u32) -> String {
    let name = source_name.rsplit(['/', '\\']).next().unwrap_or_default();
    match name {
        "" => format!("{archival_code}-{ordinal}"),
        name => name.to_owned(),
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Part {
    /// Nothing was asked for that could be understood, or several parts: the whole file is a right answer.
    All,
    Of(Range<u64>),
    /// What was asked for lies beyond the end.
    None,
}

/// Which part of a file of so many bytes a `Range` asks for (RFC 9110, 14.2).
fn part_of(range: &str, bytes: u64) -> Part {
    let Some((first, last)) = range.trim().strip_prefix("bytes=").and_then(|set| set.split_once('-')) else {
        return Part::All;
    };
    let number = |text: &str| match text.bytes().all(|b| b.is_ascii_digit()) {
        true => text.parse::<u64>().ok(),
        false => None,
    };
    let part = match (first, last) {
        ("", last) => match number(last) {
            Some(0) => return Part::None,
            Some(count) => bytes.saturating_sub(count)..bytes,
            None => return Part::All,
        },
        (first, "") => match number(first) {
            Some(first) => first..bytes,
            None => return Part::All,
        },
        (first, last) => match (number(first), number(last)) {
            (Some(first), Some(last)) if first <= last => first..last.saturating_add(1).min(bytes),
            _ => return Part::All,
        },
    };
    match part.start < part.end {
        true => Part::Of(part),
        false => Part::None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ranges_are_read_as_the_standard_says() {
        let table = [
            ("bytes=0-3", Part::Of(0..4)),
            ("bytes=4-", Part::Of(4..10)),
            ("bytes=-3", Part::Of(7..10)),
            ("bytes=-30", Part::Of(0..10)),
            ("bytes=8-99", Part::Of(8..10)),
            ("bytes=10-", Part::None),
            ("bytes=-0", Part::None),
            ("bytes=5-4", Part::All),
            ("bytes=0-1,3-4", Part::All),
            ("bytes=a-b", Part::All),
            ("pages=1-2", Part::All),
            ("", Part::All),
        ];
        for (range, part) in table {
            assert_eq!(part_of(range, 10), part, "{range}");
        }
        assert_eq!(part_of("bytes=0-0", 0), Part::None);
    }

    proptest! {
        #[test]
        fn no_range_leaves_the_file(range in "bytes=[0-9,-]{0,24}|\\PC{0,20}", bytes in 0_u64..1000) {
            if let Part::Of(part) = part_of(&range, bytes) {
                prop_assert!(part.start < part.end && part.end <= bytes);
            }
        }
    }
}
