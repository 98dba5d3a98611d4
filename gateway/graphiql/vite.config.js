import { defineConfig } from "vite";

// Everything the page needs lies beside it: no address outside the gateway is ever asked.
export default defineConfig({
  base: "/graphiql/",
  build: { outDir: "dist", emptyOutDir: true, chunkSizeWarningLimit: 5000 },
});
