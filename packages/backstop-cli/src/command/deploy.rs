//! `backstop deploy`: puts a backstop on a chain, or checks one that is there.

use std::io::Write;

use backstop_chain::{Journal, Key, Nodes};
use backstop_deploy::dry_run::Planned;
use backstop_deploy::state::Done;
use backstop_deploy::{Addresses, Config, Deployment, Error, Finding, Live, Progress, State, Wasm, check};
use serde::Serialize;

use super::print;
use crate::args::deploy::DeployArgs;
use crate::error::BadInput;
use crate::exit::Exit;

/// Does what the arguments say.
pub fn run(args: &DeployArgs, out: &mut impl Write) -> Result<Exit, BadInput> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| BadInput::Runtime { error })?;
    let config = config(args)?;
    if args.check {
        let (addresses, findings) = runtime.block_on(look(args, &config))?;
        return ended(args, out, &addresses, &findings);
    }
    let wasm = Wasm::load(&args.wasm, &config.parts())?;
    let state = args.state();
    let deployment = Deployment {
        config: &config,
        wasm: &wasm,
        state: &state,
        wasmd_version: args.wasmd_version.as_deref(),
    };
    let key = Key::load(args.key_file(), &config.prefix, args.key_index).map_err(Error::from)?;
    let journal = Journal::open(&args.journal()).map_err(Error::from)?;
    let mut chain = Live::new(&config, key, journal)?;
    if args.dry_run {
        let planned = runtime.block_on(deployment.dry_run(&chain))?;
        return dry(args, out, &planned);
    }
    let state = runtime.block_on(deployment.run(&mut chain, &mut |progress| tell(args, &progress)))?;
    let addresses = Addresses::of(&config, &state)?;
    addresses.write(&args.out())?;
    let findings = runtime.block_on(check(&chain, &config, &addresses))?;
    ended(args, out, &addresses, &findings)
}

fn config(args: &DeployArgs) -> Result<Config, BadInput> {
    let text = std::fs::read_to_string(&args.chain).map_err(|source| BadInput::Read {
        path: args.chain.clone(),
        source,
        next: "give a chain's file, such as packages/backstop-deploy/chains/example.toml".to_string(),
    })?;
    Config::from_toml(&text).map_err(|error| BadInput::ChainFile {
        path: args.chain.clone(),
        error: Box::new(error),
    })
}

/// The addresses of a run's record if there is one, else of its result.
async fn look(args: &DeployArgs, config: &Config) -> Result<(Addresses, Vec<Finding>), Error> {
    let addresses = match State::read(&args.state())? {
        Some(state) => Addresses::of(config, &state)?,
        None => Addresses::read(&args.out())?,
    };
    let findings = check(&Nodes::new(&config.rpc)?, config, &addresses).await?;
    Ok((addresses, findings))
}

fn tell(args: &DeployArgs, progress: &Progress<'_>) {
    if args.quiet {
        return;
    }
    let Progress { number, of, step, .. } = progress;
    let said = match progress.done {
        None => return eprint!("{number:>3}/{of} {step} "),
        Some(done) => gave(done),
    };
    if progress.before {
        eprintln!("{number:>3}/{of} {step}: was done, {said}");
    } else {
        eprintln!("{said}");
    }
}

/// What a step gave, in a line.
fn gave(done: &Done) -> String {
    let mut said = vec![];
    said.extend(done.code.map(|code| format!("code {code}")));
    said.extend(done.address.clone());
    said.extend(done.ticket.map(|ticket| format!("ticket {ticket}")));
    said.push(format!("{} gas in block {}", done.gas_used, done.height));
    said.join(", ")
}

/// The steps of a dry run.
fn dry(args: &DeployArgs, out: &mut impl Write, planned: &[Planned]) -> Result<Exit, BadInput> {
    let exit = match planned.iter().all(|plan| plan.fails.is_none()) {
        true => Exit::Good,
        false => Exit::Failed,
    };
    if args.json {
        json(out, &planned)?;
        return Ok(exit);
    }
    let mut text = String::new();
    for plan in planned {
        let said = match (&plan.done, &plan.fails, plan.gas, &plan.fee) {
            (Some(done), ..) => format!("was done, {}", gave(done)),
            (None, Some(fails), ..) => format!("would fail: {fails}"),
            (None, None, Some(gas), Some(fee)) => {
                let how = if plan.simulated {
                    "simulated"
                } else {
                    "as usual: it needs an earlier step"
                };
                format!("{gas} gas, {fee} ({how})")
            }
            _ => "to do".to_string(),
        };
        text.push_str(&format!("{}: {said}\n", plan.step));
    }
    print(out, &text)?;
    Ok(exit)
}

#[derive(Serialize)]
struct Ended<'a> {
    addresses: &'a Addresses,
    compared: usize,
    wrong: Vec<&'a Finding>,
}

/// The addresses, and what is not as the chain's file says.
fn ended(
    args: &DeployArgs,
    out: &mut impl Write,
    addresses: &Addresses,
    findings: &[Finding],
) -> Result<Exit, BadInput> {
    let wrong: Vec<_> = findings.iter().filter(|finding| !finding.good).collect();
    let exit = if wrong.is_empty() {
        Exit::Good
    } else {
        Exit::Failed
    };
    if args.json {
        let compared = findings.len();
        let ended = Ended {
            addresses,
            compared,
            wrong,
        };
        json(out, &ended)?;
        return Ok(exit);
    }
    let mut text = places(addresses);
    for finding in &wrong {
        text.push_str(&format!(
            "{} is {}: must be {}\n",
            finding.what, finding.found, finding.expected
        ));
    }
    text.push_str(&format!("{} of {} checks failed\n", wrong.len(), findings.len()));
    print(out, &text)?;
    Ok(exit)
}

fn places(addresses: &Addresses) -> String {
    let mut text = String::new();
    for part in addresses.code_ids.keys() {
        let address = addresses.address(*part).unwrap_or_default();
        text.push_str(&format!("{:<12} {address}\n", part.name()));
    }
    text.push_str(&format!("owner        {}\n", addresses.owner));
    if let Some(ticket) = &addresses.smoke_ticket {
        let (number, ready_at) = (ticket.ticket, ticket.ready_at);
        text.push_str(&format!(
            "ticket {number} of the trial can be withdrawn from {ready_at} s since the epoch\n"
        ));
    }
    text.push_str(&format!(
        "the owner shows that it can act by: {}\n",
        addresses.owner_message
    ));
    text
}

fn json(out: &mut impl Write, value: &impl Serialize) -> Result<(), BadInput> {
    let text = serde_json::to_string_pretty(value).map_err(|error| BadInput::Print(error.into()))?;
    print(out, &format!("{text}\n"))
}
