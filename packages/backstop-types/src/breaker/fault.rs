//! What can be wrong with a price. Each fault has its bit, which storage,
//! events and consumers share; a bit is never given a new meaning.

use std::fmt;

use cosmwasm_schema::cw_serde;

/// Declares the faults with bit, name and layer in one table.
macro_rules! faults {
    ($( $(#[$doc:meta])* $fault:ident = $bit:literal, $name:literal, $layer:ident; )*) => {
        /// Something wrong with a source or a market, or near to it.
        #[cw_serde]
        #[derive(Copy, Eq, Hash, PartialOrd, Ord)]
        pub enum Fault {
            $( $(#[$doc])* $fault, )*
        }

        impl Fault {
            /// Every fault, by bit.
            pub const ALL: &'static [Self] = &[ $( Self::$fault, )* ];

            /// The number of its bit in [`Faults`], 0 to 31.
            pub const fn bit(self) -> u32 {
                match self { $( Self::$fault => $bit, )* }
            }

            /// Its name as in JSON and events.
            pub const fn name(self) -> &'static str {
                match self { $( Self::$fault => $name, )* }
            }

            /// What it does.
            pub const fn layer(self) -> Layer {
                match self { $( Self::$fault => Layer::$layer, )* }
            }
        }
    };
}

/// What a fault does.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum Layer {
    /// Drops the source from the reading.
    Source,
    /// Trips the market.
    Market,
    /// Guards the market.
    Warning,
    /// Keeps a trip open; not found in prices.
    Hold,
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
    /// Fewer lineages are left than `min_lineages`.
    Quorum = 16, "quorum", Market;
    /// The lineages' prices spread over more than `max_disagreement` of the
    /// median.
    Disagreement = 17, "disagreement", Market;
    /// The median is further from the reference than `max_jump` and what
    /// `jump_growth` adds for the reference's age.
    Jump = 18, "jump", Market;
    /// The spread is beyond `guard_threshold` of its bound.
    NearDisagreement = 24, "near_disagreement", Warning;
    /// The jump is beyond `guard_threshold` of its bound.
    NearJump = 25, "near_jump", Warning;
    /// The guardian tripped the market.
    Guardian = 28, "guardian", Hold;
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A set of faults, one bit each: bits 0 to 15 are a source's, 16 to 23 a
/// market's, 24 to 27 warnings, 28 to 31 holds. In JSON it is a number.
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

    /// Whether one of these belongs to the layer.
    pub fn any(self, layer: Layer) -> bool {
        self.iter().any(|fault| fault.layer() == layer)
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
    /// The names with commas between; `none` for the empty set.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return f.write_str("none");
        }
        for (i, fault) in self.iter().enumerate() {
            if i > 0 {
                f.write_str(",")?;
            }
            f.write_str(fault.name())?;
        }
        Ok(())
    }
}

impl From<Fault> for Faults {
    fn from(fault: Fault) -> Self {
        Self::NONE.with(fault)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cosmwasm_std::to_json_string;

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
                Layer::Hold => 28..32,
            };
            assert!(range.contains(&fault.bit()), "{fault}");
        }
    }

    #[test]
    fn a_faults_name_is_its_spelling_in_json() {
        for fault in Fault::ALL {
            assert_eq!(to_json_string(fault).unwrap(), format!("{:?}", fault.name()));
        }
    }

    #[test]
    fn a_set_reads_as_its_names() {
        let set = Faults::of([Fault::Jump, Fault::Stale]);
        assert_eq!(set.to_string(), "stale,jump");
        assert_eq!(set.without(Fault::Jump).list(), vec![Fault::Stale]);
        assert_eq!(Faults::NONE.to_string(), "none");
        assert!(set.any(Layer::Market) && !set.any(Layer::Hold));
    }
}
