//! Where a passphrase comes from: a file descriptor, the environment, the terminal; never an argument.

use std::io::{BufRead as _, BufReader, IsTerminal as _, Read as _};

use clinotype_genome::{Fault, Result, fs};

/// The variable that may hold it, for programs that cannot answer a prompt.
pub(crate) const VARIABLE: &str = "CLINOTYPE_PASSPHRASE";
/// Nobody types more; a wrong descriptor must not be read for ever.
const LONGEST: u64 = 4096;

/// The passphrase of an existing person. `asking` is printed where it is asked for.
pub(crate) fn read(descriptor: Option<u32>, asking: &str) -> Result<String> {
    if let Some(number) = descriptor {
        return from_descriptor(number);
    }
    if let Ok(text) = std::env::var(VARIABLE) {
        return Ok(text);
    }
    ask(asking)
}

/// A new passphrase: asked for twice on a terminal, because nobody sees what is typed.
pub(crate) fn read_new(descriptor: Option<u32>) -> Result<String> {
    if descriptor.is_some() || std::env::var_os(VARIABLE).is_some() {
        return read(descriptor, "");
    }
    let first = ask("New passphrase (at least 12 characters): ")?;
    if ask("The same again: ")? == first {
        return Ok(first);
    }
    Err(Fault::usage("the two passphrases differ").hint("run the command again"))
}

fn ask(words: &str) -> Result<String> {
    if !std::io::stdin().is_terminal() {
        return Err(
            Fault::usage("the store needs a passphrase, and there is no terminal to ask on")
                .hint(format!("give it by --passphrase-fd N or in {VARIABLE}")),
        );
    }
    rpassword::prompt_password(words).map_err(|e| Fault::io("read the passphrase", "the terminal".as_ref(), e))
}

fn from_descriptor(number: u32) -> Result<String> {
    let path = format!("/dev/fd/{number}");
    let failed = |e| Fault::io("read the passphrase", path.as_ref(), e);
    let mut line = String::new();
    BufReader::new(fs::open(&path)?.take(LONGEST))
        .read_line(&mut line)
        .map_err(failed)?;
    let text = line.trim_end_matches(['\n', '\r']);
    if text.is_empty() {
        return Err(Fault::usage(format!("file descriptor {number} holds no passphrase")));
    }
    Ok(text.to_owned())
}
