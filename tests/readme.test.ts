import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { checkFluentBit } from "../tools/doctor/check.js";
import { findFluentBit, jsonLines, run } from "./support/fluent-bit.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const read = (file: string) => readFileSync(join(root, file), "utf8");
const readme = read("README.md");
const blocksIn = (page: string) =>
  [...page.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language, text]) => ({ language: language!, text: text! }));
const blocks = blocksIn(readme);
const blocksOf = (language: string) => blocks.filter((block) => block.language === language).map(({ text }) => text);

// docs/policies.md has a test of its own: its commands follow on each other.
const pages = readdirSync(join(root, "docs")).filter((file) => file.endsWith(".md") && file !== "policies.md");
const shells = [readme, ...pages.map((page) => read(`docs/${page}`))]
  .flatMap(blocksIn)
  .filter(({ language }) => language === "sh");
const commands = [...new Set(shells.flatMap(({ text }) => text.trimEnd().split("\n")))];

const golden = read("tests/fixtures/golden/egress-denied.log");
const goldenRow = withoutRuntimeKeys(
  (JSON.parse(read("tests/fixtures/golden/egress-denied.log-expected.json")) as [Record<string, unknown>])[0],
);

/** A row without the keys of its record that say how the container runtime wrote the line. */
function withoutRuntimeKeys(row: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).filter(([key]) => !["stream", "time", "_p"].includes(key)));
}

const fluentBit = findFluentBit();
if (!fluentBit) console.warn("No Fluent Bit: the README's configurations and its fluent-bit command are not run.");

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "hubble-adx-"));
});
afterAll(() => rmSync(directory, { recursive: true }));

/** The rows of the table that follows `heading`, as the text of their cells. */
function tableAfter(heading: string): string[][] {
  const lines = readme.slice(readme.indexOf(heading)).split("\n");
  const start = lines.findIndex((line) => line.startsWith("|"));
  const end = lines.findIndex((line, index) => index > start && !line.startsWith("|"));
  return lines.slice(start + 2, end).map((line) =>
    line
      .slice(1, -1)
      .split(/ \| /)
      .map((cell) => cell.trim()),
  );
}

it("says in 160 lines what there is, and leaves the rest to docs/", () => {
  expect(readme.split("\n").length).toBeLessThanOrEqual(160);
});

it("has blocks of known languages only", () => {
  expect(new Set(blocks.map(({ language }) => language))).toEqual(new Set(["text", "kusto", "sh", "yaml"]));
});

describe("before and after", () => {
  it("shows the golden line", () => {
    expect(blocksOf("text")).toEqual([golden]);
  });

  it("shows the golden row, and how many more columns it has", () => {
    const cells = tableAfter("With the filter it is a row");
    const [rest] = cells.pop()!;
    const row = cells.map(([column, value]) => [column, value]);
    const expected = cells.map(([column]) => {
      const value = goldenRow[column!];
      return [column, typeof value === "string" ? value : JSON.stringify(value)];
    });
    expect(row).toEqual(expected);
    expect(rest).toBe(`… and ${Object.keys(goldenRow).length - cells.length} more`);
  });
});

describe("a command of the README or of docs/", () => {
  beforeAll(() => {
    const stub = (name: string, command: string) => {
      writeFileSync(join(directory, name), `#!/bin/sh\n${command}\n`);
      chmodSync(join(directory, name), 0o755);
    };
    stub("kubectl", `exec cat "${root}fluent-bit/sample/cilium-agent.log"`);
    stub("npx", `[ "$1" = hubble-adx ] && shift && exec "${process.execPath}" "${root}build/tools/cli.js" "$@"`);
  });

  it.each(commands.filter((command) => command.startsWith("npm")))("%s is of scripts that there are", (command) => {
    const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
    for (const [, script] of command.matchAll(/npm (?:run )?(\w+)/g))
      if (script !== "ci") expect(scripts).toHaveProperty(script!);
  });

  it.each(commands.filter((command) => /npx hubble-adx/.test(command)))("%s prints something", (command) => {
    const env = { ...process.env, PATH: `${directory}:${process.env.PATH}` };
    const { status, stdout, stderr } = spawnSync("bash", ["-o", "pipefail", "-c", command], {
      cwd: root,
      env,
      encoding: "utf8",
    });
    expect(status, stderr).toBe(0);
    expect(stdout.split("\n").length).toBeGreaterThan(5);
  });

  it.skipIf(!fluentBit).each(commands.filter((command) => command.startsWith("fluent-bit ")))("%s", async (command) => {
    const { stdout } = await run(fluentBit!.path, command.split(" ").slice(1), { cwd: root });
    expect(jsonLines(stdout).length).toBeGreaterThan(100);
  });

  it("is one of those", () => {
    for (const command of commands) expect(command).toMatch(/^npm |npx hubble-adx|^fluent-bit /);
  });
});

describe("the configuration to add the filter", () => {
  const [text, ...others] = blocksOf("yaml") as [string];
  expect(others).toEqual([]);

  it("loses no flows: the doctor finds no error", () => {
    expect(checkFluentBit(text, "add.yaml").filter(({ severity }) => severity === "error")).toEqual([]);
  });

  it.skipIf(!fluentBit)("makes the golden row", async () => {
    const log = join(directory, "cilium-agent.log");
    writeFileSync(log, `2026-01-02T03:04:05.060700800Z stdout F ${golden}2026-01-02T03:04:06Z stderr F level=info\n`);
    const configuration = join(directory, "add.yaml");
    writeFileSync(configuration, overLog(text, log));
    const { stdout } = await run(fluentBit!.path, ["-c", configuration], { cwd: root });
    expect(jsonLines(stdout).map(withoutRuntimeKeys)).toEqual([goldenRow]);
  });
});

/** The configuration with its input led to `log`, to be read once, and its output to standard output. */
function overLog(text: string, log: string): string {
  const { pipeline } = parse(text) as { pipeline: Record<"inputs" | "filters" | "outputs", Record<string, unknown>[]> };
  for (const input of pipeline.inputs) Object.assign(input, { path: log, read_from_head: true, exit_on_eof: true });
  for (const filter of pipeline.filters) if (filter["wasm_path"]) filter["wasm_path"] = "build/hubble-adx.wasm";
  const outputs = pipeline.outputs.map(({ match }) => ({
    name: "stdout",
    match,
    format: "json_lines",
    json_date_key: "false",
  }));
  return stringify({ service: { flush: 0.2 }, pipeline: { ...pipeline, outputs } });
}

it("leaves it to fluent-bit/local.yaml to explain every line of it", () => {
  const lines = read("fluent-bit/local.yaml").split("\n");
  const explained = new Set<string>();
  for (const [index, line] of lines.entries()) {
    const [, property, comment] = /^ +(?:- )?(\w\S*: \S+)( # \S.*)?$/.exec(line) ?? [];
    if (property === undefined) continue;
    const isExplained = comment !== undefined || /^ *# /.test(lines[index - 1]!) || explained.has(property);
    expect(isExplained, line).toBe(true);
    explained.add(property);
  }
  expect(explained.size).toBeGreaterThan(10);
});

it("names the commands that there are", () => {
  const { stdout } = spawnSync(process.execPath, [join(root, "build/tools/cli.js"), "--help"], { encoding: "utf8" });
  const commands = [...stdout.slice(stdout.indexOf("Commands:")).matchAll(/^ {2}(\w+) /gm)].map(([, name]) => name!);
  const named = tableAfter("## On the command line").flatMap(([names]) =>
    [...names!.matchAll(/`(\w+)`/g)].map(([, name]) => name!),
  );
  expect([...named, "help"].sort()).toEqual(commands.sort());
});
