//! Maps as a page that needs nothing else: no script, no font, no picture from elsewhere.
//!
//! What a cell is, is said by a sign and by words, the color only repeats it; in print the colors give way to lines.

use super::{Cell, NOTHING, VersionMap};
use crate::text::{Sources, visible};

/// Everything before the first table. Blue and orange are told apart by people who don't see red or green.
const HEAD: &str = r#"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Keys of image versions</title>
<style>
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #57606a; --line: #c9d1d9; --page: #ffffff; --head: #f3f5f7;
  --customer: #dcebf7; --customer-edge: #0072b2; --platform: #fcefd3; --platform-edge: #b87700; --unknown: #eceff2;
  --unknown-edge: #57606a; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --soft: #9da7b1; --line: #3d444d; --page: #0d1117;
  --head: #161b22; --customer: #10304a; --customer-edge: #56b4e9; --platform: #43320b; --platform-edge: #e69f00;
  --unknown: #21262d; --unknown-edge: #9da7b1; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 75rem; padding: 1.5rem 1rem 3rem; background: var(--page); color: var(--ink);
  font: 1rem/1.45 system-ui, sans-serif; }
h1 { font-size: 1.4rem; margin: 0 0 .5rem; }
h2 { font-size: 1.1rem; margin: 0; overflow-wrap: anywhere; }
section { margin-top: 2.25rem; }
.where, .legend, .notes, .ids { color: var(--soft); font-size: .875rem; overflow-wrap: anywhere; }
.where { margin: .15rem 0 .6rem; }
.legend span { display: inline-block; margin-right: 1.25rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { border: 1px solid var(--line); padding: .45rem .65rem; text-align: left; vertical-align: top; }
thead th { background: var(--head); white-space: nowrap; }
tbody th { font-weight: 600; min-width: 7rem; }
td { border-left: .3rem solid; min-width: 9rem; overflow-wrap: anywhere; }
td.customer { background: var(--customer); border-left-color: var(--customer-edge); }
td.platform { background: var(--platform); border-left-color: var(--platform-edge); border-left-style: double; }
td.unknown { background: var(--unknown); border-left-color: var(--unknown-edge); border-left-style: dotted; }
td small { display: block; color: var(--soft); }
.notes, .ids { margin: .6rem 0 0; padding-left: 1.2rem; }
.ids b { color: var(--ink); font-weight: 600; }
@media print {
  :root { --ink: #000; --soft: #333; --line: #777; --page: #fff; --head: #fff; --customer: #fff; --platform: #fff;
    --unknown: #fff; --customer-edge: #000; --platform-edge: #000; --unknown-edge: #000; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  section { break-inside: avoid; }
  .scroll { overflow: visible; }
}
</style>
</head>
<body>
<h1>Keys of image versions</h1>
<p class="legend"><span>● disk encryption set of the customer</span><span>○ platform key</span><span>? can’t be told
from the files</span></p>
"#;

/// Writes the page.
pub(super) fn render(sources: &Sources, maps: &[VersionMap]) -> String {
    let mut out = String::from(HEAD);
    if maps.is_empty() {
        out.push_str(&format!("<p>{NOTHING}</p>\n"));
    }
    for map in maps {
        section(sources, map, &mut out);
    }
    out.push_str("</body>\n</html>\n");
    out
}

fn section(sources: &Sources, map: &VersionMap, out: &mut String) {
    out.push_str(&format!("<section>\n<h2>{}</h2>\n<p class=\"where\">", escaped(&map.version)));
    out.push_str(&escaped(&map.place_text(sources)));
    for words in map.when().iter().chain(map.with().iter()) {
        out.push_str(&format!("<br>{}", escaped(words)));
    }
    out.push_str("</p>\n<div class=\"scroll\">\n<table>\n<thead><tr><th scope=\"col\">region</th>");
    for disk in &map.disks {
        out.push_str(&format!("<th scope=\"col\">{}</th>", escaped(disk)));
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    for row in &map.rows {
        out.push_str(&format!("<tr><th scope=\"row\">{}</th>", escaped(&row.title())));
        for cell in &row.cells {
            push_cell(cell, out);
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody>\n</table>\n</div>\n");
    if !map.remarks.is_empty() {
        let remarks = map.remarks.iter().map(|remark| format!("<li>{}</li>\n", escaped(remark)));
        out.push_str(&format!("<ul class=\"notes\">\n{}</ul>\n", remarks.collect::<String>()));
    }
    let keys = map.keys();
    if !keys.is_empty() {
        let ids = keys.iter().map(|key| format!("<li><b>{}</b> {}</li>\n", escaped(&key.set), escaped(&key.id)));
        out.push_str(&format!("<ul class=\"ids\">\n{}</ul>\n", ids.collect::<String>()));
    }
    out.push_str("</section>\n");
}

fn push_cell(cell: &Cell, out: &mut String) {
    match cell {
        Cell::Customer(keys) => {
            out.push_str("<td class=\"customer\">");
            for (at, key) in keys.iter().enumerate() {
                let line = if at > 0 { "<br>" } else { "" };
                out.push_str(&format!("{line}● <span title=\"{}\">{}</span>", escaped(&key.id), escaped(&key.title())));
                if let Some(because) = &key.because {
                    out.push_str(&format!("<small>{}</small>", escaped(because)));
                }
            }
            out.push_str("</td>");
        }
        Cell::Platform => out.push_str("<td class=\"platform\">○ platform key</td>"),
        Cell::Unknown(because) => {
            out.push_str(&format!("<td class=\"unknown\">? unknown<small>{}</small></td>", escaped(because)));
        }
    }
}

/// Text in which nothing is a mark, in content and in attributes.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for char in visible(text).chars() {
        match char {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            char => out.push(char),
        }
    }
    out
}
