//! Digests of files, and the lists of digests that sources publish.

use std::{
    io::{Read, Write},
    path::Path,
};

use clinotype_genome::{Fault, Progress, Result, digest::hex, fs};
use md5::Md5;
use sha2::{Digest as _, Sha256};

/// What a file is proven by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sums {
    pub(super) size: u64,
    pub(super) sha256: String,
    pub(super) md5: String,
}

/// Hashes what is read, while it is copied to `out`.
pub(super) fn copy(mut from: impl Read, path: &Path, out: &mut dyn Write, progress: &dyn Progress) -> Result<Sums> {
    let (mut sha256, mut md5, mut size) = (Sha256::new(), Md5::new(), 0);
    let mut buffer = vec![0; 1 << 20];
    loop {
        progress.check()?;
        let n = match from.read(&mut buffer) {
            Ok(0) => break,
            Ok(n) => n,
            Err(e) if e.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(e) => return Err(Fault::io("read", path, e)),
        };
        sha256.update(&buffer[..n]);
        md5.update(&buffer[..n]);
        out.write_all(&buffer[..n]).map_err(|e| Fault::io("write", path, e))?;
        size += n as u64;
    }
    Ok(Sums {
        size,
        sha256: hex(&sha256.finalize()),
        md5: hex(&md5.finalize()),
    })
}

/// Hashes a file.
pub(super) fn of_file(path: &Path, progress: &dyn Progress) -> Result<Sums> {
    copy(fs::open(path)?, path, &mut std::io::sink(), progress)
}

/// Whether a file is whole gzip: read to its end, every check sum compared.
pub(super) fn check_gzip(path: &Path, progress: &dyn Progress) -> Result<()> {
    let packed = flate2::read::MultiGzDecoder::new(std::io::BufReader::with_capacity(1 << 17, fs::open(path)?));
    copy(packed, path, &mut std::io::sink(), progress).map(|_| ())
}

/// The MD5 of a file in a list of lines `digest  name` (md5sum's format; `*` before the name, a folder before it, and a
/// single line for a file of another name are met in the field).
pub(super) fn md5_in(list: &str, name: &str) -> Option<String> {
    let lines: Vec<(&str, &str)> = list
        .lines()
        .filter_map(|line| {
            let (sum, rest) = line.trim().split_once(char::is_whitespace).unwrap_or((line.trim(), ""));
            let is_sum = sum.len() == 32 && sum.bytes().all(|b| b.is_ascii_hexdigit());
            is_sum.then(|| (sum, rest.trim().trim_start_matches('*')))
        })
        .collect();
    let named = lines
        .iter()
        .find(|(_, path)| path.rsplit('/').next().is_some_and(|last| last == name));
    let ((Some((sum, _)), _) | (None, [(sum, _)])) = (named, &lines[..]) else {
        return None;
    };
    Some(sum.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_of_a_known_text() {
        // RFC 1321 A.5 and FIPS 180-4.
        let sums = copy(
            &b"abc"[..],
            Path::new("x"),
            &mut std::io::sink(),
            &clinotype_genome::Silent,
        )
        .unwrap();
        assert_eq!(sums.md5, "900150983cd24fb0d6963f7d28e17f72");
        assert!(sums.sha256.starts_with("ba7816bf"));
        assert_eq!(sums.size, 3);
    }

    #[test]
    fn lists_of_digests() {
        let (a, b) = ("900150983CD24FB0D6963F7D28E17F72", "d41d8cd98f00b204e9800998ecf8427e");
        let list = format!("# comment\n{a}  ./seqs/x.gz\n{b} *y.gz\nnot a sum  z.gz\n");
        assert_eq!(md5_in(&list, "x.gz"), Some(a.to_lowercase()));
        assert_eq!(md5_in(&list, "y.gz").as_deref(), Some(b));
        assert_eq!(md5_in(&list, "z.gz"), None);
        assert_eq!(
            md5_in(&format!("{b}  /old/folder/clinvar_20260226.vcf.gz\n"), "clinvar.vcf.gz").as_deref(),
            Some(b)
        );
        assert_eq!(md5_in(b, "any").as_deref(), Some(b));
        assert_eq!(md5_in("<html>404</html>", "any"), None);
    }
}
