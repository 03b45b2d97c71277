import { expandPath, type Column, type Run, type Schema } from "../schema.js";

/** What the scanner does with the value of a key; a value that does not fit goes to AdditionalFields. */
export const kinds = {
  Text: "any scalar",
  Number: "a number, or a string that holds an integer",
  Bool: "true or false",
  Run: "no value: with the next key starts a run of members that flow after flow repeats together",
  Object: "an object whose keys have rows of their own",
  Protocol: "likewise, and its key is itself a column",
  Repeating: "an object or an array that flow after flow repeats; columns may be taken from its first element too",
  Dynamic: "an object or an array",
  TrueKeys: "an object of flags",
  Timestamp: "an RFC 3339 time",
  Members: "an object or an array; columns are taken from its members too",
  End: "no key: the end of an object's rows",
} as const;

export type Kind = keyof typeof kinds;

export interface Row {
  kind: Kind;
  slot?: string;
  child?: ObjectTable;
}

/** An object of the flow: the rows of its keys, by key. */
export interface ObjectTable {
  path: string;
  /** How many containers are open inside the object: the event's braces are the first, the flow's the second. */
  depth: number;
  /** Whether its values stand elsewhere too, so that what has no row can be passed over. */
  isCopy: boolean;
  rows: Map<string, Row>;
}

const KEY_ORDER_OF_COPIES: Record<string, string> = {
  "source.workloads[0]": "workload",
  "destination.workloads[0]": "workload",
  "egress_denied_by[0]": "policy",
  "ingress_denied_by[0]": "policy",
  "egress_allowed_by[0]": "policy",
  "ingress_allowed_by[0]": "policy",
};

/** The columns in table order, those of runs last, each behind the slot of its run. */
export function rowOrder(schema: Schema): string[] {
  const ofRuns = schema.runs.map((run) => [runSlot(run), ...columnsOfRun(run, schema)]);
  const inRuns = new Set(ofRuns.flat());
  const alone = schema.columns.map((column) => column.name).filter((name) => !inRuns.has(name));
  return [...alone, ...ofRuns.flat()];
}

function columnsOfRun({ from, to, toldBy }: Run, schema: Schema): string[] {
  const order = schema.keyOrder.flow!;
  for (const key of [from, to]) {
    if (!order.includes(key)) throw new Error(`schema/columns.yaml: runs: keyOrder's flow has no key "${key}"`);
  }
  if (toldBy !== undefined && !schema.columns.some(({ name }) => name === toldBy)) {
    throw new Error(`schema/columns.yaml: runs: there is no column "${toldBy}" to tell "${from}" by`);
  }
  const keys = order.slice(order.indexOf(from), order.indexOf(to) + 1);
  return schema.columns.filter(({ path }) => path && keys.includes(path.split(/[.[]/)[0]!)).map(({ name }) => name);
}

/** The slot for all columns of a run. */
export function runSlot({ from, to }: Run): string {
  return from === to ? `Run${nameOf(from)}` : `Run${nameOf(from)}To${nameOf(to)}`;
}

/** The slot that holds what stands at a path until it is known which column it makes. */
function pathSlot(path: string): string {
  return `Path${nameOf(path)}`;
}

export function nameOf(path: string): string {
  return path
    .split(/[._[\]0]+/)
    .filter((part) => part !== "")
    .map(capitalize)
    .join("");
}

export function buildObjects(schema: Schema, slots: string[]): ObjectTable[] {
  const objects = new Map<string, ObjectTable>();

  function object(path: string, isCopy = false): ObjectTable {
    const found = objects.get(path);
    if (found) return found;
    const depth = path === "" ? 2 : 2 + path.split(".").length;
    const made: ObjectTable = { path, depth, isCopy, rows: new Map() };
    objects.set(path, made);
    return made;
  }

  function row(path: string): { table: ObjectTable; key: string } {
    const parts = path.split(".");
    const key = parts.pop()!;
    let table = object("");
    for (const [index, part] of parts.entries()) {
      const childPath = parts.slice(0, index + 1).join(".");
      const existing = table.rows.get(part);
      if (existing?.child) table = existing.child;
      else {
        const child = object(childPath);
        table.rows.set(part, { ...existing, kind: "Object", child });
        table = child;
      }
    }
    return { table, key };
  }

  function hidden(name: string): string {
    if (!slots.includes(name)) slots.push(name);
    return name;
  }

  /** A value inside a dynamic column that a column of its own repeats: `list[0].name`, `extensions.count`. */
  function copiedRow(container: string, path: string, kind: "Repeating" | "Members"): ObjectTable {
    const { table, key } = row(container);
    const existing = table.rows.get(key);
    const child = object(path, true);
    table.rows.set(key, { ...existing, kind, child });
    return child;
  }

  const dynamicPaths = new Set(schema.columns.filter((c) => c.type === "dynamic").flatMap((c) => c.path ?? []));

  for (const column of schema.columns) {
    if (column.repeats && column.type !== "dynamic") {
      throw new Error(`schema/columns.yaml: ${column.name}: only values of dynamic columns are kept; remove "repeats"`);
    }
    if (column.path === undefined) continue;
    const paths = expandPath(column.path);
    for (const path of paths) {
      const element = /^(.*)\[0\]\.(\w+)$/.exec(path);
      if (element) {
        const table = copiedRow(element[1]!, `${element[1]!}[0]`, "Repeating");
        // Alternatives are told apart until the whole flow is read; a single path gives the column at once.
        const slot = paths.length > 1 ? hidden(pathSlot(path)) : column.name;
        table.rows.set(element[2]!, { kind: "Text", slot });
        continue;
      }
      const { table, key } = row(path);
      const existing = table.rows.get(key);
      table.rows.set(key, { ...existing, ...leaf(column, path, existing) });
    }
    if (column.else !== undefined) {
      const [container, member] = column.else.split(".");
      const slot = hidden(pathSlot(column.else));
      if (member !== undefined && dynamicPaths.has(container!)) {
        copiedRow(container!, container!, "Members").rows.set(member, { kind: kindOf(column), slot });
      } else {
        const { table, key } = row(column.else);
        table.rows.set(key, { kind: kindOf(column), slot });
      }
    }
  }
  for (const event of schema.exportEvents) object(event);
  return [...objects.values()];

  function leaf(column: Column, path: string, existing: Row | undefined): Row {
    switch (column.rule) {
      case "timestamp":
        return { kind: "Timestamp", slot: column.name };
      case "clusterOfNodeName":
      case "nodeOfNodeName":
        return { kind: "Text", slot: hidden(pathSlot(path)) };
      case "presentKey":
        return existing ?? { kind: "Object", child: object(path) };
      case "trueKeys":
        return { kind: "TrueKeys", slot: column.name, child: object(path) };
      default: {
        const kind =
          existing && (existing.kind === "Repeating" || existing.kind === "Members")
            ? existing.kind
            : column.repeats
              ? "Repeating"
              : kindOf(column);
        return { kind, slot: column.name };
      }
    }
  }
}

function kindOf(column: Column): Kind {
  switch (column.type) {
    case "string":
      return "Text";
    case "bool":
      return "Bool";
    case "int":
    case "long":
      return "Number";
    case "dynamic":
      return "Dynamic";
    case "datetime":
      return "Timestamp";
  }
}

export function pathPrefix({ path }: ObjectTable): string {
  return path === "" ? "" : `${path}.`;
}

export function orderedRows(object: ObjectTable, schema: Schema): [string, Row][] {
  const order = schema.keyOrder[KEY_ORDER_OF_COPIES[object.path] ?? (object.path || "flow")] ?? [];
  const place = (key: string) => (order.includes(key) ? order.indexOf(key) : order.length);
  return [...object.rows].sort(([a], [b]) => place(a) - place(b));
}

export function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
