import { expect, it } from "vitest";
import { FilterHost, readFilterModule, readLog, toRecord } from "../tools/index.js";

it("lets a program flatten a log with what the package exports", async () => {
  const host = new FilterHost(readFilterModule(), { functionName: "hubble_flows" });
  async function* log() {
    yield await Promise.resolve(
      Buffer.from('2025-01-23T07:59:23Z stdout F {"flow":{"verdict":"DROPPED"}}\nlevel=info\n'),
    );
  }
  const rows = [];
  for await (const line of readLog(log())) rows.push(host.filterToObject(toRecord(line), line.time));
  expect(rows).toEqual([{ TimeGenerated: "2025-01-23T07:59:23.0000000Z", Verdict: "DROPPED" }, null]);
});
