//! Networks of a real wasmd. `BACKSTOP_WASMD` names the program, as
//! `scripts/wasmd/build` prints it; without it the tests say that they are left
//! out. Every test has ports and a folder of its own, and leaves neither.

mod library;
mod page;
mod program;
mod world;
