import type { Finding } from "../findings/finding.js";
import { all } from "../findings/words.js";
import { loadSchema } from "../schema.js";

/**
 * Compares a table with the columns that rows have.
 * @param text what `.show table HubbleFlows cslschema` gives, or any text with `Name:type` pairs.
 */
export function checkTable(text: string, file: string): Finding[] {
  const types = new Map(
    [...text.matchAll(/\b(\w+)\s*:\s*(\w+)/g)].map(([, name, type]) => [name!, type!.toLowerCase()]),
  );
  const upgrade = "run adx/schema.kql again: it adds what is missing";
  const error = (message: string, remedy: string): Finding => ({ severity: "error", file, line: 1, message, remedy });
  const { columns } = loadSchema();
  const missing = columns.map(({ name }) => name).filter((name) => !types.has(name));
  const [one, ...more] = missing;
  const whatIsMissing =
    more.length === 0 ? `column ${one}: its values are lost` : `columns ${all(missing)}: their values are lost`;
  return [
    ...(missing.length > 0 ? [error(`the table has no ${whatIsMissing}`, upgrade)] : []),
    ...columns.flatMap(({ name, type }) => {
      const given = types.get(name);
      if (given === undefined || given === type) return [];
      const message = `the column ${name} is ${given}, and should be ${type}: its values become null`;
      return [error(message, `rename the column and ${upgrade}`)];
    }),
  ];
}
