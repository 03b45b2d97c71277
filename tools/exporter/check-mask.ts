import { expandPath, loadSchema } from "../schema.js";
import { accepted, followMaskPath, maskKeeps } from "../flow-filter/accepted.js";
import type { Context } from "./context.js";
import type { FlowFilter } from "../flow-filter/flow-log.js";
import { isEmpty } from "../findings/located.js";
import type { Located } from "../findings/located.js";
import { all, suggestion } from "../findings/words.js";

const FILE_REFUSED = "Cilium refuses the whole file and keeps the configuration it had";

/** Checks `fieldMask` or `fieldAggregate` and gives the paths that Cilium accepts. */
export function checkPaths(value: Located | undefined, key: string, context: Context): string[] {
  if (!value || isEmpty(value)) return [];
  if (value.kind !== "list") {
    context.error(value.line, `${key} is not a list. ${FILE_REFUSED}`, `write ${key}: [time, verdict, …]`);
    return [];
  }
  return value.items.flatMap((item) => {
    if (item.kind !== "scalar") {
      context.error(item.line, `${key} takes the names of fields. ${FILE_REFUSED}`, "write e.g. source.namespace");
      return [];
    }
    const path = String(item.value ?? "");
    const followed = followMaskPath(path);
    if (!followed.valid) {
      const { reason, wrong, choices } = followed;
      const refused = "Cilium does not start this flow log";
      if (reason === "unknown") {
        const remedy = suggestion(wrong, choices) || "the names stand in schema/flow-filter.yaml";
        context.error(item.line, `${key}: a flow has no field "${path}". ${refused}`, remedy);
      } else {
        const above = path.slice(0, path.indexOf(wrong) + wrong.length);
        const what = reason === "repeated" ? "a list, and a mask cannot go into one" : "a single value";
        context.error(item.line, `${key}: "${path}": ${above} is ${what}. ${refused}`, `write ${above}`);
      }
      return [];
    }
    context.need(followed.since, item.line, `the field ${path}`, "does not start this flow log");
    if (followed.belowOneof !== undefined) {
      const one = followed.belowOneof;
      const whole = one.slice(0, one.lastIndexOf("."));
      const consequence = context.isAtLeast(valueStays)
        ? `leave the ${path} of an earlier flow in flows that have none`
        : `write an empty ${one} into flows that have none, whatever their protocol`;
      context.error(
        item.line,
        `${key}: "${path}" makes Cilium ${consequence}: wrong data, without a word`,
        `write ${whole}`,
      );
    }
    return [path];
  });
}

/**
 * From this version on a mask below one of several choices leaves what an earlier flow had there (seen in the lines of
 * 1.20.2's own exporter); before, it makes an empty one.
 */
const valueStays = "1.20";

/** Warns of a mask that takes away what the rows, or questions about the chosen flows, need. */
export function checkMaskKeeps(
  mask: readonly string[],
  filters: readonly FlowFilter[],
  line: number,
  context: Context,
): void {
  if (mask.length === 0) return;
  const needed: [string, string][] = [
    ["time", "the rows' TimeGenerated would be the time at which the log line was read"],
    ["node_name", "the columns ClusterName and NodeName would stay empty"],
  ];
  for (const [path, consequence] of needed) {
    if (maskKeeps(mask, path)) continue;
    context.warning(line, `the field mask takes "${path}" away: ${consequence}`, `add ${path} to fieldMask`);
  }
  const selected = new Set(
    filters.flatMap((filter) => Object.keys(filter)).flatMap((name) => accepted.filter[name]!.selects),
  );
  const hidden = [...selected].filter((path) => !maskKeeps(mask, path) && !needed.some(([name]) => name === path));
  if (hidden.length > 0) {
    context.warning(
      line,
      `flows are chosen by ${all(hidden)}, but the field mask takes ${hidden.length > 1 ? "them" : "it"} away, so rows cannot be told apart by it`,
      `add ${hidden.join(", ")} to fieldMask`,
    );
  }
}

/** Filled from the record's timestamp where the flow has no time. */
const NEVER_EMPTY = "TimeGenerated";

/** Each column that is read from a flow, with the paths that fill it, as deep as a field mask can go. */
const columnPaths = loadSchema().columns.flatMap(({ name, path, else: alternative }) => {
  if (name === NEVER_EMPTY) return [];
  const paths = [path, alternative].filter((one) => one !== undefined).flatMap(expandPath);
  return paths.length === 0 ? [] : [{ name, paths: paths.map((one) => one.replace(/\[\d+\].*$/, "")) }];
});

/** The columns that stay empty under a field mask, in table order. */
export function emptyColumns(mask: readonly string[]): string[] {
  if (mask.length === 0) return [];
  return columnPaths.filter(({ paths }) => paths.every((path) => !maskKeeps(mask, path))).map(({ name }) => name);
}
