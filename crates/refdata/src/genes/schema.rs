//! The tables of the database of gene facts.

use std::path::Path;

use clinotype_genome::{Fault, Result, fs::AtomicFile};
use rusqlite::{Connection, OpenFlags};

/// `CTgf`: tells this database from any other of SQLite.
const APPLICATION: i64 = 0x4354_6766;
/// Version of the tables.
const VERSION: i64 = 1;

const TABLES: &str = "
CREATE TABLE source (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    release TEXT, date TEXT, licence TEXT,
    file TEXT NOT NULL, sha256 TEXT NOT NULL,
    records INTEGER NOT NULL, kept INTEGER NOT NULL, dropped TEXT NOT NULL
) STRICT;
CREATE TABLE gene (
    hgnc_id TEXT PRIMARY KEY, symbol TEXT NOT NULL UNIQUE, name TEXT, locus_group TEXT, location TEXT,
    ensembl_id TEXT, entrez_id TEXT, mane_select TEXT, omim_id TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX gene_ensembl ON gene (ensembl_id);
CREATE INDEX gene_entrez ON gene (entrez_id);
CREATE TABLE name (
    key TEXT NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL CHECK (kind IN ('symbol', 'previous', 'alias')),
    hgnc_id TEXT NOT NULL, PRIMARY KEY (key, kind, hgnc_id, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE validity (
    source INTEGER NOT NULL REFERENCES source, hgnc_id TEXT NOT NULL, disease_id TEXT, disease TEXT,
    classification TEXT NOT NULL, inheritance TEXT, submitter TEXT, date TEXT, report TEXT
) STRICT;
CREATE INDEX validity_gene ON validity (hgnc_id);
CREATE TABLE dosage (
    source INTEGER NOT NULL REFERENCES source, hgnc_id TEXT NOT NULL PRIMARY KEY,
    haplo_score INTEGER, haplo TEXT, haplo_disease TEXT,
    triplo_score INTEGER, triplo TEXT, triplo_disease TEXT, date TEXT
) STRICT;
CREATE TABLE constraint_of (
    source INTEGER NOT NULL REFERENCES source, hgnc_id TEXT NOT NULL, transcript TEXT NOT NULL,
    mane_select INTEGER, canonical INTEGER,
    pli REAL, loeuf REAL, lof_oe REAL, lof_z REAL, mis_z REAL, mis_oe REAL, mis_oe_upper REAL, syn_z REAL, flags TEXT,
    PRIMARY KEY (hgnc_id, transcript)
) STRICT;
CREATE TABLE panel (
    id INTEGER PRIMARY KEY, source INTEGER NOT NULL REFERENCES source,
    origin TEXT NOT NULL, identifier TEXT NOT NULL, name TEXT NOT NULL, version TEXT NOT NULL, date TEXT,
    UNIQUE (origin, identifier, version)
) STRICT;
CREATE TABLE panel_gene (
    panel INTEGER NOT NULL REFERENCES panel ON DELETE CASCADE, hgnc_id TEXT NOT NULL, written TEXT NOT NULL,
    confidence TEXT, inheritance TEXT, phenotypes TEXT,
    PRIMARY KEY (panel, hgnc_id)
) STRICT, WITHOUT ROWID;
";

/// A fault of the database.
pub(super) fn fault(path: &Path, error: rusqlite::Error) -> Fault {
    use rusqlite::ErrorCode as E;
    let damaged = matches!(
        error.sqlite_error_code(),
        Some(E::DatabaseCorrupt | E::NotADatabase | E::TypeMismatch)
    );
    let fault = if damaged {
        Fault::input("is damaged, or no database of gene facts").hint("install it or import its tables again")
    } else if error.sqlite_error_code() == Some(E::DiskFull) {
        Fault::resource("the disk is full").hint("free some space, then run again")
    } else {
        Fault::input(format!("cannot be used as a database of gene facts: {error}"))
    };
    fault.at(path).caused_by(error)
}

/// Makes an empty database; it appears when it is whole.
pub(super) fn create(path: &Path) -> Result<()> {
    let file = AtomicFile::create(path)?;
    let made = || -> rusqlite::Result<()> {
        let partial = file
            .partial()
            .map_err(|_| rusqlite::Error::InvalidPath(path.to_owned()))?;
        let connection = Connection::open(partial)?;
        connection.pragma_update(None, "application_id", APPLICATION)?;
        connection.pragma_update(None, "user_version", VERSION)?;
        connection.execute_batch(&format!("BEGIN; {TABLES} COMMIT;"))?;
        connection.close().map_err(|(_, e)| e)
    };
    made().map_err(|e| fault(path, e))?;
    file.commit()
}

/// Opens a database after a look that it is one, of this version.
pub(super) fn open(path: &Path, write: bool) -> Result<Connection> {
    if !path.is_file() {
        return Err(Fault::io("open", path, std::io::ErrorKind::NotFound.into()));
    }
    let mode = if write {
        OpenFlags::SQLITE_OPEN_READ_WRITE
    } else {
        OpenFlags::SQLITE_OPEN_READ_ONLY
    };
    let connection =
        Connection::open_with_flags(path, mode | OpenFlags::SQLITE_OPEN_NO_MUTEX).map_err(|e| fault(path, e))?;
    let number = |name: &str| {
        connection
            .pragma_query_value(None, name, |row| row.get::<_, i64>(0))
            .map_err(|e| fault(path, e))
    };
    if number("application_id")? != APPLICATION {
        return Err(Fault::input("is not a database of gene facts").at(path));
    }
    let version = number("user_version")?;
    if version != VERSION {
        let age = if version > VERSION { "newer" } else { "older" };
        return Err(Fault::input(format!(
            "is of version {version}, {age} than version {VERSION} of this program"
        ))
        .at(path)
        .hint("import its tables again with this program"));
    }
    connection
        .pragma_update(None, "foreign_keys", true)
        .map_err(|e| fault(path, e))?;
    Ok(connection)
}
