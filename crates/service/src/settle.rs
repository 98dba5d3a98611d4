//! Keeps the batches of loaders whole.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

/// A future that is still not settled after so many polls in a row has to let others run.
const MOST_POLLS: usize = 10_000;

/// Runs `future`, polling it again for as long as it wakes itself, before anything else may run.
///
/// async-graphql resolves the fields of an object in a `FuturesUnordered`, which wakes itself after
/// every round, and the items of a long list in another one, which pauses as soon as two of its
/// futures did that. At every pause a loader's delay may end, so a list of more than 30 objects
/// would be loaded in several batches, the more the slower the machine.
pub(crate) async fn settle<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    std::future::poll_fn(move |cx| {
        let woken = Arc::new(Woken { yes: AtomicBool::new(false), task: cx.waker().clone() });
        let waker = Waker::from(woken.clone());
        for _ in 0..MOST_POLLS {
            match future.as_mut().poll(&mut Context::from_waker(&waker)) {
                Poll::Pending if woken.yes.swap(false, Ordering::SeqCst) => {}
                settled => return settled,
            }
        }
        // The task was woken too, so it runs again.
        Poll::Pending
    })
    .await
}

/// Notes that it was woken, and wakes the task as any waker does.
struct Woken {
    yes: AtomicBool,
    task: Waker,
}

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.yes.store(true, Ordering::SeqCst);
        self.task.wake_by_ref();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicU32;
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn nothing_else_runs_between_pauses_of_its_own() {
        let others = Arc::new(AtomicU32::new(0));
        let other = others.clone();
        tokio::spawn(async move { other.fetch_add(1, Ordering::SeqCst) });
        let paused = async {
            let mut pauses = 0;
            std::future::poll_fn(|cx| {
                pauses += 1;
                cx.waker().wake_by_ref();
                if pauses > 100 { Poll::Ready(()) } else { Poll::Pending }
            })
            .await;
            others.load(Ordering::SeqCst)
        };
        assert_eq!(settle(paused).await, 0);
        tokio::task::yield_now().await;
        assert_eq!(others.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn what_truly_waits_is_woken_and_what_never_settles_lets_others_run() {
        let (sender, receiver) = tokio::sync::oneshot::channel();
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(1)).await;
            sender.send(7)
        });
        assert_eq!(settle(receiver).await, Ok(7));

        let done = Arc::new(AtomicBool::new(false));
        let other = done.clone();
        tokio::spawn(async move { other.store(true, Ordering::SeqCst) });
        settle(std::future::poll_fn(|cx| {
            cx.waker().wake_by_ref();
            if done.load(Ordering::SeqCst) { Poll::Ready(()) } else { Poll::Pending }
        }))
        .await;
    }
}
