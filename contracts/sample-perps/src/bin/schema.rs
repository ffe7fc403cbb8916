//! Writes the exchange's JSON schema to the folder named by the first argument,
//! `schema` by default.

use std::path::PathBuf;

use cosmwasm_schema::generate_api;
use sample_perps::msg::{ExecuteMsg, InstantiateMsg, MigrateMsg, QueryMsg};

fn main() -> std::io::Result<()> {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| "schema".to_string()));
    let api = generate_api! {
        instantiate: InstantiateMsg,
        execute: ExecuteMsg,
        query: QueryMsg,
        migrate: MigrateMsg,
    };
    let text = api.render().to_string().map_err(std::io::Error::other)?;
    std::fs::write(folder.join("sample-perps.json"), text + "\n")
}
