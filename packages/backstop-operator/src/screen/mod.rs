//! A snapshot as one screen of text. Nothing is rounded but seconds and prices' last zeros;
//! colours are for a terminal alone.

mod books;
mod form;
mod markets;
mod rules;

use cosmwasm_std::Timestamp;

pub use backstop_terminal::Paint;

use crate::snapshot::{ChainState, Snapshot};
use backstop_terminal::grouped;
use form::{Page, ago, length};

/// The snapshot in words. `clock` is this machine's time: a chain that stands still does not
/// know it.
pub fn screen(snapshot: &Snapshot, clock: Timestamp, paint: Paint) -> String {
    let mut page = Page::new(paint);
    chain(&mut page, &snapshot.chain, clock);
    books::vault(&mut page, snapshot);
    books::claims(&mut page, snapshot);
    books::policies(&mut page, snapshot);
    markets::breaker(&mut page, snapshot);
    books::queue(&mut page, snapshot);
    books::rewards(&mut page, snapshot);
    rules::timelock(&mut page, snapshot);
    rules::pauses(&mut page, snapshot);
    rules::custody(&mut page, snapshot);
    unread(&mut page, snapshot);
    page.text()
}

/// A block that is older than this is told as something that is wrong.
const OLD: u64 = 60;

fn chain(page: &mut Page, chain: &ChainState, clock: Timestamp) {
    let paint = page.paint;
    let age = clock.seconds().abs_diff(chain.time.seconds());
    let old = if chain.time.seconds() > clock.seconds() {
        format!("a clock that is {} ahead of this machine's", length(age))
    } else {
        ago(chain.time, clock)
    };
    let old = if age > OLD {
        paint.bad(&old)
    } else {
        paint.good(&old)
    };
    let title = paint.bold(&format!("Backstop on {}", chain.chain_id));
    page.line(&format!(
        "{title}   block {} from {old}, by {}",
        grouped(chain.height),
        chain.rpc
    ));
    for node in chain
        .nodes
        .iter()
        .filter(|node| node.error.is_some() || node.catching_up)
    {
        let why = node
            .error
            .clone()
            .unwrap_or_else(|| "it is still reading older blocks".to_string());
        page.line(&paint.warn(&format!("  {}: {why}", node.rpc)));
    }
}

fn unread(page: &mut Page, snapshot: &Snapshot) {
    if snapshot.problems.is_empty() && snapshot.stopped.is_empty() {
        return;
    }
    page.section("Not read");
    for problem in &snapshot.problems {
        let line = format!("{}: {}", problem.part, problem.error);
        page.line(&format!("  {}", page.paint.bad(&line)));
    }
    for stopped in &snapshot.stopped {
        let line = format!(
            "{}: read up to {} only; raise --pages for more",
            stopped.list, stopped.after
        );
        page.line(&format!("  {}", page.paint.warn(&line)));
    }
}
