//! Turns of work that is done every so often, and sooner when there is a reason.

use std::time::Duration;

use tokio::{sync::watch, time::timeout};

/// When the next turn is. The first one is at once.
#[derive(Debug)]
pub struct Turns {
    every: Duration,
    sooner: watch::Receiver<()>,
    has_begun: bool,
}

impl Turns {
    /// A turn every so often. What is sent to `sooner` begins one at once; what was sent during a turn begins the next one.
    pub fn new(every: Duration, sooner: watch::Receiver<()>) -> Self {
        Self { every, sooner, has_begun: false }
    }

    /// Waits for the next turn. After a time in which nothing ran there is one, however many were missed.
    pub async fn next(&mut self) {
        if !std::mem::replace(&mut self.has_begun, true) {
            self.sooner.mark_unchanged();
            return;
        }
        let asked = async {
            if self.sooner.changed().await.is_err() {
                std::future::pending::<()>().await;
            }
        };
        // That the time is over is the usual reason.
        let _ = timeout(self.every, asked).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Longer than anybody waits for a test.
    const NEVER: Duration = Duration::from_secs(1_000_000);

    /// Whether there is a turn now, without waiting for it.
    async fn is_now(turns: &mut Turns) -> bool {
        timeout(Duration::from_millis(50), turns.next()).await.is_ok()
    }

    #[tokio::test]
    async fn a_turn_comes_at_first_and_with_a_reason() {
        let (reason, sooner) = watch::channel(());
        let mut turns = Turns::new(NEVER, sooner);
        reason.send_replace(());
        assert!(is_now(&mut turns).await, "the first is at once");
        assert!(!is_now(&mut turns).await, "and makes up for every reason that came before it");
        reason.send_replace(());
        reason.send_replace(());
        assert!(is_now(&mut turns).await, "a reason that came meanwhile");
        assert!(!is_now(&mut turns).await, "two of them are one turn");
        drop(reason);
        assert!(!is_now(&mut turns).await, "that nobody asks any more is no reason");
    }

    #[tokio::test]
    async fn a_turn_comes_in_time() {
        let (_reason, sooner) = watch::channel(());
        let mut turns = Turns::new(Duration::from_millis(1), sooner);
        for _ in 0..3 {
            turns.next().await;
        }
    }
}
