//! What a request for a file is answered with, in the words of HTTP, for the window's protocol and the loopback server
//! alike (RFC 9110, section 14).

use crate::{app::App, files::LARGEST_READ, types::ApiError};

/// The answer to a request for a file.
#[derive(Debug)]
pub enum FileAnswer {
    /// Bytes of the file.
    Bytes {
        /// The whole file or a part of it.
        bytes: Vec<u8>,
        /// Media type.
        content_type: &'static str,
        /// For `Content-Range`, where a part was asked for: `bytes first-last/length`, 0-based, both ends included.
        content_range: Option<String>,
    },
    /// No such token in this session.
    Unknown,
    /// The range lies outside of the file, or none was given for a file longer than one answer: it would be cut unseen.
    NotSatisfiable,
    /// The bytes cannot be read, or were changed.
    Failed(ApiError),
}

impl App {
    /// Answers a request for the file behind a token; `range` is the text of the `Range` header.
    pub fn answer_file(&self, token: &str, range: Option<&str>) -> FileAnswer {
        let Some(file) = self.file(token) else {
            return FileAnswer::Unknown;
        };
        let part = match range {
            None => (file.len <= LARGEST_READ).then_some((0, file.len)),
            Some(text) => parse(text, file.len),
        };
        let Some((offset, length)) = part else {
            return FileAnswer::NotSatisfiable;
        };
        match self.read_file(token, offset, length) {
            Ok(bytes) => FileAnswer::Bytes {
                content_range: (range.is_some() && !bytes.is_empty())
                    .then(|| format!("bytes {offset}-{}/{}", offset + bytes.len() as u64 - 1, file.len)),
                content_type: file.content_type,
                bytes,
            },
            Err(error) => FileAnswer::Failed(error),
        }
    }
}

/// `bytes=a-b`, `bytes=a-` or `bytes=-n` of a file of `len` bytes, as offset and length; one range only. A longer range
/// than one answer holds is answered in part, as the RFC allows.
fn parse(text: &str, len: u64) -> Option<(u64, u64)> {
    let (first, last) = text.strip_prefix("bytes=")?.trim().split_once('-')?;
    let (start, end) = match (first.trim(), last.trim()) {
        ("", "") => return None,
        ("", suffix) => (len.saturating_sub(suffix.parse().ok()?), len),
        (first, "") => (first.parse().ok()?, len),
        (first, last) => (first.parse().ok()?, last.parse::<u64>().ok()?.checked_add(1)?.min(len)),
    };
    (start < end).then(|| (start, (end - start).min(LARGEST_READ)))
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
            ("bytes=0-", LARGEST_READ * 2, Some((0, LARGEST_READ))),
            ("bytes=100-", 100, None),
            ("bytes=9-3", 100, None),
            ("bytes=0-1,5-6", 100, None),
            ("bytes=-", 100, None),
            ("bytes=0-18446744073709551615", 100, None),
            ("lines=1-2", 100, None),
            ("bytes=0-0", 0, None),
        ] {
            assert_eq!(parse(text, len), expected, "{text}");
        }
    }
}
