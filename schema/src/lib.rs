//! The committed graph lives in this folder: `subgraphs/*.graphql` and `supergraph.graphql`, written
//! by `make schema`. The crate itself holds only tests: the contracts of the workspace.
