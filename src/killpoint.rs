//! Points at which the recovery tests kill a program (feature `killpoints`; nothing at all without it).
//!
//! `JUANZONG_KILL_AT=page_saved:3` ends the process with SIGKILL when it reaches `page_saved` for the third time: no
//! destructor runs, no buffer is flushed, as when the power goes.

/// Marks a point in the order of writing.
#[inline]
pub fn reach(point: &'static str) {
    #[cfg(feature = "killpoints")]
    armed::reach(point);
    #[cfg(not(feature = "killpoints"))]
    let _ = point;
}

#[cfg(feature = "killpoints")]
mod armed {
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU64, Ordering};

    struct Armed {
        point: String,
        left: AtomicU64,
    }

    pub(super) fn reach(point: &str) {
        static ARMED: OnceLock<Option<Armed>> = OnceLock::new();
        let armed = ARMED.get_or_init(|| {
            let wanted = std::env::var("JUANZONG_KILL_AT").ok()?;
            let (point, count) = wanted.split_once(':')?;
            Some(Armed {
                point: point.to_owned(),
                left: AtomicU64::new(count.parse().ok()?),
            })
        });
        let Some(armed) = armed else { return };
        if armed.point == point && armed.left.fetch_sub(1, Ordering::SeqCst) == 1 {
            let _ = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL);
        }
    }
}
