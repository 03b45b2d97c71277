import { readdirSync, readFileSync } from "node:fs";
import { expandPath, loadSchema } from "../../tools/schema.js";

const fixtures = new URL("../fixtures/", import.meta.url);
const keptFile = new URL("fuzz/records.ndjson", fixtures);

/** Lines of the golden logs and of the sample log, without what a container runtime puts in front. */
export function seedLines(): string[] {
  const golden = new URL("golden/", fixtures);
  const files = readdirSync(golden)
    .filter((name) => name.endsWith(".log"))
    .map((name) => new URL(name, golden));
  files.push(new URL("../../fluent-bit/sample/cilium-agent.log", import.meta.url));
  const lines = files.flatMap((file) => readFileSync(file, "utf8").trimEnd().split("\n"));
  return [...new Set(lines.map((line) => line.replace(/^\d\S* (stdout|stderr) [FP] /, "")))];
}

/** The records that earlier runs found worth keeping: one JSON string a line, each character a byte. */
export function keptRecords(): Buffer[] {
  return readFileSync(keptFile, "latin1")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => Buffer.from(JSON.parse(line) as string, "latin1"));
}

/** As `keptRecords` reads them. */
export function keptRecordsText(records: readonly Buffer[]): { file: URL; text: string } {
  const lines = records.map((record) => {
    const ascii = JSON.stringify(record.toString("latin1")).replace(
      /[\u007f-\u00ff]/g,
      (character) => `\\u00${character.charCodeAt(0).toString(16)}`,
    );
    return `${ascii}\n`;
  });
  return { file: keptFile, text: lines.join("") };
}

const schemaNames = loadSchema().columns.flatMap(({ name, path }) => [
  name,
  ...(path === undefined
    ? []
    : expandPath(path.replaceAll("[0]", "")).flatMap((expanded) => [expanded, ...expanded.split(".")])),
]);

/** Names that mean something to the filter, and some that should not. */
export const names = [
  ...new Set([
    ...schemaNames,
    ...[
      "flow",
      "time",
      "node_name",
      "log",
      "message",
      "LogMessage",
      "MESSAGE",
      "msg",
      "stream",
      "logtag",
      "kubernetes",
    ],
    ...["lost_events", "agent_event", "debug_event", "node_status", "reply", "is_reply", "extensions", "flags"],
    ...[
      "AdditionalFields",
      "ParseError",
      "RawMessage",
      "ExportEvent",
      "Cluster",
      "",
      "a",
      "a.b",
      "l4.TCP",
      "x".repeat(300),
    ],
    ...["__proto__", "constructor", "\u0000", '"', "\\", "ä", "😀", "\u2028", "'; DROP TABLE", "=1+1", "| take 1"],
  ]),
];

/** JSON values that a reader can get wrong. */
export const values = [
  ...[
    "null",
    "true",
    "false",
    "{}",
    "[]",
    "[[]]",
    "[{}]",
    '{"":{}}',
    "[null]",
    '[{"name":"x","kind":1}]',
    '{"a":null}',
  ],
  ...["0", "-0", "-1.5E+3", "123456789012345678", "18446744073709551616", "0.1", "1e-400"],
  ...['"0"', '"-0"', '"007"', '"123456789012345678"', '"1234567890123456789"', '"-1"', '"1.0"', '"1\\n"'],
  ...[
    '"2025-01-02T03:04:05Z"',
    '"2024-02-29t23:59:60.123456789z"',
    '"2023-02-29T00:00:00Z"',
    '"2025-01-02T03:04:05.+01:00"',
  ],
  ...['"2025-01-02T03:04:05.1234567890123456789-23:59"', '"a/b/c"', '"/"', '"\\/"', '"a\\u002fb"', '""', '"\\u0000"'],
  ...[
    '"\\ud83d\\ude00"',
    '"\\ud800"',
    '"\\udc00\\ud800"',
    '"\\ud83d\\u0041"',
    '"\\u00e4\\"\\\\\\/\\b\\f\\n\\r\\t"',
    '"ä😀\u2028"',
  ],
  ...[
    "\"=cmd|'/C calc'!A0\"",
    '"</script>"',
    '"\\u0022"',
    '"\\u005c"',
    `"${"x".repeat(1000)}"`,
    `"${"\\n".repeat(500)}"`,
  ],
  ...[
    '{"flow":{}}',
    '"{\\"flow\\":{}}"',
    '{"flow":{"flow":{}}}',
    '{"flow":5}',
    '"{\\"flow\\":"',
    '{"lost_events":{"x":1}}',
  ],
  "[".repeat(18) + "]".repeat(18),
  '{"a":'.repeat(18) + "1" + "}".repeat(18),
];

/** Texts that are no JSON value, and values that no Fluent Bit carries to its outputs. */
export const brokenValues = [
  ...['"\\ud800"', '"\\udc00\\ud800"', '"\\ud83d\\u0041"'],
  ...[25, 40, 61, 64, 66].flatMap((depth) => [
    "[".repeat(depth) + "]".repeat(depth),
    `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`,
  ]),
  ...[
    "1e999",
    "-1E308",
    "9".repeat(309),
    "[".repeat(20_000),
    "NaN",
    "+1",
    "01",
    "1.",
    ".5",
    "tru",
    "truee",
    "'x'",
    '"',
  ],
  ...['"\\"', '"\\u12"', '"\\x"', "\u0001", "", "\ufeff{}"],
];
