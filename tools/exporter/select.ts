import { explain } from "./explain.js";
import type { FlowFilter } from "../flow-filter/flow-log.js";
import { parseGoDuration, parseGoTime } from "../flow-filter/go-values.js";
import { parseTimestamp } from "../logs/timestamp.js";
import { UserError } from "../user-error.js";
import { readEvent, text } from "../flow-filter/event.js";
import type { ExportEvent } from "../flow-filter/event.js";
import { compileFilter, refusalOf } from "../flow-filter/filter.js";

export interface Selection {
  include: readonly FlowFilter[];
  exclude: readonly FlowFilter[];
  /** Times as `hubble observe` takes them. */
  since?: string | undefined;
  until?: string | undefined;
}

/**
 * Makes the test of a log's lines.
 * @throws UserError for filters that Cilium refuses, and for what cannot be tried.
 */
export function selectLines(selection: Selection, now: Date): (line: string) => boolean {
  const { include, exclude, since, until } = selection;
  const [included, excluded] = [checked(include), checked(exclude)];
  const from = since === undefined ? -Infinity : timeArgument("since", since, now);
  const to = until === undefined ? Infinity : timeArgument("until", until, now);
  const isInTime = (event: ExportEvent) => {
    const time = parseTimestamp(text(event.flow, "time") || text(event.line, "time"));
    if (!time) return since === undefined && until === undefined;
    const milliseconds = time.seconds * 1000 + time.nanoseconds / 1e6;
    return milliseconds >= from && milliseconds <= to;
  };
  return (line) => {
    const event = readEvent(line);
    return event !== undefined && isInTime(event) && refusalOf(event, included, excluded) === undefined;
  };
}

/** The form in which Cilium reads a filter: CEL expressions stand in an object of their own. */
export function asJson({ experimental, ...fields }: FlowFilter): Record<string, unknown> {
  return experimental ? { ...fields, experimental: { cel_expression: experimental } } : fields;
}

function checked(filters: readonly FlowFilter[]) {
  const flowLogs = [{ name: "filters", filePath: "stdout", includeFilters: filters.map(asJson) }];
  const { flowLogs: read, findings } = explain(JSON.stringify({ flowLogs }), "filters");
  const error = findings.find(({ severity }) => severity === "error");
  if (error) throw new UserError(`${error.message.replace(/\. Cilium [^.]*$/, "")}: ${error.remedy}`);
  try {
    return read[0]!.includeFilters.map(compileFilter);
  } catch (error) {
    throw new UserError((error as Error).message, { cause: error });
  }
}

/**
 * A time as `hubble observe` takes it (hubble/pkg/time of Cilium 1.20.2): so long before now, RFC 3339, a day, or a day
 * with an hour or a minute. In milliseconds.
 */
function timeArgument(option: string, given: string, now: Date): number {
  const duration = parseGoDuration(given);
  if (duration !== undefined) return now.getTime() - Number(duration) / 1e6;
  const [, day, hour, minute, zone] = /^(\d{4}-\d\d-\d\d)(?:T(\d\d)(?::(\d\d))?(Z|[-+]\d\d:\d\d))?$/.exec(given) ?? [];
  const whole = day === undefined ? given : `${day}T${hour ?? "00"}:${minute ?? "00"}:00${zone ?? "Z"}`;
  const isRfc1123 = /^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d [-+]\d{4}$/.test(given);
  const time = isRfc1123 ? new Date(given) : parseGoTime(whole);
  if (time && !Number.isNaN(time.getTime())) return time.getTime();
  throw new UserError(`--${option} ${given} is no time: write 2026-01-31T18:00:00Z, 2026-01-31, or 5m for before now`);
}
