//! Currencies: a literal must be of the one the program declares.

/// Currencies whose sign is `$`.
const DOLLARS: [&str; 12] = [
    "ARS", "AUD", "CAD", "CLP", "COP", "HKD", "MXN", "NZD", "SGD", "TWD", "USD", "UYU",
];

/// The codes of ISO 4217 that people pay with.
const CODES: &str = "\
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF \
    CLF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL \
    HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL \
    MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON \
    RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH \
    UGX USD UYU UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG";

/// Whether this is the code of a currency: `USD`.
pub(crate) fn is_code(text: &str) -> bool {
    CODES.split_whitespace().any(|code| code == text)
}

/// What is wrong with a money literal (`$400000`, `EUR 5`) in a program of a currency, and what to do.
pub(crate) fn fault(literal: &str, declared: Option<&str>) -> Option<(String, String)> {
    let (sign, digits) = match literal.strip_prefix('$') {
        Some(digits) => ("$", digits),
        None => literal.split_once(' ')?,
    };
    let fits = |currency: &str| match sign {
        "$" => DOLLARS.contains(&currency),
        code => code == currency,
    };
    match declared {
        Some(currency) if fits(currency) => None,
        Some(currency) => Some((
            format!("`{sign}` is not the currency of this program, which is {currency}"),
            format!(
                "write `{currency} {}`, if that is what the text says",
                digits.trim()
            ),
        )),
        None => Some((
            "this program declares no currency".to_owned(),
            "write for example `currency USD` below `program`".to_owned(),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_declared_currency_fits() {
        for (literal, declared, fits) in [
            ("$5", Some("USD"), true),
            ("$5", Some("CAD"), true),
            ("$5", Some("EUR"), false),
            ("$5", None, false),
            ("USD 5", Some("USD"), true),
            ("USD 5", Some("CAD"), false),
            ("EUR 5", Some("EUR"), true),
            ("EUR 380000", Some("USD"), false),
            ("EUR 5", None, false),
        ] {
            assert_eq!(
                fault(literal, declared).is_none(),
                fits,
                "{literal} {declared:?}"
            );
        }
        assert!(is_code("EUR") && is_code("ZWG") && is_code("AED"));
        assert!(!is_code("eur") && !is_code("EURO") && !is_code("UDS"));
    }
}
