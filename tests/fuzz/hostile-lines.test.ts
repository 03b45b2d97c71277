import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { findFluentBit } from "../support/fluent-bit.js";
import { pipelines, runHostileLines } from "./hostile-lines.js";

const fluentBit = findFluentBit();
const wasm = fileURLToPath(new URL("../../build/hubble-adx.wasm", import.meta.url));

describe.skipIf(!fluentBit)(`hostile lines through Fluent Bit ${fluentBit?.version}`, () => {
  test.each(Object.keys(pipelines))("%s", { timeout: 120_000 }, async (pipeline) => {
    const lines = 3000;
    const run = await runHostileLines(fluentBit!, wasm, pipeline, { lines, seed: 20250123 });
    expect(run).toMatchObject({ records: run.lines, differences: [], complaints: [] });
    expect(run.leftOut).toBeLessThan(lines / 20);
    expect(run.rows).toBeGreaterThan(lines / 3);
    expect(run.unreadable).toBeGreaterThan(lines / 30);
  });
});
