//! The scenarios that are inside of the program, so that it replays them from any
//! folder. Their texts name no other file.

use std::path::{Path, PathBuf};

use backstop_replay::ReplayError;
use backstop_replay::scenario;
use backstop_replay::scenario::tables::Scenario;

/// A shipped scenario.
#[derive(Debug, Clone, Copy)]
pub struct Shipped {
    /// Its name, as on the command line.
    pub name: &'static str,
    /// Its text.
    pub text: &'static str,
}

/// All of them, in the order of what they tell.
pub const SHIPPED: [Shipped; 7] = [
    Shipped {
        name: "black-thursday-2020-03",
        text: include_str!("../scenarios/black-thursday-2020-03.toml"),
    },
    Shipped {
        name: "eth-2021-05-19",
        text: include_str!("../scenarios/eth-2021-05-19.toml"),
    },
    Shipped {
        name: "btc-flash-2021-09",
        text: include_str!("../scenarios/btc-flash-2021-09.toml"),
    },
    Shipped {
        name: "luna-2022-05",
        text: include_str!("../scenarios/luna-2022-05.toml"),
    },
    Shipped {
        name: "ftt-2022-11",
        text: include_str!("../scenarios/ftt-2022-11.toml"),
    },
    Shipped {
        name: "usdc-2023-03",
        text: include_str!("../scenarios/usdc-2023-03.toml"),
    },
    Shipped {
        name: "atom-2025-10-10",
        text: include_str!("../scenarios/atom-2025-10-10.toml"),
    },
];

impl Shipped {
    /// The one of this name.
    pub fn named(name: &Path) -> Option<Self> {
        SHIPPED
            .into_iter()
            .find(|shipped| Path::new(shipped.name) == name)
    }

    /// Where errors say that it is written.
    pub fn path(&self) -> PathBuf {
        PathBuf::from(format!("{}.toml", self.name))
    }

    /// What it says.
    pub fn scenario(&self) -> Result<Scenario, ReplayError> {
        scenario::parse(&self.path(), self.text)
    }
}

/// The scenario in the file `path`, or the shipped one of that name where there is no
/// such file; and where it is written.
pub fn written(path: &Path) -> Result<(PathBuf, Scenario), ReplayError> {
    match Shipped::named(path).filter(|_| !path.is_file()) {
        Some(shipped) => Ok((shipped.path(), shipped.scenario()?)),
        None => Ok((path.to_path_buf(), scenario::load(path)?)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_the_folder_is_in_the_program_under_its_name() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
        let files = std::fs::read_dir(folder).unwrap().flatten();
        let mut files: Vec<PathBuf> = files.map(|file| file.path()).collect();
        files.sort();
        assert_eq!(files.len(), SHIPPED.len());
        for file in files {
            let shipped = Shipped::named(Path::new(file.file_stem().unwrap())).unwrap();
            assert_eq!(std::fs::read_to_string(&file).unwrap(), shipped.text);
            assert_eq!(shipped.scenario().unwrap().name, shipped.name);
        }
    }
}
