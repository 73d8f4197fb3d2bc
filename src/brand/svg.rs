//! Makes an SVG harmless: it keeps what draws, and loses what runs, loads or leads somewhere. Browsers run no
//! script of an image in a page, but they do when the image is opened by itself.

use std::fmt::Write as _;

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::escape::escape;
use quick_xml::events::{BytesStart, Event};

/// The elements that draw (SVG 2, without text paths to other files, images, animations and foreign content).
/// Filters are the elements that begin with `fe`.
const DRAWING: [&str; 26] = [
    "svg",
    "g",
    "defs",
    "symbol",
    "use",
    "title",
    "desc",
    "style",
    "path",
    "rect",
    "circle",
    "ellipse",
    "line",
    "polyline",
    "polygon",
    "text",
    "tspan",
    "textPath",
    "linearGradient",
    "radialGradient",
    "stop",
    "clipPath",
    "mask",
    "pattern",
    "marker",
    "filter",
];

const NAMESPACE: &str = "http://www.w3.org/2000/svg";

/// The SVG without anything but drawing; `None` if it is not well-formed or no SVG.
pub(super) fn harmless(text: &str) -> Option<String> {
    let mut reader = Reader::from_str(text);
    let mut svg = String::with_capacity(text.len());
    // How many elements are open, and inside how many of them everything is dropped.
    let (mut depth, mut dropped): (usize, usize) = (0, 0);
    let mut is_style = false;
    loop {
        match reader.read_event().ok()? {
            Event::Eof => break,
            Event::Start(element) => {
                if depth == 0 && element.name().as_ref() != "svg" {
                    return None;
                }
                depth += 1;
                let own_name = element.name();
                if let Some(name) = drawn_name(own_name.as_ref()).filter(|_| dropped == 0) {
                    is_style = name == "style";
                    open(&mut svg, name, &element, ">")?;
                } else {
                    dropped += 1;
                }
            }
            Event::Empty(element) if depth > 0 && dropped == 0 => {
                if let Some(name) = drawn_name(element.name().as_ref()) {
                    open(&mut svg, name, &element, "/>")?;
                }
            }
            Event::End(element) => {
                depth -= 1;
                is_style = false;
                match dropped {
                    0 => write!(svg, "</{}>", drawn_name(element.name().as_ref())?).ok()?,
                    _ => dropped -= 1,
                }
            }
            Event::Text(text) if depth > 0 && dropped == 0 => {
                push_text(&mut svg, &text.xml10_content(), is_style)
            }
            Event::CData(text) if depth > 0 && dropped == 0 => {
                push_text(&mut svg, &escape(text.xml10_content()), is_style);
            }
            Event::GeneralRef(name) if depth > 0 && dropped == 0 && !is_style => {
                let name = name.xml10_content();
                if name.starts_with('#') || ["lt", "gt", "amp", "quot", "apos"].contains(&name.as_ref()) {
                    write!(svg, "&{name};").ok()?;
                }
            }
            _ => {}
        }
    }
    (depth == 0 && !svg.is_empty()).then_some(svg)
}

/// The name that an element keeps, if it draws. A link becomes a group: what is in it is part of the drawing.
fn drawn_name(name: &str) -> Option<&str> {
    let is_drawing = DRAWING.contains(&name) || (name.starts_with("fe") && name != "feImage");
    if name == "a" { Some("g") } else { is_drawing.then_some(name) }
}

/// Writes the start of an element with its harmless attributes.
fn open(svg: &mut String, name: &str, element: &BytesStart<'_>, end: &str) -> Option<()> {
    write!(svg, "<{name}").ok()?;
    for attribute in element.attributes() {
        let attribute = attribute.ok()?;
        // A value with an entity of the document's own is dropped with it.
        let Ok(value) = attribute.normalized_value(XmlVersion::Implicit1_0) else { continue };
        let name: &str = attribute.key.as_ref();
        if is_harmless(name, &value) {
            write!(svg, " {name}=\"{}\"", escape(value.as_ref())).ok()?;
        }
    }
    svg.push_str(end);
    Some(())
}

fn is_harmless(name: &str, value: &str) -> bool {
    match name {
        "xmlns" => value == NAMESPACE,
        "xmlns:xlink" => value == "http://www.w3.org/1999/xlink",
        "href" | "xlink:href" => value.trim_start().starts_with('#'),
        "xml:space" => true,
        _ if name.contains(':') => false,
        _ => !name.to_ascii_lowercase().starts_with("on") && refers_to_itself(value),
    }
}

/// Whether all that a style or attribute loads is in the same file. A backslash could hide another address.
fn refers_to_itself(style: &str) -> bool {
    let style = style.to_ascii_lowercase();
    let is_own = |rest: &str| rest.trim_start().trim_start_matches(['"', '\'']).starts_with('#');
    !style.contains(['\\', '@']) && !style.contains("image(") && style.split("url(").skip(1).all(is_own)
}

fn push_text(svg: &mut String, text: &str, is_style: bool) {
    if !is_style || refers_to_itself(text) {
        svg.push_str(text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(inside: &str) -> String {
        let svg =
            harmless(&format!("<svg xmlns=\"{NAMESPACE}\" viewBox=\"0 0 9 9\">{inside}</svg>")).unwrap();
        svg.strip_prefix(&format!("<svg xmlns=\"{NAMESPACE}\" viewBox=\"0 0 9 9\">"))
            .and_then(|rest| rest.strip_suffix("</svg>"))
            .unwrap()
            .to_owned()
    }

    #[test]
    fn a_drawing_stays_as_it_is() {
        for drawing in [
            "<g fill=\"#123456\"><path d=\"M0 0h9\"/></g>",
            "<defs><linearGradient id=\"a\"><stop offset=\"1\"/></linearGradient></defs><rect fill=\"url(#a)\"/>",
            "<style>.a{fill:red}</style><use href=\"#a\"/>",
            "<text>A &amp; B &#233;</text>",
            "<filter id=\"f\"><feGaussianBlur stdDeviation=\"2\"/></filter>",
        ] {
            assert_eq!(of(drawing), drawing);
        }
        assert_eq!(
            harmless(include_str!("../../static/icon.svg")).unwrap().trim(),
            include_str!("../../static/icon.svg").trim()
        );
    }

    #[test]
    fn what_runs_loads_or_leads_somewhere_is_dropped() {
        for bad in [
            "<script>alert(1)</script>",
            "<SCRIPT/>",
            "<foreignObject><body xmlns=\"http://www.w3.org/1999/xhtml\"><img src=\"x\"/></body></foreignObject>",
            "<image href=\"https://evil.example/x.png\"/>",
            "<animate attributeName=\"href\" to=\"javascript:alert(1)\"/>",
            "<feImage href=\"https://evil.example/\"/>",
            "<x:script xmlns:x=\"http://www.w3.org/2000/svg\">alert(1)</x:script>",
            "<!-- <script> --><?xml-stylesheet href=\"https://evil.example/\"?>",
            "<iframe src=\"//evil.example\"/>",
        ] {
            assert_eq!(of(bad), "", "{bad}");
        }
        for (attribute, element) in [
            ("onload=\"alert(1)\"", "<rect/>"),
            ("ONCLICK=\"alert(1)\"", "<rect/>"),
            ("style=\"fill:url(https://evil.example/#a)\"", "<rect/>"),
            ("style=\"background:\\75rl(https://evil.example)\"", "<rect/>"),
            ("fill=\"url( 'https://evil.example/#a')\"", "<rect/>"),
            ("href=\"https://evil.example/#a\"", "<rect/>"),
            ("xmlns=\"http://www.w3.org/1999/xhtml\"", "<rect/>"),
        ] {
            assert_eq!(of(&format!("<rect {attribute}/>")), element, "{attribute}");
        }
        for link in ["href", "xlink:href"] {
            let link = format!("<a {link}=\"javascript:alert(1)\"><text>go</text></a>");
            assert_eq!(of(&link), "<g><text>go</text></g>", "the drawing stays");
        }
        assert_eq!(of("<style>@import 'https://evil.example/';</style>"), "<style></style>");
        assert_eq!(of("<style><![CDATA[a{b:url(//evil.example)}]]></style>"), "<style></style>");
    }

    #[test]
    fn an_entity_of_the_document_is_dropped_and_cannot_grow() {
        let svg = "<!DOCTYPE svg [<!ENTITY a \"<script>alert(1)</script>\">]><svg><text x=\"&a;\">&a;b</text></svg>";
        assert_eq!(harmless(svg).unwrap(), "<svg><text>b</text></svg>");
    }

    #[test]
    fn what_is_no_svg_is_refused() {
        for text in ["", "hello", "<html><svg/></html>", "<svg>", "<svg><g></svg>", "<!-- x -->"] {
            assert_eq!(harmless(text), None, "{text}");
        }
    }
}
