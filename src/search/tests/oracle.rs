//! Random queries against a plain look at every text.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::corpus::{Archive, archive};
use crate::index::testing::analyser;
use crate::record::CaseRecord;

/// A query of quoted phrases, which are found as typed or not at all.
#[derive(Clone, Debug)]
enum Query {
    Phrase(&'static str),
    Not(Box<Self>),
    All(Vec<Self>),
    Any(Vec<Self>),
}

impl Query {
    fn text(&self) -> String {
        let group = |parts: &[Self], sign: &str| {
            let parts: Vec<String> = parts.iter().map(Self::text).collect();
            format!("({})", parts.join(sign))
        };
        match self {
            Self::Phrase(phrase) => format!("\"{phrase}\""),
            Self::Not(part) => format!("-{}", part.text()),
            Self::All(parts) => group(parts, " "),
            Self::Any(parts) => group(parts, " OR "),
        }
    }

    fn finds(&self, texts: &[String]) -> bool {
        match self {
            Self::Phrase(phrase) => {
                let letters = analyser().normalise(phrase).as_string();
                texts.iter().any(|text| text.contains(&letters))
            }
            Self::Not(part) => !part.finds(texts),
            Self::All(parts) => parts.iter().all(|part| part.finds(texts)),
            Self::Any(parts) => parts.iter().any(|part| part.finds(texts)),
        }
    }
}

/// The letters of every text of a case; a phrase must stand inside one of them.
fn texts(case: &CaseRecord) -> Vec<String> {
    let fields = &case.fields;
    let mut texts = vec![case.archival_code.to_string()];
    let named = [
        &fields.title,
        &fields.agency,
        &fields.matter,
        &fields.applicant_name,
        &fields.document_number,
        &fields.acceptance_number,
    ];
    texts.extend(named.into_iter().flatten().cloned());
    texts.extend(
        case.documents
            .iter()
            .flat_map(|d| &d.pages)
            .map(|page| page.text.text()),
    );
    texts
        .iter()
        .map(|text| analyser().normalise(text).as_string())
        .collect()
}

fn letters_of(archive: &Archive) -> Vec<Vec<String>> {
    archive.cases.iter().map(texts).collect()
}

fn queries() -> impl Strategy<Value = Query> {
    let phrase = prop::sample::select(vec![
        "许",
        "许可",
        "食品经营",
        "食品经营许可",
        "丰源餐饮",
        "决定",
        "林业局决定",
        "采伐许可",
        "申请采伐许可",
        "附页",
        "县",
        "局决",
        "人人",
        "人人人乐",
        "道路",
        "占用城市道路",
        "2019",
        "晋字〔20",
        "号",
        "李",
        "登记",
        "团体登记",
        "龘",
        "龘龘龘",
    ]);
    let phrase = phrase.prop_map(Query::Phrase);
    phrase.prop_recursive(3, 10, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(|query| match query {
                // Two dashes in a row are one.
                Query::Not(_) => query,
                query => Query::Not(Box::new(query)),
            }),
            prop::collection::vec(inner.clone(), 2..4).prop_map(Query::All),
            prop::collection::vec(inner, 2..4).prop_map(Query::Any),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn the_index_finds_what_a_look_at_every_text_finds(query in queries()) {
        static TEXTS: LazyLock<Vec<Vec<String>>> = LazyLock::new(|| letters_of(archive()));
        let expected: Vec<u64> = (1..).zip(TEXTS.iter()).filter(|(_, texts)| query.finds(texts)).map(|(key, _)| key).collect();
        for sort in ["relevance", "date"] {
            let text = query.text();
            let pairs = [("q", text.as_str()), ("sort", sort), ("size", "100"), ("facets", "ocr_quality")];
            let response = archive().search(&pairs);
            let mut found: Vec<u64> = response.hits.iter().map(|hit| hit.case_id.parse().unwrap()).collect();
            found.sort_unstable();
            prop_assert_eq!(&found, &expected, "{}", text);
            let counted: u64 = response.facets["ocr_quality"].iter().map(|value| value.count).sum();
            prop_assert_eq!((response.total, counted), (expected.len() as u64, expected.len() as u64));
        }
    }

    /// Whatever is typed, there is an answer or a named error, and the answer agrees with itself.
    #[test]
    fn any_query_has_an_answer(query in "[许可食品经营决定李0-9〔〕（）()\"“”|:：机关年度文号 -]{0,40}") {
        let visible = crate::search::VisibleCases::all();
        let pairs = [("q", query.as_str()), ("size", "100"), ("facets", "ocr_quality")];
        match archive().try_search(&visible, &pairs) {
            Ok(response) => {
                prop_assert_eq!(response.total, response.hits.len() as u64);
                let counted: u64 = response.facets["ocr_quality"].iter().map(|value| value.count).sum();
                prop_assert_eq!(counted, response.total);
            }
            Err(error) => prop_assert_eq!(error.kind(), crate::search::ErrorKind::Invalid),
        }
    }
}
