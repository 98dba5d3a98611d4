// Where things lie in the repository.

import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../../", import.meta.url));
export const operationsFolder = join(root, "frontend-contract-tests/operations");
export const supergraphFile = join(root, "schema/supergraph.graphql");
