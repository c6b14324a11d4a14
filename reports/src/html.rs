//! The HTML backend: one file, no scripts, no requests, readable by a screen reader and on paper.

use std::fmt::Write as _;

use clinotype_case::criterion::Class;
use clinotype_case::finding::Outcome;

use crate::model::{Banner, Block, Document, Line, Rail, Table, Text, Voice, visible};
use crate::words;

/// The style sheet; the same colours as the PDF.
const STYLE: &str = include_str!("report.css");

/// Renders the document.
pub(crate) fn render(document: &Document) -> String {
    let mut out = String::with_capacity(64 * 1024);
    let running = &document.running;
    out.push_str("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    out.push_str("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    // Nothing may be fetched, also where a text slipped through that looks like markup.
    out.push_str(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n",
    );
    out.push_str("<meta name=\"referrer\" content=\"no-referrer\">\n");
    let _ = writeln!(
        out,
        "<title>{}</title>\n<style>\n{STYLE}</style>\n</head>",
        escape(&document.title)
    );
    out.push_str("<body>\n");
    let _ = writeln!(
        out,
        "<div class=\"watermark\" aria-hidden=\"true\">{}</div>",
        escape(&running.state)
    );
    // Head and foot of a table are the one thing that every browser repeats on each printed page and keeps clear of
    // the text; what is fixed lies over it. On screen the parts are plain blocks.
    let _ = writeln!(
        out,
        "<table role=\"presentation\" class=\"sheet\">\n<thead><tr><td><header class=\"running\"><bdi class=\"who\">{}</bdi> \
         <strong class=\"state\">{}</strong></header></td></tr></thead>\n<tbody><tr><td>",
        escape(&running.identity),
        escape(&running.state)
    );
    let _ = writeln!(out, "<main>\n<h1 class=\"unseen\">{}</h1>", escape(&document.title));
    for block in &document.blocks {
        write_block(&mut out, block);
    }
    let _ = writeln!(
        out,
        "</main>\n</td></tr></tbody>\n<tfoot><tr><td><footer class=\"running\"><bdi>{}</bdi><br>{} · {}</footer></td></tr>\
         </tfoot>\n</table>\n</body>\n</html>",
        escape(&running.identity),
        escape(&running.report),
        escape(&running.state)
    );
    out
}

fn write_block(out: &mut String, block: &Block) {
    // Writing to a String does not fail.
    let _ = match block {
        Block::Letterhead { name, lines } => {
            let lines: Vec<String> = lines.iter().map(|l| escape(l)).collect();
            writeln!(
                out,
                "<div class=\"letterhead\"><strong>{}</strong><br>{}</div>",
                escape(name),
                lines.join("<br>")
            )
        }
        Block::Identifiers(pairs) => {
            let _ = writeln!(out, "<dl class=\"identifiers\">");
            for (label, value) in pairs {
                let _ = writeln!(out, "<div><dt>{}</dt><dd>{}</dd></div>", escape(label), spans(value));
            }
            writeln!(out, "</dl>")
        }
        Block::Heading { level, text } => {
            let level = level + 1;
            writeln!(out, "<h{level}>{}</h{level}>", escape(text))
        }
        Block::Paragraph(text) => writeln!(out, "<p>{}</p>", spans(text)),
        Block::Notice(text) => writeln!(out, "<p class=\"notice\" role=\"note\">{}</p>", spans(text)),
        Block::Banner(banner) => write_banner(out, banner),
        Block::List { ordered, items } => {
            let tag = if *ordered { "ol" } else { "ul" };
            let _ = writeln!(out, "<{tag}>");
            for item in items {
                let _ = writeln!(out, "<li>{}</li>", spans(item));
            }
            writeln!(out, "</{tag}>")
        }
        Block::Pairs(pairs) => {
            let _ = writeln!(out, "<dl class=\"pairs\">");
            for (label, value) in pairs {
                let _ = writeln!(out, "<dt>{}</dt><dd>{}</dd>", escape(label), spans(value));
            }
            writeln!(out, "</dl>")
        }
        Block::Table(table) => write_table(out, table),
        Block::Rail(rail) => write_rail(out, rail),
        Block::Signatures(lines) => {
            let _ = writeln!(out, "<dl class=\"signatures\">");
            for (label, value) in lines {
                let _ = writeln!(out, "<div><dt>{}</dt><dd>{}</dd></div>", escape(label), escape(value));
            }
            writeln!(out, "</dl>")
        }
        Block::PageBreak => writeln!(out, "<div class=\"break\"></div>"),
        Block::End(text) => writeln!(out, "<p class=\"end\"><strong>{}</strong></p>", escape(text)),
    };
}

fn write_banner(out: &mut String, banner: &Banner) -> std::fmt::Result {
    let (name, mark) = match banner.outcome {
        Outcome::Positive => ("positive", "\u{25c6}"),
        Outcome::Carrier => ("carrier", "\u{2b16}"),
        Outcome::Uncertain => ("uncertain", "\u{25c7}"),
        Outcome::Negative => ("negative", "\u{229f}"),
        Outcome::Inconclusive => ("inconclusive", "\u{25b3}"),
    };
    writeln!(
        out,
        "<section class=\"banner {name}\"><span class=\"mark\" aria-hidden=\"true\">{mark}</span>"
    )?;
    writeln!(out, "<div><h2>{}</h2>", escape(&banner.title))?;
    for line in &banner.lines {
        writeln!(out, "<p>{}</p>", spans(line))?;
    }
    writeln!(out, "</div></section>")
}

fn write_table(out: &mut String, table: &Table) -> std::fmt::Result {
    writeln!(
        out,
        "<table>\n<caption class=\"unseen\">{}</caption>\n<colgroup>{}</colgroup>\n<thead><tr>",
        escape(&table.caption),
        columns(table)
    )?;
    let kind = |figures: bool| if figures { " class=\"figures\"" } else { "" };
    for column in &table.columns {
        writeln!(
            out,
            "<th scope=\"col\"{}>{}</th>",
            kind(column.figures),
            escape(&column.head)
        )?;
    }
    writeln!(out, "</tr></thead>\n<tbody>")?;
    for row in &table.rows {
        writeln!(out, "<tr>")?;
        for (column, cell) in table.columns.iter().zip(row) {
            let lines: Vec<String> = cell
                .iter()
                .map(|line| match line {
                    Line::Text(text) => spans(text),
                    Line::Class(class) => class_mark(*class),
                })
                .collect();
            writeln!(out, "<td{}>{}</td>", kind(column.figures), lines.join("<br>"))?;
        }
        writeln!(out, "</tr>")?;
    }
    writeln!(out, "</tbody>\n</table>")
}

/// Shares of the width, so that one long name does not push a column off the page.
fn columns(table: &Table) -> String {
    let total: f32 = table.columns.iter().map(|c| c.weight).sum();
    let share = |weight: f32| format!("<col style=\"width:{:.1}%\">", weight * 100.0 / total);
    table.columns.iter().map(|c| share(c.weight)).collect()
}

fn class_name(class: Class) -> &'static str {
    match class {
        Class::Benign => "b",
        Class::LikelyBenign => "lb",
        Class::Uncertain => "vus",
        Class::LikelyPathogenic => "lp",
        Class::Pathogenic => "p",
    }
}

/// The five steps, benign first.
const STEPS: [Class; 5] = [
    Class::Benign,
    Class::LikelyBenign,
    Class::Uncertain,
    Class::LikelyPathogenic,
    Class::Pathogenic,
];

fn class_mark(class: Class) -> String {
    let steps: String = STEPS
        .iter()
        .map(|step| {
            if *step == class {
                "<i class=\"here\"></i>"
            } else {
                "<i></i>"
            }
        })
        .collect();
    format!(
        "<span class=\"class {}\"><span class=\"steps\" aria-hidden=\"true\">{steps}</span><strong>{}</strong></span>",
        class_name(class),
        escape(class.words())
    )
}

fn write_rail(out: &mut String, rail: &Rail) -> std::fmt::Result {
    let bands: String = STEPS
        .iter()
        .zip(words::CLASS_STEPS)
        .map(|(step, short)| {
            if *step == rail.class {
                format!(
                    "<span class=\"here {}\">{short} ({})</span>",
                    class_name(*step),
                    rail.points
                )
            } else {
                format!("<span>{short}</span>")
            }
        })
        .collect();
    writeln!(
        out,
        "<div class=\"rail\" aria-hidden=\"true\">{bands}</div>\n<p>{}</p>",
        escape(&rail.words)
    )
}

fn spans(text: &Text) -> String {
    text.0
        .iter()
        .map(|span| {
            let words = escape(&span.text);
            match span.voice {
                Voice::Plain => words,
                Voice::Strong => format!("<strong>{words}</strong>"),
                Voice::Quiet => format!("<span class=\"quiet\">{words}</span>"),
                Voice::Sequence => format!("<code>{words}</code>"),
                Voice::QuietSequence => format!("<code class=\"quiet\">{words}</code>"),
            }
        })
        .collect()
}

/// Text as HTML text or attribute. Right-to-left text is set apart, so that it does not turn the words around it.
fn escape(text: &str) -> String {
    let text = visible(text);
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
    out
}
