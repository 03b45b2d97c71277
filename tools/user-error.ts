/** An error that the person at the command line can mend: its message says how, and no stack trace is shown. */
export class UserError extends Error {
  override readonly name = "UserError";
}
