pub use dao_rewards_distributor::contract::*;
