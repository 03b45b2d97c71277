import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { describe, expect, test } from "vitest";
import { FilterHost } from "../tools/host.js";
import { filterModule } from "./support/modules.js";

// Each `x.log` holds the lines of one kind of event as Cilium prints them, `x.log-expected.json` the rows they become,
// `null` for a line that is dropped. `npm run golden:update` writes them anew; read the difference before you commit it.
const directory = new URL("fixtures/golden/", import.meta.url);
const update = process.env.UPDATE_GOLDEN === "1";

/** The timestamp that the tail input gives the record. */
const time = { seconds: Date.UTC(2026, 0, 2, 3, 4, 5) / 1000, nanoseconds: 60_700_800 };

describe("golden files", () => {
  const logs = readdirSync(directory).filter((name) => name.endsWith(".log"));

  test.each(logs)("%s", (name) => {
    const host = new FilterHost(filterModule(), { functionName: "hubble_events" });
    const lines = readFileSync(new URL(name, directory), "utf8").trimEnd().split("\n");
    const rows = lines.map((line) => host.filterToObject({ stream: "stdout", log: line }, time));
    const expected = new URL(`${name}-expected.json`, directory);
    const isKnown = existsSync(expected) && isDeepStrictEqual(rows, JSON.parse(readFileSync(expected, "utf8")));
    // Rows that only have their columns in another order are no difference to read.
    if (update && !isKnown) writeFileSync(expected, `${JSON.stringify(rows, null, 2)}\n`);
    expect(rows).toEqual(JSON.parse(readFileSync(expected, "utf8")));
  });

  test("flows become the same rows in all functions and shapes of a record", () => {
    const events = new FilterHost(filterModule(), { functionName: "hubble_events" });
    for (const functionName of ["hubble_flows", "hubble_flows_keep"]) {
      const host = new FilterHost(filterModule(), { functionName });
      for (const name of logs) {
        for (const line of readFileSync(new URL(name, directory), "utf8").trimEnd().split("\n")) {
          const row = events.filterToObject({ log: line }, time);
          if (!row || "ExportEvent" in row) continue;
          for (const key of ["log", "message", "LogMessage", "MESSAGE", "msg"]) {
            expect(host.filterToObject({ [key]: line }, time)).toEqual(row);
            expect(host.filterToObject({ [key]: `2026-01-02T03:04:05Z stdout F ${line}\n` }, time)).toEqual(
              "ParseError" in row ? expect.objectContaining({ ParseError: expect.any(String) as string }) : row,
            );
          }
          if ("ParseError" in row) continue;
          expect(host.filterToObject(line, time)).toEqual(row);
          expect(host.filterToObject(`{"kubernetes":{"flow":1},"merged":${line}}`, time)).toEqual({
            ...row,
            kubernetes: { flow: 1 },
          });
        }
      }
    }
  });
});
