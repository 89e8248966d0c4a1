//! Corrections: what wins, what survives, what is refused.

use super::*;
use crate::catalogue::{Error, JobState, NewCorrection, Refusal, Saved};
use crate::record::{AppliedEdit, CorrectionSubject};

fn line_change(document: u32, page: u32, line: u32, value: &str, old: Option<&str>) -> NewCorrection {
    NewCorrection {
        change: Change::Line {
            document,
            page,
            line,
            value: value.into(),
            old: old.map(str::to_owned),
        },
        author: "孙晓梅".into(),
        reason: Some("对照原件".into()),
    }
}

fn with_old(field: FieldName, value: &str, old: &str) -> NewCorrection {
    NewCorrection {
        change: Change::Field {
            field,
            value: value.into(),
            old: Some(old.into()),
        },
        ..correction(field, value)
    }
}

async fn refusal(archive: &Archive, key: u64, new: &NewCorrection) -> Refusal {
    match archive.catalogue.correct(key, new).await {
        Err(Error::Refused(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}

/// A page of imported text.
fn imported(number: u32, text: &str) -> PageRecord {
    PageRecord {
        width: 0,
        height: 0,
        dpi: None,
        source: TextSource::Import,
        text: PageText::without_geometry(text),
        ..page(number, "")
    }
}

async fn text_of(archive: &Archive, key: u64, document: u32, number: u32) -> String {
    let page = archive.catalogue.page(key, document, number).await.unwrap();
    page.unwrap().text.text()
}

#[tokio::test]
async fn a_corrected_field_can_be_corrected_and_undone_in_any_order() {
    let archive = Archive::new().await;
    let catalogue = &archive.catalogue;
    let given = case(1, vec![read_fact(FieldName::Agency, "甲局", 0.9)], vec![]);
    let key = catalogue.save_case(&given).await.unwrap().case_key();
    let agency = || async {
        let summary = catalogue.case_by_code(&code(1)).await.unwrap().unwrap();
        let loaded = catalogue.load_case(key).await.unwrap().unwrap();
        assert_eq!(summary.fields, loaded.fields);
        assert_eq!(CaseFields::resolve(&loaded.facts), loaded.fields);
        summary.fields.agency.unwrap()
    };
    for (number, value, old) in [(1, "乙局", "甲局"), (2, "丙局", "乙局"), (3, "丁局", "丙局")] {
        let made = catalogue
            .correct(key, &correction(FieldName::Agency, value))
            .await
            .unwrap();
        assert_eq!((made.number, made.old.as_deref()), (number, Some(old)));
        assert_eq!(agency().await, value);
    }
    // A correction in the middle of the chain: nothing changes until the later one goes too.
    catalogue.undo_correction(key, 2, "李文", None).await.unwrap();
    assert_eq!(agency().await, "丁局");
    catalogue.undo_correction(key, 3, "李文", Some("误改")).await.unwrap();
    assert_eq!(agency().await, "乙局");
    catalogue.undo_correction(key, 1, "李文", None).await.unwrap();
    assert_eq!(agency().await, "甲局");

    let history = catalogue.corrections(key).await.unwrap();
    assert_eq!(history.len(), 3, "nothing is deleted");
    let third = history[2].undone.as_ref().unwrap();
    assert_eq!((third.author.as_str(), third.reason.as_deref()), ("李文", Some("误改")));
    let again = catalogue.undo_correction(key, 1, "李文", None).await;
    assert!(matches!(again, Err(Error::Refused(Refusal::Undone))), "{again:?}");
    let none = catalogue.undo_correction(key, 4, "李文", None).await;
    assert!(matches!(none, Err(Error::Refused(Refusal::NoCorrection))), "{none:?}");
    // Every correction and every undoing tells the indexer and takes a sequence.
    let jobs = catalogue.jobs_in_state(JobState::Queued, 10).await.unwrap();
    let sources: Vec<_> = jobs
        .iter()
        .map(|job| job.source.replace(code(1).as_str(), ""))
        .collect();
    assert_eq!(sources, ["#1", "#2", "#3", "#2/undo", "#3/undo", "#1/undo"]);
    assert_eq!(catalogue.sequence().await.unwrap(), 7);
}

#[tokio::test]
async fn history_cannot_be_changed() {
    let archive = Archive::new().await;
    let catalogue = &archive.catalogue;
    let key = catalogue.save_case(&case(1, vec![], vec![])).await.unwrap().case_key();
    catalogue
        .correct(key, &correction(FieldName::Title, "甲"))
        .await
        .unwrap();
    catalogue.undo_correction(key, 1, "李文", None).await.unwrap();
    for statement in [
        "DELETE FROM corrections",
        "UPDATE corrections SET value = '乙'",
        "DELETE FROM correction_undos",
        "UPDATE correction_undos SET author = '乙'",
    ] {
        let mut transaction = catalogue.write().await.unwrap();
        assert!(
            sqlx::query(statement).execute(&mut *transaction).await.is_err(),
            "{statement}"
        );
    }
}

#[tokio::test]
async fn what_cannot_be_is_refused_and_nothing_is_written() {
    let archive = Archive::new().await;
    archive.register(&hash(1)).await;
    let given = case(
        1,
        vec![read_fact(FieldName::DecidedOn, "2019-05-07", 0.9)],
        vec![document(1, "a.pdf", Some(hash(1)), vec![page(1, "甲"), failed_page(2)])],
    );
    let key = archive.catalogue.save_case(&given).await.unwrap().case_key();
    let before = archive.catalogue.dump().await.unwrap();
    let date = FieldName::DecidedOn;
    let by = |author: &str| NewCorrection {
        author: author.into(),
        ..correction(date, "2019-05-08")
    };
    for (new, expected) in [
        (correction(date, "不详"), Refusal::Value { field: date }),
        (correction(date, " "), Refusal::Missing { what: "value" }),
        (
            correction(FieldName::Title, &"长".repeat(501)),
            Refusal::TooLong {
                what: "value",
                most: 500,
            },
        ),
        (
            correction(FieldName::Title, "甲\u{7}乙"),
            Refusal::TooLong {
                what: "value",
                most: 500,
            },
        ),
        (by(" "), Refusal::Missing { what: "author" }),
        (
            by(&"名".repeat(101)),
            Refusal::TooLong {
                what: "author",
                most: 100,
            },
        ),
        (with_old(date, "2019-05-08", "2019-05-06"), Refusal::Stale),
        (with_old(date, "2019-05-08", ""), Refusal::Stale),
        (line_change(1, 1, 0, "乙", Some("丙")), Refusal::Stale),
        (line_change(1, 1, 1, "乙", None), Refusal::NoLine),
        (line_change(1, 2, 0, "乙", None), Refusal::NoLine),
        (line_change(1, 3, 0, "乙", None), Refusal::NoLine),
        (line_change(2, 1, 0, "乙", None), Refusal::NoLine),
        (
            NewCorrection {
                change: Change::Checked { review: "0".repeat(20) },
                ..by("李文")
            },
            Refusal::NoReview,
        ),
    ] {
        assert_eq!(refusal(&archive, key, &new).await, expected, "{new:?}");
    }
    assert_eq!(archive.catalogue.dump().await.unwrap(), before);
    let unknown = archive.catalogue.correct(77, &by("李文")).await;
    assert!(
        matches!(unknown, Err(Error::UnknownCase { case_key: 77 })),
        "{unknown:?}"
    );
    // What was seen may be written in another form.
    let seen = with_old(date, "2019年5月8日", "2019年5月7日");
    let made = archive.catalogue.correct(key, &seen).await.unwrap();
    assert_eq!(made.value.as_deref(), Some("2019-05-08"));
}

#[tokio::test]
async fn a_corrected_line_is_read_everywhere_and_the_machines_text_stays() {
    let archive = Archive::new().await;
    let catalogue = &archive.catalogue;
    archive.register(&hash(1)).await;
    let given = case(
        1,
        vec![],
        vec![document(1, "a.pdf", Some(hash(1)), vec![page(1, "准予许町")])],
    );
    let key = catalogue.save_case(&given).await.unwrap().case_key();
    let made = catalogue
        .correct(key, &line_change(1, 1, 0, "准予许可", Some("准予许町")))
        .await
        .unwrap();
    assert!(matches!(made.subject, CorrectionSubject::Line(_)));
    let loaded = catalogue.load_case(key).await.unwrap().unwrap();
    assert_eq!(loaded.documents[0].pages[0].text.text(), "准予许可");
    assert_eq!(loaded.documents[0].pages[0].text.lines[0].words.len(), 4);
    let texts = catalogue.texts_of_cases(&[key], 0, 10).await.unwrap();
    assert_eq!(texts[0].pages[0].text.text(), "准予许可");
    let raw = catalogue.page_of_content(&hash(1), 1).await.unwrap().unwrap();
    assert_eq!(raw.text.text(), "准予许町");
    let (as_read, edits) = catalogue.load_as_read(key).await.unwrap().unwrap();
    assert_eq!((as_read, edits.is_empty()), (given, false));
    // Corrected again, then both taken back.
    catalogue
        .correct(key, &line_change(1, 1, 0, "不予许可", Some("准予许可")))
        .await
        .unwrap();
    assert_eq!(text_of(&archive, key, 1, 1).await, "不予许可");
    catalogue.undo_correction(key, 1, "李文", None).await.unwrap();
    assert_eq!(text_of(&archive, key, 1, 1).await, "不予许可");
    catalogue.undo_correction(key, 2, "李文", None).await.unwrap();
    assert_eq!(text_of(&archive, key, 1, 1).await, "准予许町");
}

/// What `reprocess`, `ingest` and `import` do to the catalogue, one after the other.
#[tokio::test]
async fn corrections_survive_whatever_is_read_or_imported() {
    let mut archive = Archive::new().await;
    for n in 1..=2 {
        archive.register(&hash(n)).await;
    }
    let of = |facts: Vec<Fact>, sha: u8| case(1, facts, vec![document(1, "a.pdf", Some(hash(sha)), vec![])]);
    let catalogue = archive.catalogue.clone();
    catalogue.save_page(&hash(1), &page(1, "灵食许44号")).await.unwrap();
    let first = of(vec![read_fact(FieldName::Agency, "甲局", 0.9)], 1);
    let key = catalogue.save_case(&first).await.unwrap().case_key();
    catalogue
        .correct(key, &correction(FieldName::Agency, "乙局"))
        .await
        .unwrap();
    catalogue
        .correct(key, &line_change(1, 1, 0, "灵食许444号", None))
        .await
        .unwrap();
    let holds = |text: &'static str| {
        let catalogue = catalogue.clone();
        async move {
            let loaded = catalogue.load_case(key).await.unwrap().unwrap();
            assert_eq!(loaded.fields.agency.as_deref(), Some("乙局"));
            assert_eq!(loaded.documents[0].pages[0].text.text(), text);
        }
    };
    // The same again; another reading of the page; other facts; a manifest that says otherwise; other bytes.
    catalogue.save_case(&first).await.unwrap();
    holds("灵食许444号").await;
    let mut moved = page(1, "灵食计44号");
    moved.text.lines[0].area = PixelBox::from([105, 230, 690, 270]);
    catalogue.save_page(&hash(1), &moved).await.unwrap();
    catalogue
        .save_case(&of(vec![read_fact(FieldName::Agency, "丙局", 0.99)], 1))
        .await
        .unwrap();
    holds("灵食许444号").await;
    catalogue
        .save_case(&of(vec![fact(FieldName::Agency, "丁局", FactSource::Catalogue)], 1))
        .await
        .unwrap();
    holds("灵食许444号").await;
    catalogue.save_page(&hash(2), &page(1, "灵食许44号")).await.unwrap();
    catalogue.save_case(&of(vec![], 2)).await.unwrap();
    holds("灵食许444号").await;
    archive.reopen().await;
    let loaded = archive.catalogue.load_case(key).await.unwrap().unwrap();
    assert_eq!(loaded.fields.agency.as_deref(), Some("乙局"));
}

#[tokio::test]
async fn corrections_of_imported_text_survive_another_import() {
    let archive = Archive::new().await;
    let catalogue = &archive.catalogue;
    let import = |pages: &[&str]| {
        let pages = (1..).zip(pages).map(|(n, text)| imported(n, text)).collect();
        case(1, vec![], vec![document(1, "", None, pages)])
    };
    let first = import(&["标题\n准予许町", "第二页"]);
    let key = catalogue.save_case(&first).await.unwrap().case_key();
    catalogue
        .correct(key, &line_change(1, 1, 1, "准予许可", None))
        .await
        .unwrap();
    // The same text; then with another second page, which makes other content of the whole text.
    for pages in [["标题\n准予许町", "第二页"], ["标题\n准予许町", "改过的第二页"]] {
        let again = import(&pages);
        catalogue.save_case(&again).await.unwrap();
        assert_eq!(text_of(&archive, key, 1, 1).await, "标题\n准予许可");
        let (as_read, _) = catalogue.load_as_read(key).await.unwrap().unwrap();
        assert_eq!(
            as_read.documents, again.documents,
            "the imported text is kept as it came"
        );
        assert!(matches!(
            catalogue.save_case(&as_read).await.unwrap(),
            Saved::Unchanged { .. }
        ));
    }
}

#[tokio::test]
async fn a_line_that_is_gone_keeps_its_correction() {
    let archive = Archive::new().await;
    let catalogue = &archive.catalogue;
    archive.register(&hash(1)).await;
    catalogue.save_page(&hash(1), &page(1, "灵食许44号")).await.unwrap();
    let given = case(1, vec![], vec![document(1, "a.pdf", Some(hash(1)), vec![])]);
    let key = catalogue.save_case(&given).await.unwrap().case_key();
    catalogue
        .correct(key, &line_change(1, 1, 0, "灵食许444号", None))
        .await
        .unwrap();
    catalogue
        .save_page(&hash(1), &page(1, "完全不同的一行文字"))
        .await
        .unwrap();
    catalogue.save_case(&given).await.unwrap();
    assert_eq!(text_of(&archive, key, 1, 1).await, "完全不同的一行文字\n灵食许444号");
    let shown = catalogue.corrected_page(key, 1, 1).await.unwrap().unwrap();
    let lost = AppliedEdit {
        number: 1,
        line: 1,
        placed: false,
    };
    assert_eq!(shown.edits, [lost]);
    // The added line can be corrected as well, and keeps looking for the old place.
    catalogue
        .correct(key, &line_change(1, 1, 1, "灵食许445号", None))
        .await
        .unwrap();
    assert_eq!(text_of(&archive, key, 1, 1).await, "完全不同的一行文字\n灵食许445号");
    catalogue.save_page(&hash(1), &page(1, "灵食许44号")).await.unwrap();
    catalogue.save_case(&given).await.unwrap();
    assert_eq!(text_of(&archive, key, 1, 1).await, "灵食许445号");
    // Even when the document leaves the case its text can be found.
    let other = case(1, vec![], vec![document(1, "", None, vec![imported(1, "说明")])]);
    catalogue.save_case(&other).await.unwrap();
    assert_eq!(text_of(&archive, key, 1, 1).await, "说明\n灵食许445号");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_corrections_at_once_none_is_lost() {
    let archive = Archive::new().await;
    let key = archive
        .catalogue
        .save_case(&case(1, vec![], vec![]))
        .await
        .unwrap()
        .case_key();
    let mut running = tokio::task::JoinSet::new();
    for writer in 0..4 {
        // Each stands for a process of its own.
        let catalogue = Catalogue::open(&archive.directory).await.unwrap();
        running.spawn(async move {
            for round in 0..10 {
                let value = format!("第{writer}-{round}次");
                catalogue
                    .correct(key, &correction(FieldName::Title, &value))
                    .await
                    .unwrap();
            }
        });
    }
    let same = case(1, vec![read_fact(FieldName::Title, "读到的", 0.9)], vec![]);
    for _ in 0..10 {
        archive.catalogue.save_case(&same).await.unwrap();
        tokio::task::yield_now().await;
    }
    while let Some(done) = running.join_next().await {
        done.unwrap();
    }
    let made = archive.catalogue.corrections(key).await.unwrap();
    let numbers: Vec<u32> = made.iter().map(|c| c.number).collect();
    assert_eq!(numbers, (1..=40).collect::<Vec<u32>>());
    let values: std::collections::BTreeSet<_> = made.iter().map(|c| c.value.clone()).collect();
    assert_eq!(values.len(), 40);
    // Each saw the one before it.
    for pair in made.windows(2) {
        assert!(pair[1].old == pair[0].value || pair[1].old.as_deref() == Some("读到的") || pair[0].number == 1);
    }
    assert_eq!(
        archive.catalogue.load_case(key).await.unwrap().unwrap().fields.title,
        made[39].value
    );
}
