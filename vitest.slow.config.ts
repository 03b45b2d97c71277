import { defineConfig } from "vitest/config";

/** Tests that take minutes. */
export default defineConfig({
  test: { include: ["tests/**/*.slow-test.ts"], testTimeout: 300_000, hookTimeout: 120_000 },
});
