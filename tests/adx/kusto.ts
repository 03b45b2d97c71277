import { checkKql, type Problem } from "../../tools/kusto/check.js";
import { Database } from "../../tools/kusto/database.js";
import type { Statement } from "../../tools/kusto/script.js";

export { splitCommands, splitQueries } from "../../tools/kusto/script.js";
export type { Problem };

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
    return checkKql(text, this);
  }
}
