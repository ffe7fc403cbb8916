//! The process of a node or of the page's server: started so that it outlives this
//! program, or so that it cannot; and ended only if it is that one, whatever number a
//! file says.

use std::fs::{self, OpenOptions};
use std::os::fd::OwnedFd;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};

use crate::error::{Error, Result};

/// Runs the node until the input ends, which it does when this program does,
/// however that came about. Ends nothing but that node.
const WITH_US: &str = r#"
    "$@" & node=$!
    cat >/dev/null
    tr '\0' '\n' <"/proc/$node/cmdline" 2>/dev/null | grep -qxF -e "$BACKSTOP_NODE" && kill -9 "$node"
"#;

/// What a process is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// A node, in its own folder.
    Node,
    /// The server of the stakers' page, in the network's folder.
    Page,
}

impl Role {
    /// How its files are called.
    fn name(self) -> &'static str {
        match self {
            Self::Node => "node",
            Self::Page => "page",
        }
    }

    /// The command by which its program is told to do it.
    pub fn command(self) -> &'static str {
        match self {
            Self::Node => "start",
            Self::Page => "serve",
        }
    }
}

/// One process and its files.
pub struct Process<'a> {
    /// Its folder, from the root.
    pub folder: &'a Path,
    /// What it is for.
    pub role: Role,
}

impl Process<'_> {
    /// Its log.
    pub fn log(&self) -> PathBuf {
        self.folder.join(format!("{}.log", self.role.name()))
    }

    fn pid_file(&self) -> PathBuf {
        self.folder.join(format!("{}.pid", self.role.name()))
    }

    /// Starts the node, with `clock` as the file that says by how much its clock is
    /// ahead; `owned`: it ends when this program does.
    pub fn start(&self, wasmd: &Path, clock: Option<&Path>, owned: bool) -> Result<Child> {
        let mut command = if owned {
            let mut shell = Command::new("sh");
            shell.args(["-c", WITH_US, "node"]).arg(wasmd);
            shell.env("BACKSTOP_NODE", self.folder).stdin(Stdio::piped());
            shell
        } else {
            let mut node = Command::new(wasmd);
            node.stdin(Stdio::null());
            node
        };
        command
            .args([self.role.command(), "--log_level", "warn", "--log_no_color"])
            .arg("--home")
            .arg(self.folder);
        if let Some(clock) = clock {
            command.env("BACKSTOP_CLOCK", clock);
        }
        self.spawn(command)
    }

    /// Starts a command whose words say this role and this folder; it writes to its log.
    pub fn spawn(&self, mut command: Command) -> Result<Child> {
        let log = self.log();
        let opened = OpenOptions::new().create(true).append(true).open(&log);
        let out = opened.map_err(Error::file(&log))?;
        let errors = out.try_clone().map_err(Error::file(&log))?;
        // A terminal's interrupt is for this program, not for what it started.
        let spawned = command.stdout(out).stderr(errors).process_group(0).spawn();
        spawned.map_err(Error::file(PathBuf::from(command.get_program())))
    }

    /// Writes down the number of its process, for people and for the next look.
    pub fn note(&self, pid: u32) -> Result<()> {
        let path = self.pid_file();
        fs::write(&path, format!("{pid}\n")).map_err(Error::file(&path))
    }

    /// The number of its process, if it is running: the one in its file, or else
    /// any that runs this node.
    pub fn pid(&self) -> Option<u32> {
        let noted = fs::read_to_string(self.pid_file()).ok();
        let noted = noted.and_then(|text| text.trim().parse().ok());
        noted.filter(|pid| self.is(*pid)).or_else(|| self.search())
    }

    /// Among all processes of the machine.
    fn search(&self) -> Option<u32> {
        let entries = fs::read_dir("/proc").ok()?;
        let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let mut pids = names.filter_map(|name| name.parse().ok());
        pids.find(|pid| self.is(*pid))
    }

    /// Whether the process of this number is this node.
    fn is(&self, pid: u32) -> bool {
        let line = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        runs(&line, self.role.command(), self.folder)
    }

    /// Sends it a signal; none if it is not running.
    pub fn signal(&self, signal: Signal) -> std::result::Result<Option<Told>, (u32, std::io::Error)> {
        let Some(pid) = self.pid() else {
            return Ok(None);
        };
        let failed = |error: rustix::io::Errno| (pid, error.into());
        let Some(descriptor) = descriptor(pid).map_err(failed)? else {
            return Ok(None);
        };
        // The descriptor is of one process for ever; the number was of this node
        // after it was opened, so it is this node's.
        if !self.is(pid) {
            return Ok(None);
        }
        match pidfd_send_signal(&descriptor, signal) {
            Ok(()) => Ok(Some(Told { pid, descriptor })),
            Err(rustix::io::Errno::SRCH) => Ok(None),
            Err(error) => Err(failed(error)),
        }
    }

    /// The last lines of its log.
    pub fn log_tail(&self, lines: usize) -> String {
        let text = fs::read(self.log()).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        let all: Vec<&str> = text.lines().collect();
        all[all.len().saturating_sub(lines)..].join("\n")
    }
}

/// A process that was told to end.
pub struct Told {
    /// Its number.
    pub pid: u32,
    descriptor: OwnedFd,
}

impl Told {
    /// Waits until it has ended and has let go of its ports, which is later than
    /// when its command line is gone.
    pub fn ends_within(&self, patience: Duration) -> bool {
        let timeout = Timespec::try_from(patience).ok();
        let mut waited = [PollFd::new(&self.descriptor, PollFlags::IN)];
        loop {
            match poll(&mut waited, timeout.as_ref()) {
                Err(rustix::io::Errno::INTR) => {}
                ended => return ended.is_ok_and(|ready| ready > 0),
            }
        }
    }
}

fn descriptor(pid: u32) -> rustix::io::Result<Option<OwnedFd>> {
    let Some(pid) = i32::try_from(pid).ok().and_then(Pid::from_raw) else {
        return Ok(None);
    };
    match pidfd_open(pid, PidfdFlags::empty()) {
        Ok(descriptor) => Ok(Some(descriptor)),
        Err(rustix::io::Errno::SRCH) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Whether a command line, its words ended by zeros, is `… command … --home folder`.
fn runs(line: &[u8], command: &str, folder: &Path) -> bool {
    let words: Vec<&[u8]> = line.split(|byte| *byte == 0).collect();
    let folder = folder.as_os_str().as_encoded_bytes();
    words.get(1).is_some_and(|word| *word == command.as_bytes())
        && words
            .windows(2)
            .any(|pair| pair == [b"--home".as_slice(), folder])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_node_of_the_folder_is_taken_for_it() {
        let folder = Path::new("/net/node1");
        let is = |words: &[&str]| runs((words.join("\0") + "\0").as_bytes(), "start", folder);
        assert!(is(&[
            "/bin/wasmd",
            "start",
            "--log_level",
            "warn",
            "--home",
            "/net/node1"
        ]));
        assert!(!is(&["/bin/wasmd", "start", "--home", "/net/node10"]));
        assert!(!is(&["/bin/wasmd", "status", "--home", "/net/node1"]));
        assert!(!is(&[
            "sh",
            "-c",
            "…",
            "node",
            "/bin/wasmd",
            "start",
            "--home",
            "/net/node1"
        ]));
        assert!(!is(&["grep", "/net/node1"]));
        assert!(!is(&["backstop-localnet", "serve", "--home", "/net/node1"]));
        assert!(!runs(b"", "start", folder));
    }

    #[test]
    fn a_reused_number_in_the_file_is_not_ended() {
        let folder = tempfile::tempdir().unwrap();
        let process = Process {
            folder: folder.path(),
            role: Role::Node,
        };
        let mut other = Command::new("sleep").arg("30").spawn().unwrap();
        process.note(other.id()).unwrap();
        assert_eq!(process.pid(), None);
        assert!(process.signal(Signal::KILL).unwrap().is_none());
        assert_eq!(other.try_wait().unwrap(), None);
        other.kill().unwrap();
        other.wait().unwrap();
    }
}
