//! What the price sources of a scenario say, and when it is on chain.

mod coverage;
mod feeds;
mod heard;
mod observation;
mod one_market;
mod points;
mod series;

pub use feeds::Feeds;
pub use heard::Heard;
