//! Tests of the catalogue. All names and numbers are invented.

mod bulk;
mod cases;
mod corrections;
mod directory;
mod earlier;
mod model;
mod opening;
mod reading;
mod reviews;
mod sealed;
mod shown;

use tempfile::TempDir;

use super::{Catalogue, Change, DataDirectory, NewCorrection, NewFile};
use crate::record::{
    Alternative, ArchivalCode, CaseFields, CaseRecord, DocumentKind, DocumentRecord, Evidence, Fact, FactSource,
    FieldName, FormField, LineRole, PageRecord, PageSpan, PageText, PixelBox, Seal, TextLine, TextSource, TextWord,
};

/// A data directory that goes away with the test, and its catalogue.
struct Archive {
    folder: TempDir,
    directory: DataDirectory,
    catalogue: Catalogue,
}

impl Archive {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let directory = DataDirectory::open(folder.path().join("data")).unwrap();
        let catalogue = Catalogue::open(&directory).await.unwrap();
        Self {
            folder,
            directory,
            catalogue,
        }
    }

    async fn reopen(&mut self) {
        self.catalogue.close().await;
        self.catalogue = Catalogue::open(&self.directory).await.unwrap();
    }

    async fn register(&self, sha256: &str) {
        let file = NewFile {
            sha256: sha256.into(),
            bytes: 1000,
            media_type: "application/pdf".into(),
            pages: Some(2),
        };
        self.catalogue.register_file(&file).await.unwrap();
    }
}

fn hash(n: u8) -> String {
    format!("{n:02x}").repeat(32)
}

fn code(n: u32) -> ArchivalCode {
    ArchivalCode::parse(&format!("0123-XK·2019-D30-SCJG-{n:04}")).unwrap()
}

fn fact(field: FieldName, value: &str, source: FactSource) -> Fact {
    Fact {
        field,
        value: value.into(),
        as_read: None,
        source,
        origin: "test".into(),
        evidence: None,
    }
}

fn correction(field: FieldName, value: &str) -> NewCorrection {
    NewCorrection {
        change: Change::Field {
            field,
            value: value.into(),
            old: None,
        },
        author: "test".into(),
        reason: None,
    }
}

fn read_fact(field: FieldName, value: &str, confidence: f32) -> Fact {
    Fact {
        as_read: Some(format!("{value} ")),
        evidence: Some(Evidence {
            file_sha256: hash(1),
            page: 1,
            area: Some(PixelBox::from([10, 20, 30, 40])),
            confidence,
        }),
        ..fact(field, value, FactSource::Extraction)
    }
}

fn page(number: u32, text: &str) -> PageRecord {
    let area = PixelBox::from([100, 200, 700, 240]);
    let word = TextWord {
        text: text.into(),
        area,
        confidence: 0.87,
    };
    let line = TextLine {
        text: text.into(),
        area,
        confidence: 0.91,
        words: vec![word],
        alternatives: vec![Alternative {
            at: 0,
            text: "号".into(),
            confidence: 0.2,
        }],
        role: LineRole::Cell {
            table: 0,
            row: 2,
            column: 1,
        },
    };
    let seal = Seal {
        text: "灵丘县行政审批局".into(),
        area,
        confidence: 0.7,
    };
    let field = FormField {
        label: vec![0],
        value: Vec::new(),
    };
    PageRecord {
        number,
        width: 1654,
        height: 2339,
        dpi: Some(200),
        rotation: 90,
        skew: -0.8,
        confidence: Some(0.91),
        source: TextSource::Ocr,
        engine: "test 1".into(),
        text: PageText {
            lines: vec![line],
            seals: vec![seal],
            form: vec![field],
        },
        failure: None,
    }
}

fn failed_page(number: u32) -> PageRecord {
    PageRecord {
        dpi: None,
        confidence: None,
        text: PageText::default(),
        failure: Some(("time_limit".into(), "took too long".into())),
        ..page(number, "")
    }
}

fn document(ordinal: u32, name: &str, sha256: Option<String>, pages: Vec<PageRecord>) -> DocumentRecord {
    DocumentRecord {
        ordinal,
        title: format!("材料{ordinal}"),
        kind: DocumentKind::Decision,
        source_name: name.into(),
        file_sha256: sha256,
        part: None,
        failure: None,
        pages,
    }
}

fn case(n: u32, facts: Vec<Fact>, documents: Vec<DocumentRecord>) -> CaseRecord {
    CaseRecord {
        archival_code: code(n),
        fields: CaseFields::resolve(&facts),
        facts,
        documents,
    }
}
