//! The contracts as a chain runs them: the built wasm in the CosmWasm VM, with
//! the same checks at upload, the same imports and exports, and the chain's
//! prices.
//!
//! - `BACKSTOP_WASM` names the folder of `scripts/build-wasm`, `target/wasm` by
//!   default. Where it is not set and the folder is not there, the tests say
//!   that they are skipped; where it is set, a missing file is a failure.
//! - `gas.json` holds what every operation cost when it was last recorded, in
//!   the Cosmos SDK's gas, and how much of that is storage. A figure that is
//!   more than 3 % off fails, whichever way. Recording anew:
//!   `BACKSTOP_RECORD_GAS=1 ./scripts/test wasm`.
//! - A figure is what the contracts' own work costs: wasm, storage, addresses,
//!   raw queries. It leaves out what a chain adds whatever a contract does: the
//!   transaction, 60,000 for the first start of a code and 2,000 for the next,
//!   the bank's own sends, events, and the code of Pyth.

mod chain;
mod chain_state;
mod figures;
mod gas;
mod growth;
mod lifecycle;
mod querier;
mod scene;
mod silence;
mod store;
mod upload;
mod wasm;
