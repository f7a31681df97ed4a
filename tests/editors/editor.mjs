// An editor as its YAML language server sees it: it opens files and asks what to underline, to complete and to explain.
// The protocol is that of microsoft.github.io/language-server-protocol, over standard input and output.

import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const server = createRequire(import.meta.url).resolve("yaml-language-server/bin/yaml-language-server");

export class Editor {
  #process = spawn(process.execPath, [server, "--stdio"], { stdio: ["pipe", "pipe", "inherit"] });
  #received = Buffer.alloc(0);
  #questions = new Map(); // by id, what to do with the answer
  #opened = new Map(); // by address, what to do with the first diagnostics
  #asked = 0;
  #settings;

  // `schemas` maps addresses of schemas to patterns of paths, as the setting `yaml.schemas` of VS Code does.
  static async start(folder, schemas) {
    const editor = new Editor();
    editor.#settings = { yaml: { yamlVersion: "1.2", schemas, schemaStore: { enable: false } } };
    editor.#process.stdout.on("data", (bytes) => editor.#receive(bytes));
    const uri = pathToFileURL(folder).href;
    await editor.#ask("initialize", {
      processId: process.pid,
      rootUri: uri,
      workspaceFolders: [{ uri, name: "menus" }],
      capabilities: {
        workspace: { configuration: true, workspaceFolders: true },
        textDocument: { completion: { completionItem: { snippetSupport: true } }, hover: { contentFormat: ["markdown"] } },
      },
    });
    editor.#send({ method: "initialized", params: {} });
    return editor;
  }

  // What is underlined, as `line: message`.
  open(uri, text) {
    const underlined = new Promise((resolve) => this.#opened.set(uri, resolve));
    this.#send({ method: "textDocument/didOpen", params: { textDocument: { uri, languageId: "yaml", version: 1, text } } });
    return underlined.then((all) => all.map((one) => `${one.range.start.line + 1}: ${one.message}`));
  }

  // What is offered behind the end of a line, by label, with the text that is put in.
  async completions(uri, line, character) {
    const found = await this.#ask("textDocument/completion", { textDocument: { uri }, position: { line: line - 1, character } });
    return Object.fromEntries(found.items.map((item) => [item.label, item.insertText]));
  }

  async hover(uri, line, character) {
    const found = await this.#ask("textDocument/hover", { textDocument: { uri }, position: { line: line - 1, character } });
    return found?.contents.value ?? "";
  }

  stop() {
    this.#process.kill();
  }

  #ask(method, params) {
    this.#asked += 1;
    const id = this.#asked;
    this.#send({ id, method, params });
    return new Promise((resolve, reject) => this.#questions.set(id, { resolve, reject }));
  }

  #send(message) {
    const body = Buffer.from(JSON.stringify({ jsonrpc: "2.0", ...message }));
    this.#process.stdin.write(`Content-Length: ${body.length}\r\n\r\n`);
    this.#process.stdin.write(body);
  }

  #receive(bytes) {
    this.#received = Buffer.concat([this.#received, bytes]);
    for (;;) {
      const start = this.#received.indexOf("\r\n\r\n") + 4;
      if (start < 4) return;
      const length = Number(/Content-Length: (\d+)/i.exec(this.#received.subarray(0, start))[1]);
      if (this.#received.length < start + length) return;
      const message = JSON.parse(this.#received.subarray(start, start + length));
      this.#received = this.#received.subarray(start + length);
      this.#take(message);
    }
  }

  #take({ id, method, params, result, error }) {
    if (method === "textDocument/publishDiagnostics") {
      this.#opened.get(params.uri)?.(params.diagnostics);
      this.#opened.delete(params.uri);
    } else if (method && id !== undefined) {
      const settings = () => params.items.map((item) => this.#settings[item.section] ?? {});
      this.#send({ id, result: method === "workspace/configuration" ? settings() : null });
    } else if (id !== undefined) {
      const question = this.#questions.get(id);
      this.#questions.delete(id);
      if (error) question.reject(new Error(error.message));
      else question.resolve(result);
    }
  }
}
