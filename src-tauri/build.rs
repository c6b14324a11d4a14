//! Puts configuration, capabilities and the built UI into the program, and lets the window call the operations of the
//! one table and nothing else.

include!("../crates/api/src/operations.rs");

macro_rules! names {
    ($($name:ident : $input:ty => $output:ty [$need:ident, $module:ident :: $function:ident];)*) => {
        &[$(stringify!($name)),*]
    };
}

const COMMANDS: &[&str] = operations!(names);

fn main() {
    println!("cargo:rerun-if-changed=../crates/api/src/operations.rs");
    println!("cargo:rerun-if-changed=../ui/dist");
    let manifest = tauri_build::AppManifest::new().commands(COMMANDS);
    if let Err(error) = tauri_build::try_build(tauri_build::Attributes::new().app_manifest(manifest)) {
        println!("cargo:warning=the window cannot be built: {error:#}; build the UI first: npm --prefix ui run build");
        std::process::exit(1);
    }
}
