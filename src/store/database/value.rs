//! What stands in a column.

use super::StoreError;

/// A value of either server.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::store) enum Value {
    Null,
    Integer(i64),
    Real(f64),
    Text(String),
    Bytes(Vec<u8>),
}

/// The columns of one row, each taken once.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::store) struct Row {
    pub(super) columns: Vec<Value>,
    pub(super) place: String,
}

impl Row {
    /// Takes the value of a column, counted from 0.
    ///
    /// # Errors
    /// When it is of another type: somebody else wrote the store.
    pub(in crate::store) fn take<T: FromValue>(&mut self, column: usize) -> Result<T, StoreError> {
        let value =
            self.columns.get_mut(column).map_or(Value::Null, |value| std::mem::replace(value, Value::Null));
        T::from_value(value).map_err(|value| {
            let cause = format!("column {} of a query holds {value:?}", column + 1);
            StoreError::new(
                &self.place,
                cause,
                "the store was changed by another program: take it from a backup",
            )
        })
    }
}

/// What a column may be read as; the value back where it does not fit.
pub(in crate::store) trait FromValue: Sized {
    fn from_value(value: Value) -> Result<Self, Value>;
}

/// Both ways between a Rust type and its kind of value.
macro_rules! convertible {
    ($($kind:ident($type:ty)),*) => {$(
        impl From<$type> for Value {
            fn from(value: $type) -> Self { Self::$kind(value) }
        }
        impl FromValue for $type {
            fn from_value(value: Value) -> Result<Self, Value> {
                match value { Value::$kind(value) => Ok(value), other => Err(other) }
            }
        }
    )*};
}
convertible!(Integer(i64), Real(f64), Text(String), Bytes(Vec<u8>));

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<&String> for Value {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

/// Counts are far below what the tables hold.
macro_rules! countable {
    ($($type:ty),*) => {$(
        impl From<$type> for Value {
            fn from(count: $type) -> Self { Self::Integer(i64::try_from(count).unwrap_or(i64::MAX)) }
        }
    )*};
}
countable!(usize, u64, u32);

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Integer(i64::from(flag))
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl FromValue for bool {
    fn from_value(value: Value) -> Result<Self, Value> {
        i64::from_value(value).map(|number| number != 0)
    }
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: Value) -> Result<Self, Value> {
        if value == Value::Null { Ok(None) } else { T::from_value(value).map(Some) }
    }
}
