import { CONFIG_MAP, CONFIG_MAP_KEY } from "../flow-filter/flow-log.js";
import type { Finding } from "../findings/finding.js";
import { at, foldKeys, isEmpty, nullAt, parseLocated, plain, stringAt } from "../findings/located.js";
import type { Located, LocatedList, LocatedMap, LocatedScalar } from "../findings/located.js";
import { nearest } from "../findings/words.js";

/** An exporter configuration found in a file, in the form of the dynamic exporter's `flowLogs` whatever it came as. */
export interface Configuration {
  mode: "dynamic" | "static";
  /** What it was found in, e.g. `ConfigMap kube-system/cilium-flowlog-config`. */
  title: string;
  /** The value of `flowLogs`; of the static exporter a list of one, whose keys are those of a flow log. */
  flowLogs: Located;
  /** The agent-wide rotation size that counts before Cilium 1.18, where the file sets one. */
  agentFileMaxSizeMb: number | undefined;
}

/** What AKS's own Cilium exports. */
const ACNS_CONFIG_MAP = "acns-flowlog-config";

export interface ReadResult {
  configurations: Configuration[];
  findings: Finding[];
}

/**
 * Finds the Hubble exporter's configurations in a YAML or JSON text: ConfigMaps with flow logs, the agent's own
 * ConfigMap (`hubble-export-…`), Helm values (`hubble.export`), or a bare `flowLogs` list; several documents and
 * `kubectl get -o yaml` lists too. Documents of other kinds are passed over.
 */
export function readConfigurations(text: string, file: string): ReadResult {
  const { documents, findings } = parseLocated(text, { file, line: 1, block: true });
  const result: ReadResult = { configurations: [], findings };
  const [first, second] = documents;
  // A file of flow logs is read as Cilium does, one of Kubernetes objects as kubectl does.
  const isFlowLogs = first?.kind === "map" && !first.entries.has("kind") && flowLogsOf(first) !== undefined;
  if (isFlowLogs && second) {
    const message = "Cilium reads the first document of the file, and not this one";
    const remedy = "put all flow logs below one flowLogs";
    result.findings.push({ severity: "warning", file, line: second.line, message, remedy });
  }
  for (const document of isFlowLogs ? [first] : documents) readDocument(document, file, result);
  if (result.configurations.length === 0 && findings.length === 0) warnOfNone(documents, file, result);
  return result;
}

function readDocument(document: Located, file: string, result: ReadResult): void {
  if (document.kind !== "map") return;
  const items = at(document, "items");
  if (stringAt(document, "kind")?.endsWith("List") && items?.kind === "list") {
    for (const item of items.items) readDocument(item, file, result);
  } else if (stringAt(document, "kind") === "ConfigMap") {
    readConfigMap(document, file, result);
  } else if (flowLogsOf(document)) {
    result.configurations.push({
      mode: "dynamic",
      title: "flow logs",
      flowLogs: flowLogsOf(document)!,
      agentFileMaxSizeMb: undefined,
    });
  } else if (at(document, "hubble", "export")) {
    readHelmValues(at(document, "hubble", "export")!, file, result);
  }
}

/** The list of flow logs; Cilium's decoder takes the key in any case. */
function flowLogsOf(document: Located | undefined): Located | undefined {
  return document?.kind === "map" ? at(foldKeys(document, ["flowLogs"]), "flowLogs") : undefined;
}

/** A file that may be the flow logs themselves, and has none: Cilium takes it, and exports nothing. */
function warnOfNone(documents: readonly Located[], file: string, result: ReadResult): void {
  const [document] = documents;
  const isKubernetes = document?.kind === "map" && (document.entries.has("kind") || document.entries.has("hubble"));
  if (documents.length > 1 || isKubernetes) return;
  if (document && document.kind !== "map") {
    const message = "this file is no object. Cilium refuses the whole file and keeps the configuration it had";
    const remedy = 'put the flow logs below the key "flowLogs", as a list';
    result.findings.push({ severity: "error", file, line: document.line, message, remedy });
    return;
  }
  const near = document && nearest("flowLogs", [...document.entries.keys()]);
  const message = document ? 'there is no "flowLogs" in this file' : "this file is empty";
  const remedy =
    near !== undefined
      ? `did you mean "flowLogs" by "${near}"?`
      : 'put the flow logs below the key "flowLogs", as a list';
  result.findings.push({
    severity: "warning",
    file,
    line: near === undefined ? 1 : document!.entries.get(near)!.line,
    message: `${message}: Cilium takes it, and exports nothing`,
    remedy,
  });
}

function readConfigMap(document: LocatedMap, file: string, result: ReadResult): void {
  const namespace = stringAt(document, "metadata", "namespace");
  const name = stringAt(document, "metadata", "name") ?? "without a name";
  const title = `ConfigMap ${namespace ? `${namespace}/` : ""}${name}`;
  const data = at(document, "data");
  if (data?.kind !== "map") return;
  if (name === ACNS_CONFIG_MAP) {
    result.findings.push({
      severity: "note",
      file,
      line: document.line,
      message: "an operator of AKS writes this ConfigMap out of the ContainerNetworkLog resources",
      remedy: "change those: kubectl get containernetworklog -o yaml",
    });
  }
  for (const [key, { line, value }] of data.entries) {
    if (value.kind !== "scalar" || typeof value.value !== "string") continue;
    if (key !== CONFIG_MAP_KEY && !/^\s*flowLogs:/m.test(value.value)) continue;
    if (key !== CONFIG_MAP_KEY) {
      result.findings.push({
        severity: "error",
        file,
        line,
        message: `Cilium reads the key ${CONFIG_MAP_KEY} of this ConfigMap and no other; "${key}" is not read`,
        remedy: `rename the key to ${CONFIG_MAP_KEY}`,
      });
    }
    const inner = parseLocated(value.value, { file, ...value.text });
    result.findings.push(...inner.findings);
    if (inner.findings.length > 0) continue;
    const flowLogs = flowLogsOf(inner.documents[0]);
    if (!flowLogs) {
      result.findings.push({
        severity: "error",
        file,
        line,
        message: `${key} has no list "flowLogs", so nothing is exported`,
        remedy: "put the flow logs below the key flowLogs, as a list",
      });
      continue;
    }
    result.configurations.push({ mode: "dynamic", title, flowLogs, agentFileMaxSizeMb: undefined });
  }
  if (data.entries.has("hubble-export-file-path")) {
    const setting = (key: string) => at(data, `hubble-export-${key}`);
    result.configurations.push(
      staticConfiguration(title, file, result.findings, {
        filePath: setting("file-path"),
        fieldMask: splitWords(setting("fieldmask")),
        fieldAggregate: splitWords(setting("fieldaggregate")),
        aggregationInterval: setting("aggregation-interval"),
        includeFilters: setting("allowlist"),
        excludeFilters: setting("denylist"),
        fileMaxSizeMb: asNumber(setting("file-max-size-mb")),
        fileMaxBackups: asNumber(setting("file-max-backups")),
      }),
    );
  }
}

function readHelmValues(values: Located, file: string, result: ReadResult): void {
  const globalSize = at(values, "fileMaxSizeMb");
  const agentFileMaxSizeMb =
    globalSize?.kind === "scalar" && typeof globalSize.value === "number" ? globalSize.value : undefined;
  const dynamic = at(values, "dynamic");
  const content = at(dynamic, "config", "content");
  if (content) {
    if (plain(at(dynamic, "config", "createConfigMap") ?? nullAt(0)) === false) {
      result.findings.push({
        severity: "warning",
        file,
        line: content.line,
        message: "createConfigMap is false, so the chart does not use these flow logs",
        remedy: "leave createConfigMap out, or put the flow logs into the ConfigMap that you keep yourself",
      });
    }
    warnIfDisabled(dynamic!, "dynamic", file, result);
    result.configurations.push({
      mode: "dynamic",
      title: "Helm values, hubble.export.dynamic",
      flowLogs: content,
      agentFileMaxSizeMb,
    });
  }
  if (dynamic && !content) {
    const own = plain(at(dynamic, "config", "createConfigMap") ?? nullAt(0)) === false;
    const name = stringAt(dynamic, "config", "configMapName") ?? CONFIG_MAP;
    result.findings.push({
      severity: "note",
      file,
      line: dynamic.line,
      message: own
        ? `the flow logs are those of the ConfigMap ${name}, which is not in this file`
        : "without flow logs of its own the chart exports every flow to /var/run/cilium/hubble/events.log",
      remedy: own
        ? "explain that ConfigMap too"
        : "add config.content, or set config.createConfigMap to false and keep the ConfigMap yourself",
    });
    warnIfDisabled(dynamic, "dynamic", file, result);
  }
  const fixed = at(values, "static");
  if (fixed?.kind === "map") {
    warnIfDisabled(fixed, "static", file, result);
    result.configurations.push(
      staticConfiguration("Helm values, hubble.export.static", file, result.findings, {
        filePath: at(fixed, "filePath"),
        fieldMask: at(fixed, "fieldMask"),
        fieldAggregate: at(fixed, "fieldAggregate"),
        aggregationInterval: at(fixed, "aggregationInterval"),
        includeFilters: at(fixed, "allowList"),
        excludeFilters: at(fixed, "denyList"),
        fileMaxSizeMb: at(fixed, "fileMaxSizeMb") ?? globalSize,
        fileMaxBackups: at(fixed, "fileMaxBackups") ?? at(values, "fileMaxBackups"),
        fileCompress: at(fixed, "fileCompress"),
      }),
    );
  }
}

function warnIfDisabled(exporter: Located, mode: string, file: string, result: ReadResult): void {
  if (plain(at(exporter, "enabled") ?? nullAt(0)) === true) return;
  result.findings.push({
    severity: "warning",
    file,
    line: exporter.line,
    message: `the ${mode} exporter is off: hubble.export.${mode}.enabled is not true`,
    remedy: `set hubble.export.${mode}.enabled to true`,
  });
}

function staticConfiguration(
  title: string,
  file: string,
  findings: Finding[],
  settings: Record<string, Located | undefined>,
): Configuration {
  const entries: LocatedMap["entries"] = new Map();
  for (const [key, value] of Object.entries(settings)) {
    if (!value || isEmpty(value)) continue;
    const read = key.endsWith("Filters") ? jsonFilters(value, file, findings) : value;
    entries.set(key, { line: value.line, value: read });
  }
  const line = settings["filePath"]?.line ?? 1;
  return {
    mode: "static",
    title,
    flowLogs: { kind: "list", line, items: [{ kind: "map", line, entries }] },
    agentFileMaxSizeMb: undefined,
  };
}

/** The static exporter's filters are JSON in strings: one object per list item, or several in one string. */
function jsonFilters(value: Located, file: string, findings: Finding[]): LocatedList {
  const strings = value.kind === "list" ? value.items : [value];
  const items = strings.flatMap((item): Located[] => {
    if (item.kind !== "scalar" || typeof item.value !== "string") return [item];
    // The chart joins its list with blanks; only 1.15 did with commas, in the agent's own ConfigMap.
    const objects = splitObjects(item.value);
    const isJoined = value.kind === "list" && objects.length > 1 && /\}\s*,\s*\{/.test(item.value);
    if (isJoined && objects.every(isJson)) {
      findings.push({
        severity: "error",
        file,
        line: item.line,
        message: "two filters in one string, with a comma between them; the agent does not start the exporter",
        remedy: "make an item of the list of each",
      });
      return [];
    }
    return objects.flatMap((json) => {
      const inner = parseLocated(json, { file, line: item.line, block: false });
      const document = inner.documents[0];
      if (document?.kind === "map" && isJson(json)) return [document];
      findings.push({
        severity: "error",
        file,
        line: item.line,
        message: `the filter ${json} is not a JSON object; the agent does not start the exporter`,
        remedy: `write FlowFilters as JSON, e.g. '{"verdict":["DROPPED"]}'`,
      });
      return [];
    });
  });
  return { kind: "list", line: value.line, items };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Splits `{…},{…}` or `{…} {…}` into its objects; braces inside strings do not count. */
function splitObjects(text: string): string[] {
  const objects: string[] = [];
  let depth = 0;
  let quoted = false;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (quoted) {
      if (char === "\\") i++;
      else if (char === '"') quoted = false;
    } else if (char === '"') quoted = true;
    else if (char === "{") depth++;
    else if (char === "}" && --depth === 0) {
      objects.push(text.slice(start, i + 1).replace(/^[\s,]+/, ""));
      start = i + 1;
    }
  }
  const rest = text.slice(start).replace(/^[\s,]+|\s+$/g, "");
  return rest === "" ? objects : [...objects, rest];
}

function splitWords(value: Located | undefined): LocatedList | undefined {
  if (value?.kind !== "scalar" || typeof value.value !== "string") return undefined;
  const scalar = (word: string): LocatedScalar => ({ ...value, value: word });
  return {
    kind: "list",
    line: value.line,
    items: value.value
      .split(/[\s,]+/)
      .filter(Boolean)
      .map(scalar),
  };
}

function asNumber(value: Located | undefined): Located | undefined {
  if (value?.kind !== "scalar" || typeof value.value !== "string" || !/^\d+$/.test(value.value)) return value;
  return { ...value, value: Number(value.value) };
}
