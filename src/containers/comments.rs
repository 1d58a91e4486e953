//! The comments of a page itself: what is around its scripts and templates, not in them.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag};

use super::yaml;

/// HTML comments of a Markdown page, their marks included, in order. Code is no comment, whatever it holds.
pub fn comments_in_markdown(text: &str) -> Vec<Range<usize>> {
    let body = text.trim_start_matches('\u{feff}');
    let skipped = text.len() - body.len();
    let mut found = Vec::new();
    for (event, range) in Parser::new_ext(body, Options::empty()).into_offset_iter() {
        if !matches!(event, Event::Start(Tag::HtmlBlock) | Event::InlineHtml(_)) {
            continue;
        }
        let mut at = range.start;
        while let Some(rest) = body.get(at..range.end)
            && let Some(start) = rest.find("<!--")
        {
            let length =
                rest.get(start..).and_then(|comment| comment.find("-->")).map_or(rest.len() - start, |end| end + 3);
            found.push(skipped + at + start..skipped + at + start + length);
            at += start + length;
        }
    }
    found
}

/// Comments of a YAML file, in order: a `#` that begins a line or follows a blank, and is in no scalar.
pub fn comments_in_yaml(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let scalars = yaml::scalars(text);
    for (at, _) in text.match_indices('#') {
        let before = at.checked_sub(1).and_then(|before| text.as_bytes().get(before));
        let begins = before.is_none_or(|byte| byte.is_ascii_whitespace());
        let index = scalars.partition_point(|scalar| scalar.end <= at);
        let in_scalar = scalars.get(index).is_some_and(|scalar| scalar.start <= at);
        let in_comment = found.last().is_some_and(|comment| at < comment.end);
        if begins && !in_scalar && !in_comment {
            let length = text.get(at..).and_then(|rest| rest.find(['\n', '\r'])).unwrap_or(text.len() - at);
            found.push(at..at + length);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_of_a_page_are_told_from_its_code() {
        let page = "\u{feff}a <!-- one --> b\n\n```html\n<!-- no -->\n```\n\n<!-- two\nlines -->\n`<!-- no -->`\n\n    <!-- no -->\n\n<!-- open";
        let found: Vec<&str> = comments_in_markdown(page).into_iter().map(|range| &page[range]).collect();
        assert_eq!(found, ["<!-- one -->", "<!-- two\nlines -->", "<!-- open"]);
    }

    #[test]
    fn comments_of_yaml_are_told_from_its_scalars() {
        let text = "# ä one\na: b#no # two\nrun: | # three\n  # no\n  x # no\n# four\nb: '# no'\nc: \"x # no\" # five\nd:\n  - plain\n    # six\n";
        let found: Vec<&str> = comments_in_yaml(text).into_iter().map(|range| &text[range]).collect();
        assert_eq!(found, ["# ä one", "# two", "# three", "# four", "# five", "# six"]);
    }
}
