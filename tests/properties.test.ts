import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import {
  anyBytes,
  damagedRecord,
  eventlessRecord,
  flowRecord,
  otherEventRecord,
} from "./support/arbitraries/record.js";
import { nodeLog } from "./support/arbitraries/node-log.js";
import { canonicalText, JsonObject, parseJson } from "./support/json.js";
import { filterFunctions, reference, scanner, type Filter } from "./support/modules.js";
import { fieldsOfFlow, fieldsOfRow } from "./support/rebuild.js";
import { readRow, rowText } from "./support/rows.js";
import { count } from "./support/thorough.js";

// PROPERTY_RUNS sets how many random records each property meets; PROPERTY_SEED repeats the records of a failed run.
const numRuns = Number(process.env["PROPERTY_RUNS"] ?? count(150, 1000));
const seed = process.env["PROPERTY_SEED"];
const timeout = 60_000 + numRuns * 100;
const parameters = {
  numRuns,
  // Shrinking a record of many keys may take for ever; what it has reached until then is reported.
  interruptAfterTimeLimit: timeout / 2,
  markInterruptAsFailure: true,
  ...(seed === undefined ? {} : { seed: Number(seed) }),
};

let filter: Filter;
let readable: Filter;
beforeAll(() => {
  filter = scanner();
  readable = reference();
});

describe("the filter and the reference agree", () => {
  const records = {
    "records with a flow": flowRecord.map(({ record }) => record),
    "records with another export event": otherEventRecord,
    "records without an event": eventlessRecord,
    "records whose event is damaged": damagedRecord,
  };
  it.each(Object.entries(records))(
    "on %s",
    (_, arbitrary) => {
      const property = fc.property(arbitrary, (record) => {
        for (const functionName of filterFunctions) {
          expect(outcome(filter(functionName, record), record), functionName).toBe(
            outcome(readable(functionName, record), record),
          );
        }
      });
      fc.assert(property, parameters);
    },
    timeout,
  );

  it(
    "on the log of a node, where nearly everything repeats",
    () => {
      const property = fc.property(nodeLog, fc.constantFrom(...filterFunctions), (records, functionName) => {
        for (const record of records) {
          expect(outcome(filter(functionName, record), record)).toBe(outcome(readable(functionName, record), record));
        }
      });
      fc.assert(property, parameters);
    },
    timeout,
  );
});

describe.each([
  { module: "the filter", use: () => filter },
  { module: "the reference", use: () => readable },
])("$module", ({ use }) => {
  it(
    "loses nothing of a flow",
    () => {
      const property = fc.property(flowRecord, ({ record, flow, hidesColumns }) => {
        const expected = fieldsOfFlow(flow);
        fc.pre(expected !== null && !hidesColumns);
        const row = readRow(use()("hubble_flows", record));
        expect(row).not.toBeNull();
        const rebuilt = fieldsOfRow(row!, flow);
        expect(canonicalText(new JsonObject([...rebuilt]))).toBe(canonicalText(new JsonObject([...expected])));
      });
      fc.assert(property, parameters);
    },
    timeout,
  );

  it(
    "answers any bytes with nothing or one sound row",
    () => {
      const property = fc.property(anyBytes, fc.constantFrom(...filterFunctions), (record, functionName) => {
        const reply = use()(functionName, record);
        if (reply !== null && Buffer.from(record).equals(reply))
          expect(parseJson(decode(reply))).toBeInstanceOf(JsonObject);
        else readRow(reply);
      });
      fc.assert(property, { ...parameters, numRuns: numRuns * 3 });
    },
    timeout,
  );

  it(
    "keeps what holds no flow byte for byte",
    () => {
      const property = fc.property(fc.oneof(eventlessRecord, otherEventRecord), (record) => {
        expect(decode(use()("hubble_flows_keep", record))).toBe(record);
      });
      fc.assert(property, parameters);
    },
    timeout,
  );
});

function outcome(reply: Uint8Array | null, record: string): string {
  return reply !== null && decode(reply) === record ? "unchanged" : rowText(reply);
}

function decode(bytes: Uint8Array | null): string {
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes ?? new Uint8Array());
}
