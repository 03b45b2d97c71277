import { checkKql, type Problem } from "../../tools/kusto/check.js";
import { Database } from "../../tools/kusto/database.js";
import { readCreated, type Created, type Statement } from "../../tools/kusto/script.js";

export { splitCommands, splitQueries } from "../../tools/kusto/script.js";
export type { Problem };

const usualHead =
  /^\.create-or-alter function with \(folder = "Hubble"(, docstring = "[^"\\\n]*")?\)\n\w+\(.*\)\n\{\n[^]*\n\}$/;

/** A database that checks what it is given. */
export class CheckedDatabase extends Database {
  /** Creates what commands create, and checks them knowing all of it: each state of a database is analyzed anew. */
  run(commands: Statement[]): Problem[] {
    this.create(commands);
    return commands.flatMap(({ text, line }) =>
      this.check(text).map((problem) => ({ ...problem, line: problem.line + line - 1 })),
    );
  }

  check(text: string): Problem[] {
    return checkKql(this.#asQuery(text) ?? text, this);
  }

  /**
   * The function that a command of the usual form creates, as a declaration on the same lines: the parser tries its hundreds
   * of commands on a text, which takes as long as all the rest.
   */
  #asQuery(command: string): string | undefined {
    if (!usualHead.test(command)) return undefined;
    const { name, parameters, body } = readCreated(command) as Extract<Created, { kind: "function" }>;
    return `\nlet ${name} = ${parameters}\n${body};`;
  }
}
