//! `backstop scenario list` and `show`: the scenarios that are inside of the program.

use std::io::Write;
use std::path::Path;

use super::print;
use crate::error::BadInput;
use crate::exit::Exit;
use crate::shipped::{SHIPPED, Shipped};

/// Prints each with its title.
pub fn run(out: &mut impl Write) -> Result<Exit, BadInput> {
    let mut text = String::new();
    for shipped in SHIPPED {
        text += &format!("{:<24} {}\n", shipped.name, shipped.scenario()?.title);
    }
    print(out, &text)?;
    Ok(Exit::Good)
}

/// Prints the one of this name, as its file is written.
pub fn show(name: &Path, out: &mut impl Write) -> Result<Exit, BadInput> {
    let shipped = Shipped::named(name).ok_or_else(|| BadInput::Argument {
        argument: "NAME".to_string(),
        value: name.display().to_string(),
        bound: SHIPPED.map(|shipped| shipped.name).join(", "),
        next: "give one of these".to_string(),
    })?;
    print(out, shipped.text)?;
    Ok(Exit::Good)
}
