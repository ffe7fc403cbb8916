//! What can go wrong with a network.

use std::path::PathBuf;

use thiserror::Error;

/// Short for results of this package.
pub type Result<T> = std::result::Result<T, Error>;

/// What went wrong, and what to do next.
#[derive(Debug, Error)]
pub enum Error {
    /// A file or folder.
    #[error("{path}: {error}")]
    File {
        /// Which.
        path: PathBuf,
        /// What the system says.
        error: std::io::Error,
    },
    /// Not JSON, or without what it must hold.
    #[error("{what}: {error}")]
    Json {
        /// What was read or written.
        what: String,
        /// What the reader says.
        error: serde_json::Error,
    },
    /// A node's configuration cannot be read.
    #[error("{path}: {error}")]
    Config {
        /// Which file.
        path: PathBuf,
        /// What the reader says.
        error: Box<toml_edit::TomlError>,
    },
    /// No program at this place.
    #[error("wasmd: no program at {path}: `scripts/wasmd/build` builds one and prints its path")]
    NoWasmd {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// A new network was asked for, and no program named.
    #[error("--wasmd: must name the chain's program: `scripts/wasmd/build` prints its path")]
    WasmdUnnamed,
    /// The chain's program refused.
    #[error("wasmd {arguments}: {words}")]
    Wasmd {
        /// What it was told.
        arguments: String,
        /// What it said.
        words: String,
    },
    /// A setting out of its bounds.
    #[error("{field} is {value}: must be {bound}")]
    Setting {
        /// Which.
        field: &'static str,
        /// What it is.
        value: String,
        /// What it may be.
        bound: String,
    },
    /// A port that a new network needs.
    #[error(
        "port {port} on 127.0.0.1, for the {what} of node {node}, is taken: \
         end the program that listens there, or choose other ports by --port"
    )]
    PortTaken {
        /// Which.
        port: u16,
        /// What would listen there.
        what: &'static str,
        /// Whose.
        node: u8,
    },
    /// A port of a network that is there already.
    #[error(
        "port {port} on 127.0.0.1, for the {what} of node {node}, is taken: \
         end the program that listens there, or make the network anew on other ports by `reset --port`"
    )]
    OwnPortTaken {
        /// Which.
        port: u16,
        /// What would listen there.
        what: &'static str,
        /// Whose.
        node: u8,
    },
    /// The page's port.
    #[error(
        "port {port} on 127.0.0.1, for the stakers' page, is taken: end the program that listens there, \
         or make the network anew on other ports by `reset --port`"
    )]
    PagePortTaken {
        /// Which.
        port: u16,
    },
    /// The page is not built.
    #[error("no index.html in {page}: build the page by `npm ci && npm run build` in packages/staking-web")]
    NoPage {
        /// Where it was looked for.
        page: PathBuf,
    },
    /// The network was made when its nodes answered no page of this address.
    #[error("the nodes in {home} do not answer a page of {origin}: make the network anew by `reset`")]
    PageNotAllowed {
        /// The network's folder.
        home: PathBuf,
        /// The page's address.
        origin: String,
    },
    /// The page's server ended by itself.
    #[error("the page's server ended; the last lines of its log, {log}:\n{tail}")]
    PageEnded {
        /// Where its log is.
        log: PathBuf,
        /// The log's end.
        tail: String,
    },
    /// The page's server could not be told to end, or did not.
    #[error("the page's server, process {pid}: {error}")]
    PageSignal {
        /// Its process.
        pid: u32,
        /// What the system says.
        error: std::io::Error,
    },
    /// No range of ports is free.
    #[error("no {0} ports in a row are free on 127.0.0.1: end programs that listen there")]
    NoFreePorts(u16),
    /// The folder holds no network.
    #[error("no network in {home}: make one by `up`")]
    NoNetwork {
        /// The folder.
        home: PathBuf,
    },
    /// The folder holds something else.
    #[error("{home} is there and holds no network: name another folder by --home, or delete it yourself")]
    NotOurs {
        /// The folder.
        home: PathBuf,
    },
    /// A network is there already.
    #[error("a network is there already in {home}: open it, or delete it by `reset`")]
    Exists {
        /// The folder.
        home: PathBuf,
    },
    /// The network that is there is another one.
    #[error(
        "the network in {home} has {has} as its {field}, not {wanted}: \
         `reset --{option} {wanted}` deletes it and makes that one"
    )]
    Differs {
        /// The folder.
        home: PathBuf,
        /// In what.
        field: &'static str,
        /// The option that sets it.
        option: &'static str,
        /// What it is.
        has: String,
        /// What was asked for.
        wanted: String,
    },
    /// No node of this number.
    #[error("node {node}: must be below {validators}, the number of validators")]
    NoNode {
        /// The number.
        node: u8,
        /// How many there are.
        validators: u8,
    },
    /// A node is not running that must be.
    #[error("node {node} is not running: start it first")]
    NotRunning {
        /// Which.
        node: u8,
    },
    /// A node ended by itself.
    #[error("node {node} ended; the last lines of its log, {log}:\n{tail}")]
    Ended {
        /// Which.
        node: u8,
        /// Where its log is.
        log: PathBuf,
        /// The log's end.
        tail: String,
    },
    /// A node did not end.
    #[error("node {node}, process {pid}, did not end within {seconds} s: end it yourself")]
    DoesNotEnd {
        /// Which.
        node: u8,
        /// Its process.
        pid: u32,
        /// The patience.
        seconds: u64,
    },
    /// A process could not be told to end.
    #[error("node {node}, process {pid}: {error}")]
    Signal {
        /// Which.
        node: u8,
        /// Its process.
        pid: u32,
        /// What the system says.
        error: std::io::Error,
    },
    /// Waited for in vain.
    #[error("no new block for {seconds} s, at height {height}, while waiting {what}; the logs are in {home}")]
    Late {
        /// For what.
        what: String,
        /// The patience.
        seconds: u64,
        /// The highest block.
        height: u64,
        /// The network's folder.
        home: PathBuf,
    },
    /// The clock cannot be moved.
    #[error("the clock of the network in {home} is the machine's: make it with `own_clock` to move it")]
    NoClock {
        /// The network's folder.
        home: PathBuf,
    },
    /// No test account of this name.
    #[error("no test account is named {name}: must be one of {names}")]
    NoAccount {
        /// The name.
        name: String,
        /// Those that there are.
        names: String,
    },
    /// The contracts are not there.
    #[error("no contracts on the network in {home}: deploy them by `up`")]
    NotDeployed {
        /// The network's folder.
        home: PathBuf,
    },
    /// A step of a story did not do what it is for.
    #[error("{step}: {why}; `reset` begins anew")]
    Story {
        /// The step.
        step: String,
        /// Why.
        why: String,
    },
    /// The deployment.
    #[error(transparent)]
    Deploy(#[from] backstop_deploy::Error),
    /// A question or a transaction.
    #[error(transparent)]
    Chain(#[from] backstop_chain::Error),
    /// The node's RPC did not answer.
    #[error("{url}: {error}")]
    Rpc {
        /// The address.
        url: String,
        /// What the client says.
        error: Box<ureq::Error>,
    },
    /// The node's RPC answered otherwise.
    #[error("{url}: no {field} in the answer: {answer}")]
    Answer {
        /// The address.
        url: String,
        /// What is missing.
        field: String,
        /// The answer, cut.
        answer: String,
    },
}

impl Error {
    /// An error of the file or folder at `path`.
    pub(crate) fn file(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |error| Self::File { path, error }
    }

    /// An error of `what` being read or written as JSON.
    pub(crate) fn json(what: impl ToString) -> impl FnOnce(serde_json::Error) -> Self {
        let what = what.to_string();
        move |error| Self::Json { what, error }
    }
}
