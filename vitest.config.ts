import { defineConfig } from "vitest/config";
import { testFiles } from "./tests/support/projects.js";

// Binaryen prints through the console that there is when it is loaded, which this file puts a spy into.
const spies = ["tests/module.test.ts"];

/**
 * Files of these follow each other in a process, and find there what those before them have loaded and analyzed: Microsoft's
 * parser alone takes two seconds.
 */
const project = (name: string, files: string[]) => ({
  extends: true as const,
  test: { name, include: files, exclude: spies, isolate: false },
});
const { unit, whole, long } = testFiles();

export default defineConfig({
  test: {
    // By default one core would be left over.
    maxWorkers: "100%",
    // For machines that have other work too.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 10_000 } },
    projects: [
      project("whole", whole),
      // What only computes is up to five times slower where others have left a large heap.
      { extends: true, test: { name: "alone", include: [...long, ...spies] } },
      project("unit", unit),
    ],
    reporters: process.env.GITHUB_ACTIONS ? ["default", "github-actions", "json"] : ["default", "json"],
    outputFile: { json: "build/test-results.json" },
  },
});
