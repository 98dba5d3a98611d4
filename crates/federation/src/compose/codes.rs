//! All error codes, each with the sentence that tells what usually mends it.

/// An error code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Code {
    pub(super) name: &'static str,
    pub(super) fix: &'static str,
}

const fn code(name: &'static str, fix: &'static str) -> Code {
    Code { name, fix }
}

// The set of subgraphs, and their texts.
pub(super) const NO_SUBGRAPHS: Code = code("NO_SUBGRAPHS", "Give at least one subgraph.");
pub(super) const DUPLICATE_SUBGRAPH_NAME: Code = code(
    "DUPLICATE_SUBGRAPH_NAME",
    "Give every subgraph a name of its own.",
);
pub(super) const INVALID_SUBGRAPH_NAME: Code =
    code("INVALID_SUBGRAPH_NAME", "Name the subgraph; `_` is taken.");
pub(super) const INVALID_GRAPHQL: Code = code("INVALID_GRAPHQL", "Correct the subgraph's SDL.");
pub(super) const COMPOSITION_FAILED: Code = code(
    "COMPOSITION_FAILED",
    "Report the subgraphs: composition itself is at fault.",
);
pub(super) const INVALID_LINK_DIRECTIVE_USAGE: Code = code(
    "INVALID_LINK_DIRECTIVE_USAGE",
    "Write `@link(url: \"…\", import: [\"@name\"])` and import what the specification has.",
);
pub(super) const INVALID_LINK_IDENTIFIER: Code = code(
    "INVALID_LINK_IDENTIFIER",
    "End the URL in a name and a version, such as `/federation/v2.9`.",
);
pub(super) const UNKNOWN_FEDERATION_LINK_VERSION: Code = code(
    "UNKNOWN_FEDERATION_LINK_VERSION",
    "Link a version from v2.0 to v2.9.",
);
pub(super) const UNSUPPORTED_FEATURE: Code = code(
    "UNSUPPORTED_FEATURE",
    "Do without the feature, such as by an argument or by `@requires`.",
);
pub(super) const DIRECTIVE_DEFINITION_INVALID: Code = code(
    "DIRECTIVE_DEFINITION_INVALID",
    "Leave the definition out, or define the directive as its specification does.",
);
pub(super) const ROOT_QUERY_USED: Code = code(
    "ROOT_QUERY_USED",
    "Rename the type: `Query` is the name of the query root.",
);
pub(super) const ROOT_MUTATION_USED: Code = code(
    "ROOT_MUTATION_USED",
    "Rename the type: `Mutation` is the name of the mutation root.",
);
pub(super) const ROOT_SUBSCRIPTION_USED: Code = code(
    "ROOT_SUBSCRIPTION_USED",
    "Rename the type: `Subscription` is the name of the subscription root.",
);
pub(super) const NO_QUERIES: Code =
    code("NO_QUERIES", "Add a query field to one of the subgraphs.");
pub(super) const EXTENSION_WITH_NO_BASE: Code = code(
    "EXTENSION_WITH_NO_BASE",
    "Define the type in one of the subgraphs.",
);
pub(super) const TYPE_KIND_MISMATCH: Code = code(
    "TYPE_KIND_MISMATCH",
    "Make it the same kind of type everywhere, or rename one.",
);

// Keys, requirements, provisions.
pub(super) const KEY_INVALID_FIELDS_TYPE: Code = code(
    "KEY_INVALID_FIELDS_TYPE",
    "Write the fields as a string, such as `\"id\"`.",
);
pub(super) const KEY_INVALID_FIELDS: Code = code(
    "KEY_INVALID_FIELDS",
    "Name fields that the type has, such as `\"id organization { id }\"`.",
);
pub(super) const KEY_FIELDS_HAS_ARGS: Code = code(
    "KEY_FIELDS_HAS_ARGS",
    "Choose key fields without arguments.",
);
pub(super) const KEY_FIELDS_SELECT_INVALID_TYPE: Code = code(
    "KEY_FIELDS_SELECT_INVALID_TYPE",
    "Choose key fields that are no interfaces or unions.",
);
pub(super) const KEY_UNSUPPORTED_ON_INTERFACE: Code = code(
    "KEY_UNSUPPORTED_ON_INTERFACE",
    "Link federation v2.3 or later.",
);
pub(super) const KEY_DIRECTIVE_IN_FIELDS_ARG: Code = code(
    "KEY_DIRECTIVE_IN_FIELDS_ARG",
    "Leave directives out of the key.",
);
pub(super) const REQUIRES_INVALID_FIELDS_TYPE: Code = code(
    "REQUIRES_INVALID_FIELDS_TYPE",
    "Write the fields as a string, such as `\"weight\"`.",
);
pub(super) const REQUIRES_INVALID_FIELDS: Code = code(
    "REQUIRES_INVALID_FIELDS",
    "Name fields of the same type, declared here as `@external`.",
);
pub(super) const REQUIRES_DIRECTIVE_IN_FIELDS_ARG: Code = code(
    "REQUIRES_DIRECTIVE_IN_FIELDS_ARG",
    "Leave directives out of the requirement.",
);
pub(super) const REQUIRES_UNSUPPORTED_ON_INTERFACE: Code = code(
    "REQUIRES_UNSUPPORTED_ON_INTERFACE",
    "Put `@requires` on the fields of the implementing types.",
);
pub(super) const REQUIRES_FIELDS_MISSING_EXTERNAL: Code = code(
    "REQUIRES_FIELDS_MISSING_EXTERNAL",
    "Mark the required field `@external`.",
);
pub(super) const PROVIDES_INVALID_FIELDS_TYPE: Code = code(
    "PROVIDES_INVALID_FIELDS_TYPE",
    "Write the fields as a string, such as `\"name\"`.",
);
pub(super) const PROVIDES_INVALID_FIELDS: Code = code(
    "PROVIDES_INVALID_FIELDS",
    "Name fields of the field's type, declared here as `@external`.",
);
pub(super) const PROVIDES_FIELDS_HAS_ARGS: Code = code(
    "PROVIDES_FIELDS_HAS_ARGS",
    "Provide fields without arguments.",
);
pub(super) const PROVIDES_DIRECTIVE_IN_FIELDS_ARG: Code = code(
    "PROVIDES_DIRECTIVE_IN_FIELDS_ARG",
    "Leave directives out of the provision.",
);
pub(super) const PROVIDES_ON_NON_OBJECT_FIELD: Code = code(
    "PROVIDES_ON_NON_OBJECT_FIELD",
    "Put `@provides` on a field whose value is an object.",
);
pub(super) const PROVIDES_UNSUPPORTED_ON_INTERFACE: Code = code(
    "PROVIDES_UNSUPPORTED_ON_INTERFACE",
    "Put `@provides` on the fields of the implementing types.",
);
pub(super) const PROVIDES_FIELDS_MISSING_EXTERNAL: Code = code(
    "PROVIDES_FIELDS_MISSING_EXTERNAL",
    "Mark the provided field `@external`.",
);

// External fields.
pub(super) const EXTERNAL_UNUSED: Code = code(
    "EXTERNAL_UNUSED",
    "Remove the field, or use it in a `@key`, `@requires`, `@provides` or an interface.",
);
pub(super) const EXTERNAL_ON_INTERFACE: Code = code(
    "EXTERNAL_ON_INTERFACE",
    "Put `@external` on the fields of the implementing types.",
);
pub(super) const EXTERNAL_MISSING_ON_BASE: Code = code(
    "EXTERNAL_MISSING_ON_BASE",
    "Let one of the subgraphs resolve the field.",
);
pub(super) const EXTERNAL_TYPE_MISMATCH: Code = code(
    "EXTERNAL_TYPE_MISMATCH",
    "Declare the field with the type it has where it is resolved.",
);
pub(super) const EXTERNAL_ARGUMENT_MISSING: Code = code(
    "EXTERNAL_ARGUMENT_MISSING",
    "Declare the arguments the field has where it is resolved.",
);
pub(super) const EXTERNAL_ARGUMENT_TYPE_MISMATCH: Code = code(
    "EXTERNAL_ARGUMENT_TYPE_MISMATCH",
    "Declare the argument with the type it has where the field is resolved.",
);
pub(super) const EXTERNAL_ARGUMENT_DEFAULT_MISMATCH: Code = code(
    "EXTERNAL_ARGUMENT_DEFAULT_MISMATCH",
    "Declare the default the argument has where the field is resolved.",
);
pub(super) const MERGED_DIRECTIVE_APPLICATION_ON_EXTERNAL: Code = code(
    "MERGED_DIRECTIVE_APPLICATION_ON_EXTERNAL",
    "Put the directive where the field is resolved.",
);
pub(super) const TYPE_WITH_ONLY_UNUSED_EXTERNAL: Code = code(
    "TYPE_WITH_ONLY_UNUSED_EXTERNAL",
    "Remove the type from the subgraph, or use its fields.",
);

// Sharing and moving.
pub(super) const INVALID_FIELD_SHARING: Code = code(
    "INVALID_FIELD_SHARING",
    "Mark the field `@shareable` wherever it is resolved, or resolve it in one subgraph.",
);
pub(super) const INVALID_SHAREABLE_USAGE: Code = code(
    "INVALID_SHAREABLE_USAGE",
    "Put `@shareable` on fields of object types.",
);
pub(super) const OVERRIDE_FROM_SELF_ERROR: Code = code(
    "OVERRIDE_FROM_SELF_ERROR",
    "Name the subgraph the field is taken from.",
);
pub(super) const OVERRIDE_SOURCE_HAS_OVERRIDE: Code = code(
    "OVERRIDE_SOURCE_HAS_OVERRIDE",
    "Keep one `@override` per field.",
);
pub(super) const OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE: Code = code(
    "OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE",
    "Keep either `@override` or the other directive.",
);
pub(super) const OVERRIDE_ON_INTERFACE: Code = code(
    "OVERRIDE_ON_INTERFACE",
    "Put `@override` on the fields of the implementing types.",
);
pub(super) const OVERRIDE_LABEL_INVALID: Code = code(
    "OVERRIDE_LABEL_INVALID",
    "Write a name that begins with a letter, or `percent(0)` to `percent(100)`.",
);

// Fields and arguments.
pub(super) const FIELD_TYPE_MISMATCH: Code = code(
    "FIELD_TYPE_MISMATCH",
    "Declare the same type everywhere, or one that all others are subtypes of.",
);
pub(super) const FIELD_ARGUMENT_TYPE_MISMATCH: Code = code(
    "FIELD_ARGUMENT_TYPE_MISMATCH",
    "Declare the argument with the same type everywhere.",
);
pub(super) const FIELD_ARGUMENT_DEFAULT_MISMATCH: Code = code(
    "FIELD_ARGUMENT_DEFAULT_MISMATCH",
    "Give the argument the same default everywhere.",
);
pub(super) const REQUIRED_ARGUMENT_MISSING_IN_SOME_SUBGRAPH: Code = code(
    "REQUIRED_ARGUMENT_MISSING_IN_SOME_SUBGRAPH",
    "Add the argument everywhere, or make it optional.",
);
pub(super) const INPUT_FIELD_TYPE_MISMATCH: Code = code(
    "FIELD_TYPE_MISMATCH",
    "Declare the input field with the same type everywhere.",
);
pub(super) const INPUT_FIELD_DEFAULT_MISMATCH: Code = code(
    "INPUT_FIELD_DEFAULT_MISMATCH",
    "Give the input field the same default everywhere.",
);
pub(super) const REQUIRED_INPUT_FIELD_MISSING_IN_SOME_SUBGRAPH: Code = code(
    "REQUIRED_INPUT_FIELD_MISSING_IN_SOME_SUBGRAPH",
    "Add the input field everywhere, or make it optional.",
);
pub(super) const EMPTY_MERGED_INPUT_TYPE: Code = code(
    "EMPTY_MERGED_INPUT_TYPE",
    "Keep at least one input field that every subgraph has.",
);
pub(super) const ENUM_VALUE_MISMATCH: Code = code(
    "ENUM_VALUE_MISMATCH",
    "List the same values everywhere, or use the enum for input or output only.",
);
pub(super) const EMPTY_MERGED_ENUM_TYPE: Code = code(
    "EMPTY_MERGED_ENUM_TYPE",
    "Keep at least one value that every subgraph has.",
);

// Interfaces.
pub(super) const INTERFACE_FIELD_NO_IMPLEM: Code = code(
    "INTERFACE_FIELD_NO_IMPLEM",
    "Add the field to every type that implements the interface, in any subgraph.",
);
pub(super) const INTERFACE_OBJECT_USAGE_ERROR: Code = code(
    "INTERFACE_OBJECT_USAGE_ERROR",
    "Give the interface object a key, and define the interface and all its types in another subgraph.",
);
pub(super) const INTERFACE_KEY_NOT_ON_IMPLEMENTATION: Code = code(
    "INTERFACE_KEY_NOT_ON_IMPLEMENTATION",
    "Give every implementing type the interface's key.",
);
pub(super) const INTERFACE_KEY_MISSING_IMPLEMENTATION_TYPE: Code = code(
    "INTERFACE_KEY_MISSING_IMPLEMENTATION_TYPE",
    "Declare all implementing types where the interface has a key.",
);

// Hiding.
pub(super) const REFERENCED_INACCESSIBLE: Code =
    code("REFERENCED_INACCESSIBLE", "Hide what refers to it as well.");
pub(super) const IMPLEMENTED_BY_INACCESSIBLE: Code = code(
    "IMPLEMENTED_BY_INACCESSIBLE",
    "Hide the interface's field as well.",
);
pub(super) const REQUIRED_INACCESSIBLE: Code = code(
    "REQUIRED_INACCESSIBLE",
    "Make it optional, or hide what it belongs to.",
);
pub(super) const DEFAULT_VALUE_USES_INACCESSIBLE: Code = code(
    "DEFAULT_VALUE_USES_INACCESSIBLE",
    "Choose a default that clients may see.",
);
pub(super) const ONLY_INACCESSIBLE_CHILDREN: Code = code(
    "ONLY_INACCESSIBLE_CHILDREN",
    "Hide the type as well, or show one of its children.",
);
pub(super) const QUERY_ROOT_TYPE_INACCESSIBLE: Code =
    code("QUERY_ROOT_TYPE_INACCESSIBLE", "Show the query root.");
pub(super) const DISALLOWED_INACCESSIBLE: Code = code(
    "DISALLOWED_INACCESSIBLE",
    "Hide nothing that GraphQL itself needs.",
);

// Directives of one's own.
pub(super) const DIRECTIVE_COMPOSITION_ERROR: Code = code(
    "DIRECTIVE_COMPOSITION_ERROR",
    "Link the directive's specification, import it, and name it `@name`.",
);
pub(super) const LIST_SIZE_APPLIED_TO_NON_LIST: Code = code(
    "LIST_SIZE_APPLIED_TO_NON_LIST",
    "Put `@listSize` on a field that is a list, or name its `sizedFields`.",
);
pub(super) const LIST_SIZE_INVALID_ASSUMED_SIZE: Code = code(
    "LIST_SIZE_INVALID_ASSUMED_SIZE",
    "Assume a size of zero or more.",
);
pub(super) const LIST_SIZE_INVALID_SLICING_ARGUMENT: Code = code(
    "LIST_SIZE_INVALID_SLICING_ARGUMENT",
    "Name arguments of the field that are whole numbers.",
);
pub(super) const LIST_SIZE_INVALID_SIZED_FIELD: Code = code(
    "LIST_SIZE_INVALID_SIZED_FIELD",
    "Name fields of the value that are lists.",
);
pub(super) const COST_APPLIED_TO_INTERFACE_FIELD: Code = code(
    "COST_APPLIED_TO_INTERFACE_FIELD",
    "Put `@cost` on the fields of the implementing types.",
);
pub(super) const AUTH_REQUIREMENTS_APPLIED_ON_INTERFACE: Code = code(
    "AUTH_REQUIREMENTS_APPLIED_ON_INTERFACE",
    "Put access rules on the implementing types and their fields.",
);

// The whole.
pub(super) const SATISFIABILITY_ERROR: Code = code(
    "SATISFIABILITY_ERROR",
    "Add a `@key` that leads there, or resolve the field where the path begins.",
);
pub(super) const SHAREABLE_HAS_MISMATCHED_RUNTIME_TYPES: Code = code(
    "SHAREABLE_HAS_MISMATCHED_RUNTIME_TYPES",
    "Let the subgraphs that share the field return the same types.",
);
