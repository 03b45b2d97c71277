import { closeSync, openSync, writeSync } from "node:fs";
import { readCorpus } from "./corpus.js";
import { flowLine, flowLineOfSize, newPods } from "./flows.js";
import { otherLine } from "./other-lines.js";

/** What a bench reads: flows only, agent lines only, or nine flows to one agent line. */
export const inputNames = ["flows", "others", "mix"] as const;
export type InputName = (typeof inputNames)[number];

/** Gives the `index`th line of an input, as a container wrote it. */
export type LineSource = (index: number) => string;

/** The inputs, from the lines of a corpus directory where one is given, else from the bench's own. */
export function lineSources(corpusDirectory: string | undefined): Record<InputName, LineSource> {
  let flows: LineSource = flowLine;
  let others: LineSource = otherLine;
  if (corpusDirectory) {
    const corpus = readCorpus(corpusDirectory);
    flows = (index) => corpus.flows[index % corpus.flows.length]!;
    others = (index) => corpus.others[index % corpus.others.length]!;
  }
  return { flows, others, mix: (index) => (index % 10 === 9 ? others(index) : flows(index)) };
}

/** Flows of which hardly two have a pod in common. */
export const flowsOfNewPods: LineSource = (index) => flowLine(index, newPods);

/** Flows of about `size` bytes. */
export function flowsOfSize(size: number): LineSource {
  return (index) => flowLineOfSize(index, size);
}

const CRI_PREFIX = "2025-01-23T07:59:23.501253423Z stdout F ";
const BUFFER_SIZE = 1 << 20;

/**
 * Writes `count` lines as a container's log file: each behind the runtime's time, stream and tag (CRI).
 * @returns the mean length of the lines, without the prefix.
 */
export function writeLogFile(file: string, count: number, line: LineSource): number {
  const descriptor = openSync(file, "w");
  let bytes = 0;
  let text = "";
  for (let index = 0; index < count; index++) {
    const next = line(index);
    bytes += next.length;
    text += `${CRI_PREFIX}${next}\n`;
    if (text.length > BUFFER_SIZE) {
      writeSync(descriptor, text);
      text = "";
    }
  }
  writeSync(descriptor, text);
  closeSync(descriptor);
  return bytes / count;
}
