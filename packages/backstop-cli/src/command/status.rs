//! `backstop status`: a deployed backstop on one screen.

use std::io::{IsTerminal, Write};
use std::time::Duration;

use backstop_operator::screen::{Paint, screen};
use backstop_operator::status::{Wanted, Watched, clock};
use backstop_operator::{Error, Snapshot};

use super::print;
use crate::args::operator::StatusArgs;
use crate::error::BadInput;
use crate::exit::Exit;

/// Clears a terminal before the next screen.
const CLEAR: &str = "\x1b[2J\x1b[H";

/// Reads it and prints it; again and again where that is asked for.
pub fn run(args: &StatusArgs, out: &mut impl Write) -> Result<Exit, BadInput> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(Error::System)?;
    runtime.block_on(watch(args, out))
}

async fn watch(args: &StatusArgs, out: &mut impl Write) -> Result<Exit, BadInput> {
    let mut watched = Watched::find(Wanted {
        addresses: args.addresses.as_deref(),
        vault: args.vault.clone(),
        rpc: args.rpc.clone(),
        pages: args.pages,
    })?;
    let Some(seconds) = args.watch else {
        let snapshot = watched.read().await?;
        print(out, &text(&snapshot, args)?)?;
        return Ok(match snapshot.problems.is_empty() {
            true => Exit::Good,
            false => Exit::Failed,
        });
    };
    loop {
        match watched.read().await {
            Ok(snapshot) => print(out, &text(&snapshot, args)?)?,
            // A node that is down comes back; wrong input stays wrong.
            Err(error) if error.is_input() => return Err(error.into()),
            Err(error) => eprintln!("error: {error}"),
        }
        tokio::time::sleep(Duration::from_secs(seconds)).await;
    }
}

fn text(snapshot: &Snapshot, args: &StatusArgs) -> Result<String, BadInput> {
    if args.json {
        let json = match args.watch {
            // One object a line can be read as it comes.
            Some(_) => serde_json::to_string(snapshot),
            None => serde_json::to_string_pretty(snapshot),
        };
        return json
            .map(|json| json + "\n")
            .map_err(|error| BadInput::Print(error.into()));
    }
    let clear = if std::io::stdout().is_terminal() && args.watch.is_some() {
        CLEAR
    } else {
        ""
    };
    Ok(format!("{clear}{}", screen(snapshot, clock(), Paint::auto())))
}
