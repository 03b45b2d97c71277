import { accepted } from "../flow-filter/accepted.js";
import { checkFilters } from "./check-filter.js";
import { checkMaskKeeps, checkPaths } from "./check-mask.js";
import type { Context } from "./context.js";
import { isStdoutDevice, NEVER_ROTATE_MB, STDOUT } from "../flow-filter/flow-log.js";
import type { FlowLog } from "../flow-filter/flow-log.js";
import { parseGoDuration, parseGoTime } from "../flow-filter/go-values.js";
import { at, foldKeys, isEmpty, maps, plain } from "../findings/located.js";
import type { Located, LocatedMap, LocatedScalar } from "../findings/located.js";
import type { Configuration } from "./read.js";
import { nearest } from "../findings/words.js";

const FILE_REFUSED = "Cilium refuses the whole file and keeps the configuration it had";

/** Checks a configuration as Cilium would, and gives its flow logs as Cilium reads them. */
export function checkConfiguration(configuration: Configuration, context: Context): FlowLog[] {
  const { flowLogs, mode } = configuration;
  if (flowLogs.kind !== "list") {
    if (flowLogs.kind === "scalar" && flowLogs.value === null)
      context.warning(flowLogs.line, "there is no flow log, so nothing is exported", "add one");
    else context.error(flowLogs.line, `flowLogs is not a list. ${FILE_REFUSED}`, 'put "- " before each flow log');
    return [];
  }
  if (flowLogs.items.length === 0) {
    context.warning(flowLogs.line, "there is no flow log, so nothing is exported", "add one");
  }
  for (const map of maps(flowLogs)) {
    for (const { key, line } of map.doubled ?? []) {
      context.warning(
        line,
        `the key ${key} stands there once more: Cilium takes the last of them`,
        "take the other out",
      );
    }
  }
  const checked: FlowLog[] = [];
  const lines = { name: new Map<string, number>(), filePath: new Map<string, number>() };
  for (const item of flowLogs.items) {
    if (item.kind !== "map") {
      context.error(
        item.line,
        `a flow log is not an object. ${FILE_REFUSED}`,
        "write name, filePath, includeFilters, …",
      );
      continue;
    }
    const folded = foldKeys(item, Object.keys(accepted.flowLog));
    const flowLog = checkFlowLog(folded, configuration, context);
    checked.push(flowLog);
    if (mode === "static") continue;
    for (const key of ["name", "filePath"] as const) {
      const value = flowLog[key];
      if (value === "") continue;
      const first = lines[key].get(value);
      const { line } = at(folded, key)!;
      if (first === undefined) lines[key].set(value, line);
      else {
        context.error(
          line,
          `the ${key} "${value}" is already that of the flow log at line ${first}. ${FILE_REFUSED}`,
          key === "name"
            ? "give each flow log a name of its own"
            : "merge the two flow logs into one (includeFilters is a list of alternatives), or write one of them to a file of its own",
        );
      }
    }
  }
  return checked;
}

function checkFlowLog(item: LocatedMap, { mode, agentFileMaxSizeMb }: Configuration, context: Context): FlowLog {
  for (const [key, { line }] of item.entries) {
    const known = Object.hasOwn(accepted.flowLog, key) ? accepted.flowLog[key] : undefined;
    if (known) {
      const fileSetting = key.startsWith("file") && key !== "filePath";
      if (!(mode === "static" && fileSetting)) {
        const since = isEmpty(at(item, key)) ? undefined : known.since;
        if (key === "fieldAggregate") {
          context.need(since, line, `the key ${key}`, "does not look at it, and exports every single flow");
        } else context.need(since, line, `the key ${key}`, "does not look at it", true);
      }
      continue;
    }
    const near = nearest(key, Object.keys(accepted.flowLog));
    context.warning(
      line,
      `a flow log has no key "${key}"; Cilium passes over it without a word`,
      near === undefined ? `the keys are ${Object.keys(accepted.flowLog).join(", ")}` : `did you mean "${near}"?`,
    );
  }
  const string = (key: "name" | "filePath") => {
    const value = at(item, key);
    const given = value && plain(value);
    // Cilium's reader of YAML makes a string of a number or a boolean where a string is wanted.
    if (["string", "number", "boolean"].includes(typeof given) && given !== "") return String(given);
    if (!(mode === "static" && key === "name")) {
      context.error((value ?? item).line, `a flow log needs a ${key}. ${FILE_REFUSED}`, `add ${key}`);
    }
    return "";
  };
  const includeFilters = checkFilters(at(item, "includeFilters"), "includeFilters", context);
  const flowLog: FlowLog = {
    name: string("name"),
    filePath: string("filePath"),
    fieldMask: checkPaths(at(item, "fieldMask"), "fieldMask", context),
    includeFilters,
    excludeFilters: checkFilters(at(item, "excludeFilters"), "excludeFilters", context),
  };
  checkMaskKeeps(flowLog.fieldMask, includeFilters, at(item, "fieldMask")?.line ?? item.line, context);
  checkFile(item, flowLog, mode, agentFileMaxSizeMb, context);
  checkAggregation(item, flowLog, context);
  checkEnd(at(item, "end"), flowLog, context);
  return flowLog;
}

function checkFile(
  item: LocatedMap,
  flowLog: FlowLog,
  mode: Configuration["mode"],
  agentFileMaxSizeMb: number | undefined,
  context: Context,
): void {
  for (const key of ["fileMaxSizeMb", "fileMaxBackups"] as const) {
    const value = at(item, key);
    if (!value) continue;
    const given = plain(value);
    if (given === null) continue;
    if (typeof given === "number" && Number.isInteger(given) && Math.abs(given) < 2 ** 63) flowLog[key] = given;
    else
      context.error(
        value.line,
        `${key}: ${JSON.stringify(given)} is not a whole number. ${FILE_REFUSED}`,
        "write the number",
      );
  }
  const compress = at(item, "fileCompress");
  const compressed = compress && plain(compress);
  if (typeof compressed === "boolean") flowLog.fileCompress = compressed;
  // YAML 1.1, which Cilium reads, has more words for a boolean; none of them is a number, or in quotes.
  else if (compress?.kind === "scalar" && compressed !== null && !isYaml11Boolean(compress)) {
    context.error(
      compress.line,
      `fileCompress: ${JSON.stringify(compressed)} is not a boolean. ${FILE_REFUSED}`,
      "write true or false",
    );
  }
  const path = flowLog.filePath;
  const line = at(item, "filePath")?.line ?? item.line;
  if (path === STDOUT) {
    context.need("1.16", line, `filePath: ${STDOUT}`, `writes a file of that name instead`);
  } else if (isStdoutDevice(path)) {
    const ownSize = mode === "static" || context.isAtLeast("1.18");
    const size = (ownSize ? flowLog.fileMaxSizeMb : undefined) ?? agentFileMaxSizeMb ?? 10;
    if (size < 1_000_000) {
      context.warning(
        line,
        `Cilium takes ${path} for a file and rotates it after ${size} MB of flows: from then on they go to a file inside the agent's container, and no longer to its log`,
        `write filePath: ${STDOUT} (from Cilium 1.16 on), or set fileMaxSizeMb: ${NEVER_ROTATE_MB}` +
          " (before Cilium 1.18 as hubble.export.fileMaxSizeMb in the Helm values)",
      );
    }
  } else if (path !== "") {
    if (!path.startsWith("/")) {
      context.warning(
        line,
        `"${path}" is a path relative to the agent's working directory`,
        `write ${STDOUT} or an absolute path`,
      );
    }
    context.note(
      line,
      `these flows go to the file ${path} and not to the agent's log`,
      path.startsWith("/var/run/cilium/")
        ? "the file lies on the node under the same path; give Fluent Bit an input of its own for it"
        : "the path must be a host path mounted into the agent, and Fluent Bit needs an input of its own for it",
    );
  }
}

/** Whether a scalar without quotes is a boolean in YAML 1.1. */
function isYaml11Boolean({ value, quoted }: LocatedScalar): boolean {
  return !quoted && /^(y|yes|on|true|n|no|off|false)$/i.test(String(value));
}

function checkAggregation(item: LocatedMap, flowLog: FlowLog, context: Context): void {
  const paths = checkPaths(at(item, "fieldAggregate"), "fieldAggregate", context);
  const value = at(item, "aggregationInterval");
  const given = value && plain(value);
  const interval = typeof given === "number" ? String(given) : given;
  const nanoseconds = typeof interval === "string" ? parseGoDuration(interval) : undefined;
  const isDuration = nanoseconds !== undefined;
  if (value && !isDuration) {
    context.error(
      value.line,
      `aggregationInterval: ${JSON.stringify(given)} is no duration. ${FILE_REFUSED}`,
      'write e.g. "30s" or "5m"',
    );
  }
  const on = isDuration && nanoseconds > 0n;
  if (paths.length > 0 && !on) {
    context.warning(
      at(item, "fieldAggregate")!.line,
      "without an aggregationInterval above 0 nothing is aggregated",
      'add aggregationInterval: "30s"',
    );
  }
  if (paths.length === 0 && on) {
    context.warning(
      value!.line,
      "without fieldAggregate nothing is aggregated",
      "add the fields in which flows must agree to become one row",
    );
  }
  if (paths.length === 0 || !on) return;
  flowLog.fieldAggregate = paths;
  flowLog.aggregationInterval = interval as string;
  if (!paths.includes("node_name")) {
    context.warning(
      at(item, "fieldAggregate")!.line,
      "aggregated flows carry only the fields they are aggregated by: ClusterName and NodeName stay empty",
      "add node_name to fieldAggregate",
    );
  }
  if (flowLog.fieldMask.length > 0) {
    context.note(
      at(item, "fieldMask")!.line,
      "aggregated flows do not pass through the field mask",
      "take fieldMask out",
    );
  }
}

function checkEnd(value: Located | undefined, flowLog: FlowLog, context: Context): void {
  if (!value || isEmpty(value)) return;
  const given = plain(value);
  const end = typeof given === "string" ? parseGoTime(given) : undefined;
  if (!end) {
    context.error(
      value.line,
      `end: ${JSON.stringify(given)} is no time. ${FILE_REFUSED}`,
      "write e.g. 2030-01-31T18:00:00Z, with the time of day and the time zone",
    );
    return;
  }
  flowLog.end = given as string;
  if (end <= context.now) {
    context.warning(
      value.line,
      `the end, ${given as string}, is in the past: nothing is exported any more`,
      "take end out, or write a later one",
    );
  }
}
