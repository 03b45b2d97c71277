import { accepted } from "./accepted.js";
import { object } from "./event.js";
import type { Json } from "./event.js";

/** Names of fields, each with what a mask takes below it; undefined where it takes the whole field. */
type Tree = Map<string, Tree | undefined>;

/** Messages that stand in JSON as one value, of which a mask can take a part. */
const SCALARS: Record<string, (tree: Tree, value: unknown) => unknown> = {
  BoolValue: (_, value) => value === true,
  Timestamp: (tree, value) => {
    const [seconds = "1970-01-01T00:00:00", fraction = ""] =
      (typeof value === "string" ? value : "").match(/^[^.Z]+|\.\d+/g) ?? [];
    return `${tree.has("seconds") ? seconds : "1970-01-01T00:00:00"}${tree.has("nanos") ? fraction : ""}Z`;
  },
};

/**
 * The exporter's field mask (pkg/hubble/parser/fieldmask of Cilium 1.20.2): one flow that is filled anew from each flow,
 * with what an earlier one has left below one of several choices.
 */
export class FieldMask {
  readonly #tree: Tree;
  readonly #flow: Json = {};

  /** @param paths that Cilium accepts; none for whole flows. */
  constructor(paths: readonly string[]) {
    this.#tree = treeOf(paths);
    allocate(this.#tree, this.#flow, "Flow");
  }

  /** Whether it takes anything away. */
  get isActive(): boolean {
    return this.#tree.size > 0;
  }

  /** What the exporter writes of a flow; the same object each time. */
  copy(flow: Json): Json {
    copy(this.#tree, this.#flow, flow, "Flow");
    return this.#flow;
  }

  /** What an aggregation keeps of a flow: a new object, with nothing of earlier flows. */
  copyNew(flow: Json): Json {
    const kept: Json = {};
    copy(this.#tree, kept, flow, "Flow");
    return kept;
  }
}

/** The line of a flow as the exporter writes it: time and node beside the flow are the flow's own. */
export function exportLine(flow: Json): string {
  const { node_name, time } = flow;
  return goJson({ flow, ...(node_name === undefined ? {} : { node_name }), ...(time === undefined ? {} : { time }) });
}

/** JSON as Go's encoder writes it, with `<`, `>`, `&` and line separators escaped. */
export function goJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function treeOf(paths: readonly string[]): Tree {
  const tree: Tree = new Map();
  // A path above another takes its place.
  const kept = paths.filter((path) => !paths.some((other) => path.startsWith(`${other}.`)));
  for (const path of kept) {
    let at = tree;
    const parts = path.split(".");
    for (const part of parts.slice(0, -1)) {
      const below = at.get(part) ?? new Map<string, Tree | undefined>();
      at.set(part, below);
      at = below;
    }
    at.set(parts.at(-1)!, undefined);
  }
  return tree;
}

function fieldOf(message: string, name: string): { message: string; isChoice: boolean } {
  const field = accepted.messages[message]?.[name];
  return { message: field?.message ?? "", isChoice: field?.oneof === true };
}

/** Makes the messages below which the mask goes; of several choices the last stays. */
function allocate(tree: Tree, into: Json, name: string): void {
  for (const field of Object.keys(accepted.messages[name] ?? {})) {
    const below = tree.get(field);
    if (!below) continue;
    const { message } = fieldOf(name, field);
    const inner: Json = {};
    set(into, name, field, SCALARS[message] ? SCALARS[message](below, undefined) : inner);
    allocate(below, inner, message);
  }
}

function copy(tree: Tree, into: Json, from: Json, name: string): void {
  for (const [field, below] of tree) {
    const { message, isChoice } = fieldOf(name, field);
    const isSet = Object.hasOwn(from, field) && from[field] !== null;
    if (!below) {
      if (isSet) set(into, name, field, from[field]);
      else delete into[field];
    } else if (SCALARS[message]) {
      set(into, name, field, SCALARS[message](below, from[field]));
    } else if (isSet || !isChoice) {
      const inner = object(into[field]) ?? {};
      set(into, name, field, inner);
      copy(below, inner, object(from[field]) ?? {}, message);
    }
  }
}

/** Sets a field; of several choices the others go. */
function set(into: Json, name: string, field: string, value: unknown): void {
  if (fieldOf(name, field).isChoice) {
    for (const other of Object.keys(into)) if (other !== field && fieldOf(name, other).isChoice) delete into[other];
  }
  into[field] = value;
}
