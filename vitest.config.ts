import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts"],
    // A file takes a process over from the one before it, and what that has loaded and analyzed: Microsoft's parser alone takes
    // two seconds. By default one core would be left over.
    isolate: false,
    maxWorkers: "100%",
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // A page under load takes more than the second that is the default.
    expect: { poll: { timeout: 15_000 } },
    reporters: process.env.GITHUB_ACTIONS ? ["default", "github-actions", "json"] : ["default", "json"],
    outputFile: { json: "build/test-results.json" },
  },
});
