import { writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { packageFile } from "../../../tools/package-file.js";
import { incidentSample } from "./sample.js";

// Writes the sample that `npm run serve` shows.
writeFileSync(packageFile("fluent-bit/sample/shop.log.gz"), gzipSync(incidentSample(), { level: 9 }));
