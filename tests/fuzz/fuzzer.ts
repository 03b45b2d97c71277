import { FilterHost, filterFunctions, type FilterHostOptions } from "../../tools/host.js";
import { recordContext } from "../support/modules.js";
import { Coverage } from "./coverage.js";
import { anyBytes, largeRecord, mutateBytes, mutateText, wrap } from "./mutate.js";
import { Random } from "./random.js";
import { RowChecker, RowProblem } from "./row-checker.js";
import { shrink } from "./shrink.js";

/**
 * The most memory that the filter may take: so much, and so many times the largest record it has met. Records made of
 * nothing but members as short as can be take the most for each byte.
 */
export const memoryBound = { bytes: 2 * 1024 * 1024, timesLargestRecord: 40 };

/** Records between two chunks, each of which meets a new instance in Fluent Bit before 4.1. */
const recordsPerChunk = 2000;

/** One record in so many is run with probes, to learn whether it takes the filter to new places. */
const probedRecords = 8;

/** Longer ones make every step slow. */
const longestKeptRecord = 8 * 1024;

const hostKinds: Record<string, FilterHostOptions> = {
  "Fluent Bit 4.2 and later": { freesBuffers: true, instance: "process" },
  "Fluent Bit before 4.1": { freesBuffers: false, instance: "chunk" },
};

export interface FuzzOptions {
  wasm: Uint8Array;
  lines: readonly string[];
  /** Records that are run as they are first, then changed like the lines. */
  records: readonly Buffer[];
  seed: number;
  /** Ends after so many calls of the filter. */
  calls: number;
  onProgress?: (report: FuzzReport) => void;
}

export interface Finding {
  problem: string;
  /** The smallest record found that shows it. */
  record: Buffer;
}

export interface FuzzReport {
  calls: number;
  records: number;
  rows: number;
  unreadable: number;
  kept: number;
  dropped: number;
  seconds: number;
  largestRecord: number;
  /** The most memory that an instance took, over the bytes of the largest record it had met by then, from 64 KiB on. */
  memoryTimesRecord: number;
  /** Blocks of the filter that were run, and all of them. */
  blocksRun: number;
  blockCount: number;
  waysTaken: number;
  /** Records with which something was wrong, and one for each kind of that. */
  failures: number;
  findings: Finding[];
  /** Records that took the filter to places where none before them did. */
  discoveries: Buffer[];
}

interface Seed {
  /** The event's text where the record was made around one. */
  text?: string;
  record: Buffer;
}

/** Feeds changed records to all functions of the filter on both kinds of hosts and checks what comes back. */
export function fuzz(options: FuzzOptions): FuzzReport {
  const random = new Random(options.seed);
  const subject = new Subject(options.wasm);
  const coverage = new Coverage(options.wasm);
  const seeds: Seed[] = [
    ...options.lines.map((text) => ({ text, record: Buffer.from(JSON.stringify({ log: text })) })),
    ...options.records.map((record) => ({ record })),
  ];
  const known = seeds.length;
  const { report } = subject;
  report.blockCount = coverage.blockCount;
  const start = performance.now();

  const finish = (): FuzzReport => {
    report.seconds = (performance.now() - start) / 1000;
    report.blocksRun = coverage.blocksRun;
    report.waysTaken = coverage.waysTaken;
    report.discoveries = seeds.slice(known).map(({ record }) => record);
    return report;
  };
  for (let index = 0; report.calls < options.calls; index++) {
    const seed = index < known ? seeds[index]! : nextSeed(seeds, options.lines, random);
    subject.run(seed.record);
    if ((index < known || random.oneIn(probedRecords)) && seed.record.length <= longestKeptRecord) {
      const functionName = random.pick(filterFunctions);
      if (coverage.run(functionName, seed.record).length > 0 && index >= known) seeds.push(seed);
    }
    if (index % 100_000 === 99_999) options.onProgress?.(finish());
  }
  return finish();
}

function nextSeed(seeds: readonly Seed[], lines: readonly string[], random: Random): Seed {
  if (random.oneIn(20)) return { record: anyBytes(random) };
  if (random.oneIn(5000)) return { record: largeRecord(1 << (14 + random.below(random.oneIn(20) ? 9 : 6)), random) };
  const seed = random.oneIn(2) ? seeds[random.below(lines.length)]! : random.pick(seeds);
  if (seed.text === undefined) return { record: mutateBytes(seed.record, random) };
  let text = mutateText(seed.text, lines, random);
  if (random.oneIn(10)) text = mutateBytes(Buffer.from(text), random).toString("latin1");
  const record = Buffer.from(wrap(text, lines, random));
  if (random.oneIn(12)) return { record: mutateBytes(record, random) };
  return { text, record };
}

/** The filter under test, in all its functions on all kinds of hosts. */
class Subject {
  readonly report: FuzzReport = {
    calls: 0,
    records: 0,
    rows: 0,
    unreadable: 0,
    kept: 0,
    dropped: 0,
    seconds: 0,
    largestRecord: 0,
    memoryTimesRecord: 0,
    blocksRun: 0,
    blockCount: 0,
    waysTaken: 0,
    failures: 0,
    findings: [],
    discoveries: [],
  };
  readonly #checker = new RowChecker();
  readonly #module: WebAssembly.Module;
  #hosts: MeasuredHost[][];
  #recordsOfChunk = 0;

  constructor(wasm: Uint8Array) {
    this.#module = new WebAssembly.Module(new Uint8Array(wasm));
    this.#hosts = this.#createHosts();
  }

  #createHosts(): MeasuredHost[][] {
    return filterFunctions.map((functionName) =>
      Object.entries(hostKinds).map(
        ([kind, options]) => new MeasuredHost(kind, new FilterHost(this.#module, { ...options, functionName })),
      ),
    );
  }

  run(record: Buffer): void {
    const problem = this.#problemOf(record);
    if (problem === undefined) return;
    this.report.failures++;
    if (this.report.findings.some((finding) => kindOf(finding.problem) === kindOf(problem))) return;
    const isSameProblem = (smaller: Buffer) => kindOf(this.#problemOf(smaller) ?? "") === kindOf(problem);
    this.report.findings.push({ problem, record: isSameProblem(record) ? shrink(record, isSameProblem) : record });
  }

  #problemOf(record: Buffer): string | undefined {
    try {
      this.#run(record);
      return undefined;
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      // A trap leaves an instance in any state.
      this.#hosts = this.#createHosts();
      return error.message;
    }
  }

  #run(record: Buffer): void {
    const { report } = this;
    if (++this.#recordsOfChunk > recordsPerChunk) {
      this.#recordsOfChunk = 0;
      for (const host of this.#hosts.flat()) host.beginChunk();
    }
    report.records++;
    report.largestRecord = Math.max(report.largestRecord, record.length);
    const [flows, keep, events] = this.#hosts.map((hosts) => this.#filter(hosts, record)) as [Reply, Reply, Reply];

    if (flows !== null) {
      this.#checker.check(flows);
      if (!isSame(flows, keep) || !isSame(flows, events))
        throw new Error("the functions give different rows of a flow");
      report.rows++;
      if (Buffer.from(flows.buffer, flows.byteOffset, flows.length).includes('"ParseError":')) report.unreadable++;
      return;
    }
    if (events !== null) this.#checker.check(events);
    if (keep !== null) {
      this.#checker.check(keep, true);
      if (!isSame(keep, record) && this.#isSound(record)) throw new Error("a record that is no flow was changed");
      report.kept++;
    } else {
      if (this.#isSound(record)) throw new Error("hubble_flows_keep drops a sound record");
      report.dropped++;
    }
  }

  /** The reply of one function, the same from all hosts. */
  #filter(hosts: MeasuredHost[], record: Buffer): Reply {
    const [reply, ...others] = hosts.map((host) => {
      this.report.calls++;
      const result = host.filter(record);
      this.report.memoryTimesRecord = Math.max(this.report.memoryTimesRecord, host.memoryTimesRecord);
      return result;
    });
    if (!others.every((other) => isSame(reply!, other))) throw new Error("the hosts get different replies");
    return reply!;
  }

  #isSound(record: Uint8Array): boolean {
    try {
      this.#checker.check(record, true);
      return true;
    } catch (error) {
      if (error instanceof RowProblem) return false;
      throw error;
    }
  }
}

type Reply = Uint8Array | null;

/** A problem without its numbers and names. */
function kindOf(problem: string): string {
  return problem.replace(/\d+|".*"/g, "");
}

/** A host that holds the filter's memory against the records it has met. */
class MeasuredHost {
  memoryTimesRecord = 0;
  #largestRecord = 0;
  #memory = 0;

  constructor(
    readonly kind: string,
    readonly host: FilterHost,
  ) {}

  beginChunk(): void {
    this.host.beginChunk();
    if (this.host.memoryBytes < this.#memory) this.#largestRecord = 0;
    this.#memory = this.host.memoryBytes;
  }

  filter(record: Uint8Array): Reply {
    if (record.length > this.#largestRecord) this.#largestRecord = record.length;
    const reply = this.host.filter(record, recordContext);
    const memory = this.host.memoryBytes;
    if (memory !== this.#memory) {
      this.#memory = memory;
      const limit = memoryBound.bytes + memoryBound.timesLargestRecord * this.#largestRecord;
      if (memory > limit)
        throw new Error(`${memory} bytes of memory after a record of ${this.#largestRecord} on ${this.kind}`);
      if (record.length >= 65536) this.memoryTimesRecord = memory / this.#largestRecord;
    }
    return reply;
  }
}

function isSame(one: Reply, other: Reply): boolean {
  return one === null || other === null ? one === other : Buffer.compare(one, other) === 0;
}
