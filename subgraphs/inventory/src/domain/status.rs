//! What may become of a reservation, as one table.

use crate::entity::reservation::State;

/// The allowed steps. A state that appears on no left side is final.
const STEPS: &[(State, State)] = &[
    // The payment came in time.
    (State::Held, State::Committed),
    // The order was called off, or time ran out.
    (State::Held, State::Released),
    (State::Held, State::Expired),
    // Shipped.
    (State::Committed, State::Consumed),
    // A paid order was cancelled.
    (State::Committed, State::Released),
    // The payment came late, and there is stock to hold again.
    (State::Rejected, State::Committed),
    (State::Released, State::Committed),
    (State::Expired, State::Committed),
];

/// Whether `from` may become `to`.
pub(crate) fn may_become(from: State, to: State) -> bool {
    STEPS.contains(&(from, to))
}

#[cfg(test)]
mod tests {
    use sea_orm::Iterable;

    use super::*;

    #[test]
    fn shipped_goods_stay_shipped() {
        assert!(State::iter().all(|to| !may_become(State::Consumed, to)));
    }

    #[test]
    fn nothing_is_held_twice() {
        assert!(State::iter().all(|from| !may_become(from, State::Held)));
    }

    #[test]
    fn only_paid_goods_are_shipped() {
        let before: Vec<State> = State::iter()
            .filter(|from| may_become(*from, State::Consumed))
            .collect();
        assert_eq!(before, [State::Committed]);
    }
}
