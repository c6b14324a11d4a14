//! Every operation for every role, when locked, and before set-up.

use clinotype_api::{Need, OPERATIONS, types::ErrorCode};
use serde_json::{Value, json};

use crate::common::{Bench, code, ok, unlock};

/// What each need holds, written down apart from the table, so that a slip in the table fails here.
const ANYONE: &[&str] = &["status", "set_up", "unlock", "lock", "active"];
const READ: &[&str] = &[
    "change_passphrase",
    "settings",
    "set_settings",
    "reference_sets",
    "data_releases",
    "compare_runs",
    "verify_audit",
    "cases",
    "case",
    "history",
    "queue",
    "quality",
    "coverage_profile",
    "pharmacogenes",
    "beside",
    "presets",
    "variants",
    "variant",
    "reads",
    "reports",
    "preview",
    "exports",
];
const WORK: &[&str] = &[
    "inspect",
    "check_order",
    "genes",
    "new_case",
    "change_order",
    "demo_case",
    "start_run",
    "cancel_run",
    "resume_run",
    "move_run",
];
const DECIDE: &[&str] = &[
    "waive",
    "withdraw_waiver",
    "decide",
    "withdraw",
    "set_criterion",
    "withdraw_criterion",
    "enter_evidence",
    "withdraw_evidence",
    "make_report",
    "export",
];
const ADMINISTER: &[&str] = &[
    "save_reference_set",
    "install_release",
    "verify_releases",
    "remove_release",
    "check_for_newer",
    "stop_data_task",
];

fn need_of(name: &str) -> Need {
    let lists = [
        (ANYONE, Need::Anyone),
        (READ, Need::Read),
        (WORK, Need::Work),
        (DECIDE, Need::Decide),
        (ADMINISTER, Need::Administer),
    ];
    let found: Vec<Need> = lists
        .iter()
        .filter(|(names, _)| names.contains(&name))
        .map(|(_, need)| *need)
        .collect();
    assert_eq!(found.len(), 1, "{name} stands in {} lists of this test", found.len());
    found[0]
}

#[test]
fn all_roles_and_all_operations() {
    let bench = Bench::new();
    let app = bench.app();
    for (name, need) in OPERATIONS {
        assert_eq!(*need, need_of(name), "{name}");
        if *need != Need::Anyone {
            assert_eq!(
                code(&app, name, Value::Null),
                ErrorCode::NoStore,
                "{name} before set-up"
            );
        }
    }
    bench.open().close();
    bench.add_people();
    for (name, need) in OPERATIONS {
        if *need != Need::Anyone {
            assert_eq!(code(&app, name, Value::Null), ErrorCode::Locked, "{name} when locked");
        }
    }
    for (user, role, reach) in [
        ("viewer", "viewer", Need::Read),
        ("auditor", "viewer", Need::Read),
        ("technician", "technician", Need::Work),
        ("reviewer", "clinician", Need::Decide),
        ("ada", "admin", Need::Administer),
    ] {
        let status = unlock(&app, user);
        assert_eq!(status["user"]["role"], role, "{user}");
        for (name, need) in OPERATIONS.iter().filter(|(_, need)| *need != Need::Anyone) {
            // `null` is the input of no operation: who may act is told that, and nothing happens.
            let expected = if *need <= reach {
                ErrorCode::InvalidInput
            } else {
                ErrorCode::NotAllowed
            };
            assert_eq!(code(&app, name, Value::Null), expected, "{name} for {role}");
        }
        ok(&app, "lock", json!({}));
    }
    assert_eq!(code(&app, "nonsense", json!({})), ErrorCode::NotFound);
}

/// The workstation's settings are the administrator's, a person's own are everybody's.
#[test]
fn settings_by_role() {
    let bench = Bench::new();
    let app = bench.open();
    app.close();
    bench.add_people();
    unlock(&app, "viewer");
    let mut settings = ok(&app, "settings", json!({}));
    settings["theme"] = json!("contrast");
    settings["single_keys"] = json!(false);
    assert_eq!(ok(&app, "set_settings", settings.clone()), settings);
    settings["lock_minutes"] = json!(60);
    assert_eq!(code(&app, "set_settings", settings.clone()), ErrorCode::NotAllowed);
    ok(&app, "lock", json!({}));
    unlock(&app, "ada");
    let own = ok(&app, "settings", json!({}));
    assert_eq!((&own["theme"], &own["single_keys"]), (&json!("system"), &json!(true)));
    settings["memory_mb"] = json!(1);
    assert_eq!(code(&app, "set_settings", settings.clone()), ErrorCode::InvalidInput);
    settings["memory_mb"] = json!(2048);
    assert_eq!(ok(&app, "set_settings", settings.clone()), settings);
    assert_eq!(ok(&app, "status", json!({}))["lock_minutes"], 60);
}
