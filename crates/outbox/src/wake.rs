//! A hint that something was enqueued, so that relays need not poll fast.
//!
//! Only a hint: [`crate::enqueue`] gives it before the caller's transaction commits, so a relay that
//! wakes looks a few times with growing pauses, and looks every second anyway. Correctness never
//! depends on it.

use std::sync::LazyLock;
use std::time::Duration;

use tokio::sync::watch;

static ENQUEUED: LazyLock<watch::Sender<u64>> = LazyLock::new(|| watch::channel(0).0);

/// How long a relay waits between looks after a hint, longest last.
const PAUSES: [Duration; 8] = [
    Duration::from_millis(1),
    Duration::from_millis(2),
    Duration::from_millis(4),
    Duration::from_millis(8),
    Duration::from_millis(16),
    Duration::from_millis(50),
    Duration::from_millis(200),
    Duration::from_millis(1000),
];

pub(crate) fn hint() {
    ENQUEUED.send_modify(|count| *count = count.wrapping_add(1));
}

/// Waits for the next moment worth a look at the outbox.
pub(crate) struct Waiter {
    hints: watch::Receiver<u64>,
    step: usize,
}

impl Waiter {
    pub(crate) fn new() -> Self {
        Self {
            hints: ENQUEUED.subscribe(),
            step: 0,
        }
    }

    /// Returns after a pause, sooner if something was enqueued meanwhile.
    pub(crate) async fn wait(&mut self) {
        let pause = PAUSES[self.step];
        tokio::select! {
            changed = self.hints.changed() => {
                if changed.is_ok() {
                    self.step = 0;
                    tokio::time::sleep(PAUSES[0]).await;
                }
            }
            () = tokio::time::sleep(pause) => self.step = (self.step + 1).min(PAUSES.len() - 1),
        }
    }
}
