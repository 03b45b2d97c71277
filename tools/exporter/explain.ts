import type { Version } from "../flow-filter/accepted.js";
import { checkConfiguration } from "./check.js";
import { Context } from "./context.js";
import { describeFlowLog } from "./describe.js";
import { sortFindings } from "../findings/finding.js";
import type { Finding } from "../findings/finding.js";
import type { FlowLog } from "../flow-filter/flow-log.js";
import { readConfigurations } from "./read.js";

export interface Explanation {
  /** What the file exports, in plain words; empty when there is no configuration in it. */
  text: string;
  /** The flow logs as Cilium reads them, in the order of the file. */
  flowLogs: FlowLog[];
  /** The oldest Cilium version that understands everything in the file. */
  needs: Version;
  findings: Finding[];
}

export interface ExplainOptions {
  /** The Cilium version to check for; without it, the file is checked for the newest. */
  version?: Version | undefined;
  now?: Date;
}

/**
 * Says what the Hubble exporter configurations of a file export and what in them will not work.
 * @param text YAML or JSON: a ConfigMap, Helm values, or a bare list of flow logs.
 * @param file the name that findings give.
 */
export function explain(text: string, file: string, { version, now = new Date() }: ExplainOptions = {}): Explanation {
  const { configurations, findings } = readConfigurations(text, file);
  const context = new Context(file, version, now);
  const flowLogs: FlowLog[] = [];
  const parts: string[] = [];
  for (const configuration of configurations) {
    const checked = checkConfiguration(configuration, context);
    flowLogs.push(...checked);
    const mode = configuration.mode === "static" ? "the static exporter" : plural(checked.length, "flow log");
    parts.push(`${configuration.title}: ${mode}`, ...checked.map(section));
  }
  const unstarted = context.findings.find(({ message }) => message.includes("not start this flow log"));
  if (unstarted && configurations.some(({ mode }) => mode === "dynamic")) {
    context.note(
      unstarted.line,
      "a flow log that is not started leaves the old one of its name running after a reload",
      "mend it; to end the old one, take the name out",
    );
  }
  if (configurations.length === 0 && findings.length === 0) {
    context.error(
      1,
      "there is no Hubble exporter configuration in this file",
      `give a ConfigMap with flowlogs.yaml, Helm values with hubble.export, or a file that begins with "flowLogs:"`,
    );
  }
  return {
    text: parts.join("\n\n"),
    flowLogs,
    needs: context.needs,
    findings: sortFindings([...findings, ...context.findings]),
  };
}

function section(flowLog: FlowLog): string {
  const statements = describeFlowLog(flowLog);
  const width = Math.max(...statements.map(([label]) => label.length));
  const indent = " ".repeat(width + 4);
  const lines = statements.map(([label, text]) => {
    const texts = typeof text === "string" ? [text] : text;
    const bullets = texts.length > 1 ? texts.map((one, i) => (i === 0 ? one : `or ${one}`)) : texts;
    return `  ${label.padEnd(width)}  ${bullets.map((one) => wrap(one, indent)).join(`\n${indent}`)}`;
  });
  return [...(flowLog.name === "" ? [] : [flowLog.name]), ...lines].join("\n");
}

const LINE_WIDTH = 110;

/** Breaks a text between words, before column 110; lines behind the first begin with `indent`. */
export function wrap(text: string, indent = ""): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && indent.length + line.length + 1 + word.length > LINE_WIDTH) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line].join(`\n${indent}`);
}

function plural(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? "" : "s"}`;
}
