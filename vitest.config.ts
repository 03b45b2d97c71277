import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // A page under load takes more than the second that is the default.
    expect: { poll: { timeout: 15_000 } },
    reporters: process.env.GITHUB_ACTIONS ? ["default", "github-actions", "json"] : ["default", "json"],
    outputFile: { json: "build/test-results.json" },
  },
});
