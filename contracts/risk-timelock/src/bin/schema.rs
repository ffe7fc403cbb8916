//! Writes the contract's JSON schema as one file: `schema [FOLDER]`.

use std::path::PathBuf;
use std::{env, fs, io};

use backstop_types::timelock::{ExecuteMsg, InstantiateMsg, MigrateMsg, QueryMsg};
use cosmwasm_schema::generate_api;

fn main() -> io::Result<()> {
    let folder = PathBuf::from(env::args().nth(1).unwrap_or_else(|| "schema".to_string()));
    let api = generate_api! {
        name: "risk-timelock",
        instantiate: InstantiateMsg,
        execute: ExecuteMsg,
        query: QueryMsg,
        migrate: MigrateMsg,
    };
    let schema = api.render().to_string().map_err(io::Error::other)?;
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("risk-timelock.json"), schema + "\n")
}
