//! Changes the planner asks for, applied to what was read.

use super::representations::has_type;
use super::store::{Leaf, ObjectId, Store, Value};
use crate::operation::program::{PathStep, Program, StoreChange, StoreRewrite};

/// Applies rewrites to an object that was just read.
pub(super) fn apply(
    store: &mut Store,
    program: &Program,
    object: ObjectId,
    rewrites: &[StoreRewrite],
) {
    for rewrite in rewrites {
        walk(
            store,
            program,
            Value::Object(object),
            &rewrite.path,
            &rewrite.change,
        );
    }
}

fn walk(
    store: &mut Store,
    program: &Program,
    value: Value,
    path: &[PathStep],
    change: &StoreChange,
) {
    match value {
        Value::List(list) => {
            for index in 0..store.len(list) {
                walk(store, program, store.item(list, index), path, change);
            }
        }
        Value::Object(object) => match path.split_first() {
            Some((PathStep::Member { slot, .. }, rest)) => {
                walk(store, program, store.get(object, *slot), rest, change);
            }
            Some((PathStep::Types { typename, types }, rest)) => {
                if has_type(store, &program.types, object, *typename, types) {
                    walk(store, program, value, rest, change);
                }
            }
            None => match change {
                StoreChange::Set { slot, constant } => {
                    store.set(object, *slot, Value::Leaf(Leaf::constant(*constant)));
                }
                StoreChange::Move { from, to } => {
                    let value = store.get(object, *from);
                    if value != Value::Missing {
                        let position = program.shapes.child(store.shape(object), *to);
                        let moved = store.moved(value, position, &program.shapes);
                        store.set(object, *from, Value::Missing);
                        store.set(object, *to, moved);
                    }
                }
            },
        },
        Value::Missing | Value::Null | Value::Leaf(_) => {}
    }
}
