// Bundles pev2, Vue and their styles into viewer.b64: a page's text, gzipped, in base64, which the program
// carries and an HTML report with plans holds. `npm run build` writes it, `npm run check` says whether
// what is checked in is what the sources make.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync, gzipSync } from "node:zlib";

const folder = dirname(fileURLToPath(import.meta.url));
const at = (...parts) => join(folder, ...parts);
const sources = ["package-lock.json", "build.mjs", "viewer.js", "viewer.css"];

// Of what the bundle is made of: it says without npm whether it is older than its sources.
export const sourcesHash = () => {
  const hash = createHash("sha256");
  for (const name of sources) hash.update(`${name}\n`).update(readFileSync(at(name)));
  return hash.digest("hex");
};
export const unpacked = () => gunzipSync(Buffer.from(readFileSync(at("viewer.b64"), "latin1"), "base64")).toString();

// The notices of everything in the bundle: its licenses ask for them in every copy.
const notices = () => {
  const lock = JSON.parse(readFileSync(at("package-lock.json"), "utf8"));
  const byText = new Map();
  for (const [path, entry] of Object.entries(lock.packages)) {
    const name = path.replace(/^.*node_modules\//, "");
    if (path === "" || /^(@?esbuild|@types|@babel|csstype|postcss|magic-string|@vue\/compiler)/.test(name)) continue;
    if (!existsSync(at(path))) continue;
    const file = readdirSync(at(path)).find((each) => /^(licen[cs]e|copying)/i.test(each));
    const text = file === undefined ? `License: ${entry.license}` : readFileSync(at(path, file), "utf8").trim();
    byText.set(text, [...(byText.get(text) ?? []), `${name} ${entry.version}`]);
  }
  return [...byText].map(([text, names]) => `${names.join(", ")}\n\n${text}\n`).join("\n---\n\n");
};

const bundle = async () => {
  const { build } = await import("esbuild");
  const made = await build({
    entryPoints: [at("viewer.js")],
    bundle: true,
    minify: true,
    format: "iife",
    target: ["chrome100", "firefox113", "safari16.4"],
    legalComments: "none",
    define: {
      "process.env.NODE_ENV": '"production"',
      __VUE_OPTIONS_API__: "true",
      __VUE_PROD_DEVTOOLS__: "false",
      __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "false",
    },
    write: false,
  });
  const script = made.outputFiles[0].text.replaceAll("</script", "<\\/script").replaceAll("<!--", "<\\!--");
  const style = ["node_modules/bootstrap/dist/css/bootstrap.min.css", "node_modules/pev2/dist/pev2.css", "viewer.css"]
    .map((name) => readFileSync(at(name), "utf8").replace(/\/\*# sourceMappingURL=.*?\*\//g, ""))
    .join("\n");
  const licenses = notices();
  if (/<\/style|-->/i.test(style) || licenses.includes("-->")) throw new Error("text would end its element");
  return { licenses, page: `<!--\n${licenses}-->\n<style>${style}</style>\n<div id="app"></div>\n<script>${script}</script>\n` };
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { licenses, page } = await bundle();
  if (process.argv.includes("--check")) {
    if (page !== unpacked() || licenses !== readFileSync(at("LICENSES.txt"), "utf8")) {
      console.error("viewer.b64 is not what its sources make: npm run build");
      process.exit(1);
    }
  } else {
    const lines = gzipSync(page, { level: 9 }).toString("base64").match(/.{1,120}/g).join("\n");
    writeFileSync(at("viewer.b64"), `${lines}\n`);
    writeFileSync(at("viewer.sha256"), `${sourcesHash()}\n`);
    writeFileSync(at("LICENSES.txt"), licenses);
    console.log(`viewer.b64: ${page.length} bytes of page, ${lines.length} packed`);
  }
}
