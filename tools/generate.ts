import { readFileSync, writeFileSync } from "node:fs";
import { assemblyTables } from "./generate/assembly.js";
import { packageFile } from "./package-file.js";
import { loadSchema, type Schema } from "./schema.js";

/** The files that are made from the schema. */
const outputs: { path: string; text: (schema: Schema) => string }[] = [
  { path: "assembly/flow/tables.ts", text: assemblyTables },
];

const check = process.argv.includes("--check");
const schema = loadSchema();
const stale: string[] = [];
for (const { path, text } of outputs) {
  const file = packageFile(path);
  const wanted = text(schema);
  if (read(file) === wanted) continue;
  if (check) stale.push(path);
  else {
    writeFileSync(file, wanted);
    console.log(`wrote ${path}`);
  }
}
if (stale.length) {
  console.error(
    `Stale against schema/columns.yaml: ${stale.join(", ")}. Run \`npm run generate\` and commit the result.`,
  );
  process.exitCode = 1;
}

function read(file: URL): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
