//! What a deployment would do and cost, without a transaction.

use backstop_chain::{Error as ChainError, GasPrice};
use cosmwasm_std::{Coin, Decimal, Uint128};
use serde::Serialize;

use crate::chain::Chain;
use crate::deploy::Deployment;
use crate::error::{Error, Result};
use crate::messages::Context;
use crate::state::Done;
use crate::step::Step;

/// A step as it stands.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Planned {
    /// The step.
    pub step: String,
    /// What it gave, if it was done.
    pub done: Option<Done>,
    /// The gas that it would be given.
    pub gas: Option<u64>,
    /// The fee for that.
    pub fee: Option<Coin>,
    /// Whether that was simulated; else it is what such a step usually takes.
    pub simulated: bool,
    /// Why it would fail now, in the chain's words.
    pub fails: Option<String>,
}

/// What a simulation brought.
enum Simulated {
    Gas(u64),
    Fails(String),
    TooEarly,
}

impl Deployment<'_> {
    /// Checks the files and the chain, and simulates every step that can be.
    pub async fn dry_run<C: Chain>(&self, chain: &C) -> Result<Vec<Planned>> {
        let (state, steps) = self.begin(chain).await?;
        let context = Context {
            config: self.config,
            wasm: self.wasm,
            state: &state,
        };
        let price = self.config.gas_price()?;
        let next = steps.iter().find(|step| state.done(step).is_none());
        let mut planned = vec![];
        for step in &steps {
            planned.push(match state.done(step) {
                Some(done) => was_done(step, done),
                None => {
                    let simulated = simulate(chain, &context, step, Some(step) == next).await?;
                    to_do(step, simulated, &price, self.config.gas_adjustment)?
                }
            });
        }
        Ok(planned)
    }
}

/// Only the next step's failure means anything: a later one may want an earlier one.
async fn simulate<C: Chain>(
    chain: &C,
    context: &Context<'_>,
    step: &Step,
    is_next: bool,
) -> Result<Simulated> {
    let simulated = match context.message(step) {
        Ok(message) => chain.simulate(&step.to_string(), &[message]).await,
        Err(error) => Err(error),
    };
    match simulated {
        Ok(gas) => Ok(Simulated::Gas(gas)),
        Err(Error::Chain(ChainError::WouldFail { log, .. })) if is_next => Ok(Simulated::Fails(log)),
        Err(Error::Chain(ChainError::WouldFail { .. }) | Error::NotYet { .. }) => Ok(Simulated::TooEarly),
        Err(other) => Err(other),
    }
}

fn was_done(step: &Step, done: &Done) -> Planned {
    Planned {
        step: step.to_string(),
        done: Some(done.clone()),
        gas: None,
        fee: None,
        simulated: true,
        fails: None,
    }
}

fn to_do(step: &Step, simulated: Simulated, price: &GasPrice, adjustment: Decimal) -> Result<Planned> {
    let (used, simulated, fails) = match simulated {
        Simulated::Gas(gas) => (gas, true, None),
        Simulated::Fails(log) => (step.usual_gas(), false, Some(log)),
        Simulated::TooEarly => (step.usual_gas(), false, None),
    };
    let gas = Uint128::from(used).checked_mul_ceil(adjustment);
    let gas = gas
        .ok()
        .and_then(|gas| u64::try_from(gas.u128()).ok())
        .unwrap_or(u64::MAX);
    Ok(Planned {
        step: step.to_string(),
        done: None,
        gas: Some(gas),
        fee: Some(price.fee(gas)?),
        simulated,
        fails,
    })
}
