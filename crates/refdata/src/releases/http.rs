//! One request over the network: which addresses are allowed, redirects, time-outs, and an answer that comes in pieces, so
//! that a stop is heard while nothing arrives.

use std::{
    io::{self, Read as _},
    path::Path,
    sync::{
        Arc,
        mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel},
    },
    time::Duration,
};

use clinotype_genome::{Fault, Progress, Result};
use ureq::{
    Agent, Body,
    http::{HeaderMap, Response, StatusCode, header},
    tls::{RootCerts, TlsConfig, TlsProvider},
};
use url::Url;

use super::proxy::{self, ProxyChoice};

/// How the network is used.
#[derive(Clone)]
pub struct Options {
    /// The proxy.
    pub proxy: ProxyChoice,
    /// Whether `http://` is allowed beyond this machine.
    pub allow_http: bool,
    /// How long to wait for a connection.
    pub connect: Duration,
    /// How long an answer, or the next byte of one, may take.
    pub stall: Duration,
    /// How often a request is tried while it brings nothing new.
    pub attempts: u32,
    /// The wait before the second try; it doubles with each, up to half a minute.
    pub first_wait: Duration,
    /// Variables of the environment.
    pub(super) environment: fn(&str) -> Option<String>,
    /// Free bytes of the disk that holds a folder.
    pub(super) free: fn(&Path) -> io::Result<u64>,
}

impl std::fmt::Debug for Options {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The proxy's address may hold a password.
        f.debug_struct("Options")
            .field("allow_http", &self.allow_http)
            .field("attempts", &self.attempts)
            .finish_non_exhaustive()
    }
}

impl Options {
    /// The usual time-outs and tries, with this proxy.
    pub fn new(proxy: ProxyChoice, allow_http: bool) -> Self {
        Self {
            proxy,
            allow_http,
            ..Self::default()
        }
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            proxy: ProxyChoice::default(),
            allow_http: false,
            connect: Duration::from_secs(30),
            stall: Duration::from_mins(1),
            attempts: 6,
            first_wait: Duration::from_secs(1),
            environment: |name| std::env::var(name).ok(),
            free: |folder| fs4::available_space(folder),
        }
    }
}

/// Redirects that are followed.
const REDIRECTS: usize = 5;
/// The longest wait between two tries.
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// How often a waiting step looks whether it should stop.
const LOOK: Duration = Duration::from_millis(100);

/// Why a request did not succeed.
#[derive(Debug)]
pub(super) enum Trouble {
    /// It may succeed later: what happened, and how long the server asks to wait.
    Passing(String, Option<Duration>),
    /// It will not.
    Final(Fault),
}

impl From<Fault> for Trouble {
    fn from(fault: Fault) -> Self {
        Self::Final(fault)
    }
}

/// A fault of the network at an address.
pub(super) fn failed(url: &Url, what: &str) -> Fault {
    Fault::io("download", Path::new(url.as_str()), io::Error::other(what.to_owned()))
}

/// What an answer says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) status: u16,
    /// Bytes of this answer.
    pub(super) length: Option<u64>,
    /// First byte of a part, and bytes of the whole, where the answer is a part.
    pub(super) range: Option<(u64, Option<u64>)>,
    /// Bytes of the whole, where the part that was asked for does not exist.
    pub(super) whole: Option<u64>,
    pub(super) etag: Option<String>,
    pub(super) modified: Option<String>,
}

/// A piece of an answer.
pub(super) enum Event {
    Head(Head),
    Bytes(Vec<u8>),
    End,
}

/// Opens connections.
pub(super) struct Client {
    agent: Agent,
    pub(super) options: Options,
}

impl Client {
    pub(super) fn new(options: Options) -> Self {
        let tls = TlsConfig::builder()
            .provider(TlsProvider::Rustls)
            // The system's certificates: a hospital's proxy may have one of its own there.
            .root_certs(RootCerts::PlatformVerifier)
            .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .build();
        let agent = Agent::config_builder()
            .tls_config(tls)
            .proxy(None)
            .http_status_as_error(false)
            // They are followed here, where each address is judged first.
            .max_redirects(0)
            .timeout_resolve(Some(options.connect))
            .timeout_connect(Some(options.connect))
            .timeout_recv_response(Some(options.stall))
            .timeout_per_read(Some(options.stall))
            .user_agent(concat!("clinotype/", env!("CARGO_PKG_VERSION")))
            .build()
            .new_agent();
        Self { agent, options }
    }

    /// Only https, but for this machine, or where plain http was allowed; no password in an address, which would end in
    /// the manifest.
    pub(super) fn permitted(&self, url: &Url) -> Result<()> {
        let refused = |what: &str, hint: &str| Err(Fault::usage(what).at(url.as_str()).hint(hint));
        if !url.username().is_empty() || url.password().is_some() {
            return Err(
                Fault::usage("an address must not hold a user name or password").hint("use a mirror without one")
            );
        }
        match url.scheme() {
            "https" => Ok(()),
            "http" if self.options.allow_http || proxy::is_loopback(url) => Ok(()),
            "http" => refused(
                "only https is used: on the way, http can be read and changed by others",
                "name an https address, or allow http for a mirror inside your own network",
            ),
            _ => refused("is no address of the web", "an address begins with https://"),
        }
    }

    /// Asks for an address; the answer comes in pieces.
    pub(super) fn get(&self, url: &Url, headers: &[(&'static str, String)]) -> Result<Stream> {
        self.permitted(url)?;
        let (sender, receiver) = sync_channel(8);
        let work = Work {
            client: Self {
                agent: self.agent.clone(),
                options: self.options.clone(),
            },
            url: url.clone(),
            headers: headers.to_vec(),
        };
        // The thread ends when its receiver is gone, at the latest when the connection stalls.
        std::thread::Builder::new()
            .name("download".to_owned())
            .spawn(move || work.run(&sender))
            .map_err(|e| Fault::resource("cannot start a thread for a download").caused_by(e))?;
        Ok(Stream(receiver))
    }

    /// Repeats what may pass, with growing waits, as long as a try brings nothing (`attempts`) and never without end. A
    /// try says with its trouble whether it brought something.
    pub(super) fn patiently<T>(
        &self,
        url: &Url,
        progress: &dyn Progress,
        mut attempt: impl FnMut() -> Result<T, (Trouble, bool)>,
    ) -> Result<T> {
        let (mut in_vain, mut wait) = (0, self.options.first_wait);
        for _ in 0..self.options.attempts.saturating_mul(20).max(1) {
            progress.check()?;
            let (what, asked) = match attempt() {
                Ok(value) => return Ok(value),
                Err((Trouble::Final(fault), _)) => return Err(fault),
                Err((Trouble::Passing(what, asked), brought)) => {
                    if brought {
                        (in_vain, wait) = (0, self.options.first_wait);
                    }
                    (what, asked)
                }
            };
            in_vain += 1;
            if in_vain >= self.options.attempts {
                return Err(failed(url, &format!("{what} (tried {in_vain} times)"))
                    .hint("run the same command again later; what is here already is kept"));
            }
            let mut left = asked.unwrap_or(wait).min(LONGEST_WAIT);
            wait = wait.saturating_mul(2).min(LONGEST_WAIT);
            while !left.is_zero() {
                progress.check()?;
                let step = left.min(LOOK);
                std::thread::sleep(step);
                left -= step;
            }
        }
        Err(failed(url, "the connection broke again and again")
            .hint("run the same command again later; what is here already is kept"))
    }

    /// A small text, such as a listing or a list of digests. A larger one than `limit` bytes is refused.
    pub(super) fn text(&self, url: &Url, limit: usize, progress: &dyn Progress) -> Result<String> {
        let bytes = self.patiently(url, progress, || {
            let whole = || -> Result<Vec<u8>, Trouble> {
                let stream = self.get(url, &[])?;
                let mut bytes = Vec::new();
                loop {
                    match stream.next(progress)? {
                        Event::Head(head) => expect_success(url, &head)?,
                        Event::Bytes(piece) if bytes.len() + piece.len() > limit => {
                            return Err(failed(url, "the answer is much longer than expected").into());
                        }
                        Event::Bytes(piece) => bytes.extend(piece),
                        Event::End => return Ok(bytes),
                    }
                }
            };
            whole().map_err(|trouble| (trouble, false))
        })?;
        String::from_utf8(bytes).map_err(|_| failed(url, "the answer is not text"))
    }

    /// What a server says of a file, without the file.
    pub(super) fn head(&self, url: &Url, progress: &dyn Progress) -> Result<Head> {
        self.patiently(url, progress, || {
            let head = || -> Result<Head, Trouble> {
                match self.get(url, &[])?.next(progress)? {
                    Event::Head(head) => expect_success(url, &head).map(|()| head),
                    _ => Err(Trouble::Passing("an answer without a head".to_owned(), None)),
                }
            };
            head().map_err(|trouble| (trouble, false))
        })
    }
}

/// Tells statuses that pass from those that do not.
pub(super) fn expect_success(url: &Url, head: &Head) -> Result<(), Trouble> {
    let status = head.status;
    let refused = |what: &str, hint: &str| Err(Trouble::Final(failed(url, what).hint(hint)));
    match status {
        200 | 206 => Ok(()),
        404 | 410 => refused(
            &format!("the source has no such file (status {status})"),
            "the source may have moved: name its new base address in sources.json or with --base",
        ),
        401 | 403 | 407 => refused(
            &format!("access was refused (status {status})"),
            "ask who runs the mirror or proxy for access",
        ),
        408 | 425 | 429 | 500..=599 => Err(Trouble::Passing(
            format!("the server answers with status {status}"),
            None,
        )),
        _ => refused(
            &format!("the server answers with status {status}"),
            "check the base address of the source",
        ),
    }
}

/// An answer on its way.
pub(super) struct Stream(Receiver<Result<Event, Trouble>>);

impl Stream {
    /// The next piece; the first one is the head.
    pub(super) fn next(&self, progress: &dyn Progress) -> Result<Event, Trouble> {
        loop {
            match self.0.recv_timeout(LOOK) {
                Ok(event) => return event,
                Err(RecvTimeoutError::Timeout) => progress.check()?,
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(Trouble::Passing("the connection ended without a word".to_owned(), None));
                }
            }
        }
    }
}

struct Work {
    client: Client,
    url: Url,
    headers: Vec<(&'static str, String)>,
}

impl Work {
    fn run(&self, sender: &SyncSender<Result<Event, Trouble>>) {
        if let Err(trouble) = self.transfer(sender) {
            // Nobody waits for it any more where this fails.
            let _ = sender.send(Err(trouble));
        }
    }

    fn transfer(&self, sender: &SyncSender<Result<Event, Trouble>>) -> Result<(), Trouble> {
        let response = self.follow()?;
        let status = response.status();
        let retry_after = number(response.headers(), header::RETRY_AFTER.as_str()).map(Duration::from_secs);
        let head = head(status, response.headers());
        if let Some(wait) = retry_after.filter(|_| matches!(status.as_u16(), 429 | 503)) {
            return Err(Trouble::Passing(
                format!("the server answers with status {}", status.as_u16()),
                Some(wait),
            ));
        }
        let expected = head.length;
        if sender.send(Ok(Event::Head(head))).is_err() {
            return Ok(());
        }
        let mut reader = response.into_body().into_reader();
        let mut got = 0;
        loop {
            let mut piece = vec![0; 1 << 16];
            let n = match reader.read(&mut piece) {
                Ok(n) => n,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
                Err(e) => return Err(Trouble::Passing(format!("the connection broke: {e}"), None)),
            };
            got += n as u64;
            if n == 0 {
                if expected.is_some_and(|expected| got < expected) {
                    return Err(Trouble::Passing("the connection ended too early".to_owned(), None));
                }
                let _ = sender.send(Ok(Event::End));
                return Ok(());
            }
            piece.truncate(n);
            if sender.send(Ok(Event::Bytes(piece))).is_err() {
                return Ok(());
            }
        }
    }

    /// Sends the request, and follows where it is sent to.
    fn follow(&self) -> Result<Response<Body>, Trouble> {
        let mut url = self.url.clone();
        for _ in 0..=REDIRECTS {
            let response = self.send(&url)?;
            if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
                return Ok(response);
            }
            let next = response
                .headers()
                .get(header::LOCATION)
                .and_then(|to| url.join(to.to_str().ok()?).ok())
                .ok_or_else(|| failed(&url, "the server sends elsewhere without saying where"))?;
            self.client.permitted(&next)?;
            url = next;
        }
        Err(
            failed(&self.url, "the server sends from one address to the next without end")
                .hint("check the base address of the source")
                .into(),
        )
    }

    fn send(&self, url: &Url) -> Result<Response<Body>, Trouble> {
        let options = &self.client.options;
        let proxy = proxy::choose(&options.proxy, url, &options.environment)?;
        let mut request = self
            .client
            .agent
            .get(url.as_str())
            // A packed answer would not have the size and the parts of the file.
            .header(header::ACCEPT_ENCODING, "identity");
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        request
            .config()
            .proxy(proxy)
            .build()
            .call()
            .map_err(|e| trouble(url, e))
    }
}

fn trouble(url: &Url, error: ureq::Error) -> Trouble {
    use ureq::Error as E;
    match error {
        E::Timeout(_) => Trouble::Passing("the server does not answer in time".to_owned(), None),
        E::HostNotFound => Trouble::Passing("the host was not found".to_owned(), None),
        E::ConnectProxyFailed(what) if what.contains("407") => Trouble::Final(
            failed(url, "the proxy asks for a user name and password")
                .hint("write them into the proxy's address: http://user:password@host:port"),
        ),
        E::ConnectProxyFailed(what) => Trouble::Passing(format!("the proxy refuses: {what}"), None),
        E::Rustls(what) => untrusted(url, &what.to_string()),
        E::Tls(what) => untrusted(url, what),
        // A certificate that does not hold comes as wrong data of the connection.
        E::Io(e) if e.kind() == io::ErrorKind::InvalidData => untrusted(url, &e.to_string()),
        E::Io(e) => Trouble::Passing(format!("the connection failed: {e}"), None),
        E::ConnectionFailed => Trouble::Passing("the connection failed".to_owned(), None),
        E::Protocol(e) => Trouble::Passing(format!("the answer is not HTTP: {e}"), None),
        other => Trouble::Final(failed(url, &other.to_string())),
    }
}

fn untrusted(url: &Url, what: &str) -> Trouble {
    Trouble::Final(
        failed(url, &format!("the server could not be trusted: {what}")).hint(
            "if a proxy of your hospital stands between, its certificate must be among those that the system trusts",
        ),
    )
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

fn number(headers: &HeaderMap, name: &str) -> Option<u64> {
    text(headers, name)?.trim().parse().ok()
}

fn head(status: StatusCode, headers: &HeaderMap) -> Head {
    // `bytes 5-9/10`, `bytes 5-9/*`, `bytes */10`
    let range = text(headers, header::CONTENT_RANGE.as_str());
    let range = range.as_deref().and_then(|r| r.trim().strip_prefix("bytes"));
    let (span, whole) = range.and_then(|r| r.trim().split_once('/')).unwrap_or_default();
    let whole: Option<u64> = whole.parse().ok();
    Head {
        status: status.as_u16(),
        length: number(headers, header::CONTENT_LENGTH.as_str()),
        range: span
            .split_once('-')
            .and_then(|(first, _)| Some((first.parse().ok()?, whole))),
        whole: whole.filter(|_| span == "*"),
        etag: text(headers, header::ETAG.as_str()),
        modified: text(headers, header::LAST_MODIFIED.as_str()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn which_addresses_are_allowed() {
        let client = Client::new(Options::default());
        let open = Client::new(Options {
            allow_http: true,
            ..Options::default()
        });
        for (address, strict, allowed) in [
            ("https://data.example/x", true, true),
            ("http://data.example/x", false, true),
            ("http://127.0.0.1:9/x", true, true),
            ("http://localhost/x", true, true),
            ("http://localhost.example/x", false, true),
            ("https://user:secret@data.example/x", false, false),
            ("ftp://data.example/x", false, false),
            ("file:///etc/passwd", false, false),
        ] {
            let url = Url::parse(address).unwrap();
            assert_eq!(client.permitted(&url).is_ok(), strict, "{address}");
            assert_eq!(open.permitted(&url).is_ok(), allowed, "{address}");
            if let Err(fault) = client.permitted(&url) {
                assert!(!fault.to_string().contains("secret"));
            }
        }
    }

    #[test]
    fn parts_are_read_from_their_heads() {
        let of = |range: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_RANGE, range.parse().unwrap());
            let head = head(StatusCode::PARTIAL_CONTENT, &headers);
            (head.range, head.whole)
        };
        assert_eq!(of("bytes 5-9/10"), (Some((5, Some(10))), None));
        assert_eq!(of("bytes 5-9/*"), (Some((5, None)), None));
        assert_eq!(of("bytes */10"), (None, Some(10)));
        assert_eq!(of("lines 5-9/10"), (None, None));
        assert_eq!(of("bytes"), (None, None));
    }
}
