//! What the table becomes: typed functions, and the call by name.

use std::sync::Arc;

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::{app::App, errors, ops, types::*};

/// What an operation needs, from least to most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// Nobody needs to have unlocked.
    Anyone,
    /// Any person.
    Read,
    /// Someone who makes cases and runs samples.
    Work,
    /// Someone who decides on variants and reports.
    Decide,
    /// Someone who looks after the workstation.
    Administer,
}

impl Need {
    /// Whether a role covers it.
    pub fn is_met_by(self, role: Role) -> bool {
        let reach = match role {
            Role::Viewer => Self::Read,
            Role::Technician => Self::Work,
            Role::Clinician => Self::Decide,
            Role::Admin => Self::Administer,
        };
        self <= reach
    }
}

/// Reads the input of an operation. serde's own words repeat values, and a value may be a patient's name.
fn input<T: DeserializeOwned>(name: &str, value: Value) -> Result<T, ApiError> {
    serde_json::from_value(value).map_err(|error| {
        let text = error.to_string();
        let field = text
            .strip_prefix("missing field `")
            .and_then(|rest| rest.split('`').next())
            .map(str::to_owned);
        let what = match field {
            Some(_) => format!("the input of {name} lacks a field"),
            None => format!("the input of {name} has not the form that it must have"),
        };
        ApiError {
            code: ErrorCode::InvalidInput,
            message: what,
            place: field,
            hint: Some("the window and the program may be of different versions: start Clinotype again".to_owned()),
        }
    })
}

fn output<T: Serialize>(value: &T) -> Result<Value, ApiError> {
    serde_json::to_value(value).map_err(|_| errors::internal("an answer cannot be written as JSON"))
}

macro_rules! act {
    (Anyone, $app:ident, $input:ident, $module:ident, $function:ident) => {
        ops::$module::$function($app, $input)
    };
    ($need:ident, $app:ident, $input:ident, $module:ident, $function:ident) => {{
        let session = $app.session(Need::$need)?;
        ops::$module::$function($app, &session, $input)
    }};
}

/// Permission comes before the input is read: who may not do a thing learns nothing of its form.
fn permit(app: &App, need: Need) -> Result<(), ApiError> {
    if need == Need::Anyone {
        return Ok(());
    }
    app.session(need).map(|_| ())
}

macro_rules! make {
    ($($name:ident : $input:ty => $output:ty [$need:ident, $module:ident :: $function:ident];)*) => {
        /// Names and needs of every operation, in the order of the table.
        pub const OPERATIONS: &[(&str, Need)] = &[$((stringify!($name), Need::$need)),*];

        /// Names of every operation, in the order of the table.
        pub const NAMES: &[&str] = &[$(stringify!($name)),*];

        /// Does an operation by its name, JSON in and out.
        ///
        /// Errors: as the operation's; `not_found` for a name that the table does not hold; `invalid_input` for JSON of
        /// another form, in words that repeat no value.
        pub fn call(app: &Arc<App>, name: &str, value: Value) -> Result<Value, ApiError> {
            match name {
                $(stringify!($name) => {
                    permit(app, Need::$need)?;
                    output(&$name(app, input(name, value)?)?)
                })*
                _ => Err(errors::not_found("operation")),
            }
        }

        $(
            #[doc = concat!("The operation `", stringify!($name), "`; needs [`Need::", stringify!($need), "`].")]
            pub fn $name(app: &Arc<App>, input: $input) -> Result<$output, ApiError> {
                act!($need, app, input, $module, $function)
            }
        )*
    };
}

crate::operations!(make);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_reach_as_far_as_agreed() {
        use Need::{Administer, Anyone, Decide, Read, Work};
        for (role, reach) in [
            (Role::Viewer, &[Anyone, Read][..]),
            (Role::Technician, &[Anyone, Read, Work]),
            (Role::Clinician, &[Anyone, Read, Work, Decide]),
            (Role::Admin, &[Anyone, Read, Work, Decide, Administer]),
        ] {
            for need in [Anyone, Read, Work, Decide, Administer] {
                assert_eq!(need.is_met_by(role), reach.contains(&need), "{role:?} {need:?}");
            }
        }
    }

    #[test]
    fn a_wrong_input_is_named_without_its_value() {
        let error = input::<CaseInput>("case", serde_json::json!({"case": {"Jane": "Doe"}})).unwrap_err();
        assert_eq!(error.code, ErrorCode::InvalidInput);
        assert!(!format!("{error:?}").contains("Doe"));
        let error = input::<CaseInput>("case", serde_json::json!({"case": "x", "Jane Doe": 1})).unwrap_err();
        assert!(!format!("{error:?}").contains("Jane"));
        let error = input::<CaseInput>("case", serde_json::json!({})).unwrap_err();
        assert_eq!(error.place.as_deref(), Some("case"));
    }
}
