//! Currencies: a literal must be of the one the program declares.

/// Currencies whose sign is `$`.
const DOLLARS: [&str; 12] = [
    "ARS", "AUD", "CAD", "CLP", "COP", "HKD", "MXN", "NZD", "SGD", "TWD", "USD", "UYU",
];

/// Whether this is the form of an ISO code: `USD`.
pub(crate) fn is_code(text: &str) -> bool {
    text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase())
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
        assert!(is_code("EUR") && !is_code("eur") && !is_code("EURO"));
    }
}
