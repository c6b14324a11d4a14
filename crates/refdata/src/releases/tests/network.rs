//! From the network.

use std::time::{Duration, Instant};

use clinotype_genome::FaultKind;

use super::{
    server::{Asked, ProxyServer, Reply, Server},
    *,
};

/// The source `one`: its file by `reply`, its MD5 as it is.
fn one(body: &[u8], reply: impl Fn(usize, &Asked) -> Reply + Send + Sync + 'static) -> Server {
    let list = format!("{}  ./one.bin\n", md5(body));
    // The number is that of the request for the file.
    let count = std::sync::atomic::AtomicUsize::new(0);
    Server::new(move |_, asked| match &*asked.path {
        "/d/md5.txt" => Reply::new(200, list.as_bytes()),
        "/d/one.bin" => reply(count.fetch_add(1, std::sync::atomic::Ordering::SeqCst), asked),
        _ => Reply::new(404, b""),
    })
}

const FILE: &str = "/d/one.bin";
const WHOLE: [&str; 2] = ["one/1/one.bin", "one/1/release.json"];

#[test]
fn a_release_comes_with_its_manifest() {
    let body = noise(300_000, 1);
    let kept = body.clone();
    let server = one(&body, move |_, asked| {
        Reply::file(asked, &kept, "\"a\"").with("Last-Modified", "Sun, 06 Nov 1994 08:49:37 GMT")
    });
    let laboratory = Laboratory::at(&server, "one");
    let made = manifest(laboratory.install("one"));
    assert_eq!(laboratory.files(), WHOLE);
    assert_eq!(laboratory.read(WHOLE[0]), body);
    let file = &made.files[0];
    assert_eq!((file.size, &*file.name), (300_000, "one.bin"));
    assert_eq!(file.sha256, digest::sha256(&body));
    assert_eq!(file.md5.as_deref(), Some(&*md5(&body)));
    assert_eq!(file.origin, format!("{}d/one.bin", server.base()));
    assert_eq!(file.modified.as_deref(), Some("Sun, 06 Nov 1994 08:49:37 GMT"));
    assert_eq!(made.release_date.as_deref(), Some("2020-01-02"));
    assert_eq!((&*made.installed_at, &*made.installed_by), (NOW, "clinotype test"));
    assert_eq!(made.origin, server.base());
    assert!(
        laboratory
            .data()
            .join(WHOLE[0])
            .metadata()
            .unwrap()
            .permissions()
            .readonly()
    );
    assert_eq!(manifest_of(&laboratory.data(), "one", "1").unwrap(), made);
    // A second time nothing is fetched.
    let before = server.asked().len();
    assert_eq!(laboratory.install("one").unwrap(), Done::Already(made));
    assert_eq!(server.asked().len(), before);
}

#[test]
fn a_broken_connection_goes_on_where_it_broke() {
    let body = noise(1_000_000, 2);
    let kept = body.clone();
    // Each of the first four tries brings a quarter at most.
    let server = one(&body, move |number, asked| {
        let reply = Reply::file(asked, &kept, "\"a\"");
        if number < 4 { reply.breaks(200_000) } else { reply }
    });
    let laboratory = Laboratory::at(&server, "one");
    manifest(laboratory.install("one"));
    assert_eq!(laboratory.read(WHOLE[0]), body);
    let asked = server.asked_for(FILE);
    assert_eq!(
        asked.len(),
        5,
        "more tries than `attempts`, because each brought something"
    );
    assert_eq!(asked[0].offset(), None);
    let offsets: Vec<usize> = asked[1..].iter().map(|a| a.offset().unwrap()).collect();
    assert!(
        offsets.is_sorted() && *offsets.last().unwrap() >= 600_000,
        "{offsets:?}"
    );
    assert!(asked[1..].iter().all(|a| a.header("if-range") == Some("\"a\"")));
    assert_eq!(laboratory.files(), WHOLE);
}

#[test]
fn a_stop_keeps_what_is_here_for_the_next_time() {
    let body = noise(2_000_000, 3);
    let kept = body.clone();
    let server = one(&body, move |_, asked| Reply {
        drips: Some((100_000, Duration::from_millis(5))),
        ..Reply::file(asked, &kept, "\"a\"")
    });
    let laboratory = Laboratory::at(&server, "one");
    let origin = Origin::Network(&laboratory.options);
    let stopped = laboratory
        .watched("one", None, origin, &StopAt::new(500_000))
        .unwrap_err();
    assert_eq!(stopped.kind(), FaultKind::Cancelled);
    assert_eq!(
        laboratory.files(),
        [".partial/one-1/one.bin.mark", ".partial/one-1/one.bin.part"]
    );
    assert!(installed(&laboratory.data()).unwrap().is_empty());
    manifest(laboratory.install("one"));
    assert_eq!(laboratory.read(WHOLE[0]), body);
    assert!(server.asked_for(FILE)[1].offset().unwrap() >= 500_000);
    assert_eq!(laboratory.files(), WHOLE);
}

#[test]
fn stopped_before_the_rename_nothing_is_fetched_twice() {
    let body = noise(10_000, 4);
    let kept = body.clone();
    let server = one(&body, move |_, asked| Reply::file(asked, &kept, "\"a\""));
    let laboratory = Laboratory::at(&server, "one");
    // The file is whole in its partial place when the stop comes.
    let origin = Origin::Network(&laboratory.options);
    let stopped = laboratory
        .watched("one", None, origin, &StopAt::new(10_000))
        .unwrap_err();
    assert_eq!(stopped.kind(), FaultKind::Cancelled);
    assert!(!laboratory.data().join("one").exists());
    manifest(laboratory.install("one"));
    let asked = server.asked_for(FILE);
    // The server says that nothing is left of the file with this mark.
    assert_eq!(asked.last().unwrap().offset(), Some(10_000));
    assert_eq!(laboratory.read(WHOLE[0]), body);
}

#[test]
fn files_that_came_whole_are_taken_over() {
    let gz = gzip(b"text");
    let kept = gz.clone();
    let broken = std::sync::atomic::AtomicBool::new(true);
    let server = Server::new(move |_, asked| match &*asked.path {
        "/" => Reply::new(200, b"l_20260101.gz"),
        "/l_20260101.gz" => Reply::file(asked, &kept, "\"a\""),
        "/l_20260101.txt" if broken.swap(false, std::sync::atomic::Ordering::SeqCst) => Reply::new(404, b""),
        _ => Reply::new(200, b"more"),
    });
    let laboratory = Laboratory::at(&server, "listed");
    assert!(words(laboratory.install("listed")).contains("no such file"));
    assert!(installed(&laboratory.data()).unwrap().is_empty());
    manifest(laboratory.install("listed"));
    assert_eq!(server.asked_for("/l_20260101.gz").len(), 1);
    assert_eq!(
        laboratory.files(),
        [
            "listed/20260101/l_20260101.gz",
            "listed/20260101/l_20260101.txt",
            "listed/20260101/release.json"
        ]
    );
}

#[test]
fn a_changed_file_begins_anew() {
    let (old, new) = (noise(400_000, 5), noise(300_000, 6));
    let kept = new.clone();
    let server = one(&new, move |number, asked| {
        if number == 0 {
            Reply::file(asked, &old, "\"old\"").breaks(150_000)
        } else {
            Reply::file(asked, &kept, "\"new\"")
        }
    });
    let laboratory = Laboratory::at(&server, "one");
    manifest(laboratory.install("one"));
    assert_eq!(laboratory.read(WHOLE[0]), new);
    assert_eq!(server.asked_for(FILE)[1].header("if-range"), Some("\"old\""));
}

#[test]
fn servers_that_know_no_parts_or_no_marks() {
    let body = noise(200_000, 7);
    let kept = body.clone();
    // No parts: 200 with the whole file, whatever was asked.
    let server = one(&body, move |number, _| {
        let reply = Reply::new(200, &kept).with("ETag", "\"a\"");
        if number == 0 { reply.breaks(50_000) } else { reply }
    });
    let laboratory = Laboratory::at(&server, "one");
    manifest(laboratory.install("one"));
    assert_eq!(laboratory.read(WHOLE[0]), body);
    assert!(server.asked_for(FILE)[1].offset().is_some());

    // No mark, or one that proves nothing: a part would not be known to be of the same file.
    for etag in [None, Some("W/\"weak\"")] {
        let kept = body.clone();
        let server = one(&body, move |number, _| {
            let mut reply = Reply::new(200, &kept);
            if let Some(etag) = etag {
                reply = reply.with("ETag", etag);
            }
            if number == 0 { reply.breaks(50_000) } else { reply }
        });
        let laboratory = Laboratory::at(&server, "one");
        manifest(laboratory.install("one"));
        assert_eq!(laboratory.read(WHOLE[0]), body);
        assert!(server.asked_for(FILE).iter().all(|a| a.offset().is_none()));
    }

    // A weak mark with a date: the date is the proof.
    let kept = body.clone();
    let date = "Sun, 06 Nov 1994 08:49:37 GMT";
    let server = one(&body, move |number, asked| {
        let reply = Reply::file(asked, &kept, date).with("Last-Modified", date);
        if number == 0 { reply.breaks(50_000) } else { reply }
    });
    let laboratory = Laboratory::at(&server, "one");
    manifest(laboratory.install("one"));
    assert_eq!(laboratory.read(WHOLE[0]), body);
}

#[test]
fn parts_that_were_not_asked_for_are_not_used() {
    let body = noise(200_000, 8);
    for range in ["bytes 0-199999/200000", "bytes 60000-199999/200001", "nonsense"] {
        let kept = body.clone();
        let server = one(&body, move |number, asked| match number {
            0 => Reply::file(asked, &kept, "\"a\"").breaks(50_000),
            1 => Reply::new(206, &kept).with("Content-Range", range),
            _ => Reply::file(asked, &kept, "\"a\""),
        });
        let laboratory = Laboratory::at(&server, "one");
        manifest(laboratory.install("one"));
        assert_eq!(laboratory.read(WHOLE[0]), body, "{range}");
    }
}

#[test]
fn wrong_bytes_are_never_installed() {
    let body = noise(50_000, 9);
    let mut wrong = body.clone();
    wrong[7] ^= 1;
    let server = one(&body, move |_, asked| Reply::file(asked, &wrong, "\"a\""));
    let laboratory = Laboratory::at(&server, "one");
    let said = words(laboratory.install("one"));
    assert!(said.contains("has the MD5") && said.contains(&md5(&body)), "{said}");
    assert_eq!(
        server.asked_for(FILE).len(),
        2,
        "once more from the beginning, then no more"
    );
    assert_eq!(laboratory.files(), Vec::<String>::new());

    // Bytes of an earlier try were wrong, the server's are right.
    let (kept, first) = (body.clone(), noise(20_000, 10));
    let server = one(&body, move |number, asked| {
        if number == 0 {
            let mut mixed = first.clone();
            mixed.extend(&kept[20_000..]);
            Reply::file(asked, &mixed, "\"a\"").breaks(20_000)
        } else {
            Reply::file(asked, &kept, "\"a\"")
        }
    });
    let laboratory = Laboratory::at(&server, "one");
    manifest(laboratory.install("one"));
    assert_eq!(laboratory.read(WHOLE[0]), body);
}

#[test]
fn lengths_that_do_not_hold() {
    let body = noise(50_000, 11);
    // More announced than sent, each time.
    let kept = body.clone();
    let server = one(&body, move |_, _| Reply {
        length: Some(60_000),
        ..Reply::new(200, &kept).with("ETag", "\"a\"")
    });
    let laboratory = Laboratory::at(&server, "one");
    let fault = laboratory.install("one").unwrap_err();
    assert_eq!(fault.kind(), FaultKind::Io);
    assert!(fault.advice().unwrap().contains("is kept"), "{fault:?}");
    assert!(!laboratory.data().join("one").exists());

    // Less announced than the file has: it ends too early, and its digest shows it.
    let kept = body.clone();
    let server = one(&body, move |_, _| Reply {
        length: Some(40_000),
        ..Reply::new(200, &kept).with("ETag", "\"a\"")
    });
    let laboratory = Laboratory::at(&server, "one");
    assert!(words(laboratory.install("one")).contains("has the MD5"));
    assert!(!laboratory.data().join("one").exists());
}

/// What counts as a stall where one is made.
const STALL: Duration = Duration::from_secs(1);

#[test]
fn slow_answers_and_no_answers() {
    let body = noise(5_000, 12);
    // Slow, but each byte comes in time: longer in all than a stall may be.
    let kept = body.clone();
    let server = one(&body, move |_, asked| Reply {
        drips: Some((500, STALL / 5)),
        ..Reply::file(asked, &kept, "\"a\"")
    });
    let mut laboratory = Laboratory::at(&server, "one");
    laboratory.options.stall = STALL;
    manifest(laboratory.install("one"));

    // Silent at first, then good.
    let kept = body.clone();
    let server = one(&body, move |number, asked| Reply {
        waits: if number == 0 { STALL * 8 } else { Duration::ZERO },
        ..Reply::file(asked, &kept, "\"a\"")
    });
    let mut laboratory = Laboratory::at(&server, "one");
    laboratory.options.stall = STALL;
    manifest(laboratory.install("one"));

    // Silent in the middle, then good.
    let kept = body.clone();
    let server = one(&body, move |number, asked| Reply {
        drips: (number == 0).then_some((2_000, STALL * 8)),
        ..Reply::file(asked, &kept, "\"a\"")
    });
    let mut laboratory = Laboratory::at(&server, "one");
    laboratory.options.stall = STALL;
    manifest(laboratory.install("one"));
    assert_eq!(server.asked_for(FILE)[1].offset(), Some(2_000));

    // Silent for ever.
    let server = one(&body, |_, _| Reply {
        waits: STALL * 30,
        ..Reply::new(200, b"")
    });
    let mut laboratory = Laboratory::at(&server, "one");
    laboratory.options.stall = STALL;
    let said = words(laboratory.install("one"));
    assert!(said.contains("does not answer in time (tried 3 times)"), "{said}");
}

#[test]
fn a_stop_is_heard_while_nothing_comes() {
    struct Later(Instant);
    impl Progress for Later {
        fn advance(&self, _: u64, _: u64) {}
        fn is_cancelled(&self) -> bool {
            self.0.elapsed() > Duration::from_millis(100)
        }
    }
    let server = one(b"x", |_, _| Reply {
        waits: Duration::from_mins(1),
        ..Reply::new(200, b"x")
    });
    let mut laboratory = Laboratory::at(&server, "one");
    laboratory.options.stall = Duration::from_hours(1);
    let origin = Origin::Network(&laboratory.options);
    // It would take an hour otherwise.
    let fault = laboratory
        .watched("one", None, origin, &Later(Instant::now()))
        .unwrap_err();
    assert_eq!(fault.kind(), FaultKind::Cancelled);
}

#[test]
fn statuses() {
    let body = noise(1_000, 13);
    for (status, tries, said) in [
        (404, 1, "the source has no such file (status 404)"),
        (410, 1, "no such file"),
        (403, 1, "access was refused"),
        (418, 1, "answers with status 418"),
        (304, 1, "answers with status 304"),
        (500, 3, "status 500 (tried 3 times)"),
        (429, 3, "status 429"),
    ] {
        let server = one(&body, move |_, _| Reply::new(status, b""));
        let laboratory = Laboratory::at(&server, "one");
        let got = words(laboratory.install("one"));
        assert!(got.contains(said) && got.contains("one.bin"), "{got}");
        assert_eq!(server.asked_for(FILE).len(), tries, "{status}");
    }
    // A server that recovers; it asks to wait, and nothing else.
    let kept = body.clone();
    let server = one(&body, move |number, asked| match number {
        0 => Reply::new(503, b"").with("Retry-After", "0"),
        1 => Reply::new(502, b""),
        _ => Reply::file(asked, &kept, "\"a\""),
    });
    let laboratory = Laboratory::at(&server, "one");
    manifest(laboratory.install("one"));
}

#[test]
fn redirects_are_followed_and_judged() {
    let body = noise(30_000, 14);
    let kept = body.clone();
    let list = format!("{}  one.bin\n", md5(&body));
    let server = Server::new(move |_, asked| match &*asked.path {
        "/d/md5.txt" => Reply::new(200, list.as_bytes()),
        "/d/one.bin" => Reply::new(302, b"").with("Location", "../elsewhere?x=1"),
        "/elsewhere?x=1" => Reply::file(asked, &kept, "\"a\""),
        _ => Reply::new(404, b""),
    });
    let laboratory = Laboratory::at(&server, "one");
    manifest(laboratory.install("one"));
    assert_eq!(laboratory.read(WHOLE[0]), body);

    for (location, said) in [
        ("/d/one.bin", "from one address to the next without end"),
        ("http://data.example/one.bin", "only https is used"),
        ("ftp://data.example/one.bin", "is no address of the web"),
    ] {
        let server = one(&body, move |_, _| Reply::new(301, b"").with("Location", location));
        let laboratory = Laboratory::at(&server, "one");
        let got = words(laboratory.install("one"));
        assert!(got.contains(said), "{got}");
        assert!(server.asked_for(FILE).len() <= 6);
    }
    let server = one(&body, |_, _| Reply::new(301, b""));
    let got = words(Laboratory::at(&server, "one").install("one"));
    assert!(got.contains("without saying where"), "{got}");
}

#[test]
fn plain_http_beyond_this_machine_needs_permission() {
    let mut laboratory = Laboratory::new();
    laboratory
        .settings
        .bases
        .insert("one".to_owned(), "http://mirror.example/".to_owned());
    assert!(words(laboratory.install("one")).contains("only https is used"));
}

#[test]
fn a_proxy_is_taken() {
    let body = noise(30_000, 15);
    let kept = body.clone();
    let server = one(&body, move |_, asked| Reply::file(asked, &kept, "\"a\""));
    let proxy = ProxyServer::new(None);
    let mut laboratory = Laboratory::at(&server, "one");
    laboratory.options.proxy = ProxyChoice::At(format!("http://{}", proxy.address));
    manifest(laboratory.install("one"));
    assert_eq!(laboratory.read(WHOLE[0]), body);
    let expected = format!("CONNECT {}", server.address);
    assert!(
        !proxy.asked().is_empty() && proxy.asked().iter().all(|a| *a == expected),
        "{:?}",
        proxy.asked()
    );

    for (status, said) in [(407, "asks for a user name and password"), (403, "the proxy refuses")] {
        let refusing = ProxyServer::new(Some(status));
        let mut laboratory = Laboratory::at(&server, "one");
        laboratory.options.proxy = ProxyChoice::At(format!("http://user:secret@{}", refusing.address));
        let got = words(laboratory.install("one"));
        assert!(got.contains(said) && !got.contains("secret"), "{got}");
    }

    // By the environment, for an address that is not of this machine: the proxy is asked, and the address never.
    let proxy = ProxyServer::new(Some(403));
    let mut laboratory = Laboratory::new();
    static ADDRESS: std::sync::OnceLock<String> = std::sync::OnceLock::new();
    ADDRESS.set(format!("http://{}", proxy.address)).unwrap();
    laboratory.options.proxy = ProxyChoice::Environment;
    laboratory.options.environment = |name| (name == "HTTPS_PROXY").then(|| ADDRESS.get().cloned()).flatten();
    assert!(words(laboratory.install("one")).contains("the proxy refuses"));
    assert_eq!(proxy.asked()[0], "CONNECT one.example:443");
}

#[test]
fn a_full_disk_is_noticed_before_it_is_full() {
    let body = noise(500_000, 16);
    let kept = body.clone();
    let server = one(&body, move |_, asked| Reply::file(asked, &kept, "\"a\""));
    let mut laboratory = Laboratory::at(&server, "one");
    laboratory.options.free = |_| Ok(64 << 20);
    let fault = laboratory.install("one").unwrap_err();
    assert!(fault.to_string().contains("the disk is full"), "{fault}");
    assert!(
        fault
            .advice()
            .unwrap()
            .contains("1 MB are still to come and 64 MB are free")
    );
    laboratory.options.free = |_| Ok((64 << 20) + 500_000);
    manifest(laboratory.install("one"));
}
