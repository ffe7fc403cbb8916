//! All tests of the contract, as one program: it links once.

mod admin;
mod attack;
mod claim;
mod fund;
mod model;
mod payee;
mod query;
mod readme;
mod schedule;
mod stake;
mod stop;
mod storage;
mod support;
mod vault;
mod yields;
