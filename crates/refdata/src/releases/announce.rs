//! Which release a source has now.

use clinotype_genome::{Fault, Progress, Result};

use super::{
    Announcement, Options, Settings, Source,
    http::{Client, failed},
    names,
};

/// Longest listing or list of digests, in bytes.
pub(super) const LONGEST_TEXT: usize = 64 << 20;

/// The newest release that a source announces; `None` where the laboratory brings its files. This opens connections.
pub fn announced(
    source: &Source,
    settings: &Settings,
    options: &Options,
    progress: &dyn Progress,
) -> Result<Option<String>> {
    if source.release == Announcement::Stated {
        return Ok(None);
    }
    let base = settings.base(source)?;
    let client = Client::new(options.clone());
    choose(&client, source, base, None, progress).map(|(release, _)| Some(release))
}

/// Names of the shape that is wanted.
pub(super) fn alike<'a>(found: Vec<&'a str>, like: Option<&'a str>) -> impl Iterator<Item = &'a str> {
    found.into_iter().filter(move |name| {
        like.is_none_or(|like| {
            name.chars()
                .map(|c| if c.is_ascii_digit() { '0' } else { c })
                .eq(like.chars())
        })
    })
}

/// The release to fetch, and its date where it is known.
pub(super) fn choose(
    client: &Client,
    source: &Source,
    base: &str,
    stated: Option<&str>,
    progress: &dyn Progress,
) -> Result<(String, Option<String>)> {
    let other = |there: &str| {
        Fault::usage(format!(
            "{} cannot be fetched as release {}: its source has only {there}",
            source.name,
            stated.unwrap_or_default()
        ))
        .hint("install another release from a folder with --from")
    };
    match &source.release {
        Announcement::Fixed { release, date } => match stated {
            Some(stated) if stated != release => Err(other(release)),
            _ => Ok((release.clone(), date.clone())),
        },
        Announcement::Text { path, template, like } => {
            let release = if let Some(stated) = stated {
                stated.to_owned()
            } else {
                let url = Source::address(base, path)?;
                let text = client.text(&url, LONGEST_TEXT, progress)?;
                let newest = names::newest(alike(names::found_in(&text, template), like.as_deref()));
                let newest = newest.map(str::to_owned);
                newest.ok_or_else(|| {
                    failed(&url, &format!("the page names no release of {}", source.name))
                        .hint("state the release with --release, or check the base address of the source")
                })?
            };
            let date = names::date_in(&release);
            Ok((release, date))
        }
        Announcement::Modified => {
            let first = source
                .files
                .first()
                .ok_or_else(|| Fault::internal("a source has no file"))?;
            let url = Source::address(base, &first.path)?;
            let date = client.head(&url, progress)?.modified.as_deref().and_then(date_of);
            match (date, stated) {
                (Some(date), Some(stated)) if date != stated => Err(other(&date)),
                (Some(date), _) => Ok((date.clone(), Some(date))),
                (None, Some(stated)) => Ok((stated.to_owned(), names::date_in(stated))),
                (None, None) => Err(failed(&url, "the server does not say of which date the file is")
                    .hint("state it with --release, for example the date of today")),
            }
        }
        Announcement::Stated => Err(Fault::usage(format!("{} is not fetched by Clinotype", source.name))),
    }
}

/// The day of an HTTP date (RFC 9110, 5.6.7: `Sun, 06 Nov 1994 08:49:37 GMT`), as `YYYY-MM-DD`.
pub(super) fn date_of(text: &str) -> Option<String> {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    let [_, day, month, year, ..] = words[..] else {
        return None;
    };
    let month = MONTHS.iter().position(|m| *m == month)? + 1;
    let (day, year): (u32, u32) = (day.parse().ok()?, year.parse().ok()?);
    names::date_in(&format!("{year:04}-{month:02}-{day:02}"))
}

#[cfg(test)]
mod tests {
    #[test]
    fn http_dates() {
        assert_eq!(
            super::date_of("Sun, 06 Nov 1994 08:49:37 GMT").as_deref(),
            Some("1994-11-06")
        );
        assert_eq!(super::date_of("yesterday"), None);
        assert_eq!(super::date_of("Sun, 99 Nov 1994 08:49:37 GMT"), None);
    }
}
