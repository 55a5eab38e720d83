//! Did you mean.

/// The candidate nearest to a word, when one is near enough to be meant; the first of equals.
pub fn nearest<S: AsRef<str>>(
    word: &str,
    candidates: impl IntoIterator<Item = S>,
) -> Option<String> {
    let limit = word.chars().count() / 3 + 1;
    let mut best: Option<(usize, String)> = None;
    for candidate in candidates {
        let candidate = candidate.as_ref();
        if candidate == word {
            continue;
        }
        let distance = strsim::damerau_levenshtein(word, candidate);
        // A word that only lacks a part (`reviews` for `reviews_12mo_count`) is near too.
        let part = word.len() >= 4 && candidate.starts_with(word);
        let distance = if part { distance.min(limit) } else { distance };
        if distance <= limit && best.as_ref().is_none_or(|(least, _)| distance < *least) {
            best = Some((distance, candidate.to_owned()));
        }
    }
    best.map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn finds_what_was_meant() {
        let names = ["reviews", "rating_12mo_avg", "listing_live"];
        assert_eq!(nearest("reveiws", names).as_deref(), Some("reviews"));
        assert_eq!(nearest("rating", names).as_deref(), Some("rating_12mo_avg"));
        assert_eq!(nearest("zebra", names), None);
    }
}
