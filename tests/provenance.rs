//! Every value names every literal that had a part in it, over the fixtures.

#[path = "support/provenance.rs"]
mod provenance;

#[test]
fn a_value_that_changes_had_named_the_literal_that_changed() {
    let mut total = provenance::Score::default();
    for entry in walkdir::WalkDir::new("fixtures").sort_by_file_name().into_iter().flatten() {
        if entry.path().extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let text = std::fs::read_to_string(entry.path()).expect("a readable fixture");
        total.add(provenance::score(&text, usize::MAX, &provenance::lower_arm));
    }
    assert!(total.mutations > 100, "only {} literals were changed", total.mutations);
    assert!(total.missed.is_empty(), "recall {}:\n{}", total.recall(), total.missed.join("\n"));
    assert!(total.precision() >= 0.9, "precision {}", total.precision());
}
