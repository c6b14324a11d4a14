//! A small client of the W3C WebDriver protocol, enough to drive the real window: WebKitGTK's driver starts the program
//! under a display of its own, and the test looks for what a person would look for, by role, name and text.

#![allow(clippy::panic, reason = "a test may fail, and this is how one says why")]

use std::{
    io::{BufRead as _, BufReader},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::{Value, json};

/// How long a thing may take to appear. Generous: the machine of the tests has other work.
const PATIENCE: Duration = Duration::from_mins(1);

/// A display without a screen, ended when dropped.
#[derive(Debug)]
pub struct Display {
    server: Child,
    /// For `DISPLAY`.
    pub name: String,
}

impl Display {
    /// Starts one on a free number.
    ///
    /// # Panics
    /// Where Xvfb is missing or does not start.
    pub fn start(width: u32, height: u32) -> Self {
        let mut server = Command::new("Xvfb")
            .args([
                "-displayfd",
                "1",
                "-nolisten",
                "tcp",
                "-screen",
                "0",
                &format!("{width}x{height}x24"),
            ])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Xvfb is installed (cargo xtask test installs it)");
        let mut line = String::new();
        BufReader::new(server.stdout.take().expect("it is piped"))
            .read_line(&mut line)
            .expect("Xvfb tells its number");
        assert!(!line.trim().is_empty(), "Xvfb did not start");
        Self {
            server,
            name: format!(":{}", line.trim()),
        }
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// The program in its window, driven.
#[derive(Debug)]
pub struct Window {
    driver: Child,
    base: String,
    session: String,
    agent: ureq::Agent,
    /// The display that it is on.
    pub display: Display,
}

impl Window {
    /// Starts the program with arguments; its home is `home`, so that it finds nothing of this machine's user.
    ///
    /// # Panics
    /// Where the driver or the program does not start.
    pub fn start(program: &Path, args: &[&str], home: &Path, size: (u32, u32)) -> Self {
        let display = Display::start(size.0, size.1);
        let port = free_port();
        let driver = Command::new("WebKitWebDriver")
            .arg(format!("--port={port}"))
            .env("DISPLAY", &display.name)
            .env("HOME", home)
            .env("XDG_DATA_HOME", home.join("data"))
            .env("XDG_CACHE_HOME", home.join("cache"))
            .env("XDG_RUNTIME_DIR", home)
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .env("WEBKIT_DISABLE_DMABUF_RENDERER", "1")
            .env("GDK_BACKEND", "x11")
            .env_remove("WAYLAND_DISPLAY")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("WebKitWebDriver is installed (cargo xtask test installs it)");
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_mins(3)))
            .build()
            .new_agent();
        let mut window = Self {
            driver,
            base: format!("http://127.0.0.1:{port}"),
            session: String::new(),
            agent,
            display,
        };
        let capabilities = json!({"capabilities": {"alwaysMatch": {
            "webkitgtk:browserOptions": {"binary": program, "args": args}
        }}});
        let until = Instant::now() + PATIENCE;
        // The driver needs a moment before it listens.
        let made = loop {
            match window.send("POST", "/session", Some(&capabilities)) {
                Ok(made) => break made,
                Err(words) => assert!(Instant::now() < until, "no session with the window: {words}"),
            }
            std::thread::sleep(Duration::from_millis(100));
        };
        made["sessionId"]
            .as_str()
            .expect("a session has an id")
            .clone_into(&mut window.session);
        window
    }

    fn send(&self, method: &str, path: &str, body: Option<&Value>) -> Result<Value, String> {
        let url = format!("{}{path}", self.base);
        let response = match (method, body) {
            ("GET", _) => self.agent.get(&url).call(),
            ("DELETE", _) => self.agent.delete(&url).call(),
            (_, body) => self.agent.post(&url).send_json(body.unwrap_or(&json!({}))),
        };
        let mut response = response.map_err(|e| e.to_string())?;
        let status = response.status();
        let mut value: Value = response.body_mut().read_json().map_err(|e| e.to_string())?;
        if status.is_success() {
            Ok(value["value"].take())
        } else {
            Err(format!("{}: {}", value["value"]["error"], value["value"]["message"]))
        }
    }

    fn at(&self, path: &str) -> String {
        format!("/session/{}{path}", self.session)
    }

    /// Runs a script in the page; `arguments` is its arguments array.
    ///
    /// # Panics
    /// Where the script throws.
    pub fn run(&self, script: &str, arguments: &Value) -> Value {
        self.send(
            "POST",
            &self.at("/execute/sync"),
            Some(&json!({"script": script, "args": arguments})),
        )
        .unwrap_or_else(|e| panic!("{e}\n{script}"))
    }

    /// Waits until a script gives something true, and gives it.
    ///
    /// # Panics
    /// With the page's text where it does not in time.
    pub fn wait(&self, what: &str, script: &str, arguments: &Value) -> Value {
        self.wait_for(PATIENCE, what, script, arguments)
    }

    /// As [`Window::wait`], with a patience of its own.
    ///
    /// # Panics
    /// With the page's text where it does not in time.
    pub fn wait_for(&self, patience: Duration, what: &str, script: &str, arguments: &Value) -> Value {
        let until = Instant::now() + patience;
        loop {
            let found = self.run(script, arguments);
            if !matches!(found, Value::Null | Value::Bool(false)) {
                return found;
            }
            if Instant::now() > until {
                let picture = std::env::temp_dir().join("clinotype-window-failure.png");
                self.picture(&picture);
                panic!(
                    "{what}: not seen. Picture: {}. The page says:\n{}",
                    picture.display(),
                    self.text()
                );
            }
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// The page's visible text.
    pub fn text(&self) -> String {
        self.run("return document.body.innerText", &json!([]))
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    /// Waits until the page shows a text.
    pub fn sees(&self, text: &str) {
        self.wait(
            text,
            "return document.body.innerText.includes(arguments[0])",
            &json!([text]),
        );
    }

    /// Clicks the control with a role and a name (its label or text; the beginning is enough).
    pub fn click(&self, role: &str, name: &str) {
        let element = self.find(role, name);
        self.send("POST", &self.at(&format!("/element/{element}/click")), None)
            .unwrap_or_else(|e| panic!("click on {role} {name:?}: {e}"));
    }

    /// Types into the field with a label, after emptying it.
    pub fn fill(&self, label: &str, text: &str) {
        let element = self.find("textbox", label);
        self.run(
            "arguments[0].focus(); arguments[0].select && arguments[0].select()",
            &json!([reference(&element)]),
        );
        self.send(
            "POST",
            &self.at(&format!("/element/{element}/value")),
            // The driver drops a line feed; the key of its name makes a line.
            Some(&json!({"text": text.replace('\n', "\u{e007}")})),
        )
        .unwrap_or_else(|e| panic!("typing into {label:?}: {e}"));
    }

    /// Presses keys on whatever has the focus (WebDriver's codes for the named ones).
    pub fn keys(&self, keys: &str) {
        let mut actions = Vec::new();
        for key in keys.chars() {
            actions.push(json!({"type": "keyDown", "value": key}));
            actions.push(json!({"type": "keyUp", "value": key}));
        }
        self.send(
            "POST",
            &self.at("/actions"),
            Some(&json!({"actions": [{"type": "key", "id": "keys", "actions": actions}]})),
        )
        .unwrap_or_else(|e| panic!("keys: {e}"));
    }

    /// Presses a key while another is held.
    ///
    /// # Panics
    /// Where the driver refuses.
    pub fn chord(&self, held: char, key: char) {
        let down = |k: char| json!({"type": "keyDown", "value": k.to_string()});
        let up = |k: char| json!({"type": "keyUp", "value": k.to_string()});
        let actions = json!([down(held), down(key), up(key), up(held)]);
        self.send(
            "POST",
            &self.at("/actions"),
            Some(&json!({"actions": [{"type": "key", "id": "keys", "actions": actions}]})),
        )
        .unwrap_or_else(|e| panic!("keys: {e}"));
    }

    /// The document's title.
    pub fn title(&self) -> String {
        self.run("return document.title", &json!([]))
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    /// Waits for a control by role and name, as an assistive technology would see them.
    ///
    /// # Panics
    /// Where it does not appear.
    pub fn find(&self, role: &str, name: &str) -> String {
        let found = self.wait(&format!("{role} {name:?}"), FIND, &json!([role, name]));
        let element = found
            .as_object()
            .and_then(|o| o.values().next())
            .and_then(Value::as_str);
        element.expect("the driver names the element").to_owned()
    }

    /// Writes a picture of the display: the driver's own picture never comes while the page is not drawn.
    ///
    /// # Panics
    /// Where ImageMagick is missing or sees no display.
    pub fn picture(&self, path: &Path) {
        let made = Command::new("import")
            .args(["-window", "root", "-display", &self.display.name])
            .arg(path)
            .status()
            .expect("ImageMagick is installed (cargo xtask test installs it)");
        assert!(made.success(), "no picture of the display");
    }

    /// Closes the window and waits until the driver has ended.
    pub fn close(mut self) {
        self.end();
    }

    fn end(&mut self) {
        if !self.session.is_empty() {
            let _ = self.send("DELETE", &self.at(""), None);
            self.session.clear();
        }
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        self.end();
    }
}

fn reference(element: &str) -> Value {
    json!({"element-6066-11e4-a52e-4f735466cecf": element})
}

/// The visible, enabled element with a role whose name begins with the text.
const FIND: &str = r#"
const [role, name] = arguments;
const native = {
  button: "button, [role=button]", link: "a[href], [role=link]", tab: "[role=tab]", row: "[role=row]",
  textbox: "input:not([type=checkbox]):not([type=radio]):not([type=hidden]), textarea, [role=textbox], [role=combobox]",
  checkbox: "input[type=checkbox], [role=checkbox]", radio: "input[type=radio], [role=radio]", option: "[role=option]",
  menuitem: "[role=menuitem]", gridcell: "[role=gridcell]", heading: "h1, h2, h3, [role=heading]", dialog: "[role=dialog], [role=alertdialog]",
}[role] ?? `[role=${role}]`;
const named = (e) => {
  const label = e.getAttribute("aria-label");
  if (label) return label;
  const by = e.getAttribute("aria-labelledby");
  if (by) return by.split(/\s+/).map((id) => document.getElementById(id)?.textContent ?? "").join(" ");
  if (e.labels && e.labels.length) return e.labels[0].textContent;
  return e.innerText || e.textContent || e.title || "";
};
const clean = (s) => s.replace(/\s+/g, " ").trim();
const shown = (e) => { const box = e.getBoundingClientRect(); return box.width > 0 && box.height > 0 || e.type === "checkbox" || e.type === "radio"; };
// What stands in a dialog comes before what stands behind it.
const all = [...document.querySelectorAll(native)].filter((e) => shown(e) && !e.disabled && e.getAttribute("aria-disabled") !== "true");
// A drawn box hides the native one, and its label is what a person presses.
const pressed = (e) => (e.type === "checkbox" || e.type === "radio") ? (e.closest("label") ?? e) : e;
const dialog = all.filter((e) => e.closest("[role=dialog], [role=alertdialog]"));
for (const list of [dialog, all]) {
  const exact = list.find((e) => clean(named(e)) === name);
  if (exact) return pressed(exact);
  const begins = list.find((e) => clean(named(e)).startsWith(name));
  if (begins) return pressed(begins);
}
return null;
"#;

fn free_port() -> u16 {
    TcpListener::bind(("127.0.0.1", 0))
        .and_then(|l| l.local_addr())
        .map(|a| a.port())
        .expect("loopback has a free port")
}

/// The desktop program of this build, or `None` after saying that the test is skipped. With `CI` set its absence fails.
///
/// # Panics
/// With `CI` set and no program.
pub fn desktop() -> Option<PathBuf> {
    let this = std::env::current_exe().expect("a running test has a path");
    let program = this
        .ancestors()
        .nth(2)
        .expect("tests lie in target/<profile>/deps")
        .join("clinotype-desktop");
    if program.is_file() {
        return Some(program);
    }
    assert!(
        std::env::var_os("CI").is_none(),
        "{} is missing: build it with --features clinotype-desktop/custom-protocol",
        program.display()
    );
    eprintln!("skipped: the window is not built (cargo build -p clinotype-desktop --features custom-protocol)");
    None
}
