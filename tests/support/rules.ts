import { readdirSync, readFileSync } from "node:fs";
import { parse } from "yaml";
import { packageFile } from "../../tools/package-file.js";
import { filterFunctions, type FilterFunction } from "./modules.js";

/** Records that say the same, and what each of the functions makes of each of them. */
export interface RuleCase {
  name: string;
  functions: readonly FilterFunction[];
  records: { shape: string; text: string }[];
  /** The row's JSON text; `dropped`; or `unchanged` where the record is returned byte for byte. */
  expected: { row: string } | "dropped" | "unchanged";
}

interface WrittenCase {
  name: string;
  flow?: string;
  event?: string;
  line?: string;
  record?: string;
  functions?: FilterFunction[];
  row?: string;
  result?: "dropped" | "unchanged";
}

const folder = packageFile("tests/fixtures/rules/");

/**
 * Reads the cases of tests/fixtures/rules, by file name. Its README.md explains them.
 * @throws Error naming the file and the case that is not written as it says.
 */
export function loadRuleCases(): Map<string, RuleCase[]> {
  const files = readdirSync(folder).filter((file) => file.endsWith(".yaml"));
  return new Map(
    files.map((file) => {
      const cases = parse(readFileSync(new URL(file, folder), "utf8")) as WrittenCase[];
      return [file, cases.map((written) => expand(written, file))];
    }),
  );
}

function expand(written: WrittenCase, file: string): RuleCase {
  const { name, functions = filterFunctions, row, result } = written;
  const records = recordsOf(written);
  const expected = row === undefined ? result : { row };
  if (records.length === 0 || expected === undefined || (row !== undefined && result !== undefined)) {
    throw new Error(`${file}: "${name}" needs a flow, an event, a line or a record, and either a row or a result`);
  }
  return { name, functions, records, expected };
}

function recordsOf({ flow, event, line, record }: WrittenCase): RuleCase["records"] {
  if (flow !== undefined) return recordsOf({ name: "", event: `{"flow":${flow}}` });
  if (event !== undefined) {
    return [
      { shape: "merged", text: event },
      { shape: "one level down", text: `{"log_processed":${event}}` },
      { shape: "text", text: JSON.stringify({ log: event }) },
    ];
  }
  if (line !== undefined) return [{ shape: "text", text: JSON.stringify({ log: line }) }];
  return record === undefined ? [] : [{ shape: "as written", text: record }];
}
