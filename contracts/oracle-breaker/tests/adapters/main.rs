//! The adapters: each question and answer to the byte, each trap of each
//! interface, and whole markets on the shipped contract against oracles that
//! speak the real interfaces.
//!
//! The samples are written by hand from the interfaces that the adapters'
//! headers name; none was recorded from a chain.

mod any_bytes;
mod band;
mod composite;
mod injective;
mod market;
mod oracle;
mod pairs;
mod quoted;
mod rates;
mod reporters;
mod twap;
mod world;
