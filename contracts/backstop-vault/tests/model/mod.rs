//! The vault's model: what happens (`steps`, and how likely, `chances`), the books that say what must come
//! of it (`ledger`, `cover`, `claims`, `premium`, `votes`, on `bucket` and `exact`), the run of both
//! side by side (`run`), and what it came across (`states`).

use crate::broken;
mod bucket;
pub mod chances;
mod claims;
mod cover;
pub mod exact;
mod ledger;
mod premium;
pub mod run;
pub mod states;
pub mod steps;
pub mod votes;
