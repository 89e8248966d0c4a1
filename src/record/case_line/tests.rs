//! A case written as a line and read again is the same case. All people, companies and numbers are invented.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::*;
use crate::record::{
    Alternative, CorrectionSubject, DocumentKind, DocumentRecord, Evidence, FormField, LineAnchor, LineRole,
    PageRecord, PageSpan, PageText, PixelBox, Seal, TextLine, TextSource, TextWord, Undo,
};

/// What an importer makes of a line when every value is good as it stands.
fn read(json: &str) -> (CaseRecord, Vec<Correction>, bool) {
    let line: CaseLine = serde_json::from_str(json).unwrap();
    let code = ArchivalCode::parse(line.archival_code.as_deref().unwrap()).unwrap();
    let own = line.own_values().into_iter();
    let own = own.map(|(field, value)| catalogue_fact(field, value, None)).collect();
    let corrections = line.corrections.iter().cloned();
    let corrections = corrections.map(|c| c.into_correction().unwrap()).collect();
    let withdrawn = line.withdrawn;
    (line.into_case(code, own), corrections, withdrawn)
}

fn write(case: &CaseRecord, corrections: &[Correction], withdrawn: bool) -> String {
    serde_json::to_string(&CaseLine::of_case(case, corrections, withdrawn)).unwrap()
}

const PLAIN: &str = r#"{"archival_code":"0123-XK·2019-D30-SCJG-0042","title":"嘉禾餐饮食品经营许可卷","region":"140224","outcome":"granted","decided_on":"2019-05-07","valid_from":"2019-05-07","applicant":{"name":"灵丘县嘉禾餐饮管理有限责任公司","kind":"legal_person"},"legal_representative":"赵小满","phone":["13800001234","0352-8517191"],"documents":[{"title":"行政许可决定书","kind":"decision","pages":["第一页\n文字","第二页"]}]}"#;

#[test]
fn a_line_that_a_person_writes_comes_back_as_it_was() {
    let (case, corrections, withdrawn) = read(PLAIN);
    assert_eq!(
        case.fields.applicant_name.as_deref(),
        Some("灵丘县嘉禾餐饮管理有限责任公司")
    );
    assert_eq!(case.facts.len(), 10, "one for each value");
    assert_eq!(case.documents[0].kind, DocumentKind::Decision);
    assert_eq!(case.documents[0].pages[0].text.lines.len(), 2);
    assert_eq!(case.documents[0].pages[1].number, 2);
    assert_eq!(write(&case, &corrections, withdrawn), PLAIN);
}

#[test]
fn a_value_that_was_changed_in_the_line_wins_over_the_facts_of_the_line() {
    let (mut case, _, _) = read(PLAIN);
    case.facts.push(Fact {
        source: FactSource::Extraction,
        origin: "rule".into(),
        ..catalogue_fact(FieldName::Matter, "食品经营许可".into(), Some("食品经营許可".into()))
    });
    case.fields = CaseFields::resolve(&case.facts);
    let json = write(&case, &[], false);
    assert!(json.contains(r#""facts""#) && json.contains(r#""matter":"食品经营许可""#));
    assert_eq!(read(&json).0, case);
    let changed = json.replacen(r#""matter":"食品经营许可""#, r#""matter":"食品生产许可""#, 1);
    let changed = changed.replacen(r#""decided_on":"2019-05-07""#, r#""decided_on":"2019-05-08""#, 1);
    let fields = read(&changed).0.fields;
    assert_eq!(fields.matter.as_deref(), Some("食品生产许可"));
    assert_eq!(fields.decided_on.unwrap().to_string(), "2019-05-08");
}

#[test]
fn what_people_corrected_is_no_word_of_the_catalogue() {
    let (mut case, _, _) = read(PLAIN);
    let correction = |number, value: &str, undone| Correction {
        number,
        subject: CorrectionSubject::Field(FieldName::Title),
        old: None,
        value: Some(value.into()),
        reason: Some("笔误".into()),
        author: "孙晓梅".into(),
        made_at: "2026-01-02T03:04:05Z".into(),
        undone,
    };
    let undo = Undo {
        reason: None,
        author: "孙晓梅".into(),
        undone_at: "2026-01-03T03:04:05Z".into(),
    };
    let corrections = [correction(1, "勘误题名", None), correction(2, "又一题名", Some(undo))];
    case.fields.title = Some("勘误题名".into());
    let (again, layer, _) = read(&write(&case, &corrections, true));
    assert_eq!(again.facts, case.facts);
    assert_eq!(layer, corrections);
}

#[test]
fn a_wrong_type_is_told_with_its_place() {
    for (json, wrong) in [
        (r#"{"archival_code":"A","documents":[{"pages":["甲",5]}]}"#, "5"),
        (
            r#"{"archival_code":"A","documents":[{"pages":[{"width":"5"}]}]}"#,
            r#""5""#,
        ),
        (r#"{"archival_code":"A","phone":["1",2]}"#, "2"),
    ] {
        let error = serde_json::from_str::<CaseLine>(json).unwrap_err();
        let before = json.get(..error.column()).unwrap();
        assert!(before.ends_with(wrong), "{error}: {before}");
    }
}

fn text() -> BoxedStrategy<String> {
    prop_oneof![
        "[一-龥]{0,6}",
        Just("第一行\n\n第三行\n".to_owned()),
        Just("引\"号\\\u{c}和\r\n换行".to_owned()),
        any::<String>(),
    ]
    .boxed()
}

fn value(field: FieldName) -> BoxedStrategy<String> {
    match field {
        FieldName::Region => Just("140224".to_owned()).boxed(),
        FieldName::Outcome => prop_oneof![Just("granted".to_owned()), Just("refused".to_owned())].boxed(),
        FieldName::Retention => Just("D30".to_owned()).boxed(),
        FieldName::SecurityClass => Just("public".to_owned()).boxed(),
        FieldName::ApplicantKind => Just("person".to_owned()).boxed(),
        field if field.code().ends_with("_on") || field.code().starts_with("valid") => {
            // The second is no date: a fact that gives way to others.
            prop_oneof![Just("2019-05-07".to_owned()), Just("不详".to_owned())].boxed()
        }
        _ => "[一-龥]{1,5}".boxed(),
    }
}

fn fact() -> BoxedStrategy<Fact> {
    let fields: Vec<FieldName> = FieldName::ALL.iter().chain(FieldName::DETAILS).copied().collect();
    let evidence = ("[0-9a-f]{64}", 1_u32..9, option::of(area()), 0.0_f32..=1.0);
    let evidence = evidence.prop_map(|(file_sha256, page, area, confidence)| Evidence {
        file_sha256,
        page,
        area,
        confidence,
    });
    let evidence = evidence.boxed();
    proptest::sample::select(fields)
        .prop_flat_map(|field| (Just(field), value(field)))
        .prop_flat_map(move |(field, value)| {
            let read = prop_oneof![Just(FactSource::Catalogue), Just(FactSource::Extraction)];
            let origin = prop_oneof![Just(IMPORT_ORIGIN.to_owned()), "[a-z]{1,5}"];
            (
                Just((field, value)),
                option::of(text()),
                read,
                origin,
                option::of(evidence.clone()),
            )
        })
        .prop_map(|((field, value), as_read, source, origin, evidence)| Fact {
            field,
            value,
            as_read,
            source,
            origin,
            evidence,
        })
        .boxed()
}

fn area() -> BoxedStrategy<PixelBox> {
    any::<[u32; 4]>().prop_map(PixelBox::from).boxed()
}

fn line() -> BoxedStrategy<TextLine> {
    let word = (text(), area(), 0.0_f32..=1.0).prop_map(|(text, area, confidence)| TextWord { text, area, confidence });
    let other =
        (0_usize..9, text(), 0.0_f32..=1.0).prop_map(|(at, text, confidence)| Alternative { at, text, confidence });
    let role = prop_oneof![
        Just(LineRole::Body),
        Just(LineRole::PageNumber),
        Just(LineRole::Cell {
            table: 1,
            row: 2,
            column: 3
        }),
    ];
    (text(), area(), 0.0_f32..=1.0, vec(word, 0..3), vec(other, 0..2), role)
        .prop_map(|(text, area, confidence, words, alternatives, role)| TextLine {
            text,
            area,
            confidence,
            words,
            alternatives,
            role,
        })
        .boxed()
}

fn page(number: u32) -> BoxedStrategy<PageRecord> {
    let read = (
        vec(line(), 0..3),
        vec((text(), area(), 0.0_f32..=1.0), 0..2),
        any::<bool>(),
        (any::<u32>(), any::<u32>(), option::of(any::<u32>()), -5.0_f32..5.0),
        option::of(0.0_f32..=1.0),
        option::of((text(), text())),
        prop_oneof![
            Just(TextSource::Ocr),
            Just(TextSource::TextLayer),
            Just(TextSource::Import)
        ],
    );
    let read = read.prop_map(
        move |(lines, seals, form, (width, height, dpi, skew), confidence, failure, source)| {
            let form = form.then(|| FormField {
                label: vec![0],
                value: vec![1, 2],
            });
            PageRecord {
                number: number + 1,
                width,
                height,
                dpi,
                rotation: 90,
                skew,
                confidence,
                source,
                engine: "test 1".into(),
                text: PageText {
                    lines,
                    seals: seals
                        .into_iter()
                        .map(|(text, area, confidence)| Seal { text, area, confidence })
                        .collect(),
                    form: form.into_iter().collect(),
                },
                failure,
            }
        },
    );
    prop_oneof![text().prop_map(move |text| PageRecord::imported(number, &text)), read].boxed()
}

fn document(ordinal: u32) -> BoxedStrategy<DocumentRecord> {
    (
        text(),
        proptest::sample::select(DocumentKind::ALL),
        text(),
        (option::of("[0-9a-f]{64}"), option::of((1_u32..9, 1_u32..9))),
        option::of("[a-z_]{1,8}"),
        (page(1), page(2), 0_usize..3),
    )
        .prop_map(
            move |(title, kind, source_name, (file_sha256, part), failure, (first, second, count))| DocumentRecord {
                ordinal,
                title,
                kind,
                source_name,
                file_sha256,
                part: part.map(|(first_page, page_count)| PageSpan { first_page, page_count }),
                failure,
                pages: [first, second].into_iter().take(count).collect(),
            },
        )
        .boxed()
}

fn correction(number: u32) -> BoxedStrategy<Correction> {
    let anchor = (
        (text(), 1_u32..5, "[0-9a-f]{64}"),
        (area(), any::<(u32, u32)>()),
        text(),
        option::of(1_u32..9),
    );
    let anchor = anchor.prop_map(
        |((source_name, occurrence, content_id), (area, page_size), as_read, follows)| {
            CorrectionSubject::Line(LineAnchor {
                source_name,
                occurrence,
                content_id,
                page: 1,
                line: 2,
                area,
                page_size,
                as_read,
                follows,
            })
        },
    );
    let field = proptest::sample::select(FieldName::ALL);
    let checked = (text(), option::of(field.clone())).prop_map(|(subject, field)| CorrectionSubject::Checked {
        subject,
        review: "conflict".into(),
        field,
    });
    let subject = prop_oneof![field.prop_map(CorrectionSubject::Field), anchor, checked];
    let undone = (option::of(text()), text(), text()).prop_map(|(reason, author, undone_at)| Undo {
        reason,
        author,
        undone_at,
    });
    (
        subject,
        option::of(text()),
        "[一-龥]{1,5}",
        option::of(text()),
        text(),
        option::of(undone),
    )
        .prop_map(move |(subject, old, value, reason, author, undone)| Correction {
            number,
            value: (!matches!(subject, CorrectionSubject::Checked { .. })).then_some(value),
            subject,
            old,
            reason,
            author,
            made_at: "2026-01-02T03:04:05Z".into(),
            undone,
        })
        .boxed()
}

proptest! {
    #[test]
    fn every_case_comes_back(
        facts in vec(fact(), 0..12),
        documents in (document(1), document(2), 0_usize..3),
        corrections in (correction(1), correction(2), 0_usize..3),
        withdrawn: bool,
    ) {
        let corrections: Vec<Correction> = [corrections.0, corrections.1].into_iter().take(corrections.2).collect();
        let facts: Vec<Fact> = given(&facts).cloned().collect();
        // As the catalogue resolves them: the latest correction first.
        let standing = corrections.iter().rev().filter(|c| c.undone.is_none());
        let mut all: Vec<Fact> = standing.filter_map(|c| CorrectionLine::of_correction(c).as_fact()).collect();
        all.extend(facts.iter().cloned());
        let case = CaseRecord {
            archival_code: ArchivalCode::parse("A-1").unwrap(),
            fields: CaseFields::resolve(&all),
            facts,
            documents: [documents.0, documents.1].into_iter().take(documents.2).collect(),
        };
        let json = write(&case, &corrections, withdrawn);
        prop_assert!(!json.contains('\n'), "one line");
        let (again, layer, out) = read(&json);
        prop_assert_eq!(&again.facts, &case.facts);
        prop_assert_eq!(&again.documents, &case.documents);
        prop_assert_eq!(&layer, &corrections);
        prop_assert_eq!(out, withdrawn);
        // Written again it is the same line.
        prop_assert_eq!(write(&CaseRecord { fields: case.fields, ..again }, &layer, out), json);
    }
}
