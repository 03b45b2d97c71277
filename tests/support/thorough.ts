/** Gives the count for `npm test`, or the one for `npm run test:slow`, which runs some of its files again with more of the same. */
export function count(usual: number, thorough: number): number {
  return process.env["THOROUGH"] ? thorough : usual;
}
