//! How like two words are: what a misspelt name was meant to be.

/// How many letters must be put in, left out or changed to make one word of the other. Looks at the first 64.
pub fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().take(64).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (at, char) in a.chars().take(64).enumerate() {
        let mut diagonal = at;
        let mut last = at + 1;
        for (column, other) in b.iter().enumerate() {
            let above = row.get(column + 1).copied().unwrap_or(usize::MAX);
            let cost = (diagonal + usize::from(char != *other)).min(above + 1).min(last + 1);
            if let Some(cell) = row.get_mut(column) {
                *cell = last;
            }
            diagonal = above;
            last = cost;
        }
        if let Some(cell) = row.last_mut() {
            *cell = last;
        }
    }
    row.last().copied().unwrap_or(0)
}

/// The name of a list that is nearest to a word and near enough to be meant.
pub fn nearest<'n>(word: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let lower = word.to_lowercase();
    names
        .map(|name| {
            let other = name.to_lowercase();
            let contained = other.starts_with(&lower) || lower.starts_with(&other) || lower.ends_with(&other);
            let distance = distance(&lower, &other);
            (if contained { distance.min(1) } else { distance }, distance, name)
        })
        .filter(|(distance, _, name)| *distance <= 2.max(name.len() / 4))
        .min_by_key(|(weighed, distance, _)| (*weighed, *distance))
        .map(|(.., name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_the_one_with_the_fewest_changes() {
        let names = ["files", "parameters", "parameters-files", "rules"];
        let of = |word| nearest(word, names.into_iter());
        assert_eq!(of("parameter-files"), Some("parameters-files"));
        assert_eq!(of("rule"), Some("rules"));
        assert_eq!(of("param"), Some("parameters"), "a beginning is enough");
        assert_eq!(of("reason"), None);
    }
}
