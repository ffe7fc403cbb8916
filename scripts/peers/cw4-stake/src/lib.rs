pub use cw4_stake::contract::*;
