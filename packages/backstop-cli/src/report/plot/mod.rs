//! The drawings of a report: what is drawn ([`spec`]), and how, as SVG by
//! plotters ([`draw()`]). Each is drawn for a wide screen, for a phone, and as a
//! file of its own.

mod draw;
mod legend;
mod marks;
pub mod palette;
mod scale;
pub mod spec;

pub use draw::{Frame, Size, draw, letters};
pub use scale::{Format, values};
pub use spec::Plot;
