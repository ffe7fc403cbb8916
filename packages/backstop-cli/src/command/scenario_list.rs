//! `backstop scenario list`: the scenarios that are inside of the program.

use std::io::Write;

use super::print;
use crate::error::BadInput;
use crate::exit::Exit;
use crate::shipped::SHIPPED;

/// Prints each with its title.
pub fn run(out: &mut impl Write) -> Result<Exit, BadInput> {
    let mut text = String::new();
    for shipped in SHIPPED {
        text += &format!("{:<24} {}\n", shipped.name, shipped.scenario()?.title);
    }
    print(out, &text)?;
    Ok(Exit::Good)
}
