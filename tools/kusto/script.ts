/** A command or query of a file, with the line (from 1) on which it starts. */
export interface Statement {
  text: string;
  line: number;
}

/** The commands of a file: each starts with a dot in the first column, outside of fenced JSON. */
export function splitCommands(file: string): Statement[] {
  const commands: Statement[] = [];
  let fenced = false;
  let current: string[] | undefined;
  for (const [index, line] of file.split("\n").entries()) {
    if (!fenced && line.startsWith(".")) {
      current = [];
      commands.push({ text: "", line: index + 1 });
    }
    if (line.startsWith("```")) fenced = !fenced;
    if (!fenced && line.startsWith("//")) continue;
    current?.push(line);
    if (current) commands.at(-1)!.text = current.join("\n").trimEnd();
  }
  return commands;
}

/** The queries of a file: separated by blank lines, comments left out. */
export function splitQueries(file: string): Statement[] {
  const queries: Statement[] = [];
  let line = 1;
  for (const block of file.split(/\n(?=\s*\n)/)) {
    const text = block.trim();
    const lead = block.length - block.trimStart().length;
    const start = line + block.slice(0, lead).split("\n").length - 1;
    if (text.split("\n").some((part) => part !== "" && !part.startsWith("//"))) queries.push({ text, line: start });
    line += block.split("\n").length;
  }
  return queries;
}

/** What a command creates: a table, a function or a materialized view. */
export type Created =
  | { kind: "table"; name: string; columns: string }
  | { kind: "function"; name: string; parameters: string; body: string }
  | { kind: "view"; name: string; body: string };

/** Reads a `.create…` command of a table, function or materialized view; undefined for any other command. */
export function readCreated(command: string): Created | undefined {
  const table = /^\.create-merge table (\w+) (\([^)]*\))/.exec(command);
  if (table) return { kind: "table", name: table[1]!, columns: table[2]! };
  const body = command.slice(command.indexOf("\n{")).trim();
  const view = /^\.create-or-alter materialized-view .*\n(\w+) on table \w+\n\{/.exec(command);
  if (view) return { kind: "view", name: view[1]!, body };
  const made = /^\.create-or-alter function .*\n(\w+)(\(.*\))\n\{/.exec(command);
  if (made) return { kind: "function", name: made[1]!, parameters: made[2]!, body };
  return undefined;
}
