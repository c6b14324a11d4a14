//! A file from the network, taken up again where it was broken off.

use std::{
    fs::{File, OpenOptions},
    io::Write as _,
    path::{Path, PathBuf},
};

use clinotype_genome::{Fault, Progress, Result, fs};
use serde::{Deserialize, Serialize};
use url::Url;

use super::http::{Client, Event, Head, Trouble, expect_success};

/// Space that a download leaves free, in bytes.
const LEFT_FREE: u64 = 64 << 20;

/// What the bytes of a partial file belong to: a file that the server gives another mark begins anew.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct Mark {
    url: String,
    etag: Option<String>,
    modified: Option<String>,
    /// Bytes of the whole file.
    length: Option<u64>,
}

impl Mark {
    fn path(part: &Path) -> PathBuf {
        part.with_extension("mark")
    }

    /// The mark of a partial file; a broken one is none.
    fn read(part: &Path) -> Option<Self> {
        serde_json::from_slice(&fs::read(Self::path(part)).ok()?).ok()
    }

    fn write(&self, part: &Path) -> Result<()> {
        let text = serde_json::to_vec(self).map_err(|e| Fault::internal("a mark cannot be written").caused_by(e))?;
        fs::write_atomic(Self::path(part), &text)
    }

    /// What proves to the server that the bytes here are of the file that it has now (RFC 9110, 13.1.5: a weak ETag does
    /// not).
    fn validator(&self) -> Option<&str> {
        let strong = self.etag.as_deref().filter(|tag| !tag.starts_with("W/"));
        strong.or(self.modified.as_deref())
    }
}

/// A file that came whole, as far as its server says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Got {
    /// When the server last changed it (an HTTP date).
    pub(super) modified: Option<String>,
}

/// Tells how far a release is, over all its files.
pub(super) struct Meter<'a> {
    pub(super) progress: &'a dyn Progress,
    /// Bytes of the files before this one.
    pub(super) before: u64,
}

impl Meter<'_> {
    fn at(&self, done: u64, length: Option<u64>) {
        let total = length.map_or(0, |length| self.before + length);
        self.progress.advance(self.before + done, total);
    }
}

/// Removes a partial file with its mark.
pub(super) fn forget(part: &Path) -> Result<()> {
    fs::remove_if_there(part)?;
    fs::remove_if_there(Mark::path(part))
}

/// Removes the mark of a partial file that is to get its name.
pub(super) fn unmark(part: &Path) -> Result<()> {
    fs::remove_if_there(Mark::path(part))
}

/// Downloads `url` to the partial file `part`. Bytes that are there already are kept where the server confirms that they
/// are of the file that it has now; otherwise the file begins anew.
pub(super) fn download(client: &Client, url: &Url, part: &Path, meter: &Meter<'_>) -> Result<Got> {
    client.patiently(url, meter.progress, || {
        let before = size(part);
        let result = attempt(client, url, part, meter);
        result.map_err(|trouble| (trouble, size(part) > before))
    })
}

fn size(path: &Path) -> u64 {
    path.metadata().map_or(0, |m| m.len())
}

fn attempt(client: &Client, url: &Url, part: &Path, meter: &Meter<'_>) -> Result<Got, Trouble> {
    let mark = Mark::read(part).filter(|mark| mark.url == url.as_str());
    let offset = size(part);
    let resume = mark
        .as_ref()
        .and_then(Mark::validator)
        .filter(|_| offset > 0)
        .map(|validator| {
            [
                ("range", format!("bytes={offset}-")),
                ("if-range", validator.to_owned()),
            ]
        });
    let stream = client.get(url, resume.as_ref().map_or(&[], |headers| &headers[..]))?;
    let Event::Head(head) = stream.next(meter.progress)? else {
        return Err(Trouble::Passing("an answer without a head".to_owned(), None));
    };
    let marked = mark.as_ref().and_then(|m| m.length);
    // Nothing is left to send, and the mark still holds: the file is here.
    if head.status == 416 && resume.is_some() && head.whole == Some(offset) && marked == Some(offset) {
        return Ok(Got {
            modified: mark.and_then(|m| m.modified),
        });
    }
    if head.status == 416 && resume.is_some() {
        forget(part)?;
        return Err(Trouble::Passing("the file has changed".to_owned(), None));
    }
    expect_success(url, &head)?;
    let (mut file, mut at, whole, modified) = if head.status == 206 {
        let fits = resume.is_some()
            && head.range.is_some_and(|(first, total)| {
                first == offset && (total.is_none() || marked.is_none() || total == marked)
            });
        if !fits {
            forget(part)?;
            return Err(Trouble::Passing(
                "the server sent another part than was asked for".to_owned(),
                None,
            ));
        }
        let total = head.range.and_then(|(_, total)| total).or(marked);
        (open(part, false)?, offset, total, mark.and_then(|m| m.modified))
    } else {
        let file = open(part, true)?;
        begin(url, &head, part)?;
        (file, 0, head.length, head.modified.clone())
    };
    space(client, part, whole.map(|whole| whole.saturating_sub(at)))?;
    meter.at(at, whole);
    loop {
        match stream.next(meter.progress)? {
            Event::Head(_) => return Err(Trouble::Passing("an answer with two heads".to_owned(), None)),
            Event::Bytes(bytes) => {
                file.write_all(&bytes).map_err(|e| Fault::io("write", part, e))?;
                at += bytes.len() as u64;
                meter.at(at, whole);
            }
            Event::End => break,
        }
    }
    match whole {
        Some(whole) if at < whole => Err(Trouble::Passing("the connection ended too early".to_owned(), None)),
        Some(whole) if at > whole => {
            forget(part)?;
            Err(Trouble::Passing(
                "the server sent more than the file has".to_owned(),
                None,
            ))
        }
        _ => {
            file.sync_all().map_err(|e| Fault::io("write", part, e))?;
            Ok(Got { modified })
        }
    }
}

/// Opens the partial file. It is no output yet, so it is not made by rename; it lies in a folder of partial files.
fn open(part: &Path, anew: bool) -> Result<File> {
    let mut options = OpenOptions::new();
    let options = if anew {
        options.write(true).create(true).truncate(true)
    } else {
        options.append(true)
    };
    options.open(part).map_err(|e| Fault::io("write", part, e))
}

/// Marks a file that begins; what was there before is gone already, so no mark ever stands beside bytes of another file.
fn begin(url: &Url, head: &Head, part: &Path) -> Result<()> {
    Mark {
        url: url.as_str().to_owned(),
        etag: head.etag.clone(),
        modified: head.modified.clone(),
        length: head.length,
    }
    .write(part)
}

/// A fault where the disk cannot take what is still to come.
pub(super) fn space(client: &Client, part: &Path, needed: Option<u64>) -> Result<()> {
    let folder = part.parent().unwrap_or(Path::new("."));
    let (Some(needed), Ok(free)) = (needed, (client.options.free)(folder)) else {
        return Ok(());
    };
    if free < needed.saturating_add(LEFT_FREE) {
        return Err(
            Fault::io("write", part, std::io::Error::from(std::io::ErrorKind::StorageFull)).hint(format!(
                "{} MB are still to come and {} MB are free: free some space or choose another data folder",
                needed.div_ceil(1 << 20),
                free >> 20
            )),
        );
    }
    Ok(())
}
