//! Which doubts a case raises and how they rank. All people, companies and numbers are invented.

use std::borrow::Cow;

use super::*;
use crate::record::{
    CaseFields, DocumentKind, Evidence, Fact, FactSource, FieldName, PageRecord, PageText, PixelBox, Seal, TextLine,
    TextSource,
};

fn file(n: u8) -> String {
    format!("{n:02x}").repeat(32)
}

fn read(field: FieldName, value: &str, confidence: f32) -> Fact {
    Fact {
        field,
        value: value.into(),
        as_read: None,
        source: FactSource::Extraction,
        origin: "rule".into(),
        evidence: Some(Evidence {
            file_sha256: file(1),
            page: 1,
            area: Some(PixelBox::from([100, 100, 300, 150])),
            confidence,
        }),
    }
}

fn by(source: FactSource, fact: Fact) -> Fact {
    Fact {
        source,
        evidence: None,
        ..fact
    }
}

/// Everything that is expected, read with certainty.
fn complete() -> Vec<Fact> {
    [
        (FieldName::Agency, "灵丘县市场监督管理局"),
        (FieldName::Matter, "食品经营许可"),
        (FieldName::DocumentNumber, "灵食许〔2019〕444号"),
        (FieldName::Outcome, "granted"),
        (FieldName::DecidedOn, "2019-05-07"),
        (FieldName::ApplicantName, "赵小满"),
    ]
    .map(|(field, value)| read(field, value, 0.98))
    .to_vec()
}

fn page(text: &str, confidence: f32) -> PageRecord {
    let line = TextLine {
        text: text.into(),
        area: PixelBox::from([100, 100, 900, 150]),
        confidence,
        ..TextLine::default()
    };
    PageRecord {
        number: 1,
        width: 1000,
        height: 1400,
        dpi: None,
        rotation: 0,
        skew: 0.0,
        confidence: Some(confidence),
        source: TextSource::Ocr,
        engine: "test".into(),
        text: PageText {
            lines: vec![line],
            ..PageText::default()
        },
        failure: None,
    }
}

const LONG: &str = "经审查，你单位的申请符合法定条件、标准，决定准予许可。";

fn doubts_of(facts: &[Fact], pages: &[PageRecord], failure: Option<&str>) -> Vec<Doubt> {
    let content = file(1);
    let fields = CaseFields::resolve(facts);
    assess(&Reviewed {
        fields: &fields,
        facts,
        documents: vec![ReviewedDocument {
            document: 1,
            kind: DocumentKind::Decision,
            content_id: Some(&content),
            failure,
            pages: Cow::Borrowed(pages),
        }],
        unplaced: Vec::new(),
    })
}

fn told(doubts: &[Doubt]) -> Vec<(&'static str, Option<&'static str>)> {
    doubts
        .iter()
        .map(|d| (d.reason.code(), d.field.map(FieldName::code)))
        .collect()
}

#[test]
fn a_case_read_with_certainty_raises_no_doubt() {
    assert_eq!(doubts_of(&complete(), &[page(LONG, 0.99)], None), []);
}

#[test]
fn each_fault_raises_its_doubt() {
    let pages = [page(LONG, 0.99)];
    let with = |fact: Fact| {
        let mut facts = complete();
        facts.retain(|f| f.field != fact.field);
        facts.push(fact);
        facts
    };
    let plus = |fact: Fact| {
        let mut facts = complete();
        facts.push(fact);
        facts
    };
    let table = [
        (
            with(read(FieldName::DecidedOn, "不详", 0.9)),
            "unreadable_field",
            "decided_on",
        ),
        (
            with(read(FieldName::Agency, "灵丘县市场监督管理局", 0.6)),
            "uncertain_field",
            "agency",
        ),
        (
            plus(read(FieldName::DecidedOn, "2019-05-08", 0.9)),
            "conflict",
            "decided_on",
        ),
        (
            plus(read(FieldName::ApplicantIdNumber, "140224199001011235", 0.99)),
            "check_digit",
            "applicant_id_number",
        ),
        (
            plus(by(FactSource::Catalogue, read(FieldName::Outcome, "refused", 1.0))),
            "conflict",
            "outcome",
        ),
    ];
    for (facts, reason, field) in table {
        assert_eq!(told(&doubts_of(&facts, &pages, None)), [(reason, Some(field))]);
    }
    let mut missing = complete();
    missing.retain(|f| f.field != FieldName::Outcome);
    assert_eq!(
        told(&doubts_of(&missing, &pages, None)),
        [("missing_field", Some("outcome"))]
    );
    // A weak contradiction, another form of the same value, and a number without check digit are no doubts.
    for fact in [
        read(FieldName::DecidedOn, "2019-05-08", 0.3),
        read(FieldName::DecidedOn, "2019年5月7日", 0.97),
        read(FieldName::ApplicantIdNumber, "G1234567", 0.99),
    ] {
        assert_eq!(doubts_of(&plus(fact), &pages, None), []);
    }
}

#[test]
fn pages_files_and_seals_raise_theirs() {
    let mut failed = page("", 0.0);
    failed.failure = Some(("time_limit".into(), String::new()));
    let mut sealed = page(LONG, 0.7);
    sealed.text.seals.push(Seal {
        text: String::new(),
        area: PixelBox::from([200, 50, 400, 250]),
        confidence: 0.0,
    });
    // The facts stand under the seal too, but they come from elsewhere here.
    let facts: Vec<Fact> = complete().into_iter().map(|f| by(FactSource::Catalogue, f)).collect();
    for (page, reason) in [
        (failed, "page_failed"),
        (page("第3页", 0.9), "little_text"),
        (sealed.clone(), "text_under_seal"),
    ] {
        assert_eq!(told(&doubts_of(&facts, &[page], None)), [(reason, None)]);
    }
    assert_eq!(
        told(&doubts_of(&facts, &[], Some("encrypted"))),
        [("file_failed", None)]
    );
    let mut under = complete();
    under.truncate(1);
    let under: Vec<Fact> = facts.iter().skip(1).cloned().chain(under).collect();
    let doubts = doubts_of(&under, &[sealed], None);
    assert_eq!(
        told(&doubts),
        [("field_under_seal", Some("agency")), ("text_under_seal", None)]
    );
    assert_eq!(doubts[0].evidence[0].area, Some(PixelBox::from([100, 100, 300, 150])));
    // Born digital text is whole, however short.
    let mut layer = page("第3页", 1.0);
    layer.source = TextSource::TextLayer;
    assert_eq!(doubts_of(&facts, &[layer], None), []);
}

#[test]
fn a_correction_settles_whatever_was_doubtful_about_its_field() {
    let mut facts = complete();
    facts.push(read(FieldName::DecidedOn, "2019-05-08", 0.97));
    facts.push(read(FieldName::ApplicantIdNumber, "140224199001011235", 0.5));
    assert_eq!(doubts_of(&facts, &[], None).len(), 3);
    for field in [FieldName::DecidedOn, FieldName::ApplicantIdNumber] {
        facts.push(by(FactSource::Correction, read(field, "2019-05-08", 1.0)));
    }
    assert_eq!(doubts_of(&facts, &[], None), []);
}

/// What would cost most comes first: the table that people can argue about.
#[test]
fn the_ranking_follows_cost_and_probability() {
    let doubt = |reason, field, probability| Doubt {
        reason,
        field,
        probability,
        evidence: Vec::new(),
        about: String::new(),
    };
    let ranked = [
        doubt(ReviewReason::CheckDigit, Some(FieldName::ApplicantIdNumber), 0.95),
        doubt(ReviewReason::UnreadableField, Some(FieldName::Outcome), 1.0),
        doubt(ReviewReason::FileFailed, None, 1.0),
        doubt(ReviewReason::MissingField, Some(FieldName::DocumentNumber), 1.0),
        doubt(ReviewReason::MissingField, Some(FieldName::DecidedOn), 1.0),
        doubt(ReviewReason::PageFailed, None, 1.0),
        doubt(ReviewReason::CorrectionUnplaced, None, 1.0),
        doubt(ReviewReason::MissingField, Some(FieldName::Agency), 1.0),
        doubt(ReviewReason::Conflict, Some(FieldName::DocumentNumber), 0.48),
        doubt(ReviewReason::Conflict, Some(FieldName::ValidUntil), 0.48),
        doubt(ReviewReason::UncertainField, Some(FieldName::DecidedOn), 0.3),
        doubt(ReviewReason::UncertainField, Some(FieldName::AcceptedOn), 0.3),
        doubt(ReviewReason::TextUnderSeal, None, 0.3),
        doubt(ReviewReason::LittleText, None, 0.3),
        doubt(ReviewReason::LittleText, None, 0.1),
    ];
    let scores: Vec<f32> = ranked.iter().map(Doubt::score).collect();
    for (at, pair) in scores.windows(2).enumerate() {
        assert!(
            pair[0] >= pair[1],
            "{:?} before {:?}: {scores:?}",
            ranked[at],
            ranked[at + 1]
        );
    }
    assert!(scores.iter().all(|score| (0.0..=10.0).contains(score)));
}

#[test]
fn reasons_have_codes_costs_and_words() {
    let mut codes = std::collections::BTreeSet::new();
    for reason in ReviewReason::ALL {
        assert!(codes.insert(reason.code()));
        assert_eq!(ReviewReason::from_code(reason.code()), Some(*reason));
        assert!((0.0..=10.0).contains(&reason.cost()));
        assert!(reason.message_zh().chars().any(|c| c > '\u{2e80}') && reason.message_en().is_ascii());
    }
}
