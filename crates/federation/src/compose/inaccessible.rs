pub(super) fn check(_: &apollo_compiler::ast::Document, _: &mut super::error::Findings) {}
