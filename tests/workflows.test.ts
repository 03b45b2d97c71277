import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { packageFile } from "../tools/package-file.js";

interface Step {
  uses?: string;
  with?: Record<string, unknown>;
}
interface Workflow {
  permissions: Record<string, string>;
  jobs: Record<string, { permissions?: Record<string, string>; steps: Step[] }>;
}

const names = readdirSync(packageFile(".github/workflows"));
const read = (name: string) => parse(readFileSync(packageFile(`.github/workflows/${name}`), "utf8")) as Workflow;
const actions = (name: string) =>
  Object.values(read(name).jobs)
    .flatMap(({ steps }) => steps)
    .filter(({ uses }) => uses !== undefined);

describe.each(names)("%s", (name) => {
  test("pins each action by its commit", () => {
    expect(actions(name).length).toBeGreaterThan(0);
    for (const { uses } of actions(name)) expect(uses).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
  });

  test("leaves no credentials in the checkout", () => {
    for (const { uses, with: options } of actions(name).filter(({ uses }) => uses!.startsWith("actions/checkout@")))
      expect(options, uses).toMatchObject({ "persist-credentials": false });
  });

  test("may write nothing unless a job says so", () => {
    expect(Object.values(read(name).permissions).filter((level) => level !== "read")).toEqual([]);
  });
});

test("a release takes nothing from a cache", () => {
  const setups = actions("release.yml").filter(({ uses }) => uses!.startsWith("actions/setup-node@"));
  expect(setups).toHaveLength(1);
  for (const { with: options } of setups) {
    expect(options).toMatchObject({ "package-manager-cache": false });
    expect(options).not.toHaveProperty("cache");
  }
});
