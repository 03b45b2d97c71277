import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";

/** A filter as it stands in Fluent Bit's YAML configuration. */
export type Filter = Record<string, unknown>;

export interface Pipeline {
  /** The log files to read; each is an input of its own. */
  files: string[];
  filters: readonly Filter[];
  /** Where rows go, one JSON object a line; nowhere where it is absent. */
  rowsFile?: string | undefined;
  /** Runs the filters as the inputs' processors, in a thread of each input's own where `threaded`. */
  processors?: { threaded: boolean };
}

const PARSERS = `[PARSER]
    Name cri
    Format regex
    Regex ^(?<time>[^ ]+) (?<stream>stdout|stderr) (?<logtag>[^ ]*) (?<message>.*)$
    Time_Key time
    Time_Format %Y-%m-%dT%H:%M:%S.%L%z

[PARSER]
    Name json
    Format json
`;

/** Writes a pipeline's configuration into `directory`. Returns the file. */
export function writeConfiguration(directory: string, name: string, pipeline: Pipeline): string {
  const parsersFile = join(directory, "parsers.conf");
  writeFileSync(parsersFile, PARSERS);
  const { processors, rowsFile } = pipeline;
  const inputs = pipeline.files.map((path) => ({
    name: "tail",
    path,
    parser: "cri",
    tag: "kube.hubble",
    read_from_head: true,
    // The first input that ends would take the others with it.
    exit_on_eof: !processors,
    buffer_chunk_size: "512k",
    buffer_max_size: "2M",
    ...(processors && { threaded: processors.threaded, processors: { logs: pipeline.filters } }),
  }));
  const configuration = {
    service: { flush: 1, grace: 1, log_level: "error", parsers_file: parsersFile },
    pipeline: {
      inputs,
      ...(!processors && pipeline.filters.length && { filters: pipeline.filters.map((f) => ({ match: "*", ...f })) }),
      outputs: [
        rowsFile ? { name: "file", match: "*", file: rowsFile, format: "plain" } : { name: "null", match: "*" },
      ],
    },
  };
  const file = join(directory, `${name}.yaml`);
  // Fluent Bit reads no YAML aliases.
  writeFileSync(file, stringify(configuration, { aliasDuplicateObjects: false }));
  return file;
}
