//! All tests of the crate, as one program: it links once.

mod claims;
mod config;
mod decide;
mod http;
mod operations;
mod perps;
mod rounds;
mod screen;
mod support;
