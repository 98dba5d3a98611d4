//! Numbers that do not fit GraphQL's own.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};

/// What front ends read about `DateTime`; every subgraph sets it with
/// `SchemaBuilder::override_output_type_description`, as the library's own text speaks of Rust.
pub const DATE_TIME_DESCRIPTION: &str =
    "A moment in time, written as RFC 3339 in UTC, for example `\"2026-01-31T09:30:00Z\"`.";

/// An integer of up to 64 bits, written as a string, for example `"125000"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BigInt(pub i64);

/// An integer of up to 64 bits, written as a string because many clients lose digits of large JSON
/// numbers.
#[Scalar]
impl ScalarType for BigInt {
    fn parse(value: Value) -> InputValueResult<Self> {
        match &value {
            Value::String(text) => Ok(Self(text.parse()?)),
            Value::Number(number) => number
                .as_i64()
                .map(Self)
                .ok_or_else(|| InputValueError::expected_type(value)),
            _ => Err(InputValueError::expected_type(value)),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

/// A decimal number written as a string, for example `"12.50"`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decimal(pub String);

/// A decimal number, written as a string so that no digit is lost, for example `"12.50"`.
#[Scalar]
impl ScalarType for Decimal {
    fn parse(value: Value) -> InputValueResult<Self> {
        match &value {
            Value::String(text) => Ok(Self(text.clone())),
            _ => Err(InputValueError::expected_type(value)),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.clone())
    }
}
