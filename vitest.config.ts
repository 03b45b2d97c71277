import { defineConfig } from "vitest/config";
import { testFiles } from "./tests/support/projects.js";

// Binaryen prints through the console that there is when it is loaded, which this file puts a spy into.
const alone = ["tests/module.test.ts"];

/**
 * Files of these follow each other in a process, and find there what those before them have loaded and analyzed: Microsoft's
 * parser alone takes two seconds.
 */
const project = (name: string, files: string[]) => ({
  extends: true as const,
  test: { name, include: files, exclude: alone, isolate: false },
});
const { unit, whole } = testFiles();

export default defineConfig({
  test: {
    // By default one core would be left over.
    maxWorkers: "100%",
    testTimeout: 60_000,
    hookTimeout: 120_000,
    projects: [
      // Long files first.
      project("whole", whole),
      project("unit", unit),
      { extends: true, test: { name: "alone", include: alone } },
    ],
    reporters: process.env.GITHUB_ACTIONS ? ["default", "github-actions", "json"] : ["default", "json"],
    outputFile: { json: "build/test-results.json" },
  },
});
