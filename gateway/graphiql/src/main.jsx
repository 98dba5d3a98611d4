import "graphiql/setup-workers/vite";
import "graphiql/style.css";
import "@graphiql/plugin-explorer/style.css";
import "./page.css";

import { explorerPlugin } from "@graphiql/plugin-explorer";
import { createGraphiQLFetcher } from "@graphiql/toolkit";
import { GraphiQL, HISTORY_PLUGIN } from "graphiql";
import { createClient } from "graphql-ws";
import { createRoot } from "react-dom/client";

const endpoint = new URL("/graphql", window.location.href);
const socket = new URL(endpoint);
socket.protocol = endpoint.protocol === "https:" ? "wss:" : "ws:";

// Subscriptions run over WebSocket; what the headers editor holds goes into connection_init, as a
// browser cannot set headers there. A changed header opens a new connection.
let headersInUse = {};
let wsClient = null;
function connection(headers) {
  if (wsClient && JSON.stringify(headers) === JSON.stringify(headersInUse)) return wsClient;
  wsClient?.dispose();
  headersInUse = headers;
  wsClient = createClient({ url: socket.href, lazy: true, retryAttempts: 3, connectionParams: headers });
  return wsClient;
}

const plain = createGraphiQLFetcher({ url: endpoint.href });
function fetcher(params, options) {
  const isSubscription = options?.documentAST?.definitions.some(
    (definition) =>
      definition.kind === "OperationDefinition" &&
      definition.operation === "subscription" &&
      (!params.operationName || definition.name?.value === params.operationName),
  );
  if (!isSubscription) return plain(params, options);
  return connection(options?.headers ?? {}).iterate(params);
}

const defaultQuery = `# Welcome. The book on the left documents every type and field;
# the explorer builds operations by clicking. Ctrl-Enter runs.
#
# To be signed in, put {"Authorization": "Bearer <accessToken>"} into Headers.

{
  __typename
}
`;

// A link may bring an operation: /graphiql?query=…&variables=…
const link = new URLSearchParams(window.location.search);

const plugins = [HISTORY_PLUGIN, explorerPlugin()];

createRoot(document.getElementById("graphiql")).render(
  <GraphiQL
    fetcher={fetcher}
    plugins={plugins}
    defaultQuery={defaultQuery}
    initialQuery={link.get("query") ?? undefined}
    initialVariables={link.get("variables") ?? undefined}
    defaultEditorToolsVisibility="variables"
    shouldPersistHeaders={false}
  />,
);
