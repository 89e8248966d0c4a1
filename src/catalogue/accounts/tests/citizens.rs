//! Access codes, logins of citizens, certified copies.

use proptest::prelude::*;
use serde_json::json;

use sqlx::Row;

use super::super::accesses::looks;
use super::*;
use crate::access::{Action, Citizen, CitizenIdentity, CodeTerms, Keyring, Outcome, ReadableCode};
use crate::catalogue::CertifiedCopy;
use crate::record::{CivilDate, CreditCode, IdNumber};

const NAME: &str = "王小明";
const DAY: i64 = 24 * 3600;

fn number(head: &str) -> String {
    format!("{head}{}", IdNumber::check_character(head).unwrap())
}

fn own_number() -> String {
    number("14022419900101123")
}

async fn office() -> Office {
    let office = Office::open().await;
    Keyring::open_or_make(office.store.keys()).unwrap();
    office
}

impl Office {
    async fn issue(&self, name: &str, number: &str, terms: CodeTerms) -> IssuedCode {
        let new = NewCode {
            name: name.into(),
            number: number.into(),
            terms,
        };
        self.store.issue_code(&new, &operator()).await.unwrap()
    }

    async fn enter_from(&self, address: &str, (name, number, code): (&str, &str, &str)) -> Result<Citizen> {
        let claim = CodeClaim {
            name: name.into(),
            number: number.into(),
            code: code.into(),
            address: Some(address.parse().unwrap()),
        };
        self.store.identify(&claim, &Actor::unknown()).await
    }

    async fn enter(&self, claim: (&str, &str, &str)) -> Result<Citizen> {
        self.enter_from("192.0.2.7", claim).await
    }

    async fn state(&self) -> CodeState {
        self.store.codes(1).await.unwrap()[0].state
    }
}

/// Another code of the right form.
fn other(code: &ReadableCode) -> String {
    let other = ReadableCode::random();
    assert_ne!(other, *code);
    other.to_string()
}

#[tokio::test]
async fn a_code_opens_a_session_of_its_owner() {
    let office = office().await;
    let issued = office
        .issue(" 王 小明", &own_number().to_lowercase(), CodeTerms::default())
        .await;
    let typed = issued.code.to_string().to_lowercase().replace('-', " ");
    let citizen = office.enter((NAME, &own_number(), &typed)).await.unwrap();
    assert_eq!(
        (citizen.name.as_str(), citizen.number.as_str()),
        (NAME, own_number().as_str())
    );
    let secret = office
        .store
        .begin_citizen_session(&citizen, &Actor::unknown())
        .await
        .unwrap();
    assert_eq!(
        office.store.citizen_of_session(&secret).await.unwrap(),
        Some(citizen.clone())
    );
    assert_eq!(Secret::parse(SecretKind::Session, secret.reveal()), None);
    assert_eq!(office.store.viewer_of_session(&secret).await.unwrap(), None);

    // The session ends with the time since its last request, with its hour, and with the code.
    office.wait(14 * 60);
    assert!(office.store.citizen_of_session(&secret).await.unwrap().is_some());
    office.wait(16 * 60);
    assert!(office.store.citizen_of_session(&secret).await.unwrap().is_none());
    let secret = office
        .store
        .begin_citizen_session(&citizen, &Actor::unknown())
        .await
        .unwrap();
    for _ in 0..6 {
        office.wait(10 * 60);
        let _ = office.store.citizen_of_session(&secret).await.unwrap();
    }
    assert!(office.store.citizen_of_session(&secret).await.unwrap().is_none());
    let secret = office
        .store
        .begin_citizen_session(&citizen, &Actor::unknown())
        .await
        .unwrap();
    office.store.revoke_code(&issued.id, &operator()).await.unwrap();
    assert!(office.store.citizen_of_session(&secret).await.unwrap().is_none());
    let again = office.store.revoke_code(&issued.id, &operator()).await;
    assert_eq!(refusal(again), AccessRefusal::NoCode);
}

#[tokio::test]
async fn a_code_of_an_organisation_is_that_of_the_person_it_authorised() {
    let office = office().await;
    let head = "91140224MA452L25D";
    let credit = format!("{head}{}", CreditCode::check_character(head).unwrap());
    let issued = office.issue(NAME, &credit, CodeTerms::default()).await;
    let code = issued.code.to_string();
    assert_eq!(
        refusal(office.enter(("李小四", &credit, &code)).await),
        AccessRefusal::CitizenSignIn
    );
    assert!(office.enter((NAME, &credit, &code)).await.is_ok());
    // Another authorised person has another code, and both are good.
    let second = office.issue("李小四", &credit, CodeTerms::default()).await;
    assert!(office.enter(("李小四", &credit, second.code.as_str())).await.is_ok());
    assert!(office.enter((NAME, &credit, &code)).await.is_ok());
}

/// A code that is revoked, over, used up or replaced is never good again, neither with the right name nor later.
#[tokio::test]
async fn a_replayed_code_opens_nothing() {
    let office = office().await;
    let own = own_number();
    let terms = CodeTerms {
        days: 3,
        tries: 3,
        uses: 2,
    };
    let first = office.issue(NAME, &own, terms).await;
    let second = office.issue(NAME, &own, terms).await;
    let refused = |result| refusal(result) == AccessRefusal::CitizenSignIn;
    assert!(
        refused(office.enter((NAME, &own, first.code.as_str())).await),
        "replaced"
    );
    let code = second.code.as_str();
    assert!(office.enter((NAME, &own, code)).await.is_ok());
    assert!(office.enter((NAME, &own, code)).await.is_ok());
    assert!(refused(office.enter((NAME, &own, code)).await), "used up");
    assert_eq!(office.state().await, CodeState::UsedUp);

    let third = office.issue(NAME, &own, terms).await;
    office.wait(3 * DAY);
    assert!(refused(office.enter((NAME, &own, third.code.as_str())).await), "over");
    assert_eq!(office.state().await, CodeState::Over);

    let fourth = office.issue(NAME, &own, terms).await;
    for _ in 0..3 {
        assert!(refused(office.enter((NAME, &own, &other(&fourth.code))).await));
        // Long enough for locks to end: the tries of the code are used up all the same.
        office.wait(3600);
    }
    assert!(
        refused(office.enter((NAME, &own, fourth.code.as_str())).await),
        "no try is left"
    );
    assert_eq!(office.state().await, CodeState::UsedUp);
    for bent in [
        "UPDATE access_codes SET failures = 0",
        "UPDATE access_codes SET uses = 0, most_uses = 9",
        "UPDATE access_codes SET ends_at = ends_at + 1",
        "UPDATE access_codes SET revoked_at = NULL WHERE revoked_at IS NOT NULL",
    ] {
        assert!(office.sql(bent).await.is_err(), "{bent}");
    }
}

/// Whatever is wrong: the same answer, one password hash, one entry in the log that says the same.
#[tokio::test]
async fn every_failure_looks_alike_and_costs_the_same() {
    let office = office().await;
    let own = own_number();
    let issued = office.issue(NAME, &own, CodeTerms::default()).await;
    let code = issued.code.to_string();
    let unknown = number("14022419900101126");
    let long = "长".repeat(10_000);
    let mut entries = Vec::new();
    let mut address = 0;
    let mut fail = async |claim: (&str, &str, &str), what: &str| {
        address += 1;
        let before = office.store.password_runs();
        let result = office.enter_from(&format!("192.0.2.{address}"), claim).await;
        assert_eq!(refusal(result), AccessRefusal::CitizenSignIn, "{what}");
        assert_eq!(office.store.password_runs() - before, 1, "{what}");
        let log = office.store.audit_entries(&AuditFilter::default(), 1).await.unwrap();
        let entry = log.into_iter().next().unwrap();
        entries.push((
            entry.sequence,
            entry.entry.actor,
            entry.entry.action,
            entry.entry.outcome,
            entry.entry.details,
        ));
    };
    fail(("李小四", &own, &code), "unknown name").await;
    fail((NAME, &unknown, &code), "unknown number").await;
    fail((NAME, &own, &other(&issued.code)), "wrong code").await;
    fail((NAME, "140224199001011230", &code), "no number").await;
    fail((NAME, &own, "0000"), "no code").await;
    fail(("", "", ""), "nothing").await;
    fail((&long, &long, &long), "too long").await;
    for _ in 0..5 {
        fail((NAME, &own, "0000"), "locked soon").await;
    }
    fail((NAME, &own, &code), "locked, with the right code").await;
    office.store.revoke_code(&issued.id, &operator()).await.unwrap();
    fail((NAME, &own, &code), "revoked").await;
    let (first, ..) = entries[0];
    for (at, (_, actor, action, outcome, details)) in entries.iter().enumerate() {
        assert_eq!(
            (actor.as_str(), *action, *outcome, details.as_str()),
            ("-", Action::SignIn, Outcome::Refused, r#"{"by":"access_code"}"#),
            "{at}"
        );
    }
    assert!(entries.last().unwrap().0 > first);
}

#[tokio::test]
async fn an_address_that_tries_many_numbers_is_locked_and_staff_are_not() {
    let office = office().await;
    office.staff("zhao").await;
    let own = own_number();
    let issued = office.issue(NAME, &own, CodeTerms::default()).await;
    for n in 0..20 {
        let other = number(&format!("140224199001012{n:02}"));
        let result = office
            .enter_from("192.0.2.1", (NAME, &other, issued.code.as_str()))
            .await;
        assert_eq!(refusal(result), AccessRefusal::CitizenSignIn);
    }
    let claim = (NAME, own.as_str(), issued.code.as_str());
    assert!(office.enter_from("192.0.2.1", claim).await.is_err());
    assert!(office.enter_from("192.0.2.2", claim).await.is_ok());
    assert!(office.sign_in("zhao", PASSWORD).await.is_ok());
}

/// At the same time, too: the tries are counted where nobody can pass.
#[tokio::test(flavor = "multi_thread")]
async fn tries_at_the_same_time_are_all_counted() {
    let office = Arc::new(office().await);
    let own = own_number();
    let terms = CodeTerms {
        uses: 2,
        ..CodeTerms::default()
    };
    let issued = office.issue(NAME, &own, terms).await;
    let mut entering = tokio::task::JoinSet::new();
    for n in 0..6 {
        let (office, own, code) = (Arc::clone(&office), own.clone(), issued.code.clone());
        entering.spawn(async move {
            office
                .enter_from(&format!("192.0.2.{n}"), (NAME, &own, code.as_str()))
                .await
                .is_ok()
        });
    }
    let mut let_in = 0;
    while let Some(done) = entering.join_next().await {
        let_in += u32::from(done.unwrap());
    }
    assert_eq!(let_in, 2);
}

#[tokio::test]
async fn no_name_number_or_code_is_in_the_file_or_the_log() {
    let office = office().await;
    let own = own_number();
    let issued = office.issue(NAME, &own, CodeTerms::default()).await;
    let citizen = office.enter((NAME, &own, issued.code.as_str())).await.unwrap();
    let secret = office
        .store
        .begin_citizen_session(&citizen, &Actor::unknown())
        .await
        .unwrap();
    let _ = office.enter((NAME, &own, "falsch")).await;
    office
        .store
        .end_citizen_session(&secret, &Actor::unknown().citizen(&citizen))
        .await
        .unwrap();
    let list = office.store.codes(10).await.unwrap();
    assert_eq!(list[0].name, "王**");
    assert!(list[0].number.starts_with("1402*"));
    assert!(!format!("{list:?} {issued:?} {citizen:?}").contains("19900101"));
    office.store.close().await;
    for file in ["access.db", "access.db-wal"] {
        let bytes = std::fs::read(office.folder.path().join("data").join(file)).unwrap_or_default();
        for part in [
            NAME,
            own.as_str(),
            issued.code.as_str(),
            &issued.code.to_string(),
            secret.reveal(),
        ] {
            assert!(
                !bytes.windows(part.len()).any(|window| window == part.as_bytes()),
                "{file}"
            );
        }
    }
}

#[tokio::test]
async fn a_code_outlives_a_change_of_the_key() {
    let office = office().await;
    let own = own_number();
    let issued = office.issue(NAME, &own, CodeTerms::default()).await;
    office.store.keys().add_archive_key().unwrap();
    assert!(office.enter((NAME, &own, issued.code.as_str())).await.is_ok());
    let second = office.issue(NAME, &own, CodeTerms::default()).await;
    assert!(
        office.enter((NAME, &own, issued.code.as_str())).await.is_err(),
        "replaced"
    );
    assert!(office.enter((NAME, &own, second.code.as_str())).await.is_ok());
}

#[tokio::test]
async fn wrong_people_and_numbers_get_no_code() {
    let office = office().await;
    let terms = CodeTerms::default();
    for (name, number, expected) in [
        ("王", own_number(), AccessRefusal::CitizenName),
        (NAME, "140224199001011230".to_owned(), AccessRefusal::CitizenNumber),
        (NAME, String::new(), AccessRefusal::CitizenNumber),
    ] {
        let new = NewCode {
            name: name.into(),
            number,
            terms,
        };
        assert_eq!(refusal(office.store.issue_code(&new, &operator()).await), expected);
    }
    assert_eq!(office.store.password_runs(), 0);
}

#[tokio::test]
async fn a_copy_is_verified_by_its_code_and_guessing_has_an_end() {
    let office = office().await;
    let code = ReadableCode::random();
    let copy = CertifiedCopy {
        issued_on: CivilDate::parse("2026-06-30").unwrap(),
        sha256: "ab".repeat(32),
    };
    let entry = operator().entry(Action::CertifiedCopy, Outcome::Done, &json!({}));
    office.store.record_copy(&code, &copy, entry).await.unwrap();
    let verify = async |typed: &str, address: &str| {
        let address = Some(address.parse().unwrap());
        office.store.verify_copy(typed, address, &Actor::unknown()).await
    };
    let typed = code.to_string().to_lowercase();
    assert_eq!(verify(&typed, "192.0.2.1").await.unwrap(), Some(copy.clone()));
    for none in [other(&code), "0".into(), "../../x".into()] {
        assert_eq!(verify(&none, "192.0.2.1").await.unwrap(), None);
    }
    for _ in 4..60 {
        verify("x", "192.0.2.1").await.unwrap();
    }
    let waiting = refusal(verify(&typed, "192.0.2.1").await);
    assert!(matches!(
        waiting,
        AccessRefusal::TooManyVerifications { seconds: 1..=900 }
    ));
    assert!(verify(&typed, "192.0.2.2").await.unwrap().is_some());
    assert!(office.sql("DELETE FROM certified_copies").await.is_err());
    assert!(office.sql("UPDATE certified_copies SET sha256 = ''").await.is_err());
}

/// The log grows for ever, the looks at one case do not: they are found by its index.
#[tokio::test]
async fn who_looked_is_found_by_the_index() {
    let office = office().await;
    let ids = ["a".to_owned(), "b".to_owned()];
    let mut explain = looks("EXPLAIN QUERY PLAN SELECT *", &ids, "x", (Some(9), 5));
    let mut read = office.store.inner.read().await.unwrap();
    let plan = explain.build().fetch_all(&mut *read).await.unwrap();
    let plan: Vec<String> = plan.iter().map(|row| row.try_get("detail").unwrap()).collect();
    assert!(
        plan.iter().any(|step| step.contains("audit_by_case (case_id=?")),
        "{plan:?}"
    );
    assert!(!plan.iter().any(|step| step.starts_with("SCAN audit_log")), "{plan:?}");
}

/// What somebody does who has a code or guesses.
#[derive(Clone, Copy, Debug)]
enum Try {
    Right,
    Wrong,
    WrongName,
    Malformed,
    Wait(i64),
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// A model of one code: no sequence of tries beyond its limits opens anything, and none within them is refused.
    #[test]
    fn no_sequence_of_tries_beyond_the_limit_opens_anything(
        tries in prop::collection::vec(prop_oneof![
            3 => Just(Try::Wrong),
            2 => Just(Try::Right),
            1 => Just(Try::WrongName),
            1 => Just(Try::Malformed),
            2 => prop_oneof![Just(60_i64), Just(16 * 60), Just(2 * DAY)].prop_map(Try::Wait),
        ], 1..14),
        most in 1_u32..4,
    ) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let office = office().await;
            let own = own_number();
            let terms = CodeTerms { days: 3, tries: most, uses: 2 };
            let issued = office.issue(NAME, &own, terms).await;
            let (mut failures, mut uses, mut elapsed) = (0, 0, 0);
            // Failures of the number that count together, when they began, until when it is locked.
            let (mut counted, mut locked_until): (u32, i64) = (0, 0);
            let mut began: Option<i64> = None;
            for step in tries {
                let (name, code) = match step {
                    Try::Wait(seconds) => {
                        office.wait(seconds);
                        elapsed += seconds;
                        continue;
                    }
                    Try::Right => (NAME, issued.code.to_string()),
                    Try::Wrong => (NAME, other(&issued.code)),
                    Try::WrongName => ("李小四", issued.code.to_string()),
                    Try::Malformed => (NAME, "0000-0000-0000".to_owned()),
                };
                let opened = office.enter((name, &own, &code)).await.is_ok();
                let good = failures < most && uses < 2 && elapsed < 3 * DAY;
                let locked = elapsed < locked_until;
                let right = matches!(step, Try::Right);
                assert_eq!(opened, right && good && !locked, "{step:?} after {failures} failures");
                if locked {
                    continue;
                }
                if opened {
                    uses += 1;
                    (counted, began) = (0, None);
                    continue;
                }
                if good && matches!(step, Try::Wrong | Try::Malformed) {
                    failures += 1;
                }
                if began.is_some_and(|began| began < elapsed - 15 * 60) && locked_until < elapsed {
                    (counted, began) = (0, None);
                }
                began = began.or(Some(elapsed));
                counted += 1;
                if counted == 5 {
                    (counted, began, locked_until) = (0, Some(elapsed), elapsed + 15 * 60);
                }
            }
        });
    }
}
