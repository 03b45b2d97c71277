import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { FluentBit } from "../../tests/support/fluent-bit.js";

export interface Run {
  /** User and system time of the process. */
  cpuSeconds: number;
  /** The most memory that it held at once; undefined where /proc does not say. */
  peakBytes: number | undefined;
  /** From the start until it had used 98 % of its CPU time: a run ends with seconds of waiting. Undefined likewise. */
  busySeconds: number | undefined;
}

const SAMPLE_MILLISECONDS = 20;
const TICKS_PER_SECOND = 100;

/**
 * Runs Fluent Bit with a configuration file until it has read its input.
 * @throws Error with what it logged when it fails or logs an error.
 */
export async function runFluentBit(fluentBit: FluentBit, configuration: string): Promise<Run> {
  // The shell's own `time` counts to the millisecond, and every thread of the process until its very end.
  const script = 'TIMEFORMAT="cpu %U %S"; time "$@"';
  const command = ["-c", script, "bash", fluentBit.path, "-q", "-c", configuration];
  const shell = spawn("bash", command, { stdio: ["ignore", "ignore", "pipe"] });
  const started = performance.now();
  let log = "";
  shell.stderr.setEncoding("utf8").on("data", (text: string) => (log += text));

  let peakBytes: number | undefined;
  const busy: { seconds: number; ticks: number }[] = [];
  const sampler = setInterval(() => {
    const pid = childOf(shell.pid!);
    const sample = pid === undefined ? undefined : sampleOf(pid);
    if (!sample) return;
    peakBytes = sample.peakBytes;
    busy.push({ seconds: (performance.now() - started) / 1000, ticks: sample.ticks });
  }, SAMPLE_MILLISECONDS);
  const [code] = (await once(shell, "close")) as [number];
  clearInterval(sampler);

  const cpu = /^cpu ([\d.]+) ([\d.]+)$/m.exec(log);
  if (code !== 0 || !cpu || /\[ *error\]/.test(log)) {
    throw new Error(`${fluentBit.path} -c ${configuration} failed (status ${code}):\n${log.slice(0, 4000)}`);
  }
  const cpuSeconds = Number(cpu[1]) + Number(cpu[2]);
  const finished = busy.find(({ ticks }) => ticks >= cpuSeconds * TICKS_PER_SECOND * 0.98);
  return { cpuSeconds, peakBytes, busySeconds: finished?.seconds };
}

function childOf(pid: number): string | undefined {
  return readProc(`/proc/${pid}/task/${pid}/children`)?.trim() || undefined;
}

function sampleOf(pid: string): { ticks: number; peakBytes: number } | undefined {
  const stat = readProc(`/proc/${pid}/stat`);
  const peak = /VmHWM:\s+(\d+) kB/.exec(readProc(`/proc/${pid}/status`) ?? "");
  if (!stat || !peak) return undefined;
  // Fields 14 and 15, counted behind the command's name, which may hold spaces.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return { ticks: Number(fields[11]) + Number(fields[12]), peakBytes: Number(peak[1]) * 1024 };
}

function readProc(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
