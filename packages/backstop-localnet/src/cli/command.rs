//! The commands.

use backstop_types::Price;
use cosmwasm_std::Decimal;
use owo_colors::{OwoColorize, Stream};

use super::args::{Args, Command, Make};
use super::exit::Exit;
use super::out::print;
use super::play;
use super::progress::Progress;
use super::status::Status;
use super::web;
use crate::contracts::{Localnet, deploy};
use crate::error::{Error, Result};
use crate::network::Network;
use crate::play::Play;
use crate::settings::Settings;
use crate::up::{Before, up};

/// Does what it is told, and says on standard error what went wrong.
pub fn run(args: &Args) -> Exit {
    let done = match &args.command {
        Command::Up(make) => bring_up(args, make),
        Command::Price { price, every } => {
            there(args).and_then(|network| play::price(&network, price, *every))
        }
        Command::Advance { seconds } => there(args).and_then(|network| play::advance(&network, *seconds)),
        Command::Crash => there(args).and_then(|network| play::crash(&network)),
        Command::Down => down(args),
        Command::Status { json } => status(args, *json),
        Command::Reset(make) => reset(args, make),
        Command::Serve { page } => there(args).and_then(|network| web::serve(&network, page)),
    };
    done.unwrap_or_else(|error| {
        let word = "error:".if_supports_color(Stream::Stderr, |word| word.red());
        eprintln!("{word} {error}");
        Exit::Failed
    })
}

/// The settings of the network that is there, or of a new one, and whatever is
/// named in their place.
fn settings(args: &Args, make: &Make) -> Result<Settings> {
    let mut settings = Settings::new(make.wasmd.clone().unwrap_or_default(), &args.home);
    settings.test_accounts = true;
    if let Some(network) = found(args)? {
        settings.validators = network.validators();
        settings.base_port = network.base_port();
        if make.wasmd.is_none() {
            settings.wasmd = network.wasmd().to_path_buf();
        }
    }
    settings.validators = make.validators.unwrap_or(settings.validators);
    settings.base_port = make.port.unwrap_or(settings.base_port);
    Ok(settings)
}

/// The network that is there, if there is one.
fn found(args: &Args) -> Result<Option<Network>> {
    match Network::open(&args.home) {
        Ok(network) => Ok(Some(network)),
        Err(Error::NoNetwork { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

fn bring_up(args: &Args, make: &Make) -> Result<Exit> {
    let settings = settings(args, make)?;
    let progress = Progress::new();
    let (network, before) = up(&settings, &|part| progress.part(part))?;
    let localnet = match make.bare {
        true => None,
        false => Some(deploy(&network, &make.wasm, &|step| progress.part(step))?),
    };
    if localnet.is_some() && before == Before::Nothing {
        progress.part("publishing a price of 10");
        Play::new(&network)?.price(Price(Decimal::from_ratio(10u128, 1u128)))?;
    }
    drop(progress);
    let first = match before {
        Before::Nothing => "A new network is running".to_string(),
        Before::Down(1) => "One node was down and runs again".to_string(),
        Before::Down(down) => format!("{down} nodes were down and run again"),
        Before::Running => "The network is running already".to_string(),
    };
    let accounts = network.test_accounts()?;
    let mut text = format!("{first}: {}", Status::of(&network)?.table());
    for account in accounts {
        text += &format!("  {:<11} {}\n", account.name, account.address);
    }
    if let Some(localnet) = localnet {
        for part in localnet.addresses.code_ids.keys() {
            let address = localnet.addresses.address(*part).unwrap_or_default();
            text += &format!("  {:<11} {address}\n", part.name());
        }
        text += &format!("All of it is in {}\n", Localnet::path(&network).display());
        if make.web {
            text += &web::start(&network, &localnet, &make.page)?;
        }
    }
    print(&text)?;
    Ok(Exit::Good)
}

/// The network that must be there.
fn there(args: &Args) -> Result<Network> {
    Network::open(&args.home)
}

fn down(args: &Args) -> Result<Exit> {
    let Some(network) = found(args)? else {
        eprintln!("no network in {}: nothing to stop", args.home.display());
        return Ok(Exit::Good);
    };
    let progress = Progress::new();
    progress.part("stopping all nodes");
    network.down()?;
    drop(progress);
    print(&format!(
        "Stopped; the chain is kept in {}\n",
        network.home().display()
    ))?;
    Ok(Exit::Good)
}

fn status(args: &Args, json: bool) -> Result<Exit> {
    let Some(network) = found(args)? else {
        eprintln!("no network in {}: make one by `up`", args.home.display());
        return Ok(Exit::NoNetwork);
    };
    let status = Status::of(&network)?;
    if json {
        let text = serde_json::to_string_pretty(&status).map_err(Error::json("status"))?;
        print(&(text + "\n"))?;
    } else {
        print(&status.table())?;
    }
    Ok(if status.running { Exit::Good } else { Exit::Down })
}

fn reset(args: &Args, make: &Make) -> Result<Exit> {
    let settings = settings(args, make)?;
    // Refused before anything is deleted.
    settings.check()?;
    if let Some(network) = found(args)? {
        let progress = Progress::new();
        progress.part("deleting the chain");
        network.remove()?;
    }
    let make = Make {
        validators: Some(settings.validators),
        port: Some(settings.base_port),
        wasmd: Some(settings.wasmd),
        ..make.clone()
    };
    bring_up(args, &make)
}
