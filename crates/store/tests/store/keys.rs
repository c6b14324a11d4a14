//! Passphrases, recovery key, accounts.

use clinotype_store::{AuditQuery, Role, Store, StoreErrorKind, Unlock};

use crate::support::{Fixture, PASSPHRASE, at, kept, options, person, unlock};

fn with<'a>(user_id: &'a str, passphrase: &'a str) -> Unlock<'a> {
    Unlock::Passphrase { user_id, passphrase }
}

fn refused(fixture: &Fixture, unlock: Unlock<'_>) -> StoreErrorKind {
    Store::open(&fixture.folder(), unlock, options(), at(50))
        .unwrap_err()
        .kind
}

#[test]
fn a_wrong_passphrase_changes_nothing_and_is_told_later() {
    let mut fixture = Fixture::new();
    fixture.case("S-1");
    fixture.close();
    let before = kept(&fixture.folder());
    for unlock in [
        with("ada", "correct horse batterx"),
        with("ada", ""),
        with("nobody", PASSPHRASE),
        Unlock::Recovery {
            user_id: "ada",
            key: "0000-0000-0000-0000-0000-0000-0000-0000",
        },
        Unlock::Recovery {
            user_id: "ada",
            key: "not a key",
        },
    ] {
        assert_eq!(refused(&fixture, unlock), StoreErrorKind::WrongPassphrase);
        assert!(before == kept(&fixture.folder()), "a file changed");
    }
    let recovered = fixture.reopen();
    assert_eq!(recovered.failed_unlocks, 5);
    let query = AuditQuery {
        action: Some("failed unlocks".to_owned()),
        limit: 10,
        ..AuditQuery::default()
    };
    let page = fixture.store().audit(&fixture.act(), &query).unwrap();
    assert_eq!(page.total, 1);
    let told = page.entries[0].new.as_deref().unwrap();
    assert!(
        told.contains("\"count\":5") && told.contains("ada") && !told.contains("nobody"),
        "{told}"
    );
    assert_eq!(fixture.reopen().failed_unlocks, 0);
}

#[test]
fn a_short_passphrase_is_refused_and_a_long_one_needs_nothing_else() {
    let fixture = Fixture::new();
    let add = |id: &str, passphrase: &str| {
        fixture
            .store()
            .add_user(&fixture.act(), &person(id, Role::Reviewer), passphrase)
            .map(|u| u.user_id)
            .map_err(|e| e.kind)
    };
    assert_eq!(add("bo", "elevenchars"), Err(StoreErrorKind::PassphraseTooShort));
    assert_eq!(add("bo", "twelve chars").as_deref(), Ok("bo"));
    assert_eq!(add("bo", "twelve chars"), Err(StoreErrorKind::AlreadyExists));
    assert_eq!(add("b o", "twelve chars"), Err(StoreErrorKind::Input));
}

#[test]
fn changing_a_passphrase_keeps_the_data_and_ends_the_old_one() {
    let mut fixture = Fixture::new();
    let case = fixture.case("S-1");
    let store = fixture.store();
    let wrong = store.change_passphrase(&fixture.act(), "ada", "not the old one", "a new passphrase");
    assert_eq!(wrong.unwrap_err().kind, StoreErrorKind::WrongPassphrase);
    store
        .change_passphrase(&fixture.act(), "ada", PASSPHRASE, "a new passphrase")
        .unwrap();
    fixture.close();
    assert_eq!(refused(&fixture, unlock()), StoreErrorKind::WrongPassphrase);
    let opened = Store::open(&fixture.folder(), with("ada", "a new passphrase"), options(), at(50)).unwrap();
    assert_eq!(opened.store.peek_case(case.id).unwrap().sample, case.sample);
}

#[test]
fn the_recovery_key_opens_until_it_is_replaced() {
    let mut fixture = Fixture::new();
    let printed = fixture.recovery.to_string();
    fixture.close();
    let recovery = |key| Unlock::Recovery { user_id: "ada", key };
    let typed = printed.to_lowercase().replace('-', " ");
    let opened = Store::open(&fixture.folder(), recovery(&typed), options(), at(50)).unwrap();
    let act = fixture.act();
    opened.store.reset_passphrase(&act, "ada", "a new passphrase").unwrap();
    let second = opened.store.new_recovery_key(&act).unwrap().to_string();
    opened.store.close().unwrap();
    assert_eq!(refused(&fixture, recovery(&printed)), StoreErrorKind::WrongPassphrase);
    Store::open(&fixture.folder(), recovery(&second), options(), at(50)).unwrap();
    Store::open(&fixture.folder(), with("ada", "a new passphrase"), options(), at(50)).unwrap();
}

#[test]
fn a_closed_account_opens_nothing_and_is_not_given_away() {
    let mut fixture = Fixture::new();
    let act = fixture.act();
    let last = fixture.store().deactivate_user(&act, "ada").unwrap_err();
    assert_eq!(last.kind, StoreErrorKind::NotAllowed);
    fixture
        .store()
        .add_user(&act, &person("bo", Role::Viewer), "twelve chars")
        .unwrap();
    let names: Vec<_> = Store::login_names(&fixture.folder()).unwrap();
    assert_eq!(
        names.iter().map(|n| n.user_id.as_str()).collect::<Vec<_>>(),
        ["ada", "bo"]
    );
    fixture.store().check_passphrase("bo", "twelve chars", at(61)).unwrap();
    fixture.store().deactivate_user(&act, "bo").unwrap();
    let again = fixture
        .store()
        .add_user(&act, &person("bo", Role::Viewer), "twelve chars");
    assert_eq!(again.unwrap_err().kind, StoreErrorKind::AlreadyExists);
    fixture.close();
    assert_eq!(
        refused(&fixture, with("bo", "twelve chars")),
        StoreErrorKind::WrongPassphrase
    );
    fixture.reopen();
    let users = fixture.store().users().unwrap();
    assert_eq!(users.iter().map(|u| u.active).collect::<Vec<_>>(), [true, false]);
}

#[test]
fn nothing_on_disk_can_be_read_without_the_key() {
    let mut fixture = Fixture::new();
    let case = fixture.case("S-FINDME-1");
    fixture
        .store()
        .set_notes(&fixture.act(), case.id, "PLANTED-NOTE-TEXT")
        .unwrap();
    let open = crate::support::bytes(&fixture.folder());
    fixture.close();
    let mut all: Vec<_> = open.into_values().collect();
    all.extend(crate::support::bytes(&fixture.folder()).into_values());
    for needle in ["FINDME", "PLANTED", "SQLite format", PASSPHRASE] {
        for content in &all {
            let found = content.windows(needle.len()).any(|w| w == needle.as_bytes());
            assert!(!found, "{needle} lies in plain on disk");
        }
    }
}
