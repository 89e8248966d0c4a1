//! juanzong itself, from case records to hits, as indexer and server run it.

use std::convert::Infallible;
use std::time::{Duration, Instant};

use juanzong::analysis::Analyser;
use juanzong::index::{CaseChange, CaseIndex, CaseIndexWriter, IndexDocument, WriterOptions};
use juanzong::record::{
    ArchivalCode, CaseFields, CaseRecord, DocumentRecord, FieldName, PageRecord, PageText, TextSource,
};
use juanzong::search::{SearchRequest, Searcher, VisibleCases};
use tempfile::TempDir;

use crate::corpus::CleanCase;
use crate::measure::Engine;
use crate::noise::Channel;
use crate::random::Random;

/// A case as it was read: its pages, and fields taken from what was read.
pub(crate) struct ReadCase {
    pub(crate) record: CaseRecord,
}

/// Reads every case through the channel. Agency, matter, date and outcome come from a catalogue, of every third case the
/// document number too; of every second case the applicant was taken from the pages, with the errors that it has there.
pub(crate) fn read(cases: &[CleanCase], channel: &Channel, seed: u64) -> Vec<ReadCase> {
    let mut random = Random::new(seed, 3);
    let read = |(number, case): (usize, &CleanCase)| {
        let mut fields = CaseFields::default();
        let (year, month, day) = case.date;
        let mut values = vec![
            (FieldName::Agency, case.agency.clone()),
            (FieldName::Matter, case.matter.name.to_owned()),
            (FieldName::DecidedOn, format!("{year}-{month:02}-{day:02}")),
            (
                FieldName::Outcome,
                if case.refused { "refused" } else { "granted" }.to_owned(),
            ),
        ];
        if case.catalogued {
            values.push((FieldName::DocumentNumber, case.document_number()));
        }
        if number.is_multiple_of(2) {
            values.push((
                FieldName::ApplicantName,
                channel.read(&case.company.name(), &mut random),
            ));
        }
        for (field, value) in values {
            fields.set(field, &value);
        }
        let documents = case
            .documents
            .iter()
            .zip(1..)
            .map(|((kind, pages), ordinal)| DocumentRecord {
                ordinal,
                title: kind.label_zh().to_owned(),
                kind: *kind,
                source_name: format!("{ordinal}.pdf"),
                file_sha256: None,
                part: None,
                failure: None,
                pages: pages
                    .iter()
                    .zip(1..)
                    .map(|(text, number)| page(number, &channel.read(text, &mut random)))
                    .collect(),
            });
        let documents = documents.collect();
        ReadCase {
            record: CaseRecord {
                archival_code: ArchivalCode::parse(&format!("0123-XK·{year}-D30-SCJG-{number:05}")).unwrap(),
                fields,
                facts: Vec::new(),
                documents,
            },
        }
    };
    cases.iter().enumerate().map(read).collect()
}

/// A page of plain text.
pub(crate) fn page(number: u32, text: &str) -> PageRecord {
    page_of(number, PageText::without_geometry(text))
}

/// A page with a text as it was read.
pub(crate) fn page_of(number: u32, text: PageText) -> PageRecord {
    PageRecord {
        number,
        width: 0,
        height: 0,
        dpi: None,
        rotation: 0,
        skew: 0.0,
        confidence: Some(0.9),
        source: TextSource::Ocr,
        engine: String::new(),
        text,
        failure: None,
    }
}

pub(crate) struct Ours {
    searcher: Searcher,
    pub(crate) index_time: Duration,
    pub(crate) index_bytes: u64,
    _folder: TempDir,
}

impl Ours {
    pub(crate) fn new<'a>(analyser: &Analyser, cases: impl ExactSizeIterator<Item = &'a CaseRecord> + Send) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let started = Instant::now();
        let options = WriterOptions {
            batch_cases: 5_000,
            batch_time: Duration::from_secs(3_600),
            ..WriterOptions::default()
        };
        let mut writer = CaseIndexWriter::open(folder.path(), analyser, options).unwrap();
        let mut numbered = (1..).zip(cases);
        writer
            .replay(|_, limit| {
                let next = numbered.by_ref().take(limit).map(|(key, case)| CaseChange {
                    case_key: key,
                    sequence: key,
                    document: Some(Box::new(IndexDocument::from_case(case, key))),
                });
                Ok::<_, Infallible>(next.collect())
            })
            .unwrap();
        writer.close().unwrap();
        Self {
            searcher: Searcher::new(CaseIndex::open(folder.path(), analyser).unwrap()),
            index_time: started.elapsed(),
            index_bytes: size_of(folder.path()),
            _folder: folder,
        }
    }
}

fn size_of(folder: &std::path::Path) -> u64 {
    let entries = std::fs::read_dir(folder).unwrap().map(Result::unwrap);
    let sizes = entries.map(|entry| match entry.file_type().unwrap().is_dir() {
        true => size_of(&entry.path()),
        false => entry.metadata().unwrap().len(),
    });
    sizes.sum()
}

fn deadline() -> Instant {
    Instant::now() + Duration::from_secs(60)
}

fn numbers(keys: impl IntoIterator<Item = u64>) -> Vec<u32> {
    keys.into_iter().map(|key| u32::try_from(key - 1).unwrap()).collect()
}

impl Engine for Ours {
    fn name(&self) -> &'static str {
        "**juanzong**"
    }

    fn top(&self, query: &str) -> Vec<u32> {
        let request = SearchRequest::from_pairs([("q", query), ("facets", "year,agency,outcome")]).unwrap();
        let found = self.searcher.find(&request, &VisibleCases::all(), deadline()).unwrap();
        numbers(found.keys())
    }

    fn all(&self, query: &str) -> Vec<u32> {
        let request = SearchRequest::from_pairs([("q", query)]).unwrap();
        let all = self
            .searcher
            .find_all(&request, &VisibleCases::all(), deadline())
            .unwrap();
        numbers(all.keys().iter().copied())
    }
}
