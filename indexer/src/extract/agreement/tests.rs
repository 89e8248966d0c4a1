use juanzong::record::{CaseFields, Evidence};
use proptest::prelude::*;

use super::*;

fn fact(field: FieldName, value: &str, origin: &str, confidence: f32) -> Fact {
    Fact {
        field,
        value: value.into(),
        as_read: None,
        source: FactSource::Extraction,
        origin: origin.into(),
        evidence: Some(Evidence {
            file_sha256: "0".repeat(64),
            page: 1,
            area: None,
            confidence,
        }),
    }
}

#[test]
fn agreement_raises_and_contradiction_lowers() {
    let name = FieldName::ApplicantName;
    let mut alone = vec![fact(name, "甲公司", "a", 0.85)];
    weigh(&mut alone);
    assert!((alone[0].confidence() - 0.85).abs() < 1e-6);

    let mut agreed = vec![fact(name, "甲公司", "a", 0.85), fact(name, "甲公司", "b", 0.8)];
    weigh(&mut agreed);
    assert!(agreed[0].confidence() > 0.95 && agreed[1].confidence() <= 0.8);

    let mut contradicted = vec![fact(name, "甲公司", "a", 0.95), fact(name, "乙公司", "b", 0.9)];
    weigh(&mut contradicted);
    assert!(contradicted[0].confidence() < 0.75, "{}", contradicted[0].confidence());
    assert_eq!(
        CaseFields::resolve(&contradicted).applicant_name.as_deref(),
        Some("甲公司")
    );
    assert_eq!(contradicted.len(), 2, "what is contradicted stays");

    let mut outvoted = vec![
        fact(name, "甲公司", "a", 0.9),
        fact(name, "乙公司", "b", 0.85),
        fact(name, "乙公司", "c", 0.85),
    ];
    weigh(&mut outvoted);
    assert_eq!(CaseFields::resolve(&outvoted).applicant_name.as_deref(), Some("乙公司"));
}

#[test]
fn a_licence_does_not_contradict_a_renewal() {
    let mut facts = vec![
        fact(FieldName::Outcome, "renewed", "outcome.title", 0.97),
        fact(FieldName::Outcome, "granted", "outcome.licence_issued", 0.6),
    ];
    weigh(&mut facts);
    assert!(facts[0].confidence() > 0.96);
}

#[test]
fn dates_out_of_order_and_years_that_differ_are_doubted() {
    let mut facts = vec![
        fact(FieldName::DecidedOn, "2019-05-07", "a", 0.97),
        fact(FieldName::ServedOn, "2019-03-09", "b", 0.95),
    ];
    weigh(&mut facts);
    assert!(facts[0].confidence() > 0.96 && facts[1].confidence() < 0.6);
    let mut facts = vec![
        fact(FieldName::DecidedOn, "2019-05-07", "a", 0.97),
        fact(FieldName::DocumentNumber, "灵食许〔2009〕1号", "b", 0.95),
    ];
    weigh(&mut facts);
    assert!(facts.iter().all(|f| f.confidence() < 0.6));
}

#[test]
fn other_sources_are_left_alone() {
    let mut facts = vec![
        Fact {
            source: FactSource::Catalogue,
            evidence: None,
            ..fact(FieldName::Agency, "甲局", "manifest", 1.0)
        },
        fact(FieldName::Agency, "乙局", "a", 0.9),
    ];
    let before = facts.clone();
    weigh(&mut facts);
    assert_eq!(facts, before);
}

proptest! {
    #[test]
    fn likelihoods_stay_likelihoods(of in prop::collection::vec((0_usize..4, 0_usize..3, 0.0_f32..=1.0), 0..12)) {
        let values = ["2019-01-01", "2019-02-02", "2020-03-03", "2021-04-04"];
        let fields = [FieldName::AppliedOn, FieldName::DecidedOn, FieldName::ServedOn];
        let mut facts: Vec<Fact> = of.iter().map(|(value, field, c)| fact(fields[*field], values[*value], "a", *c)).collect();
        let count = facts.len();
        weigh(&mut facts);
        prop_assert_eq!(facts.len(), count);
        for fact in facts {
            prop_assert!((0.0..=1.0).contains(&fact.confidence()));
        }
    }
}

/// As read in one file.
fn in_file(file: &str, mut fact: Fact) -> Fact {
    if let Some(evidence) = &mut fact.evidence {
        evidence.file_sha256 = file.repeat(64);
    }
    fact
}

#[test]
fn a_character_misread_on_one_page_is_that_of_the_others() {
    let name = FieldName::ApplicantName;
    let mut facts = vec![
        in_file("1", fact(name, "茗南县泰和食品有限公司", "a", 0.96)),
        in_file("2", fact(name, "莒南县泰和食品有限公司", "b", 0.93)),
        in_file("3", fact(name, "莒南县泰和食品有限公司", "c", 0.9)),
    ];
    weigh(&mut facts);
    assert!(facts.iter().all(|f| f.value.starts_with("莒南县")));
    assert_eq!(facts[0].as_read.as_deref(), Some("茗南县泰和食品有限公司"));
    assert!(facts[0].origin.ends_with("_respelled"));
    let surest = facts.iter().map(Fact::confidence).fold(0.0, f32::max);
    assert!(surest > 0.95, "nothing contradicts it any more: {surest}");
}

#[test]
fn papers_that_misread_a_number_alike_do_not_make_it_sure() {
    let number = FieldName::DocumentNumber;
    let mut facts = vec![
        in_file(
            "1",
            fact(
                number,
                "茗食许〔2019〕444号",
                "document_number.decision_head_unconfirmed",
                0.95,
            ),
        ),
        in_file(
            "2",
            fact(number, "茗食许〔2019〕444号", "document_number.served_unconfirmed", 0.9),
        ),
    ];
    weigh(&mut facts);
    assert!(facts.iter().all(|f| f.confidence() < 0.9));
    facts.push(in_file(
        "3",
        fact(number, "茗食许〔2019〕444号", "document_number.served", 0.85),
    ));
    weigh(&mut facts);
    assert!(facts.iter().any(|f| f.confidence() > 0.9));
}

#[test]
fn what_may_be_another_name_or_number_is_not_respelled() {
    let name = FieldName::ApplicantName;
    let number = FieldName::DocumentNumber;
    for (field, one, other) in [
        (name, "灵丘县第一加油站有限公司", "灵丘县第二加油站有限公司"),
        (name, "灵丘县惠民诊所", "灵丘县惠民诊室"),
        (number, "灵食许〔2019〕444号", "灵食许〔2019〕441号"),
        (number, "灵食许〔2019〕444号", "灵食许〔2018〕444号"),
    ] {
        let mut facts = vec![
            in_file("1", fact(field, one, "a", 0.9)),
            in_file("2", fact(field, other, "b", 0.9)),
            in_file("3", fact(field, other, "c", 0.9)),
        ];
        weigh(&mut facts);
        assert_eq!(facts[0].value, one);
    }
    // One against one: nobody knows.
    let mut facts = vec![
        in_file("1", fact(number, "茗食许〔2019〕444号", "a", 0.9)),
        in_file("2", fact(number, "莒食许〔2019〕444号", "b", 0.9)),
    ];
    weigh(&mut facts);
    assert_ne!(facts[0].value, facts[1].value);
    assert!(
        facts.iter().all(|f| f.confidence() < 0.9),
        "and the contradiction shows"
    );
}
