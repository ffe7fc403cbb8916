//! The contracts as a chain runs them: the built wasm in the CosmWasm VM, with
//! the same checks at upload, the same imports and exports, and the chain's
//! prices. The tests need `scripts/build-wasm`; `BACKSTOP_WASM` names its
//! folder.

mod chain;
mod chain_state;
mod figures;
mod gas;
mod growth;
mod lifecycle;
mod querier;
mod scene;
mod store;
mod upload;
mod wasm;
