//! Random operations over an API schema.

use std::fmt::Write as _;

use apollo_compiler::Schema;
use apollo_compiler::ast::{OperationType, Type};
use apollo_compiler::schema::{ExtendedType, FieldDefinition};

/// A stream of small decisions, from which an operation is made.
pub(crate) struct Decisions<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Decisions<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// A number below `limit`.
    pub(crate) fn next(&mut self, limit: usize) -> usize {
        let byte = self.bytes.get(self.at).copied().unwrap_or(0);
        self.at += 1;
        usize::from(byte) % limit.max(1)
    }

    pub(crate) fn is_over(&self) -> bool {
        self.at >= self.bytes.len()
    }
}

/// An operation on a root type, which may be invalid: fields may conflict.
pub(crate) fn operation(schema: &Schema, kind: &str, root: &str, bytes: &[u8]) -> String {
    let mut writer = Writer {
        schema,
        decisions: Decisions::new(bytes),
        fragments: Vec::new(),
        aliases: 0,
    };
    let mut selections = String::new();
    writer.selections(root, 6, kind == "query", &mut selections);
    for (index, fragment) in writer.fragments.iter().enumerate() {
        let _ = write!(selections, "\nfragment F{index} {fragment}");
    }
    let declared: Vec<_> = [("$a", "$a: Boolean!"), ("$b", "$b: Boolean = true")]
        .into_iter()
        .filter(|(name, _)| selections.contains(name))
        .map(|(_, declaration)| declaration)
        .collect();
    match declared.as_slice() {
        [] => format!("{kind} {selections}"),
        declared => format!("{kind} ({}) {selections}", declared.join(", ")),
    }
}

struct Writer<'a> {
    schema: &'a Schema,
    decisions: Decisions<'a>,
    /// Bodies of named fragments.
    fragments: Vec<String>,
    aliases: usize,
}

impl Writer<'_> {
    fn selections(&mut self, type_name: &str, depth: usize, typename: bool, out: &mut String) {
        out.push('{');
        let before = out.len();
        let count = 1 + self.decisions.next(4);
        for _ in 0..count {
            self.one(type_name, depth, out);
            if self.decisions.is_over() {
                break;
            }
        }
        if out.len() == before {
            self.leaf(type_name, typename, out);
        }
        out.push_str(" }");
    }

    /// Something that can always be asked.
    fn leaf(&mut self, type_name: &str, typename: bool, out: &mut String) {
        if typename {
            out.push_str(" __typename");
            return;
        }
        let fields = fields(self.schema, type_name);
        match fields.iter().find(|field| !self.is_composite(&field.ty)) {
            Some(field) => {
                let _ = write!(out, " {}{}", field.name, arguments(field, 0, self.schema));
            }
            None => out.push_str(" __typename"),
        }
    }

    fn is_composite(&self, ty: &Type) -> bool {
        let ty = self.schema.types.get(ty.inner_named_type());
        ty.is_some_and(|ty| ty.is_object() || ty.is_interface() || ty.is_union())
    }

    fn one(&mut self, type_name: &str, depth: usize, out: &mut String) {
        let fields = fields(self.schema, type_name);
        let conditions = conditions(self.schema, type_name);
        let choice = self.decisions.next(12);
        if choice == 0 {
            out.push_str(" __typename");
            return;
        }
        let wants_fragment = choice == 1 || (conditions.len() > 1 && choice < 6);
        if (wants_fragment || fields.is_empty()) && depth > 0 {
            let on = conditions[self.decisions.next(conditions.len())].clone();
            let directive = self.directive();
            let mut nested = String::new();
            self.selections(&on, depth - 1, true, &mut nested);
            if choice == 2 {
                let _ = write!(out, " ... F{}{directive}", self.fragments.len());
                self.fragments.push(format!("on {on} {nested}"));
            } else {
                let _ = write!(out, " ... on {on}{directive} {nested}");
            }
            return;
        }
        if fields.is_empty() {
            return;
        }
        let field = fields[self.decisions.next(fields.len())];
        let is_composite = self.is_composite(&field.ty);
        if is_composite && depth == 0 {
            return;
        }
        out.push(' ');
        let is_mutation = self
            .schema
            .root_operation(OperationType::Mutation)
            .is_some_and(|it| it == type_name);
        let naming = self.decisions.next(10);
        match naming {
            // A key that is selected again has to run where it is selected first; which of the
            // selections that is may depend on variables, but requests have one order.
            _ if is_mutation => {
                self.aliases += 1;
                let _ = write!(out, "m{}: ", self.aliases);
            }
            // Few names, so that the same key is selected again, also for other fields.
            0 => {
                let _ = write!(out, "k{}: ", self.decisions.next(3));
            }
            1 => {
                let other = fields[self.decisions.next(fields.len())];
                let _ = write!(out, "{}: ", other.name);
            }
            2 => {
                self.aliases += 1;
                let _ = write!(out, "u{}: ", self.aliases);
            }
            _ => {}
        }
        let choice = if field.arguments.is_empty() {
            0
        } else {
            self.decisions.next(3)
        };
        let _ = write!(
            out,
            "{}{}",
            field.name,
            arguments(field, choice, self.schema)
        );
        out.push_str(self.directive());
        if is_composite {
            out.push(' ');
            let inner = field.ty.inner_named_type().to_string();
            self.selections(&inner, depth - 1, true, out);
        }
    }

    fn directive(&mut self) -> &'static str {
        match self.decisions.next(16) {
            15 => " @include(if: false)",
            14 => " @skip(if: false)",
            13 => " @include(if: $a)",
            12 => " @skip(if: $a)",
            11 => " @skip(if: $b)",
            10 => " @include(if: $b)",
            9 => " @skip(if: $b) @include(if: $a)",
            _ => "",
        }
    }
}

fn fields<'a>(schema: &'a Schema, type_name: &str) -> Vec<&'a FieldDefinition> {
    match schema.types.get(type_name) {
        Some(ExtendedType::Object(object)) => object.fields.values().map(|it| &***it).collect(),
        Some(ExtendedType::Interface(interface)) => {
            interface.fields.values().map(|it| &***it).collect()
        }
        _ => Vec::new(),
    }
}

/// The types a fragment on this type may have: its members, and what those belong to.
fn conditions(schema: &Schema, type_name: &str) -> Vec<String> {
    let members = |name: &str| -> Vec<&str> {
        let objects = schema.types.iter().filter(|(_, ty)| ty.is_object());
        let names = objects.map(|(object, _)| object.as_str());
        names
            .filter(|object| *object == name || schema.is_subtype(name, object))
            .collect()
    };
    let own = members(type_name);
    let mut found: Vec<String> = schema
        .types
        .iter()
        .filter(|(_, ty)| ty.is_object() || ty.is_interface() || ty.is_union())
        .map(|(name, _)| name.to_string())
        .filter(|name| !name.starts_with("__"))
        .filter(|name| members(name).iter().any(|member| own.contains(member)))
        .collect();
    found.sort();
    found
}

fn arguments(field: &FieldDefinition, choice: usize, schema: &Schema) -> String {
    let given: Vec<String> = field
        .arguments
        .iter()
        .filter(|argument| argument.is_required() || choice > 0)
        .map(|argument| format!("{}: {}", argument.name, value(&argument.ty, choice, schema)))
        .collect();
    match given.as_slice() {
        [] => String::new(),
        given => format!("({})", given.join(", ")),
    }
}

fn value(ty: &Type, choice: usize, schema: &Schema) -> String {
    if ty.is_list() {
        return format!("[{}]", value(ty.item_type(), choice, schema));
    }
    match schema.types.get(ty.inner_named_type()) {
        Some(ExtendedType::Enum(enum_)) => enum_
            .values
            .keys()
            .nth(choice % enum_.values.len())
            .unwrap()
            .to_string(),
        Some(ExtendedType::InputObject(input)) => {
            let fields = input.fields.values().filter(|field| field.is_required());
            let given = fields.map(|it| format!("{}: {}", it.name, value(&it.ty, choice, schema)));
            format!("{{{}}}", given.collect::<Vec<_>>().join(", "))
        }
        _ => match ty.inner_named_type().as_str() {
            "Int" | "Float" => choice.to_string(),
            "Boolean" => (choice == 1).to_string(),
            _ => format!("\"{choice}\""),
        },
    }
}
