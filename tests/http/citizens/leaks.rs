//! No citizen gets a byte of another's case, of an internal paper, or of others in the own case: marker words are planted there
//! and looked for in everything that is answered.

use proptest::prelude::*;

use super::copies::text_of;
use super::*;

/// Kinds of papers that the applicant may see, and the others.
const OPEN: [DocumentKind; 6] = [
    DocumentKind::Application,
    DocumentKind::AcceptanceNotice,
    DocumentKind::SupplementNotice,
    DocumentKind::Decision,
    DocumentKind::Licence,
    DocumentKind::ServiceReceipt,
];
const INTERNAL: [DocumentKind; 5] = [
    DocumentKind::Review,
    DocumentKind::Inspection,
    DocumentKind::Hearing,
    DocumentKind::Contents,
    DocumentKind::Other,
];
/// Characters of marker words: none stands anywhere else.
const MARKS: &str = "龘靐齉麤灪籱爨癵驫鱻羴犇猋骉";

/// A case that was made at random: whose it is, its papers, and where the agent is named.
#[derive(Clone, Debug)]
struct Made {
    owner: u32,
    papers: Vec<(DocumentKind, bool)>,
}

fn cases() -> impl Strategy<Value = Vec<Made>> {
    let kinds: Vec<DocumentKind> = OPEN.iter().chain(&INTERNAL).copied().collect();
    let paper = (prop::sample::select(kinds), any::<bool>());
    let case = (0_u32..3, prop::collection::vec(paper, 1..5));
    prop::collection::vec(case.prop_map(|(owner, papers)| Made { owner, papers }), 1..5)
}

/// A word that stands in one place only.
fn mark(n: usize) -> String {
    let marks: Vec<char> = MARKS.chars().collect();
    [n / 196, n / 14, n].iter().map(|digit| marks[digit % 14]).collect()
}

fn name(owner: u32) -> &'static str {
    ["王小明", "李小四", "周小五"][owner as usize]
}

async fn check(made: &[Made]) {
    let archive = TestArchive::empty().await;
    // Per owner: what must be seen and what must not.
    let mut seen: [Vec<String>; 3] = Default::default();
    let mut all = Vec::new();
    let mut next = 0;
    let mut fresh = || {
        next += 1;
        mark(next)
    };
    for (n, case) in (1_u32..).zip(made) {
        let mut papers = Vec::new();
        for (kind, agent) in &case.papers {
            let word = fresh();
            let mut text = format!("正文{word}");
            if OPEN.contains(kind) {
                seen[case.owner as usize].push(word.clone());
            }
            all.push(word);
            if *agent {
                let word = fresh();
                text.push_str(&format!("\n委托代理人：{word}\n据{word}说，电话13912345678"));
                all.push(word);
            }
            papers.push((*kind, text));
        }
        let papers: Vec<(DocumentKind, &str)> = papers.iter().map(|(kind, text)| (*kind, text.as_str())).collect();
        archive
            .add(&of(n, name(case.owner), &number(100 + case.owner), &papers))
            .await;
    }
    let api = Api::of(&archive).await;
    for owner in 0..3_u32 {
        let mine = visitor(&api, name(owner), &number(100 + owner)).await;
        let mut answers = vec![
            mine.get(&format!("{LIST}?size=100")).await.text(),
            mine.get("/api/v1/citizen/accesses").await.text(),
        ];
        for (n, case) in (1_u32..).zip(made) {
            let id = archive.id(n).await;
            answers.push(mine.get(&format!("{LIST}/{id}")).await.text());
            for document in 0..=case.papers.len() + 1 {
                let page = format!("{LIST}/{id}/documents/{document}/pages/1");
                answers.push(mine.get(&page).await.text());
                let image = mine.get(&format!("{page}/image")).await;
                // Of a page without others the image goes out as it is kept, of another page it is not asked for.
                assert_eq!(image.status, mine.get(&page).await.status);
            }
            let copy = mine.get(&format!("{LIST}/{id}/certified-copy")).await;
            match copy.status {
                StatusCode::OK => answers.push(text_of(&archive, &copy.body)),
                _ => answers.push(copy.text()),
            }
        }
        let answers = answers.join("\n");
        let own = &seen[owner as usize];
        for word in &all {
            assert_eq!(
                answers.contains(word),
                own.contains(word),
                "{owner}: {word} of {made:?}"
            );
        }
        for other in (0..3).filter(|other| *other != owner) {
            assert!(
                !answers.contains(name(other)) && !answers.contains(&number(100 + other)),
                "{owner}: {made:?}"
            );
        }
        assert!(!answers.contains("13912345678"));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, max_shrink_iters: 20, ..ProptestConfig::default() })]

    #[test]
    fn nobody_sees_what_is_not_theirs(made in cases()) {
        tokio::runtime::Runtime::new().unwrap().block_on(check(&made));
    }
}

/// The log holds no name, number or code of a citizen, whatever they did.
#[tokio::test]
async fn the_log_knows_citizens_by_their_codes_only() {
    let archive = TestArchive::empty().await;
    let own = number(123);
    archive
        .add(&of(1, NAME, &own, &[(DocumentKind::Decision, "决定书")]))
        .await;
    let api = Api::of(&archive).await;
    let issued = issue(&api, NAME, &own).await;
    let code = issued["code"].as_str().unwrap();
    let (_, mine) = sign_in(&api, NAME, &own, code, "").await;
    let id = archive.id(1).await;
    for path in [
        "cases".to_owned(),
        format!("cases/{id}"),
        "accesses".into(),
        format!("cases/{id}/certified-copy"),
    ] {
        assert_eq!(
            mine.get(&format!("/api/v1/citizen/{path}")).await.status,
            StatusCode::OK
        );
    }
    sign_in(&api, NAME, &own, "x", "").await;
    let entries = archive.access().audit_entries(&Default::default(), 100).await.unwrap();
    let log = format!("{entries:?}");
    for part in [NAME, own.as_str(), "19900101", code, &code.replace('-', "")] {
        assert!(!log.contains(part), "{part}");
    }
    let actor = format!("citizen:{}", issued["id"].as_str().unwrap());
    let done: Vec<&str> = entries
        .iter()
        .filter(|e| e.entry.actor == actor)
        .map(|e| e.entry.action.code())
        .collect();
    assert_eq!(
        done,
        ["certified_copy", "own_accesses", "view_case", "own_cases", "sign_in"]
    );
    assert!(
        entries
            .iter()
            .filter(|e| e.entry.actor == actor)
            .all(|e| e.entry.role.as_deref() == Some("citizen"))
    );
}
