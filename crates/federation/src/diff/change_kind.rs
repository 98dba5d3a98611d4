//! The kinds of changes: how bad each is, and what to do instead.

use super::Severity;

/// What kind of difference it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is named for what it is")]
pub enum ChangeKind {
    TypeRemoved,
    TypeAdded,
    TypeKindChanged,
    RootTypeChanged,
    RootTypeAdded,

    FieldRemoved,
    FieldAdded,
    FieldTypeChanged,
    FieldBecameNullable,
    FieldBecameNonNull,

    ArgumentRemoved,
    RequiredArgumentAdded,
    OptionalArgumentAdded,
    ArgumentTypeChanged,
    ArgumentBecameRequired,
    ArgumentRefusesNull,
    ArgumentAcceptsNull,
    ArgumentDefaultChanged,

    InputFieldRemoved,
    RequiredInputFieldAdded,
    OptionalInputFieldAdded,
    InputFieldTypeChanged,
    InputFieldBecameRequired,
    InputFieldRefusesNull,
    InputFieldAcceptsNull,
    InputFieldDefaultChanged,
    OneOfAdded,
    OneOfRemoved,

    EnumValueRemoved,
    EnumValueAdded,
    UnionMemberRemoved,
    UnionMemberAdded,
    InterfaceRemoved,
    InterfaceAdded,

    DirectiveRemoved,
    DirectiveAdded,
    DirectiveLocationRemoved,
    DirectiveLocationAdded,
    DirectiveNoLongerRepeatable,
    DirectiveBecameRepeatable,

    SpecifiedByChanged,
    DeprecationAdded,
    DeprecationRemoved,
    DeprecationChanged,
    DescriptionChanged,
}

impl ChangeKind {
    /// A stable code for each kind.
    pub fn code(self) -> &'static str {
        match self {
            Self::TypeRemoved => "TYPE_REMOVED",
            Self::TypeAdded => "TYPE_ADDED",
            Self::TypeKindChanged => "TYPE_KIND_CHANGED",
            Self::RootTypeChanged => "ROOT_TYPE_CHANGED",
            Self::RootTypeAdded => "ROOT_TYPE_ADDED",
            Self::FieldRemoved => "FIELD_REMOVED",
            Self::FieldAdded => "FIELD_ADDED",
            Self::FieldTypeChanged => "FIELD_TYPE_CHANGED",
            Self::FieldBecameNullable => "FIELD_BECAME_NULLABLE",
            Self::FieldBecameNonNull => "FIELD_BECAME_NON_NULL",
            Self::ArgumentRemoved => "ARGUMENT_REMOVED",
            Self::RequiredArgumentAdded => "REQUIRED_ARGUMENT_ADDED",
            Self::OptionalArgumentAdded => "OPTIONAL_ARGUMENT_ADDED",
            Self::ArgumentTypeChanged => "ARGUMENT_TYPE_CHANGED",
            Self::ArgumentBecameRequired => "ARGUMENT_BECAME_REQUIRED",
            Self::ArgumentRefusesNull => "ARGUMENT_REFUSES_NULL",
            Self::ArgumentAcceptsNull => "ARGUMENT_ACCEPTS_NULL",
            Self::ArgumentDefaultChanged => "ARGUMENT_DEFAULT_CHANGED",
            Self::InputFieldRemoved => "INPUT_FIELD_REMOVED",
            Self::RequiredInputFieldAdded => "REQUIRED_INPUT_FIELD_ADDED",
            Self::OptionalInputFieldAdded => "OPTIONAL_INPUT_FIELD_ADDED",
            Self::InputFieldTypeChanged => "INPUT_FIELD_TYPE_CHANGED",
            Self::InputFieldBecameRequired => "INPUT_FIELD_BECAME_REQUIRED",
            Self::InputFieldRefusesNull => "INPUT_FIELD_REFUSES_NULL",
            Self::InputFieldAcceptsNull => "INPUT_FIELD_ACCEPTS_NULL",
            Self::InputFieldDefaultChanged => "INPUT_FIELD_DEFAULT_CHANGED",
            Self::OneOfAdded => "ONE_OF_ADDED",
            Self::OneOfRemoved => "ONE_OF_REMOVED",
            Self::EnumValueRemoved => "ENUM_VALUE_REMOVED",
            Self::EnumValueAdded => "ENUM_VALUE_ADDED",
            Self::UnionMemberRemoved => "UNION_MEMBER_REMOVED",
            Self::UnionMemberAdded => "UNION_MEMBER_ADDED",
            Self::InterfaceRemoved => "INTERFACE_REMOVED",
            Self::InterfaceAdded => "INTERFACE_ADDED",
            Self::DirectiveRemoved => "DIRECTIVE_REMOVED",
            Self::DirectiveAdded => "DIRECTIVE_ADDED",
            Self::DirectiveLocationRemoved => "DIRECTIVE_LOCATION_REMOVED",
            Self::DirectiveLocationAdded => "DIRECTIVE_LOCATION_ADDED",
            Self::DirectiveNoLongerRepeatable => "DIRECTIVE_NO_LONGER_REPEATABLE",
            Self::DirectiveBecameRepeatable => "DIRECTIVE_BECAME_REPEATABLE",
            Self::SpecifiedByChanged => "SPECIFIED_BY_CHANGED",
            Self::DeprecationAdded => "DEPRECATION_ADDED",
            Self::DeprecationRemoved => "DEPRECATION_REMOVED",
            Self::DeprecationChanged => "DEPRECATION_CHANGED",
            Self::DescriptionChanged => "DESCRIPTION_CHANGED",
        }
    }

    /// What it does to clients.
    pub fn severity(self) -> Severity {
        match self {
            Self::TypeRemoved
            | Self::TypeKindChanged
            | Self::RootTypeChanged
            | Self::FieldRemoved
            | Self::FieldTypeChanged
            | Self::FieldBecameNullable
            | Self::ArgumentRemoved
            | Self::RequiredArgumentAdded
            | Self::ArgumentTypeChanged
            | Self::ArgumentBecameRequired
            | Self::ArgumentRefusesNull
            | Self::InputFieldRemoved
            | Self::RequiredInputFieldAdded
            | Self::InputFieldTypeChanged
            | Self::InputFieldBecameRequired
            | Self::InputFieldRefusesNull
            | Self::OneOfAdded
            | Self::EnumValueRemoved
            | Self::UnionMemberRemoved
            | Self::InterfaceRemoved
            | Self::DirectiveRemoved
            | Self::DirectiveLocationRemoved
            | Self::DirectiveNoLongerRepeatable => Severity::Breaking,

            Self::OptionalArgumentAdded
            | Self::ArgumentDefaultChanged
            | Self::OptionalInputFieldAdded
            | Self::InputFieldDefaultChanged
            | Self::EnumValueAdded
            | Self::UnionMemberAdded
            | Self::InterfaceAdded
            | Self::SpecifiedByChanged => Severity::Dangerous,

            Self::TypeAdded
            | Self::RootTypeAdded
            | Self::FieldAdded
            | Self::FieldBecameNonNull
            | Self::ArgumentAcceptsNull
            | Self::InputFieldAcceptsNull
            | Self::OneOfRemoved
            | Self::DirectiveAdded
            | Self::DirectiveLocationAdded
            | Self::DirectiveBecameRepeatable
            | Self::DeprecationAdded
            | Self::DeprecationRemoved
            | Self::DeprecationChanged
            | Self::DescriptionChanged => Severity::Safe,
        }
    }

    /// What to do instead, or beside it; `None` if there is nothing to say.
    pub fn advice(self) -> Option<&'static str> {
        Some(match self {
            Self::TypeRemoved => {
                "Keep the type until nothing refers to it and no operation names it."
            }
            Self::TypeKindChanged => "Add a new type under another name and move the fields to it.",
            Self::RootTypeChanged => "Keep the root type; its name is no secret to clients.",
            Self::FieldRemoved => {
                "Deprecate the field with a date, and remove it after that date when no operation \
                 asks for it."
            }
            Self::FieldTypeChanged => {
                "Add a field of the new type under another name, and deprecate this one with a date."
            }
            Self::FieldBecameNullable => {
                "Clients take it for always there: keep the `!`, or add a nullable field under \
                 another name."
            }
            Self::ArgumentRemoved => {
                "Accept the argument and ignore it, deprecated with a date, until no operation \
                 gives it."
            }
            Self::RequiredArgumentAdded | Self::RequiredInputFieldAdded => {
                "Make it nullable or give it a default."
            }
            Self::ArgumentTypeChanged | Self::InputFieldTypeChanged => {
                "Accept the new type under another name, and deprecate this one with a date."
            }
            Self::ArgumentBecameRequired
            | Self::ArgumentRefusesNull
            | Self::InputFieldBecameRequired
            | Self::InputFieldRefusesNull => {
                "Keep accepting null and refuse it with a user error where it makes no sense."
            }
            Self::InputFieldRemoved => {
                "Accept the field and ignore it, deprecated with a date, until no client sends it."
            }
            Self::OneOfAdded => "Add a new input type with `@oneOf` under another name.",
            Self::EnumValueRemoved => {
                "Keep accepting the value, deprecated with a date; renaming is adding one and \
                 deprecating the other."
            }
            Self::UnionMemberRemoved | Self::InterfaceRemoved => {
                "Keep the type there, even if it is no longer returned, until no operation asks \
                 for it."
            }
            Self::DirectiveRemoved
            | Self::DirectiveLocationRemoved
            | Self::DirectiveNoLongerRepeatable => {
                "Keep accepting the directive where it was allowed."
            }
            Self::OptionalArgumentAdded | Self::OptionalInputFieldAdded => {
                "Leaving it out has to mean what it meant before."
            }
            Self::ArgumentDefaultChanged | Self::InputFieldDefaultChanged => {
                "Whoever leaves it out gets another answer now; tell the clients first."
            }
            Self::EnumValueAdded => "Clients need a branch for values they do not know.",
            Self::UnionMemberAdded | Self::InterfaceAdded => {
                "Clients need a branch for types they do not know."
            }
            Self::SpecifiedByChanged => "Values that clients parse have to keep their format.",
            Self::DeprecationAdded => "Tell the clients the date.",
            _ => return None,
        })
    }
}
