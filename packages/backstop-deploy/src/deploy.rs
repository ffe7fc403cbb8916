//! Goes through the steps: each is skipped if it was done, found if its transaction is
//! in a block, else sent; and recorded before the next.

use std::path::Path;

use crate::chain::{Ask, Chain, Receipt};
use crate::config::Config;
use crate::error::{Error, Result};
use crate::messages::Context;
use crate::part::Part;
use crate::preflight;
use crate::state::{Done, State};
use crate::step::{Smoke, Step, plan};
use crate::wasm::Wasm;

/// A deployment: what is to be, and where it is recorded.
#[derive(Debug, Clone, Copy)]
pub struct Deployment<'a> {
    /// The chain's file.
    pub config: &'a Config,
    /// The contracts.
    pub wasm: &'a Wasm,
    /// The record of what was done.
    pub state: &'a Path,
    /// The chain's wasmd, where it does not say.
    pub wasmd_version: Option<&'a str>,
}

/// How far it is.
#[derive(Debug, Clone, Copy)]
pub struct Progress<'a> {
    /// The step's place, from 1.
    pub number: usize,
    /// How many steps there are.
    pub of: usize,
    /// The step.
    pub step: &'a Step,
    /// What it gave; none where it begins.
    pub done: Option<&'a Done>,
    /// Whether it was done by an earlier run.
    pub before: bool,
}

impl Deployment<'_> {
    /// Does what is left to do.
    pub async fn run<C: Chain>(&self, chain: &mut C, on: &mut dyn FnMut(Progress<'_>)) -> Result<State> {
        let (mut state, steps) = self.begin(chain).await?;
        chain.follow().await?;
        for (place, step) in steps.iter().enumerate() {
            let progress = |done, before| Progress {
                number: place.saturating_add(1),
                of: steps.len(),
                step,
                done,
                before,
            };
            if let Some(done) = state.done(step) {
                on(progress(Some(done), true));
                continue;
            }
            on(progress(None, false));
            let receipt = self.once(chain, &state, step).await?;
            let done = self.result(chain, step, &receipt).await?;
            on(progress(Some(&done), false));
            state.steps.insert(step.to_string(), done);
            state.write(self.state)?;
        }
        Ok(state)
    }

    /// What was done so far and what there is to do, once all is as it must be before
    /// anything is sent.
    pub(crate) async fn begin<C: Chain>(&self, chain: &C) -> Result<(State, Vec<Step>)> {
        self.config.check()?;
        let steps = plan(self.config);
        let new = || State::new(&self.config.chain_id, chain.address());
        let state = State::read(self.state)?.unwrap_or_else(new);
        state.agrees(self.config, chain.address(), &steps)?;
        preflight::chain(chain, self.config, self.wasmd_version).await?;
        self.recheck(chain, &state).await?;
        preflight::funds(chain, self.config, &state, &steps).await?;
        Ok((state, steps))
    }

    /// Sends a step's transaction, unless an earlier run did and was not told. One that was
    /// sent by another file is not this step.
    async fn once<C: Chain>(&self, chain: &mut C, state: &State, step: &Step) -> Result<Receipt> {
        let label = step.to_string();
        let context = Context {
            config: self.config,
            wasm: self.wasm,
            state,
        };
        let messages = [context.message(step)?];
        match chain.sent(&label, &messages).await? {
            Some(receipt) => Ok(receipt),
            None => chain.send(&label, &messages).await,
        }
    }

    async fn result<A: Ask>(&self, chain: &A, step: &Step, receipt: &Receipt) -> Result<Done> {
        let mut done = Done {
            hash: receipt.hash.clone(),
            height: receipt.height,
            gas_used: receipt.gas_used,
            inputs: step.inputs(self.config),
            ..Done::default()
        };
        match step {
            Step::Store(part) => {
                let code = receipt.number("store_code", "code_id")?;
                let expected = self.wasm.checksum(*part)?;
                let found = chain.checksum(code).await?;
                unchanged(&format!("the checksum of code {code}"), expected, &found)?;
                done.code = Some(code);
                done.checksum = Some(found);
            }
            Step::Instantiate(_) => {
                done.address = Some(receipt.attribute("instantiate", "_contract_address")?.to_string());
            }
            Step::Smoke(Smoke::Unbond | Smoke::Leave) => {
                done.ticket = Some(receipt.number("wasm-backstop_unbond", "ticket")?);
                done.ready_at = Some(receipt.number("wasm-backstop_unbond", "ready_at")?);
            }
            _ => {}
        }
        Ok(done)
    }

    /// Compares what is recorded with the files and the chain.
    async fn recheck<A: Ask>(&self, chain: &A, state: &State) -> Result<()> {
        for part in self.config.parts() {
            if let Ok(code) = state.code(part) {
                self.recheck_code(chain, state, part, code).await?;
            }
            if let Ok(address) = state.address(part) {
                let what = format!("the code of {part} {address}");
                let found = chain.contract(address).await.map(|facts| facts.code.to_string());
                unchanged(&what, &state.code(part)?.to_string(), &or_words(found)?)?;
            }
        }
        Ok(())
    }

    async fn recheck_code<A: Ask>(&self, chain: &A, state: &State, part: Part, code: u64) -> Result<()> {
        let step = Step::Store(part);
        let recorded = state
            .done(&step)
            .and_then(|done| done.checksum.as_deref())
            .unwrap_or_default();
        let file = self.wasm.checksum(part)?;
        if file != recorded {
            return Err(Error::Contradiction {
                field: part.file().to_string(),
                now: file.to_string(),
                then: recorded.to_string(),
                step: step.to_string(),
            });
        }
        let found = or_words(chain.checksum(code).await)?;
        unchanged(&format!("the checksum of code {code}"), recorded, &found)
    }
}

fn unchanged(what: &str, expected: &str, found: &str) -> Result<()> {
    if expected == found {
        return Ok(());
    }
    Err(Error::Changed {
        what: what.to_string(),
        expected: expected.to_string(),
        found: found.to_string(),
    })
}

/// The answer, or the chain's words where it has none.
fn or_words(answer: Result<String>) -> Result<String> {
    match answer {
        Err(Error::Chain(backstop_chain::Error::Query { log, .. })) => Ok(log),
        other => other,
    }
}
