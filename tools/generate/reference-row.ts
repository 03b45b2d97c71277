import type { Schema } from "../schema.js";

/** `reference/assembly/flow/row.ts`: a row of the readable implementation, which has a field for each column. */
export function referenceRow({ columns }: Schema): string {
  const fields = columns.map(({ name }) => `  @omitnull ${name}: JSON.Raw | null = null;\n`);
  return `// Generated from schema/columns.yaml by \`npm run generate\`. Do not edit.
import { JSON } from "json-as";

/** The columns that a row can have, in table order; null where it has none. Numbers are kept as they are written. */
@json
export class Row {
${fields.join("")}}
`;
}
