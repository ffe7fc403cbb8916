//! All tests of the contract, as one program: it links once.

mod code;
mod hand_over;
mod messages;
mod queue;
mod readme;
mod refusals;
mod sequences;
mod support;
mod worked_examples;
