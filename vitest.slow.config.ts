import { defineConfig } from "vitest/config";

/** Files of `npm test` that take more of the same here. */
const thorough = ["arena", "kql/functions", "policy/properties", "properties"].map((name) => `tests/${name}.test.ts`);

/** Tests that take minutes. */
export default defineConfig({
  test: {
    include: ["tests/**/*.slow-test.ts", ...thorough],
    env: { THOROUGH: "1" },
    maxWorkers: "100%",
    testTimeout: 300_000,
    hookTimeout: 120_000,
  },
});
