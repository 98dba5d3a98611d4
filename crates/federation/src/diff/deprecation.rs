//! The convention of deprecations: the reason begins with the day from which on it may be removed.
//!
//! `@deprecated(reason: "2027-01-31: use `total`.")`

use apollo_compiler::ast::{DirectiveList, InputValueDefinition};
use apollo_compiler::coordinate::{
    DirectiveArgumentCoordinate, SchemaCoordinate, TypeAttributeCoordinate,
};
use apollo_compiler::schema::ExtendedType;
use chrono::NaiveDate;

use super::ApiSchema;

/// What a reason of `@deprecated` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deprecation {
    /// The day from which on it may be removed.
    pub removal: NaiveDate,
    /// What to use instead, and why.
    pub text: String,
}

impl Deprecation {
    /// Reads `2027-01-31: use x.`; `None` if the day or the text is missing.
    pub fn read(reason: &str) -> Option<Self> {
        let (day, text) = reason.split_once(':')?;
        let text = text.trim();
        (!text.is_empty()).then_some(Self {
            removal: read_date(day)?,
            text: text.to_owned(),
        })
    }
}

/// A deprecation whose reason does not begin with a day.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, serde::Serialize)]
#[error(
    "`{coordinate}` is deprecated without a date: write \"2027-01-31: what to use instead\", the day \
     being the first on which it may be removed, instead of {reason:?}"
)]
pub struct UndatedDeprecation {
    /// What is deprecated.
    pub coordinate: String,
    /// What the reason says instead.
    pub reason: String,
}

impl UndatedDeprecation {
    /// Its stable code.
    pub fn code(&self) -> &'static str {
        "UNDATED_DEPRECATION"
    }
}

/// All deprecations that do not say from when on the thing may be removed, by coordinate.
pub fn undated_deprecations(api: &ApiSchema) -> Vec<UndatedDeprecation> {
    let schema = api.schema();
    let mut found = Vec::new();
    for (ty, definition) in &schema.types {
        if definition.is_built_in() {
            continue;
        }
        let fields = match definition {
            ExtendedType::Object(object) => &object.fields,
            ExtendedType::Interface(interface) => &interface.fields,
            ExtendedType::InputObject(input) => {
                for (name, field) in &input.fields {
                    check(attribute(ty, name), &field.directives, &mut found);
                }
                continue;
            }
            ExtendedType::Enum(enum_) => {
                for (name, value) in &enum_.values {
                    check(attribute(ty, name), &value.directives, &mut found);
                }
                continue;
            }
            ExtendedType::Scalar(_) | ExtendedType::Union(_) => continue,
        };
        for (name, field) in fields {
            let coordinate = attribute(ty, name);
            for argument in &field.arguments {
                let argument_coordinate = coordinate.with_argument(argument.name.clone());
                check(argument_coordinate, &argument.directives, &mut found);
            }
            check(coordinate, &field.directives, &mut found);
        }
    }
    for (directive, definition) in &schema.directive_definitions {
        for argument in &definition.arguments {
            let InputValueDefinition {
                name, directives, ..
            } = &**argument;
            let coordinate = DirectiveArgumentCoordinate {
                directive: directive.clone(),
                argument: name.clone(),
            };
            check(coordinate, directives, &mut found);
        }
    }
    found.sort_by(|one, other| one.coordinate.cmp(&other.coordinate));
    found
}

fn attribute(ty: &apollo_compiler::Name, name: &apollo_compiler::Name) -> TypeAttributeCoordinate {
    TypeAttributeCoordinate {
        ty: ty.clone(),
        attribute: name.clone(),
    }
}

fn check(
    coordinate: impl Into<SchemaCoordinate>,
    directives: &DirectiveList,
    found: &mut Vec<UndatedDeprecation>,
) {
    if let Some(reason) = reason(directives)
        && Deprecation::read(&reason).is_none()
    {
        found.push(UndatedDeprecation {
            coordinate: coordinate.into().to_string(),
            reason,
        });
    }
}

/// Why it is deprecated; `None` if it is not.
pub(super) fn reason(directives: &DirectiveList) -> Option<String> {
    let deprecated = directives.get("deprecated")?;
    let reason = deprecated
        .specified_argument_by_name("reason")
        .and_then(|value| value.as_str());
    Some(reason.unwrap_or("No longer supported").to_owned())
}

/// Reads a day, `2027-01-31` and nothing looser.
pub(super) fn read_date(text: &str) -> Option<NaiveDate> {
    let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
    (day.to_string() == text).then_some(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_begins_with_a_day_of_the_calendar() {
        let read = Deprecation::read("2028-02-29: use `total`.");
        assert_eq!(
            read.map(|found| (found.removal.to_string(), found.text)),
            Some(("2028-02-29".to_owned(), "use `total`.".to_owned()))
        );
        for wrong in [
            "",
            "use `total`.",
            "2027-02-29: use `total`.",
            "2027-2-1: use `total`.",
            "2027-01-31",
            "2027-01-31: ",
            "31.01.2027: use `total`.",
            "No longer supported",
        ] {
            assert_eq!(Deprecation::read(wrong), None, "{wrong}");
        }
    }
}
