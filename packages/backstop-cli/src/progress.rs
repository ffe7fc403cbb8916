//! How far a replay is, on standard error, and only for people: nothing is
//! drawn where standard error is not a terminal.

use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Progress bars for what is under way.
pub struct Progress {
    bars: MultiProgress,
}

impl Progress {
    /// Drawn on standard error, unless `quiet` or it is not a terminal.
    pub fn new(quiet: bool) -> Self {
        let target = if quiet {
            ProgressDrawTarget::hidden()
        } else {
            // Hides itself where standard error is not a terminal.
            ProgressDrawTarget::stderr()
        };
        Self {
            bars: MultiProgress::with_draw_target(target),
        }
    }

    /// A bar over `blocks` blocks.
    pub fn bar(&self, label: &str, blocks: u64) -> ProgressBar {
        self.of(
            "{msg:<12} {bar:32} {pos}/{len} blocks  {per_sec:.0}  {eta} left",
            label,
            blocks,
        )
    }

    /// A bar over `runs` replays.
    pub fn runs(&self, label: &str, runs: u64) -> ProgressBar {
        self.of("{msg:<12} {bar:32} {pos}/{len} runs  {eta} left", label, runs)
    }

    /// Takes all bars away.
    pub fn clear(&self) {
        // What cannot be drawn on need not be cleared.
        let _ = self.bars.clear();
    }

    fn of(&self, template: &str, label: &str, length: u64) -> ProgressBar {
        let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        let bar = self.bars.add(ProgressBar::new(length));
        bar.set_style(style);
        bar.set_message(label.to_string());
        bar.enable_steady_tick(Duration::from_millis(200));
        bar
    }
}
