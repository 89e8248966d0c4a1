//! Any sequence of saves, corrections, withdrawals and restarts against a model in memory.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::catalogue::{Saved, facts};

#[derive(Clone, Debug)]
enum Step {
    Save(CaseRecord),
    Correct(u32, Fact),
    Withdraw(u32, bool),
    Reopen,
}

#[derive(Clone, Debug, Default, PartialEq)]
struct ModelCase {
    facts: Vec<Fact>,
    corrections: Vec<Fact>,
    documents: Vec<DocumentRecord>,
    withdrawn: bool,
    sequence: u64,
}

impl ModelCase {
    fn all_facts(&self) -> Vec<Fact> {
        let corrections = self.corrections.iter().rev();
        let others = facts::given(&self.facts);
        corrections.chain(others).cloned().collect()
    }
}

fn any_fact(source: FactSource) -> impl Strategy<Value = Fact> {
    let value = prop_oneof![
        "[甲乙丙]{1,2}",
        Just("2019-05-07".to_owned()),
        Just("灵食许〔2019〕4号".to_owned())
    ];
    let field = prop::sample::select(vec![FieldName::Title, FieldName::DecidedOn, FieldName::DocumentNumber]);
    (field, value, 0_u8..=100).prop_map(move |(field, value, percent)| match source {
        FactSource::Extraction => read_fact(field, &value, f32::from(percent) / 100.0),
        other => fact(field, &value, other),
    })
}

fn any_document() -> impl Strategy<Value = DocumentRecord> {
    let texts = prop::collection::vec("[许可决定甲乙 ]{0,6}", 0..3);
    (prop::option::of(1_u8..4), texts).prop_map(|(file, texts)| {
        let pages = (1..).zip(&texts).map(|(n, text)| page(n, text)).collect();
        // Pages of a file follow from the file, as they do in life; the model keeps one text for each.
        match file {
            Some(n) => document(1, &format!("{n}.pdf"), Some(hash(n)), vec![page(1, &format!("页{n}"))]),
            None => document(1, "", None, pages),
        }
    })
}

pub(super) fn any_case() -> impl Strategy<Value = CaseRecord> {
    let facts = prop::collection::vec(
        prop_oneof![any_fact(FactSource::Catalogue), any_fact(FactSource::Extraction)],
        0..4,
    );
    (1_u32..4, facts, prop::collection::vec(any_document(), 0..3)).prop_map(|(n, facts, mut documents)| {
        for (ordinal, document) in (1..).zip(&mut documents) {
            document.ordinal = ordinal;
        }
        case(n, facts, documents)
    })
}

fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => any_case().prop_map(Step::Save),
        2 => (1_u32..4, any_fact(FactSource::Correction)).prop_map(|(n, fact)| Step::Correct(n, fact)),
        1 => (1_u32..4, any::<bool>()).prop_map(|(n, withdrawn)| Step::Withdraw(n, withdrawn)),
        1 => Just(Step::Reopen),
    ]
}

async fn take(archive: &mut Archive, model: &mut BTreeMap<ArchivalCode, ModelCase>, sequence: &mut u64, step: Step) {
    let before = *sequence;
    match step {
        Step::Save(given) => {
            let is_new = !model.contains_key(&given.archival_code);
            let entry = model.entry(given.archival_code.clone()).or_default();
            let same_facts = facts::given(&entry.facts).eq(facts::given(&given.facts));
            let same = !is_new && same_facts && entry.documents == given.documents;
            entry.facts = given.facts.clone();
            entry.documents = given.documents.clone();
            if !same {
                *sequence += 1;
                entry.sequence = *sequence;
            }
            let saved = archive.catalogue.save_case(&given).await.unwrap();
            assert_eq!(saved.sequence(), entry.sequence);
            assert_eq!(matches!(saved, Saved::Created { .. }), is_new);
            assert_eq!(matches!(saved, Saved::Unchanged { .. }), same);
        }
        Step::Correct(n, correction) => {
            let Some(entry) = model.get_mut(&code(n)) else { return };
            let key = archive
                .catalogue
                .case_by_code(&code(n))
                .await
                .unwrap()
                .unwrap()
                .case_key;
            let fits = CaseFields::default().set(correction.field, &correction.value);
            let new = super::correction(correction.field, &correction.value);
            let made = archive.catalogue.correct(key, &new).await;
            assert_eq!(made.is_ok(), fits);
            if let Ok(made) = made {
                // Kept in the form of the field.
                let value = made.value.unwrap();
                let correction = Fact { value, ..correction };
                *sequence += 1;
                entry.sequence = *sequence;
                entry.corrections.push(correction);
            }
        }
        Step::Withdraw(n, withdrawn) => {
            let Some(entry) = model.get_mut(&code(n)) else { return };
            let key = archive
                .catalogue
                .case_by_code(&code(n))
                .await
                .unwrap()
                .unwrap()
                .case_key;
            archive.catalogue.set_withdrawn(key, withdrawn).await.unwrap();
            if entry.withdrawn != withdrawn {
                *sequence += 1;
                entry.sequence = *sequence;
                entry.withdrawn = withdrawn;
            }
        }
        Step::Reopen => archive.reopen().await,
    }
    assert!(*sequence - before <= 1);
}

async fn compare(archive: &Archive, model: &BTreeMap<ArchivalCode, ModelCase>, sequence: u64) {
    let catalogue = &archive.catalogue;
    assert_eq!(catalogue.sequence().await.unwrap(), sequence);
    let mut changes = Vec::new();
    for (archival_code, expected) in model {
        let summary = catalogue.case_by_code(archival_code).await.unwrap().unwrap();
        let facts = expected.all_facts();
        let record = CaseRecord {
            archival_code: archival_code.clone(),
            fields: CaseFields::resolve(&facts),
            facts,
            documents: expected.documents.clone(),
        };
        assert_eq!(catalogue.load_case(summary.case_key).await.unwrap(), Some(record));
        changes.push((expected.sequence, summary.case_key, expected.withdrawn));
    }
    changes.sort_unstable();
    let told: Vec<_> = catalogue
        .changed_since(0, 100)
        .await
        .unwrap()
        .into_iter()
        .map(|c| (c.sequence, c.case_key, c.withdrawn))
        .collect();
    assert_eq!(told, changes);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_catalogue_is_a_map_of_cases(steps in prop::collection::vec(any_step(), 1..12)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut archive = Archive::new().await;
            for n in 1..4 {
                archive.register(&hash(n)).await;
            }
            let (mut model, mut sequence) = (BTreeMap::new(), 0);
            for step in steps {
                take(&mut archive, &mut model, &mut sequence, step).await;
            }
            compare(&archive, &model, sequence).await;
        });
    }
}
