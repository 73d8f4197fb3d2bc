//! What is wrong with the fields of a body, and combining the results of several fields.

const NON_FIELD: &str = "non_field_errors";

/// What is wrong with a body, field by field in the order of declaration. DRF's 400.
#[derive(Clone, Debug, Default, PartialEq, thiserror::Error)]
#[error("some fields are not valid")]
pub struct FieldErrors(Vec<(String, Vec<String>)>);

impl FieldErrors {
    /// One error about the body as a whole.
    pub(crate) fn non_field(message: impl Into<String>) -> Self {
        Self::one(NON_FIELD, message)
    }

    /// One error of one field.
    pub(crate) fn one(field: &str, message: impl Into<String>) -> Self {
        Self(vec![(field.to_owned(), vec![message.into()])])
    }

    /// Adds a message after those that the field has.
    fn add(&mut self, field: &str, message: impl Into<String>) {
        match self.0.iter_mut().find(|(name, _)| name == field) {
            Some((_, messages)) => messages.push(message.into()),
            None => self.0.push((field.to_owned(), vec![message.into()])),
        }
    }

    /// Adds all messages of another list.
    pub(crate) fn extend(&mut self, other: Self) {
        for (field, messages) in other.0 {
            for message in messages {
                self.add(&field, message);
            }
        }
    }

    /// `Ok` if there is no error.
    pub(crate) fn into_result(self) -> Result<(), Self> {
        if self.0.is_empty() { Ok(()) } else { Err(self) }
    }

    /// The body of the answer: `{"field": ["message", …], …}`.
    pub(crate) fn to_json(&self) -> serde_json::Value {
        let fields = self.0.iter().map(|(field, messages)| (field.clone(), messages.clone().into()));
        serde_json::Value::Object(fields.collect())
    }
}

/// From field names and messages.
impl<F: AsRef<str>, M: Into<String>> FromIterator<(F, M)> for FieldErrors {
    fn from_iter<I: IntoIterator<Item = (F, M)>>(messages: I) -> Self {
        let mut errors = Self::default();
        for (field, message) in messages {
            errors.add(field.as_ref(), message);
        }
        errors
    }
}

/// The results of several fields: all values, or the errors of all fields.
pub(crate) trait Together {
    /// A tuple of the values.
    type Values;

    /// Combines them. Errors are listed in the order of the tuple.
    fn together(self) -> Result<Self::Values, FieldErrors>;
}

macro_rules! together {
    ($($value:ident: $T:ident),+) => {
        impl<$($T),+> Together for ($(Result<$T, FieldErrors>,)+) {
            type Values = ($($T,)+);

            fn together(self) -> Result<Self::Values, FieldErrors> {
                match self {
                    ($(Ok($value),)+) => Ok(($($value,)+)),
                    ($($value,)+) => {
                        let mut errors = FieldErrors::default();
                        $(errors.extend($value.err().unwrap_or_default());)+
                        Err(errors)
                    }
                }
            }
        }
    };
}

together!(a: A, b: B);
together!(a: A, b: B, c: C);
together!(a: A, b: B, c: C, d: D);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_values_or_all_errors_come_out() {
        let error = |field, message| Err::<u8, _>(FieldErrors::one(field, message));
        assert_eq!((Ok(1), Ok("two")).together(), Ok((1, "two")));
        assert_eq!((Ok(1), error("b", "1"), Ok(3)).together(), Err(FieldErrors::one("b", "1")));
        let expected = [("b", "1"), ("a", "2"), ("b", "3")].into_iter().collect();
        assert_eq!((error("b", "1"), error("a", "2"), error("b", "3")).together(), Err(expected));
    }

    #[test]
    fn the_json_lists_the_messages_of_each_field() {
        let errors: FieldErrors = [("b", "1"), ("a", "2"), ("b", "3")].into_iter().collect();
        assert_eq!(errors.to_json().to_string(), r#"{"b":["1","3"],"a":["2"]}"#);
        assert!(FieldErrors::default().into_result().is_ok());
    }
}
