export { Instrumenter } from "@stryker-mutator/instrumenter";
