//! Every limit of the HTTP side; those of a search are in [`crate::search::limits`].

use std::time::Duration;

/// Largest head of a request in bytes that is read at all. Far more than any request needs: a query that is too long
/// by a megabyte shall still be told so.
pub const HEAD_BYTES: usize = 2 * 1024 * 1024;
/// Most headers of a request.
pub const HEADERS: usize = 100;
/// Time in which the head of a request must have come.
pub const HEAD_TIME: Duration = Duration::from_secs(15);
/// Connections at the same time; the others wait to be accepted.
pub const CONNECTIONS: usize = 256;
/// Time that open connections get to end when the server stops.
pub const SHUTDOWN_TIME: Duration = Duration::from_secs(20);
/// Largest body of a request in bytes: a corrected line with a reason takes a few kilobytes.
pub const BODY_BYTES: usize = 64 * 1024;
/// Longest query string in bytes that is taken apart: room for the longest query with every character percent-encoded
/// and for all facet values.
pub const QUERY_STRING_BYTES: usize = 32 * 1024;
/// Things of the review queue on a page of the answer, unless asked for otherwise.
pub const REVIEWS: u32 = 20;
/// Things of the review queue that may be asked for at once.
pub const REVIEWS_ON_A_PAGE: std::ops::RangeInclusive<u32> = 1..=100;
/// Uploads of an account that are not closed.
pub const UPLOADS: u32 = 5;
/// Uploads, and jobs, that are listed.
pub const UPLOADS_LISTED: u32 = 20;
/// Files of an upload.
pub const UPLOAD_FILES: u32 = 2_000;
/// Largest uploaded file in bytes.
pub const UPLOAD_FILE_BYTES: u64 = 1 << 30;
/// Bytes of one upload.
pub const UPLOAD_BYTES: u64 = 16 << 30;
/// Files that are received at the same time.
pub const CONCURRENT_UPLOADS: usize = 4;
/// Days after which an upload that nobody does anything with is closed, and its files removed.
pub const UPLOAD_DAYS: i64 = 14;
/// Cases of an upload that are shown before it is taken in; their number is told besides.
pub const UPLOAD_CASES_SHOWN: usize = 500;
/// Browsers that may look on at jobs at the same time.
pub const JOB_LISTENERS: usize = 64;
/// How often a job that somebody looks on at is looked at.
pub const JOB_POLL: Duration = Duration::from_millis(500);
/// Time after which who looks on has to ask again, and shows again who they are.
pub const JOB_EVENTS_TIME: Duration = Duration::from_secs(300);
/// Seconds after the last sign of an indexer that takes uploads in until none is taken to be there.
pub const WATCHER_SECONDS: u64 = 30;
/// Findings, and cases of one, on a page of the answer, unless asked for otherwise.
pub const FINDINGS: u32 = 20;
/// Findings, and cases of one, that may be asked for at once.
pub const FINDINGS_ON_A_PAGE: std::ops::RangeInclusive<u32> = 1..=100;
/// Cases of a sample, unless asked for otherwise.
pub const SAMPLE: u32 = 60;
/// Cases of a sample that may be asked for.
pub const SAMPLES: std::ops::RangeInclusive<u32> = 1..=1_000;
/// Entries of the audit log on a page of the answer, unless asked for otherwise.
pub const AUDIT_EVENTS: u32 = 50;
/// Entries of the audit log that may be asked for at once.
pub const AUDIT_EVENTS_ON_A_PAGE: std::ops::RangeInclusive<u32> = 1..=200;
/// Own cases, and entries of who looked, on a page of the answer, unless asked for otherwise.
pub const OWN: u32 = 20;
/// Own cases, and entries of who looked, that may be asked for at once.
pub const OWN_ON_A_PAGE: std::ops::RangeInclusive<u32> = 1..=100;
/// Entries of a dictionary on a page of the answer, unless asked for otherwise.
pub const DICTIONARY_ENTRIES: usize = 100;
/// Entries of a dictionary that may be asked for at once.
pub const DICTIONARY_ENTRIES_ON_A_PAGE: std::ops::RangeInclusive<usize> = 1..=500;
/// Most characters of a term that is added to a dictionary.
pub const DICTIONARY_TERM: usize = 60;
/// Most other terms that are added with one.
pub const DICTIONARY_TERMS: usize = 50;
/// Findings in the audit log that are told; their number is told besides.
pub const AUDIT_FINDINGS: usize = 200;
/// Access codes that are listed.
pub const CODES: u32 = 200;
/// Most pages of a certified copy: what can be made in the time of a request.
pub const COPY_PAGES: u32 = 200;
/// Time for a whole request.
pub const REQUEST_TIME: Duration = Duration::from_secs(30);
/// Time to wait for a place among the running searches.
pub const PERMIT_TIME: Duration = Duration::from_secs(2);
/// Time for one search once it runs.
pub const SEARCH_TIME: Duration = Duration::from_secs(10);
/// Images that are made at the same time.
pub const CONCURRENT_IMAGES: usize = 2;
/// Exports that are written at the same time.
pub const CONCURRENT_EXPORTS: usize = 2;
/// Time that a client may take nothing of an export before it is ended.
pub const STALLED_TIME: Duration = Duration::from_secs(60);
/// Widths of page images in pixels.
pub const IMAGE_WIDTH: std::ops::RangeInclusive<u32> = 16..=2400;
/// How often the server looks for a new commit of the index.
pub const INDEX_POLL: Duration = Duration::from_millis(500);
/// How often the server looks whether its certificate has changed.
pub const CERTIFICATE_POLL: Duration = Duration::from_secs(30);
