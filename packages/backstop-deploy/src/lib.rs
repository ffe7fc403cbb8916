//! Puts a backstop on a chain: uploads, instantiates, wires, tries it out, and hands
//! it over to its timelock. Each step is recorded, so that a run that failed is
//! taken up where it stopped and nothing is done twice.

pub mod addresses;
pub mod chain;
pub mod check;
pub mod config;
pub mod deploy;
pub mod dry_run;
pub mod error;
pub mod live;
mod messages;
pub mod part;
mod preflight;
pub mod state;
pub mod step;
pub mod wasm;

pub use addresses::Addresses;
pub use chain::{Ask, Chain, Receipt};
pub use check::{Finding, check};
pub use config::Config;
pub use deploy::{Deployment, Progress};
pub use error::{Error, Result};
pub use live::Live;
pub use part::Part;
pub use state::State;
pub use step::{Step, plan};
pub use wasm::Wasm;
