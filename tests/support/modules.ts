import { readFileSync } from "node:fs";

/** The filter as `npm run build` makes it. */
export const filterModule = readFileSync(new URL("../../build/hubble-adx.wasm", import.meta.url));
