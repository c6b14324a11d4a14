//! Writes the files of the demonstration into a folder, for a look at them: `cargo run --example demo_files -- FOLDER`.

use std::path::PathBuf;

use clinotype_genome::Silent;

fn main() -> std::process::ExitCode {
    let Some(folder) = std::env::args_os().nth(1).map(PathBuf::from) else {
        eprintln!("usage: demo_files FOLDER");
        return std::process::ExitCode::from(2);
    };
    match clinotype_testkit::demo::build(&folder, &Silent) {
        Ok(files) => {
            println!("{files:#?}");
            std::process::ExitCode::SUCCESS
        }
        Err(fault) => {
            eprintln!("error: {fault}");
            std::process::ExitCode::from(fault.kind().exit_code())
        }
    }
}
