//! The colours of pages, made from one accent colour so that every text stays readable: in the light and the dark
//! theme, accent colours keep a contrast of 7 to 1 with what they stand on (WCAG 2.2, 1.4.6).

use crate::config::Colour;

/// The contrast that texts have.
const READABLE: f64 = 7.0;

/// The colour for which `static/doorward.css` is made, the default of `site.colour`.
const BUILT_IN: Colour = Colour::new([0x17, 0x52, 0x5f]);

/// What accent colours stand on in `static/doorward.css`: its darkest background of the light theme, and its
/// lightest one of the dark theme.
const LIGHT_PAPER: Colour = Colour::new([0xf3, 0xf1, 0xeb]);
const DARK_SURFACE: Colour = Colour::new([0x19, 0x23, 0x27]);

const BLACK: Colour = Colour::new([0; 3]);
const WHITE: Colour = Colour::new([0xff; 3]);

/// The accent colours of one theme.
struct Accents {
    /// Links and lines.
    accent: Colour,
    /// The same under the pointer.
    strong: Colour,
    /// The background of a chosen or pointed-at part.
    soft: Colour,
    /// Buttons, and the text on them.
    fill: Colour,
    on_fill: Colour,
    /// A button under the pointer.
    fill_strong: Colour,
    /// The edge of a button.
    fill_edge: Colour,
}

impl Accents {
    fn light(colour: Colour) -> Self {
        let soft = readable(colour, BLACK, LIGHT_PAPER).mixed(WHITE, 90);
        // The soft background may be a little darker than the paper.
        let accent = readable(readable(colour, BLACK, LIGHT_PAPER), BLACK, soft);
        let strong = accent.mixed(BLACK, 25);
        let filled = Self::filled(colour);
        // A pale button has an edge, as one needs 3 to 1 to see where it is (WCAG 2.2, 1.4.11).
        let is_seen = filled.fill.contrast(LIGHT_PAPER) >= 3.0;
        Self { accent, strong, soft, fill_edge: if is_seen { filled.fill } else { accent }, ..filled }
    }

    fn dark(colour: Colour) -> Self {
        let soft = DARK_SURFACE.mixed(readable(colour, WHITE, DARK_SURFACE), 12);
        let accent = readable(colour, WHITE, soft);
        let strong = accent.mixed(WHITE, 30);
        Self { accent, strong, soft, fill: accent, on_fill: BLACK, fill_strong: strong, fill_edge: accent }
    }

    /// Buttons have the site's own colour, as in its mails, with black or white on it.
    fn filled(colour: Colour) -> Self {
        let on_fill = colour.ink();
        let away = if on_fill == BLACK { WHITE } else { BLACK };
        let fill = readable(colour, away, on_fill);
        Self {
            accent: fill,
            strong: fill,
            soft: fill,
            fill,
            on_fill,
            fill_strong: fill.mixed(away, 20),
            fill_edge: fill,
        }
    }
}

/// `colour`, mixed with `end` (black or white) as little as makes it readable on or under `other`.
fn readable(colour: Colour, end: Colour, other: Colour) -> Colour {
    let is_readable = |percent: &u16| colour.mixed(end, *percent).contrast(other) >= READABLE;
    colour.mixed(end, (0..100).find(is_readable).unwrap_or(100))
}

/// The colour of lines and of the edge of a button on white paper, as mails have it: the site's own, unless that is
/// too pale to be seen.
pub(crate) fn edge_on_paper(colour: Colour) -> Colour {
    if colour.contrast(WHITE) >= 3.0 { colour } else { Accents::light(colour).accent }
}

/// The style sheet of the site, read after `static/doorward.css`. Empty for the default colour, for which that
/// file is made.
pub(crate) fn style_sheet(colour: Colour) -> String {
    if colour == BUILT_IN {
        return String::new();
    }
    let (light, dark) = (Accents::light(colour), Accents::dark(colour));
    let on_accent = [WHITE, BLACK];
    let names = [
        ("accent", [light.accent, dark.accent]),
        ("accent-strong", [light.strong, dark.strong]),
        ("accent-soft", [light.soft, dark.soft]),
        ("on-accent", on_accent),
        ("fill", [light.fill, dark.fill]),
        ("on-fill", [light.on_fill, dark.on_fill]),
        ("fill-strong", [light.fill_strong, dark.fill_strong]),
        ("fill-edge", [light.fill_edge, dark.fill_edge]),
    ];
    let rules: String =
        names.iter().map(|(name, [light, dark])| format!("--{name}:light-dark({light},{dark});")).collect();
    format!(":root{{{rules}}}\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    /// Colours all over the space, with the hardest ones: pure, grey, and near the ends.
    fn colours() -> impl Iterator<Item = Colour> {
        let steps = || (0_u8..=255).step_by(51);
        steps().flat_map(move |red| {
            steps().flat_map(move |green| steps().map(move |blue| Colour::new([red, green, blue])))
        })
    }

    /// The values of a token in the two themes.
    fn themes(style: &str, token: &str) -> [Colour; 2] {
        let name = format!("--{token}:");
        let values: Vec<&str> =
            style.split(&name).skip(1).map(|rest| rest.split(';').next().unwrap().trim()).collect();
        let pair = values[0].strip_prefix("light-dark(").and_then(|pair| pair.strip_suffix(')'));
        let pair = pair.map_or_else(|| values.clone(), |pair| pair.split(',').collect());
        [0, 1].map(|theme| Colour::parse(pair[theme].trim()).unwrap())
    }

    #[test]
    fn the_edge_in_a_mail_is_seen_on_white_paper_and_keeps_a_colour_that_is() {
        for colour in colours() {
            let edge = edge_on_paper(colour);
            assert!(edge.contrast(WHITE) >= 3.0, "{colour}: {edge}");
            assert!(edge == colour || colour.contrast(WHITE) < 3.0, "{colour}: {edge}");
        }
    }

    #[test]
    fn every_colour_gives_readable_texts_on_the_backgrounds_of_both_themes() {
        let sheet = include_str!("../../static/doorward.css");
        for colour in colours() {
            let style = style_sheet(colour);
            let contrast = |text: &str, on: [Colour; 2], least: f64| {
                for (text, on) in themes(&style, text).into_iter().zip(on) {
                    assert!(text.contrast(on) >= least, "{colour}: {text} on {on}: {}", text.contrast(on));
                }
            };
            for background in ["paper", "surface", "sunken"] {
                for text in ["accent", "accent-strong"] {
                    contrast(text, themes(sheet, background), READABLE);
                }
            }
            contrast("accent-strong", themes(&style, "accent-soft"), READABLE);
            contrast("on-accent", themes(&style, "accent"), READABLE);
            contrast("on-fill", themes(&style, "fill"), READABLE);
            contrast("on-fill", themes(&style, "fill-strong"), READABLE);
            contrast("fill-edge", themes(sheet, "surface"), 3.0);
        }
    }

    #[test]
    fn a_readable_colour_stays_and_the_default_needs_no_style() {
        let navy = Colour::parse("#101060").unwrap();
        assert_eq!(Accents::light(navy).accent, navy);
        assert_eq!(Accents::light(navy).fill, navy);
        assert_eq!(style_sheet(Config::from_settings(&[]).unwrap().site.colour), "");
    }

    #[test]
    fn a_button_keeps_the_colour_of_the_site_where_it_can() {
        let yellow = Colour::parse("#ffd700").unwrap();
        assert_eq!(Accents::light(yellow).fill, yellow);
        assert_eq!(Accents::light(yellow).on_fill, BLACK);
        assert_ne!(Accents::light(yellow).accent, yellow);
    }
}
