// What editors make of the schemas that `gramsetu schema` writes: the YAML language server of VS Code, Neovim, Helix and
// others, and Taplo, which is Even Better TOML. ./test calls it with the folder of the schemas in SCHEMAS.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Editor } from "./editor.mjs";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const schemas = resolve(process.env.SCHEMAS ?? join(root, "target/editors"));
const workspace = mkdtempSync(join(tmpdir(), "gramsetu-editors-"));
const schema = (kind) => pathToFileURL(join(schemas, `${kind}.json`)).href;
const KINDS = ["any", "menu", "translation", "bridge", "system", "system-translation", "department", "sandbox", "messages", "gateway"];

let editor;
before(async () => {
  editor = await Editor.start(workspace, Object.fromEntries(KINDS.map((kind) => [schema(kind), `${kind}/**/*.yaml`])));
});
after(() => {
  editor.stop();
  rmSync(workspace, { recursive: true });
});

// A file that only the editor has, under the schema of a kind.
let files = 0;
function address(kind) {
  files += 1;
  return pathToFileURL(join(workspace, kind, `${files}.yaml`)).href;
}

function kindOf(path, text) {
  if (path.startsWith("gateways/")) return "gateway";
  if (path.startsWith("messages/")) return "messages";
  if (path.startsWith("departments/")) return path.endsWith(".sandbox.yaml") ? "sandbox" : "department";
  if (path === "bridge.yaml") return "bridge";
  if (path.startsWith("system.")) return path === "system.yaml" ? "system" : "system-translation";
  return /^language:/m.test(text) ? "translation" : "menu";
}

test("nothing is underlined in what is shipped and shown", async () => {
  const folders = { menus: "", "docs/examples/camps": "", "src/gateway/profiles": "gateways/" };
  const opened = [];
  for (const [folder, before] of Object.entries(folders)) {
    for (const path of readdirSync(join(root, folder), { recursive: true }).filter((path) => path.endsWith(".yaml"))) {
      const text = readFileSync(join(root, folder, path), "utf8");
      for (const kind of ["any", kindOf(before + path, text)]) {
        opened.push(editor.open(address(kind), text).then((found) => found.map((each) => `${path}, ${kind}: ${each}`)));
      }
    }
  }
  assert.ok(opened.length > 100, `${opened.length} are too few to be all`);
  assert.deepEqual((await Promise.all(opened)).flat(), []);
});

const MENU = `menu: camps
title: Health camps
screens:
  block:
    choose: Where do you live?
    options:
      chinhat: {label: Chinhat, go: home}
`;
const WRONG = [
  // What is written instead of what, and what is underlined then.
  ["title:", "titel:", "2: Property titel is not allowed."],
  ["choose:", "chose:", "4: a screen has one of `choose`, `ask`,", "5: a screen has no such key"],
  ["label: Chinhat, ", "", '7: Missing property "label".'],
  ["    options", "    end: Bye\n    options", "6: Property end is not allowed."],
  ["choose: Where do you live?", "choose: {at: Where}", "5: write one text here"],
  ["chinhat:", "Chinhat:", "7: names begin with a small letter"],
  ["camps", "the camps", "1: menus are named by small letters"],
  ["screens:", "screens:\n  where: {ask: Where, accept: {digit: 4}, into: x, next: block}", "4: `accept` has one of `digits`,", "4: `accept` has no such key"],
  ["screens:", "screens:\n  where: {ask: Where, accept: date, into: x, next: block, secret: maybe}", "4: write `yes` or `no`"],
  ["screens:", "screens:\n  where: {ask: Where, accept: date, into: x}", '4: Missing property "next".'],
  ["screens:", "screens:\n  where: Where", "4: a screen is a map of keys and values"],
];
for (const kind of ["menu", "any"]) {
  test(`what is wrong is said where it stands, by the schema \`${kind}\``, async () => {
    await Promise.all(WRONG.map(async ([right, wrong, ...expected]) => {
      const found = await editor.open(address(kind), MENU.replace(right, wrong));
      const missed = expected.filter((begin) => !found.some((each) => each.startsWith(begin)));
      assert.deepEqual([missed, found.length], [[], expected.length], `${wrong}: ${found.join(" | ")}`);
    }));
  });

  test(`a screen is completed, by the schema \`${kind}\``, async () => {
    const offered = async (text) => {
      const uri = address(kind);
      const lines = (MENU + text).split("\n");
      await editor.open(uri, MENU + text);
      return editor.completions(uri, lines.length, lines.at(-1).length);
    };
    const empty = await offered("  day:\n    ");
    for (const verb of ["choose", "ask", "show", "end", "call", "branch", "set", "run"]) {
      assert.ok(empty[verb]?.startsWith(`${verb}:`), `${verb}: ${JSON.stringify(empty)}`);
    }
    const asks = await offered("  day:\n    ask: When?\n    ");
    assert.ok(asks.accept === "accept: " && "into" in asks && !("options" in asks), JSON.stringify(asks));
    const accepts = await offered("  day:\n    ask: When?\n    accept: ");
    assert.ok("date" in accepts && accepts["digits: …"]?.trim() === "digits:", JSON.stringify(accepts));
  });

  test(`a verb is explained, by the schema \`${kind}\``, async () => {
    const uri = address(kind);
    await editor.open(uri, MENU);
    assert.match(await editor.hover(uri, 5, 6), /a screen\s+Asks for one of some options, or a row of a list\./);
    assert.match(await editor.hover(uri, 7, 17), /an option\s+What the phone shows behind the number\./);
  });
}

test("an empty file is begun", async () => {
  const begins = { any: ["menu", "languages", "department"], menu: ["menu"], bridge: ["languages", "ussd"], gateway: ["gateway"] };
  for (const [kind, keys] of Object.entries(begins)) {
    const uri = address(kind);
    await editor.open(uri, "");
    const offered = await editor.completions(uri, 1, 0);
    assert.deepEqual(keys.filter((key) => !offered[key]?.startsWith(`${key}:`)), [], `${kind}: ${JSON.stringify(offered)}`);
  }
});

test("settings that are shown pass, and others are underlined", () => {
  const taplo = createRequire(import.meta.url).resolve("@taplo/cli/dist/cli.js");
  const lint = (texts) => {
    // By their names alone: of a whole path, Taplo reads every folder from the top.
    const names = texts.map((text, at) => [`${texts.length}-${at}.toml`, text]);
    names.forEach(([name, text]) => writeFileSync(join(workspace, name), text));
    const arguments_ = [taplo, "lint", "--schema", schema("settings"), ...names.map(([name]) => name)];
    const { status, stderr } = spawnSync(process.execPath, arguments_, { encoding: "utf8", cwd: workspace });
    return { status, stderr, passed: names.filter(([name]) => !stderr.includes(`${name}:`)).map(([, text]) => text) };
  };
  const shown = readFileSync(join(root, "docs/operations.md"), "utf8").split("```toml\n")[1].split("```")[0];
  const right = lint([shown, readFileSync(join(root, "src/settings/defaults.toml"), "utf8")]);
  assert.equal(right.status, 0, right.stderr);
  const wrong = lint(['lisen = "a"', "listen = 8080", 'log = "xml"', '[limits]\ndrain = "20"', "[limits]\nqueue = -1"]);
  assert.deepEqual(wrong.passed, [], wrong.stderr);
});
