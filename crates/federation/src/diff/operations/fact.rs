//! What an operation uses of a schema.

use std::collections::BTreeSet;

use apollo_compiler::Name;

/// Where a value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Source {
    /// It is written in the operation.
    Text,
    /// A variable may hold it.
    Variables,
}

/// One thing an operation uses of a schema. `nullable`: what is given may be null, or be left out of a
/// variable.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fact {
    /// It begins at this root type.
    Root(Name),
    /// It names this type, in a type condition or as the type of a variable.
    Type(Name),
    /// In the scope of the first type stands a fragment on the second.
    Spread(Name, Name),
    /// It asks for a field, which has this inner type.
    Field {
        ty: Name,
        field: Name,
        returns: Name,
    },
    /// It gives an argument.
    Argument {
        ty: Name,
        field: Name,
        argument: Name,
        nullable: bool,
    },
    /// It leaves an argument out.
    NoArgument {
        ty: Name,
        field: Name,
        argument: Name,
    },
    /// It gives a value of an input type.
    InputObject { ty: Name, source: Source },
    /// It gives a field of an input type.
    InputField {
        ty: Name,
        field: Name,
        nullable: bool,
        source: Source,
    },
    /// It leaves a field of an input type out.
    NoInputField { ty: Name, field: Name },
    /// It gives a value of an enum.
    EnumValue {
        ty: Name,
        value: Name,
        source: Source,
    },
    /// It uses a directive, in a place like `FIELD`.
    Directive {
        directive: Name,
        location: String,
        repeated: bool,
    },
    /// It gives an argument of a directive.
    DirectiveArgument {
        directive: Name,
        argument: Name,
        nullable: bool,
    },
    /// It leaves an argument of a directive out.
    NoDirectiveArgument { directive: Name, argument: Name },
}

/// What an operation uses of a schema.
pub(super) type Facts = BTreeSet<Fact>;
