import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { cli } from "./support/cli.js";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Runs a command of the shell, `$CLI` being the command line as built. */
function shell(command: string) {
  const { stdout, stderr, status } = spawnSync("bash", ["-o", "pipefail", "-c", command], {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, CLI: `${process.execPath} ${cli}` },
  });
  return { stdout, stderr, status };
}

describe("a closed pipe ends every command quietly", () => {
  it.each([
    "explain cilium/dynamic/*.yaml",
    "doctor fluent-bit/fluent-bit.yaml",
    "--help",
    "exporter --help",
    "dashboard --cluster https://c.westeurope.kusto.windows.net --database d",
    "flatten -q fluent-bit/sample/cilium-agent.log",
    "query -q -f json 'range x from 1 to 300000 step 1' fluent-bit/sample/cilium-agent.log",
  ])("%s", (command) => {
    expect(shell(`$CLI ${command} | true`)).toEqual({ stdout: "", stderr: "", status: 0 });
    expect(shell(`$CLI ${command} | head -1`)).toMatchObject({ stderr: "", status: 0 });
  });
});

it.skipIf(process.platform !== "linux")("a full disk is one line", () => {
  const { stderr, status } = shell("$CLI exporter --help > /dev/full");
  expect(status).toBe(1);
  expect(stderr).toMatch(/^hubble-adx: cannot write the output: .*ENOSPC.*\n$/);
});
