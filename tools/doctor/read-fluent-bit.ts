import { extname } from "node:path";
import type { Finding } from "../findings/finding.js";
import { at, parseLocated, plain } from "../findings/located.js";
import type { Located, TextPlace } from "../findings/located.js";

export interface Property {
  /** As Fluent Bit reads it: text, lists joined by commas. */
  value: string;
  line: number;
}

/** A section of a Fluent Bit configuration. */
export interface Section {
  kind: "service" | "input" | "filter" | "output";
  /** The plugin's name in lower case; empty for the service. */
  plugin: string;
  line: number;
  /** By key in lower case: Fluent Bit does not look at the case. Of a key that stands there more than once, the last. */
  properties: Map<string, Property>;
  /** Every property in the file's order, each item of a list for itself. */
  each: (Property & { key: string })[];
  /** For a processor, the input that it belongs to; it needs no match. */
  input?: Section;
}

/** One rule of a multiline parser: in a state, a line that the pattern takes leads on. */
export interface MultilineRule {
  state: string;
  pattern: string;
  line: number;
}

export interface FluentBitConfiguration {
  /** Where it begins in the file. */
  line: number;
  /** In the order of the file, which is that in which filters run. */
  sections: Section[];
  /** Files that it includes and that are not read here. */
  includes: Property[];
  /** Multiline parsers that are defined in it, by name. */
  multilineParsers: Map<string, MultilineRule[]>;
  findings: Finding[];
}

const MEND = "mend the YAML; Fluent Bit does not start with it";

/** Whether a file is read as YAML, by its name. */
export function isYamlFile(file: string): boolean {
  return [".yaml", ".yml"].includes(extname(file).toLowerCase());
}

/** Parses the YAML of a Fluent Bit configuration or of something that holds one. */
export function parseFluentBitYaml(text: string, place: TextPlace) {
  return parseLocated(text, place, MEND);
}

/** Reads a Fluent Bit configuration, YAML or classic by the name of the file or key (`.yaml`, `.yml`). */
export function readFluentBit(text: string, name: string, place: TextPlace): FluentBitConfiguration {
  if (!isYamlFile(name)) return readClassic(text, place);
  const { documents, findings } = parseFluentBitYaml(text, place);
  return { ...readYaml(documents[0], place.line), findings };
}

/** Reads a Fluent Bit configuration out of YAML that is parsed already. */
export function readYaml(document: Located | undefined, line: number): FluentBitConfiguration {
  const sections: Section[] = [];
  const service = at(document, "service");
  if (service) sections.push(section("service", service));
  for (const item of listAt(document, "pipeline", "inputs")) {
    const input = section("input", item);
    sections.push(input);
    for (const processor of listAt(item, "processors", "logs")) {
      sections.push({ ...section("filter", processor), input });
    }
  }
  for (const item of listAt(document, "pipeline", "filters")) sections.push(section("filter", item));
  for (const item of listAt(document, "pipeline", "outputs")) sections.push(section("output", item));
  const includes = listAt(document, "includes").map((item) => ({ value: String(plain(item)), line: item.line }));
  const multilineParsers: FluentBitConfiguration["multilineParsers"] = new Map();
  for (const parser of listAt(document, "multiline_parsers")) {
    const rules = listAt(parser, "rules").map((rule) => ({
      state: textAt(rule, "state"),
      pattern: textAt(rule, "regex"),
      line: rule.line,
    }));
    multilineParsers.set(textAt(parser, "name"), rules);
  }
  return { line, sections, includes, multilineParsers, findings: [] };
}

/** The items of the list under a path of keys; none where there is no list. */
export function listAt(value: Located | undefined, ...keys: string[]): Located[] {
  const found = at(value, ...keys);
  return found?.kind === "list" ? found.items : [];
}

/** The scalar under a path of keys as text; empty where there is none. */
export function textAt(value: Located | undefined, ...keys: string[]): string {
  const found = at(value, ...keys);
  return found?.kind === "scalar" && found.value !== null ? String(found.value) : "";
}

/** A section out of a map of properties; maps inside, processors among them, are left out. */
export function section(kind: Section["kind"], value: Located): Section {
  const each: Section["each"] = [];
  const properties: Section["properties"] = new Map();
  for (const [key, { line, value: given }] of value.kind === "map" ? value.entries : []) {
    if (given.kind === "map") continue;
    const items = given.kind === "list" ? given.items : [given];
    const texts = items.filter((item) => item.kind === "scalar").map((item) => String(item.value));
    for (const [i, text] of texts.entries()) {
      each.push({ key: key.toLowerCase(), value: text, line: given.kind === "list" ? items[i]!.line : line });
    }
    properties.set(key.toLowerCase(), { value: texts.join(","), line });
  }
  return { kind, plugin: pluginOf(properties), line: value.line, properties, each };
}

/** Reads a classic configuration, or a file of parsers. */
export function readClassic(text: string, place: TextPlace): FluentBitConfiguration {
  const sections: Section[] = [];
  const includes: Property[] = [];
  const multilineParsers: FluentBitConfiguration["multilineParsers"] = new Map();
  let put: ((key: string, value: string, line: number) => void) | undefined;
  for (const [i, raw] of text.split(/\r?\n/).entries()) {
    const line = place.block ? place.line + i : place.line;
    const trimmed = raw.trim();
    const header = /^\[(\w+)\]$/.exec(trimmed);
    const include = /^@include\s+(\S+)/i.exec(trimmed);
    const property = /^(\S+)\s+(.*)$/.exec(trimmed);
    if (include) includes.push({ value: include[1]!, line });
    else if (trimmed === "" || trimmed.startsWith("#") || trimmed.startsWith("@")) continue;
    else if (header) put = begin(header[1]!.toLowerCase(), line);
    else if (property) put?.(property[1]!.toLowerCase(), property[2]!, line);
  }
  for (const one of sections) one.plugin = pluginOf(one.properties);
  return { line: place.line, sections, includes, multilineParsers, findings: [] };

  function begin(kind: string, line: number): typeof put {
    if (kind === "multiline_parser") {
      const rules: MultilineRule[] = [];
      return (key, value, at) => {
        if (key === "name") multilineParsers.set(value, rules);
        const rule = /^"([^"]*)"\s+"(.*?)"(?:\s+"[^"]*")?\s*$/.exec(value);
        if (key === "rule" && rule) rules.push({ state: rule[1]!, pattern: rule[2]!, line: at });
      };
    }
    if (kind !== "service" && kind !== "input" && kind !== "filter" && kind !== "output") return undefined;
    const one: Section = { kind, plugin: "", line, properties: new Map(), each: [] };
    sections.push(one);
    return (key, value, at) => {
      one.properties.set(key, { value, line: at });
      one.each.push({ key, value, line: at });
    };
  }
}

function pluginOf(properties: Section["properties"]): string {
  return properties.get("name")?.value.toLowerCase() ?? "";
}
