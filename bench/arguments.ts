import { InvalidArgumentError } from "commander";

/** @throws InvalidArgumentError for what is no whole number from 1 on. */
export function positiveInteger(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError("It is not a positive whole number.");
  return Number(text);
}
