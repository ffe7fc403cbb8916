//! All tests of the contract, as one program: it links once.

mod admin;
mod attack;
mod bad_input;
mod bounds;
mod deleverage;
mod gate;
mod habits;
mod harm;
mod jump;
mod liquidation;
mod liquidity;
mod positions;
mod readme;
mod self_trading;
mod sequences;
mod shortfall;
mod support;
mod unreadable;
mod worked_example;
mod write_off;
