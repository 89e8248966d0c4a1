//! One case a line, in the form that `import` reads.

use std::io::Write;

use super::cases::Walk;
use super::privacy::Privacy;
use super::{Error, ExportOptions};
use crate::archive::View;
use crate::record::CaseLine;
use crate::search::AllMatches;

/// Writes the cases as they were read or imported, and what people corrected as a layer of its own. Returns how many.
pub(super) async fn write(
    view: &View,
    matches: &AllMatches,
    options: &ExportOptions,
    mut out: impl Write,
) -> Result<u64, Error> {
    let mut walk = Walk::new(view.archive(), matches);
    let mut written = 0;
    while let Some(found) = walk.next().await? {
        for (key, _) in found {
            if let Some(line) = line(view, key, options).await? {
                serde_json::to_writer(&mut out, &line)?;
                out.write_all(b"\n")?;
                written += 1;
            }
        }
    }
    out.flush()?;
    Ok(written)
}

/// The line of a case; `None` when it has vanished or may not be seen any more since the last commit of the index.
async fn line(view: &View, case_key: u64, options: &ExportOptions) -> Result<Option<CaseLine>, Error> {
    let catalogue = view.archive().catalogue();
    let summaries = catalogue.summaries(&[case_key]).await?;
    let seen = summaries.first().is_some_and(|case| view.sees(case));
    let (Some((mut case, _)), true) = (catalogue.load_as_read(case_key).await?, seen) else {
        return Ok(None);
    };
    let mut corrections = catalogue.corrections(case_key).await?;
    Privacy::of(options, &case.facts).case(&mut case, &mut corrections);
    let mut line = CaseLine::of_case(&case, &corrections, false);
    line.masked = options.unmasked.is_none();
    for file in line.documents.iter_mut().filter_map(|document| document.file.as_mut()) {
        if let Some(state) = catalogue.file_state(&file.sha256).await? {
            file.bytes = Some(state.bytes);
            file.media_type = Some(state.media_type);
            file.pages = state.pages_expected;
        }
    }
    Ok(Some(line))
}
