//! `cmklint map`.

use super::args::{MapArgs, MapFormat};
use super::check::{with_threads, workspace};
use super::failure::Failure;
use super::{Exit, output, request};
use crate::analyze::{Drawing, draw};
use crate::discover::Disk;
use crate::map::{Form, render};
use crate::report::visible;

pub(super) fn run(args: &MapArgs) -> Result<Exit, Failure> {
    let drawn = || draw(&Disk, workspace()?, &request::of_map(args)?).map_err(Failure::Path);
    let drawing = with_threads(None, drawn)??;
    let form = match args.format {
        MapFormat::Human => Form::Human,
        MapFormat::Json => Form::Json,
        MapFormat::Markdown => Form::Markdown,
        MapFormat::Html => Form::Html,
    };
    let said = output::say(&render(&drawing.sources, &drawing.maps, form, args.ids), Exit::Fine);
    output::aside(&remarks(&drawing));
    said
}

fn remarks(drawing: &Drawing) -> String {
    let mut out = String::new();
    for remark in &drawing.diagnostics {
        let place = remark.span.map(|span| drawing.sources.get(span.source).place(span.start));
        let place = place.map_or_else(String::new, |place| format!(":{}:{}", place.line, place.column));
        out.push_str(&format!("remark: {}{place}: {}\n", visible(&remark.file), visible(&remark.message)));
    }
    out
}
