//! Did you mean.

/// The candidate nearest to a word, when one is near enough to be meant; the first of equals.
pub fn nearest<S: AsRef<str>>(
    word: &str,
    candidates: impl IntoIterator<Item = S>,
) -> Option<String> {
    all_nearest(word, candidates).into_iter().next()
}

/// The candidates nearest to a word, when they are near enough to be meant.
pub fn all_nearest<S: AsRef<str>>(
    word: &str,
    candidates: impl IntoIterator<Item = S>,
) -> Vec<String> {
    let limit = word.chars().count() / 3 + 1;
    let mut best: (usize, Vec<String>) = (limit, Vec::new());
    for candidate in candidates {
        let candidate = candidate.as_ref();
        if candidate == word {
            continue;
        }
        let distance = strsim::damerau_levenshtein(word, candidate);
        // A word that only lacks a part (`reviews` for `reviews_12mo_count`) is near too.
        let part = word.len() >= 4 && candidate.starts_with(word);
        let distance = if part { distance.min(limit) } else { distance };
        if distance < best.0 {
            best = (distance, Vec::new());
        }
        if distance == best.0 && !best.1.iter().any(|known| known == candidate) {
            best.1.push(candidate.to_owned());
        }
    }
    best.1
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
