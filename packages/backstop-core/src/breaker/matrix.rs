//! What may be done in which state.

use backstop_types::breaker::{Action, MarketState};

/// What each state allows, on a reading without a market fault. A state that is
/// not here allows nothing.
pub const ALLOWED: [(MarketState, &[Action]); 4] = [
    (
        MarketState::Normal,
        &[Action::Open, Action::Reduce, Action::Liquidate, Action::Payout],
    ),
    (
        MarketState::Guarded,
        &[Action::Reduce, Action::Liquidate, Action::Payout],
    ),
    (MarketState::Recovering, &[Action::Reduce, Action::Liquidate]),
    (MarketState::Tripped, &[]),
];

/// Whether the state allows the action.
pub fn allows(state: MarketState, action: Action) -> bool {
    ALLOWED
        .iter()
        .any(|(known, actions)| *known == state && actions.contains(&action))
}

#[cfg(test)]
mod tests {
    use super::*;
    use MarketState::{Guarded, Normal, Recovering, Tripped};

    #[test]
    fn each_state_allows_no_more_than_the_one_before() {
        let expected = [
            (Action::Open, vec![Normal]),
            (Action::Payout, vec![Normal, Guarded]),
            (Action::Reduce, vec![Normal, Guarded, Recovering]),
            (Action::Liquidate, vec![Normal, Guarded, Recovering]),
        ];
        for (action, states) in expected {
            for state in [Normal, Guarded, Tripped, Recovering] {
                assert_eq!(
                    allows(state, action),
                    states.contains(&state),
                    "{action:?} in {state}"
                );
            }
        }
    }
}
