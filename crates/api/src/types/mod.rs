//! What the operations take and give: plain types of this crate, from which the UI's TypeScript is generated.
//!
//! Times are RFC 3339 in UTC, dates `YYYY-MM-DD`, coordinates 1-based inclusive as VCF and HGVS print them. A field
//! that is `null` was not given or not evaluated, never zero.

/// Derives what every type of this module has.
macro_rules! wire {
    ($($(#[$meta:meta])* $vis:vis $kind:ident $name:ident { $($body:tt)* })*) => {$(
        #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize, ts_rs::TS)]
        $(#[$meta])*
        $vis $kind $name { $($body)* }
    )*};
}

mod beside;
mod cases;
mod criteria;
mod pharmacogenes;
mod quality;
mod releases;
mod reports;
mod runs;
mod session;
mod variants;

pub use beside::*;
pub use cases::*;
pub use criteria::*;
pub use pharmacogenes::*;
pub use quality::*;
pub use releases::*;
pub use reports::*;
pub use runs::*;
pub use session::*;
pub use variants::*;
