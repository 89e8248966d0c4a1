//! Exports: the cases that match a query as a table (CSV, XLSX) or as lines that `import` reads, statistics and findings as
//! tables, the audit report, and one case as JSON or as a searchable PDF.
//!
//! Everything is written as it is read, so that an export takes no more memory than its largest case (a table) or page (a
//! case). Personal data is masked unless a reason is given; what was left out or shown is said in the export itself.

mod audit_report;
mod case_json;
mod case_pdf;
mod cases;
mod columns;
mod error;
mod findings;
mod json_lines;
mod privacy;
mod provenance;
mod statistics;
mod summed;
mod table;
#[cfg(test)]
mod tests;

use std::io::Write;

use crate::access::Masking;
use crate::archive::{Archive, Labels, OwnCase, View};
use crate::catalogue::CaseSummary;
use crate::search::AllMatches;

pub(crate) use audit_report::policy as report_policy;
pub use audit_report::{AuditReport, MOST_FINDINGS, MOST_PICTURES, PicturedPage, ReportError, ReportRequest, Section};
pub use case_pdf::{Certificate, PdfCounts, PrintFont};
pub use error::Error;
pub use findings::export_findings;
pub use statistics::export_statistics;
pub use summed::Summed;
pub use table::{Cell, Heading, Note, SHEET_ROWS, TableFormat, TableWriter, sheets_of};

/// Writes lines of text as a PDF, printed with a font of the system.
///
/// # Errors
/// When there is no font with Chinese characters, or the output fails.
pub fn print_lines(
    title: &str,
    lines: &[String],
    font: impl FnOnce() -> Result<PrintFont, Error>,
    out: impl Write,
) -> Result<(), Error> {
    case_pdf::lines::write(title, lines, font()?, out)
}

/// The forms in which one case is exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CaseFormat {
    /// Everything that is known of it.
    Json,
    /// Its pages with their text.
    Pdf,
}

impl CaseFormat {
    /// The form with this code: `json` or `pdf`.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Json, Self::Pdf].into_iter().find(|format| format.code() == code)
    }

    /// Its code, which is the ending of the names of such files.
    pub fn code(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Pdf => "pdf",
        }
    }

    /// Its media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Pdf => "application/pdf",
        }
    }
}

/// How something is exported.
#[derive(Clone, Debug, Default)]
pub struct ExportOptions {
    /// Language of headings and labels.
    pub labels: Labels,
    /// Why personal data is to be shown; it is masked when there is no reason.
    pub unmasked: Option<String>,
    /// Whether CSV begins without a byte order mark.
    pub no_byte_order_mark: bool,
    /// Who exports, as the export says it.
    pub by: Option<String>,
}

impl ExportOptions {
    /// Whether personal data is masked.
    pub fn masking(&self) -> Masking {
        match self.unmasked {
            None => Masking::Masked,
            Some(_) => Masking::Unmasked,
        }
    }

    /// The word in the language of the export.
    fn pick(&self, zh: &'static str, en: &'static str) -> &'static str {
        match self.labels {
            Labels::Chinese => zh,
            Labels::English => en,
        }
    }

    /// Something that a table says about itself, its name in the language of the export.
    fn note(&self, code: &'static str, zh: &'static str, en: &'static str, value: String) -> Note {
        Note {
            code,
            label: self.pick(zh, en).to_owned(),
            value,
        }
    }
}

/// The columns of a table of cases.
pub fn case_headings(labels: Labels) -> Vec<Heading> {
    columns::Column::all()
        .into_iter()
        .map(|column| column.heading(labels))
        .collect()
}

/// Writes all cases that match; returns how many there were. Each is looked at again as it is written: those that were
/// withdrawn, or may not be seen any more, since the last commit of the index are left out.
///
/// # Errors
/// When catalogue or output fail. The output is not complete then.
pub async fn export_cases(
    view: &View,
    matches: &AllMatches,
    format: TableFormat,
    options: &ExportOptions,
    out: impl Write,
) -> Result<u64, Error> {
    let written = match format {
        TableFormat::JsonLines => json_lines::write(view, matches, options, out).await?,
        table => cases::write_table(view, matches, table, options, out).await?,
    };
    record(options, written);
    Ok(written)
}

/// Writes everything that is known of a case as JSON.
///
/// # Errors
/// When catalogue or output fail.
pub async fn export_case_json(
    archive: &Archive,
    case: &CaseSummary,
    options: &ExportOptions,
    out: impl Write,
) -> Result<(), Error> {
    case_json::write(archive, case, options, out).await?;
    record(options, 1);
    Ok(())
}

/// Writes the pages of a case as a searchable PDF. `font` gives the letters for pages without an image.
///
/// # Errors
/// When catalogue, page images or output fail, or a page without an image is met and there is no font.
pub async fn export_case_pdf(
    archive: &Archive,
    case: &CaseSummary,
    options: &ExportOptions,
    font: impl FnOnce() -> Result<PrintFont, Error>,
    out: impl Write,
) -> Result<PdfCounts, Error> {
    let counts = case_pdf::write(archive, case, options, font, out).await?;
    record(options, 1);
    Ok(counts)
}

/// Writes the papers of a case that its applicant may see as a searchable PDF, with a strip below each page that certifies it.
/// `font` gives the letters.
///
/// # Errors
/// When catalogue, page images or output fail, or there is no font.
pub async fn export_certified_copy(
    archive: &Archive,
    own: &OwnCase,
    certificate: &Certificate,
    font: impl FnOnce() -> Result<PrintFont, Error>,
    out: impl Write,
) -> Result<PdfCounts, Error> {
    case_pdf::certified::write(archive, own, certificate, font, out).await
}

/// Until there is an audit log: that personal data went out, without it and without the reason, which may hold a name.
fn record(options: &ExportOptions, cases: u64) {
    if options.unmasked.is_some() {
        tracing::warn!(
            cases,
            "personal data was exported unmasked; the export holds the reason"
        );
    }
}
