//! What somebody who uploads a case may do with its archival code.

use super::View;
use crate::catalogue;
use crate::record::ArchivalCode;

/// How an archival code stands for somebody who wants to give a case to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CaseStanding {
    /// There is no such case.
    Free,
    /// There is one that they see: what is uploaded becomes another version of it.
    Seen {
        /// Opaque id of the case.
        case_id: String,
    },
    /// It cannot be used by them. It may belong to a case that they do not see, of which nothing is told but this.
    Taken,
}

impl View {
    /// How an archival code stands.
    ///
    /// # Errors
    /// When the catalogue fails.
    pub async fn standing(&self, code: &str) -> catalogue::Result<CaseStanding> {
        let Some(code) = ArchivalCode::parse(code) else {
            return Ok(CaseStanding::Taken);
        };
        let found = self.archive.catalogue().case_by_code(&code).await?;
        Ok(match found {
            None => CaseStanding::Free,
            Some(case) if self.sees(&case) => CaseStanding::Seen { case_id: case.case_id },
            Some(_) => CaseStanding::Taken,
        })
    }
}
