//! Who acts on the chain: those who keep things going, those who trade, those
//! whose capital the pool is, and three stakers to compare them with.

mod income;
mod keepers;
pub(crate) mod pool;
mod reference_stakers;
mod stakers;
mod traders;

pub use income::Income;
pub use keepers::Keepers;
pub use reference_stakers::{ReferenceStakers, Rule, Stay};
pub use stakers::Stakers;
pub use traders::Traders;
