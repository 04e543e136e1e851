// In the worker, behind Pyodide's own script (build_backend/nbblog_pyodide.py): Python, without a network. What it is
// given comes by messages from the frame, what it answers goes there.
(() => {
const say = (nbblog, more, transfer) => postMessage({ nbblog, ...more }, transfer ?? []);
const unzip = (stream) => stream.pipeThrough(new DecompressionStream("gzip"));
const decode = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt());
const whole = async (stream) => new Uint8Array(await new Response(stream).arrayBuffer());
const HEAP = 30 * 2 ** 20;
const SHARED = "/lib/nbblog", REST = "/lib/nbblog-rest.zip";
let library, files, sections, waiting, arrive;
// The frame compiles the code meanwhile.
const module = new Promise((resolve) => (arrive = resolve));

// What Pyodide asks for by an address.
const { loadPyodide, createPyodideModule } = startPyodide(async (url) => new Response(`${url}`.endsWith(".zip") ? unzip(library.stream()) : ""));

const load = async ({ snapshot, settings }) => {
  const native = WebAssembly.instantiateStreaming;
  WebAssembly.instantiateStreaming = async (_, imports) => ({ module: await module, instance: await WebAssembly.instantiate(await module, imports) });
  try {
    return await loadPyodide({
      indexURL: "https://python.invalid/",
      createPyodideModule,
      lockFileContents: { info: settings.lock, packages: {} },
      packageBaseUrl: "https://python.invalid/",
      stdin: () => null,
      stdout: () => {},
      stderr: () => {},
      _makeSnapshot: !snapshot,
      _loadSnapshot: snapshot,
      fsInit: async (files) => {
        for (const [path, text] of Object.entries(settings.shared)) {
          files.mkdirTree(`${SHARED}/${path}`.replace(/\/[^/]*$/, ""));
          files.writeFile(`${SHARED}/${path}`, path.endsWith("c") ? decode(text) : text);
        }
      },
    });
  } finally {
    WebAssembly.instantiateStreaming = native;
  }
};

const SET_UP = (rest) => `
import sys
sys.dont_write_bytecode = True
sys.path.append("${SHARED}")
from nbblog_core.tables import tidy_tables
from nbblog_shared import sections, stand_in
missing = sections.MissingModules(${JSON.stringify(rest)})
sys.meta_path.append(missing)
sections.programs = sections.Programs(missing, tidy_tables)
stand_in.install()
`;

const start = async (given) => {
  library = given.library;
  const python = await load(given);
  if (!given.snapshot) {
    python.runPython(SET_UP(given.settings.rest), { globals: python.toPy({}) });
    // A memory that had to grow is more than a new Python has.
    const snapshot = python._module.HEAP8.length > HEAP ? null : python.makeMemorySnapshot().buffer;
    if (snapshot) say("snapshot", { snapshot }, [snapshot]);
  }
  sections = python.pyimport("nbblog_shared.sections");
  if (given.snapshot) sections.wake();
  files = python.FS;
  say("ready");
};

const ask = async ({ id, request }) => {
  const begin = performance.now();
  const text = sections.programs.answer(request);
  waiting = text.startsWith('{"missing":[]') ? null : { id, request };
  if (waiting) say("missing", { id });
  else say("answer", { id, text, ms: performance.now() - begin });
};

const extend = async ({ rest }) => {
  files.writeFile(REST, await whole(unzip(rest.stream())));
  sections.programs.missing.arrive(REST);
  if (waiting) await ask(waiting);
};

const acts = { start, arrive: (data) => arrive(data.module), ask, extend };
addEventListener("message", async ({ data }) => {
  try {
    await acts[data.nbblog](data);
  } catch (error) {
    say("failed", { words: `${error?.message ?? error}`.slice(-2000) });
  }
});
})();
