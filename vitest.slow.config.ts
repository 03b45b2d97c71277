import { defineConfig } from "vitest/config";

/** Files of `npm test` that take more of the same here, which CI runs too. */
const thorough = ["arena", "fuzz/fuzz", "hostile", "kql/functions", "policy/properties", "properties", "recall"];

export default defineConfig({
  test: {
    maxWorkers: "100%",
    testTimeout: 300_000,
    hookTimeout: 120_000,
    projects: [
      {
        extends: true,
        test: {
          name: "thorough",
          include: thorough.map((name) => `tests/${name}.test.ts`),
          env: { THOROUGH: "1" },
        },
      },
      // Tests that take minutes.
      { extends: true, test: { name: "slow", include: ["tests/**/*.slow-test.ts"] } },
    ],
  },
});
