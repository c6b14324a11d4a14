//! A store, a tiny case, and a clock by which a test holds the engine still.

use std::{
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use clinotype_api::{
    App, Config, call,
    types::{ApiError, ErrorCode},
};
use clinotype_store::KdfParams;
use clinotype_tests::TinyCase;
use jiff::Timestamp;
use serde_json::{Value, json};

const PASSPHRASE: &str = "correct horse battery";
/// Longest wait for a run: a loaded machine is slow, a hanging one must not hang for ever.
const PATIENCE: Duration = Duration::from_mins(5);

#[derive(Default)]
struct Held {
    /// Which call of the clock within the engine is to wait; 0: none.
    at: u32,
    seen: u32,
    waits: bool,
}

/// Holds the engine at a call of its clock. The engine asks for the time before and after every step.
#[derive(Default)]
pub(crate) struct Gate {
    held: Mutex<Held>,
    turn: Condvar,
}

impl Gate {
    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets the engine come to the n-th call from now, and no further.
    pub(crate) fn close(&self, at: u32) {
        *self.held() = Held { at, ..Held::default() };
    }

    pub(crate) fn open(&self) {
        *self.held() = Held::default();
        self.turn.notify_all();
    }

    /// Until the engine stands at the gate.
    pub(crate) fn wait_for_engine(&self) {
        let begin = Instant::now();
        let mut held = self.held();
        while !held.waits {
            assert!(begin.elapsed() < PATIENCE, "the engine does not come to the gate");
            held = self.turn.wait_timeout(held, Duration::from_millis(50)).unwrap().0;
        }
    }

    fn pass(&self) {
        // Threads of the engine's pool are numbered.
        let engine = std::thread::current()
            .name()
            .and_then(|name| name.strip_prefix("clinotype-"))
            .is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit()));
        if !engine {
            return;
        }
        let mut held = self.held();
        held.seen += 1;
        if held.at == 0 || held.seen != held.at {
            return;
        }
        held.waits = true;
        self.turn.notify_all();
        while held.waits {
            held = self.turn.wait(held).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

pub(crate) struct Bench {
    pub(crate) tiny: TinyCase,
    pub(crate) folder: tempfile::TempDir,
    pub(crate) gate: Arc<Gate>,
    pub(crate) app: Arc<App>,
    pub(crate) set: String,
}

impl Bench {
    /// A store that is set up and open, with the reference set of the tiny case.
    pub(crate) fn new() -> Self {
        let (tiny, folder, gate) = (TinyCase::new(), tempfile::tempdir().unwrap(), Arc::new(Gate::default()));
        let app = App::new(config(&folder, &gate)).unwrap();
        ok(
            &app,
            "set_up",
            json!({"user": "ada", "name": "Ada Admin", "passphrase": PASSPHRASE}),
        );
        let path = |name: &str| tiny.path(name).display().to_string();
        let set = json!({
            "id": null, "name": "Tiny", "reference": path("reference.fa"), "transcripts": path("transcripts.gff3"),
            "clinvar": null, "frequencies": null, "targets": null, "build": "GRCh38", "synthetic": false,
        });
        let made = ok(&app, "save_reference_set", set);
        assert_eq!(made["problems"], json!([]), "{made}");
        let set = made["set"]["id"].as_str().unwrap().to_owned();
        Self {
            tiny,
            folder,
            gate,
            app,
            set,
        }
    }

    /// The application anew over the same store, unlocked.
    pub(crate) fn reopen(&mut self) {
        self.app = App::new(config(&self.folder, &self.gate)).unwrap();
        ok(&self.app, "unlock", json!({"user": "ada", "passphrase": PASSPHRASE}));
    }

    pub(crate) fn ok(&self, name: &str, input: Value) -> Value {
        ok(&self.app, name, input)
    }

    pub(crate) fn refused(&self, name: &str, input: Value) -> ApiError {
        call(&self.app, name, input.clone()).expect_err(&format!("{name} {input}"))
    }

    /// A case from the tiny reads, as a person makes it from dropped files; gives its identifier.
    pub(crate) fn case(&self, sample: &str, start: bool) -> String {
        let paths: Vec<String> = ["R1.fastq.gz", "R2.fastq.gz", "order.json"]
            .iter()
            .map(|name| self.tiny.path(name).display().to_string())
            .collect();
        let found = self.ok("inspect", json!({"paths": paths}));
        assert_eq!(found["problems"], json!([]), "{found}");
        let files: Vec<&Value> = found["files"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|file| file["kind"] == "fastq")
            .collect();
        let case = self.ok(
            "new_case",
            json!({
                "sample": sample, "input_sample": null, "order": found["order"], "files": files,
                "reference_set": self.set, "start": start,
            }),
        );
        case["case"].as_str().unwrap().to_owned()
    }

    /// The newest run of a case.
    pub(crate) fn run(&self, case: &str) -> Value {
        self.ok("case", json!({"case": case}))["runs"][0].clone()
    }

    /// Waits until the newest run of a case is in one of these states, and gives it.
    pub(crate) fn wait(&self, case: &str, states: &[&str]) -> Value {
        let begin = Instant::now();
        loop {
            let run = self.run(case);
            if states.contains(&run["state"].as_str().unwrap()) {
                return run;
            }
            assert!(begin.elapsed() < PATIENCE, "still {run}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// A case whose run is done.
    pub(crate) fn done(&self, sample: &str) -> String {
        let case = self.case(sample, true);
        let run = self.wait(&case, &["done", "failed", "cancelled", "interrupted"]);
        assert_eq!(run["state"], "done", "{run}");
        case
    }

    /// The donor's SNV in the table.
    pub(crate) fn snv(&self, case: &str) -> Value {
        let key = self.tiny.variant();
        let text = format!("{}:{}", key.contig, key.position.get());
        let page = self.ok("variants", window(case, json!({"text": text})));
        assert_eq!(page["total"], 1, "{page}");
        page["rows"][0].clone()
    }
}

fn config(folder: &tempfile::TempDir, gate: &Arc<Gate>) -> Config {
    let mut config = Config::new(folder.path().join("store"), folder.path().join("cache"));
    config.options.kdf = KdfParams {
        memory_kib: 64,
        passes: 1,
        lanes: 1,
    };
    config.machine = Some((2, Some(512)));
    let gate = Arc::clone(gate);
    config.clock = Arc::new(move || {
        gate.pass();
        Timestamp::now()
    });
    config
}

/// A window over the whole table.
pub(crate) fn window(case: &str, filter: Value) -> Value {
    json!({"case": case, "filter": filter, "sort": "position", "descending": false, "offset": 0, "limit": 500})
}

pub(crate) fn ok(app: &Arc<App>, name: &str, input: Value) -> Value {
    call(app, name, input).unwrap_or_else(|error| panic!("{name}: {error:?}"))
}

pub(crate) fn is(error: &ApiError, code: ErrorCode, place: Option<&str>) {
    assert_eq!((error.code, error.place.as_deref()), (code, place), "{error:?}");
}

/// States of the stages of a run.
pub(crate) fn stages(run: &Value) -> Vec<(&str, &str)> {
    let stages = run["stages"].as_array().unwrap();
    stages
        .iter()
        .map(|s| (s["name"].as_str().unwrap(), s["state"].as_str().unwrap()))
        .collect()
}
