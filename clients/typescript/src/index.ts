export * from "./operations.js";
