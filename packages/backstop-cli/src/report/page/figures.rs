//! The drawings on the page.

use maud::{Markup, PreEscaped, html};

use super::data::Figure;
use crate::report::plot::{Plot, Size, draw};

/// The figures of these drawings, with ids that begin so, and what the script
/// knows of them.
pub fn of(plots: &[Plot], prefix: &str) -> (Markup, Vec<Figure>) {
    let mut data = vec![];
    let mut figures = vec![];
    for plot in plots {
        let (wide, narrow) = (draw(plot, Size::Wide), draw(plot, Size::Narrow));
        let id = format!("{prefix}{}", plot.id);
        figures.push(figure(&id, plot, &wide.svg, &narrow.svg));
        data.push(Figure::new(id, plot, wide.frame, narrow.frame));
    }
    (html! { @for figure in figures { (figure) } }, data)
}

fn figure(id: &str, plot: &Plot, wide: &str, narrow: &str) -> Markup {
    html! {
        figure id=(id) {
            figcaption { h3 { (plot.title) } p { (plot.note) } }
            div class="plot" tabindex="0" role="group" aria-label={ (plot.title) ", values by arrow keys" } {
                (PreEscaped(wide))
                (PreEscaped(narrow))
                div class="cursor" hidden {}
            }
            output class="values" aria-live="polite" {}
        }
    }
}
