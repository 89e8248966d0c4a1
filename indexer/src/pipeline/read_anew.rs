//! Saving a case with what was read of it just now, or with facts read anew from the text that is kept.

use juanzong::catalogue::{Catalogue, LineEdits, Saved};
use juanzong::record::{ArchivalCode, CaseRecord, Fact};

use super::Error;
use super::assemble::{Assembled, ReadDocument, assemble};
use super::ingest::Context;

/// Puts a case together from the files just read and what the catalogue holds of it, and saves it.
pub(super) async fn save_read(
    context: &Context,
    archival_code: ArchivalCode,
    manifest_facts: Vec<Fact>,
    read: &[ReadDocument],
) -> Result<(Saved, Assembled), Error> {
    let _alone = context.saving.lock().await;
    let earlier = earlier(&context.catalogue, &archival_code).await?;
    let case = assemble(archival_code, manifest_facts, read, earlier, &context.vocabulary);
    Ok((context.catalogue.save_case(&case.record).await?, case))
}

/// What the catalogue holds of a case, as it was read, and the lines that people corrected.
pub(super) async fn earlier(
    catalogue: &Catalogue,
    code: &ArchivalCode,
) -> Result<Option<(CaseRecord, LineEdits)>, Error> {
    match catalogue.case_by_code(code).await? {
        Some(summary) => Ok(catalogue.load_as_read(summary.case_key).await?),
        None => Ok(None),
    }
}

/// Reads the facts of a case anew from the text that is kept, with its corrected lines.
pub(super) async fn read_facts_anew(context: &Context, archival_code: ArchivalCode) -> Result<Saved, Error> {
    let (saved, _) = save_read(context, archival_code, Vec::new(), &[]).await?;
    Ok(saved)
}
