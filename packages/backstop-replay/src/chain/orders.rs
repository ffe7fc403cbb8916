//! What became of the orders that traders placed: they wait for a price from after
//! them, and keepers execute them.

use std::collections::BTreeMap;

use backstop_types::events::{Any, perps};

/// The orders by number.
#[derive(Default)]
pub struct Orders {
    all: BTreeMap<u64, Fate>,
}

/// Where an order stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It waits for a price, from then until then, in seconds since the epoch.
    Waits {
        /// It is executed at a price that was published later than this.
        after: u64,
        /// Until when it can be executed; after it, it is returned.
        expires: u64,
    },
    /// It opened this position.
    Opened(u64),
    /// It closed its position.
    Closed,
    /// It was refused or returned.
    Over,
}

impl Orders {
    /// Follows the exchange's events. An execution is of the order that
    /// `executes` names.
    pub fn follow(&mut self, executes: Option<u64>, events: &[Any]) {
        use perps::Emitted as E;
        for event in events {
            let Any::Perps(event) = event else { continue };
            let (order, fate) = match event {
                E::OrderPlaced(placed) => {
                    let waits = Fate::Waits {
                        after: placed.price_after,
                        expires: placed.expires_at,
                    };
                    (Some(placed.order), waits)
                }
                E::OrderRefused(refused) => (Some(refused.order), Fate::Over),
                E::OrderReturned(returned) => (Some(returned.order), Fate::Over),
                E::Opened(opened) => (executes, Fate::Opened(opened.position)),
                E::Closed(_) => (executes, Fate::Closed),
                _ => continue,
            };
            if let Some(order) = order {
                self.all.insert(order, fate);
            }
        }
    }

    /// The orders that wait, with the time after which their price is published, and their
    /// end.
    pub fn waiting(&self) -> Vec<(u64, u64, u64)> {
        let waits = |(order, fate): (&u64, &Fate)| match fate {
            Fate::Waits { after, expires } => Some((*order, *after, *expires)),
            Fate::Opened(_) | Fate::Closed | Fate::Over => None,
        };
        self.all.iter().filter_map(waits).collect()
    }

    /// What became of an order; forgotten once it is over.
    pub fn take(&mut self, order: u64) -> Option<Fate> {
        match self.all.get(&order) {
            Some(Fate::Waits { .. }) => None,
            _ => Some(self.all.remove(&order).unwrap_or(Fate::Over)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use backstop_types::Assets;
    use backstop_types::breaker::Action;
    use cosmwasm_std::Addr;

    #[test]
    fn an_order_waits_until_it_is_executed_refused_or_returned() {
        let placed = |order| {
            Any::Perps(perps::Emitted::OrderPlaced(perps::OrderPlaced {
                order,
                owner: Addr::unchecked("a"),
                action: Action::Open,
                kept: Assets::ONE,
                price_after: 100,
                expires_at: 700,
            }))
        };
        let returned = Any::Perps(perps::Emitted::OrderReturned(perps::OrderReturned {
            order: 1,
            owner: Addr::unchecked("a"),
            returned: Assets::ONE,
        }));
        let mut orders = Orders::default();
        orders.follow(None, &[placed(1), placed(2)]);
        assert_eq!(orders.waiting(), [(1, 100, 700), (2, 100, 700)]);
        assert_eq!(orders.take(1), None);
        orders.follow(None, &[returned]);
        assert_eq!(orders.waiting(), [(2, 100, 700)]);
        assert_eq!(orders.take(1), Some(Fate::Over));
    }
}
