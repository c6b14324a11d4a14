//! Data releases: which there are, what is installed, and how it comes here.
//!
//! A data folder holds one folder per release, `<data>/<source>/<release>/`, with the files and a manifest
//! ([`Manifest`], `release.json`) that says where they came from, when they were released, under which licence, and by
//! which digests they are proven. A release appears whole, by one rename, or not at all; while it is on its way its files
//! lie in `<data>/.partial/`, where an install that was broken off goes on. A release that is there is never changed: a
//! newer one stands beside it, so a case that pinned the older one ([`Pin`]) finds the very same bytes.
//!
//! Nothing here opens a connection but [`install`] from the network and [`announced`], and only when called.

mod announce;
mod catalogue;
mod checksum;
mod diff;
mod download;
mod folder;
mod http;
mod install;
mod manifest;
mod names;
mod pins;
mod proxy;
mod remove;
mod settings;
#[cfg(test)]
mod tests;
mod verify;

pub use announce::announced;
pub use catalogue::{Announcement, Catalogue, Licence, Source, SourceFile};
pub use diff::{Assessed, Change, ClinvarAssertion, Known, ResultDiff, VariantDiff, diff_results};
pub use http::Options;
pub use install::{Done, Origin, Request, install};
pub use manifest::{Manifest, ReleaseFile, installed, manifest_beside, manifest_of};
pub use names::{is_newer, newest};
pub use pins::{Pin, PinDiff, diff_pins, folder_of, pins_of};
pub use proxy::ProxyChoice;
pub use remove::remove;
pub use settings::Settings;
pub use verify::{Difference, Verdict, verify};
