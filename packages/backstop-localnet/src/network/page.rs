//! The stakers' page beside the network: its server is started and ended.

use std::net::{Ipv4Addr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::Signal;

use super::Network;
use crate::config;
use crate::error::{Error, Result};
use crate::ports::{Ports, is_free};
use crate::process::{Process, Role};

/// How long the server may take to answer, or to end.
const PATIENCE: Duration = Duration::from_secs(10);
/// Between two looks.
const LOOK: Duration = Duration::from_millis(20);

impl Network {
    /// Where the page is served, such as `http://127.0.0.1:26652`.
    pub fn page(&self) -> String {
        format!("http://127.0.0.1:{}", self.page_port())
    }

    /// The number of the server's process, if it is running.
    pub fn page_pid(&self) -> Option<u32> {
        self.page_process().pid()
    }

    /// Serves the built page in `page` until [`down`](Self::down), by `program`, which is
    /// this one. A server that runs already is replaced: the page may be another.
    ///
    /// # Errors
    /// If the page is not built, its port is taken, the nodes do not answer a page of
    /// this address, or the server does not answer.
    pub fn serve_page(&self, program: &Path, page: &Path) -> Result<()> {
        if !page.join("index.html").is_file() {
            return Err(Error::NoPage {
                page: page.to_path_buf(),
            });
        }
        self.must_allow_the_page()?;
        self.stop_page()?;
        let port = self.page_port();
        if !is_free(port) {
            return Err(Error::PagePortTaken { port });
        }
        let mut command = Command::new(program);
        command.arg(Role::Page.command()).arg("--home").arg(&self.home);
        command.arg("--page").arg(page).stdin(Stdio::null());
        let process = self.page_process();
        let child = process.spawn(command)?;
        process.note(child.id())?;
        self.wait_for_the_page(child)
    }

    /// Ends the page's server; nothing happens if it is not running.
    ///
    /// # Errors
    /// If it cannot be ended.
    pub fn stop_page(&self) -> Result<()> {
        let told = self.page_process().signal(Signal::TERM);
        match told.map_err(|(pid, error)| Error::PageSignal { pid, error })? {
            Some(told) if !told.ends_within(PATIENCE) => Err(Error::PageSignal {
                pid: told.pid,
                error: std::io::ErrorKind::TimedOut.into(),
            }),
            _ => Ok(()),
        }
    }

    pub(crate) fn page_port(&self) -> u16 {
        Ports::of(self.record.base_port, 0).page
    }

    fn page_process(&self) -> Process<'_> {
        Process {
            folder: &self.home,
            role: Role::Page,
        }
    }

    fn must_allow_the_page(&self) -> Result<()> {
        let origin = self.page();
        for folder in &self.folders {
            if !config::allows(folder, &origin)? {
                let home = self.home.clone();
                return Err(Error::PageNotAllowed { home, origin });
            }
        }
        Ok(())
    }

    fn wait_for_the_page(&self, mut child: Child) -> Result<()> {
        let process = self.page_process();
        let begun = Instant::now();
        loop {
            if TcpStream::connect((Ipv4Addr::LOCALHOST, self.page_port())).is_ok() {
                return Ok(());
            }
            let ended = child.try_wait().is_ok_and(|ended| ended.is_some());
            if ended || begun.elapsed() > PATIENCE {
                return Err(Error::PageEnded {
                    log: process.log(),
                    tail: process.log_tail(20),
                });
            }
            std::thread::sleep(LOOK);
        }
    }
}
