//! `up --web`, and the server that it starts.

use std::path::Path;

use super::exit::Exit;
use crate::contracts::Localnet;
use crate::error::{Error, Result};
use crate::network::Network;
use crate::page::PageConfig;
use crate::runtime::runtime;
use crate::serve;

/// Starts the server; what a newcomer is told.
pub fn start(network: &Network, localnet: &Localnet, page: &Path) -> Result<String> {
    let program = std::env::current_exe().map_err(Error::file("this program"))?;
    let page = std::path::absolute(page).map_err(Error::file(page))?;
    network.serve_page(&program, &page)?;
    let config = PageConfig::of(network, localnet)?;
    Ok(format!(
        "\nThe stakers' page: {}/\n\
         \"Connect Keplr\" there asks Keplr to add the chain, if Keplr does not know it. By hand:\n{}\
         The test accounts' words are in {}: import them into a browser profile of its own.\n",
        network.page(),
        config.by_hand(),
        localnet.mnemonic_file.display(),
    ))
}

/// `serve`.
pub fn serve(network: &Network, page: &Path) -> Result<Exit> {
    let localnet = Localnet::read(network)?.ok_or_else(|| Error::NotDeployed {
        home: network.home().to_path_buf(),
    })?;
    let config = PageConfig::of(network, &localnet)?;
    runtime()?.block_on(serve::serve(network.page_port(), page, config, &network.rpc(0)))?;
    Ok(Exit::Good)
}
