//! Citizens: what they see of their own files, and that they see nothing else. All people are invented.

mod copies;
mod leaks;
mod logins;
mod visits;

use juanzong::record::{
    CaseFields, CaseRecord, DocumentKind, DocumentRecord, Evidence, Fact, FactSource, FieldName, IdNumber,
};
use serde_json::json;

use super::matrix::{Needs, ROUTES, ask, told};
use super::*;
use crate::support::{case, code, hash, page};

pub(super) const NAME: &str = "王小明";
pub(super) const OTHER: &str = "李小四";
const AGENT: &str = "钱代办";

pub(super) fn number(serial: u32) -> String {
    let head = format!("14022419900101{serial:03}");
    format!("{head}{}", IdNumber::check_character(&head).unwrap())
}

/// A case of somebody, with the papers of these kinds, each of one page with these lines.
pub(super) fn of(n: u32, name: &str, number: &str, papers: &[(DocumentKind, &str)]) -> CaseRecord {
    let mut made = case(n, "2019-05-07", "granted", &format!("{name}食品经营许可"), &[]);
    made.facts.retain(|fact| fact.evidence.is_none());
    set(&mut made, FieldName::DecidedOn, "2019-05-07");
    set(&mut made, FieldName::ApplicantName, name);
    set(&mut made, FieldName::ApplicantIdNumber, number);
    made.documents = (1_u32..)
        .zip(papers)
        .map(|(ordinal, (kind, text))| DocumentRecord {
            ordinal,
            title: kind.label_zh().into(),
            kind: *kind,
            source_name: format!("{ordinal}.pdf"),
            file_sha256: Some(hash(1000 * n + ordinal)),
            part: None,
            failure: None,
            pages: vec![page(1, text)],
        })
        .collect();
    made
}

/// Sets a field as the catalogue of the archive does.
pub(super) fn set(case: &mut CaseRecord, field: FieldName, value: &str) {
    case.facts.retain(|fact| fact.field != field);
    case.facts.push(Fact {
        field,
        value: value.into(),
        as_read: None,
        source: FactSource::Catalogue,
        origin: "manifest.csv".into(),
        evidence: None,
    });
    case.fields = CaseFields::resolve(&case.facts);
}

/// A fact that was read on a page of a paper.
fn read_fact(n: u32, ordinal: u32, field: FieldName, value: &str) -> Fact {
    Fact {
        field,
        value: value.into(),
        as_read: None,
        source: FactSource::Extraction,
        origin: "test".into(),
        evidence: Some(Evidence {
            file_sha256: hash(1000 * n + ordinal),
            page: 1,
            area: None,
            confidence: 0.9,
        }),
    }
}

/// Somebody who may have a cookie.
pub(super) struct Visitor<'a> {
    pub(super) api: &'a Api,
    pub(super) cookie: String,
}

impl Visitor<'_> {
    pub(super) async fn send(&self, method: &str, path: &str, body: &Value) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(encode(path))
            .header("cookie", &self.cookie)
            .header("content-type", "application/json");
        let body = Body::from(body.to_string());
        self.api.nobody().send(request.body(body).unwrap()).await
    }

    pub(super) async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &Value::Null).await
    }
}

async fn issue(api: &Api, name: &str, number: &str) -> Value {
    let body = json!({"name": name, "number": number, "identity_checked": true});
    let request = Request::post("/api/v1/citizen/codes").header("content-type", "application/json");
    let answer = api.send(request.body(Body::from(body.to_string())).unwrap()).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    answer.json()
}

async fn sign_in<'a>(api: &'a Api, name: &str, number: &str, code: &str, cookie: &str) -> (Answer, Visitor<'a>) {
    let visitor = Visitor {
        api,
        cookie: cookie.to_owned(),
    };
    let body = json!({"name": name, "number": number, "code": code});
    let answer = visitor.send("POST", "/api/v1/citizen/session", &body).await;
    let set = answer.header("set-cookie").split(';').next().unwrap().to_owned();
    (answer, Visitor { api, cookie: set })
}

/// Somebody who was given a code and logged in.
pub(super) async fn visitor<'a>(api: &'a Api, name: &str, number: &str) -> Visitor<'a> {
    let code = issue(api, name, number).await;
    let (answer, visitor) = sign_in(api, name, number, code["code"].as_str().unwrap(), "").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    visitor
}

pub(super) const LIST: &str = "/api/v1/citizen/cases";

#[tokio::test]
async fn the_counter_issues_lists_and_revokes_codes() {
    let archive = TestArchive::with_cases().await;
    let api = Api::of(&archive).await;
    let own = number(123);
    let issued = issue(&api, NAME, &own).await;
    assert_eq!((&issued["kind"], &issued["tries"]), (&json!("person"), &json!(5)));
    let slip = issued["slip"].as_str().unwrap();
    assert!(slip.contains(issued["code"].as_str().unwrap()) && slip.contains(NAME));
    assert!(!issued.to_string().contains(&own), "masked");
    let list = api.get("/api/v1/citizen/codes").await;
    let line = &list.json()["codes"][0];
    assert_eq!(
        (&line["name"], &line["state"], &line["state_label"], &line["issued_by"]),
        (
            &json!("王**"),
            &json!("good"),
            &json!("有效"),
            &json!("sunxm by token test")
        )
    );
    assert!(!list.text().contains(&own) && !list.text().contains(NAME));

    let (answer, mine) = sign_in(&api, NAME, &own, issued["code"].as_str().unwrap(), "").await;
    assert_eq!(answer.status, StatusCode::OK);
    let revoke = format!("/api/v1/citizen/codes/{}", issued["id"].as_str().unwrap());
    let request = || Request::delete(&revoke).body(Body::empty()).unwrap();
    assert_eq!(api.send(request()).await.status, StatusCode::NO_CONTENT);
    assert_eq!(api.send(request()).await.code(), "code_not_found");
    assert_eq!(mine.get(LIST).await.code(), "not_signed_in", "its sessions end with it");

    let post = async |body: Value| {
        let request = Request::post("/api/v1/citizen/codes").header("content-type", "application/json");
        api.send(request.body(Body::from(body.to_string())).unwrap())
            .await
            .code()
    };
    for (name, number, checked, expected) in [
        (NAME, own.as_str(), false, "identity_not_checked"),
        ("王", own.as_str(), true, "citizen_name"),
        (NAME, "140224199001011230", true, "citizen_number"),
    ] {
        let body = json!({"name": name, "number": number, "identity_checked": checked});
        assert_eq!(post(body).await, expected);
    }
    assert_eq!(post(json!({"name": NAME, "number": own})).await, "invalid_body");
}

#[tokio::test]
async fn the_own_history_is_told_in_plain_words() {
    let archive = TestArchive::empty().await;
    let own = number(123);
    for (n, decided_on) in [(1, "2015-03-02"), (2, "2019-05-07"), (3, "2017-01-09")] {
        let mut made = of(
            n,
            NAME,
            &own,
            &[
                (DocumentKind::Application, "申请书"),
                (DocumentKind::Decision, "决定书"),
            ],
        );
        set(&mut made, FieldName::DecidedOn, decided_on);
        set(&mut made, FieldName::AppliedOn, "2015-01-01");
        archive.add(&made).await;
    }
    archive
        .add(&of(4, OTHER, &number(124), &[(DocumentKind::Decision, "决定书")]))
        .await;
    let api = Api::of(&archive).await;
    let mine = visitor(&api, NAME, &own).await;
    let json = mine.get(LIST).await.json();
    let codes: Vec<&str> = json["cases"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| c["archival_code"].as_str().unwrap())
        .collect();
    assert_eq!(codes, [code(2).to_string(), code(3).to_string(), code(1).to_string()]);
    assert_eq!(json["total"], 3);
    let newest = &json["cases"][0];
    assert_eq!(newest["status"], "准予许可（2019年5月7日）");
    assert_eq!(newest["missing"], json!(["缺少受理通知书", "缺少送达回证"]));
    assert_eq!(newest["stages"][0]["text"], "您于2015年1月1日提交了申请");
    let stages: Vec<&str> = newest["stages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| s["stage"].as_str().unwrap())
        .collect();
    assert_eq!(stages, ["application", "acceptance", "decision", "service"]);
    let second = mine.get("/api/v1/citizen/cases?page=2&size=2").await.json();
    assert_eq!(
        (second["cases"].as_array().unwrap().len(), &second["total"]),
        (1, &json!(3))
    );
    assert_eq!(
        mine.get("/api/v1/citizen/cases?page=0").await.code(),
        "invalid_parameter"
    );
    assert_eq!(
        mine.get("/api/v1/citizen/cases?size=101").await.code(),
        "size_out_of_range"
    );

    let who = mine.get("/api/v1/citizen/session").await.json();
    assert_eq!((&who["name"], &who["kind"]), (&json!(NAME), &json!("person")));
    let english = Request::get(LIST)
        .header("cookie", &mine.cookie)
        .header("accept-language", "en");
    let english = api.nobody().send(english.body(Body::empty()).unwrap()).await.json();
    assert_eq!(english["cases"][0]["status"], "granted (2019-05-07)");
}

/// Own names and numbers are shown, those of others are not, in text and on the image.
#[tokio::test]
async fn the_own_case_shows_the_own_papers_and_hides_others() {
    let archive = TestArchive::empty().await;
    let (own, agent) = (number(123), number(777));
    let application = format!("申请人{NAME}身份证号{own}\n委托代理人：{AGENT}\n其身份证号{agent}");
    let mut made = of(
        1,
        NAME,
        &own,
        &[
            (DocumentKind::Application, &application),
            (DocumentKind::Review, "审查意见"),
            (DocumentKind::Other, "内部便函"),
        ],
    );
    made.facts.push(read_fact(1, 1, FieldName::PersonIdNumber, &agent));
    archive.add(&made).await;
    let api = Api::of(&archive).await;
    let mine = visitor(&api, NAME, &own).await;
    let id = archive.id(1).await;
    let shown = mine.get(&format!("{LIST}/{id}")).await.json();
    let documents = shown["documents"].as_array().unwrap();
    assert_eq!((documents.len(), &documents[0]["kind"]), (1, &json!("application")));
    assert_eq!(shown["applicant"], NAME);

    let page = mine.get(&format!("{LIST}/{id}/documents/1/pages/1")).await.json();
    let text = page["text"].as_str().unwrap();
    assert_eq!(
        text,
        format!("申请人{NAME}身份证号{own}\n委托代理人：***\n其身份证号******************")
    );
    let image = mine.get(&format!("{LIST}/{id}/documents/1/pages/1/image")).await;
    let pixels = image::load_from_memory(&image.body).unwrap().into_luma8();
    // Characters are squares of 50 pixels from (100, 100) on, lines 100 pixels apart; the image is half as large.
    let dark =
        |character: u32, line: u32| pixels.get_pixel((125 + 50 * character) / 2, (125 + 100 * line) / 2).0[0] < 60;
    assert!((0..28).all(|at| !dark(at, 0)), "the own line");
    assert!(!dark(4, 1) && (6..9).all(|at| dark(at, 1)), "the name of the agent");
    assert!(!dark(2, 2) && (5..23).all(|at| dark(at, 2)), "the number of the agent");
    for hidden in [2, 3, 4] {
        for end in ["", "/image"] {
            let answer = mine.get(&format!("{LIST}/{id}/documents/{hidden}/pages/1{end}")).await;
            assert_eq!(answer.code(), "page_not_found", "{hidden}{end}");
        }
    }
    assert_eq!(
        mine.get(&format!("{LIST}/{id}/documents/1/pages/2")).await.code(),
        "page_not_found"
    );
}

/// Nobody knows whose data stands on a page that could not be read.
#[tokio::test]
async fn the_image_of_an_unread_page_is_hidden() {
    let archive = TestArchive::empty().await;
    let own = number(123);
    let mut made = of(1, NAME, &own, &[(DocumentKind::Application, "")]);
    made.documents[0].pages[0].failure = Some(("ocr_failed".into(), String::new()));
    archive.add(&made).await;
    let api = Api::of(&archive).await;
    let mine = visitor(&api, NAME, &own).await;
    let path = format!("{LIST}/{}/documents/1/pages/1/image", archive.id(1).await);
    for width in ["", "?width=160"] {
        let image = mine.get(&format!("{path}{width}")).await;
        let pixels = image::load_from_memory(&image.body).unwrap().into_luma8();
        assert!(pixels.pixels().all(|pixel| pixel.0[0] < 20), "{width}");
    }
}

/// What is not an own case: classes of the matrix, each answered exactly like a case that does not exist.
#[tokio::test]
async fn a_case_that_is_not_ones_own_is_like_one_that_does_not_exist() {
    let archive = TestArchive::empty().await;
    let own = number(123);
    let papers = [(DocumentKind::Decision, "决定书")];
    let classes = [
        "own",
        "of another",
        "secret",
        "confidential",
        "withdrawn",
        "of an invalid number",
        "of a misread number",
    ];
    for (n, class) in (1..).zip(classes) {
        let mut made = of(n, NAME, &own, &papers);
        match class {
            "of another" => set(&mut made, FieldName::ApplicantIdNumber, &number(124)),
            "secret" => set(&mut made, FieldName::SecurityClass, "secret"),
            "confidential" => set(&mut made, FieldName::SecurityClass, "confidential"),
            "of an invalid number" => set(&mut made, FieldName::ApplicantIdNumber, "140224199001011230"),
            "of a misread number" => {
                made.facts.retain(|fact| fact.field != FieldName::ApplicantIdNumber);
                let mut fact = read_fact(n, 1, FieldName::ApplicantIdNumber, &own);
                fact.as_read = Some(own.replacen('9', "g", 1));
                made.facts.push(fact);
                made.fields = CaseFields::resolve(&made.facts);
                assert_eq!(made.fields.applicant_id_number.as_deref(), Some(own.as_str()));
            }
            _ => {}
        }
        archive.add(&made).await;
        if class == "withdrawn" {
            let case = archive.catalogue().case_by_code(&code(n)).await.unwrap().unwrap();
            archive.catalogue().set_withdrawn(case.case_key, true).await.unwrap();
        }
    }
    let api = Api::of(&archive).await;
    let mine = visitor(&api, NAME, &own).await;
    assert_eq!(mine.get(LIST).await.json()["total"], 1);
    let log = || async { archive.access().verify_audit(&[]).await.unwrap().entries };
    let routes = ROUTES
        .iter()
        .filter(|(_, path, needs, _)| *needs == Needs::Citizen && path.contains("{id}"));
    for (method, path, ..) in routes {
        let fill = |id: &str| path.replace("{id}", id).replace("{d}", "1").replace("{p}", "1");
        let method = method.to_uppercase();
        let before = log().await;
        let nowhere = mine.send(&method, &fill("0123456789abcdef0123"), &Value::Null).await;
        let entries = log().await - before;
        assert_eq!((nowhere.status, entries), (StatusCode::NOT_FOUND, 1), "{path}");
        for (n, class) in (1..).zip(classes) {
            let before = log().await;
            let answer = mine.send(&method, &fill(&archive.id(n).await), &Value::Null).await;
            if class == "own" {
                assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text());
            } else {
                assert_eq!(told(&answer), told(&nowhere), "{path}: {class}");
            }
            assert_eq!(log().await - before, 1, "{path}: {class}");
        }
        for wild in ["..", "%2e%2e%2f", "0", "' OR 1=1 --"] {
            assert_eq!(
                mine.send(&method, &fill(wild), &Value::Null).await.status,
                StatusCode::NOT_FOUND,
                "{path}"
            );
        }
    }
    let case = format!("/api/v1/citizen/accesses?case={}", archive.id(2).await);
    assert_eq!(mine.get(&case).await.code(), "case_not_found");
}

/// A person confirms a number: the case becomes the citizen's at once, and another's when it is corrected.
#[tokio::test]
async fn a_correction_says_whose_a_case_is() {
    use juanzong::catalogue::{Change, NewCorrection};
    let archive = TestArchive::empty().await;
    let own = number(123);
    archive
        .add(&of(
            1,
            NAME,
            "140224199001011230",
            &[(DocumentKind::Decision, "决定书")],
        ))
        .await;
    let api = Api::of(&archive).await;
    let mine = visitor(&api, NAME, &own).await;
    let total = async || mine.get(LIST).await.json()["total"].clone();
    assert_eq!(total().await, 0);
    let case = archive.catalogue().case_by_code(&code(1)).await.unwrap().unwrap();
    let invalid = "140224199001011230".to_owned();
    for (old, value, expected) in [(invalid, own.clone(), 1), (own.clone(), number(124), 0)] {
        let correction = NewCorrection {
            change: Change::Field {
                field: FieldName::ApplicantIdNumber,
                value,
                old: Some(old),
            },
            reason: None,
            author: "赵小满".into(),
        };
        archive.catalogue().correct(case.case_key, &correction).await.unwrap();
        assert_eq!(total().await, expected);
    }
}

/// Papers with which others are bound are not shown: nobody knows what stands on which page.
#[tokio::test]
async fn a_paper_with_another_in_it_is_not_shown() {
    let own = number(123);
    let papers = [
        (DocumentKind::Application, "申请书"),
        (DocumentKind::Decision, "决定书"),
    ];
    for (field, value, shown) in [
        (FieldName::BoundTitle, "审查意见表", 1),
        (FieldName::FurtherCase, "另一案卷", 1),
        (FieldName::WrittenKind, "review", 1),
        (FieldName::WrittenKind, "application", 2),
    ] {
        let archive = TestArchive::empty().await;
        let mut made = of(1, NAME, &own, &papers);
        made.facts.push(read_fact(1, 1, field, value));
        archive.add(&made).await;
        let api = Api::of(&archive).await;
        let mine = visitor(&api, NAME, &own).await;
        let id = archive.id(1).await;
        let answer = mine.get(&format!("{LIST}/{id}")).await.json();
        assert_eq!(
            answer["documents"].as_array().unwrap().len(),
            shown,
            "{field:?} {value}"
        );
        let page = mine.get(&format!("{LIST}/{id}/documents/1/pages/1")).await;
        assert_eq!(page.status == StatusCode::OK, shown == 2, "{field:?} {value}");
    }
}
