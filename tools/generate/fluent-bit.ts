import { dirname } from "node:path/posix";
import {
  isMap,
  isSeq,
  parse,
  parseDocument,
  type Document,
  type Pair,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";

const BASE = "fluent-bit/fluent-bit.yaml";
const SOURCES = "fluent-bit/sources.yaml";

/**
 * Fluent Bit's configurations for each source of flows, YAML and classic, and the classic form of the base; with them the
 * kustomization and the Helm values that mount what the source reads.
 * @param read gives the text of a file by its path from the package's root.
 * @returns file contents by path from the package's root.
 */
export function fluentBitFiles(read: (path: string) => string): Map<string, string> {
  const base = read(BASE);
  const files = new Map([
    [
      "fluent-bit/fluent-bit.conf",
      classic(base, ["Generated from fluent-bit.yaml, where the reasons for each value stand."]),
    ],
  ]);
  for (const source of (parseDocument(read(SOURCES)).contents as YAMLSeq<YAMLMap>).items) {
    const folder = String(source.get("folder"));
    const head = [
      String(source.get("about")),
      "Generated from fluent-bit/fluent-bit.yaml and fluent-bit/sources.yaml: `npm run generate`.",
    ];
    const yaml = configuration(base, head, source);
    files.set(`fluent-bit/kubernetes/${folder}/fluent-bit.yaml`, yaml);
    files.set(
      `fluent-bit/kubernetes/${folder}/fluent-bit.conf`,
      classic(yaml, [...head, "The reasons for each value stand in fluent-bit.yaml."]),
    );
    if (source.get("manifests") === "written by hand") continue;
    const mounts = mountsOf(yaml);
    files.set(`fluent-bit/kubernetes/${folder}/kustomization.yaml`, kustomization(String(source.get("about")), folder));
    files.set(`fluent-bit/kubernetes/${folder}/mounts.yaml`, daemonSetPatch(mounts));
    files.set(`fluent-bit/kubernetes/${folder}/helm-values.yaml`, helmValues(mounts, folder));
  }
  return files;
}

/** The base with an input and names of the source's own. */
function configuration(base: string, head: string[], source: YAMLMap): string {
  const names = source.get("names") as YAMLSeq;
  const [, comment, body] = /^((?:#.*\n)+)([^]*)$/.exec(base)!;
  const needs = comment!.split("\n").slice(1).join("\n");
  const document = parseDocument(body!);
  const input = document.getIn(["pipeline", "inputs", 0]) as YAMLMap;
  replaceProperties(input, source.get("input") as YAMLMap);
  for (const { value } of (source.get("without") as YAMLSeq<Scalar> | undefined)?.items ?? []) input.delete(value);
  const add = addedNames(document);
  add.items = add.items.filter((item) => names.items.some((name) => String(item).startsWith(`${String(name)} `)));
  const text = head.map((line) => `# ${line}\n`).join("") + needs + document.toString({ lineWidth: 0 });
  return add.items.some((item) => String(item).includes("NODE_NAME"))
    ? text
    : text.replace(", CLUSTER_NAME and NODE_NAME", " and CLUSTER_NAME");
}

/** A folder of the node that a pod gets, read-only. */
interface Mount {
  name: string;
  path: string;
  /** Why it is mounted, where its path does not say it. */
  reason?: string;
  /** Whether the pod may come before the folder. */
  isMade: boolean;
}

/** What a configuration's input reads. */
function mountsOf(yaml: string): Mount[] {
  const path = dirname(String((parse(yaml) as Configuration).pipeline.inputs[0]!["path"]));
  if (path !== "/var/log/containers") return [{ name: "flows", path, isMade: true }];
  return [
    { name: "containers", path, reason: "Holds links into /var/log/pods.", isMade: false },
    { name: "pods", path: "/var/log/pods", isMade: false },
  ];
}

function kustomization(about: string, folder: string): string {
  return `# ${about}
# Generated from ${SOURCES}: \`npm run generate\`.
#
#   kubectl apply -k fluent-bit/kubernetes/${folder}
#
# after your values stand in ../base/settings.env.
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
  - ../base
# Other ways for the module to come, each with its reasons in its folder:
# components:
#   - ../aot
#   - ../image-volume
#   - ../init-container
configMapGenerator:
  - name: hubble-adx-config
    namespace: logging
    files:
      - fluent-bit.yaml
patches:
  - path: mounts.yaml
    target:
      kind: DaemonSet
`;
}

function daemonSetPatch(mounts: Mount[]): string {
  return `# Generated from ${SOURCES}: \`npm run generate\`.
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: hubble-adx
  namespace: logging
spec:
  template:
    spec:
      containers:
        - name: fluent-bit
          volumeMounts:
${mounts.map((mount) => volumeMount(mount, " ".repeat(12), true)).join("")}      volumes:
${mounts.map((mount) => volume(mount, " ".repeat(8), true)).join("")}`;
}

function helmValues(mounts: Mount[], folder: string): string {
  return `# The folders of ${folder} in the chart fluent/fluent-bit; ../base/helm-values.yaml says how.
# Generated from ${SOURCES}: \`npm run generate\`.
daemonSetVolumes:
${mounts.map((mount) => volume(mount, "  ", false)).join("")}daemonSetVolumeMounts:
${mounts.map((mount) => volumeMount(mount, "  ", false)).join("")}`;
}

function volumeMount({ name, path, reason }: Mount, indent: string, saysWhy: boolean): string {
  const lines = [`- name: ${name}`, `  mountPath: ${path}`, "  readOnly: true"];
  if (saysWhy && reason !== undefined) lines.unshift(`# ${reason}`);
  return indented(lines, indent);
}

function volume({ name, path, isMade }: Mount, indent: string, saysWhy: boolean): string {
  const lines = [`- name: ${name}`, "  hostPath:", `    path: ${path}`];
  if (isMade) lines.push("    type: DirectoryOrCreate");
  if (isMade && saysWhy) lines.unshift("# The folder may come after this pod.");
  return indented(lines, indent);
}

function indented(lines: string[], indent: string): string {
  return lines.map((line) => `${indent}${line}\n`).join("");
}

function addedNames(document: Document): { items: unknown[] } {
  const filters = document.getIn(["pipeline", "filters"]);
  const modify = isSeq(filters) && filters.items.find((filter) => isMap(filter) && filter.get("name") === "modify");
  const add = isMap(modify) && modify.get("add");
  if (!isSeq(add)) throw new Error(`${BASE}: no filter modify with a list under add`);
  return add;
}

/** Takes over properties with the comments above them. */
function replaceProperties(target: YAMLMap, own: YAMLMap): void {
  for (const [index, pair] of (own.items as Pair<Scalar>[]).entries()) {
    // The comment above the first property is the map's.
    if (index === 0 && own.commentBefore) pair.key.commentBefore = own.commentBefore;
    const at = target.items.findIndex(({ key }) => String(key) === String(pair.key));
    if (at < 0) throw new Error(`${SOURCES}: the input of ${BASE} has no ${String(pair.key)}`);
    target.items[at] = pair;
  }
}

interface Configuration {
  service: Record<string, unknown>;
  pipeline: Record<"inputs" | "filters" | "outputs", Record<string, unknown>[]>;
}

/** The classic form of a YAML configuration, without its comments. */
function classic(yaml: string, head: string[]): string {
  const { service, pipeline } = parse(yaml) as Configuration;
  const sections = [
    section("SERVICE", service),
    ...pipeline.inputs.map((input) => section("INPUT", input)),
    ...pipeline.filters.map((filter) => section("FILTER", filter)),
    ...pipeline.outputs.map((output) => section("OUTPUT", output)),
  ];
  return [...head.map((line) => `# ${line}\n`), sections.join("\n")].join("");
}

function section(name: string, properties: Record<string, unknown>): string {
  const lines = Object.entries(properties).flatMap(([key, value]) =>
    (Array.isArray(value) ? value : [value]).map((one) => [classicKey(key), classicValue(one)] as const),
  );
  const width = 27;
  return `[${name}]\n${lines.map(([key, value]) => `    ${key.padEnd(width)} ${value}\n`).join("")}`;
}

/** As Fluent Bit's documentation writes them: Title_Case, and as they are where they belong to the engine. */
function classicKey(key: string): string {
  if (/^(storage|scheduler|net)\./.test(key)) return key;
  const acronyms = ["db", "hc", "http"];
  return key
    .split(/([._])/)
    .map((word) => (acronyms.includes(word) ? word.toUpperCase() : word.charAt(0).toUpperCase() + word.slice(1)))
    .join("");
}

function classicValue(value: unknown): string {
  const text = String(value);
  return text === "on" || text === "off" ? text.charAt(0).toUpperCase() + text.slice(1) : text;
}
