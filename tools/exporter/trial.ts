import { Aggregation } from "../flow-filter/aggregation.js";
import type { ExportEvent, Json } from "../flow-filter/event.js";
import { compileFilter, refusalOf } from "../flow-filter/filter.js";
import type { CompiledFilter, Refusal } from "../flow-filter/filter.js";
import { kindOf } from "../flow-filter/kind.js";
import { exportLine, FieldMask } from "../flow-filter/mask.js";
import { accepted } from "../flow-filter/accepted.js";
import { describeField } from "./describe.js";
import type { FlowLog } from "../flow-filter/flow-log.js";
import { parseGoDuration } from "../flow-filter/go-values.js";
import { all } from "../findings/words.js";

/** An event of a log, with what is needed of its line. */
export interface LoggedEvent {
  event: ExportEvent;
  /** As the exporter wrote it. */
  text: string;
  node: string;
  /** When it was seen, in milliseconds; NaN where nothing says so. */
  timeMs: number;
}

/** Events that met the same end, for the same reason. */
export interface Group {
  /** Why they were not exported, in words; "" for those that were. */
  reason: string;
  count: number;
  /** How many of which kind, e.g. `DROPPED drop`. */
  kinds: Map<string, number>;
  /** The first of them. */
  examples: LoggedEvent[];
}

/** What the row of a line weighs; 0 where the line makes none. */
export type RowBytes = (line: string) => number;

const EXAMPLES = 2;

/** What one flow log would have exported of a log's events. */
export class Trial {
  readonly flowLog: FlowLog;
  /** Why it cannot be tried; undefined where it can. */
  readonly untried: string | undefined;
  readonly passed: Group = { reason: "", count: 0, kinds: new Map(), examples: [] };
  readonly refused = new Map<string, Group>();
  lines = 0;
  /** Bytes of the lines, with their line feeds. */
  bytes = 0;
  /** Bytes of the rows that Azure Data Explorer gets. */
  rowBytes = 0;
  readonly #rowBytes: RowBytes;
  #include: CompiledFilter[] = [];
  #exclude: CompiledFilter[] = [];
  readonly #nodes = new Map<string, { mask: FieldMask; aggregation: Aggregation | undefined }>();
  readonly #unseen: Set<string>;

  constructor(flowLog: FlowLog, rowBytes: RowBytes) {
    this.flowLog = flowLog;
    this.#rowBytes = rowBytes;
    const filters = [...flowLog.includeFilters, ...flowLog.excludeFilters];
    const asked = filters.flatMap((filter) => Object.keys(filter).filter((field) => filter[field]!.length > 0));
    this.#unseen = new Set(asked.flatMap((field) => accepted.filter[field]!.selects));
    try {
      this.#include = flowLog.includeFilters.map(compileFilter);
      this.#exclude = flowLog.excludeFilters.map(compileFilter);
    } catch (error) {
      this.untried = (error as Error).message;
    }
  }

  /** Fields that the filters look at and no flow of the log has. */
  get unseen(): string[] {
    return [...this.#unseen];
  }

  add(logged: LoggedEvent): void {
    if (this.untried !== undefined) return;
    const { event, text } = logged;
    for (const path of this.#unseen) if (event.flow && has(event.flow, path)) this.#unseen.delete(path);
    const refusal = refusalOf(event, this.#include, this.#exclude);
    const group = refusal === undefined ? this.passed : this.#refusedFor(this.#say(refusal));
    count(group, logged);
    if (refusal !== undefined) return;
    const { mask, aggregation } = this.#nodeOf(logged.node);
    if (!event.flow) this.#write(text);
    else if (aggregation) for (const flow of aggregation.add(event.flow, logged.timeMs)) this.#write(exportLine(flow));
    else this.#write(mask.isActive ? exportLine(mask.copy(event.flow)) : text);
  }

  /** Writes what aggregations still hold. */
  end(): void {
    for (const { aggregation } of this.#nodes.values()) {
      for (const flow of aggregation?.end() ?? []) this.#write(exportLine(flow));
    }
  }

  #write(line: string): void {
    this.lines += 1;
    this.bytes += Buffer.byteLength(line) + 1;
    this.rowBytes += this.#rowBytes(line);
  }

  /** Each node has an exporter of its own. */
  #nodeOf(node: string) {
    const known = this.#nodes.get(node);
    if (known) return known;
    const { fieldMask, fieldAggregate, aggregationInterval = "0" } = this.flowLog;
    const milliseconds = Number(parseGoDuration(aggregationInterval) ?? 0n) / 1e6;
    const aggregates = fieldAggregate !== undefined && fieldAggregate.length > 0 && milliseconds > 0;
    const made = {
      mask: new FieldMask(fieldMask),
      aggregation: aggregates ? new Aggregation(fieldAggregate, milliseconds) : undefined,
    };
    this.#nodes.set(node, made);
    return made;
  }

  #refusedFor(reason: string): Group {
    const known = this.refused.get(reason);
    if (known) return known;
    const made: Group = { reason, count: 0, kinds: new Map(), examples: [] };
    this.refused.set(reason, made);
    return made;
  }

  #say(refusal: Refusal): string {
    if (refusal.by === "exclude") {
      const conditions = this.#exclude[refusal.filter]!.conditions.map(({ field }) => field);
      const { filter } = this.#exclude[refusal.filter]!;
      return `excluded: ${conditions.length === 0 ? "all flows" : all(conditions.map((field) => describeField(field, filter[field]!)))}`;
    }
    const said = refusal.fields.map((field, i) => describeField(field, this.#include[i]!.filter[field]!));
    return `not so: ${[...new Set(said)].join("; ")}`;
  }
}

function count(group: Group, logged: LoggedEvent): void {
  group.count += 1;
  const kind = kindOf(logged.event);
  group.kinds.set(kind, (group.kinds.get(kind) ?? 0) + 1);
  // Flows tell more than other events do.
  if (logged.event.flow && group.examples.length < EXAMPLES) group.examples.push(logged);
}

function has(flow: Json, path: string): boolean {
  let at: unknown = flow;
  for (const name of path.split(".")) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, name)) return false;
    at = (at as Json)[name];
  }
  return true;
}
