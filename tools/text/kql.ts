/** The table, mapping and folder that every KQL command of this project names. */
export const TABLE = "HubbleFlows";
export const MAPPING = "HubbleFlowsMapping";
export const FOLDER = "Hubble";

/** A text as a literal of KQL, whatever is in it. */
export function kqlString(text: string): string {
  return JSON.stringify(text).replaceAll(
    /[\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** The heading of a generated KQL file: what made it and how to make it again. */
export function kqlHeading(sources: string, about: string[]): string {
  return [
    `// Generated from ${sources} by "npm run generate"; do not edit.`,
    ...about.map((line) => `// ${line}`),
  ].join("\n");
}

/** The command that creates or replaces a stored function. */
export function createFunction(signature: string, docstring: string, body: string): string {
  const properties = `folder = ${kqlString(FOLDER)}, docstring = ${kqlString(docstring)}`;
  return `.create-or-alter function with (${properties})\n${signature}\n{\n${body}\n}`;
}
