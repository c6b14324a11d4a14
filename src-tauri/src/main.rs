//! The desktop window: a shell around `clinotype-api`, which has every operation, permission and error.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod commands;
mod demo;
mod files;
mod start;

use std::{process::ExitCode, sync::Arc};

use clinotype_api::App;
use tauri::{RunEvent, WebviewUrl, WebviewWindowBuilder};

fn main() -> ExitCode {
    let start = match start::read(std::env::args_os().skip(1)) {
        Ok(start::Asked::Open(start)) => start,
        Ok(start::Asked::Words(words)) => {
            println!("{words}");
            return ExitCode::SUCCESS;
        }
        Err(words) => {
            eprintln!("clinotype-desktop: {words}");
            return ExitCode::from(2);
        }
    };
    if let Err(error) = start::settle_renderer() {
        eprintln!("clinotype-desktop: cannot start again with the renderer's settings: {error}");
        return ExitCode::from(4);
    }
    match open(start) {
        Ok(()) => ExitCode::SUCCESS,
        Err(words) => {
            eprintln!("clinotype-desktop: {words}");
            ExitCode::from(4)
        }
    }
}

fn open(start: start::Start) -> Result<(), String> {
    let app = App::new(start.config).map_err(|e| e.message)?;
    let demo = start
        .demo
        .map(|store| demo::Demonstration::open(&app, store))
        .transpose()?;
    let page = demo
        .as_ref()
        .map_or_else(WebviewUrl::default, demo::Demonstration::page);
    let (for_files, for_end) = (Arc::clone(&app), Arc::clone(&app));
    // WebKit's automation works only in a lasting context; everywhere else the page leaves no cache on the disk.
    let ephemeral = std::env::var_os("TAURI_WEBVIEW_AUTOMATION").is_none();
    let builder = commands::register(tauri::Builder::default())
        .plugin(tauri_plugin_dialog::init())
        .manage(app)
        .register_asynchronous_uri_scheme_protocol("clinofile", move |_context, request, responder| {
            let app = Arc::clone(&for_files);
            tauri::async_runtime::spawn_blocking(move || responder.respond(files::answer(&app, &request)));
        })
        .setup(move |tauri| {
            WebviewWindowBuilder::new(tauri, "main", page.clone())
                // The title never says whose case is open.
                .title("Clinotype")
                .inner_size(1280.0, 800.0)
                .min_inner_size(960.0, 600.0)
                .incognito(ephemeral)
                .devtools(cfg!(debug_assertions))
                .on_navigation(start::is_our_page)
                .build()?;
            Ok(())
        });
    let tauri = builder
        .build(tauri::generate_context!())
        .map_err(|e| format!("the window cannot be opened: {e}"))?;
    // A desktop that shuts down asks by signal; the run is noted as interrupted and the store closed.
    let handle = tauri.handle().clone();
    ctrlc::set_handler(move || handle.exit(0)).map_err(|e| format!("signals cannot be heard: {e}"))?;
    tauri.run(move |_, event| {
        if matches!(event, RunEvent::Exit) {
            for_end.close();
            // The loop ends the process without coming back.
            if let Some(demo) = &demo {
                demo.remove();
            }
        }
    });
    Ok(())
}
