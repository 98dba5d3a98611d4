//! Keeps the batches of loaders whole.

use std::cell::RefCell;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use futures_util::future::BoxFuture;

/// A future that is still not settled after so many polls in a row has to let others run.
const MOST_POLLS: usize = 10_000;

thread_local! {
    /// Loads asked for by the request that is being polled on this thread right now.
    static HELD_BACK: RefCell<Option<Vec<BoxFuture<'static, ()>>>> = const { RefCell::new(None) };
}

/// The spawner of every `DataLoader`: a load starts when the request that asked for it has nothing
/// else left to do, so that it is one batch however long the list is and however slow the machine.
pub fn spawn_load(load: BoxFuture<'static, ()>) {
    HELD_BACK.with_borrow_mut(|held_back| match held_back {
        Some(loads) => loads.push(load),
        None => drop(tokio::spawn(load)),
    });
}

/// Runs `future`, polling it again for as long as it wakes itself, before anything else may run and
/// before any of its loads start.
///
/// async-graphql resolves the fields of an object in a `FuturesUnordered`, which wakes itself after
/// every round, and the items of a long list in another one, which pauses as soon as two of its
/// futures did that. Were a load to start at such a pause, a list of more than 30 objects would be
/// loaded in several batches.
pub(crate) async fn settle<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    std::future::poll_fn(move |cx| {
        let outer = HELD_BACK.replace(Some(Vec::new()));
        let settled = poll_until_settled(future.as_mut(), cx);
        for load in HELD_BACK.replace(outer).unwrap_or_default() {
            tokio::spawn(load);
        }
        settled
    })
    .await
}

fn poll_until_settled<F: Future>(
    mut future: std::pin::Pin<&mut F>,
    cx: &Context<'_>,
) -> Poll<F::Output> {
    let woken = Arc::new(Woken {
        yes: AtomicBool::new(false),
        task: cx.waker().clone(),
    });
    let waker = Waker::from(woken.clone());
    for _ in 0..MOST_POLLS {
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Pending if woken.yes.swap(false, Ordering::SeqCst) => {}
            settled => return settled,
        }
    }
    // The task was woken too, so it runs again.
    Poll::Pending
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
                if pauses > 100 {
                    Poll::Ready(())
                } else {
                    Poll::Pending
                }
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
            if done.load(Ordering::SeqCst) {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        }))
        .await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_load_starts_after_the_request_has_settled() {
        let has_settled = Arc::new(AtomicBool::new(false));
        let (seen, see) = tokio::sync::oneshot::channel();
        let mut seen = Some(seen);
        let settled = has_settled.clone();
        settle(async move {
            let observed = settled.clone();
            let mut pauses = 0;
            std::future::poll_fn(|cx| {
                if let Some(seen) = seen.take() {
                    let observed = observed.clone();
                    spawn_load(Box::pin(async move {
                        let _ = seen.send(observed.load(Ordering::SeqCst));
                    }));
                }
                pauses += 1;
                std::thread::sleep(Duration::from_millis(1));
                cx.waker().wake_by_ref();
                if pauses > 20 {
                    Poll::Ready(())
                } else {
                    Poll::Pending
                }
            })
            .await;
            settled.store(true, Ordering::SeqCst);
        })
        .await;
        assert_eq!(see.await, Ok(true));
    }
}
