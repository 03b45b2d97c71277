import { extname } from "node:path";
import type { Finding } from "../exporter/finding.js";
import { at, parseLocated, plain } from "../exporter/located.js";
import type { Located } from "../exporter/located.js";

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
  /** By key in lower case: Fluent Bit does not look at the case. */
  properties: Map<string, Property>;
  /** For a processor, the input that it belongs to; it needs no match. */
  input?: Section;
}

export interface FluentBitConfiguration {
  /** In the order of the file, which is that in which filters run. */
  sections: Section[];
  /** Files that it includes and that are not read here. */
  includes: Property[];
  findings: Finding[];
}

/** Reads a Fluent Bit configuration, YAML or classic by the file's name (`.yaml`, `.yml`). */
export function readFluentBit(text: string, file: string): FluentBitConfiguration {
  return [".yaml", ".yml"].includes(extname(file).toLowerCase()) ? readYaml(text, file) : readClassic(text);
}

function readYaml(text: string, file: string): FluentBitConfiguration {
  const { documents, findings } = parseLocated(text, { file, line: 1, block: true });
  const document = documents[0];
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
  return { sections, includes, findings };
}

function listAt(value: Located | undefined, ...keys: string[]): Located[] {
  const found = at(value, ...keys);
  return found?.kind === "list" ? found.items : [];
}

function section(kind: Section["kind"], value: Located): Section {
  const properties = new Map<string, Property>();
  if (value.kind === "map") {
    for (const [key, entry] of value.entries) {
      const given = plain(entry.value);
      if (given !== null && typeof given === "object" && !Array.isArray(given)) continue;
      properties.set(key.toLowerCase(), {
        value: Array.isArray(given) ? given.join(",") : String(given),
        line: entry.line,
      });
    }
  }
  return { kind, plugin: pluginOf(properties), line: value.line, properties };
}

function readClassic(text: string): FluentBitConfiguration {
  const sections: Section[] = [];
  const includes: Property[] = [];
  let current: Section | undefined;
  for (const [i, raw] of text.split(/\r?\n/).entries()) {
    const line = i + 1;
    const trimmed = raw.trim();
    const header = /^\[(\w+)\]$/.exec(trimmed);
    const include = /^@include\s+(\S+)/i.exec(trimmed);
    const property = /^(\S+)\s+(.*)$/.exec(trimmed);
    if (include) includes.push({ value: include[1]!, line });
    else if (trimmed === "" || trimmed.startsWith("#") || trimmed.startsWith("@")) continue;
    else if (header) {
      const kind = header[1]!.toLowerCase();
      current = undefined;
      if (kind === "service" || kind === "input" || kind === "filter" || kind === "output") {
        current = { kind, plugin: "", line, properties: new Map() };
        sections.push(current);
      }
    } else if (property) current?.properties.set(property[1]!.toLowerCase(), { value: property[2]!, line });
  }
  for (const one of sections) one.plugin = pluginOf(one.properties);
  return { sections, includes, findings: [] };
}

function pluginOf(properties: Section["properties"]): string {
  return properties.get("name")?.value.toLowerCase() ?? "";
}
