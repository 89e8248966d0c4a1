//! Files → the documents in them, with what was read of each.

use std::borrow::Cow;

use juanzong::catalogue::{LineEdits, content_id};
use juanzong::record::{DocumentKind, DocumentRecord, Evidence, Fact, FactSource, FieldName, PageRecord, PageSpan};

use super::assemble::ReadDocument;
use super::titles::{name_of, name_says_nothing, title_of};
use crate::assembly::{BoundFile, ContentsList, Volume};
use crate::extract::{DocumentPages, Vocabulary, extract, written_title};

/// A file of a case with its pages, corrected lines in them.
pub(super) struct PaperFile<'a> {
    name: &'a str,
    sha256: Option<&'a str>,
    failure: Option<&'a str>,
    pages: Cow<'a, [PageRecord]>,
    /// The document as it was imported, for text without a file: its pages go with it.
    imported: Option<&'a DocumentRecord>,
}

/// A document with what was read of it.
pub(super) struct Paper {
    pub(super) document: DocumentRecord,
    pub(super) facts: Vec<Fact>,
    /// Its title as printed.
    pub(super) printed: Option<String>,
    /// Whether its title says nothing, so that a better one may take its place.
    pub(super) nameless: bool,
    /// Number of its pages; 0 when they cannot be counted.
    pub(super) pages: u32,
    /// Where it begins: evidence for what is said of it as a whole.
    pub(super) beginning: Option<Evidence>,
    /// Entries of the contents list of its own file that begin in it.
    pub(super) entries: Vec<usize>,
}

/// The contents list of a file, when the documents of the case can be compared with it.
pub(super) struct FoundList {
    pub(super) sha256: String,
    pub(super) contents: ContentsList,
    /// Whether the documents that it names are bound with it.
    pub(super) bound: bool,
}

impl<'a> PaperFile<'a> {
    /// A file that was just read.
    pub(super) fn read(document: &'a ReadDocument, edits: &LineEdits) -> Self {
        let sha256 = document.sha256.as_deref();
        let pages = corrected(edits, Cow::Borrowed(document.pages.as_slice()), |page| {
            edits.apply_to_file(&document.file_name, sha256.unwrap_or_default(), page);
        });
        Self {
            name: &document.file_name,
            sha256,
            failure: document.failure.as_deref(),
            pages,
            imported: None,
        }
    }

    /// The files of documents that the catalogue holds: parts of one file are one file again.
    pub(super) fn kept(documents: &'a [DocumentRecord], edits: &LineEdits) -> Vec<Self> {
        let mut files: Vec<Self> = Vec::new();
        let mut before: Option<&DocumentRecord> = None;
        for document in documents {
            let pages = corrected(edits, Cow::Borrowed(document.pages.as_slice()), |page| {
                edits.apply_in_place(document.ordinal, page);
            });
            let goes_on = before.is_some_and(|before| goes_on(before, document));
            before = Some(document);
            match files.last_mut().filter(|_| goes_on) {
                Some(file) => file.pages.to_mut().extend(pages.into_owned()),
                None => files.push(Self {
                    name: &document.source_name,
                    sha256: document.file_sha256.as_deref(),
                    failure: document.failure.as_deref(),
                    pages,
                    imported: document.file_sha256.is_none().then_some(document),
                }),
            }
        }
        files
    }

    /// The name of the file in the case.
    pub(super) fn name(&self) -> &'a str {
        self.name
    }

    /// The documents in the file, and the contents list in it.
    pub(super) fn papers(&self, vocabulary: &Vocabulary) -> (Vec<Paper>, Option<FoundList>) {
        let Some(sha256) = self
            .sha256
            .filter(|_| self.imported.is_none() && !self.pages.is_empty())
        else {
            return (vec![self.whole(vocabulary)], None);
        };
        let file = BoundFile::of(&self.pages);
        let mut papers: Vec<Paper> = match file.parts() {
            Some(parts) => parts
                .iter()
                .map(|part| {
                    let title = part.title.as_deref().unwrap_or_default();
                    let mut paper = self.paper(&self.pages[part.pages.clone()], title, vocabulary);
                    let first = self.pages.get(part.pages.start);
                    paper.document.part = Some(PageSpan {
                        first_page: first.map_or(1, |page| page.number),
                        page_count: paper.pages,
                    });
                    paper.document.title = self.title_of_part(&paper, title);
                    paper.nameless = false;
                    paper.entries.clone_from(&part.entries);
                    paper
                })
                .collect(),
            None => vec![self.whole(vocabulary)],
        };
        if let Some(first) = papers.first_mut() {
            first.facts.extend(self.suspicions(&file, sha256));
        }
        let comparable = matches!(file.volume, Volume::Single | Volume::Bound(_)) && file.contents.entries.len() >= 2;
        let list = comparable.then(|| FoundList {
            sha256: sha256.to_owned(),
            bound: file.parts().is_some(),
            contents: file.contents,
        });
        (papers, list)
    }

    fn whole(&self, vocabulary: &Vocabulary) -> Paper {
        let name = self.imported.map_or(self.name, name_of);
        self.paper(&self.pages, name, vocabulary)
    }

    fn paper(&self, pages: &[PageRecord], name: &str, vocabulary: &Vocabulary) -> Paper {
        let text_id = self.imported.and_then(content_id);
        let shown = DocumentPages {
            file_name: name,
            file_sha256: self.sha256.or(text_id.as_deref()).unwrap_or_default(),
            pages,
        };
        let extraction = extract(shown, vocabulary);
        let title = written_title(shown).map(|(_, fact)| fact);
        let printed = title.as_ref().map(|fact| {
            let text = fact.as_read.as_ref().unwrap_or(&fact.value);
            text.chars().filter(|c| !c.is_whitespace()).collect::<String>()
        });
        let beginning = title.and_then(|fact| fact.evidence).or_else(|| {
            let first = pages.first()?;
            Some(Evidence {
                file_sha256: self.sha256?.to_owned(),
                page: first.number,
                area: first.text.lines.first().map(|line| line.area),
                confidence: 1.0,
            })
        });
        let document = match self.imported {
            Some(imported) => DocumentRecord {
                kind: imported.kind,
                ..imported.clone()
            },
            None => DocumentRecord {
                ordinal: 0,
                title: title_of(self.name),
                kind: extraction.kind,
                source_name: self.name.to_owned(),
                file_sha256: self.sha256.map(str::to_owned),
                part: None,
                failure: self.failure.map(str::to_owned),
                // The catalogue keeps pages by the hash of their file.
                pages: Vec::new(),
            },
        };
        let mut paper = Paper {
            document,
            facts: extraction.facts,
            printed,
            nameless: self.imported.is_none() && name_says_nothing(self.name),
            pages: u32::try_from(pages.len()).unwrap_or(u32::MAX),
            beginning,
            entries: Vec::new(),
        };
        if let Some(printed) = paper.printed.as_ref().filter(|_| paper.nameless) {
            paper.document.title.clone_from(printed);
        }
        paper
    }

    fn title_of_part(&self, paper: &Paper, title: &str) -> String {
        match (&paper.printed, paper.document.kind) {
            _ if !title.is_empty() => title.to_owned(),
            (Some(printed), _) => printed.clone(),
            (None, DocumentKind::Other) if paper.document.part.is_some_and(|part| part.first_page == 1) => {
                COVER.to_owned()
            }
            (None, DocumentKind::Other) => title_of(self.name),
            (None, kind) => kind.label_zh().to_owned(),
        }
    }

    /// What speaks for several documents, or several cases, in a file that is left whole; the contents list of a divided
    /// one that could not be read, so that nothing tells of documents without a title.
    fn suspicions(&self, file: &BoundFile, sha256: &str) -> Vec<Fact> {
        let (field, origin, places) = match &file.volume {
            Volume::Suspected(places) => (FieldName::BoundTitle, "volume.suspected", places.as_slice()),
            Volume::SeveralCases(places) => (FieldName::FurtherCase, "volume.several_cases", places.as_slice()),
            Volume::Bound(_) => (
                FieldName::UnreadContents,
                "volume.contents_unread",
                file.unread_list.as_slice(),
            ),
            Volume::Single => return Vec::new(),
        };
        let fact = |at: &usize| {
            let start = file.starts[*at].as_ref();
            Fact {
                field,
                value: start.map_or_else(|| title_of(self.name), |start| start.title.clone()),
                as_read: None,
                source: FactSource::Extraction,
                origin: origin.to_owned(),
                evidence: Some(Evidence {
                    file_sha256: sha256.to_owned(),
                    page: self.pages[*at].number,
                    area: start.and_then(|start| start.area),
                    confidence: start.map_or(0.5, |start| start.confidence),
                }),
            }
        };
        places.iter().map(fact).collect()
    }
}

/// Title of what stands before the first document of a volume, when it has none.
pub(super) const COVER: &str = "封面";

/// Whether a document that the catalogue holds is the next part of the same file.
fn goes_on(before: &DocumentRecord, document: &DocumentRecord) -> bool {
    let follows = before
        .part
        .zip(document.part)
        .is_some_and(|(before, next)| before.first_page.saturating_add(before.page_count) == next.first_page);
    follows && before.source_name == document.source_name && before.file_sha256 == document.file_sha256
}

/// The pages with their corrected lines; the pages themselves when nothing was corrected.
pub(super) fn corrected<'a>(
    edits: &LineEdits,
    mut pages: Cow<'a, [PageRecord]>,
    apply: impl Fn(&mut PageRecord),
) -> Cow<'a, [PageRecord]> {
    if !edits.is_empty() {
        pages.to_mut().iter_mut().for_each(apply);
    }
    pages
}
