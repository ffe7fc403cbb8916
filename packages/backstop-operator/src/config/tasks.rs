//! What the keeper does, each with its switch. Without a word all that needs no exchange
//! is on.

use cosmwasm_std::Uint128;
use serde::Deserialize;

use crate::task::Task;

/// Declares a task's settings: `on` and `allowed` as all have them, and its own with their
/// defaults.
macro_rules! settings {
    ($( $(#[$doc:meta])* $name:ident on = $on:literal {
        $( $(#[$field_doc:meta])* $field:ident : $type:ty = $default:expr ),* $(,)?
    } )*) => { $(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
        #[serde(deny_unknown_fields, default)]
        pub struct $name {
            /// Whether it is done.
            pub on: bool,
            /// Seconds without a success after which the keeper is unwell.
            pub allowed: u64,
            $( $(#[$field_doc])* pub $field: $type, )*
        }

        impl Default for $name {
            fn default() -> Self {
                Self { on: $on, allowed: 300, $( $field: $default, )* }
            }
        }
    )* };
}

settings! {
    /// Pokes the breaker's markets.
    Poke on = true {
        /// Seconds after which a market in order is poked again. A market's `max_unread`
        /// makes it earlier.
        every: u64 = 600,
        /// The same for a market that is not, whose clean readings end its trip.
        every_unwell: u64 = 60,
    }
    /// Settles claims whose time has come.
    Settle on = true {}
    /// Passes on premiums that are earned.
    Premium on = true {
        /// The least that is worth a transaction, in base units.
        minimum: Uint128 = Uint128::new(1_000_000),
    }
    /// Applies changes that are due in the timelock.
    Changes on = true {}
    /// Serves an exchange of the sample-perps kind.
    Perps on = false {
        /// Executes orders.
        execute: bool = true,
        /// Returns orders whose time is over.
        return_orders: bool = true,
        /// Liquidates positions below their maintenance margin.
        liquidate: bool = true,
        /// Sends shortfalls, and again those without an answer.
        send: bool = true,
        /// Deleverages for what is left of a shortfall.
        deleverage: bool = true,
        /// Books what the vault has paid on claims.
        book: bool = true,
        /// Writes off what nobody can make good any more.
        write_off: bool = true,
    }
    /// Brings the distributor up to date after a silence.
    Advance on = true {
        /// Seconds of silence after which it does.
        after: u64 = 604_800,
    }
    /// Withdraws tickets of others that are marked for that.
    Tickets on = true {
        /// Seconds between two looks at the queue.
        every: u64 = 600,
        /// The least that a withdrawal must pay its owner, in base units.
        minimum: Uint128 = Uint128::new(1_000_000),
    }
}

/// All of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Tasks {
    /// See [`Poke`].
    pub poke: Poke,
    /// See [`Settle`].
    pub settle: Settle,
    /// See [`Premium`].
    pub premium: Premium,
    /// See [`Changes`].
    pub changes: Changes,
    /// See [`Perps`].
    pub perps: Perps,
    /// See [`Advance`].
    pub advance: Advance,
    /// See [`Tickets`].
    pub tickets: Tickets,
}

impl Tasks {
    /// Whether a task is on.
    pub fn is_on(&self, task: Task) -> bool {
        match task {
            Task::Poke => self.poke.on,
            Task::Perps => self.perps.on,
            Task::Settle => self.settle.on,
            Task::Premium => self.premium.on,
            Task::Changes => self.changes.on,
            Task::Advance => self.advance.on,
            Task::Tickets => self.tickets.on,
        }
    }

    /// Those that are on, with the seconds that each may go without a success.
    pub fn allowed(&self) -> Vec<(Task, u64)> {
        let allowed = |task: &Task| match task {
            Task::Poke => self.poke.allowed,
            Task::Perps => self.perps.allowed,
            Task::Settle => self.settle.allowed,
            Task::Premium => self.premium.allowed,
            Task::Changes => self.changes.allowed,
            Task::Advance => self.advance.allowed,
            Task::Tickets => self.tickets.allowed,
        };
        let on = Task::ALL.into_iter().filter(|task| self.is_on(*task));
        on.map(|task| (task, allowed(&task))).collect()
    }
}
