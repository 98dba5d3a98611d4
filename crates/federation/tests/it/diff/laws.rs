//! Laws of the report, on changes and operations nobody thought of.

use std::collections::BTreeSet;

use apollo_compiler::Schema;
use apollo_compiler::ast::{Definition, Document, FieldDefinition, InputValueDefinition, Type};
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::{Name, Node};
use federation::diff::{ApiSchema, Effect, Report, Severity, compare};
use proptest::prelude::*;

use crate::diff::{operations, schema};

const GRAPH: &str = r#"
directive @live(rate: Int, mode: Mode) on FIELD
type Query {
    node(id: ID!): Node
    search(filter: Filter, sort: Sort = NAME, first: Int): [Result!]!
    order(id: ID!, verbose: Boolean): Order
    statuses(in: [Status!]): [Status!]!
    priced: Priced
}
interface Node { id: ID! }
interface Priced { price(currency: Currency): Int! }
type Order implements Node & Priced {
    id: ID! price(currency: Currency): Int! status: Status lines(filter: LineFilter): [Line!]!
}
type Line implements Priced { price(currency: Currency): Int! product: Product quantity: Int! }
type Product implements Node & Priced {
    id: ID! price(currency: Currency): Int! name(locale: String): String! related(filter: Filter): [Result!]!
}
type Page { title: String! body(mode: Mode): String }
union Result = Product | Page | Order
enum Status { OPEN PAID SHIPPED }
enum Sort { NAME PRICE }
enum Currency { IDR USD EUR }
enum Mode { FAST EXACT }
input Filter { text: String status: Status not: Filter lines: LineFilter ids: [ID!] }
input LineFilter { min: Int max: Int status: [Status!] }
"#;

/// A stream of small decisions.
struct Decisions<'a>(std::slice::Iter<'a, u8>);

impl Decisions<'_> {
    /// A number below `limit`.
    fn next(&mut self, limit: usize) -> usize {
        usize::from(self.0.next().copied().unwrap_or(0)) % limit.max(1)
    }
}

/// Writes one operation.
struct Writer<'a, 'b> {
    schema: &'a Schema,
    decisions: Decisions<'b>,
    count: usize,
    out: String,
}

impl Writer<'_, '_> {
    fn selections(&mut self, ty: &str, depth: usize) {
        self.out.push_str("{ __typename");
        for _ in 0..1 + self.decisions.next(3) {
            if depth > 0 && self.decisions.next(3) == 0 {
                self.fragment(ty, depth);
            } else {
                self.field(ty, depth);
            }
        }
        self.out.push_str(" }");
    }

    /// A fragment on any type that may apply here.
    fn fragment(&mut self, ty: &str, depth: usize) {
        let here = objects(self.schema, ty);
        let types = self.schema.types.keys();
        let conditions: Vec<_> = types
            .filter(|name| !objects(self.schema, name).is_disjoint(&here))
            .cloned()
            .collect();
        let condition = &conditions[self.decisions.next(conditions.len())];
        self.out.push_str(&format!(" ... on {condition} "));
        self.selections(condition, depth - 1);
    }

    fn field(&mut self, ty: &str, depth: usize) {
        let schema = self.schema;
        let Some(fields) = fields(schema, ty) else {
            return;
        };
        let field = fields[self.decisions.next(fields.len())];
        let inner = field.ty.inner_named_type();
        let is_composite = !objects(schema, inner).is_empty();
        if is_composite && depth == 0 {
            return;
        }
        self.count += 1;
        self.out
            .push_str(&format!(" k{}: {}", self.count, field.name));
        self.arguments(&field.arguments);
        if self.decisions.next(6) == 0 {
            self.out.push_str(" @live");
            self.arguments(&schema.directive_definitions["live"].arguments);
        }
        if is_composite {
            self.selections(inner, depth - 1);
        }
    }

    fn arguments(&mut self, definitions: &[Node<InputValueDefinition>]) {
        let mut given = Vec::new();
        for definition in definitions {
            if definition.is_required() || self.decisions.next(2) == 0 {
                given.push(format!(
                    "{}: {}",
                    definition.name,
                    self.value(&definition.ty, 3)
                ));
            }
        }
        if !given.is_empty() {
            self.out.push_str(&format!("({})", given.join(", ")));
        }
    }

    fn value(&mut self, ty: &Type, depth: usize) -> String {
        if !ty.is_non_null() && (depth == 0 || self.decisions.next(5) == 0) {
            return "null".to_owned();
        }
        if ty.is_list() {
            let items: Vec<_> = (0..self.decisions.next(3))
                .map(|_| self.value(ty.item_type(), depth))
                .collect();
            return format!("[{}]", items.join(", "));
        }
        match &self.schema.types[ty.inner_named_type()] {
            ExtendedType::Enum(enum_) => {
                let at = self.decisions.next(enum_.values.len());
                enum_.values[at].value.to_string()
            }
            ExtendedType::InputObject(input) => {
                let mut given = Vec::new();
                for field in input.fields.values() {
                    if self.decisions.next(2) == 0 {
                        let value = self.value(&field.ty, depth.saturating_sub(1));
                        given.push(format!("{}: {value}", field.name));
                    }
                }
                format!("{{ {} }}", given.join(", "))
            }
            scalar => match scalar.name().as_str() {
                "Int" | "Float" | "ID" => "1".to_owned(),
                "Boolean" => "true".to_owned(),
                _ => "\"x\"".to_owned(),
            },
        }
    }
}

fn fields<'a>(schema: &'a Schema, ty: &str) -> Option<Vec<&'a FieldDefinition>> {
    match schema.types.get(ty)? {
        ExtendedType::Object(object) => {
            Some(object.fields.values().map(|field| &***field).collect())
        }
        ExtendedType::Interface(interface) => {
            Some(interface.fields.values().map(|field| &***field).collect())
        }
        _ => None,
    }
}

fn objects(schema: &Schema, name: &str) -> BTreeSet<Name> {
    let types = schema.types.iter();
    types
        .filter(|(object, definition)| {
            definition.is_object()
                && !definition.is_built_in()
                && (object.as_str() == name || schema.is_subtype(name, object))
        })
        .map(|(object, _)| object.clone())
        .collect()
}

fn operation(schema: &Schema, bytes: &[u8]) -> String {
    let mut writer = Writer {
        schema,
        decisions: Decisions(bytes.iter()),
        count: 0,
        out: "query Any ".to_owned(),
    };
    writer.selections("Query", 4);
    writer.out
}

/// Breaks one thing, whichever the decisions say; some attempts make no valid schema.
fn break_one(document: &mut Document, decisions: &mut Decisions<'_>) {
    let at = decisions.next(document.definitions.len());
    match &mut document.definitions[at] {
        Definition::DirectiveDefinition(directive) => {
            let directive = directive.make_mut();
            break_inputs(&mut directive.arguments, decisions);
        }
        Definition::ObjectTypeDefinition(object) => {
            let object = object.make_mut();
            if decisions.next(4) == 0 && !object.implements_interfaces.is_empty() {
                let at = decisions.next(object.implements_interfaces.len());
                object.implements_interfaces.remove(at);
            } else {
                break_fields(&mut object.fields, decisions);
            }
        }
        Definition::InterfaceTypeDefinition(interface) => {
            break_fields(&mut interface.make_mut().fields, decisions);
        }
        Definition::UnionTypeDefinition(union_) => {
            let members = &mut union_.make_mut().members;
            members.remove(decisions.next(members.len()));
        }
        Definition::EnumTypeDefinition(enum_) => {
            let values = &mut enum_.make_mut().values;
            values.remove(decisions.next(values.len()));
        }
        Definition::InputObjectTypeDefinition(input) => {
            break_inputs(&mut input.make_mut().fields, decisions);
        }
        _ => {}
    }
}

fn break_fields(fields: &mut Vec<Node<FieldDefinition>>, decisions: &mut Decisions<'_>) {
    let at = decisions.next(fields.len());
    match decisions.next(2) {
        0 => {
            fields.remove(at);
        }
        _ => break_inputs(&mut fields[at].make_mut().arguments, decisions),
    }
}

/// Removes one, requires one, or adds a required one.
fn break_inputs(inputs: &mut Vec<Node<InputValueDefinition>>, decisions: &mut Decisions<'_>) {
    let at = decisions.next(inputs.len());
    match decisions.next(3) {
        0 if !inputs.is_empty() => {
            inputs.remove(at);
        }
        1 if !inputs.is_empty() => {
            let input = inputs[at].make_mut();
            input.ty = Node::new(input.ty.as_ref().clone().non_null());
            input.default_value = None;
        }
        _ => inputs.push(Node::new(InputValueDefinition {
            description: None,
            name: Name::new("must").expect("a name"),
            ty: Node::new(Type::Named(Name::new("Int").expect("a name")).non_null()),
            default_value: None,
            directives: Default::default(),
        })),
    }
}

/// The graph with up to `count` things broken.
fn broken(bytes: &[u8], count: usize) -> ApiSchema {
    let mut decisions = Decisions(bytes.iter());
    let mut document = Document::parse(GRAPH, "graph").unwrap();
    for _ in 0..count {
        let mut attempt = document.clone();
        break_one(&mut attempt, &mut decisions);
        if attempt.to_schema_validate().is_ok() {
            document = attempt;
        }
    }
    schema(&document.to_string())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_schema_equals_itself(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
        let one = broken(&bytes, 12);
        prop_assert_eq!(compare(&one, &one), []);
        prop_assert_eq!(compare(&one, &schema(&one.sdl())), []);
    }

    #[test]
    fn an_operation_is_named_exactly_if_it_is_no_longer_valid(
        breaks in prop::collection::vec(any::<u8>(), 4..60),
        queries in prop::collection::vec(prop::collection::vec(any::<u8>(), 1..120), 1..12),
    ) {
        let (old, new) = (schema(GRAPH), broken(&breaks, 6));
        let files: Vec<_> = queries
            .iter()
            .enumerate()
            .map(|(index, bytes)| (format!("{index}.graphql"), operation(old.schema(), bytes)))
            .collect();
        let files: Vec<_> = files.iter().map(|(file, text)| (file.as_str(), text.as_str())).collect();
        let report = Report::new(&old, &new, &operations(&files)).unwrap();

        let named: BTreeSet<_> = report
            .changes
            .iter()
            .filter(|reported| reported.change.severity() == Severity::Breaking)
            .flat_map(|reported| &reported.operations)
            .filter(|touched| touched.effect == Effect::Text)
            .map(|touched| touched.file.as_str())
            .collect();
        let refused: BTreeSet<_> =
            report.no_longer_valid.iter().map(|found| found.file.as_str()).collect();
        prop_assert_eq!(&named, &refused, "{}\n{:#?}\n{:#?}", report.text(), files, report.no_longer_valid);
    }

    #[test]
    fn what_is_broken_is_reported(bytes in prop::collection::vec(any::<u8>(), 4..60)) {
        let (old, new) = (schema(GRAPH), broken(&bytes, 6));
        let changes = compare(&old, &new);
        let is_same = old.sdl() == new.sdl();
        prop_assert_eq!(changes.is_empty(), is_same);
        prop_assert!(is_same || changes.iter().any(|change| change.severity() == Severity::Breaking));
    }
}
