//! Ids. Stable across imports, compared without regard to case (OCPI's `CiString`), so links and
//! favourites never break.

use core::fmt;
use serde::{Deserialize, Serialize};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Box<str>);

        impl $name {
            /// Takes the id, case folded to lower case and trimmed.
            pub fn new(id: &str) -> Self {
                Self(id.trim().to_lowercase().into_boxed_str())
            }

            /// The id as text, in lower case.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id!(
    /// A location's id: `{country}-{party}-{id}` for OCPI-like sources, `x-{source}-{id}` otherwise.
    LocationId
);
id!(
    /// OCPI's `Evse.uid`: unique within its platform. Not `evse_id`, which is the eMI3 id on the sticker.
    EvseUid
);
id!(
    /// A connector's id, unique within its EVSE.
    ConnectorId
);
id!(
    /// An operator's id.
    OperatorId
);
id!(
    /// A tariff's id.
    TariffId
);
id!(
    /// A data source's id.
    SourceId
);

impl LocationId {
    /// `{country}-{party}-{id}`.
    pub fn from_party(country: &str, party: &str, id: &str) -> Self {
        Self::new(&format!(
            "{}-{}-{}",
            country.trim(),
            party.trim(),
            id.trim()
        ))
    }

    /// `x-{source}-{id}`, for sources without country and party.
    pub fn from_source(source: &SourceId, id: &str) -> Self {
        Self::new(&format!("x-{source}-{}", id.trim()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_fold_case() {
        assert_eq!(
            LocationId::from_party("CN", "ZJQ", " NJ-01 ").as_str(),
            "cn-zjq-nj-01"
        );
        assert_eq!(
            LocationId::from_source(&SourceId::new("Demo"), "A7").as_str(),
            "x-demo-a7"
        );
    }
}
