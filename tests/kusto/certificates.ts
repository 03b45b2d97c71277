import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface Certificates {
  key: Buffer;
  certificate: Buffer;
  /** A folder as OpenSSL looks one up: the authority's certificate under the hash of its name. */
  trustFolder: string;
}

/** Makes an authority in `directory`, and a certificate of its for the given host names, with OpenSSL's command line. */
export function createCertificates(directory: string, hosts: readonly string[]): Certificates {
  const openssl = (...args: string[]): string =>
    execFileSync("openssl", args, { cwd: directory, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  openssl(
    "req",
    "-x509",
    ...newKey,
    "-keyout",
    "ca.key",
    "-out",
    "ca.pem",
    "-days",
    "2",
    "-subj",
    "/CN=Test authority",
  );
  openssl("req", ...newKey, "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=Stand-in");
  writeFileSync(join(directory, "server.ext"), `subjectAltName=${hosts.map((host) => `DNS:${host}`).join(",")}\n`);
  const authority = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", "server.ext"];
  openssl("x509", "-req", "-in", "server.csr", "-out", "server.pem", ...authority);

  const trustFolder = join(directory, "trusted");
  mkdirSync(trustFolder);
  const hash = openssl("x509", "-in", "ca.pem", "-noout", "-subject_hash").trim();
  copyFileSync(join(directory, "ca.pem"), join(trustFolder, `${hash}.0`));
  copyFileSync(join(directory, "ca.pem"), join(trustFolder, "ca-certificates.crt"));
  return {
    key: readFileSync(join(directory, "server.key")),
    certificate: readFileSync(join(directory, "server.pem")),
    trustFolder,
  };
}
