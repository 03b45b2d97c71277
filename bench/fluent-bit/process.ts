import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { FluentBit } from "../../tests/support/fluent-bit.js";

export interface Run {
  /** User and system time of the process. */
  cpuSeconds: number;
  /** The most memory that it held at once; undefined where /proc does not say. */
  peakBytes: number | undefined;
  /** From the start until it had used 99 % of its CPU time: a run ends with seconds of waiting. Undefined likewise. */
  busySeconds: number | undefined;
}

const SAMPLE_MILLISECONDS = 20;
/** A process that has worked and then has not for so long has nothing left to do. */
const IDLE_SECONDS = 1;

/**
 * Runs Fluent Bit with a configuration file until it ends by itself or, with `stopWhenIdle`, until it idles.
 * @throws Error with what it logged when it fails or logs an error.
 */
export async function runFluentBit(
  fluentBit: FluentBit,
  configuration: string,
  { stopWhenIdle = false } = {},
): Promise<Run> {
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
    const seconds = (performance.now() - started) / 1000;
    if (sample.ticks > (busy.at(-1)?.ticks ?? 0)) busy.push({ seconds, ticks: sample.ticks });
    else if (stopWhenIdle && busy.length > 1 && seconds - busy.at(-1)!.seconds > IDLE_SECONDS) {
      process.kill(Number(pid), "SIGTERM");
      stopWhenIdle = false;
    }
  }, SAMPLE_MILLISECONDS);
  const [code] = (await once(shell, "close")) as [number];
  clearInterval(sampler);

  const cpu = /^cpu ([\d.]+) ([\d.]+)$/m.exec(log);
  if (code !== 0 || !cpu || /\[ *error\]/.test(log)) {
    throw new Error(`${fluentBit.path} -c ${configuration} failed (status ${code}):\n${log.slice(0, 4000)}`);
  }
  const cpuSeconds = Number(cpu[1]) + Number(cpu[2]);
  const ticksInAll = busy.at(-1)?.ticks ?? 0;
  const finished = busy.find(({ ticks }) => ticks >= ticksInAll * 0.99);
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
