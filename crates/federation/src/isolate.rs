//! Runs borrowed code that may panic or recurse deeply.
//!
//! Neither the planner nor the composition library promises to be total, so each call gets a
//! thread of its own: a stack large enough for the deepest input we admit, and a panic that
//! ends the thread instead of the process.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// Room for the deepest selection the parser limits let through, also in debug builds.
const STACK_BYTES: usize = 64 * 1024 * 1024;

/// Runs `work`, or says in one line why it did not finish.
pub(crate) fn isolate<T: Send>(name: &str, work: impl FnOnce() -> T + Send) -> Result<T, String> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new()
            .name(name.to_owned())
            .stack_size(STACK_BYTES)
            .spawn_scoped(scope, || catch_unwind(AssertUnwindSafe(work)))
            .map_err(|err| format!("cannot start a thread for the {name}: {err}"))?;

        match thread.join() {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(panic)) | Err(panic) => Err(panic_message(panic.as_ref())),
        }
    })
}

fn panic_message(panic: &(dyn std::any::Any + Send)) -> String {
    panic
        .downcast_ref::<&str>()
        .map(|message| (*message).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "panicked".to_owned())
}

#[cfg(test)]
mod tests {
    use super::isolate;

    #[test]
    fn a_panic_becomes_an_error() {
        let result: Result<(), String> = isolate("test", || panic!("no such type"));
        assert_eq!(result, Err("no such type".to_owned()));
    }

    #[test]
    fn a_value_comes_back() {
        assert_eq!(isolate("test", || 7), Ok(7));
    }
}
