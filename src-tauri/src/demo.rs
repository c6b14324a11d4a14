//! `--demo`: the window on the bundled SYNTHETIC case, in a store that lives as long as the window.

use std::{path::PathBuf, sync::Arc};

use clinotype_api::{
    App,
    types::{Nothing, SetUpInput},
};
use tauri::WebviewUrl;

const USER: &str = "demo";

/// The store of a demonstration.
pub(crate) struct Demonstration {
    store: PathBuf,
    case: String,
}

impl Demonstration {
    /// Makes the store and the case, and starts its run.
    pub(crate) fn open(app: &Arc<App>, store: PathBuf) -> Result<Self, String> {
        let words = |e: clinotype_api::types::ApiError| e.message;
        let passphrase = clinotype_api::random_words();
        clinotype_api::set_up(
            app,
            SetUpInput {
                user: USER.to_owned(),
                name: "Demonstration".to_owned(),
                passphrase: passphrase.clone(),
            },
        )
        .map_err(words)?;
        println!("Demonstration: everything shown is SYNTHETIC, and this store is removed when the window closes.");
        println!("If the window locks, unlock it as `{USER}` with the passphrase {passphrase}");
        let case = clinotype_api::demo_case(app, Nothing {}).map_err(words)?.case;
        Ok(Self { store, case })
    }

    /// The page of the case.
    pub(crate) fn page(&self) -> WebviewUrl {
        WebviewUrl::App(format!("index.html#/case/{}/overview", self.case).into())
    }

    /// Removes the store.
    pub(crate) fn remove(&self) {
        if let Err(error) = std::fs::remove_dir_all(&self.store) {
            eprintln!("clinotype-desktop: the demonstration's store could not be removed: {error}");
        }
    }
}
