//! The shipped contracts on a real chain. Each test has a network of its own, and is
//! left out, with a word why, where no chain and no built contracts are named.

mod cover;
mod events;
mod faults;
mod hostile;
mod life;
mod migration;
mod recorded;
mod signing;
