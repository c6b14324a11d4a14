//! A web server and a proxy on loopback, that misbehave as they are told.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

/// A request as it came.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub(super) method: String,
    pub(super) path: String,
    /// By name in lower case.
    pub(super) headers: BTreeMap<String, String>,
}

impl Asked {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }
    /// The first byte that was asked for.
    pub(super) fn offset(&self) -> Option<usize> {
        self.header("range")?
            .strip_prefix("bytes=")?
            .strip_suffix('-')?
            .parse()
            .ok()
    }
}

/// An answer.
#[derive(Clone, Debug)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
    /// Content-Length, where it is not the body's.
    pub(super) length: Option<usize>,
    /// Breaks the connection after this many bytes of the body.
    pub(super) breaks: Option<usize>,
    /// Waits before the answer.
    pub(super) waits: Duration,
    /// Sends so many bytes, then waits so long, again and again.
    pub(super) drips: Option<(usize, Duration)>,
}

impl Reply {
    pub(super) fn new(status: u16, body: &[u8]) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: body.to_vec(),
            length: None,
            breaks: None,
            waits: Duration::ZERO,
            drips: None,
        }
    }
    pub(super) fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }
    pub(super) fn breaks(mut self, after: usize) -> Self {
        self.breaks = Some(after);
        self
    }

    /// A file as a good server gives it: whole, or the part that was asked for if the mark still holds.
    pub(super) fn file(asked: &Asked, body: &[u8], etag: &str) -> Self {
        let whole = || Self::new(200, body).with("ETag", etag);
        let Some(offset) = asked.offset() else { return whole() };
        if asked.header("if-range").is_some_and(|mark| mark != etag) {
            return whole();
        }
        if offset >= body.len() {
            return Self::new(416, b"").with("Content-Range", &format!("bytes */{}", body.len()));
        }
        let range = format!("bytes {offset}-{}/{}", body.len() - 1, body.len());
        Self::new(206, &body[offset..])
            .with("ETag", etag)
            .with("Content-Range", &range)
    }
}

type Handler = dyn Fn(usize, &Asked) -> Reply + Send + Sync;

/// The server; its thread lives as long as the process of the tests.
pub(super) struct Server {
    pub(super) address: SocketAddr,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Server {
    /// Answers each request by the function, which gets the number of requests before it.
    pub(super) fn new(handler: impl Fn(usize, &Asked) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let asked: Arc<Mutex<Vec<Asked>>> = Arc::default();
        let (log, handler): (_, Arc<Handler>) = (Arc::clone(&asked), Arc::new(handler));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (log, handler) = (Arc::clone(&log), Arc::clone(&handler));
                thread::spawn(move || serve(stream, &log, &*handler));
            }
        });
        Self { address, asked }
    }

    pub(super) fn base(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// Every request so far.
    pub(super) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    /// Requests for a path.
    pub(super) fn asked_for(&self, path: &str) -> Vec<Asked> {
        self.asked().into_iter().filter(|a| a.path == path).collect()
    }
}

fn request(stream: &TcpStream) -> Option<Asked> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|n| *n > 0)?;
    let mut words = line.split_whitespace().map(str::to_owned);
    let (method, path) = (words.next()?, words.next()?);
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim().split_once(':') else {
            break;
        };
        headers.insert(name.to_lowercase(), value.trim().to_owned());
    }
    Some(Asked { method, path, headers })
}

fn serve(mut stream: TcpStream, log: &Mutex<Vec<Asked>>, handler: &Handler) {
    let Some(asked) = request(&stream) else { return };
    let number = {
        let mut log = log.lock().unwrap();
        log.push(asked.clone());
        log.len() - 1
    };
    let reply = handler(number, &asked);
    thread::sleep(reply.waits);
    let mut head = format!("HTTP/1.1 {} X\r\nConnection: close\r\n", reply.status);
    let _ = write!(head, "Content-Length: {}\r\n", reply.length.unwrap_or(reply.body.len()));
    for (name, value) in &reply.headers {
        let _ = write!(head, "{name}: {value}\r\n");
    }
    head += "\r\n";
    if stream.write_all(head.as_bytes()).is_err() {
        return;
    }
    let body = &reply.body[..reply.breaks.unwrap_or(reply.body.len()).min(reply.body.len())];
    let (step, pause) = reply.drips.unwrap_or((body.len().max(1), Duration::ZERO));
    for piece in body.chunks(step) {
        if stream.write_all(piece).is_err() {
            return;
        }
        thread::sleep(pause);
    }
    let _ = stream.flush();
}

/// A proxy that connects where it is told to. Gives the addresses that it was asked for.
pub(super) struct ProxyServer {
    pub(super) address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
}

impl ProxyServer {
    /// `refuses` answers with this status instead.
    pub(super) fn new(refuses: Option<u16>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let log = Arc::clone(&asked);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let log = Arc::clone(&log);
                thread::spawn(move || pass(stream, &log, refuses));
            }
        });
        Self { address, asked }
    }

    pub(super) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

fn pass(mut stream: TcpStream, log: &Mutex<Vec<String>>, refuses: Option<u16>) {
    let Some(asked) = request(&stream) else { return };
    log.lock().unwrap().push(format!("{} {}", asked.method, asked.path));
    if let Some(status) = refuses {
        let _ = stream.write_all(format!("HTTP/1.1 {status} No\r\nContent-Length: 0\r\n\r\n").as_bytes());
        return;
    }
    let Ok(mut there) = TcpStream::connect(&asked.path) else {
        return;
    };
    let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
    let (mut from, mut to) = (stream.try_clone().unwrap(), there.try_clone().unwrap());
    thread::spawn(move || std::io::copy(&mut from, &mut to));
    let mut buffer = [0; 4096];
    while let Ok(n) = there.read(&mut buffer) {
        if n == 0 || stream.write_all(&buffer[..n]).is_err() {
            break;
        }
    }
    let _ = stream.shutdown(std::net::Shutdown::Both);
}
