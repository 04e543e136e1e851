// In a frame without an origin: Python's files, which stand in it in pieces, and the worker that runs them. The page
// gives orders; what the worker says is passed on. SETTINGS are written above by nbblog/live.py. A second frame has the
// rest of the library, and only hands it over.
//
// The worker has most to do, so the code is unpacked and compiled here, as it arrives, and Python's memory is read here.
const isFramed = self.origin === "null";
const say = (nbblog, more) => parent.postMessage({ nbblog, ...more }, "*");
const pieces = { js: [], library: [], rest: [] };
const complete = {};
let worker = null, state = "none", isTold = false, snapshot = null, memory = null, script = null, rest = null, queue = [], taken = 0, isNew = false, timer;

const decode = (text) => (Uint8Array.fromBase64 ? Uint8Array.fromBase64(text) : Uint8Array.from(atob(text), (sign) => sign.charCodeAt()));
const unzip = (stream) => stream.pipeThrough(new DecompressionStream("gzip"));
const unzipped = (parts) => new Response(unzip(new Blob(parts).stream())).blob();

const code = new TransformStream(), coming = code.writable.getWriter();
const module = isFramed && SETTINGS.worker ? WebAssembly.compileStreaming(new Response(unzip(code.readable), { headers: { "content-type": "application/wasm" } })) : null;
module?.catch((error) => fail(error.message));

// A piece of a file, from the element before the script that calls this.
function take(island) {
  if (!isFramed) return;
  const { part, last } = island.dataset;
  const piece = decode(island.textContent);
  island.remove();
  if (part === "code") coming.write(piece).catch(() => {});
  else pieces[part].push(piece);
  if (last !== undefined) complete[part] = true;
  taken += piece.length;
  say("progress", { loaded: taken, total: SETTINGS.bytes });
  if (last === undefined) return;
  if (part === "rest") say("rest", { rest: pieces.rest });
  else if (part === "js") open();
  else if (part === "code") coming.close().catch(() => {});
  else start();
}

// The worker comes as soon as its script is there, and reads it while the rest arrives.
const open = async () => {
  if (state !== "none" || !complete.js) return;
  state = "opening";
  // Pyodide asks whether it is in a worker of modules by this function.
  const begin = "self.importScripts = undefined;\n";
  script ??= URL.createObjectURL(new Blob([begin, await unzipped(pieces.js), SETTINGS.worker], { type: "text/javascript" }));
  if (state !== "opening") return;
  worker = new Worker(script);
  worker.onmessage = ({ data, target }) => target === worker && heard[data?.nbblog]?.(data);
  worker.onerror = (event) => {
    event.preventDefault();
    fail(event.message || "its worker stopped");
  };
  start();
};
const start = async () => {
  if (!worker || state !== "opening" || !isTold || !complete.library) return;
  state = "starting";
  if (snapshot) timer = setTimeout(spoilt, 10000);
  const mine = worker, { lock, shared, rest } = SETTINGS;
  try {
    const kept = await (memory ?? (snapshot instanceof Blob ? snapshot.arrayBuffer() : snapshot?.slice()));
    memory = null;
    const order = { nbblog: "start", library: new Blob(pieces.library), snapshot: kept, settings: { lock, shared, rest } };
    mine.postMessage(order, kept ? [kept] : []);
    mine.postMessage({ nbblog: "arrive", module: await module });
  } catch (error) {
    if (mine === worker) fail(error.message);
  }
};

// Python's memory without the zeros at its end.
const trim = (memory) => {
  const words = new BigUint64Array(memory, 0, memory.byteLength >> 3);
  let end = words.length;
  while (end && !words[end - 1]) end--;
  return memory.slice(0, end * 8 + 8);
};

const stop = () => {
  clearTimeout(timer);
  worker?.terminate();
  worker = null;
  state = "none";
  queue = [];
};
const fail = (words) => {
  if (snapshot && state === "starting") return spoilt();
  stop();
  say("failed", { words: `${words}`.slice(0, 2000) });
};
// A snapshot from which Python does not start: without it, then.
const spoilt = () => {
  const kept = queue;
  stop();
  queue = kept;
  snapshot = memory = null;
  say("spoilt");
  open();
};

// From the worker. Before it is ready no code of a reader or an author has run in it; what it says later may be theirs.
const heard = {
  snapshot: (data) => {
    if (state !== "starting" || !(data.snapshot instanceof ArrayBuffer)) return;
    snapshot = data.snapshot;
    isNew = true;
  },
  ready: () => {
    if (state !== "starting") return;
    clearTimeout(timer);
    state = "ready";
    say("ready");
    for (const order of queue.splice(0)) worker.postMessage(order);
  },
  answer: ({ id, text, ms }) => say("answer", { id, text, ms }),
  missing: () => (rest ? worker.postMessage({ nbblog: "extend", rest }) : say("missing")),
  failed: ({ words }) => fail(words),
};

// From the page.
const told = {
  start: (data) => {
    isTold = true;
    if (!snapshot && data.snapshot instanceof Blob) {
      snapshot = data.snapshot;
      memory = snapshot.arrayBuffer();
      memory.catch(() => {});
    }
    start();
  },
  ask: ({ id, request }) => {
    const order = { nbblog: "ask", id, request };
    if (state === "ready") return worker.postMessage(order);
    queue.push(order);
    open();
  },
  arrive: (data) => {
    rest = new Blob(data.rest);
    worker?.postMessage({ nbblog: "extend", rest });
  },
  stop: () => {
    stop();
    say("stopped");
  },
  // Once a question has been answered: the memory, for the next visit.
  keep: () => {
    if (!isNew) return;
    isNew = false;
    snapshot = new Blob([trim(snapshot)]);
    say("snapshot", { snapshot });
  },
  ping: () => say("alive"),
};
if (isFramed) {
  addEventListener("message", ({ source, data }) => source === parent && told[data?.nbblog]?.(data));
  say("hello");
}
