import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { findFluentBit } from "../support/fluent-bit.js";
import { pipelines, runHostileLines } from "./hostile-lines.js";

const usage = `npm run fuzz:lines -- [--lines N] [--seed S]

Sends changed flows and log lines through the Fluent Bit on PATH, or the one that FLUENT_BIT names, and checks that
every flow is a row and that the filter logs nothing.
  --lines N  lines for each pipeline (default 100000)
  --seed S   the same seed gives the same lines (default 1)
`;

const { values } = parseArgs({
  options: {
    lines: { type: "string", default: "100000" },
    seed: { type: "string", default: "1" },
    help: { type: "boolean", default: false },
  },
});
const lines = Number(values.lines);
const seed = Number(values.seed);
const fluentBit = findFluentBit();
if (values.help || !Number.isInteger(lines) || !Number.isInteger(seed)) {
  process.stdout.write(usage);
  process.exit(values.help ? 0 : 2);
}
if (!fluentBit) {
  console.error("No Fluent Bit: put fluent-bit on PATH, or name it in FLUENT_BIT.");
  process.exit(2);
}

const wasm = fileURLToPath(new URL("../../build/hubble-adx.wasm", import.meta.url));
for (const pipeline of Object.keys(pipelines)) {
  const run = await runHostileLines(fluentBit, wasm, pipeline, { lines, seed });
  console.log(
    `${fluentBit.version}, ${pipeline}: ${run.lines} lines (${run.leftOut} left out), ${run.records} records, ${run.rows} rows ` +
      `(${run.unreadable} unreadable), ${run.dropped} no flows, ${run.differences.length} differences, ` +
      `${run.complaints.length} errors or warnings of filters`,
  );
  for (const text of [...run.differences, ...run.complaints]) console.error(text.slice(0, 1000));
  if (run.differences.length + run.complaints.length > 0 || run.records !== run.lines) process.exitCode = 1;
}
