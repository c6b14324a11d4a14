//! Times as the contract writes them.

use jiff::Timestamp;

/// RFC 3339 in UTC with whole seconds: `2026-11-21T12:00:00Z`.
pub(crate) fn text(at: Timestamp) -> String {
    Timestamp::from_second(at.as_second()).unwrap_or(at).to_string()
}
