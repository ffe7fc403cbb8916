//! What is being done, for whoever waits: a bar in a terminal, lines elsewhere.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

/// The progress of a run.
pub struct Progress {
    bar: ProgressBar,
    begun: Instant,
    lines: bool,
}

impl Default for Progress {
    fn default() -> Self {
        Self::new()
    }
}

impl Progress {
    /// Begins now.
    pub fn new() -> Self {
        let lines = !std::io::stderr().is_terminal();
        let bar = if lines {
            ProgressBar::hidden()
        } else {
            ProgressBar::new_spinner()
        };
        if let Ok(style) =
            ProgressStyle::with_template("{spinner} {elapsed_precise} {pos:>4} transactions  {msg}")
        {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(120));
        Self {
            bar,
            begun: Instant::now(),
            lines,
        }
    }

    /// A new part of the run.
    pub fn part(&self, what: &str) {
        self.bar.set_message(what.to_string());
        if self.lines {
            eprintln!(
                "{:>4} s  {:>4} transactions  {what}",
                self.begun.elapsed().as_secs(),
                self.bar.position()
            );
        }
    }

    /// One more transaction.
    pub fn step(&self) {
        self.bar.inc(1);
    }

    /// The end.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
        if self.lines {
            eprintln!(
                "{:>4} s  {:>4} transactions  done",
                self.begun.elapsed().as_secs(),
                self.bar.position()
            );
        }
    }
}
