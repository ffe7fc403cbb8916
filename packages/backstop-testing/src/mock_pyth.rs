//! The Pyth contract of `backstop-mock-pyth`, which is built for real chains
//! too, on cw-multi-test.

use cosmwasm_std::Empty;
use cw_multi_test::{Contract, ContractWrapper};

pub use backstop_mock_pyth::*;

/// The mock as a contract for cw-multi-test.
pub fn contract() -> Box<dyn Contract<Empty>> {
    Box::new(ContractWrapper::new_with_empty(execute, instantiate, query))
}
