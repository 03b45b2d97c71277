import { readFileSync, readdirSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { kqlString } from "../../tools/text/kql.js";
import { FilterHost, readFilterModule } from "../../tools/host.js";
import type { Engine } from "../../tools/kusto/engine.js";
import { readCreated, splitCommands } from "../../tools/kusto/script.js";
import { packageFile } from "../../tools/package-file.js";
import type { Answer } from "./reference/flow.js";
import { objects } from "./support.js";
import { openEngine } from "../support/engine.js";

// What the bridge makes of the agent's lines at query time, against what the filter makes of them.

/** Where the bridge says less, or in other words: fields deep in a flow, why a line cannot be read, and its end. */
const differs = ["AdditionalFields", "ParseError", "RawMessage"];

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine();
});
afterAll(() => engine.close());

test("the bridge gives the golden lines the filter's columns", async () => {
  const folder = packageFile("tests/fixtures/golden/");
  // A field of a type that it should not have is where the two take different ways.
  const logs = readdirSync(folder).filter((name) => name.endsWith(".log") && name !== "wrong-types.log");
  const host = new FilterHost(readFilterModule());
  const kept: string[] = [];
  for (const line of logs.flatMap((log) => readFileSync(new URL(log, folder), "utf8").trimEnd().split("\n"))) {
    const row = host.filter({ log: line }, { seconds: Date.UTC(2026, 0, 2, 3, 4, 5) / 1000 });
    if (!row) continue;
    kept.push(line);
    await engine.add(Buffer.from(row).toString());
  }
  const cells = kept.map((line) => `datetime(2026-01-02T03:04:05Z), ${kqlString(line)}`);
  const [bridge] = splitCommands(readFileSync(packageFile("adx/container-logs-bridge.kql"), "utf8")).map(({ text }) =>
    readCreated(text),
  );
  const query = bridge!.kind === "function" ? bridge!.body.slice(1, -1) : "";
  const table = `let ContainerLogs = datatable(TimeGenerated: datetime, LogMessage: string)[${cells.join(", ")}];`;
  const bridged = objects((await engine.query(`${table}\n${query}`))[0]!);
  const rows = objects((await engine.query("HubbleFlows"))[0]!);
  expect(bridged.map(comparable)).toEqual(rows.map(comparable));
  expect(bridged.map(isUnreadable)).toEqual(rows.map(isUnreadable));
  expect(bridged.length).toBeGreaterThan(35);
});

function comparable(row: Answer): Answer {
  return Object.fromEntries(Object.entries(row).filter(([name]) => !differs.includes(name)));
}

function isUnreadable({ ParseError }: Answer): boolean {
  return ParseError !== "";
}
