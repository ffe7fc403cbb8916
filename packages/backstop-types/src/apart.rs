//! Reading a large part of a message by itself. The optimizer makes one function of
//! those that are called once, and a chain's VM allows a hundred locals in each.

use std::hint::black_box;

use serde::{Deserialize, Deserializer};

/// Reads a value through a pointer: for `deserialize_with`.
pub(crate) fn read<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<T, D::Error> {
    let read: fn(D) -> Result<T, D::Error> = T::deserialize;
    black_box(read)(deserializer)
}
