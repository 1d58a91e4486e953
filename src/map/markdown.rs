//! Maps as Markdown for a comment on a pull request.
//!
//! Names come from files that nobody has vouched for: every character that Markdown, HTML or a forge's own marks
//! (`@name`, `#1`) could read something into is written as an entity.

use super::{Cell, NOTHING, VersionMap};
use crate::text::{Sources, visible};

/// Writes all tables, one below the other.
pub(super) fn render(sources: &Sources, maps: &[VersionMap], ids: bool) -> String {
    if maps.is_empty() {
        return format!("{NOTHING}\n");
    }
    maps.iter().map(|map| table(sources, map, ids)).collect::<Vec<_>>().join("\n")
}

fn table(sources: &Sources, map: &VersionMap, ids: bool) -> String {
    let mut out = format!("**{}** ({})", escaped(&map.version), escaped(&map.place_text(sources)));
    for words in map.when().iter().chain(map.with().iter()) {
        out.push_str(&format!(" {}", escaped(words)));
    }
    out.push_str("\n\n| region |");
    for disk in &map.disks {
        out.push_str(&format!(" {} |", escaped(disk)));
    }
    out.push_str("\n|---|");
    out.push_str(&"---|".repeat(map.disks.len()));
    out.push('\n');
    for row in &map.rows {
        out.push_str(&format!("| {} |", escaped(&row.title())));
        for cell in &row.cells {
            out.push_str(&format!(" {} |", words(cell)));
        }
        out.push('\n');
    }
    if !map.remarks.is_empty() {
        out.push('\n');
    }
    for remark in &map.remarks {
        out.push_str(&format!("- {}\n", escaped(remark)));
    }
    let keys = map.keys();
    if ids && !keys.is_empty() {
        out.push_str("\n<details><summary>ids of the disk encryption sets</summary>\n\n");
        for key in keys {
            out.push_str(&format!("- {}: {}\n", escaped(&key.set), escaped(&key.id)));
        }
        out.push_str("\n</details>\n");
    }
    out
}

/// A sign beside the words, so that a table can be read at a glance.
fn words(cell: &Cell) -> String {
    match cell {
        Cell::Customer(keys) => {
            let keys = keys.iter().map(|key| match &key.because {
                Some(because) => format!("{} ({})", escaped(&key.title()), escaped(because)),
                None => escaped(&key.title()),
            });
            format!("🔑 {}", keys.collect::<Vec<_>>().join(" + "))
        }
        Cell::Platform => "⚪ platform key".to_owned(),
        Cell::Unknown(because) => format!("❔ unknown: {}", escaped(because)),
    }
}

/// Text in which nothing is a mark.
fn escaped(text: &str) -> String {
    let text = visible(text);
    // A bare `www.` becomes a link.
    let links = text.to_ascii_lowercase().contains("www.");
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            // A forge looks for these in the finished page too: a mark without width keeps them from the name.
            '@' | '#' => out.push_str(&format!("&#{};&#8288;", char as u32)),
            '.' if links => out.push_str("&#46;"),
            ' ' | '-' | '/' | '.' | ',' | '(' | ')' | '+' | '…' => out.push(char),
            char if char.is_alphanumeric() => out.push(char),
            char if !char.is_ascii() => out.push(char),
            char => out.push_str(&format!("&#{};", char as u32)),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn nothing_in_a_name_is_a_mark() {
        let cases = [
            ("des-westus", "des-westus"),
            ("galContoso/image/1.0.0", "galContoso/image/1.0.0"),
            ("a|b", "a&#124;b"),
            ("<img src=x>", "&#60;img src&#61;x&#62;"),
            ("`x` *y* _z_ [l](u)", "&#96;x&#96; &#42;y&#42; &#95;z&#95; &#91;l&#93;(u)"),
            ("@team #1", "&#64;&#8288;team &#35;&#8288;1"),
            ("https://evil.example", "https&#58;//evil.example"),
            ("www.evil.example", "www&#46;evil&#46;example"),
            ("&lt;", "&#38;lt&#59;"),
            ("a\nb", "a&#92;u&#123;a&#125;b"),
        ];
        for (text, written) in cases {
            assert_eq!(escaped(text), written, "{text}");
        }
    }
}
