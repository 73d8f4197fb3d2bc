//! Makes an SVG harmless: it keeps what draws, and loses what runs, loads or leads somewhere. Browsers run no
//! script of an image in a page, but they do when the image is opened by itself.

use std::borrow::Cow;
use std::fmt::Write as _;

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::escape::{escape, partial_escape, resolve_xml_entity};
use quick_xml::events::{BytesRef, BytesStart, Event};

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

/// Functions of CSS that load a text without `url()` (CSS Images 4 §2, CSS Values 5 §6).
const LOADING: [&str; 3] = ["image(", "image-set(", "src("];

const NAMESPACE: &str = "http://www.w3.org/2000/svg";

/// The SVG without anything but drawing; `None` if it is not well-formed or no SVG.
pub fn harmless(text: &str) -> Option<String> {
    if !text.chars().all(is_xml_char) {
        return None;
    }
    let mut reader = Reader::from_str(text);
    let mut drawing = Drawing { svg: String::with_capacity(text.len()), ..Drawing::default() };
    loop {
        match reader.read_event().ok()? {
            Event::Eof => return (drawing.depth == 0 && !drawing.svg.is_empty()).then_some(drawing.svg),
            Event::Start(element) => drawing.start(&element)?,
            Event::Empty(element) => drawing.empty(&element)?,
            Event::End(element) => drawing.end(element.name().as_ref())?,
            Event::Text(text) => drawing.text(&text.xml10_content(), Cow::Borrowed),
            Event::CData(text) => drawing.text(&text.xml10_content(), escape),
            Event::GeneralRef(name) => drawing.reference(&name)?,
            _ => {}
        }
    }
}

/// What is kept of an SVG.
#[derive(Default)]
struct Drawing {
    svg: String,
    /// How many elements are open.
    depth: usize,
    /// Inside how many of them everything is dropped.
    dropped: usize,
    /// The text of the open `style`. Comments and elements in it are no part of a style sheet, but what is on
    /// both sides of them is one text (SVG 2 §6.6), so it is checked as a whole.
    style: Option<String>,
}

impl Drawing {
    fn start(&mut self, element: &BytesStart<'_>) -> Option<()> {
        let own_name = element.name();
        if self.depth == 0 && (own_name.as_ref() != "svg" || !self.svg.is_empty()) {
            return None;
        }
        self.depth += 1;
        let Some(name) = drawn_name(own_name.as_ref()).filter(|_| self.is_drawn()) else {
            self.dropped += 1;
            return Some(());
        };
        self.style = (name == "style").then(String::new);
        open(&mut self.svg, name, element, ">")
    }

    fn empty(&mut self, element: &BytesStart<'_>) -> Option<()> {
        match drawn_name(element.name().as_ref()).filter(|_| self.depth > 0 && self.is_drawn()) {
            Some(name) => open(&mut self.svg, name, element, "/>"),
            None => Some(()),
        }
    }

    fn end(&mut self, name: &str) -> Option<()> {
        self.depth = self.depth.checked_sub(1)?;
        if self.dropped > 0 {
            self.dropped -= 1;
            return Some(());
        }
        if let Some(style) = self.style.take().filter(|style| refers_to_itself(style)) {
            self.svg.push_str(&partial_escape(style));
        }
        write!(self.svg, "</{}>", drawn_name(name)?).ok()
    }

    /// Text that `escaped` makes safe outside of a style sheet.
    fn text<'a>(&mut self, text: &'a str, escaped: impl FnOnce(&'a str) -> Cow<'a, str>) {
        match &mut self.style {
            _ if self.depth == 0 || self.dropped > 0 => {}
            Some(style) => style.push_str(text),
            None => self.svg.push_str(&escaped(text)),
        }
    }

    /// A character, or an entity; one of the document's own is dropped.
    fn reference(&mut self, name: &BytesRef<'_>) -> Option<()> {
        let character = name.resolve_char_ref().ok()?;
        let name = name.xml10_content();
        let plain = match character {
            Some(character) if !is_xml_char(character) => return None,
            Some(character) => character.to_string(),
            None => resolve_xml_entity(&name).unwrap_or_default().to_owned(),
        };
        match &mut self.style {
            _ if self.depth == 0 || self.dropped > 0 || plain.is_empty() => {}
            Some(style) => style.push_str(&plain),
            None => write!(self.svg, "&{name};").ok()?,
        }
        Some(())
    }

    /// Whether an element that begins here can be part of the drawing.
    fn is_drawn(&self) -> bool {
        self.dropped == 0 && self.style.is_none()
    }
}

/// Whether XML may have a character (XML 1.0 §2.2).
fn is_xml_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..)
}

/// The name that an element keeps, if it draws. A link becomes a group: what is in it is part of the drawing.
fn drawn_name(name: &str) -> Option<&str> {
    let is_filter = name.strip_prefix("fe").is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_alphabetic()));
    let is_drawing = DRAWING.contains(&name) || (is_filter && name != "feImage");
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
        // What is no name of XML, and what belongs to another vocabulary.
        _ if !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')) => false,
        _ => {
            name.starts_with(|first: char| first.is_ascii_alphabetic())
                && !name.to_ascii_lowercase().starts_with("on")
                && refers_to_itself(value)
        }
    }
}

/// Whether all that a style or attribute loads is in the same file. A backslash could hide another address.
fn refers_to_itself(style: &str) -> bool {
    let style = style.to_ascii_lowercase();
    let is_own = |rest: &str| rest.trim_start().trim_start_matches(['"', '\'']).starts_with('#');
    let loads = LOADING.iter().any(|function| style.contains(function));
    !style.contains(['\\', '@']) && !loads && style.split("url(").skip(1).all(is_own)
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
    fn a_style_sheet_is_checked_as_one_text_whatever_divides_it() {
        for divided in [
            "a{b:ur<!-- -->l(//evil.example)}",
            "a{b:ur<![CDATA[l(//evil.example)]]>}",
            "a{b:ur<?x?>l(//evil.example)}",
            "a{b:ur<g>x</g>l(//evil.example)}",
            "a{b:ur&own;l(//evil.example)}",
            "a{b:u&#114;l(//evil.example)}",
            "<g></g>@import '//evil.example';",
            "<a><style></style></a>@import '//evil.example';",
            "svg{background:image-set('//evil.example' 1x)}",
            "svg{background:src('//evil.example')}",
        ] {
            assert_eq!(of(&format!("<style>{divided}</style>")), "<style></style>", "{divided}");
        }
        let kept = "<style>.a&gt;.b{fill:red}</style>";
        for same in
            ["<style>.a>.b{<!-- x -->fill:red}</style>", "<style><![CDATA[.a>.b{fill:red}]]></style>", kept]
        {
            assert_eq!(of(same), kept, "{same}");
        }
    }

    #[test]
    fn what_is_no_name_of_xml_is_dropped() {
        assert_eq!(of("<fe/onload=alert(1)></fe/onload=alert(1)>"), "");
        for name in ["a.b", "-a", "é", "x:y"] {
            assert_eq!(of(&format!("<rect {name}=\"x\" fill=\"red\"/>")), "<rect fill=\"red\"/>", "{name}");
        }
    }

    #[test]
    fn an_entity_of_the_document_is_dropped_and_cannot_grow() {
        let svg = "<!DOCTYPE svg [<!ENTITY a \"<script>alert(1)</script>\">]><svg><text x=\"&a;\">&a;b</text></svg>";
        assert_eq!(harmless(svg).unwrap(), "<svg><text>b</text></svg>");
    }

    #[test]
    fn what_is_no_svg_is_refused() {
        for text in [
            "",
            "hello",
            "<html><svg/></html>",
            "<svg>",
            "<svg><g></svg>",
            "<!-- x -->",
            "<svg></svg><svg></svg>",
            "<svg>\u{1}</svg>",
            "<svg>&#1;</svg>",
        ] {
            assert_eq!(harmless(text), None, "{text}");
        }
    }
}
