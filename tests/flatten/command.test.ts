import { spawn } from "node:child_process";
import { createReadStream, readFileSync } from "node:fs";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import { cli, run } from "../support/cli.js";
import { command } from "../support/command.js";

const sample = fileURLToPath(new URL("../../fluent-bit/sample/cilium-agent.log", import.meta.url));
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "hubble-adx-"));
});

async function fileOf(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

const flow = '{"flow":{"verdict":"DROPPED","uuid":"1"},"time":"2025-01-23T07:59:23Z"}';
const row = '{"TimeGenerated":"2025-01-23T07:59:23Z","Verdict":"DROPPED","UUID":"1"}';

describe("hubble-adx flatten", () => {
  it("shows the sample log as a table, and sums up on standard error", async () => {
    const { code, stdout, stderr } = await run(["flatten", sample]);
    expect(code).toBe(0);
    const [table, ...ending] = stdout.split("\n\n");
    expect(table!.split("\n").length).toBe(122);
    expect(ending.map((part) => part.split("\n")[0])).toEqual([
      "Blocked by policy",
      "Dropped for other reasons",
      "HTTP errors",
    ]);
    expect(stdout).toMatch(/ DROPPED .* 203\.0\.113\.92:443 .* POLICY_DENY +deny-blocked-ranges /);
    expect(stdout).not.toContain("\u001b");
    expect(stderr).toBe("179 lines: 119 flows, 1 unreadable, 59 other lines dropped\n");
  });

  it("fits the table to COLUMNS", async () => {
    const { stdout } = await command(["flatten", sample], { env: { COLUMNS: "90" } });
    for (const line of stdout.split("\n")) expect([...line].length).toBeLessThanOrEqual(90);
  });

  it("reads standard input without files and for -, and gzip in both places", async () => {
    const packed = gzipSync(`${flow}\n`);
    const file = await fileOf("packed.log", packed);
    for (const args of [[], ["-"]]) {
      expect((await command(["flatten", "-f", "json", ...args], { input: flow })).stdout).toBe(`${row}\n`);
    }
    expect((await command(["flatten", "-f", "json"], { input: packed })).stdout).toBe(`${row}\n`);
    expect((await command(["flatten", "-f", "json", file, "-", file], { input: flow })).stdout).toBe(
      `${row}\n`.repeat(3),
    );
  });

  it("joins no parts across files", async () => {
    const first = await fileOf("first", '2025-01-23T07:59:23Z stdout P {"flow":{"verdict"');
    const { stderr } = await command(["flatten", "-f", "json", first, await fileOf("second", flow)]);
    expect(stderr).toBe("2 lines: 1 flow, 1 unreadable, 0 other lines dropped\n");
  });

  it("gives columns in the order asked for", async () => {
    const options = ["flatten", "--columns", "verdict,TimeGenerated,PolicyName"];
    expect((await command([...options, "-f", "json"], { input: flow })).stdout).toBe(
      '{"Verdict":"DROPPED","TimeGenerated":"2025-01-23T07:59:23Z"}\n',
    );
    expect((await command([...options, "-f", "csv"], { input: flow })).stdout).toBe(
      "Verdict,TimeGenerated,PolicyName\nDROPPED,2025-01-23T07:59:23Z,\n",
    );
  });

  it("escapes formulas in CSV unless told not to, and never numbers", async () => {
    const input =
      '{"flow":{"time":"2025-01-23T07:59:23Z","Summary":"=1+1","uuid":"-2","drop_reason":-3,"verdict":"a\\nb"}}';
    const options = ["flatten", "-f", "csv", "-c", "Summary,UUID,DropReasonCode,Verdict"];
    const header = "Summary,UUID,DropReasonCode,Verdict\n";
    expect((await command(options, { input })).stdout).toBe(`${header}'=1+1,'-2,-3,"a\nb"\n`);
    expect((await command([...options, "--no-escape-formulas"], { input })).stdout).toBe(
      `${header}=1+1,-2,-3,"a\nb"\n`,
    );
  });

  it("calls the function asked for", async () => {
    const input = `level=info\n${flow}\n{"lost_events":{"num_events_lost":"3"},"time":"2025-01-23T07:59:24Z"}\n`;
    const kept = await command(["flatten", "-f", "csv", "-c", "Verdict,log", "--function", "hubble_flows_keep"], {
      input,
    });
    expect(kept.stdout).toMatch(/^Verdict,log\n,level=info\nDROPPED,\n,"\{""lost_events/);
    expect(kept.stderr).toBe("3 lines: 1 flow, 0 unreadable, 2 other lines kept\n");
    const events = await command(["flatten", "-f", "json", "--function", "hubble_events"], { input });
    expect(events.stdout).toContain('"ExportEvent":"lost_events"');
    expect(events.stderr).toBe("3 lines: 1 flow, 1 other export event, 0 unreadable, 1 other line dropped\n");
  });

  it("says what may be wrong when there is no flow", async () => {
    expect((await command(["flatten"], { input: "level=info\n" })).stderr).toMatch(
      /^1 line: 0 flows.*\nThere is no Hubble flow/,
    );
    expect((await command(["flatten"])).stderr).toMatch(/^0 lines: .*\nThe log is empty\.\n$/);
    expect(await command(["flatten", "--quiet"])).toEqual({ code: 0, stdout: "", stderr: "" });
  });

  it("shows how to use it with kubectl", async () => {
    const { code, stdout } = await command(["flatten", "--help"]);
    expect(code).toBe(0);
    expect(stdout).toContain("kubectl logs -n kube-system ds/cilium -c cilium-agent | npx hubble-adx flatten");
    expect(stdout).toMatch(/Exit codes:\n {2}0 .*\n {2}1 .*\n {2}2 /);
  });
});

describe("a reader that goes away", () => {
  it.each(["json", "csv", "table"])("ends it quietly (%s)", async (format) => {
    const log = await fileOf("long.log", `${readFileSync(sample, "utf8").repeat(20)}`);
    const { code, stderr } = await run(["flatten", "-f", format, log], { closesEarly: true });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  });

  it("ends it even though standard input stays open", async () => {
    const endless = Readable.from(
      (async function* () {
        for (;;) {
          yield `${flow}\n`;
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      })(),
    );
    const { code, stdout, stderr } = await run(["flatten", "-f", "json"], { input: endless, closesEarly: true });
    endless.destroy();
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout.startsWith(row)).toBe(true);
  });
});

describe("Ctrl-C", () => {
  it("ends a pipe that stays open, and not what is made of it", async () => {
    const lines = readFileSync(sample, "utf8");
    const open = Readable.from(
      (async function* () {
        yield lines;
        await new Promise(() => {});
      })(),
    );
    const { code, stdout, stderr } = await run(["flatten"], { input: open, interrupts: true });
    open.destroy();
    expect(code).toBe(0);
    expect(stdout).toContain("Blocked by policy");
    expect(stderr).toMatch(/^179 lines: 119 flows/);
  });
});

describe("errors", () => {
  const cases: [string, string[], number, RegExp][] = [
    ["a file that is not there", ["/no/such.log"], 1, /^hubble-adx: \/no\/such\.log: no such file\n$/],
    ["a folder", [tmpdir()], 1, /^hubble-adx: .*: is a directory: name the log files in it\n$/],
    [
      "a filter that is not there",
      ["--wasm", "/no/f.wasm"],
      1,
      /^hubble-adx: cannot use \/no\/f\.wasm as the filter: ENOENT/,
    ],
    ["a filter that is none", ["--wasm", sample], 1, /^hubble-adx: cannot use .* as the filter: WebAssembly\.Module/],
    ["an unknown column", ["-c", "Verdikt"], 2, /there is no column "Verdikt"\. Did you mean Verdict\?/],
    ["an unknown format", ["-f", "xml"], 2, /Allowed choices are table, json, csv/],
    [
      "an unknown function",
      ["--function", "x"],
      2,
      /Allowed choices are hubble_flows, hubble_flows_keep, hubble_events/,
    ],
    ["an unknown option", ["--colums", "x"], 2, /unknown option '--colums'\n\(Did you mean --columns\?\)/],
  ];
  it.each(cases)("name %s", async (_name, args, code, message) => {
    const result = await command(["flatten", ...args]);
    expect(result.stderr).toMatch(message);
    expect(result.stdout).toBe("");
    expect(result.code).toBe(code);
  });

  it("name a file with damaged gzip data, after the rows before the damage", async () => {
    const lines = Array.from({ length: 20_000 }, (_, index) => flow.replace('"1"', `"${index}"`));
    const file = await fileOf("damaged.gz", gzipSync(lines.join("\n")).subarray(0, -5000));
    const { code, stdout, stderr } = await command(["flatten", "-f", "json", file]);
    expect(code).toBe(1);
    expect(stdout.split("\n").length).toBeGreaterThan(1000);
    expect(stderr).toBe(`hubble-adx: ${file}: damaged gzip data (unexpected end of file)\n`);
  });

  it("tell how a command is called without one", async () => {
    expect((await command([])).code).toBe(2);
    expect((await command(["flattn"])).stderr).toContain("Did you mean flatten?");
  });
});

it("works in constant memory", async () => {
  // A small heap: with a large one, the collector lets garbage pile up before it looks.
  const heap = ["--max-semi-space-size=1", "--max-old-space-size=40"];
  const reportsPeak = 'process.on("exit",()=>process.stderr.write("peak "+process.resourceUsage().maxRSS))';
  const peakMegabytes = async (format: string, copies: number) => {
    async function* log() {
      for (let copy = 0; copy < copies; copy++) yield* createReadStream(sample) as AsyncIterable<Buffer>;
    }
    const child = spawn(
      process.execPath,
      [...heap, "--import", `data:text/javascript,${encodeURIComponent(reportsPeak)}`, cli, "flatten", "-f", format],
      { stdio: ["pipe", "ignore", "pipe"] },
    );
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => (stderr += chunk));
    Readable.from(log()).pipe(child.stdin);
    await new Promise((resolve) => child.on("close", resolve));
    expect(stderr).toContain(`${(copies * 119).toLocaleString("en-US")} flows`);
    return Number(/peak (\d+)/.exec(stderr)![1]) / 1024;
  };
  const [small, large] = [await peakMegabytes("json", 40), await peakMegabytes("json", 160)];
  expect(large - small).toBeLessThan(20);
});
