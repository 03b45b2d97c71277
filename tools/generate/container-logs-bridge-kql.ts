import { expandPath, type AdxType, type Column, type Schema } from "../schema.js";
import { createFunction, kqlHeading, kqlString, TABLE } from "../text/kql.js";

/**
 * The text of `adx/container-logs-bridge.kql`: functions that read flows out of a table `ContainerLogs` whose column
 * `LogMessage` holds the agent's lines as text, into the columns of `HubbleFlows`, by the rules of the filter.
 */
export function containerLogsBridgeKql(schema: Schema): string {
  return [
    kqlHeading("schema/columns.yaml", [
      "For databases that already hold the agent's lines as text: a table ContainerLogs with the columns LogMessage and",
      "TimeGenerated. Its flows get the columns of HubbleFlows at query time, so old and new rows are queried together.",
      "Of the fields without a column, only those at the top of the flow appear in AdditionalFields.",
    ]),
    bridgeFunction(schema),
    createFunction(
      "HubbleFlowsWithHistory()",
      `${TABLE} and the flows in ContainerLogs together`,
      `    union ${TABLE}, HubbleFlowsFromContainerLogs()`,
    ),
  ]
    .join("\n\n")
    .concat("\n");
}

function bridgeFunction({ columns, keyOrder }: Schema): string {
  const known = [...(keyOrder.flow ?? [])].map(kqlString).join(", ");
  const list = columns.map((column) => `        ${column.name} = ${expression(column)}`).join(",\n");
  return createFunction(
    "HubbleFlowsFromContainerLogs()",
    "The flows in ContainerLogs under the columns of HubbleFlows; filter by TimeGenerated as early as possible",
    [
      `    ContainerLogs`,
      `    | where LogMessage has "flow"`,
      `    | extend Text = extract(@"^\\s*(?:\\d\\S* (?:stdout|stderr) [FP] )?\\s*(\\{(?s:.*))$", 1, LogMessage)`,
      `    | extend Event = parse_json(Text)`,
      `    | extend Flow = Event.flow`,
      `    | extend IsFlow = gettype(Flow) == "dictionary"`,
      `    | where IsFlow or (gettype(Event) == "string" and Text matches regex @"^\\{\\s*.flow.\\s*:")`,
      `    | extend Node = coalesce(tostring(Flow.node_name), tostring(Event.node_name))`,
      `    | extend Policy = coalesce(${policyLists(columns)})`,
      `    | extend Unknown = bag_remove_keys(Flow, dynamic([${known}]))`,
      `    | project\n${list}`,
    ].join("\n"),
  );
}

// "{a,b}[0].name": a member of the first element of the first list that has one.
const POLICY_PATH = /^(\{[^}]*\}\[0\])\.(\w+)$/;

function policyLists(columns: Column[]): string {
  const lists = new Set(columns.flatMap(({ path }) => POLICY_PATH.exec(path ?? "")?.[1] ?? []));
  if (lists.size !== 1) throw new Error("schema/columns.yaml: the policy columns name different lists");
  return [...lists].flatMap(expandPath).map(reference).join(", ");
}

function expression(column: Column): string {
  switch (column.name) {
    case "ExportEvent":
      return `""`;
    case "AdditionalFields":
      return `iff(array_length(bag_keys(Unknown)) > 0, Unknown, dynamic(null))`;
    case "ParseError":
      return `iff(IsFlow, "", "not valid JSON")`;
    case "RawMessage":
      return `iff(IsFlow, "", Text)`;
  }
  if (column.path === undefined) throw new Error(`schema/columns.yaml: ${column.name} has no path; say how it is made`);
  switch (column.rule) {
    case "timestamp":
      return `coalesce(todatetime(Flow["time"]), todatetime(Event["time"]), todatetime(TimeGenerated))`;
    case "clusterOfNodeName":
      return `extract(@"^(.*)/", 1, Node)`;
    case "nodeOfNodeName":
      return `extract(@"([^/]*)$", 1, Node)`;
    case "presentKey":
      return `tostring(bag_keys(${reference(column.path)})[0])`;
    case "trueKeys":
      return `strcat_array(extract_all(@"(\\w+).:true", tostring(${reference(column.path)})), ",")`;
  }
  const policyMember = POLICY_PATH.exec(column.path)?.[2];
  if (policyMember !== undefined) return `tostring(Policy["${policyMember}"])`;
  const paths = [...expandPath(column.path), ...(column.else === undefined ? [] : expandPath(column.else))];
  const values = paths.map((path) => typed(column.type, reference(path)));
  return values.length === 1 ? values[0]! : `coalesce(${values.join(", ")})`;
}

function typed(type: AdxType, value: string): string {
  const functions: Record<AdxType, string | undefined> = {
    string: "tostring",
    bool: "tobool",
    int: "toint",
    long: "tolong",
    datetime: "todatetime",
    dynamic: undefined,
  };
  return functions[type] === undefined ? value : `${functions[type]}(${value})`;
}

/** `type` and some others are keywords of KQL, so every key is written in brackets. */
function reference(path: string): string {
  const keys = path.split(".").map((key) => key.replace(/^([^[]*)(\[\d+\])?$/, `["$1"]$2`));
  return `Flow${keys.join("")}`;
}
