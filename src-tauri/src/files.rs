//! `clinofile://localhost/<token>`: bytes of the files that this session may see, whole or by range, decrypted on the
//! way. A token names a file only inside the program; a path is never taken.

use clinotype_api::{App, FileAnswer};
use tauri::http::{Request, Response, StatusCode, header};

pub(crate) fn answer(app: &std::sync::Arc<App>, request: &Request<Vec<u8>>) -> Response<Vec<u8>> {
    let token = request.uri().path().trim_start_matches('/');
    let range = request
        .headers()
        .get(header::RANGE)
        .map(|value| value.to_str().unwrap_or_default());
    let (bytes, content_type, content_range) = match app.answer_file(token, range) {
        FileAnswer::Bytes {
            bytes,
            content_type,
            content_range,
        } => (bytes, content_type, content_range),
        FileAnswer::Unknown => return empty(StatusCode::NOT_FOUND),
        FileAnswer::NotSatisfiable => return empty(StatusCode::RANGE_NOT_SATISFIABLE),
        FileAnswer::Failed(_) => return empty(StatusCode::INTERNAL_SERVER_ERROR),
    };
    let mut response = Response::builder()
        .status(match content_range {
            Some(_) => StatusCode::PARTIAL_CONTENT,
            None => StatusCode::OK,
        })
        .header(header::CONTENT_TYPE, content_type)
        .header(header::ACCEPT_RANGES, "bytes")
        .header(header::CACHE_CONTROL, "no-store")
        .header(header::ACCESS_CONTROL_ALLOW_ORIGIN, "tauri://localhost")
        .header(
            header::ACCESS_CONTROL_EXPOSE_HEADERS,
            "content-range, content-length, accept-ranges",
        );
    if let Some(range) = content_range {
        response = response.header(header::CONTENT_RANGE, range);
    }
    response
        .body(bytes)
        .unwrap_or_else(|_| empty(StatusCode::INTERNAL_SERVER_ERROR))
}

fn empty(status: StatusCode) -> Response<Vec<u8>> {
    let mut response = Response::new(Vec::new());
    *response.status_mut() = status;
    response
}
