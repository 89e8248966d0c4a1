//! Documents and facts → a case.

use juanzong::catalogue::LineEdits;
use juanzong::record::{
    ArchivalCode, CaseFields, CaseRecord, DeclaredDocument, DocumentKind, Evidence, Fact, FactSource, FieldName,
    PageRecord,
};

use super::papers::{COVER, FoundList, Paper, PaperFile};
use crate::assembly::{Candidate, ContentsEntry, match_entries};
use crate::extract::{Vocabulary, weigh};
use crate::source::natural_name;

/// Titles of what stands before and behind the documents of a volume and is in no contents list.
const NEVER_LISTED: &[&str] = &[COVER, "封皮", "卷皮", "目录", "备考表"];

/// A file of the case after reading.
pub(super) struct ReadDocument {
    /// File name inside the case.
    pub(super) file_name: String,
    /// SHA-256 of its bytes; `None` when not even that could be read.
    pub(super) sha256: Option<String>,
    /// Code of the failure when the file as a whole could not be read.
    pub(super) failure: Option<String>,
    /// The pages kept, in order.
    pub(super) pages: Vec<PageRecord>,
}

/// A case put together.
#[derive(Debug, PartialEq)]
pub(super) struct Assembled {
    pub(super) record: CaseRecord,
    /// Position and number of pages of each document; 0 pages when they cannot be counted.
    pub(super) pages: Vec<(u32, u32)>,
}

/// Makes a case of its files. `earlier` is what the catalogue holds of it, as it was read, and the lines that people
/// corrected: documents that are not among the files of this run stay, and so do the catalogue's facts when this run has
/// no manifest row for the case. Facts are read from the corrected lines. Files that hold several documents are divided;
/// that depends on their pages alone, so the same pages are divided in the same way each time.
pub(super) fn assemble(
    archival_code: ArchivalCode,
    manifest_facts: Vec<Fact>,
    read: &[ReadDocument],
    earlier: Option<(CaseRecord, LineEdits)>,
    vocabulary: &Vocabulary,
) -> Assembled {
    let (mut earlier_documents, earlier_facts, edits) = earlier
        .map(|(case, edits)| (case.documents, case.facts, edits))
        .unwrap_or_default();
    let corrections: Vec<Fact> = earlier_facts
        .iter()
        .filter(|f| f.source == FactSource::Correction)
        .cloned()
        .collect();
    earlier_documents.retain(|d| !read.iter().any(|r| r.file_name == d.source_name));

    let mut facts = manifest_facts;
    if facts.is_empty() {
        facts = earlier_facts
            .into_iter()
            .filter(|f| f.source == FactSource::Catalogue)
            .collect();
    }
    let mut files: Vec<PaperFile<'_>> = read.iter().map(|document| PaperFile::read(document, &edits)).collect();
    files.extend(PaperFile::kept(&earlier_documents, &edits));
    files.sort_by(|a, b| natural_name(a.name(), b.name()));
    let (mut papers, mut lists) = (Vec::new(), Vec::new());
    for file in &files {
        let (of_file, list) = file.papers(vocabulary);
        let from = papers.len();
        papers.extend(of_file);
        lists.extend(list.map(|list| (list, from..papers.len())));
    }
    for (paper, ordinal) in papers.iter_mut().zip(1..) {
        paper.document.ordinal = ordinal;
    }
    let declared = compare(&mut papers, &lists);
    let pages = papers
        .iter()
        .map(|paper| (paper.document.ordinal, paper.pages))
        .collect();
    let mut documents = Vec::with_capacity(papers.len());
    for paper in papers {
        facts.extend(paper.facts);
        documents.push(paper.document);
    }
    facts.extend(declared);
    weigh(&mut facts);
    compose(&mut facts, corrections, vocabulary);
    let record = CaseRecord {
        archival_code,
        fields: CaseFields::resolve(&facts),
        facts,
        documents,
    };
    Assembled { record, pages }
}

/// Finds the documents that the contents lists mean: facts for each entry and for each document that none names.
/// Documents whose file name says nothing get the title of their entry.
///
/// A list among the documents that it names (a divided volume) speaks of these; the others together speak of the rest.
fn compare(papers: &mut [Paper], lists: &[(FoundList, std::ops::Range<usize>)]) -> Vec<Fact> {
    let mut facts = Vec::new();
    let bound = |at: &usize| lists.iter().any(|(list, of_file)| list.bound && of_file.contains(at));
    let loose: Vec<usize> = (0..papers.len()).filter(|at| !bound(at)).collect();
    for (list, of_file) in lists.iter().filter(|(list, _)| list.bound) {
        let own: Vec<usize> = of_file.clone().collect();
        facts.extend(compare_with(papers, &own, std::slice::from_ref(&list)));
    }
    let others: Vec<&FoundList> = lists
        .iter()
        .filter(|(list, _)| !list.bound)
        .map(|(list, _)| list)
        .collect();
    if !others.is_empty() {
        facts.extend(compare_with(papers, &loose, &others));
    }
    facts
}

fn compare_with(papers: &mut [Paper], own: &[usize], lists: &[&FoundList]) -> Vec<Fact> {
    let named = |at: &usize| {
        let document = &papers[*at].document;
        document.kind != DocumentKind::Contents && !NEVER_LISTED.iter().any(|name| document.title.ends_with(name))
    };
    let own: Vec<usize> = own.iter().copied().filter(named).collect();
    let candidates: Vec<Candidate> = own
        .iter()
        .map(|at| {
            let paper = &papers[*at];
            Candidate {
                titles: std::iter::once(paper.document.title.clone())
                    .chain(paper.printed.clone())
                    .collect(),
                kind: paper.document.kind,
                pages: paper.pages,
            }
        })
        .collect();
    let entries: Vec<(&FoundList, &ContentsEntry)> = lists
        .iter()
        .flat_map(|list| list.contents.entries.iter().map(|entry| (*list, entry)))
        .collect();
    let bare: Vec<ContentsEntry> = entries.iter().map(|(_, entry)| (*entry).clone()).collect();
    let known: Vec<Option<usize>> = (0..bare.len())
        .map(|entry| own.iter().position(|at| papers[*at].entries.contains(&entry)))
        .collect();
    let matched = match_entries(&bare, &known, &candidates);
    let mut facts = Vec::new();
    for ((list, entry), document) in entries.iter().zip(&matched) {
        let paper = document.map(|at| own[at]);
        if let Some(paper) = paper.map(|at| &mut papers[at]).filter(|paper| paper.nameless) {
            paper.document.title.clone_from(&entry.title);
            paper.nameless = false;
        }
        let declared = DeclaredDocument {
            title: entry.title.clone(),
            first_page: entry.first_page,
            page_count: entry.page_count,
            document: paper.map(|at| papers[at].document.ordinal),
        };
        let evidence = Evidence {
            file_sha256: list.sha256.clone(),
            page: entry.place.0,
            area: Some(entry.place.1),
            confidence: entry.confidence,
        };
        facts.push(listed(
            FieldName::DeclaredDocument,
            declared.to_string(),
            "contents_list.row",
            Some(evidence),
        ));
    }
    let undeclared = (0..own.len()).filter(|at| !matched.contains(&Some(*at)));
    facts.extend(undeclared.map(|at| {
        let paper = &papers[own[at]];
        let title = paper.document.title.clone();
        listed(
            FieldName::UndeclaredDocument,
            title,
            "contents_list.rest",
            paper.beginning.clone(),
        )
    }));
    facts
}

fn listed(field: FieldName, value: String, origin: &str, evidence: Option<Evidence>) -> Fact {
    Fact {
        field,
        value,
        as_read: None,
        source: FactSource::Extraction,
        origin: origin.to_owned(),
        evidence,
    }
}

/// Fields that follow from others when nobody gives them: the region from the agency, a title from applicant and matter.
/// They follow from what people have corrected.
pub(super) fn compose(facts: &mut Vec<Fact>, mut corrections: Vec<Fact>, vocabulary: &Vocabulary) {
    corrections.extend(facts.iter().cloned());
    let fields = CaseFields::resolve(&corrections);
    let derived = |field, value, origin: &str| Fact {
        field,
        value,
        as_read: None,
        source: FactSource::Extraction,
        origin: origin.to_owned(),
        evidence: None,
    };
    if fields.region.is_none()
        && let Some(region) = fields.agency.as_deref().and_then(|agency| vocabulary.region_of(agency))
    {
        facts.push(derived(FieldName::Region, region, "region.agency"));
    }
    if fields.title.is_none()
        && let Some(matter) = fields.matter
    {
        let title = format!("{}{matter}", fields.applicant_name.unwrap_or_default());
        facts.push(derived(FieldName::Title, title, "title.composed"));
    }
}

#[cfg(test)]
mod tests;
