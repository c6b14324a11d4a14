//! The chain's head, kept outside the database.
//!
//! Guarantee: it is on disk before a change is reported as done. Rows that only say that somebody looked (views,
//! searches) may wait up to [`VIEWS_WAIT`] or until the next change, so a cut of the last second of views could go
//! unnoticed. Against an older copy of the whole folder no file inside the folder can help.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use clinotype_genome::fs;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Head;
use crate::{
    Result,
    crypto::{SubKey, hex},
    disk,
};

/// How long rows about views may stay without an anchor.
pub(crate) const VIEWS_WAIT: Duration = Duration::from_secs(1);

#[derive(Debug, Serialize, Deserialize)]
struct Content {
    schema: String,
    store: Uuid,
    seq: u64,
    #[serde(with = "hex")]
    hash: Vec<u8>,
    #[serde(with = "hex")]
    mac: Vec<u8>,
}

/// What the file says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Anchored {
    Missing,
    Damaged,
    At(Head),
}

pub(crate) fn path(folder: &Path) -> PathBuf {
    folder.join("audit.anchor")
}

fn mac_parts(store: Uuid, head: Head) -> Vec<u8> {
    let mut out = store.as_bytes().to_vec();
    out.extend(head.seq.to_le_bytes());
    out.extend(head.hash);
    out
}

pub(crate) fn write(folder: &Path, store: Uuid, key: &SubKey, head: Head) -> Result<()> {
    let content = Content {
        schema: "clinotype-anchor/1".to_owned(),
        store,
        seq: head.seq,
        hash: head.hash.to_vec(),
        mac: key.mac(&[b"anchor", &mac_parts(store, head)])?.to_vec(),
    };
    fs::write_atomic(path(folder), &serde_json::to_vec(&content)?)?;
    disk::sync_folder(folder)
}

pub(crate) fn read(folder: &Path, store: Uuid, key: &SubKey) -> Result<Anchored> {
    let path = path(folder);
    if !path.exists() {
        return Ok(Anchored::Missing);
    }
    let Ok(content) = serde_json::from_slice::<Content>(&fs::read(&path)?) else {
        return Ok(Anchored::Damaged);
    };
    let Some(hash) = content.hash.first_chunk::<32>().copied() else {
        return Ok(Anchored::Damaged);
    };
    let head = Head { seq: content.seq, hash };
    let good = content.store == store
        && content.hash.len() == 32
        && key.verify(&[b"anchor", &mac_parts(store, head)], &content.mac)?;
    Ok(if good { Anchored::At(head) } else { Anchored::Damaged })
}
