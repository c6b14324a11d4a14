//! `clinofile://localhost/<token>`: bytes of the files that this session may see, whole or by range, decrypted on the
//! way. A token names a file only inside the program; a path is never taken.

use clinotype_api::App;
use tauri::http::{Request, Response, StatusCode, header};

/// Longest answer to one request, bytes. The page asks again for more.
const LONGEST: u64 = 8 << 20;

pub(crate) fn answer(app: &std::sync::Arc<App>, request: &Request<Vec<u8>>) -> Response<Vec<u8>> {
    let token = request.uri().path().trim_start_matches('/');
    let Some(file) = app.file(token) else {
        return empty(StatusCode::NOT_FOUND);
    };
    let asked = request
        .headers()
        .get(header::RANGE)
        .map(|value| value.to_str().unwrap_or_default());
    let (offset, length, status) = match asked {
        None if file.len <= LONGEST => (0, file.len, StatusCode::OK),
        // Without a range a longer file would be cut unseen.
        None => return empty(StatusCode::RANGE_NOT_SATISFIABLE),
        Some(text) => match range(text, file.len) {
            Some((offset, length)) => (offset, length, StatusCode::PARTIAL_CONTENT),
            None => return empty(StatusCode::RANGE_NOT_SATISFIABLE),
        },
    };
    match app.read_file(token, offset, length) {
        Ok(bytes) => {
            let mut response = Response::builder()
                .status(status)
                .header(header::CONTENT_TYPE, file.content_type)
                .header(header::ACCEPT_RANGES, "bytes")
                .header(header::CACHE_CONTROL, "no-store")
                .header(header::ACCESS_CONTROL_ALLOW_ORIGIN, "tauri://localhost")
                .header(
                    header::ACCESS_CONTROL_EXPOSE_HEADERS,
                    "content-range, content-length, accept-ranges",
                );
            if status == StatusCode::PARTIAL_CONTENT && !bytes.is_empty() {
                let last = offset + bytes.len() as u64 - 1;
                response = response.header(header::CONTENT_RANGE, format!("bytes {offset}-{last}/{}", file.len));
            }
            response
                .body(bytes)
                .unwrap_or_else(|_| empty(StatusCode::INTERNAL_SERVER_ERROR))
        }
        Err(_) => empty(StatusCode::INTERNAL_SERVER_ERROR),
    }
}

fn empty(status: StatusCode) -> Response<Vec<u8>> {
    let mut response = Response::new(Vec::new());
    *response.status_mut() = status;
    response
}

/// `bytes=a-b`, `bytes=a-` or `bytes=-n` of a file of `len` bytes, as offset and length; one range only (RFC 9110,
/// section 14). A longer range is answered in part, as the RFC allows.
fn range(text: &str, len: u64) -> Option<(u64, u64)> {
    let (first, last) = text.strip_prefix("bytes=")?.trim().split_once('-')?;
    let (start, end) = match (first.trim(), last.trim()) {
        ("", "") => return None,
        ("", suffix) => (len.saturating_sub(suffix.parse().ok()?), len),
        (first, "") => (first.parse().ok()?, len),
        (first, last) => (first.parse().ok()?, last.parse::<u64>().ok()?.checked_add(1)?.min(len)),
    };
    (start < end).then(|| (start, (end - start).min(LONGEST)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges() {
        for (text, len, expected) in [
            ("bytes=0-9", 100, Some((0, 10))),
            ("bytes=90-", 100, Some((90, 10))),
            ("bytes=-10", 100, Some((90, 10))),
            ("bytes=-200", 100, Some((0, 100))),
            ("bytes=95-200", 100, Some((95, 5))),
            ("bytes=0-", LONGEST * 2, Some((0, LONGEST))),
            ("bytes=100-", 100, None),
            ("bytes=9-3", 100, None),
            ("bytes=0-1,5-6", 100, None),
            ("bytes=-", 100, None),
            ("bytes=0-18446744073709551615", 100, None),
            ("lines=1-2", 100, None),
            ("bytes=0-0", 0, None),
        ] {
            assert_eq!(range(text, len), expected, "{text}");
        }
    }
}
