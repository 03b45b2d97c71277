import { parse } from "yaml";
import { markdownTable } from "./markdown-table.js";

interface Input {
  path?: string;
}

/**
 * The table of `docs/aks.md`: the sources of flows.
 * @param base the text of `fluent-bit/fluent-bit.yaml`, whose input is read where a source has no path of its own
 * @param sources the text of `fluent-bit/sources.yaml`
 */
export function sourcesTable(base: string, sources: string): string {
  const { pipeline } = parse(base) as { pipeline: { inputs: [Input] } };
  return markdownTable([
    ["`fluent-bit/kubernetes/…`", "reads", "on each node"],
    ...(parse(sources) as { folder: string; about: string; input: Input }[]).map(({ folder, about, input }) => [
      `[${folder}](../fluent-bit/kubernetes/${folder})`,
      about.replace(/ to Azure Data Explorer\.$/, ""),
      `\`${input.path ?? pipeline.inputs[0].path}\``,
    ]),
  ]);
}
