import { isMap, isSeq, Scalar } from "yaml";
import { compareVersions } from "../flow-filter/accepted.js";
import type { Version } from "../flow-filter/accepted.js";
import { CONFIG_MAP, CONFIG_MAP_KEY, CONFIG_MAP_NAMESPACE, NEVER_ROTATE_MB } from "../flow-filter/flow-log.js";
import type { FlowFilter, FlowLog } from "../flow-filter/flow-log.js";
import { yamlOf } from "../text/yaml.js";
import { UserError } from "../user-error.js";

export const formats = ["configmap", "helm", "helm-static", "flowlogs"] as const;
export type Format = (typeof formats)[number];

export interface RenderOptions {
  format: Format;
  version: Version;
  /** Lines for the head of the file, without "#". */
  comment?: string[];
}

/**
 * Writes flow logs as YAML: the ConfigMap that Cilium's agent watches, Helm values that make the chart write it, Helm
 * values for the static exporter, or the bare list.
 * @throws UserError when the static exporter cannot do it: it has one flow log and no end.
 */
export function renderFlowLogs(flowLogs: readonly FlowLog[], { format, version, comment }: RenderOptions): string {
  const entries = flowLogs.map((flowLog) => entry(flowLog, version));
  const size = agentSize(flowLogs, version);
  switch (format) {
    case "flowlogs":
      return toYaml({ flowLogs: entries }, comment);
    case "configmap":
      return toYaml(
        {
          apiVersion: "v1",
          kind: "ConfigMap",
          metadata: { name: CONFIG_MAP, namespace: CONFIG_MAP_NAMESPACE },
          data: { [CONFIG_MAP_KEY]: toYaml({ flowLogs: entries }) },
        },
        comment,
      );
    case "helm":
      return toYaml(
        { hubble: { enabled: true, export: { ...size, dynamic: { enabled: true, config: { content: entries } } } } },
        comment,
      );
    case "helm-static":
      return toYaml(
        { hubble: { enabled: true, export: { ...size, static: staticValues(flowLogs, version) } } },
        comment,
      );
  }
}

function entry(flowLog: FlowLog, version: Version): Partial<FlowLog> {
  const { name, filePath, fieldMask, includeFilters, excludeFilters, fileMaxSizeMb, ...rest } = flowLog;
  return {
    name,
    filePath,
    ...(fileMaxSizeMb === undefined || !hasOwnSize(version) ? {} : { fileMaxSizeMb }),
    fieldMask,
    ...rest,
    includeFilters,
    excludeFilters,
  };
}

function staticValues(flowLogs: readonly FlowLog[], version: Version): Record<string, unknown> {
  const [flowLog, ...others] = flowLogs;
  if (!flowLog || others.length > 0) {
    throw new UserError("the static exporter has one flow log; ask for one, or use another --format");
  }
  if (flowLog.end !== undefined) {
    throw new UserError("the static exporter has no end; leave --end out, or use another --format");
  }
  const json = (filters: FlowFilter[]) => filters.map((filter) => JSON.stringify(filter));
  return {
    enabled: true,
    filePath: flowLog.filePath,
    ...(flowLog.fileMaxSizeMb === undefined || !hasOwnSize(version) ? {} : { fileMaxSizeMb: flowLog.fileMaxSizeMb }),
    fieldMask: flowLog.fieldMask,
    ...(flowLog.fieldAggregate
      ? { fieldAggregate: flowLog.fieldAggregate, aggregationInterval: flowLog.aggregationInterval }
      : {}),
    allowList: json(flowLog.includeFilters),
    denyList: json(flowLog.excludeFilters),
  };
}

/** Before Cilium 1.18 one rotation size counts for all flow logs. */
function agentSize(flowLogs: readonly FlowLog[], version: Version): Record<string, number> {
  const never = flowLogs.some(({ fileMaxSizeMb }) => fileMaxSizeMb === NEVER_ROTATE_MB);
  return never && !hasOwnSize(version) ? { fileMaxSizeMb: NEVER_ROTATE_MB } : {};
}

function hasOwnSize(version: Version): boolean {
  return compareVersions(version, "1.18") >= 0;
}

function toYaml(value: unknown, comment?: readonly string[]): string {
  return yamlOf(value, comment, {
    Scalar(_, node) {
      if (typeof node.value === "string" && node.value.includes("\n")) node.type = Scalar.BLOCK_LITERAL;
    },
    Pair(_, { key, value: inner }) {
      if (!isSeq(inner) || (key as Scalar).value !== "event_type") return;
      for (const item of inner.items) if (isMap(item)) item.flow = true;
    },
  });
}
