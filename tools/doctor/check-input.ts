import { excludeTakes, pathTakes } from "./match.js";
import { isOn } from "./pipeline.js";
import type { Pipeline } from "./pipeline.js";
import type { Section } from "./read-fluent-bit.js";

/** Checks a tail input that reads flows. */
export function checkInput(pipeline: Pipeline, input: Section, filters: Section[]): void {
  const { properties } = input;
  const excluded = pipeline.excludesFlows(input);
  if (excluded.length > 0) {
    const { line } = properties.get("exclude_path")!;
    const message = `exclude_path ${excluded.join(",")} takes the log with the flows out again`;
    pipeline.say("error", line, message, "give that log an input of its own");
  }
  const [exporterFile] = pipeline.exporterFiles(input);
  if (exporterFile !== undefined) checkExporterFile(pipeline, input, exporterFile);
  else if (!runtimeParser(input, "multiline.parser")) {
    pipeline.say(
      "warning",
      input.line,
      "lines over 16 KiB come in parts, and are not joined: their flows become rows with ParseError",
      "add multiline.parser cri",
    );
  }
  if (!properties.has("db")) {
    const message = "without db, a restart loses or repeats lines";
    pipeline.say("warning", input.line, message, "add db with a file on a host path");
  }
  if (properties.get("storage.type")?.value.toLowerCase() !== "filesystem") {
    const message = "chunks are kept in memory only: a restart in an outage loses them";
    pipeline.say("warning", input.line, message, "add storage.type filesystem");
  } else if (!pipeline.service("storage.path")) {
    const message = "storage.type filesystem without storage.path in the service: Fluent Bit does not start";
    pipeline.say("error", input.line, message, "add storage.path to the service");
  }
  if (filters.length > 0 && !filters.some((filter) => pipeline.reaches(input, filter))) {
    const message = "no wasm filter matches the tag of the agent's input: its lines stay as they are";
    pipeline.say("error", filters[0]!.line, message, "let match and tag agree");
  }
}

/**
 * Checks an input that follows a file of the exporter, which is renamed when it is full. What it says was seen on Fluent
 * Bit 5.1.1 (tests/rotation); the defaults are those of its plugins/in_tail.
 */
function checkExporterFile(pipeline: Pipeline, input: Section, file: string): void {
  const { properties, line } = input;
  const lineOf = (key: string) => properties.get(key)?.line ?? line;
  const glob = pipeline.globs(input).find((one) => pathTakes(one, file) || one === file);
  const base = file.replaceAll("*", "");
  const backup = base.replace(/(\.\w+)?$/, "-2026-01-01T00-00-00.000$1");
  const excluded = properties.get("exclude_path")?.value.split(",") ?? [];
  if (glob?.includes("*") && pathTakes(glob, backup) && !excluded.some((one) => excludeTakes(one, backup))) {
    pipeline.say(
      "warning",
      lineOf("path"),
      `${glob} takes the exporter's backups too: tail reads each of them again from its start, after rotate_wait and at a stop, and its flows are rows twice`,
      `write the file itself, ${base}: tail follows a file that is renamed to its end`,
    );
  }
  const refresh = seconds(properties.get("refresh_interval")?.value ?? "60");
  if (refresh > 5) {
    pipeline.say(
      "warning",
      lineOf("refresh_interval"),
      `a new file is noticed after up to ${refresh} s (refresh_interval): what is rotated away before is lost`,
      "write refresh_interval 1",
    );
  }
  const wait = seconds(properties.get("rotate_wait")?.value ?? "5");
  if (wait < 30) {
    pipeline.say(
      "warning",
      lineOf("rotate_wait"),
      `a renamed file is left after ${wait} s (rotate_wait), read to its end or not: what a slow moment leaves over is lost`,
      "write rotate_wait 120",
    );
  }
  if (!isOn(properties.get("read_from_head")?.value)) {
    pipeline.say(
      "warning",
      lineOf("read_from_head"),
      "without read_from_head, what lies in the file when Fluent Bit first starts is passed over",
      "write read_from_head true",
    );
  }
  const parser = runtimeParser(input, "multiline.parser") ?? runtimeParser(input, "parser");
  if (
    parser !== undefined &&
    !pipeline.flowFiles(input).some(({ source }) => source === "agent" || source === "observe")
  ) {
    pipeline.say(
      "warning",
      lineOf(parser),
      `${parser} ${properties.get(parser)!.value} on a file of the exporter: its lines have no container runtime's prefix, and each is tried in vain`,
      `take ${parser} out`,
    );
  }
}

/** The key, where its property names a parser of a container runtime's lines. */
function runtimeParser({ properties }: Section, key: string): string | undefined {
  const parsers = properties.get(key)?.value.split(",") ?? [];
  return parsers.some((parser) => /^(cri|docker)/i.test(parser.trim())) ? key : undefined;
}

/** Seconds of a time as Fluent Bit writes it: a number, or one with s, m, h or d. */
function seconds(value: string): number {
  const [, number, unit] = /^\s*(\d+(?:\.\d+)?)\s*([smhd]?)/i.exec(value) ?? [];
  const units: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86400 };
  return number === undefined ? NaN : Number(number) * (units[unit?.toLowerCase() ?? ""] ?? 1);
}

/** Warns where two inputs bring the same flows to the table. */
export function checkInputsTogether(pipeline: Pipeline, inputs: Section[], filters: Section[]): void {
  const arrive = inputs.filter((input) => filters.some((filter) => pipeline.reaches(input, filter)));
  const [first, ...others] = arrive;
  for (const other of others) {
    pipeline.say(
      "warning",
      other.line,
      `line ${first!.line}'s input reads flows too: those of a flow log that both carry are rows twice`,
      "read one of them, or let each flow log write to one place only (filePath)",
    );
  }
}
