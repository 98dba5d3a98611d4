//! Tells waiting requests and subscriptions of this process that something changed.

use std::time::Duration;

use tokio::sync::broadcast;

/// A hint per changed aggregate. Hints can be missed (a slow reader, another replica), so whoever
/// waits also looks at the database now and then.
#[derive(Clone)]
pub struct Changes {
    sender: broadcast::Sender<String>,
}

impl Default for Changes {
    fn default() -> Self {
        Self {
            sender: broadcast::channel(1024).0,
        }
    }
}

impl Changes {
    /// Hints that the aggregate with this identifier changed.
    pub fn notify(&self, subject: impl ToString) {
        // Nobody listening is fine.
        let _ = self.sender.send(subject.to_string());
    }

    /// Starts listening; hints from now on are kept until read.
    pub fn listen(&self) -> Listener {
        Listener {
            receiver: self.sender.subscribe(),
        }
    }
}

/// One listener's view of [`Changes`].
pub struct Listener {
    receiver: broadcast::Receiver<String>,
}

impl Listener {
    /// Returns when `subject` may have changed, or after `at_most`.
    pub async fn changed(&mut self, subject: &str, at_most: Duration) {
        let hint = async {
            loop {
                match self.receiver.recv().await {
                    Ok(changed) if changed == subject => return,
                    Ok(_) => {}
                    Err(broadcast::error::RecvError::Lagged(_)) => return,
                    Err(broadcast::error::RecvError::Closed) => std::future::pending().await,
                }
            }
        };
        let _ = tokio::time::timeout(at_most, hint).await;
    }
}
