//! A rule's page for a terminal: headings and fences without their marks, all else as it is written.

/// The text of a page.
pub(super) fn plain(markdown: &str) -> String {
    let mut out = String::new();
    let mut fence: Option<&str> = None;
    for line in markdown.lines() {
        let marks = line.len() - line.trim_start_matches('`').len();
        match fence {
            Some(open) if marks >= open.len() && line.trim_end() == open => fence = None,
            Some(_) => push(&mut out, "    ", line),
            None if marks >= 3 => {
                fence = line.get(..marks);
                let about = line.get(marks..).unwrap_or_default().trim();
                if !about.is_empty() {
                    push(&mut out, "  ", &format!("({about})"));
                }
            }
            None => match line.trim_start_matches('#') {
                title if title.len() < line.len() && title.starts_with(' ') => {
                    let title = title.trim().replace('`', "");
                    let rule = if line.starts_with("##") { "-" } else { "=" };
                    push(&mut out, "", &title);
                    push(&mut out, "", &rule.repeat(title.chars().count()));
                }
                _ => push(&mut out, "", line),
            },
        }
    }
    out
}

fn push(out: &mut String, indent: &str, line: &str) {
    if !line.is_empty() {
        out.push_str(indent);
        out.push_str(line);
    }
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_and_fences_lose_their_marks() {
        let page = "# CMK102 `des-wrong-region`\nOne sentence.\n## Raises\n```json raises\n{\n\n  \"a\": \"```\" }\n```\nEnd.\n";
        let expected = "CMK102 des-wrong-region\n=======================\nOne sentence.\nRaises\n------\n  (json raises)\n    {\n\n      \"a\": \"```\" }\nEnd.\n";
        assert_eq!(plain(page), expected);
    }
}
