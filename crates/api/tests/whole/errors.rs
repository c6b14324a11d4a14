//! Gate, lock, and errors: each clear, none with a patient's data.

use std::io::Write as _;

use clinotype_api::{OPERATIONS, types::ErrorCode};
use clinotype_genome::fs;
use serde_json::{Value, json};

use crate::common::{Bench, PASSPHRASE, code, files, ok, refused, unlock};

#[test]
fn set_up_asks_for_what_it_needs() {
    let bench = Bench::new();
    let app = bench.app();
    assert_eq!(ok(&app, "status", json!({}))["gate"], "set_up");
    for (field, input) in [
        ("user", json!({"user": "Ada!", "name": "A", "passphrase": PASSPHRASE})),
        ("name", json!({"user": "ada", "name": " ", "passphrase": PASSPHRASE})),
        ("passphrase", json!({"user": "ada", "name": "A", "passphrase": "short"})),
    ] {
        let error = refused(&app, "set_up", input);
        assert_eq!(
            (error.code, error.place.as_deref()),
            (ErrorCode::InvalidInput, Some(field))
        );
    }
    assert!(
        !bench.store().exists() || files(&bench.store()).is_empty(),
        "a refused set-up leaves nothing"
    );
    let made = ok(
        &app,
        "set_up",
        json!({"user": "ada", "name": "Ada", "passphrase": PASSPHRASE}),
    );
    assert_eq!(made["status"]["gate"], "open");
    assert!(made["recovery_key"].as_str().unwrap().len() > 30);
    assert_eq!(
        code(
            &app,
            "set_up",
            json!({"user": "bob", "name": "Bob", "passphrase": PASSPHRASE})
        ),
        ErrorCode::WrongState
    );
}

#[test]
fn wrong_passphrases_wait_longer_and_longer_and_are_in_the_trail() {
    let bench = Bench::new();
    let app = bench.open();
    ok(&app, "lock", json!({}));
    let wrong = json!({"user": "ada", "passphrase": "not the right one"});
    for _ in 0..3 {
        assert_eq!(code(&app, "unlock", wrong.clone()), ErrorCode::WrongPassphrase);
    }
    // Now even the right one has to wait.
    let right = json!({"user": "ada", "passphrase": PASSPHRASE});
    let error = refused(&app, "unlock", right.clone());
    assert_eq!(error.code, ErrorCode::WrongState);
    assert!(error.hint.unwrap().contains("try again in"));
    bench.pass(1);
    assert_eq!(code(&app, "unlock", right.clone()), ErrorCode::WrongState);
    bench.pass(2);
    assert_eq!(
        code(&app, "unlock", json!({"user": "nobody", "passphrase": PASSPHRASE})),
        ErrorCode::WrongPassphrase
    );
    bench.pass(10);
    let status = ok(&app, "unlock", right);
    assert_eq!(status["gate"], "open");
    let warnings = status["warnings"].to_string();
    assert!(warnings.contains("attempts to unlock the store failed"), "{warnings}");
    let verdict = ok(&app, "verify_audit", json!({}));
    assert_eq!(verdict["intact"], true, "{verdict}");
}

#[test]
fn idle_time_locks_and_presence_keeps_open() {
    let bench = Bench::new();
    let app = bench.open();
    let minutes = ok(&app, "status", json!({}))["lock_minutes"].as_u64().unwrap();
    bench.pass(minutes * 60 - 1);
    ok(&app, "active", json!({}));
    bench.pass(minutes * 60 - 1);
    // Looking at the queue is not presence: the page asks by itself.
    ok(&app, "queue", json!({}));
    bench.pass(1);
    assert_eq!(code(&app, "settings", json!({})), ErrorCode::Locked);
    let status = ok(&app, "status", json!({}));
    assert_eq!(
        (&status["gate"], &status["locked_by"]),
        (&json!("locked"), &json!("idle"))
    );
    assert_eq!(status["user"], Value::Null);
    // Presence does not unlock.
    assert_eq!(ok(&app, "active", json!({}))["gate"], "locked");
    unlock(&app, "ada");
    assert_eq!(ok(&app, "lock", json!({}))["locked_by"], "asked");
}

#[test]
fn the_clock_thread_locks_without_a_call() {
    let bench = Bench::new();
    let app = bench.open();
    bench.pass(16 * 60);
    // The keys go with the session: another process can open the store as soon as the thread has looked.
    let second = bench.app();
    let opened = (0..100).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(100));
        clinotype_api::call(&second, "unlock", json!({"user": "ada", "passphrase": PASSPHRASE})).is_ok()
    });
    assert!(opened);
    drop(app);
}

#[test]
fn one_process_at_a_time() {
    let bench = Bench::new();
    let first = bench.open();
    let second = bench.app();
    let input = json!({"user": "ada", "passphrase": PASSPHRASE});
    let error = refused(&second, "unlock", input.clone());
    assert_eq!(error.code, ErrorCode::StoreInUse, "{error:?}");
    assert!(error.hint.is_some());
    ok(&first, "settings", json!({}));
    ok(&first, "lock", json!({}));
    // The queue of the first may still be about to see that nothing waits.
    let opened = (0..100).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(50));
        clinotype_api::call(&second, "unlock", input.clone()).is_ok()
    });
    assert!(opened, "a locked window without work lets the store go");
}

#[test]
fn the_recovery_key_opens_and_sets_a_new_passphrase() {
    let bench = Bench::new();
    let app = bench.app();
    let made = ok(
        &app,
        "set_up",
        json!({"user": "ada", "name": "Ada", "passphrase": PASSPHRASE}),
    );
    let key = made["recovery_key"].as_str().unwrap().to_owned();
    let change = |old: &str, new: &str| json!({"old": old, "new": new});
    let error = refused(
        &app,
        "change_passphrase",
        change("wrong wrong wrong", "another good passphrase"),
    );
    assert_eq!(
        (error.code, error.place.as_deref()),
        (ErrorCode::WrongPassphrase, Some("old"))
    );
    let error = refused(&app, "change_passphrase", change(PASSPHRASE, "short"));
    assert_eq!(
        (error.code, error.place.as_deref()),
        (ErrorCode::InvalidInput, Some("new"))
    );
    ok(&app, "lock", json!({}));
    let status = ok(&app, "unlock", json!({"user": "ada", "passphrase": key}));
    assert!(status["warnings"].to_string().contains("recovery key"));
    ok(&app, "change_passphrase", change("", "another good passphrase"));
    // Only once: the new passphrase is the old one from now on.
    assert_eq!(
        code(&app, "change_passphrase", change("", "yet another passphrase")),
        ErrorCode::WrongPassphrase
    );
    ok(&app, "lock", json!({}));
    assert_eq!(
        code(&app, "unlock", json!({"user": "ada", "passphrase": PASSPHRASE})),
        ErrorCode::WrongPassphrase
    );
    ok(
        &app,
        "unlock",
        json!({"user": "ada", "passphrase": "another good passphrase"}),
    );
}

/// The database cut in half, and exchanged for noise: an error with a code, and the bytes stay as they are.
#[test]
fn a_damaged_database_is_said_to_be_damaged() {
    let bench = Bench::new();
    bench.open().close();
    let database = files(&bench.store())
        .into_iter()
        .max_by_key(|path| path.metadata().unwrap().len())
        .unwrap();
    let good = fs::read(&database).unwrap();
    let noise: Vec<u8> = (0..good.len()).map(|n| (n * 31 % 251) as u8).collect();
    for bad in [&good[..good.len() / 2], &noise] {
        let mut file = fs::AtomicFile::create(&database).unwrap();
        file.write_all(bad).unwrap();
        file.commit().unwrap();
        let error = refused(&bench.app(), "unlock", json!({"user": "ada", "passphrase": PASSPHRASE}));
        assert_eq!(error.code, ErrorCode::Damaged, "{error:?}");
        assert_eq!(fs::read(&database).unwrap(), bad, "a damaged store is left as it is");
    }
    fs::write_atomic(&database, &good).unwrap();
    unlock(&bench.app(), "ada");
}

/// A name planted in every text of every input never comes back in an error.
#[test]
fn no_error_repeats_what_was_typed() {
    const PLANTED: &str = "Quillfeather";
    let bench = Bench::new();
    let app = bench.open();
    let order = json!({
        "family": PLANTED, "given": PLANTED, "birth_date": PLANTED, "sex": PLANTED,
        "identifiers": [{"label": PLANTED, "system": PLANTED, "value": PLANTED}], "specimen_id": PLANTED,
        "specimen_type": PLANTED, "collected": PLANTED, "received": PLANTED, "condition": PLANTED, "order_id": PLANTED,
        "test": PLANTED, "code": PLANTED, "order_date": PLANTED, "clinician_family": PLANTED,
        "clinician_given": PLANTED, "clinician_identifier": PLANTED, "organization": PLANTED,
        "laboratory_name": PLANTED, "laboratory_address": PLANTED, "laboratory_contact": PLANTED,
        "laboratory_accreditation": PLANTED, "indication": PLANTED, "hpo": [PLANTED], "genes": [PLANTED],
        "medications": [PLANTED],
        "secondary_findings": null, "list_vus": false, "policy": PLANTED
    });
    let case = json!({"case": PLANTED});
    let inputs = [
        ("unlock", json!({"user": PLANTED, "passphrase": PLANTED})),
        ("change_passphrase", json!({"old": PLANTED, "new": PLANTED})),
        ("case", case.clone()),
        ("history", case.clone()),
        ("quality", case.clone()),
        ("coverage_profile", json!({"case": PLANTED, "gene": PLANTED})),
        ("waive", json!({"case": PLANTED, "check": PLANTED, "reason": PLANTED})),
        (
            "withdraw_waiver",
            json!({"case": PLANTED, "waiver": PLANTED, "reason": PLANTED}),
        ),
        ("pharmacogenes", case.clone()),
        ("beside", case.clone()),
        ("presets", case.clone()),
        ("variant", json!({"case": PLANTED, "variant": 1})),
        ("reads", case.clone()),
        ("reports", case.clone()),
        ("make_report", case.clone()),
        ("preview", json!({"case": PLANTED, "version": 1})),
        ("exports", case.clone()),
        (
            "compare_runs",
            json!({"case": PLANTED, "before": PLANTED, "after": null}),
        ),
        ("start_run", json!({"case": PLANTED, "with": "same"})),
        (
            "install_release",
            json!({"source": PLANTED, "release": PLANTED, "from": null}),
        ),
        ("verify_releases", json!({"source": PLANTED, "release": null})),
        ("cancel_run", json!({"run": PLANTED})),
        ("resume_run", json!({"run": PLANTED})),
        ("move_run", json!({"run": PLANTED, "place": 1})),
        ("genes", json!({"reference_set": PLANTED, "text": PLANTED})),
        (
            "decide",
            json!({"case": PLANTED, "variant": 1, "class": "benign", "reason": PLANTED}),
        ),
        ("withdraw", json!({"case": PLANTED, "decision": PLANTED})),
        (
            "change_order",
            json!({"case": PLANTED, "order": order, "reason": PLANTED}),
        ),
        (
            "new_case",
            json!({"sample": PLANTED, "input_sample": PLANTED, "order": order, "files": [], "reference_set": PLANTED,
                   "start": true}),
        ),
        (
            "new_case",
            json!({"sample": "Jane Quillfeather", "input_sample": null, "order": null, "files": [],
                   "reference_set": PLANTED, "start": true}),
        ),
        (
            "export",
            json!({"case": PLANTED, "version": 1, "kind": "pdf", "path": "relative", "recipient": PLANTED,
                   "purpose": PLANTED}),
        ),
        (
            "save_reference_set",
            json!({"id": PLANTED, "name": PLANTED, "reference": PLANTED, "transcripts": PLANTED, "clinvar": null,
                   "frequencies": null, "targets": null, "build": PLANTED, "synthetic": false}),
        ),
    ];
    for (name, input) in inputs {
        let error = refused(&app, name, input);
        assert!(!format!("{error:?}").contains(PLANTED), "{name}: {error:?}");
    }
    // An input of the wrong form, too.
    for (name, _) in OPERATIONS.iter().filter(|(name, _)| !["lock", "set_up"].contains(name)) {
        let error = refused(&app, name, json!({ PLANTED: PLANTED }));
        assert_eq!(error.code, ErrorCode::InvalidInput, "{name}");
        assert!(!format!("{error:?}").contains(PLANTED), "{name}: {error:?}");
    }
    let problems = ok(&app, "check_order", order).to_string();
    assert!(
        problems.contains("birth_date") && !problems.contains(PLANTED),
        "{problems}"
    );
}

#[test]
fn a_store_of_a_newer_program_or_another_store_is_refused_and_left_as_it_was() {
    let bench = Bench::new();
    let app = bench.open();
    app.close();
    drop(app);
    let right = json!({"user": "ada", "passphrase": PASSPHRASE});
    let keys = bench.store().join("keys.json");
    let database = bench.store().join("store.db");
    let (kept_keys, kept_rows) = (fs::read(&keys).unwrap(), fs::read(&database).unwrap());

    let mut newer: Value = serde_json::from_slice(&kept_keys).unwrap();
    newer["schema"] = json!("clinotype-keys/999");
    let newer = serde_json::to_vec(&newer).unwrap();
    fs::write_atomic(&keys, &newer).unwrap();
    let app = bench.app();
    let error = refused(&app, "unlock", right.clone());
    assert_eq!(error.code, ErrorCode::NewerSchema, "{error:?}");
    assert!(error.hint.unwrap().contains("nothing was changed"));
    assert_eq!(fs::read(&keys).unwrap(), newer);
    drop(app);

    // Rows of another store under these keys: damage, not a wrong passphrase.
    let other = Bench::new();
    let app = other.open();
    app.close();
    drop(app);
    fs::write_atomic(&keys, &kept_keys).unwrap();
    for rows in [
        fs::read(other.store().join("store.db")).unwrap(),
        kept_rows[..4096 * 3].to_vec(),
    ] {
        fs::write_atomic(&database, &rows).unwrap();
        let app = bench.app();
        let error = refused(&app, "unlock", right.clone());
        assert_eq!(error.code, ErrorCode::Damaged, "{error:?}");
        assert!(error.hint.is_some());
    }

    // With its own rows back, everything is as before.
    fs::write_atomic(&database, &kept_rows).unwrap();
    let app = bench.app();
    assert_eq!(ok(&app, "unlock", right)["gate"], "open");
}
