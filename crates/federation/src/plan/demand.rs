//! What is asked for: the client's selections and the model's field sets in one form.
//!
//! Fragments are opened. A set lists entries, and each entry knows on which types and under
//! which conditions it applies; sets are interned, so that equal work is recognized.

use std::collections::HashMap;
use std::rc::Rc;

use apollo_compiler::ast;
use apollo_compiler::executable::{Field, Selection};
use apollo_compiler::{ExecutableDocument, Name};

use super::Condition;
use super::conditions::conditions_of;
use crate::supergraph::model::{FieldSetId, Model, TypeId};

/// An entry's index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct EntryId(u32);

/// A set's index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct SetId(u32);

/// One field that is asked for.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    /// The response key the client knows it by; for field sets, the field's name.
    pub(super) key: Name,
    pub(super) field: Name,
    /// As they are printed, parentheses left out.
    pub(super) arguments: Rc<str>,
    /// The client's variables among them.
    pub(super) variables: Rc<[Name]>,
    pub(super) scope: Option<Scope>,
    /// All must hold, sorted.
    pub(super) conditions: Rc<[Condition]>,
    /// What is asked of the field's value; `None` for leaves.
    pub(super) children: Option<SetId>,
    /// Asked for by a field set; its response key may be chosen.
    pub(super) is_internal: bool,
}

/// The types an entry applies to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Scope {
    /// A type with exactly these runtime types, if the operation names one.
    pub(super) named: Option<TypeId>,
    /// Object types, sorted.
    pub(super) types: Rc<[TypeId]>,
}

/// All entries and sets of one planning.
#[derive(Debug, Default)]
pub(super) struct Demands {
    entries: Vec<Entry>,
    sets: Vec<Rc<[EntryId]>>,
    interned: HashMap<Rc<[EntryId]>, SetId>,
    field_sets: HashMap<(FieldSetId, Option<TypeId>), SetId>,
}

impl Scope {
    pub(super) fn includes(&self, ty: TypeId) -> bool {
        self.types.binary_search(&ty).is_ok()
    }
}

impl Demands {
    pub(super) fn entry(&self, id: EntryId) -> &Entry {
        &self.entries[id.0 as usize]
    }

    pub(super) fn set(&self, id: SetId) -> Rc<[EntryId]> {
        self.sets[id.0 as usize].clone()
    }

    pub(super) fn intern(&mut self, entries: Vec<EntryId>) -> SetId {
        let entries: Rc<[EntryId]> = entries.into();
        if let Some(known) = self.interned.get(&entries) {
            return *known;
        }
        let id = SetId(index(self.sets.len()));
        self.sets.push(entries.clone());
        self.interned.insert(entries, id);
        id
    }

    /// Reads the selections of an operation.
    pub(super) fn of_selections(
        &mut self,
        model: &Model,
        document: &ExecutableDocument,
        selections: &[Selection],
    ) -> SetId {
        let mut draft = Draft::default();
        draft.selections(model, document, selections, &Around::default());
        self.finish(draft)
    }

    /// A field by itself, whatever is below it.
    pub(super) fn of_field(&mut self, field: &Name) -> SetId {
        let entry = Entry {
            key: field.clone(),
            field: field.clone(),
            arguments: "".into(),
            variables: Rc::new([]),
            scope: None,
            conditions: Rc::new([]),
            children: None,
            is_internal: true,
        };
        let mut draft = Draft::default();
        draft.add(entry, false);
        self.finish(draft)
    }

    /// Reads a field set of the model.
    pub(super) fn of_field_set(&mut self, model: &Model, id: FieldSetId) -> SetId {
        self.read_field_set(model, id, None)
    }

    /// Reads what a field of a type requires: a subgraph also has to be told the runtime types,
    /// even if those who answer do not know them.
    pub(super) fn of_requires(&mut self, model: &Model, id: FieldSetId, ty: TypeId) -> SetId {
        self.read_field_set(model, id, Some(ty))
    }

    fn read_field_set(&mut self, model: &Model, id: FieldSetId, ty: Option<TypeId>) -> SetId {
        if let Some(known) = self.field_sets.get(&(id, ty)) {
            return *known;
        }
        let mut draft = Draft::default();
        let selections = &model.field_set(id).selections;
        draft.field_set(model, selections, &Around::default(), ty);
        let set = self.finish(draft);
        self.field_sets.insert((id, ty), set);
        set
    }

    fn finish(&mut self, draft: Draft) -> SetId {
        let mut ids = Vec::with_capacity(draft.entries.len());
        for (mut entry, children) in draft.entries {
            entry.children = children.map(|children| self.finish(children));
            ids.push(EntryId(index(self.entries.len())));
            self.entries.push(entry);
        }
        self.intern(ids)
    }
}

fn index(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// A set in the making: entries of the same key, scope and conditions become one.
#[derive(Default)]
struct Draft {
    entries: Vec<(Entry, Option<Draft>)>,
    known: HashMap<Identity, usize>,
}

/// Entries of one identity are one entry.
type Identity = (Name, Option<Scope>, Rc<[Condition]>);

/// What the fragments around a selection say.
#[derive(Default, Clone)]
struct Around {
    scope: Option<Scope>,
    conditions: Vec<Condition>,
}

impl Around {
    fn narrowed(&self, model: &Model, condition: Option<&Name>) -> Self {
        let Some(ty) = condition.and_then(|name| model.find(name)) else {
            return self.clone();
        };
        let possible = &model.ty(ty).possible;
        let scope = match &self.scope {
            None => Scope {
                named: Some(ty),
                types: possible.as_slice().into(),
            },
            Some(outer) => {
                let types: Rc<[TypeId]> = outer
                    .types
                    .iter()
                    .copied()
                    .filter(|ty| possible.binary_search(ty).is_ok())
                    .collect();
                let named = if types.len() == possible.len() {
                    Some(ty)
                } else if types.len() == outer.types.len() {
                    outer.named
                } else {
                    None
                };
                Scope { named, types }
            }
        };
        Self {
            scope: Some(scope),
            conditions: self.conditions.clone(),
        }
    }

    fn with(&self, conditions: Vec<Condition>) -> Self {
        let mut around = self.clone();
        around.conditions.extend(conditions);
        around
    }

    fn conditions(&self) -> Rc<[Condition]> {
        let mut conditions = self.conditions.clone();
        conditions.sort();
        conditions.dedup();
        conditions.into()
    }
}

impl Draft {
    fn selections(
        &mut self,
        model: &Model,
        document: &ExecutableDocument,
        selections: &[Selection],
        around: &Around,
    ) {
        for selection in selections {
            let Some(conditions) = conditions_of(selection.directives()) else {
                continue;
            };
            let around = around.with(conditions);
            match selection {
                Selection::Field(field) => self.field(model, document, field, &around),
                Selection::InlineFragment(fragment) => {
                    let around = around.narrowed(model, fragment.type_condition.as_ref());
                    self.selections(model, document, &fragment.selection_set.selections, &around);
                }
                Selection::FragmentSpread(spread) => {
                    if let Some(fragment) = spread.fragment_def(document) {
                        let around = around.narrowed(model, Some(fragment.type_condition()));
                        self.selections(
                            model,
                            document,
                            &fragment.selection_set.selections,
                            &around,
                        );
                    }
                }
            }
        }
    }

    fn field(
        &mut self,
        model: &Model,
        document: &ExecutableDocument,
        field: &Field,
        around: &Around,
    ) {
        if matches!(field.name.as_str(), "__schema" | "__type") {
            return;
        }
        let entry = Entry {
            key: field.response_key().clone(),
            field: field.name.clone(),
            arguments: print_arguments(&field.arguments),
            variables: variables_of(&field.arguments),
            scope: around.scope.clone(),
            conditions: around.conditions(),
            children: None,
            is_internal: false,
        };
        let has_children = !field.selection_set.selections.is_empty();
        if let Some(children) = self.add(entry, has_children) {
            let selections = &field.selection_set.selections;
            children.selections(model, document, selections, &Around::default());
        }
    }

    /// `ty` is the type of the object, where runtime types have to be told.
    fn field_set(
        &mut self,
        model: &Model,
        selections: &[ast::Selection],
        around: &Around,
        ty: Option<TypeId>,
    ) {
        for selection in selections {
            match selection {
                ast::Selection::Field(field) => {
                    let entry = internal(&field.name, &field.arguments, around);
                    let target = ty
                        .and_then(|ty| model.field(ty, &field.name))
                        .and_then(|field| field.target);
                    let has_children = !field.selection_set.is_empty();
                    if let Some(children) = self.add(entry, has_children) {
                        let around = Around::default();
                        if target.is_some_and(|target| model.is_somewhere_blind(target)) {
                            let typename = apollo_compiler::name!("__typename");
                            children.add(internal(&typename, &[], &around), false);
                        }
                        children.field_set(model, &field.selection_set, &around, target);
                    }
                }
                ast::Selection::InlineFragment(fragment) => {
                    let condition = fragment.type_condition.as_ref();
                    let narrow = condition.and_then(|name| model.find(name)).or(ty);
                    let around = around.narrowed(model, condition);
                    let ty = ty.and(narrow);
                    self.field_set(model, &fragment.selection_set, &around, ty);
                }
                ast::Selection::FragmentSpread(_) => {}
            }
        }
    }

    /// Adds an entry, or finds the one it belongs to; returns its children.
    fn add(&mut self, entry: Entry, has_children: bool) -> Option<&mut Draft> {
        // Field sets may ask for one field with several arguments.
        let name = match entry.is_internal && !entry.arguments.is_empty() {
            true => Name::new(&format!("{}__{}", entry.key, self.entries.len()))
                .unwrap_or_else(|_| entry.key.clone()),
            false => entry.key.clone(),
        };
        let known = (name, entry.scope.clone(), entry.conditions.clone());
        let at = *self.known.entry(known).or_insert_with(|| {
            self.entries
                .push((entry, has_children.then(Draft::default)));
            self.entries.len() - 1
        });
        self.entries
            .get_mut(at)
            .and_then(|(_, children)| children.as_mut())
    }
}

/// A field that a field set asks for.
fn internal(
    field: &Name,
    arguments: &[apollo_compiler::Node<ast::Argument>],
    around: &Around,
) -> Entry {
    Entry {
        key: field.clone(),
        field: field.clone(),
        arguments: print_arguments(arguments),
        variables: Rc::new([]),
        scope: around.scope.clone(),
        conditions: Rc::new([]),
        children: None,
        is_internal: true,
    }
}

fn print_arguments(arguments: &[apollo_compiler::Node<ast::Argument>]) -> Rc<str> {
    let printed: Vec<String> = arguments
        .iter()
        .map(|argument| {
            format!(
                "{}: {}",
                argument.name,
                argument.value.serialize().no_indent()
            )
        })
        .collect();
    printed.join(", ").into()
}

fn variables_of(arguments: &[apollo_compiler::Node<ast::Argument>]) -> Rc<[Name]> {
    fn collect(value: &ast::Value, found: &mut Vec<Name>) {
        match value {
            ast::Value::Variable(name) => found.push(name.clone()),
            ast::Value::List(items) => {
                for item in items {
                    collect(item, found);
                }
            }
            ast::Value::Object(members) => {
                for (_, value) in members {
                    collect(value, found);
                }
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    for argument in arguments {
        collect(&argument.value, &mut found);
    }
    found.into()
}
