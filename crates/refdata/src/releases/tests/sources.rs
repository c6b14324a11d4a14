//! Each kind of source, and how its release is told.

use super::{
    server::{Reply, Server},
    *,
};

#[test]
fn the_newest_release_is_found_in_a_listing() {
    let (good, cut) = (gzip(&noise(40_000, 17)), gzip(&noise(40_000, 18))[..30_000].to_vec());
    let server = Server::new(move |_, asked| match &*asked.path {
        "/" => Reply::new(
            200,
            b"<a href=\"l_20251231.gz\"> <a href=\"l_20260102.gz\"> <a href=\"l_20260102_papu.gz\"> l_20260101.gz",
        ),
        "/l_20260102.gz" => Reply::new(200, &good),
        "/l_20251231.gz" => Reply::new(200, &cut),
        _ => Reply::new(200, b"notes"),
    });
    let laboratory = Laboratory::at(&server, "listed");
    let source = laboratory.catalogue.source("listed").unwrap();
    let newest = announced(source, &laboratory.settings, &laboratory.options, &Silent).unwrap();
    assert_eq!(newest.as_deref(), Some("20260102"));
    let made = manifest(laboratory.install("listed"));
    assert_eq!(
        (&*made.release, made.release_date.as_deref()),
        ("20260102", Some("2026-01-02"))
    );
    assert_eq!(made.files.len(), 2);
    // An older one by its name; it states no digest, so its gzip must hold at least.
    let origin = Origin::Network(&laboratory.options);
    let got = words(laboratory.watched("listed", Some("20251231"), origin, &Silent));
    assert!(got.contains("l_20251231.gz: is damaged"), "{got}");
    assert_eq!(installed(&laboratory.data()).unwrap().len(), 1);
    let empty = Server::new(|_, _| Reply::new(200, b"moved"));
    let laboratory = Laboratory::at(&empty, "listed");
    assert!(words(laboratory.install("listed")).contains("names no release"));
}

#[test]
fn a_date_is_a_release() {
    let server = Server::new(|number, _| {
        let date = if number < 2 {
            "Mon, 02 Feb 2026 01:02:03 GMT"
        } else {
            "Tue, 03 Feb 2026 01:02:03 GMT"
        };
        Reply::new(200, b"a\tb\n").with("Last-Modified", date)
    });
    let laboratory = Laboratory::at(&server, "dated");
    let made = manifest(laboratory.install("dated"));
    assert_eq!(
        (&*made.release, made.release_date.as_deref()),
        ("2026-02-02", Some("2026-02-02"))
    );
    assert_eq!(made.files[0].name, "dated.tsv");
    // The next day there is a newer one, and the older one is no longer to be had.
    let origin = Origin::Network(&laboratory.options);
    let got = words(laboratory.watched("dated", Some("2026-02-02"), origin, &Silent));
    assert!(got.contains("its source has only 2026-02-03"), "{got}");
    let made = manifest(laboratory.install("dated"));
    assert_eq!(made.release, "2026-02-03");
    assert_eq!(pins_of(&laboratory.data()).unwrap(), [made.pin()]);

    let server = Server::new(|number, _| {
        let date = if number == 0 {
            "Mon, 02 Feb 2026 01:02:03 GMT"
        } else {
            "Tue, 03 Feb 2026 01:02:03 GMT"
        };
        Reply::new(200, b"a\tb\n").with("Last-Modified", date)
    });
    assert!(words(Laboratory::at(&server, "dated").install("dated")).contains("has changed meanwhile"));
    let server = Server::new(|_, _| Reply::new(200, b"a\tb\n"));
    let laboratory = Laboratory::at(&server, "dated");
    assert!(words(laboratory.install("dated")).contains("does not say of which date"));
    let origin = Origin::Network(&laboratory.options);
    manifest(laboratory.watched("dated", Some("2026-05-05"), origin, &Silent));
}

#[test]
fn a_file_that_names_its_release_must_be_the_one_that_was_meant() {
    let server = Server::new(|_, _| Reply::new(200, b"CREATED 2026-01-01;\nx\n"));
    let made = manifest(Laboratory::at(&server, "self").install("self"));
    assert_eq!(made.release, "2026-01-01");
    let server = Server::new(|number, _| {
        if number == 0 {
            Reply::new(200, b"CREATED 2026-01-01;\nx\n")
        } else {
            Reply::new(200, b"CREATED 2026-01-08;\nx\n")
        }
    });
    assert!(words(Laboratory::at(&server, "self").install("self")).contains("does not name the release 2026-01-01"));
}

#[test]
fn a_packed_file_is_proven_packed_and_kept_plain() {
    let plain = noise(100_000, 19);
    let packed = gzip(&plain);
    let (kept, list) = (packed.clone(), md5(&packed));
    let server = Server::new(move |_, asked| match &*asked.path {
        "/p.fa.gz" => Reply::file(asked, &kept, "\"a\""),
        _ => Reply::new(200, list.as_bytes()),
    });
    let laboratory = Laboratory::at(&server, "packed");
    let made = manifest(laboratory.install("packed"));
    assert_eq!(laboratory.files(), ["packed/9/p.fa", "packed/9/release.json"]);
    assert_eq!(laboratory.read("packed/9/p.fa"), plain);
    let file = &made.files[0];
    assert_eq!((file.size, &file.sha256), (100_000, &digest::sha256(&plain)));
    let came = file.packed.as_ref().unwrap();
    assert_eq!(
        (came.size, &came.sha256),
        (packed.len() as u64, &digest::sha256(&packed))
    );
}

#[test]
fn what_a_source_does_not_state_is_told() {
    let server = Server::new(|_, asked| match &*asked.path {
        "/d/md5.txt" => Reply::new(200, b"<html>sorry</html>"),
        _ => Reply::new(200, b"x"),
    });
    assert!(words(Laboratory::at(&server, "one").install("one")).contains("states no MD5 of one.bin"));
    let laboratory = Laboratory::new();
    assert!(words(laboratory.install("mine")).contains("is not fetched by Clinotype"));
    assert!(words(laboratory.install("nothing")).contains("there is no source"));
    let origin = Origin::Network(&laboratory.options);
    let got = words(laboratory.watched("one", Some("2"), origin, &Silent));
    assert!(got.contains("its source has only 1"), "{got}");
    let got = words(laboratory.watched("one", Some("../x"), origin, &Silent));
    assert!(got.contains("cannot be the name of a release"), "{got}");
}
