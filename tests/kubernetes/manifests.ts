import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path/posix";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { packageFile } from "../../tools/package-file.js";
import { run } from "./tools.js";
import type { Manifest } from "./validate.js";

interface Container {
  name: string;
  image: string;
  command?: string[];
  args?: string[];
  env?: { name: string; value?: string; valueFrom?: { fieldRef?: { fieldPath: string } } }[];
  volumeMounts: { name: string; mountPath: string; readOnly?: boolean }[];
  securityContext: Record<string, unknown>;
}

interface Volume {
  name: string;
  hostPath?: { path: string };
  configMap?: { name: string };
  image?: { reference: string; pullPolicy: string };
  emptyDir?: object;
}

export interface PodSpec {
  automountServiceAccountToken: boolean;
  serviceAccountName: string;
  nodeSelector: Record<string, string>;
  initContainers?: Container[];
  containers: Container[];
  volumes: Volume[];
}

export interface Pod {
  metadata: Manifest["metadata"];
  spec: PodSpec;
}

interface ConfigMap {
  data?: Record<string, string>;
  binaryData?: Record<string, string>;
}

export const folder = "fluent-bit/kubernetes";
export const path = (file: string) => fileURLToPath(packageFile(file));

/** The sources of flows and the folders of the node that they take, read-only: those that their configurations read. */
export const sources: [source: string, folders: string[]][] = readdirSync(path(folder))
  .filter((source) => existsSync(path(`${folder}/${source}/fluent-bit.yaml`)))
  .map((source) => {
    const read = dirname(configuredInput(source).path);
    return [source, read === "/var/log/containers" ? [read, "/var/log/pods"] : [read]];
  });

function configuredInput(source: string): { path: string } {
  return (parse(configuration(source)) as { pipeline: { inputs: [{ path: string }] } }).pipeline.inputs[0];
}

/** `kubectl apply` notes down a whole object in an annotation, of which this is the most. */
export const MAX_APPLIED = 262_144;

export function documents(yaml: string): Manifest[] {
  return parseAllDocuments(yaml)
    .map((document) => document.toJS() as Manifest | null)
    .filter((manifest) => manifest !== null);
}

/** The pods of the DaemonSet of this name, or of the only one. */
export function podOf(manifests: Manifest[], name?: string): Pod {
  const daemonSets = manifests.filter(({ kind }) => kind === "DaemonSet");
  const daemonSet = daemonSets.find(({ metadata }) => metadata.name === (name ?? daemonSets[0]!.metadata.name))!;
  return (daemonSet["spec"] as { template: Pod }).template;
}

/** The one ConfigMap whose name begins so. */
export function configMap(manifests: Manifest[], name: string): ConfigMap {
  const found = manifests.filter(({ kind, metadata }) => kind === "ConfigMap" && metadata.name.startsWith(name));
  expect(found).toHaveLength(1);
  return found[0] as unknown as ConfigMap;
}

export function configuration(source: string): string {
  return readFileSync(path(`${folder}/${source}/fluent-bit.yaml`), "utf8");
}

/** As `kubectl apply -k` does it, with kustomize's own restriction to files of the folders. */
export function renderKustomization(program: string, directory: string): Manifest[] {
  return documents(run(program, ["kustomize", directory]));
}

/**
 * With the command that base/helm-values.yaml tells, rendering in place of upgrading.
 * @param values further files of values behind those that the command names.
 */
export function renderChart(program: string, chartPath: string, source: string, values: string[] = []): Manifest[] {
  const comment = readFileSync(path(`${folder}/base/helm-values.yaml`), "utf8").replaceAll(/^# {0,3}/gm, "");
  const command = /^helm upgrade --install hubble-adx fluent\/fluent-bit (?:.*\\\n)*.*/m.exec(comment)![0];
  const valuesOf = source === "observe" ? "agent-log" : source;
  const script = command
    .replace("helm upgrade --install hubble-adx fluent/fluent-bit --version 0.58.1", '"$0" template hubble-adx "$1"')
    .replace("SOURCE/helm-values.yaml", `${valuesOf}/helm-values.yaml`)
    .replaceAll("SOURCE", source);
  const more = values.map((file) => ` --values ${file}`).join("");
  return documents(run("sh", ["-c", `cd "$2" && ${script}${more}`, program, chartPath, path(".")]));
}

export const noPrivileges = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"] },
};

export function expectLeastPrivilege(spec: PodSpec, folders: string[]): void {
  expect(spec.automountServiceAccountToken).toBe(false);
  for (const { securityContext } of [...spec.containers, ...(spec.initContainers ?? [])])
    expect(securityContext).toEqual(noPrivileges);
  const writable = spec.containers.flatMap(({ volumeMounts }) => volumeMounts.filter(({ readOnly }) => !readOnly));
  const hostPaths = spec.volumes.flatMap(({ hostPath }) => hostPath?.path ?? []);
  expect(hostPaths.sort()).toEqual(["/var/lib/hubble-adx", ...folders].sort());
  // The chart mounts its own ConfigMap without readOnly; a ConfigMap cannot be written anyway.
  expect(writable.map(({ mountPath }) => mountPath).filter((mount) => mount !== "/fluent-bit/etc/conf")).toEqual([
    "/var/lib/hubble-adx",
  ]);
}
