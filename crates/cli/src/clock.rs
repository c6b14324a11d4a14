//! The one place that asks for the time.

use clinotype_genome::{Fault, Result};
use jiff::Timestamp;

/// A clock for a run: the system's, or the moment that `SOURCE_DATE_EPOCH` (seconds since 1970, see
/// reproducible-builds.org) holds still, so that the same inputs give the same bytes.
pub(crate) fn clock() -> Result<Box<dyn Fn() -> Timestamp + Sync>> {
    match std::env::var("SOURCE_DATE_EPOCH") {
        Ok(text) => {
            let fixed = text
                .parse()
                .ok()
                .and_then(|seconds| Timestamp::from_second(seconds).ok())
                .ok_or_else(|| Fault::usage("SOURCE_DATE_EPOCH is not a number of seconds"))?;
            Ok(Box::new(move || fixed))
        }
        // Whole seconds: a report does not state fractions.
        Err(_) => Ok(Box::new(|| {
            let now = Timestamp::now();
            Timestamp::from_second(now.as_second()).unwrap_or(now)
        })),
    }
}
