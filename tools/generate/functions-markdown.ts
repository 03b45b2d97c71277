import { functionName, type Alert } from "../alerts/source.js";
import { markdownTable } from "./markdown-table.js";

/** A stored function, as the command that creates it has it. */
export interface StoredFunction {
  name: string;
  parameters: Parameter[];
  docstring: string;
  /** The techniques of MITRE ATT&CK that the comment above the command names. */
  techniques: string[];
}

interface Parameter {
  name: string;
  type: string;
  /** As KQL; a parameter without one has to be given. */
  standard?: string;
}

const created =
  /((?:^\/\/ .*\n)*)^\.create-or-alter function with \(folder = "\w+", docstring = ("(?:[^"\\]|\\.)*")\)\n(\w+)\((.*)\)$/gm;
const parameter = /(\w+): (\w+)(?: = ((?:\w+\([^)]*\))|"[^"]*"|[^,]+))?/g;

/**
 * The functions that commands create, in their order.
 * @throws Error where a command is not written as those of `adx/` are
 */
export function storedFunctions(kql: string): StoredFunction[] {
  const functions = [...kql.matchAll(created)].map(([, comment, docstring, name, parameters]) => ({
    name: name!,
    parameters: [...parameters!.matchAll(parameter)].map(([, name, type, standard]) => ({
      name: name!,
      type: type!,
      ...(standard === undefined ? {} : { standard }),
    })),
    docstring: JSON.parse(docstring!) as string,
    techniques: [...new Set(/MITRE ATT&CK (.*)/s.exec(comment!)?.[1]!.match(/\bT\d{4}(\.\d{3})?\b/g))],
  }));
  const commands = kql.match(/^\.create-or-alter function/gm) ?? [];
  if (functions.length !== commands.length)
    throw new Error("a function is not created by `(folder = …, docstring = …)` and its name on the next line");
  return functions;
}

/** What `docs/functions.md` is made of: the functions of each file of `adx/`. */
export interface FunctionSources {
  functions: StoredFunction[];
  detections: StoredFunction[];
  names: StoredFunction[];
  alerts: StoredFunction[];
}

/** The text of `docs/functions.md`; detections and alerts have tables on pages of their own. */
export function functionsMarkdown(sources: FunctionSources, alerts: readonly Alert[]): string {
  const elsewhere = new Set(alerts.map(functionName));
  const all = [...sources.functions, ...sources.detections, ...sources.names, ...sources.alerts].filter(
    (stored) => !isDetection(stored) && !elsewhere.has(stored.name),
  );
  return `<!-- Generated from adx/*.kql by \`npm run generate\`. Do not edit. -->

# The functions

KQL functions that [adx/setup.kql](../adx/setup.kql) creates, and that \`hubble-adx query\` and \`serve\` have over logs. What they
count: [queries.md](queries.md#what-is-counted). Each detection is in [detections.md](detections.md), each alert in
[alerts.md](alerts.md). A parameter in brackets may be left out, one with a value has that by default.

## Of a time range, or of all flows

${functionTable(all.filter(isOfFlows))}

## Of values

${functionTable(all.filter((stored) => !isOfFlows(stored)))}
`;
}

function functionTable(functions: readonly StoredFunction[]): string {
  return markdownTable([
    ["Function", "Answers"],
    ...functions.map(({ name, parameters, docstring }) => [code(`${name}(${list(parameters)})`), docstring]),
  ]);
}

/** The table of `docs/detections.md`: the detections, with what misleads them by the alerts that ask them. */
export function detectionsTable(detections: readonly StoredFunction[], alerts: readonly Alert[]): string {
  return markdownTable([
    ["Function", "Finds", "Technique", "Thresholds", "Finds wrongly"],
    ...detections.filter(isDetection).map((stored) => {
      const alert = alerts.find(({ query }) => query.startsWith(`${stored.name}(`));
      if (!alert) throw new Error(`adx/alerts.yaml has no alert that asks ${stored.name}`);
      const thresholds = stored.parameters.filter(({ name }) => !["startTime", "endTime", "ignore"].includes(name));
      return [code(stored.name), stored.docstring, stored.techniques.join(", "), code(list(thresholds)), alert.wrong];
    }),
  ]);
}

/** The table of `docs/alerts.md`. */
export function alertsTable(alerts: readonly Alert[]): string {
  return markdownTable([
    ["Alert", "Function", "Severity", "Looks at", "Every", "Means"],
    ...alerts.map((alert) => [
      alert.title,
      code(functionName(alert)),
      alert.severity,
      alert.window,
      alert.every,
      alert.about,
    ]),
  ]);
}

const isDetection = ({ techniques }: StoredFunction): boolean => techniques.length > 0;
/** Whether a function reads flows: those of a time range, or all. */
const isOfFlows = ({ parameters: [first] }: StoredFunction): boolean =>
  first === undefined || ["starttime", "disabled"].includes(first.name.toLowerCase());
const code = (text: string): string => `\`${text}\``;

/** Parameters as they are read: `namespace`, `[pod]` that may be left out, `rows = 20`. */
function list(parameters: readonly Parameter[]): string {
  return parameters
    .map(({ name, standard }) => {
      if (standard === undefined) return name;
      return /^("[*]?"|dynamic\(\[\]\)|\w+\(null\))$/.test(standard) ? `[${name}]` : `${name} = ${standard}`;
    })
    .join(", ");
}
