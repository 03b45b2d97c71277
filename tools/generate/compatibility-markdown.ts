import { markdownTable } from "./markdown-table.js";

/** What `npm run compatibility` has found out about one Fluent Bit. */
export interface Compatibility {
  version: string;
  /** The version of its WASM Micro Runtime. */
  wamr: string;
  instance: "process" | "chunk";
  freesBuffers: boolean;
  loadsAot: boolean;
  /** The levels of arrays and objects that a flow may have for its row to be carried. */
  levels: number;
  /** Of the end-to-end tests. */
  tests: { passed: number; failed: number };
  /** Those of the end-to-end tests, and how many of them the newest Fluent Bit has not made. */
  rows: { count: number; different: number };
}

/** The table of `docs/filter.md`: what each of `versions` of Fluent Bit does. */
export function compatibilityTable(versions: readonly Compatibility[]): string {
  return markdownTable([
    [
      "Fluent Bit",
      "WAMR",
      "Instance lives for",
      "Frees buffers",
      "Loads AOT",
      "Carries levels",
      "End-to-end tests",
      "Rows",
    ],
    ...versions.map(cells),
  ]);
}

function cells({ version, wamr, instance, freesBuffers, loadsAot, levels, tests, rows }: Compatibility): string[] {
  return [
    version,
    wamr,
    instance === "process" ? "the process" : "a chunk",
    yesOrNo(freesBuffers),
    yesOrNo(loadsAot),
    String(levels),
    tests.failed === 0 ? `${tests.passed} pass` : `${tests.failed} of ${tests.passed + tests.failed} fail`,
    rows.different === 0
      ? `${thousands(rows.count)} identical`
      : `${rows.different} of ${thousands(rows.count)} differ`,
  ];
}

const yesOrNo = (is: boolean): string => (is ? "yes" : "no");
const thousands = (count: number): string => count.toLocaleString("en-US");
