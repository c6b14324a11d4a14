//! One command per operation of the table, each a line: hand the input to `clinotype-api` on a thread of its own.

#![allow(
    clippy::wildcard_imports,
    reason = "the types of the contract are the vocabulary of every command"
)]

use std::sync::Arc;

use clinotype_api::{App, operations, types::*};
use tauri::{Builder, State, Wry, async_runtime};

/// Runs an operation off the window's thread, so that the window never waits for a disk.
async fn off_the_window<I, O>(
    app: &State<'_, Arc<App>>,
    input: I,
    operation: fn(&Arc<App>, I) -> Result<O, ApiError>,
) -> Result<O, ApiError>
where
    I: Send + 'static,
    O: Send + 'static,
{
    let app = Arc::clone(app);
    async_runtime::spawn_blocking(move || operation(&app, input))
        .await
        .unwrap_or_else(|_| {
            Err(ApiError {
                code: ErrorCode::Internal,
                message: "the operation ended unexpectedly".to_owned(),
                place: None,
                hint: Some("try again; if it happens again, start the program anew".to_owned()),
            })
        })
}

macro_rules! commands {
    ($($name:ident : $input:ty => $output:ty [$need:ident, $module:ident :: $function:ident];)*) => {
        $(
            #[tauri::command]
            async fn $name(app: State<'_, Arc<App>>, input: $input) -> Result<$output, ApiError> {
                off_the_window(&app, input, clinotype_api::$name).await
            }
        )*

        /// Gives the window its commands.
        pub(crate) fn register(builder: Builder<Wry>) -> Builder<Wry> {
            builder.invoke_handler(tauri::generate_handler![$($name),*])
        }

        #[cfg(test)]
        const NAMES: &[&str] = &[$(stringify!($name)),*];
    };
}
operations!(commands);

#[cfg(test)]
mod tests {
    use super::*;

    /// The capability names every operation, two dialogs and two events: nothing that reaches disk or network.
    #[test]
    fn the_window_may_ask_for_the_operations_and_nothing_else() {
        let text = include_str!("../capabilities/main.json");
        let capability: serde_json::Value = serde_json::from_str(text).unwrap();
        let mut allowed: Vec<&str> = capability["permissions"]
            .as_array()
            .unwrap()
            .iter()
            .map(|p| p.as_str().unwrap())
            .collect();
        let operations: Vec<String> = NAMES.iter().map(|n| format!("allow-{}", n.replace('_', "-"))).collect();
        let mut wanted: Vec<&str> = operations.iter().map(String::as_str).collect();
        wanted.extend([
            "core:event:allow-listen",
            "core:event:allow-unlisten",
            "core:webview:allow-set-webview-zoom",
            "dialog:allow-open",
            "dialog:allow-save",
        ]);
        allowed.sort_unstable();
        wanted.sort_unstable();
        assert_eq!(allowed, wanted);
        assert!(capability.get("remote").is_none(), "no page from elsewhere may call");
    }

    /// Everything that the page may load comes from the program itself.
    #[test]
    fn the_policy_of_the_page_names_no_outside_host() {
        let text = include_str!("../tauri.conf.json");
        let config: serde_json::Value = serde_json::from_str(text).unwrap();
        let policy = config["app"]["security"]["csp"].as_object().unwrap();
        assert_eq!(policy["default-src"], "'none'");
        assert_eq!(policy["script-src"], "'self'");
        let local = [
            "'none'",
            "'self'",
            "'unsafe-inline'",
            "data:",
            "blob:",
            "ipc:",
            "clinofile:",
            "http://ipc.localhost",
            "http://clinofile.localhost",
        ];
        for (directive, sources) in policy {
            for source in sources.as_str().unwrap().split(' ') {
                assert!(local.contains(&source), "{directive} {source}");
                assert!(source != "'unsafe-inline'" || directive == "style-src", "{directive}");
            }
        }
    }
}
