//! What is being done, on standard error: a line that turns in a terminal, lines
//! elsewhere. Nothing is shown of what takes less than two seconds.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

const SILENT: Duration = Duration::from_secs(2);

/// The progress of one command.
pub struct Progress {
    bar: ProgressBar,
    shared: Arc<Shared>,
}

struct Shared {
    begun: Instant,
    now: Mutex<Option<String>>,
    lines: bool,
}

impl Progress {
    /// Begins now.
    pub fn new() -> Self {
        use std::io::IsTerminal;
        let lines = !std::io::stderr().is_terminal();
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        if let Ok(style) = ProgressStyle::with_template("{spinner} {elapsed} {msg}") {
            bar.set_style(style);
        }
        let shared = Arc::new(Shared {
            begun: Instant::now(),
            now: Mutex::new(None),
            lines,
        });
        let (later, of) = (bar.clone(), Arc::downgrade(&shared));
        std::thread::spawn(move || {
            std::thread::sleep(SILENT);
            let Some(shared) = of.upgrade() else { return };
            if let Some(what) = shared.now().clone() {
                shared.line(&what);
                if !shared.lines {
                    later.set_draw_target(ProgressDrawTarget::stderr());
                    later.enable_steady_tick(Duration::from_millis(120));
                }
            }
        });
        Self { bar, shared }
    }

    /// A new part of it.
    pub fn part(&self, what: &str) {
        self.bar.set_message(what.to_string());
        *self.shared.now() = Some(what.to_string());
        if self.shared.begun.elapsed() > SILENT {
            self.shared.line(what);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        *self.shared.now() = None;
        self.bar.finish_and_clear();
    }
}

impl Shared {
    fn now(&self) -> std::sync::MutexGuard<'_, Option<String>> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn line(&self, what: &str) {
        if self.lines {
            eprintln!("{:>4} s  {what}", self.begun.elapsed().as_secs());
        }
    }
}
