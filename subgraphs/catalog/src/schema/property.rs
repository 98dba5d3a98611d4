use async_graphql::{InputObject, SimpleObject};

use crate::domain::property;

/// A name with a value, for example `size` and `M`.
#[derive(Debug, Clone, PartialEq, Eq, SimpleObject)]
pub(crate) struct Property {
    /// The name, for example `size`.
    name: String,
    /// The value, for example `M`.
    value: String,
}

/// A name with a value, for example `size` and `M`.
#[derive(Debug, Clone, PartialEq, Eq, InputObject)]
pub(crate) struct PropertyInput {
    /// The name, 1 to 50 characters; each name only once.
    name: String,
    /// The value, 1 to 200 characters.
    value: String,
}

/// The properties in a database column.
pub(super) fn from_json(json: &str) -> Vec<Property> {
    property::from_json(json)
        .into_iter()
        .map(|property| Property {
            name: property.name,
            value: property.value,
        })
        .collect()
}

/// The properties as the domain takes them.
pub(super) fn into_domain(properties: Vec<PropertyInput>) -> Vec<property::Property> {
    properties
        .into_iter()
        .map(|property| property::Property {
            name: property.name,
            value: property.value,
        })
        .collect()
}
