// Bundles the map into publish/static/kaart/, where the portal serves it: kaart.js, kaart.css and the licences of what is in them.

import { build } from "esbuild";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const folder = join(here, "..", "publish", "static", "kaart");

/** Folder of the package that a bundled file is from, e.g. `node_modules/ol`; null for our own files. */
function packageOf(input) {
  const found = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input);
  return found && found[1];
}

/** Name, version and licence text of a package, as its licence asks to be passed on with the bundle. */
function notice(place) {
  const { name, version, license } = JSON.parse(readFileSync(join(here, place, "package.json"), "utf8"));
  const file = readdirSync(join(here, place)).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file ? readFileSync(join(here, place, file), "utf8").trim() : `Licence: ${license}`;
  return `${name} ${version}\n\n${text}\n`;
}

const { metafile } = await build({
  absWorkingDir: here,
  entryPoints: { kaart: "src/kaart.js" },
  outdir: folder,
  bundle: true,
  minify: true,
  format: "esm",
  target: ["chrome109", "firefox115", "safari16"],
  legalComments: "none",
  metafile: true,
  logLevel: "warning",
});

if (!existsSync(folder)) mkdirSync(folder, { recursive: true });
const packages = [...new Set(Object.keys(metafile.inputs).map(packageOf).filter(Boolean))].sort();
writeFileSync(join(folder, "licenties.txt"), packages.map(notice).join("\n----\n\n"));
