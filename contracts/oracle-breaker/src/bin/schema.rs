//! Writes the contract's JSON schema into the folder named by the first
//! argument, `schema` by default.

use std::path::PathBuf;

use backstop_types::breaker::{ExecuteMsg, InstantiateMsg, MigrateMsg, QueryMsg};
use cosmwasm_schema::generate_api;

fn main() -> std::io::Result<()> {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| "schema".to_string()));
    let api = generate_api! {
        name: "oracle-breaker",
        instantiate: InstantiateMsg,
        execute: ExecuteMsg,
        query: QueryMsg,
        migrate: MigrateMsg,
    };
    let json = api.render().to_string().map_err(std::io::Error::other)?;
    std::fs::create_dir_all(&folder)?;
    std::fs::write(folder.join("oracle-breaker.json"), json + "\n")
}
