import { defineConfig } from "vitest/config";

/** The tests of KQL on DuckDB that ask one thing each: a mutant meets those that reach it. */
export default defineConfig({
  test: {
    include: ["tests/kql/{answers,bridge,response,result,script,ticks}.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
