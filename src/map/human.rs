//! Maps as tables for a terminal.

use super::{Cell, NOTHING, VersionMap};
use crate::text::{Sources, visible};

/// How many characters of a cell are shown at most.
const WIDEST: usize = 48;

/// Writes all tables, one below the other.
pub(super) fn render(sources: &Sources, maps: &[VersionMap], ids: bool) -> String {
    if maps.is_empty() {
        return format!("{NOTHING}\n");
    }
    maps.iter().map(|map| table(sources, map, ids)).collect::<Vec<_>>().join("\n")
}

fn table(sources: &Sources, map: &VersionMap, ids: bool) -> String {
    let mut out = format!("{}  {}\n", visible(&map.version), visible(&map.place_text(sources)));
    for line in map.when().iter().chain(map.with().iter()) {
        out.push_str(&format!("  {}\n", visible(line)));
    }
    let mut because: Vec<String> = Vec::new();
    let head = std::iter::once("region".to_owned()).chain(map.disks.iter().cloned());
    let mut lines: Vec<Vec<String>> = vec![head.collect()];
    for row in &map.rows {
        let cells = row.cells.iter().map(|cell| words(cell, &mut because));
        let line = std::iter::once(row.title()).chain(cells);
        lines.push(line.map(|cell| cut(&visible(&cell))).collect());
    }
    let columns = map.disks.len() + 1;
    let widths: Vec<usize> = (0..columns)
        .map(|at| lines.iter().filter_map(|line| line.get(at)).map(|cell| width(cell)).max().unwrap_or(0))
        .collect();
    out.push('\n');
    for line in &lines {
        let mut text = String::from("  ");
        for (cell, width_of_column) in line.iter().zip(&widths) {
            text.push_str(cell);
            text.push_str(&" ".repeat(width_of_column + 3 - width(cell)));
        }
        out.push_str(text.trim_end());
        out.push('\n');
    }
    for (at, reason) in because.iter().enumerate() {
        out.push_str(&format!("  [{}] {}\n", at + 1, visible(reason)));
    }
    for remark in &map.remarks {
        out.push_str(&format!("  note: {}\n", visible(remark)));
    }
    if ids {
        for key in map.keys() {
            out.push_str(&format!("  {} = {}\n", visible(&key.set), visible(&key.id)));
        }
    }
    out
}

/// A cell in words. Reasons are told below the table, each once.
fn words(cell: &Cell, because: &mut Vec<String>) -> String {
    let mut mark = |reason: &String| {
        let at = because.iter().position(|known| known == reason).unwrap_or_else(|| {
            because.push(reason.clone());
            because.len() - 1
        });
        format!(" [{}]", at + 1)
    };
    match cell {
        Cell::Customer(keys) => keys
            .iter()
            .map(|key| key.title() + &key.because.as_ref().map(&mut mark).unwrap_or_default())
            .collect::<Vec<_>>()
            .join(" + "),
        Cell::Platform => "platform key".to_owned(),
        Cell::Unknown(reason) => format!("unknown{}", mark(reason)),
    }
}

fn width(text: &str) -> usize {
    text.chars().count()
}

fn cut(text: &str) -> String {
    if width(text) <= WIDEST {
        return text.to_owned();
    }
    text.chars().take(WIDEST - 1).chain(['…']).collect()
}
