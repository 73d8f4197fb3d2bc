//! A boolean that may be missing because the request changes a part of what there is (`partial=True`).

use crate::api::drf::body::boolean;
use crate::api::drf::body::field_errors::FieldErrors;
use crate::api::drf::body::fields::{BodyFields, DeclareFields, FieldKind, FieldSpec, ReadFields};

/// The field.
pub(crate) struct PartialSwitch(FieldSpec);

impl PartialSwitch {
    pub(crate) const fn new(name: &'static str, help: &'static str) -> Self {
        let spec = FieldSpec::required(name, FieldKind::Boolean, help);
        Self(FieldSpec { is_required: false, ..spec })
    }
}

impl DeclareFields for PartialSwitch {
    fn specs(&self) -> Vec<FieldSpec> {
        vec![self.0]
    }
}

impl ReadFields for PartialSwitch {
    type Values = Option<bool>;

    fn read(&self, body: &BodyFields<'_>) -> Result<Option<bool>, FieldErrors> {
        let value = body.value(self.0.name).map(boolean::read).transpose();
        value.map_err(|message| FieldErrors::one(self.0.name, message))
    }
}
