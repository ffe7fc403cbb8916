//! What can be wrong with a price. Each fault has its bit, which storage,
//! events and consumers share; a bit is never given a new meaning.

use std::fmt;

use cosmwasm_schema::cw_serde;

use crate::attribute::Attribute;
use crate::{Named, named};

/// Declares the faults with bit, name and layer in one table.
macro_rules! faults {
    ($( $(#[$doc:meta])* $fault:ident = $bit:literal, $name:literal, $layer:ident; )*) => {
        named! {
            /// Something wrong with a source or a market, or near to it.
            pub enum Fault {
                $( $(#[$doc])* $fault = $name, )*
            }
        }

        impl Fault {
            /// The number of its bit in [`Faults`], 0 to 31.
            pub const fn bit(self) -> u32 {
                match self { $( Self::$fault => $bit, )* }
            }

            /// What it does.
            pub const fn layer(self) -> Layer {
                match self { $( Self::$fault => Layer::$layer, )* }
            }
        }
    };
}

/// What a fault does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layer {
    /// Drops the source from the reading.
    Source,
    /// Trips the market.
    Market,
    /// Guards the market.
    Warning,
    /// Keeps a trip open; the guardian's, not found in prices.
    Guardian,
}

impl Layer {
    /// The bits of its faults, also of those that a later version adds.
    const fn mask(self) -> u32 {
        match self {
            Self::Source => 0x0000_ffff,
            Self::Market => 0x00ff_0000,
            Self::Warning => 0x0f00_0000,
            Self::Guardian => 0xf000_0000,
        }
    }
}

faults! {
    /// No price could be read from the source.
    Unreadable = 0, "unreadable", Source;
    /// The price is zero or negative.
    NonPositive = 1, "non_positive", Source;
    /// The price is older than `max_age`.
    Stale = 2, "stale", Source;
    /// The price is further ahead of the block's time than `max_future`.
    Future = 3, "future", Source;
    /// The confidence interval is wider than `max_confidence` of the price.
    Uncertain = 4, "uncertain", Source;
    /// The price is further than `max_outlier` from the median of all.
    Outlier = 5, "outlier", Source;
    /// The price is below `min_price` or above `max_price`.
    OutOfBounds = 6, "out_of_bounds", Source;
    /// `frozen_ticks` new prices had one value while the others moved by more
    /// than `frozen_move`.
    Frozen = 7, "frozen", Source;
    /// The price is at its provider's floor or cap, and the others are beyond.
    Pinned = 8, "pinned", Source;
    /// The last `shared_ticks` changes went to the very value of another lineage.
    Shared = 9, "shared", Source;
    /// Fewer lineages are left than `min_lineages`.
    Quorum = 16, "quorum", Market;
    /// The lineages' prices spread over more than `max_disagreement` of the
    /// median.
    Disagreement = 17, "disagreement", Market;
    /// The median is further from the reference than `max_jump` and what
    /// `jump_growth` adds for the reference's age.
    Jump = 18, "jump", Market;
    /// The median is further than `max_drift` from where the reference was within
    /// `drift_window`.
    Drift = 19, "drift", Market;
    /// The time since the last poke is longer than its blocks and a quarter more
    /// by over `max_halt`.
    Halt = 20, "halt", Market;
    /// A market that a composite reads is unwell.
    Dependency = 21, "dependency", Market;
    /// The spread is beyond `guard_threshold` of its bound.
    NearDisagreement = 24, "near_disagreement", Warning;
    /// The jump is beyond `guard_threshold` of its bound.
    NearJump = 25, "near_jump", Warning;
    /// The drift is beyond `guard_threshold` of its bound.
    NearDrift = 26, "near_drift", Warning;
    /// The reference is older than `max_unread`.
    Unread = 27, "unread", Warning;
    /// The guardian tripped the market.
    Guardian = 28, "guardian", Guardian;
}

/// A set of faults, one bit each: bits 0 to 15 are a source's, 16 to 23 a
/// market's, 24 to 27 warnings, 28 to 31 the guardian's. In JSON it is a number,
/// so that a reader keeps the bits, and the layers, of faults that it does not
/// know.
#[cw_serde]
#[derive(Copy, Eq, Default)]
pub struct Faults(pub u32);

impl Faults {
    /// No fault.
    pub const NONE: Self = Self(0);

    /// These faults.
    pub fn of(faults: impl IntoIterator<Item = Fault>) -> Self {
        faults.into_iter().fold(Self::NONE, Self::with)
    }

    /// These and one more.
    #[must_use]
    pub const fn with(self, fault: Fault) -> Self {
        Self(self.0 | Self::mask(fault))
    }

    /// These without one.
    #[must_use]
    pub const fn without(self, fault: Fault) -> Self {
        Self(self.0 & !Self::mask(fault))
    }

    /// The faults of both.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether the fault is among these.
    pub const fn has(self, fault: Fault) -> bool {
        self.0 & Self::mask(fault) != 0
    }

    /// Whether there is none.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether one of these belongs to the layer, known here or not.
    pub const fn any(self, layer: Layer) -> bool {
        self.0 & layer.mask() != 0
    }

    /// Those that are in the other set, too.
    #[must_use]
    pub const fn among(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Those of one layer, known here or not.
    #[must_use]
    pub const fn of_layer(self, layer: Layer) -> Self {
        Self(self.0 & layer.mask())
    }

    /// Whether each of these is in the other set.
    pub const fn within(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }

    /// The bits that no fault of this version has.
    fn unknown(self) -> impl Iterator<Item = u32> {
        let known = Fault::ALL.iter().fold(Self::NONE, |all, fault| all.with(*fault));
        (0..u32::BITS).filter(move |bit| self.0 & !known.0 & 1_u32.wrapping_shl(*bit) != 0)
    }

    /// The faults by bit. A bit that this version does not know is left out.
    pub fn iter(self) -> impl Iterator<Item = Fault> {
        Fault::ALL.iter().copied().filter(move |fault| self.has(*fault))
    }

    /// The faults by bit, as a list.
    pub fn list(self) -> Vec<Fault> {
        self.iter().collect()
    }

    const fn mask(fault: Fault) -> u32 {
        1_u32.wrapping_shl(fault.bit())
    }
}

impl fmt::Display for Faults {
    /// The names with commas between; `none` for the empty set, and `bit_19` for
    /// a fault that this version does not know.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return f.write_str("none");
        }
        let mut comma = "";
        for fault in self.iter() {
            write!(f, "{comma}{}", fault.name())?;
            comma = ",";
        }
        for bit in self.unknown() {
            write!(f, "{comma}bit_{bit}")?;
            comma = ",";
        }
        Ok(())
    }
}

impl Attribute for Faults {
    fn text(&self) -> String {
        self.to_string()
    }

    fn read(text: &str) -> Option<Self> {
        if text == "none" {
            return Some(Self::NONE);
        }
        text.split(',').try_fold(Self::NONE, |read, name| {
            let mask = match Fault::from_name(name) {
                Some(fault) => Self::mask(fault),
                None => 1_u32.checked_shl(name.strip_prefix("bit_")?.parse().ok()?)?,
            };
            Some(Self(read.0 | mask))
        })
    }
}

impl From<Fault> for Faults {
    fn from(fault: Fault) -> Self {
        Self::NONE.with(fault)
    }
}

/// One fault with its evidence. Times are in seconds; confidence, distances
/// and spreads in Bps, rounded up; a quorum in lineages. Past 2⁶⁴ − 1 they
/// saturate.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct Finding {
    /// What is wrong.
    pub fault: Fault,
    /// What was measured; none where there is no measure.
    pub measured: Option<u64>,
    /// What it may be: at most this, at least this for a quorum.
    pub bound: Option<u64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_has_a_bit_of_its_own_in_its_layers_range() {
        for (i, fault) in Fault::ALL.iter().enumerate() {
            for other in &Fault::ALL[..i] {
                assert!(other.bit() < fault.bit(), "{other} and {fault}");
            }
            let range = match fault.layer() {
                Layer::Source => 0..16,
                Layer::Market => 16..24,
                Layer::Warning => 24..28,
                Layer::Guardian => 28..32,
            };
            assert!(range.contains(&fault.bit()), "{fault}");
            for layer in [Layer::Source, Layer::Market, Layer::Warning, Layer::Guardian] {
                assert_eq!(Faults::from(*fault).any(layer), layer == fault.layer(), "{fault}");
            }
        }
    }

    #[test]
    fn a_later_fault_keeps_its_layer_and_its_bit() {
        let later: Faults = cosmwasm_std::from_json("4194312").unwrap();
        assert!(later.any(Layer::Market) && later.has(Fault::Future) && !later.any(Layer::Warning));
        assert_eq!(later.to_string(), "future,bit_22");
        assert_eq!(cosmwasm_std::to_json_string(&later).unwrap(), "4194312");
    }

    #[test]
    fn a_set_reads_as_its_names() {
        let set = Faults::of([Fault::Jump, Fault::Stale]);
        assert_eq!(set.to_string(), "stale,jump");
        assert_eq!(set.without(Fault::Jump).list(), vec![Fault::Stale]);
        assert_eq!(Faults::NONE.to_string(), "none");
        assert!(set.any(Layer::Market) && !set.any(Layer::Guardian));
    }
}
