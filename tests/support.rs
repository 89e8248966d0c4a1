//! A small archive to test on. All people, companies and cases are invented.

use std::convert::Infallible;
use std::io::Cursor;
use std::path::Path;
use std::sync::LazyLock;
use std::time::Duration;

use juanzong::access::{AccountName, Actor, CaseScope, ChainHash, Grant, KeyDirectory, Right, Role};
use juanzong::analysis::Analyser;
use juanzong::archive::{Archive, KeyedNumbers};
use juanzong::catalogue::{AccessOptions, AccessStore, Catalogue, DataDirectory, NewFile, NewToken, Rendition};
use juanzong::http::{AppState, Site};
use juanzong::index::{CaseChange, CaseIndexWriter, IndexDocument, WriterOptions};
use juanzong::record::{
    ArchivalCode, CaseFields, CaseRecord, DocumentKind, DocumentRecord, Evidence, Fact, FactSource, FieldName,
    PageRecord, PageText, PixelBox, SecurityClass, TextLine, TextSource, TextWord,
};
use tempfile::TempDir;

/// Loading the dictionaries takes a moment: once is enough.
static ANALYSER: LazyLock<Analyser> = LazyLock::new(|| Analyser::builtin().unwrap());

/// Size of a page in pixels.
pub(crate) const PAGE: (u32, u32) = (1600, 2000);
/// Height of a line, and of a character, in pixels.
const LINE: u32 = 50;

/// An archive in a directory that goes away with the test.
pub(crate) struct TestArchive {
    folder: TempDir,
    directory: DataDirectory,
    catalogue: Catalogue,
    access: AccessStore,
    token: String,
}

impl TestArchive {
    /// An archive without cases and without an index.
    pub(crate) async fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let directory = DataDirectory::open(folder.path().join("data")).unwrap();
        let catalogue = Catalogue::open(&directory).await.unwrap();
        let access = open_access(&directory).await;
        let everything = grant(Role::Staff, everything());
        let token = token_of(&access, "sunxm", "孙晓梅", &everything).await;
        Self {
            folder,
            directory,
            catalogue,
            access,
            token,
        }
    }

    /// Three cases, indexed: a grant and a renewal for restaurants in 2019 and 2020, and a refusal in 2019.
    pub(crate) async fn with_cases() -> Self {
        let archive = Self::empty().await;
        for case in [
            case(
                1,
                "2019-05-07",
                "granted",
                "灵丘县嘉禾餐饮管理有限责任公司食品经营许可",
                &[
                    "准予行政许可决定书\n经审查，决定准予食品经营许可。",
                    "本决定书自送达之日起生效。\n有效期五年。",
                ],
            ),
            case(
                2,
                "2019-08-01",
                "refused",
                "广灵县春晖百货商店食品经营许可",
                &["不予行政许可决定书\n场所不符合要求，决定不予许可。"],
            ),
            case(
                3,
                "2020-01-15",
                "renewed",
                "灵丘县嘉禾餐饮管理有限责任公司食品经营许可延续",
                &["准予延续行政许可决定书\n同意延续食品经营许可。"],
            ),
        ] {
            archive.add(&case).await;
        }
        archive.index().await;
        archive
    }

    /// Takes in a case as the indexer does: files, pages with images, then the case.
    pub(crate) async fn add(&self, case: &CaseRecord) {
        for document in &case.documents {
            let Some(sha256) = &document.file_sha256 else { continue };
            let file = NewFile {
                sha256: sha256.clone(),
                bytes: 1,
                media_type: "application/pdf".into(),
                pages: u32::try_from(document.pages.len()).ok(),
            };
            self.catalogue.register_file(&file).await.unwrap();
            for page in &document.pages {
                for (rendition, width) in [(Rendition::Reading, 800), (Rendition::Thumbnail, 160)] {
                    let jpeg = white_jpeg(width, width * PAGE.1 / PAGE.0);
                    self.directory
                        .store_page_image(sha256, page.number, rendition, &jpeg)
                        .unwrap();
                }
            }
        }
        self.catalogue.save_case(case).await.unwrap();
    }

    /// Three cases whose originals are there, each of one page, read to its end.
    pub(crate) async fn with_scans() -> Self {
        let archive = Self::empty().await;
        for n in 1..=3 {
            archive.add_scanned(n, format!("%PDF-1.4 scan {n}").as_bytes()).await;
        }
        archive.index().await;
        archive
    }

    /// Takes in a case of one document of one page, with its original; gives the SHA-256 of that.
    pub(crate) async fn add_scanned(&self, n: u32, original: &[u8]) -> String {
        let scan = self.folder.path().join(format!("scan-{n}.pdf"));
        std::fs::write(&scan, original).unwrap();
        let stored = self.directory.store_original(&scan).unwrap();
        let file = NewFile {
            sha256: stored.sha256.clone(),
            bytes: stored.bytes,
            media_type: "application/pdf".into(),
            pages: Some(1),
        };
        self.catalogue.register_file(&file).await.unwrap();
        let mut scanned = case(
            n,
            "2019-05-07",
            "granted",
            "食品经营许可",
            &["准予行政许可决定书\n食品经营许可"],
        );
        scanned.documents[0].file_sha256 = Some(stored.sha256.clone());
        for evidence in scanned.facts.iter_mut().filter_map(|fact| fact.evidence.as_mut()) {
            evidence.file_sha256.clone_from(&stored.sha256);
        }
        self.add(&scanned).await;
        self.catalogue.finish_file(&stored.sha256, Some(1), None).await.unwrap();
        stored.sha256
    }

    /// Where an original lies.
    pub(crate) fn original(&self, sha256: &str) -> std::path::PathBuf {
        self.directory.original_path(sha256).unwrap()
    }

    pub(crate) fn directory(&self) -> &DataDirectory {
        &self.directory
    }

    /// Brings the index up to date as the indexer does.
    pub(crate) async fn index(&self) {
        let options = WriterOptions {
            batch_cases: 100,
            batch_time: Duration::from_secs(3600),
            threads: 1,
            memory_per_thread: 15_000_000,
        };
        let analyser = KeyedNumbers::analyser(&ANALYSER, &self.catalogue).unwrap();
        let mut writer = CaseIndexWriter::open(&self.directory.index(), &analyser, options).unwrap();
        let mut changes = Vec::new();
        for change in self.catalogue.changed_since(writer.sequence(), 1000).await.unwrap() {
            let case = self.catalogue.load_case(change.case_key).await.unwrap().unwrap();
            let document = IndexDocument::from_case(&case, change.case_key);
            changes.push(CaseChange {
                case_key: change.case_key,
                sequence: change.sequence,
                document: (!change.withdrawn).then(|| Box::new(document)),
            });
        }
        writer
            .replay(|after, _limit| {
                let new = changes.iter().filter(|c| c.sequence > after);
                Ok::<_, Infallible>(new.cloned().collect())
            })
            .unwrap();
        writer.close().unwrap();
    }

    pub(crate) async fn open(&self) -> Archive {
        let directory = self.directory.clone();
        Archive::open_with(directory, ANALYSER.clone()).await.unwrap()
    }

    /// The server's state, with two searches at a time.
    pub(crate) async fn state(&self) -> AppState {
        AppState::new(self.open().await, self.access.clone(), Site::default(), 2)
    }

    /// Accounts and the audit log.
    pub(crate) fn access(&self) -> &AccessStore {
        &self.access
    }

    /// A token of a member of staff who may see and do everything that staff can.
    pub(crate) fn token(&self) -> &str {
        &self.token
    }

    /// A token of a new account, with every right of its role.
    pub(crate) async fn token_of(&self, name: &str, grant: &Grant) -> String {
        token_of(&self.access, name, "赵小满", grant).await
    }

    pub(crate) fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    pub(crate) fn path(&self) -> &Path {
        self.directory.root()
    }

    /// A directory beside the archive.
    pub(crate) fn beside(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    /// Public id of a case.
    pub(crate) async fn id(&self, n: u32) -> String {
        self.catalogue.case_by_code(&code(n)).await.unwrap().unwrap().case_id
    }
}

async fn open_access(directory: &DataDirectory) -> AccessStore {
    let options = AccessOptions {
        keys: KeyDirectory::open(directory.keys()).unwrap(),
        hash: ChainHash::Sha256,
    };
    AccessStore::open(directory, options).await.unwrap()
}

async fn token_of(access: &AccessStore, name: &str, person: &str, grant: &Grant) -> String {
    let (account, actor) = (AccountName::parse(name).unwrap(), Actor::local(0));
    access.add_account(&account, person, &actor).await.unwrap();
    access.grant(&account, Some(grant), &actor).await.unwrap();
    let new = NewToken {
        rights: grant
            .role()
            .rights()
            .iter()
            .copied()
            .collect::<std::collections::BTreeSet<Right>>(),
        account,
        name: "test".into(),
        days: 1,
    };
    let secret = access.create_token(&new, &actor).await.unwrap();
    // It is a login, whatever the password was.
    secret.reveal().to_owned()
}

/// A grant that has to be right.
pub(crate) fn grant(role: Role, scope: CaseScope) -> Grant {
    Grant::new(role, Some(scope)).unwrap()
}

/// All cases, and personal data in full.
pub(crate) fn everything() -> CaseScope {
    CaseScope {
        agencies: None,
        regions: None,
        clearance: SecurityClass::Confidential,
        years: None,
        until: None,
        unmask: true,
        counter: true,
        upload: true,
        purpose: "测试".into(),
    }
}

pub(crate) fn code(n: u32) -> ArchivalCode {
    ArchivalCode::parse(&format!("0123-XK·2019-D30-SCJG-{n:04}")).unwrap()
}

pub(crate) fn hash(n: u32) -> String {
    format!("{n:064x}")
}

/// A case of one document with these pages, each line in its place.
pub(crate) fn case(n: u32, decided_on: &str, outcome: &str, title: &str, pages: &[&str]) -> CaseRecord {
    let catalogue = [
        (FieldName::Title, title),
        (FieldName::Agency, "灵丘县市场监督管理局"),
        (FieldName::Region, "140224"),
        (FieldName::Matter, "食品经营许可"),
        (FieldName::Outcome, outcome),
        (FieldName::Retention, "D30"),
        (FieldName::ApplicantName, "赵小满"),
        (FieldName::ApplicantKind, "person"),
        (FieldName::ApplicantIdNumber, "140224199001011234"),
    ];
    let mut facts: Vec<Fact> = catalogue
        .into_iter()
        .map(|(field, value)| Fact {
            field,
            value: value.into(),
            as_read: None,
            source: FactSource::Catalogue,
            origin: "manifest.csv".into(),
            evidence: None,
        })
        .collect();
    facts.push(Fact {
        field: FieldName::DecidedOn,
        value: decided_on.into(),
        as_read: Some("二〇一九年".into()),
        source: FactSource::Extraction,
        origin: "date".into(),
        evidence: Some(Evidence {
            file_sha256: hash(n),
            page: 1,
            area: Some(PixelBox::from([100, 100, 400, 150])),
            confidence: 0.9,
        }),
    });
    let document = DocumentRecord {
        ordinal: 1,
        title: "行政许可决定书".into(),
        kind: DocumentKind::Decision,
        source_name: "决定书.pdf".into(),
        file_sha256: Some(hash(n)),
        part: None,
        failure: None,
        pages: (1..).zip(pages).map(|(number, text)| page(number, text)).collect(),
    };
    CaseRecord {
        archival_code: code(n),
        fields: CaseFields::resolve(&facts),
        facts,
        documents: vec![document],
    }
}

/// A page whose characters are squares of [`LINE`] pixels from (100, 100) on.
pub(crate) fn page(number: u32, text: &str) -> PageRecord {
    let lines = (0_u32..).zip(text.lines()).map(|(row, text)| {
        let y0 = 100 + row * 2 * LINE;
        let words: Vec<TextWord> = (0_u32..)
            .zip(text.chars())
            .map(|(column, c)| TextWord {
                text: c.to_string(),
                area: PixelBox::from([100 + column * LINE, y0, 100 + (column + 1) * LINE, y0 + LINE]),
                confidence: 0.98,
            })
            .collect();
        let area = words.iter().map(|w| w.area).reduce(PixelBox::union).unwrap_or_default();
        TextLine {
            text: text.into(),
            area,
            confidence: 0.98,
            words,
            ..TextLine::default()
        }
    });
    PageRecord {
        number,
        width: PAGE.0,
        height: PAGE.1,
        dpi: Some(200),
        rotation: 0,
        skew: 0.0,
        confidence: Some(0.98),
        source: TextSource::Ocr,
        engine: "test".into(),
        text: PageText {
            lines: lines.collect(),
            ..PageText::default()
        },
        failure: None,
    }
}

fn white_jpeg(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image::RgbImage::from_pixel(width, height, image::Rgb([255, 255, 255]))
        .write_to(&mut bytes, image::ImageFormat::Jpeg)
        .unwrap();
    bytes.into_inner()
}
