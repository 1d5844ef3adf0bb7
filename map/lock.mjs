// Takes the addresses for sponsors out of the lock: a lock names no host.
import { readFileSync, writeFileSync } from "node:fs";

const lock = JSON.parse(readFileSync("package-lock.json", "utf-8"), (name, value) => (name === "funding" ? undefined : value));
writeFileSync("package-lock.json", `${JSON.stringify(lock, null, 2)}\n`);
