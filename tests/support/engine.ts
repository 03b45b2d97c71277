import { checkKql, type Problem } from "../../tools/kusto/check.js";
import { Database } from "../../tools/kusto/database.js";
import { Engine } from "../../tools/kusto/engine.js";

const makeDatabase = Database.hubble.bind(Database);
let database: Database | undefined;

/** The database that `adx/setup.kql` makes, analyzed once for all tests of a process: nothing is to be added to it. */
export function hubbleDatabase(): Database {
  return (database ??= makeDatabase());
}

/** What is wrong with a query of that database. */
export function checkQuery(text: string): Problem[] {
  return checkKql(text, hubbleDatabase());
}

/** An engine without rows, over `hubbleDatabase()`. */
export function openEngine(): Promise<Engine> {
  return Engine.open(hubbleDatabase());
}
