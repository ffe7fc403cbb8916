//! A network for one test: gone when the test is, however that came about.

use std::ops::Deref;

use crate::error::Result;
use crate::network::Network;
use crate::settings::Settings;

/// A network that is stopped and deleted when this is dropped. Its nodes end even
/// if this program is killed; the folder stays then.
#[derive(Debug)]
pub struct Owned(Network);

impl Owned {
    /// As [`Network::create`].
    ///
    /// # Errors
    /// As [`Network::create`].
    pub fn create(settings: &Settings) -> Result<Self> {
        Ok(Self(Network::create(settings)?.owned()))
    }
}

impl Deref for Owned {
    type Target = Network;

    fn deref(&self) -> &Network {
        &self.0
    }
}

impl Drop for Owned {
    fn drop(&mut self) {
        if std::thread::panicking() {
            for node in 0..self.validators() {
                eprintln!("the log of node {node} ends:\n{}", self.log_tail(node));
            }
        }
        if let Err(error) = self.remove() {
            eprintln!("{error}");
        }
    }
}
