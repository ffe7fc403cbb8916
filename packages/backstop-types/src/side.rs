//! The side of a position.

use crate::named;

named! {
    /// Which way a position is turned.
    pub enum Side {
        /// Wins when the price rises.
        Long = "long",
        /// Wins when the price falls.
        Short = "short",
    }
}

impl Side {
    /// The other one.
    pub const fn opposite(self) -> Self {
        match self {
            Self::Long => Self::Short,
            Self::Short => Self::Long,
        }
    }

    /// The byte that stands for it in storage keys.
    pub const fn key(self) -> u8 {
        match self {
            Self::Long => 0,
            Self::Short => 1,
        }
    }
}
