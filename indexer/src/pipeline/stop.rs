//! Stopping cleanly on request.

use tokio::sync::watch;

/// A request to stop that everybody can see; cheap to clone.
#[derive(Clone, Debug)]
pub struct Stop {
    sender: watch::Sender<bool>,
}

impl Default for Stop {
    fn default() -> Self {
        Self {
            sender: watch::Sender::new(false),
        }
    }
}

impl Stop {
    /// Asks everybody to stop.
    pub fn request(&self) {
        self.sender.send_replace(true);
    }

    /// Whether somebody asked.
    pub fn requested(&self) -> bool {
        *self.sender.borrow()
    }

    /// Waits until somebody asks.
    pub async fn wait(&self) {
        let mut receiver = self.sender.subscribe();
        // The sender lives as long as `self`, so waiting cannot fail.
        let _ = receiver.wait_for(|requested| *requested).await;
    }

    /// Runs a future unless a stop is requested first; it is dropped then.
    pub async fn unless<T>(&self, future: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            biased;
            () = self.wait() => None,
            result = future => Some(result),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_under_way_is_dropped_when_a_stop_is_requested() {
        let stop = Stop::default();
        assert_eq!(stop.unless(async { 1 }).await, Some(1));
        let waiting = tokio::spawn({
            let stop = stop.clone();
            async move { stop.unless(std::future::pending::<()>()).await }
        });
        stop.request();
        assert_eq!(waiting.await.unwrap(), None);
        assert!(stop.requested());
        assert_eq!(stop.unless(async { 1 }).await, None);
    }
}
