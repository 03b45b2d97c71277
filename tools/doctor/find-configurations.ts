import { basename } from "node:path";
import type { Finding } from "../findings/finding.js";
import { at, maps } from "../findings/located.js";
import type { Located, TextPlace } from "../findings/located.js";
import { UserError } from "../user-error.js";
import {
  isYamlFile,
  listAt,
  parseFluentBitYaml,
  readClassic,
  readFluentBit,
  readYaml,
  section,
  textAt,
} from "./read-fluent-bit.js";
import type { FluentBitConfiguration, Property, Section } from "./read-fluent-bit.js";

/** What a file says of the Fluent Bit that runs: its configurations, its image's version, its container's environment. */
export interface FluentBitFile {
  configurations: FluentBitConfiguration[];
  versions: Property[];
  environment: (Property & { name: string })[];
  findings: Finding[];
}

/**
 * Finds the Fluent Bit configurations in a file: the file itself (YAML or classic), a Kubernetes ConfigMap or a list of
 * them, the values of the Helm chart fluent/fluent-bit (`config`), objects of the Fluent Operator
 * (`fluentbit.fluent.io`).
 * @throws UserError where the file is binary.
 */
export function findConfigurations(text: string, file: string): FluentBitFile {
  if (text.includes("\0")) {
    throw new UserError(`${file} is a binary file, and no Fluent Bit configuration: name the YAML or .conf file`);
  }
  const place: TextPlace = { file, line: 1, block: true };
  const found: FluentBitFile = { configurations: [], versions: [], environment: [], findings: [] };
  // A name without an ending may be anything; a classic file begins with a section or a command.
  const isClassic = !isYamlFile(file) && (file.endsWith(".conf") || /^\s*(#.*\s*)*(\[|@)/.test(text));
  if (isClassic) return { ...found, configurations: [readClassic(text, place)] };
  const { documents, findings } = parseFluentBitYaml(text, place);
  if (findings.length > 0) return { ...found, findings };
  const objects = documents.flatMap((document) => (at(document, "items") ? listAt(document, "items") : [document]));
  const operator: Section[] = [];
  for (const object of objects) {
    runtimeOf(object, found);
    if (/^fluentbit\.fluent\.io\//.test(textAt(object, "apiVersion")))
      operator.push(...operatorSections(object, place));
    else if (textAt(object, "kind") === "ConfigMap") found.configurations.push(...fromKeys(at(object, "data"), place));
    else if (at(object, "config")?.kind === "map") found.configurations.push(...fromChart(object, place));
    else if (at(object, "pipeline") || at(object, "includes")) found.configurations.push(readYaml(object, 1));
  }
  if (operator.length > 0) found.configurations.push(configuration(operator));
  return found;
}

function configuration(sections: Section[]): FluentBitConfiguration {
  return { line: sections[0]!.line, sections, includes: [], multilineParsers: new Map(), findings: [] };
}

/** The configurations among the keys of a ConfigMap: one for each that no other includes. */
function fromKeys(data: Located | undefined, { file }: Pick<TextPlace, "file">): FluentBitConfiguration[] {
  const files = new Map<string, FluentBitConfiguration>();
  for (const [key, { value }] of data?.kind === "map" ? data.entries : []) {
    if (value.kind !== "scalar" || typeof value.value !== "string" || !/\.(conf|ya?ml)$/i.test(key)) continue;
    files.set(key, readFluentBit(value.value, key, { file, ...value.text }));
  }
  const included = new Set<string>();
  const merged = (one: FluentBitConfiguration): FluentBitConfiguration => {
    const whole = { ...one, includes: [] as Property[], sections: [...one.sections] };
    for (const include of one.includes) {
      const key = basename(include.value);
      const other = files.get(key);
      if (!other || other === one || included.has(key)) {
        if (!other) whole.includes.push(include);
        continue;
      }
      included.add(key);
      const inner = merged(other);
      whole.sections.push(...inner.sections);
      whole.includes.push(...inner.includes);
    }
    return whole;
  };
  const multilineParsers = new Map([...files.values()].flatMap((one) => [...one.multilineParsers]));
  const all = [...files].map(([key, one]) => ({ key, whole: merged(one) }));
  return all
    .filter(({ key, whole }) => !included.has(key) && (whole.sections.length > 0 || whole.findings.length > 0))
    .map(({ whole }) => ({ ...whole, multilineParsers }));
}

/** What the chart fluent/fluent-bit makes of its values: one classic file, and others beside it. */
function fromChart(values: Located, { file }: Pick<TextPlace, "file">): FluentBitConfiguration[] {
  const read: FluentBitConfiguration[] = [];
  const notGiven: string[] = [];
  for (const key of ["customParsers", "service", "inputs", "filters", "outputs"]) {
    const value = at(values, "config", key);
    if (value?.kind === "scalar" && typeof value.value === "string")
      read.push(readClassic(value.value, { file, ...value.text }));
    else if (!value && key !== "customParsers" && key !== "service") notGiven.push(key);
  }
  const extra = fromKeys(at(values, "config", "extraFiles"), { file });
  const sections = read.flatMap((part) => part.sections);
  if (sections.length === 0) return extra;
  const line = lineOfKey(values, "config");
  const own = notGiven.map((key) => ({ value: `the chart's own config.${key}`, line }));
  const includes = [...read.flatMap((part) => part.includes), ...own];
  const multilineParsers = new Map(read.flatMap((part) => [...part.multilineParsers]));
  return [{ line, sections, includes, multilineParsers, findings: [] }, ...extra];
}

/**
 * The sections of an object of the Fluent Operator: under `spec` stand the plugin's name and, in camel case, its
 * properties; `customPlugin.config` is classic text (the CRDs of the chart fluent-operator-fluent-bit-crds).
 */
function operatorSections(object: Located, { file }: TextPlace): Section[] {
  const kind = /^(?:Cluster)?(Input|Filter|Output|FluentBitConfig)$/.exec(textAt(object, "kind"))?.[1];
  const spec = at(object, "spec");
  if (!kind || spec?.kind !== "map") return [];
  if (kind === "FluentBitConfig") {
    const service = at(spec, "service");
    return service ? [snaked(section("service", service), "")] : [];
  }
  const lower = kind.toLowerCase() as "input" | "filter" | "output";
  const plugins = lower === "filter" ? listAt(spec, "filters") : [spec];
  return plugins.flatMap((one) => {
    const custom = at(one, "customPlugin", "config");
    const shared = spec.entries;
    const given = (one.kind === "map" ? [...one.entries] : []).filter(([, { value }]) => value.kind === "map");
    const sections =
      custom?.kind === "scalar" && typeof custom.value === "string"
        ? readClassic(`[${lower}]\n${custom.value}`, { file, line: custom.text.line - 1, block: custom.text.block })
            .sections
        : given
            .filter(([name]) => name !== "customPlugin" && name !== "logLevel")
            .map(([name, { line, value }]) => ({ ...snaked(section(lower, value), name), line }));
    for (const key of ["match", "matchRegex"]) {
      const match = shared.get(key);
      if (match?.value.kind !== "scalar" || match.value.value === null) continue;
      const property = { value: String(match.value.value), line: match.line };
      for (const each of sections) each.properties.set(snake(key), property);
    }
    return sections;
  });
}

function snaked(one: Section, plugin: string): Section {
  const each = one.each.map((property) => ({ ...property, key: snake(property.key) }));
  const properties = new Map([...one.properties].map(([key, property]) => [snake(key), property]));
  return { ...one, plugin: snake(plugin), properties, each };
}

/** As Fluent Bit calls it: the operator's `refreshIntervalSeconds` is `refresh_interval`. */
function snake(key: string): string {
  const known: Record<string, string> = {
    refreshintervalseconds: "refresh_interval",
    rotatewaitseconds: "rotate_wait",
    readfromhead: "read_from_head",
    excludepath: "exclude_path",
    multilineparser: "multiline.parser",
    storagetype: "storage.type",
    loglevel: "log_level",
    wasmpath: "wasm_path",
    functionname: "function_name",
    eventformat: "event_format",
    matchregex: "match_regex",
    recordmodifier: "record_modifier",
  };
  return known[key.toLowerCase()] ?? key.toLowerCase();
}

/** The versions of Fluent Bit's images in an object, and the variables of its containers. */
function runtimeOf(value: Located, found: FluentBitFile): void {
  for (const one of maps(value)) {
    const image = at(one, "image");
    const name = image?.kind === "map" ? `fluent-bit:${textAt(image, "tag")}` : textAt(one, "image");
    const version = /fluent-bit:v?(\d+\.\d+\.\d+)/.exec(name)?.[1];
    if (version)
      found.versions.push({ value: version, line: image?.kind === "map" ? lineOfKey(image, "tag") : image!.line });
    for (const variable of listAt(one, "env")) {
      const variableName = textAt(variable, "name");
      if (variableName)
        found.environment.push({ name: variableName, value: textAt(variable, "value"), line: variable.line });
    }
  }
}

/** The line of a key that is there. */
function lineOfKey(value: Located, key: string): number {
  return value.kind === "map" ? value.entries.get(key)!.line : value.line;
}
