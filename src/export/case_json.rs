//! Everything that is known of one case, as JSON: page by page, so that a large case takes no more memory than a small one.

use std::io::Write;

use serde::Serialize;
use serde_json::{Value, json, to_value, to_writer};

use super::privacy::Privacy;
use super::{Error, ExportOptions, provenance};
use crate::archive::{Archive, PageAnswer};
use crate::catalogue::{CaseSummary, Rendition};
use crate::search::VisibleCases;

/// Writes `{"export": …, "case": …, "corrections": […], "versions": […], "pages": […]}`.
pub(super) async fn write(
    archive: &Archive,
    case: &CaseSummary,
    options: &ExportOptions,
    mut out: impl Write,
) -> Result<(), Error> {
    let catalogue = archive.catalogue();
    let facts = catalogue.facts(case.case_key).await?.ok_or(Error::Vanished)?;
    let privacy = Privacy::of(options, &facts);
    let masked = |mut value: Value| {
        privacy.json(&mut value);
        value
    };
    let about = json!({
        "masked": options.unmasked.is_none(),
        "reason": options.unmasked,
        "exported_at": provenance::now(),
        "sequence": case.sequence,
        "program": provenance::program(),
    });
    // Whether it may be seen was looked at when it was found.
    let view = archive.view(VisibleCases::all()).with_masking(options.masking());
    let answer = view.case(&case.case_id, options.labels).await?;
    let corrections = view
        .corrections(&case.case_id, options.labels)
        .await?
        .map(|answer| answer.corrections);
    out.write_all(b"{\"export\":")?;
    to_writer(&mut out, &about)?;
    out.write_all(b",\"case\":")?;
    to_writer(&mut out, &masked(to_value(answer.ok_or(Error::Vanished)?)?))?;
    out.write_all(b",\"corrections\":")?;
    to_writer(&mut out, &masked(to_value(corrections.unwrap_or_default())?))?;
    out.write_all(b",\"versions\":")?;
    let versions: Vec<Version> = catalogue
        .document_versions(case.case_key)
        .await?
        .into_iter()
        .map(Version::from)
        .collect();
    to_writer(&mut out, &masked(to_value(versions)?))?;
    out.write_all(b",\"pages\":[")?;
    for (at, address) in catalogue.page_addresses(case.case_key).await?.into_iter().enumerate() {
        let (document, number) = (address.document, address.page);
        let Some(mut page) = catalogue.corrected_page(case.case_key, document, number).await? else {
            continue;
        };
        page.page.text = privacy.page(std::mem::take(&mut page.page.text)).0;
        let image = archive
            .directory()
            .has_page_image(&address.content_id, number, Rendition::Reading)?;
        if at > 0 {
            out.write_all(b",")?;
        }
        to_writer(
            &mut out,
            &PageAnswer::new(case.case_id.clone(), page, Vec::new(), image),
        )?;
    }
    out.write_all(b"]}\n")?;
    Ok(out.flush()?)
}

/// An earlier version of a document.
#[derive(Serialize)]
struct Version {
    source_name: String,
    version: u32,
    title: String,
    file_sha256: Option<String>,
    superseded_by: Option<String>,
}

impl From<crate::catalogue::DocumentVersion> for Version {
    fn from(version: crate::catalogue::DocumentVersion) -> Self {
        Self {
            source_name: version.source_name,
            version: version.version,
            title: version.title,
            file_sha256: version.file_sha256,
            superseded_by: version.superseded_by,
        }
    }
}
