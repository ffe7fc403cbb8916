pub use dao_voting_token_staked::contract::*;
