import { appendFileSync, readFileSync } from "node:fs";
import { afterEach, describe, expect, test } from "vitest";
import { embeddedRows } from "../support/embedded-rows.js";
import { findFluentBit, runPipeline } from "../support/fluent-bit.js";
import { collector, missingForKusto, Production } from "./production.js";

const fluentBit = findFluentBit();
const missing = fluentBit ? missingForKusto() : "they need a Fluent Bit";
if (missing) console.warn(`The tests of azure_kusto are skipped: ${missing}.`);

const sample = readFileSync(new URL("../../fluent-bit/sample/cilium-agent.log", import.meta.url), "utf8");

describe.skipIf(missing)(`the production configuration on Fluent Bit ${fluentBit?.version}`, () => {
  let production: Production;
  afterEach(() => production.dispose());

  test("delivers exactly the rows of the log, as the mapping reads them", { timeout: 120_000 }, async () => {
    production = await Production.create(fluentBit!);
    const { standIn } = production;
    const expected = await rowsOf(sample);
    expect(expected.length).toBeGreaterThan(100);
    appendFileSync(production.log, sample);
    production.start();
    await production.until("all rows delivered", () => standIn.ingested().length >= expected.length);
    await production.end();

    expect(standIn.refused).toEqual([]);
    expect(standIn.ingested()).toEqual(expected.map((log) => ({ log })));
    for (const message of standIn.messages) {
      expect(message).toMatchObject({
        DatabaseName: "Kubernetes",
        TableName: "HubbleFlows",
        RawDataSize: expect.any(Number) as number,
        AdditionalProperties: {
          format: "multijson",
          authorizationContext: "an-identity-token",
          jsonMappingReference: "HubbleFlowsMapping",
        },
      });
    }
    expect([...standIn.blobs.keys()].every((uri) => uri.includes(".multijson.gz?"))).toBe(true);
    expect(production.output).not.toMatch(/\[ *(error|warn)\](?!.*service will shutdown)/);
    expect(production.output).not.toContain("a-federated-token");
  });
});

/** What the embedded host makes of the records that this Fluent Bit's tail input gives for a log. */
async function rowsOf(log: string): Promise<Record<string, unknown>[]> {
  const { records } = await runPipeline(fluentBit!, { input: log, tail: { "multiline.parser": "cri" } });
  // The container runtime's time, which Fluent Bit takes for the record's and prints with fewer digits.
  const named = records.map((record) => ({ ...record, ...collector }));
  const rows = embeddedRows(named, "hubble_events", (record) => record.time);
  return rows.map((row) => Object.fromEntries(Object.entries(row).filter(([key]) => key !== "@time")));
}
