//! The operations as the window, the test server and the command line use them: through `call`, on a real store.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "what helpers of tests expect is what they test"
)]

mod common;
mod errors;
mod journey;
mod permissions;
