//! Colours. The lines' are told apart by people with any kind of colour vision
//! (Okabe and Ito, 2008) and are seen on light and dark alike; ink and grid are
//! exchanged by the page's style sheet in the dark.

use plotters::style::RGBColor;

/// Text.
pub const INK: RGBColor = RGBColor(0x22, 0x26, 0x2b);
/// Lines of the grid, and axes.
pub const GRID: RGBColor = RGBColor(0xd4, 0xd8, 0xdd);
/// Behind a drawing that is a file of its own.
pub const PAPER: RGBColor = RGBColor(0xff, 0xff, 0xff);

/// Lines, in order.
pub const LINES: [RGBColor; 9] = [
    RGBColor(0x00, 0x72, 0xb2),
    RGBColor(0xd5, 0x5e, 0x00),
    RGBColor(0x00, 0x9e, 0x73),
    RGBColor(0xcc, 0x79, 0xa7),
    RGBColor(0xe6, 0x9f, 0x00),
    RGBColor(0x56, 0xb4, 0xe9),
    RGBColor(0x99, 0x6a, 0x3d),
    RGBColor(0x7a, 0x7f, 0xd6),
    RGBColor(0x8a, 0x92, 0x9b),
];

/// The breaker's median.
pub const MEDIAN: RGBColor = RGBColor(0x7d, 0x86, 0x90);
/// What was borne by the exchange.
pub const DEDUCTIBLE: RGBColor = RGBColor(0x8a, 0x92, 0x9b);
/// What was paid.
pub const PAID: RGBColor = RGBColor(0x00, 0x9e, 0x73);
/// What waits.
pub const PENDING: RGBColor = RGBColor(0xe6, 0x9f, 0x00);
/// What nobody covers.
pub const UNCOVERED: RGBColor = RGBColor(0xd5, 0x5e, 0x00);

/// A market that is guarded.
pub const GUARDED: RGBColor = RGBColor(0xf0, 0xc8, 0x00);
/// One that has tripped.
pub const TRIPPED: RGBColor = RGBColor(0xdc, 0x32, 0x2f);
/// One that recovers.
pub const RECOVERING: RGBColor = RGBColor(0x56, 0xb4, 0xe9);

/// A colour as style sheets write it.
#[cfg(test)]
pub fn hex(color: RGBColor) -> String {
    format!("#{:02X}{:02X}{:02X}", color.0, color.1, color.2)
}
