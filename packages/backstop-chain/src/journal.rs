//! What was sent, kept in a file: a transaction stands there before any node has
//! it, so that a process that was killed knows what may be on its way.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use cosmwasm_std::Binary;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// A journal with more lines than these is begun anew, with what has no end.
const LONGEST: usize = 1_000;

/// A transaction that was about to be sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The transaction, in capital hex digits.
    pub hash: String,
    /// What it is for.
    pub label: String,
    /// The chain.
    pub chain_id: String,
    /// The account's number of it.
    pub sequence: u64,
    /// No later block takes it.
    pub timeout_height: u64,
    /// The signed bytes: to send them again cannot make a second transaction.
    pub bytes: Binary,
}

/// What became of a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It is in a block and did what it was for.
    Committed,
    /// It is in a block and failed.
    Failed,
    /// No node took it.
    Refused,
    /// No block up to its last one has it.
    Expired,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Line {
    Sent(Entry),
    Ended { hash: String, outcome: Outcome },
}

/// The file, kept from other processes for as long as this lives.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    file: File,
    _lock: File,
    open: Vec<Entry>,
    lines: usize,
}

impl Journal {
    /// Opens or makes it. Two processes cannot have it at once.
    pub fn open(path: &Path) -> Result<Self> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(Error::file(folder))?;
        }
        let lock = lock(path)?;
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
            Err(error) => return Err(Error::file(path)(error)),
        };
        let lines = read(&text, path)?;
        let open = without_end(&lines);
        if !text.ends_with('\n') {
            let whole = text
                .rfind('\n')
                .map_or("", |end| text.get(..=end).unwrap_or_default());
            replace(path, whole.as_bytes())?;
        }
        let mut journal = Self {
            path: path.to_path_buf(),
            file: appended(path)?,
            _lock: lock,
            open,
            lines: lines.len(),
        };
        journal.shorten()?;
        Ok(journal)
    }

    /// The transactions whose end is not known.
    pub fn without_end(&self) -> &[Entry] {
        &self.open
    }

    /// The last transaction of this label that is known to be in a block.
    pub fn committed(&self, chain_id: &str, label: &str) -> Result<Option<Entry>> {
        let text = std::fs::read_to_string(&self.path).map_err(Error::file(&self.path))?;
        let lines = read(&text, &self.path)?;
        let good = |hash: &str| {
            let ends = |line: &Line| matches!(line, Line::Ended { hash: of, outcome: Outcome::Committed } if of == hash);
            lines.iter().any(ends)
        };
        let found = lines.iter().rev().find_map(|line| match line {
            Line::Sent(entry) if entry.chain_id == chain_id && entry.label == label && good(&entry.hash) => {
                Some(entry.clone())
            }
            _ => None,
        });
        Ok(found)
    }

    /// Puts a transaction on record, before any node has it.
    pub fn begin(&mut self, entry: Entry) -> Result<()> {
        self.write(&Line::Sent(entry.clone()))?;
        self.open.push(entry);
        Ok(())
    }

    /// Puts on record what became of it.
    pub fn end(&mut self, hash: &str, outcome: Outcome) -> Result<()> {
        let hash = hash.to_string();
        self.open.retain(|entry| entry.hash != hash);
        self.write(&Line::Ended { hash, outcome })?;
        self.shorten()
    }

    fn write(&mut self, line: &Line) -> Result<()> {
        let text = to_text(line)?;
        let written = self.file.write_all(&text).and_then(|()| self.file.sync_data());
        self.lines = self.lines.saturating_add(1);
        written.map_err(Error::file(&self.path))
    }

    fn shorten(&mut self) -> Result<()> {
        if self.lines > LONGEST {
            begin_anew(&self.path, &self.open)?;
            self.file = appended(&self.path)?;
            self.lines = self.open.len();
        }
        Ok(())
    }
}

fn appended(path: &Path) -> Result<File> {
    let file = OpenOptions::new().create(true).append(true).open(path);
    file.map_err(Error::file(path))
}

fn to_text(line: &Line) -> Result<Vec<u8>> {
    let mut text = serde_json::to_vec(line).map_err(Error::unreadable("a journal's line"))?;
    text.push(b'\n');
    Ok(text)
}

/// The journal's whole name with more after it: two journals that differ in their extension
/// share nothing, and none can be its own lock.
fn beside(path: &Path, more: &str) -> PathBuf {
    let mut name = path.as_os_str().to_os_string();
    name.push(more);
    name.into()
}

/// A file beside it, since the journal itself may be replaced by a shorter one.
fn lock(path: &Path) -> Result<File> {
    let beside = beside(path, ".lock");
    let file = File::create(&beside).map_err(Error::file(&beside))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(Error::JournalInUse {
            path: path.to_path_buf(),
        }),
        Err(TryLockError::Error(error)) => Err(Error::file(beside)(error)),
    }
}

fn begin_anew(path: &Path, open: &[Entry]) -> Result<()> {
    let lines = open.iter().map(|entry| to_text(&Line::Sent(entry.clone())));
    replace(path, &lines.collect::<Result<Vec<_>>>()?.concat())
}

/// Another file takes the journal's place at once, whole.
fn replace(path: &Path, text: &[u8]) -> Result<()> {
    let beside = beside(path, ".new");
    let written = File::create(&beside).and_then(|mut file| {
        file.write_all(text)?;
        file.sync_all()
    });
    let placed = written.and_then(|()| std::fs::rename(&beside, path));
    placed.map_err(Error::file(path))
}

/// Every whole line. The last one may be cut off: its transaction was never sent.
fn read(text: &str, path: &Path) -> Result<Vec<Line>> {
    let whole = text
        .rfind('\n')
        .and_then(|end| text.get(..end))
        .unwrap_or_default();
    let read = |(place, line): (usize, &str)| {
        let what = || format!("line {} of {}", place.saturating_add(1), path.display());
        serde_json::from_str(line).map_err(|why| Error::unreadable(what())(why))
    };
    whole.lines().enumerate().map(read).collect()
}

fn without_end(lines: &[Line]) -> Vec<Entry> {
    let mut open: Vec<Entry> = vec![];
    for line in lines {
        match line {
            Line::Sent(entry) => open.push(entry.clone()),
            Line::Ended { hash, .. } => open.retain(|entry| entry.hash != *hash),
        }
    }
    open
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(hash: &str) -> Entry {
        Entry {
            hash: hash.to_string(),
            label: "poke".to_string(),
            chain_id: "test".to_string(),
            sequence: 1,
            timeout_height: 10,
            bytes: Binary::from(b"signed"),
        }
    }

    #[test]
    fn what_has_no_end_is_known_after_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let mut journal = Journal::open(&path).unwrap();
        journal.begin(entry("A")).unwrap();
        journal.begin(entry("B")).unwrap();
        journal.end("A", Outcome::Committed).unwrap();
        drop(journal);
        assert_eq!(Journal::open(&path).unwrap().without_end(), [entry("B")]);
    }

    #[test]
    fn what_is_in_a_block_is_found_by_its_label() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let mut journal = Journal::open(&path).unwrap();
        for (hash, outcome) in [("A", Outcome::Committed), ("B", Outcome::Failed)] {
            journal.begin(entry(hash)).unwrap();
            assert_eq!(
                journal.committed("test", "poke").unwrap(),
                (hash == "B").then_some(entry("A"))
            );
            journal.end(hash, outcome).unwrap();
        }
        drop(journal);
        let journal = Journal::open(&path).unwrap();
        assert_eq!(journal.committed("test", "poke").unwrap(), Some(entry("A")));
        assert_eq!(journal.committed("test", "settle").unwrap(), None);
        assert_eq!(journal.committed("another", "poke").unwrap(), None);
    }

    #[test]
    fn a_line_that_was_cut_off_is_left_out_and_the_next_stands_on_its_own() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        Journal::open(&path).unwrap().begin(entry("A")).unwrap();
        let whole = std::fs::read(&path).unwrap();
        std::fs::write(&path, [&whole[..], &whole[..whole.len() / 2]].concat()).unwrap();
        let mut journal = Journal::open(&path).unwrap();
        assert_eq!(journal.without_end(), [entry("A")]);
        journal.begin(entry("C")).unwrap();
        drop(journal);
        assert_eq!(
            Journal::open(&path).unwrap().without_end(),
            [entry("A"), entry("C")]
        );
    }

    #[test]
    fn two_cannot_have_it_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let _first = Journal::open(&path).unwrap();
        assert!(matches!(Journal::open(&path), Err(Error::JournalInUse { .. })));
    }

    #[test]
    fn two_journals_that_differ_in_their_extension_share_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let _running = Journal::open(&folder.path().join("journal.jsonl")).unwrap();
        assert!(Journal::open(&folder.path().join("journal.dry-run")).is_ok());
    }

    #[test]
    fn no_name_makes_a_journal_its_own_lock() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["journal.lock", "journal.new"] {
            let path = folder.path().join(name);
            Journal::open(&path).unwrap().begin(entry("A")).unwrap();
            assert_eq!(
                Journal::open(&path).unwrap().without_end(),
                [entry("A")],
                "{name}"
            );
        }
    }

    #[test]
    fn a_long_journal_keeps_what_has_no_end() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let mut journal = Journal::open(&path).unwrap();
        journal.begin(entry("OPEN")).unwrap();
        for number in 0..LONGEST {
            journal.begin(entry(&number.to_string())).unwrap();
            journal.end(&number.to_string(), Outcome::Committed).unwrap();
        }
        // While it is in use, too: a keeper runs for years.
        let lines = || std::fs::read_to_string(&path).unwrap().lines().count();
        assert!(lines() <= LONGEST, "{}", lines());
        journal.begin(entry("LAST")).unwrap();
        drop(journal);
        assert_eq!(
            Journal::open(&path).unwrap().without_end(),
            [entry("OPEN"), entry("LAST")]
        );
    }
}
