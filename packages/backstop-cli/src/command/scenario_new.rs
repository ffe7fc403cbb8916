//! `backstop scenario new`: a scenario inferred from price files.

use std::io::Write;
use std::path::Path;

use super::print;
use crate::args::NewArgs;
use crate::error::BadInput;
use crate::exit::Exit;
use crate::infer::{infer, named};

/// Writes the scenario of `backstop scenario new`.
pub fn run(args: &NewArgs, out: &mut impl Write) -> Result<Exit, BadInput> {
    if let Some(market) = &args.market {
        backstop_types::input::market_name("--market", market).map_err(|error| BadInput::Argument {
            argument: "--market".to_string(),
            value: format!("{market:?}"),
            bound: "1 to 32 letters, digits and / . - _".to_string(),
            next: format!("name it like ATOM/USD ({error})"),
        })?;
    }
    let Some(path) = &args.out else {
        let here = Path::new("scenario.toml");
        let (text, _) = infer(
            &named(&args.files),
            &args.read.wanted(),
            here,
            args.name.as_deref(),
            args.market.as_deref(),
        )?;
        print(out, &text)?;
        return Ok(Exit::Good);
    };
    if path.exists() && !args.force {
        return Err(BadInput::Exists { path: path.clone() });
    }
    let (text, _) = infer(
        &named(&args.files),
        &args.read.wanted(),
        path,
        args.name.as_deref(),
        args.market.as_deref(),
    )?;
    write(path, &text).map_err(|source| BadInput::Write {
        path: path.clone(),
        source,
    })?;
    Ok(Exit::Good)
}

/// Writes beside its place and moves there, so that nobody reads half of it.
fn write(path: &Path, text: &str) -> std::io::Result<()> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(format!(".{}", std::process::id()));
    std::fs::write(&beside, text)?;
    std::fs::rename(&beside, path)
}
