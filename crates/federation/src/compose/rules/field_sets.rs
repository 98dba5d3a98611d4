//! The field sets of `@key`, `@requires` and `@provides`: where they are, and what they select.

use std::collections::BTreeSet;

use apollo_compiler::Name;
use apollo_compiler::ast::{Field, Selection, Value};

use crate::compose::codes::{self, Code};
use crate::compose::error::Findings;
use crate::compose::subgraph::{Applied, Kind, Subgraph};
use crate::supergraph::model::FieldSet;

/// Which directive a field set belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::compose) enum Purpose {
    Key,
    Requires,
    Provides,
}

/// One field set of a subgraph.
pub(in crate::compose) struct Use<'a> {
    pub(in crate::compose) purpose: Purpose,
    /// The type the selections are on.
    pub(in crate::compose) base: Name,
    /// The type or field that bears the directive.
    pub(in crate::compose) bearer: String,
    pub(in crate::compose) applied: &'a Applied,
    /// The text without outer braces; `None` if it is no string.
    pub(in crate::compose) text: Option<&'a str>,
    /// `None` if the text is no field set.
    pub(in crate::compose) selections: Option<Vec<Selection>>,
}

/// All field sets of a subgraph.
pub(in crate::compose) fn uses(subgraph: &Subgraph) -> Vec<Use<'_>> {
    let mut uses = Vec::new();
    for (name, ty) in &subgraph.types {
        for applied in ty.described.all("key") {
            uses.push(new_use(Purpose::Key, name, name.to_string(), applied));
        }
        for (field_name, field) in &ty.fields {
            let bearer = format!("{name}.{field_name}");
            for applied in field.described.all("requires") {
                uses.push(new_use(Purpose::Requires, name, bearer.clone(), applied));
            }
            for applied in field.described.all("provides") {
                let base = field.ty.inner_named_type();
                uses.push(new_use(Purpose::Provides, base, bearer.clone(), applied));
            }
        }
    }
    uses
}

fn new_use<'a>(purpose: Purpose, base: &Name, bearer: String, applied: &'a Applied) -> Use<'a> {
    let text = match applied.argument("fields") {
        Some(Value::String(text)) => Some(without_braces(text)),
        _ => None,
    };
    Use {
        purpose,
        base: base.clone(),
        bearer,
        applied,
        text,
        selections: text.and_then(FieldSet::parse).map(|set| set.selections),
    }
}

/// Some write field sets with braces around them.
pub(in crate::compose) fn without_braces(text: &str) -> &str {
    let text = text.trim();
    text.strip_prefix('{')
        .and_then(|text| text.strip_suffix('}'))
        .map_or(text, str::trim)
}

/// Calls back for every field selected, with the type it is on; fields of interfaces also for
/// the types that implement them.
pub(in crate::compose) fn visit(
    subgraph: &Subgraph,
    base: &Name,
    selections: &[Selection],
    found: &mut impl FnMut(&Name, &Name),
) {
    for selection in selections {
        match selection {
            Selection::Field(field) => {
                found(base, &field.name);
                if subgraph.find(base, Kind::Interface).is_some() {
                    for ty in subgraph.possible_types(base) {
                        found(ty, &field.name);
                    }
                }
                if let Some(definition) = subgraph.field(base, &field.name) {
                    let target = definition.ty.inner_named_type();
                    visit(subgraph, target, &field.selection_set, found);
                }
            }
            Selection::InlineFragment(fragment) => {
                let base = fragment.type_condition.as_ref().unwrap_or(base);
                visit(subgraph, base, &fragment.selection_set, found);
            }
            Selection::FragmentSpread(_) => {}
        }
    }
}

/// The (type, field) pairs in field sets of some purposes.
pub(in crate::compose) fn used_fields(
    subgraph: &Subgraph,
    is_wanted: impl Fn(&Use<'_>) -> bool,
) -> BTreeSet<(Name, Name)> {
    let mut used = BTreeSet::new();
    for found in uses(subgraph).iter().filter(|found| is_wanted(found)) {
        if let Some(selections) = &found.selections {
            visit(subgraph, &found.base, selections, &mut |ty, field| {
                used.insert((ty.clone(), field.clone()));
            });
        }
    }
    used
}

/// The codes that go with a purpose.
struct Codes {
    not_text: Code,
    invalid: Code,
    has_arguments: Option<Code>,
    has_directives: Code,
}

fn codes_of(purpose: Purpose) -> Codes {
    match purpose {
        Purpose::Key => Codes {
            not_text: codes::KEY_INVALID_FIELDS_TYPE,
            invalid: codes::KEY_INVALID_FIELDS,
            has_arguments: Some(codes::KEY_FIELDS_HAS_ARGS),
            has_directives: codes::KEY_DIRECTIVE_IN_FIELDS_ARG,
        },
        Purpose::Requires => Codes {
            not_text: codes::REQUIRES_INVALID_FIELDS_TYPE,
            invalid: codes::REQUIRES_INVALID_FIELDS,
            has_arguments: None,
            has_directives: codes::REQUIRES_DIRECTIVE_IN_FIELDS_ARG,
        },
        Purpose::Provides => Codes {
            not_text: codes::PROVIDES_INVALID_FIELDS_TYPE,
            invalid: codes::PROVIDES_INVALID_FIELDS,
            has_arguments: Some(codes::PROVIDES_FIELDS_HAS_ARGS),
            has_directives: codes::PROVIDES_DIRECTIVE_IN_FIELDS_ARG,
        },
    }
}

impl Purpose {
    pub(in crate::compose) fn directive(self) -> &'static str {
        match self {
            Self::Key => "key",
            Self::Requires => "requires",
            Self::Provides => "provides",
        }
    }
}

/// Whether a field set selects what is there; reports what is wrong with it otherwise.
pub(super) fn is_sound(subgraph: &Subgraph, found: &Use<'_>, findings: &mut Findings) -> bool {
    let codes = codes_of(found.purpose);
    let problem = match (found.text, &found.selections) {
        (None, _) => Some((
            codes.not_text,
            "the argument `fields` is no string".to_owned(),
        )),
        (Some(text), None) => Some((codes.invalid, format!("`{text}` is not a field set"))),
        (Some(_), Some(selections)) => problem(subgraph, &codes, &found.base, selections),
    };
    let Some((code, message)) = problem else {
        return true;
    };
    report(subgraph, found, code, &message, findings);
    false
}

/// Reports a problem with a field set.
pub(super) fn report(
    subgraph: &Subgraph,
    found: &Use<'_>,
    code: Code,
    message: &str,
    findings: &mut Findings,
) {
    let place = subgraph.place(found.applied.at());
    let shown = found
        .text
        .map(|text| format!("(fields: \"{text}\")"))
        .unwrap_or_default();
    findings.error(
        code,
        format!(
            "`@{}{shown}` on `{}`: {message}",
            found.purpose.directive(),
            found.bearer
        ),
        vec![place],
    );
}

fn problem(
    subgraph: &Subgraph,
    codes: &Codes,
    base: &Name,
    selections: &[Selection],
) -> Option<(Code, String)> {
    if selections.is_empty() {
        return Some((codes.invalid, "it selects nothing".to_owned()));
    }
    for selection in selections {
        let found = match selection {
            Selection::Field(field) => field_problem(subgraph, codes, base, field),
            Selection::InlineFragment(fragment) => {
                if !fragment.directives.is_empty() {
                    Some((codes.has_directives, "it has directives".to_owned()))
                } else {
                    let inner = fragment.type_condition.as_ref().unwrap_or(base);
                    if !overlaps(subgraph, base, inner) {
                        Some((codes.invalid, format!("a `{base}` is never a `{inner}`")))
                    } else {
                        problem(subgraph, codes, inner, &fragment.selection_set)
                    }
                }
            }
            Selection::FragmentSpread(_) => Some((
                codes.invalid,
                "named fragments do not exist here".to_owned(),
            )),
        };
        if found.is_some() {
            return found;
        }
    }
    None
}

fn overlaps(subgraph: &Subgraph, a: &Name, b: &Name) -> bool {
    let Some(ty) = subgraph.types.get(b) else {
        return false;
    };
    if a == b || ty.kind == Kind::Interface {
        return ty.kind.is_composite();
    }
    let others = subgraph.possible_types(b);
    subgraph
        .possible_types(a)
        .iter()
        .any(|name| others.contains(name))
}

fn field_problem(
    subgraph: &Subgraph,
    codes: &Codes,
    base: &Name,
    field: &Field,
) -> Option<(Code, String)> {
    if field.name == "__typename" {
        return None;
    }
    if !field.directives.is_empty() {
        return Some((codes.has_directives, "it has directives".to_owned()));
    }
    if field.alias.is_some() {
        return Some((codes.invalid, format!("`{}` has an alias", field.name)));
    }
    let Some(definition) = subgraph.field(base, &field.name) else {
        return Some((
            codes.invalid,
            format!("`{base}` has no field `{}`", field.name),
        ));
    };
    let coordinate = format!("{base}.{}", field.name);
    if let Some(code) = codes.has_arguments
        && !definition.arguments.is_empty()
    {
        return Some((code, format!("`{coordinate}` has arguments")));
    }
    for argument in &field.arguments {
        if !definition.arguments.contains_key(&argument.name) {
            return Some((
                codes.invalid,
                format!("`{coordinate}` has no argument `{}`", argument.name),
            ));
        }
    }
    for (name, argument) in &definition.arguments {
        let is_given = field.arguments.iter().any(|given| given.name == *name);
        if argument.ty.is_non_null() && argument.default.is_none() && !is_given {
            return Some((
                codes.invalid,
                format!("the argument `{name}` of `{coordinate}` is missing"),
            ));
        }
    }
    let target = definition.ty.inner_named_type();
    let is_composite = subgraph
        .types
        .get(target)
        .is_some_and(|ty| ty.kind.is_composite());
    match (is_composite, field.selection_set.is_empty()) {
        (true, true) => Some((
            codes.invalid,
            format!("`{coordinate}` needs a selection of its fields"),
        )),
        (false, false) => Some((codes.invalid, format!("`{coordinate}` has no fields"))),
        (true, false) => problem(subgraph, codes, target, &field.selection_set),
        (false, true) => None,
    }
}
