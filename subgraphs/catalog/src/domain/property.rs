//! Names with values: the attributes of a product and the options of a variant.

use serde::{Deserialize, Serialize};

use super::text;
use crate::CatalogError;

/// The most attributes or options.
pub(crate) const MAX_PROPERTIES: usize = 50;

/// A name with a value, for example `color` and `Indigo`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Property {
    pub(crate) name: String,
    pub(crate) value: String,
}

/// Trims and checks a list; no name may come twice.
pub(crate) fn check(field: &str, properties: Vec<Property>) -> Result<Vec<Property>, CatalogError> {
    if properties.len() > MAX_PROPERTIES {
        return Err(CatalogError::LimitExceeded {
            field: field.to_owned(),
            max: MAX_PROPERTIES,
        });
    }
    let mut checked: Vec<Property> = Vec::with_capacity(properties.len());
    for (index, property) in properties.into_iter().enumerate() {
        let name = text::line(&format!("{field}.{index}.name"), &property.name, 50)?;
        let value = text::line(&format!("{field}.{index}.value"), &property.value, 200)?;
        if checked.iter().any(|other| other.name == name) {
            return Err(CatalogError::invalid(
                &format!("{field}.{index}.name"),
                "is given twice",
            ));
        }
        checked.push(Property { name, value });
    }
    Ok(checked)
}

/// The list as a database column.
pub(crate) fn to_json(properties: &[Property]) -> String {
    serde_json::to_string(properties).expect("names and values are plain text")
}

/// The list in a database column.
pub(crate) fn from_json(json: &str) -> Vec<Property> {
    serde_json::from_str(json).expect("the column is only written by to_json")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn property(name: &str, value: &str) -> Property {
        Property {
            name: name.to_owned(),
            value: value.to_owned(),
        }
    }

    #[test]
    fn lists_are_trimmed_and_round_trip() {
        let checked = check(
            "options",
            vec![property(" size ", "M"), property("color", "Indigo ")],
        )
        .expect("fine");
        assert_eq!(
            checked,
            [property("size", "M"), property("color", "Indigo")]
        );
        assert_eq!(from_json(&to_json(&checked)), checked);
    }

    #[test]
    fn the_bad_entry_is_named() {
        let error =
            check("options", vec![property("size", "M"), property("", "x")]).expect_err("no name");
        assert_eq!(error.field(), Some("options.1.name"));
        let error =
            check("options", vec![property("a", "x"), property("a", "y")]).expect_err("twice");
        assert_eq!(error.field(), Some("options.1.name"));
        let many = (0..51)
            .map(|index| property(&index.to_string(), "x"))
            .collect();
        assert_eq!(
            check("options", many).expect_err("too many").code(),
            "LIMIT_EXCEEDED"
        );
    }
}
