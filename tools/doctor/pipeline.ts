import { readFileSync } from "node:fs";
import { parse } from "yaml";
import type { Finding } from "../findings/finding.js";
import { packageFile } from "../package-file.js";
import { couldMatch, excludeTakes, pathTakes } from "./match.js";
import type { FluentBitConfiguration, Section } from "./read-fluent-bit.js";

/** The ways by which flows come to a node's files; the log of a container has the runtime's prefix (CRI). */
export type Source = "agent" | "acns" | "exporter" | "observe";

/**
 * Files of a node in which flows lie: the log of Cilium's agent, the file of AKS's own Cilium, that of the exporter by its
 * default, the log of a pod that runs `hubble observe`.
 */
const SOURCES: { source: Source; file: string }[] = [
  { source: "agent", file: "/var/log/containers/cilium-x7x2v_kube-system_cilium-agent-0123456789abcdef.log" },
  { source: "acns", file: "/var/log/acns/hubble/events.log" },
  { source: "exporter", file: "/var/run/cilium/hubble/events.log" },
  {
    source: "observe",
    file: "/var/log/containers/hubble-observe-5d8f9c7b6-x7x2v_kube-system_hubble-observe-0123456789abcdef.log",
  },
];

/** The paths of the shipped configurations' inputs. */
const shippedPaths = (
  parse(readFileSync(packageFile("fluent-bit/sources.yaml"), "utf8")) as { input: { path?: string } }[]
).map(({ input }) => input.path);

/** The log of a pod that has nothing to do with Cilium. */
const OTHER_POD = "/var/log/containers/shop-5d8f9c7b6-x7x2v_shop_shop-0123456789abcdef.log";

/** A file with flows that an input reads. */
export interface FlowFile {
  source: Source;
  file: string;
}

/** A configuration's sections, which of them records pass, and what is to be said about them. */
export class Pipeline {
  readonly findings: Finding[] = [];

  constructor(
    readonly configuration: FluentBitConfiguration,
    private readonly file: string,
  ) {}

  /** Notes a finding; what several ways through the pipeline lead to stands once. */
  say(severity: Finding["severity"], line: number, message: string, remedy: string): void {
    if (this.findings.some((known) => known.line === line && known.message === message)) return;
    this.findings.push({ severity, file: this.file, line, message, remedy });
  }

  sections(kind: Section["kind"], plugin?: string): Section[] {
    return this.configuration.sections.filter(
      (section) => section.kind === kind && (plugin === undefined || section.plugin === plugin),
    );
  }

  service(key: string): string | undefined {
    return this.sections("service")[0]?.properties.get(key)?.value;
  }

  /** Whether records of an input reach a filter or an output. */
  reaches(input: Section, to: Section): boolean {
    if (to.input) return to.input === input;
    const match = to.properties.get("match")?.value;
    if (match === undefined || to.properties.has("match_regex") || !known(match)) return true;
    const tag = input.properties.get("tag")?.value ?? "tail.*";
    return !known(tag) || couldMatch(tag, match);
  }

  /** The filters that an input's records pass before they come to `section`. */
  filtersBefore(input: Section, section: Section): Section[] {
    const { sections } = this.configuration;
    const before = sections.slice(0, sections.indexOf(section)).filter(({ kind }) => kind === "filter");
    return before.filter((filter) => this.reaches(input, filter) && (!section.input || filter.input));
  }

  /** The files with flows that an input's path takes; a path that speaks of Hubble, or is shipped, may be the exporter's. */
  flowFiles(input: Section): FlowFile[] {
    return this.globs(input).flatMap((glob): FlowFile[] => {
      const files = SOURCES.filter(({ file }) => pathTakes(glob, file));
      const isExporters = /hubble/i.test(glob) || shippedPaths.includes(glob);
      return files.length === 0 && isExporters ? [{ source: "exporter", file: glob }] : files;
    });
  }

  /** The exporter's own files among them, which no container runtime has written. */
  exporterFiles(input: Section): string[] {
    return this.flowFiles(input)
      .map(({ file }) => file)
      .filter((file) => !/\/(containers|pods)\//.test(file));
  }

  /** The patterns of an input's path, without those that hold a variable. */
  globs({ properties }: Section): string[] {
    const globs = (properties.get("path")?.value ?? "").split(",").map((glob) => glob.trim());
    return globs.filter(known);
  }

  /** The patterns of an input's exclude_path that together take every file with flows out; none where one is left. */
  excludesFlows(input: Section): string[] {
    const globs = input.properties.get("exclude_path")?.value.split(",") ?? [];
    const files = this.flowFiles(input).map(({ file }) => file);
    const takes = (glob: string) => files.some((file) => excludeTakes(glob, file));
    const isLeft = files.some((file) => !globs.some((glob) => excludeTakes(glob, file)));
    return isLeft ? [] : globs.filter(takes);
  }

  /** Whether an input reads the logs of pods that have nothing to do with Cilium. */
  readsOtherPods(input: Section): boolean {
    const excluded = input.properties.get("exclude_path")?.value.split(",") ?? [];
    return (
      this.globs(input).some((glob) => pathTakes(glob, OTHER_POD)) &&
      !excluded.some((glob) => excludeTakes(glob, OTHER_POD))
    );
  }
}

/** Whether a value stands there as it is, and not as a variable of Fluent Bit or of a template. */
export function known(value: string): boolean {
  return !value.includes("${") && !value.includes("{{");
}

/** Whether a property is on, as Fluent Bit reads it. */
export function isOn(value: string | undefined): boolean {
  return ["on", "true", "yes"].includes(value?.toLowerCase() ?? "");
}
