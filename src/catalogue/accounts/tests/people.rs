use super::*;

#[tokio::test]
async fn the_first_start_makes_three_administrators_once() {
    let office = Office::open().await;
    let made = office.store.first_administrators().await.unwrap();
    let roles: Vec<Role> = made.iter().map(|first| first.role).collect();
    assert_eq!(roles, Role::ADMINISTRATORS);
    assert!(office.store.first_administrators().await.unwrap().is_empty());
    for first in &made {
        let (_, viewer) = office.sign_in(first.name.as_str(), &first.password).await.unwrap();
        assert!(viewer.must_change_password && viewer.rights(office.store.today()).len() == 1);
        assert!(
            !viewer.may(first.role.rights()[0], office.store.today()),
            "only after the change"
        );
    }
    let entries = office.store.audit_entries(&AuditFilter::default(), 10).await.unwrap();
    assert_eq!(entries.len(), 6);
    assert!(
        entries
            .iter()
            .all(|sealed| made.iter().all(|first| !sealed.entry.details.contains(&first.password)))
    );
}

#[tokio::test]
async fn a_session_is_a_new_secret_and_ends() {
    let office = Office::open().await;
    let viewer = office.staff("zhao").await;
    assert_eq!(viewer.role(), Some(Role::Staff));
    let (first, _) = office.sign_in("ZHAO", PASSWORD).await.unwrap();
    let (second, _) = office.sign_in("zhao", PASSWORD).await.unwrap();
    assert_ne!(first, second);
    let found = |secret| {
        let store = office.store.clone();
        async move { store.viewer_of_session(&secret).await.unwrap() }
    };
    assert_eq!(found(first.clone()).await.unwrap().name.as_str(), "zhao");
    office.store.sign_out(&first, &operator()).await.unwrap();
    assert_eq!(found(first).await, None);
    // Used every quarter of an hour it lasts a working day, unused half an hour.
    for _ in 0..47 {
        office.wait(15 * 60);
        assert!(found(second.clone()).await.is_some());
    }
    office.wait(16 * 60);
    assert_eq!(found(second).await, None, "after twelve hours");
    let (third, _) = office.sign_in("zhao", PASSWORD).await.unwrap();
    office.wait(31 * 60);
    assert_eq!(found(third).await, None, "unused");
    assert_eq!(found(Secret::new(SecretKind::Session)).await, None);
}

#[tokio::test]
async fn whoever_guesses_has_to_wait_and_learns_nothing() {
    let office = Office::open().await;
    office.staff("zhao").await;
    for name in ["zhao", "nobody"] {
        for _ in 0..5 {
            assert_eq!(office.refusal(name, "wrong").await, AccessRefusal::SignIn, "{name}");
        }
        let locked = office.refusal(name, PASSWORD).await;
        assert_eq!(locked, AccessRefusal::TooManyAttempts { seconds: 900 }, "{name}");
    }
    office.wait(901);
    office.sign_in("zhao", PASSWORD).await.unwrap();
    // Ten of the failures from this address are forgotten by now; twenty new ones lock it for every name.
    for n in 0..20 {
        assert_eq!(
            office.refusal(&format!("guess{n}"), "wrong").await,
            AccessRefusal::SignIn
        );
    }
    assert!(matches!(
        office.refusal("zhao", PASSWORD).await,
        AccessRefusal::TooManyAttempts { .. }
    ));
    let log = office.store.audit_entries(&AuditFilter::default(), 100).await.unwrap();
    assert!(
        log.iter()
            .all(|sealed| !sealed.entry.details.contains("guess") && !sealed.entry.details.contains("nobody"))
    );
}

#[tokio::test]
async fn a_disabled_account_is_like_a_wrong_password() {
    let office = Office::open().await;
    let viewer = office.staff("zhao").await;
    let (secret, _) = office.sign_in("zhao", PASSWORD).await.unwrap();
    office.store.set_active(&viewer.name, false, &operator()).await.unwrap();
    assert_eq!(office.store.viewer_of_session(&secret).await.unwrap(), None);
    assert_eq!(office.store.viewer(&viewer.name).await.unwrap(), None);
    assert_eq!(office.refusal("zhao", PASSWORD).await, AccessRefusal::SignIn);
    office.store.set_active(&viewer.name, true, &operator()).await.unwrap();
    office.sign_in("zhao", PASSWORD).await.unwrap();
}

#[tokio::test]
async fn a_change_of_the_password_ends_other_sessions() {
    let office = Office::open().await;
    let viewer = office.staff("zhao").await;
    let (secret, _) = office.sign_in("zhao", PASSWORD).await.unwrap();
    let by = Actor::unknown();
    let change = |old: &'static str, new: &'static str| office.store.change_password(&viewer, old, new, &by);
    assert_eq!(refusal(change("wrong", "Ming-yue-8-shi").await), AccessRefusal::SignIn);
    for (new, weak) in [
        (PASSWORD, WeakPassword::Unchanged),
        ("short", WeakPassword::Length),
        ("zhaozhaozhaozhao-ABC", WeakPassword::Guessable),
    ] {
        assert_eq!(refusal(change(PASSWORD, new).await), AccessRefusal::Password(weak));
    }
    let fresh = office
        .store
        .change_password(&viewer, PASSWORD, "Ming-yue-8-shi", &operator())
        .await
        .unwrap();
    assert_eq!(office.store.viewer_of_session(&secret).await.unwrap(), None);
    assert!(office.store.viewer_of_session(&fresh).await.unwrap().is_some());
    assert_eq!(office.refusal("zhao", PASSWORD).await, AccessRefusal::SignIn);
}

/// 三员分立, in the code and in the tables.
#[tokio::test]
async fn administrators_stay_apart() {
    let office = Office::open().await;
    let made = office.store.first_administrators().await.unwrap();
    let name = |n: usize| made[n].name.clone();
    let security = office.store.viewer(&name(1)).await.unwrap().unwrap();
    let actor = Actor::unknown().known(&security);
    let role = |role| Grant::new(role, None).unwrap();

    let grant = |name: AccountName, granted: Option<Grant>| {
        let (store, actor) = (office.store.clone(), actor.clone());
        async move { store.grant(&name, granted.as_ref(), &actor).await }
    };
    assert_eq!(
        refusal(grant(name(1), Some(role(Role::SecurityAdmin))).await),
        AccessRefusal::OwnGrant
    );
    assert_eq!(refusal(grant(name(1), None).await), AccessRefusal::OwnGrant);
    for other in [Role::SecurityAdmin, Role::LogAdmin] {
        assert_eq!(
            refusal(grant(name(0), Some(role(other))).await),
            AccessRefusal::SecondAdministrator
        );
    }
    // Not by a detour either.
    grant(name(0), Some(staff())).await.unwrap();
    assert_eq!(
        refusal(grant(name(0), Some(role(Role::LogAdmin))).await),
        AccessRefusal::SecondAdministrator
    );
    let local = office.store.set_active(&name(1), false, &operator()).await;
    assert_eq!(refusal(local), AccessRefusal::LastSecurityAdmin);
    assert_eq!(
        refusal(office.store.grant(&name(1), None, &operator()).await),
        AccessRefusal::LastSecurityAdmin
    );

    let second = AccountName::parse("sec2").unwrap();
    office.store.add_account(&second, "钱学安", &operator()).await.unwrap();
    grant(second.clone(), Some(role(Role::SecurityAdmin))).await.unwrap();
    office.store.set_active(&name(1), false, &operator()).await.unwrap();
    assert_eq!(
        refusal(office.store.set_active(&second, false, &operator()).await),
        AccessRefusal::LastSecurityAdmin
    );

    for (sql, why) in [
        (
            "UPDATE accounts SET state = 'disabled' WHERE name = 'sec2'",
            "last_security_admin",
        ),
        (
            "UPDATE grants SET ended_at = 'now' WHERE role = 'security_admin' AND ended_at IS NULL \
             AND account_key = (SELECT account_key FROM accounts WHERE name = 'sec2')",
            "last_security_admin",
        ),
        (
            "INSERT INTO grants (account_key, role, granted_at) SELECT account_key, 'log_admin', 'now' FROM accounts \
             WHERE name = 'logadmin'",
            "UNIQUE",
        ),
        (
            "INSERT INTO grants (account_key, role, granted_at, ended_at) SELECT account_key, 'system_admin', 'now', \
             'now' FROM accounts WHERE name = 'logadmin'",
            "no_second_administrator",
        ),
        (
            "INSERT INTO grants (account_key, role, granted_by, granted_at, ended_at) SELECT account_key, 'log_admin', \
             account_key, 'now', 'now' FROM accounts WHERE name = 'logadmin'",
            "CHECK",
        ),
        ("UPDATE grants SET role = 'staff'", "grants_only_end"),
        ("DELETE FROM grants", "grants_stay"),
        ("DELETE FROM accounts", "accounts_stay"),
    ] {
        let error = office.sql(sql).await.unwrap_err().to_string();
        assert!(error.contains(why), "{sql}: {error}");
    }
}

#[tokio::test]
async fn names_are_taken_once() {
    let office = Office::open().await;
    let viewer = office.staff("zhao").await;
    let again = office.store.add_account(&viewer.name, "赵小满", &operator()).await;
    assert_eq!(refusal(again), AccessRefusal::NameTaken);
    let other = AccountName::parse("qian").unwrap();
    for person in ["", "赵\n", &"赵".repeat(61)] {
        let added = office
            .store
            .add_account(&other, person.trim_end_matches(' '), &operator())
            .await;
        if person != "赵\n" {
            assert_eq!(refusal(added), AccessRefusal::Text { what: "person" });
        }
    }
    let accounts = office.store.accounts().await.unwrap();
    assert_eq!(accounts[1].name.as_str(), "zhao");
    assert!(accounts[1].active && !accounts[1].must_change_password && accounts[1].grant == Some(staff()));
    let password = office.store.reset_password(&viewer.name, &operator()).await.unwrap();
    let (_, viewer) = office.sign_in("zhao", &password).await.unwrap();
    assert!(viewer.must_change_password);
}

#[tokio::test]
async fn a_token_does_what_it_says_until_it_ends() {
    let office = Office::open().await;
    let viewer = office.staff("zhao").await;
    let new = |rights: &[Right], days| NewToken {
        account: viewer.name.clone(),
        name: "report".into(),
        rights: rights.iter().copied().collect(),
        days,
    };
    let create = |new: NewToken| {
        let store = office.store.clone();
        async move { store.create_token(&new, &operator()).await }
    };
    assert_eq!(refusal(create(new(&[], 1)).await), AccessRefusal::TokenRights);
    assert_eq!(
        refusal(create(new(&[Right::ReadAudit], 1)).await),
        AccessRefusal::TokenRights
    );
    assert_eq!(
        refusal(create(new(&[Right::Search], 0)).await),
        AccessRefusal::TokenDays { most: 366 }
    );
    let secret = create(new(&[Right::Search], 2)).await.unwrap();
    assert_eq!(
        refusal(create(new(&[Right::Search], 2)).await),
        AccessRefusal::TokenTaken
    );
    let today = office.store.today();
    let found = office.store.viewer_of_token(&secret).await.unwrap().unwrap();
    assert_eq!(found.rights(today), BTreeSet::from([Right::Search]));
    office.wait(2 * 24 * 3600);
    assert_eq!(office.store.viewer_of_token(&secret).await.unwrap(), None, "over");
    office.wait(-3600);
    assert!(office.store.viewer_of_token(&secret).await.unwrap().is_some());
    office
        .store
        .revoke_token(&viewer.name, "report", &operator())
        .await
        .unwrap();
    assert_eq!(office.store.viewer_of_token(&secret).await.unwrap(), None, "revoked");
    assert_eq!(
        refusal(office.store.revoke_token(&viewer.name, "report", &operator()).await),
        AccessRefusal::NoToken
    );
    assert!(office.store.tokens().await.unwrap()[0].revoked_at.is_some());
}

/// What is stolen with the file opens nothing.
#[tokio::test]
async fn no_secret_and_no_password_is_in_the_file() {
    let office = Office::open().await;
    let viewer = office.staff("zhao").await;
    let (session, _) = office.sign_in("zhao", PASSWORD).await.unwrap();
    let new = NewToken {
        account: viewer.name.clone(),
        name: "report".into(),
        rights: BTreeSet::from([Right::Search]),
        days: 1,
    };
    let token = office.store.create_token(&new, &operator()).await.unwrap();
    office.store.close().await;
    let directory = DataDirectory::open(office.folder.path().join("data")).unwrap();
    let bytes = std::fs::read(directory.access_path()).unwrap();
    for secret in [PASSWORD, session.reveal(), token.reveal()] {
        assert!(!bytes.windows(secret.len()).any(|window| window == secret.as_bytes()));
    }
    assert!(bytes.windows(4).any(|window| window == b"zhao"), "the file was read");
}
