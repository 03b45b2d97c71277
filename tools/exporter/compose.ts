import { buildFlowLogs } from "./build.js";
import type { FlowLogWords } from "./build.js";
import type { Version } from "../flow-filter/accepted.js";
import { explain } from "./explain.js";
import type { Finding } from "../findings/finding.js";
import { DEFAULT_VERSION } from "../flow-filter/flow-log.js";
import type { FlowLog } from "../flow-filter/flow-log.js";
import { renderFlowLogs } from "./render.js";
import type { Format } from "./render.js";

export interface ComposeOptions {
  format: Format;
  /** The Cilium version it is for; without it, everything from 1.16 on that knows the words. */
  version?: Version | undefined;
  /** Lines for the head of the file. */
  comment?: string[];
  now?: Date;
}

export interface Composed {
  yaml: string;
  flowLogs: FlowLog[];
  /** The oldest Cilium version that understands it. */
  needs: Version;
  findings: Finding[];
}

/** The name that findings about the composed text give as their file. */
const OUTPUT = "output";

/**
 * Makes an exporter configuration from words, and checks it the way an existing file is checked.
 * @throws UserError with a remedy for words that mean nothing.
 */
export function compose(words: readonly FlowLogWords[], options: ComposeOptions): Composed {
  const { format, version, comment = [], now = new Date() } = options;
  const flowLogs = buildFlowLogs(words, { version: version ?? DEFAULT_VERSION, now });
  const render = (lines: string[]) =>
    renderFlowLogs(flowLogs, { format, version: version ?? DEFAULT_VERSION, comment: lines });
  const { needs } = explain(render([]), OUTPUT, { now });
  const yaml = render(comment.map((line) => line.replace("{needs}", needs)));
  return { yaml, flowLogs, needs, findings: explain(yaml, OUTPUT, { version, now }).findings };
}
