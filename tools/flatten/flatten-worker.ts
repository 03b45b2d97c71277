import { parentPort, workerData } from "node:worker_threads";
import { FilterHost, readFilterModule } from "../host.js";
import { UserError } from "../user-error.js";
import { flattenLog, noLines } from "./flatten-log.js";
import type { Answer, Question, Task } from "./flatten-thread.js";
import { charactersPerBatch, rowBatch } from "./row-batch.js";

// The thread that flattenInThread starts, one for each log: the filter keeps what repeats.
const port = parentPort!;
const { name, functionName } = workerData as Task;

const questions: Question[] = [];
let wake: () => void = () => {};
port.on("message", (question: Question) => {
  questions.push(question);
  wake();
});

const counts = noLines();
let rows: string[] = [];
let characters = 0;
let bytesRead = 0;

/** Hands over what there is, before it is waited for more, when it is much, and at the end. */
function handOver(end: Pick<Answer, "isLast" | "error"> = {}): void {
  const batch = rowBatch(rows);
  const answer: Answer = { batch, counts, bytesRead, ...end };
  port.postMessage(answer, [batch.bytes.buffer]);
  rows = [];
  characters = bytesRead = 0;
}

async function* chunks(): AsyncGenerator<Uint8Array> {
  for (;;) {
    const question = questions.shift();
    if (!question) {
      if (bytesRead > 0) handOver();
      await new Promise<void>((resolve) => (wake = resolve));
    } else if (question === "end") {
      return;
    } else if (question === "cut") {
      throw cut;
    } else {
      bytesRead += question.length;
      yield question;
    }
  }
}

const cut = new Error("no more of the log can be read");
let error: Answer["error"];
try {
  const host = new FilterHost(readFilterModule(), { functionName });
  for await (const { json } of flattenLog({ name, bytes: chunks() }, host, counts)) {
    rows.push(json);
    characters += json.length;
    if (characters >= charactersPerBatch) handOver();
  }
} catch (thrown) {
  if (thrown !== cut) error = { message: (thrown as Error).message, isUserError: thrown instanceof UserError };
}
handOver({ isLast: true, ...(error && { error }) });
port.close();
