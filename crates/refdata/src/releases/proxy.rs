//! Which proxy a connection takes.

use clinotype_genome::{Fault, Result};
use ureq::Proxy;
use url::{Host, Url};

/// How a proxy is chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ProxyChoice {
    /// As the environment says: `HTTPS_PROXY` or `https_proxy` (`http_proxy` for `http://`), else `ALL_PROXY`, but for
    /// the hosts of `NO_PROXY`, and never for this very machine.
    #[default]
    Environment,
    /// None.
    Direct,
    /// This one, `http://[user:password@]host[:port]`.
    At(String),
}

/// Whether a host is this machine.
pub(super) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// The proxy for an address; `environment` gives a variable's value.
pub(super) fn choose(
    choice: &ProxyChoice,
    url: &Url,
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<Option<Proxy>> {
    let variable = |names: &[&str]| {
        let found = names
            .iter()
            .find_map(|name| Some(((*name).to_owned(), environment(name)?)));
        found.filter(|(_, value)| !value.trim().is_empty())
    };
    let (from, address) = match choice {
        ProxyChoice::Direct => return Ok(None),
        ProxyChoice::At(address) => ("the proxy setting".to_owned(), address.clone()),
        ProxyChoice::Environment if is_loopback(url) => return Ok(None),
        ProxyChoice::Environment => {
            let own: &[&str] = match url.scheme() {
                "https" => &["HTTPS_PROXY", "https_proxy"],
                // In capitals it could come from a request's header (RFC 3875, HTTP_*).
                _ => &["http_proxy"],
            };
            let Some(found) = variable(own).or_else(|| variable(&["ALL_PROXY", "all_proxy"])) else {
                return Ok(None);
            };
            let excluded = variable(&["NO_PROXY", "no_proxy"])
                .map(|(_, list)| list)
                .unwrap_or_default();
            if is_excluded(&excluded, url.host_str().unwrap_or_default()) {
                return Ok(None);
            }
            found
        }
    };
    let wrong = |what: &str| {
        // The address may hold a password, so it is not repeated.
        Fault::usage(format!("{from} {what}")).hint("write it as http://host:port")
    };
    let proxy = Proxy::new(address.trim()).map_err(|_| wrong("is not the address of a proxy"))?;
    match proxy.protocol() {
        ureq::ProxyProtocol::Http | ureq::ProxyProtocol::Https => Ok(Some(proxy)),
        _ => Err(wrong("names a SOCKS proxy, which Clinotype does not use")),
    }
}

/// Whether a list as `NO_PROXY` has it names a host: `*`, a host, or a domain with all its hosts.
fn is_excluded(list: &str, host: &str) -> bool {
    list.split(',').map(str::trim).filter(|e| !e.is_empty()).any(|entry| {
        let entry = entry.trim_start_matches("*.").trim_start_matches('.');
        // A port may follow.
        let entry = match entry.rsplit_once(':') {
            Some((name, port)) if !name.contains(':') && port.bytes().all(|b| b.is_ascii_digit()) => name,
            _ => entry,
        };
        let (entry, host) = (entry.to_ascii_lowercase(), host.to_ascii_lowercase());
        entry == "*" || host == entry || host.strip_suffix(&entry).is_some_and(|before| before.ends_with('.'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_decides_by_scheme_and_host() {
        let environment = |name: &str| match name {
            "HTTPS_PROXY" => Some("http://secure.example:3128".to_owned()),
            "http_proxy" => Some("plain.example:3129".to_owned()),
            "NO_PROXY" => Some("internal.example, .ncbi.nlm.nih.gov,10.0.0.1:80".to_owned()),
            _ => None,
        };
        for (url, expected) in [
            ("https://data.example/x", Some("secure.example")),
            ("http://data.example/x", Some("plain.example")),
            ("https://internal.example/x", None),
            ("https://a.internal.example/x", None),
            ("https://xinternal.example/x", Some("secure.example")),
            ("https://ftp.ncbi.nlm.nih.gov/x", None),
            ("https://10.0.0.1/x", None),
            ("http://localhost:8080/x", None),
            ("http://127.0.0.1:8080/x", None),
            ("http://[::1]:8080/x", None),
        ] {
            let proxy = choose(&ProxyChoice::Environment, &Url::parse(url).unwrap(), &environment).unwrap();
            assert_eq!(proxy.as_ref().map(Proxy::host), expected, "{url}");
            assert!(
                choose(&ProxyChoice::Direct, &Url::parse(url).unwrap(), &environment)
                    .unwrap()
                    .is_none()
            );
        }
        let all = |name: &str| (name == "ALL_PROXY").then(|| "http://all.example".to_owned());
        let url = Url::parse("https://data.example/").unwrap();
        let proxy = choose(&ProxyChoice::Environment, &url, &all).unwrap().unwrap();
        assert_eq!((proxy.host(), proxy.port()), ("all.example", 80));
        let everything = |name: &str| match name {
            "ALL_PROXY" => Some("http://all.example".to_owned()),
            "no_proxy" => Some("*".to_owned()),
            _ => None,
        };
        assert!(choose(&ProxyChoice::Environment, &url, &everything).unwrap().is_none());
    }

    #[test]
    fn a_bad_proxy_is_told_without_its_password() {
        let url = Url::parse("https://data.example/").unwrap();
        for bad in [
            "socks5://user:secret@p.example",
            "http://user:secret@",
            "ftp://user:secret@p.example",
        ] {
            let fault = choose(&ProxyChoice::At(bad.to_owned()), &url, &|_| None).unwrap_err();
            assert!(!fault.to_string().contains("secret"), "{fault}");
        }
        let set = |name: &str| (name == "HTTPS_PROXY").then(|| "socks5://p.example".to_owned());
        let fault = choose(&ProxyChoice::Environment, &url, &set).unwrap_err();
        assert!(
            fault.to_string().starts_with("HTTPS_PROXY names a SOCKS proxy"),
            "{fault}"
        );
    }
}
