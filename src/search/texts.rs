//! Where titles and page texts come from: a trait that the catalogue implements.

use std::future::Future;
use std::sync::{Arc, OnceLock};

use crate::analysis::{Analyser, NormalisedText};
use crate::record::{CivilDate, DocumentKind, Outcome};

/// What a hit shows of a case.
#[derive(Clone, Debug, PartialEq)]
pub struct CaseSummary {
    /// Key of the case in catalogue and index.
    pub case_key: u64,
    /// Number of the last change of the case: as long as it is the same, so are its texts.
    pub sequence: u64,
    /// Opaque id of the case, as it stands in addresses.
    pub case_id: String,
    /// 档号
    pub archival_code: String,
    /// 题名
    pub title: Option<String>,
    /// 文号
    pub document_number: Option<String>,
    /// 审批事项
    pub matter: Option<String>,
    /// 审批机关
    pub agency: Option<String>,
    /// 决定结果
    pub outcome: Option<Outcome>,
    /// 决定日期
    pub decided_on: Option<CivilDate>,
    /// 申请人
    pub applicant: Option<String>,
    /// Whether pages of it can be shown as images; of text that was imported there are none.
    pub has_images: bool,
}

/// A case as it was when a change was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CaseState {
    /// Key of the case.
    pub case_key: u64,
    /// Number of its last change.
    pub sequence: u64,
}

impl CaseSummary {
    /// Which state of the case it tells of.
    pub fn state(&self) -> CaseState {
        CaseState {
            case_key: self.case_key,
            sequence: self.sequence,
        }
    }
}

/// The text of one page of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CasePage {
    /// Position of the document in the case, from 1.
    pub document: u32,
    /// Number of the page in the document's file, from 1.
    pub page: u32,
    /// What the document is.
    pub kind: DocumentKind,
    text: String,
    letters: KeptLetters,
}

impl CasePage {
    /// A page with its text.
    pub fn new(document: u32, page: u32, kind: DocumentKind, text: String) -> Self {
        Self {
            document,
            page,
            kind,
            text,
            letters: KeptLetters::default(),
        }
    }

    /// The text as [`crate::record::PageText::text`] gives it: lines separated by `\n`.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The letters of the text. They are kept with the page: to fold a text takes longer than to look for words in it.
    pub(super) fn letters(&self, analyser: &Analyser) -> Arc<NormalisedText> {
        let read = || Arc::new(analyser.normalise(&self.text));
        let (fingerprint, letters) = self
            .letters
            .0
            .get_or_init(|| (analyser.fingerprint().to_owned(), read()));
        match fingerprint == analyser.fingerprint() {
            true => Arc::clone(letters),
            false => read(),
        }
    }
}

/// The letters of a text once they were asked for, and the fingerprint of the analysis that read them.
#[derive(Clone, Debug, Default)]
struct KeptLetters(OnceLock<(String, Arc<NormalisedText>)>);

/// They follow from the text.
impl PartialEq for KeptLetters {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for KeptLetters {}

/// Gives the texts of the few cases on a result page.
pub trait CaseTexts: Sync {
    /// What can go wrong.
    type Error: std::error::Error + Send + Sync + 'static;

    /// The summaries of these cases, in any order; a case that no longer exists is left out.
    fn summaries(&self, case_keys: &[u64]) -> impl Future<Output = Result<Vec<CaseSummary>, Self::Error>> + Send;

    /// At most `limit` pages of each of these cases in reading order (document, then page), the first `offset` left out; in
    /// the order of the cases. Fewer than `limit` mean that a case has no more.
    fn pages(
        &self,
        cases: &[CaseState],
        offset: usize,
        limit: usize,
    ) -> impl Future<Output = Result<Vec<Arc<[CasePage]>>, Self::Error>> + Send;
}
