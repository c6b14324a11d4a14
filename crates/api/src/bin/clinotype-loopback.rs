//! The operations on loopback, for browser tests: `POST /api/<name>`, `GET /file/<token>` with ranges, and the built UI
//! under the same content security policy as the window's. It is never shipped, and starts only with
//! `CLINOTYPE_TEST_SERVER=1`.

use std::{
    collections::BTreeMap,
    path::{Component, Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use axum::{
    Router,
    body::Bytes,
    extract::{Path as UrlPath, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use clinotype_api::{
    App, Config, FileAnswer, call,
    types::{ApiError, ErrorCode},
};
use clinotype_genome::fs;

const USAGE: &str = "usage: clinotype-loopback --store DIR --cache DIR --ui DIR [--port N]";

struct Args {
    store: PathBuf,
    cache: PathBuf,
    ui: PathBuf,
    port: u16,
}

fn args() -> Result<Args, String> {
    let mut given: BTreeMap<String, String> = BTreeMap::new();
    let mut words = std::env::args().skip(1);
    while let Some(name) = words.next() {
        let name = name.strip_prefix("--").ok_or(USAGE)?.to_owned();
        given.insert(name, words.next().ok_or(USAGE)?);
    }
    let mut folder = |name: &str| -> Result<PathBuf, String> {
        let text = given.remove(name).ok_or(USAGE)?;
        std::path::absolute(text).map_err(|e| format!("--{name}: {e}"))
    };
    let (store, cache, ui) = (folder("store")?, folder("cache")?, folder("ui")?);
    let port = given
        .remove("port")
        .map_or(Ok(0), |text| text.parse())
        .map_err(|_| USAGE)?;
    if given.is_empty() {
        Ok(Args { store, cache, ui, port })
    } else {
        Err(USAGE.to_owned())
    }
}

struct Server {
    app: Arc<App>,
    ui: PathBuf,
    policy: HeaderValue,
}

fn main() -> ExitCode {
    if std::env::var_os("CLINOTYPE_TEST_SERVER").is_none_or(|v| v != "1") {
        eprintln!("clinotype-loopback serves browser tests only: set CLINOTYPE_TEST_SERVER=1");
        return ExitCode::from(2);
    }
    match args().and_then(serve) {
        Ok(()) => ExitCode::SUCCESS,
        Err(words) => {
            eprintln!("clinotype-loopback: {words}");
            ExitCode::from(2)
        }
    }
}

fn serve(args: Args) -> Result<(), String> {
    let app = App::new(Config::new(args.store, args.cache)).map_err(|e| e.to_string())?;
    let server = Arc::new(Server {
        app: Arc::clone(&app),
        ui: args.ui,
        policy: policy()?,
    });
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|e| format!("cannot start: {e}"))?;
    let result = runtime.block_on(async {
        // Loopback only: nothing outside of this machine can connect.
        let listener = tokio::net::TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, args.port))
            .await
            .map_err(|e| format!("cannot listen: {e}"))?;
        let address = listener.local_addr().map_err(|e| format!("cannot listen: {e}"))?;
        println!("listening on http://{address}");
        let routes = Router::new()
            .route("/api/{name}", post(operation))
            .route("/file/{token}", get(file))
            .fallback(get(page))
            .with_state(server);
        axum::serve(listener, routes).await.map_err(|e| format!("stopped: {e}"))
    });
    app.close();
    result
}

/// The window's own policy, so that what passes here passes there.
fn policy() -> Result<HeaderValue, String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../src-tauri/tauri.conf.json");
    let text = fs::read_to_string(&path).map_err(|e| e.to_string())?;
    let config: serde_json::Value = serde_json::from_str(&text).map_err(|e| format!("{}: {e}", path.display()))?;
    let policy = match &config["app"]["security"]["csp"] {
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Object(directives) => {
            let mut parts = Vec::new();
            for (name, sources) in directives {
                let sources = match sources {
                    serde_json::Value::Array(list) => list
                        .iter()
                        .filter_map(serde_json::Value::as_str)
                        .collect::<Vec<_>>()
                        .join(" "),
                    other => other.as_str().unwrap_or_default().to_owned(),
                };
                parts.push(format!("{name} {sources}"));
            }
            parts.join("; ")
        }
        _ => return Err(format!("{} states no content security policy", path.display())),
    };
    HeaderValue::from_str(&policy).map_err(|_| "the content security policy is no header".to_owned())
}

/// HTTP's word for an error; the body has the exact code.
fn status_of(code: ErrorCode) -> StatusCode {
    match code {
        ErrorCode::InvalidInput => StatusCode::UNPROCESSABLE_ENTITY,
        ErrorCode::NotFound => StatusCode::NOT_FOUND,
        ErrorCode::Locked | ErrorCode::WrongPassphrase => StatusCode::UNAUTHORIZED,
        ErrorCode::NotAllowed => StatusCode::FORBIDDEN,
        ErrorCode::NoStore | ErrorCode::StoreInUse | ErrorCode::NewerSchema | ErrorCode::WrongState => {
            StatusCode::CONFLICT
        }
        ErrorCode::Damaged | ErrorCode::Io | ErrorCode::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        ErrorCode::Resource => StatusCode::SERVICE_UNAVAILABLE,
        ErrorCode::Cancelled => StatusCode::GONE,
    }
}

fn json(status: StatusCode, value: &impl serde::Serialize) -> Response {
    let body = serde_json::to_vec(value).unwrap_or_default();
    (
        status,
        [
            (header::CONTENT_TYPE, "application/json"),
            (header::CACHE_CONTROL, "no-store"),
        ],
        body,
    )
        .into_response()
}

async fn operation(State(server): State<Arc<Server>>, UrlPath(name): UrlPath<String>, body: Bytes) -> Response {
    let done = tokio::task::spawn_blocking(move || {
        let input = if body.is_empty() {
            Ok(serde_json::json!({}))
        } else {
            serde_json::from_slice(&body)
        };
        let input = input.map_err(|_| ApiError {
            code: ErrorCode::InvalidInput,
            message: "the body is not JSON".to_owned(),
            place: None,
            hint: None,
        })?;
        call(&server.app, &name, input)
    })
    .await;
    match done {
        Ok(Ok(value)) => json(StatusCode::OK, &value),
        Ok(Err(error)) => json(status_of(error.code), &error),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

async fn file(State(server): State<Arc<Server>>, UrlPath(token): UrlPath<String>, headers: HeaderMap) -> Response {
    let asked = headers
        .get(header::RANGE)
        .map(|v| v.to_str().unwrap_or_default().to_owned());
    let done = tokio::task::spawn_blocking(move || {
        let (bytes, content_type, content_range) = match server.app.answer_file(&token, asked.as_deref()) {
            FileAnswer::Bytes {
                bytes,
                content_type,
                content_range,
            } => (bytes, content_type, content_range),
            FileAnswer::Unknown => return StatusCode::NOT_FOUND.into_response(),
            FileAnswer::NotSatisfiable => return StatusCode::RANGE_NOT_SATISFIABLE.into_response(),
            FileAnswer::Failed(error) => return json(status_of(error.code), &error),
        };
        let mut answer = vec![
            (header::CONTENT_TYPE, content_type.to_owned()),
            (header::ACCEPT_RANGES, "bytes".to_owned()),
            (header::CACHE_CONTROL, "no-store".to_owned()),
        ];
        let status = match content_range {
            Some(_) => StatusCode::PARTIAL_CONTENT,
            None => StatusCode::OK,
        };
        answer.extend(content_range.map(|range| (header::CONTENT_RANGE, range)));
        (status, axum::response::AppendHeaders(answer), bytes).into_response()
    })
    .await;
    done.unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

async fn page(State(server): State<Arc<Server>>, uri: Uri) -> Response {
    let done = tokio::task::spawn_blocking(move || {
        let wanted = uri.path().trim_start_matches('/');
        let relative = Path::new(if wanted.is_empty() { "index.html" } else { wanted });
        // Nothing above the folder of the UI.
        if relative.components().any(|part| !matches!(part, Component::Normal(_))) {
            return StatusCode::NOT_FOUND.into_response();
        }
        let path = server.ui.join(relative);
        let Ok(bytes) = fs::read(&path) else {
            return StatusCode::NOT_FOUND.into_response();
        };
        let kind = match path.extension().and_then(|e| e.to_str()) {
            Some("html") => "text/html; charset=utf-8",
            Some("js" | "mjs") => "text/javascript; charset=utf-8",
            Some("css") => "text/css; charset=utf-8",
            Some("json" | "map") => "application/json",
            Some("svg") => "image/svg+xml",
            Some("png") => "image/png",
            Some("woff2") => "font/woff2",
            Some("woff") => "font/woff",
            Some("ttf") => "font/ttf",
            Some("txt") => "text/plain; charset=utf-8",
            _ => "application/octet-stream",
        };
        let answer: [(HeaderName, HeaderValue); 4] = [
            (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
            (header::CONTENT_SECURITY_POLICY, server.policy.clone()),
            (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
            (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        ];
        (StatusCode::OK, answer, bytes).into_response()
    })
    .await;
    done.unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_is_the_windows_own() {
        let policy = policy().unwrap();
        assert!(policy.to_str().unwrap().contains("default-src 'none'"));
    }
}
