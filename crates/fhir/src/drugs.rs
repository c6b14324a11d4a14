//! RxNorm concepts of the drugs that the shipped guidance names.
//!
//! Ingredients by RXCUI, as CPIC's own drug table states them (cpicpgx/cpic-data, content CC0 1.0; read 2026-11-30). That
//! stored table is older than the guidance: a drug that it does not name stands in words alone.

/// Drug and RXCUI, sorted.
const RXNORM: [(&str, &str); 65] = [
    ("abacavir", "190521"),
    ("allopurinol", "519"),
    ("amitriptyline", "704"),
    ("atazanavir", "343047"),
    ("atomoxetine", "38400"),
    ("atorvastatin", "83367"),
    ("azathioprine", "1256"),
    ("capecitabine", "194000"),
    ("carbamazepine", "2002"),
    ("celecoxib", "140587"),
    ("citalopram", "2556"),
    ("clomipramine", "2597"),
    ("clopidogrel", "32968"),
    ("codeine", "2670"),
    ("dapsone", "3108"),
    ("desflurane", "27340"),
    ("desipramine", "3247"),
    ("dexlansoprazole", "816346"),
    ("doxepin", "3638"),
    ("efavirenz", "195085"),
    ("enflurane", "3920"),
    ("escitalopram", "321988"),
    ("fluorouracil", "4492"),
    ("flurbiprofen", "4502"),
    ("fluvoxamine", "42355"),
    ("fosphenytoin", "72236"),
    ("halothane", "5095"),
    ("imipramine", "5691"),
    ("isoflurane", "6026"),
    ("ivacaftor", "1243041"),
    ("lansoprazole", "17128"),
    ("mercaptopurine", "103"),
    ("methoxyflurane", "6857"),
    ("methylene blue", "6878"),
    ("nitrofurantoin", "7454"),
    ("nortriptyline", "7531"),
    ("omeprazole", "7646"),
    ("ondansetron", "26225"),
    ("oxcarbazepine", "32624"),
    ("pantoprazole", "40790"),
    ("paroxetine", "32937"),
    ("peginterferon alfa-2a", "120608"),
    ("peginterferon alfa-2b", "253453"),
    ("pegloticase", "1011650"),
    ("phenytoin", "8183"),
    ("pravastatin", "42463"),
    ("primaquine", "8687"),
    ("rasburicase", "283821"),
    ("ribavirin", "9344"),
    ("rosuvastatin", "301542"),
    ("sertraline", "36437"),
    ("sevoflurane", "36453"),
    ("simvastatin", "36567"),
    ("succinylcholine", "10154"),
    ("tacrolimus", "42316"),
    ("tafenoquine", "2054023"),
    ("tamoxifen", "10324"),
    ("thioguanine", "10485"),
    ("tramadol", "10689"),
    ("trimipramine", "10834"),
    ("tropisetron", "27392"),
    ("venlafaxine", "39786"),
    ("voriconazole", "121243"),
    ("vortioxetine", "1455099"),
    ("warfarin", "11289"),
];

/// The RXCUI of a drug by CPIC's name.
pub(crate) fn rxcui(drug: &str) -> Option<&'static str> {
    let place = RXNORM.binary_search_by_key(&drug, |(name, _)| name).ok()?;
    Some(RXNORM[place].1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_each_code_stands_once() {
        assert!(RXNORM.windows(2).all(|two| two[0].0 < two[1].0));
        let codes: std::collections::BTreeSet<_> = RXNORM.iter().map(|(_, code)| code).collect();
        assert_eq!(codes.len(), RXNORM.len());
        assert!(codes.iter().all(|code| code.bytes().all(|b| b.is_ascii_digit())));
        assert_eq!(rxcui("clopidogrel"), Some("32968"));
        assert_eq!(rxcui("meloxicam"), None, "not in the table at hand");
        assert_eq!(rxcui("Clopidogrel"), None, "names are CPIC's own");
    }
}
