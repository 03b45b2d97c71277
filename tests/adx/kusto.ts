import { checkKql, type Problem } from "../../tools/kusto/check.js";
import { Database } from "../../tools/kusto/database.js";
import type { Statement } from "../../tools/kusto/script.js";

export { splitCommands, splitQueries } from "../../tools/kusto/script.js";
export type { Problem };

/** A database that checks what it is given. */
export class CheckedDatabase extends Database {
  /** Checks commands in their order; what a command creates is known to those that follow. */
  run(commands: Statement[]): Problem[] {
    return commands.flatMap((command) => {
      this.create([command]);
      return this.check(command.text).map((problem) => ({ ...problem, line: problem.line + command.line - 1 }));
    });
  }

  check(text: string): Problem[] {
    return checkKql(text, this);
  }
}
