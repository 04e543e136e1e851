// Python in the page: added when a reader first asks for an answer that was not baked. It says that it is there by the
// event `nbblog:python`, whose detail has start, answer, stop and isSame. FILES are written above by nbblog/live.py.
const own = document.currentScript.src;
const address = (file) => new URL(file, own).href;
const STORE = "nbblog-python";
// Seconds for an answer; milliseconds for Python to start once its files are there, for its frame to say that it lives,
// and after an answer until Python's memory is kept.
const LIMIT = 60, START = 45000, PULSE = 8000, QUIET = 1000;

const element = (name, attributes = {}, ...content) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...content);
  return made;
};

// --- What Python answered, as the elements that the page was built with (core/sections/parts.py) ---------------------
const isShown = (url) => [...document.querySelectorAll("img, source, video, audio, track")].some((one) => [one.getAttribute("src"), one.getAttribute("poster")].includes(url));
const pass = openGate(FILES.gate, isShown);
const block = (text, label) => element("pre", { tabindex: "0", role: "group", "aria-label": label }, text);
const output = (kind, ...content) => element("div", { class: `nb-output nb-${kind}` }, ...content);
const picture = ({ mime, data }) => {
  if (!/^image\/(png|jpeg|svg\+xml)$/.test(mime)) return "";
  const url = data.includes("<") ? `data:image/svg+xml;charset=utf-8,${encodeURIComponent(data)}` : `data:${mime};base64,${data.replace(/[^\w+/=]/g, "")}`;
  return output("image", element("img", { src: url, alt: "", decoding: "async" }));
};
const printed = (text) => {
  const shown = text.trimEnd();
  return shown ? output(shown.trim().includes("\n") || text.length > 120 ? "text" : "text nb-short", block(shown, "Output")) : "";
};
const bad = new RegExp(FILES.bad, "gu");
const clean = (text) => text.replace(/\r\n?/g, "\n").replace(/\f/g, " ").replace(bad, "\ufffd");
const draws = {
  text: ({ text }) => printed(text),
  prose: ({ text }) => element("p", { class: "nb-output nb-prose" }, text.trim()),
  markdown: ({ text }) => output("markdown", ...text.split(/\n\s*\n/).map((part) => element("p", {}, part.trim()))),
  latex: ({ text }) => printed(text),
  html: ({ html }) => output("html", document.importNode(pass(html), true)),
  plot: ({ spec }) => element("div", { class: "nb-output nb-plotted", "data-plot": JSON.stringify(spec) }),
  image: picture,
};
// The program may have written anything: what is no part is left out.
const FIELDS = { text: ["text"], prose: ["text"], markdown: ["text"], latex: ["text"], html: ["html"], plot: [], image: ["mime", "data"], error: ["name", "message", "traceback"] };
const isPart = (part) => Object.hasOwn(FIELDS, part?.kind) && FIELDS[part.kind].every((field) => typeof part[field] === "string");
const render = (parts) => {
  const fragment = document.createDocumentFragment();
  fragment.append(...parts.slice(0, 1000).map((part) => draws[part.kind](part)));
  return fragment;
};

// Whether two answers show the same, whatever the classes and the drawn charts.
const summary = (nodes) => {
  const box = document.implementation.createHTMLDocument("").body;
  for (const node of nodes) box.append(node.cloneNode(true));
  for (const plot of box.querySelectorAll("[data-plot], .nb-plotted")) plot.replaceChildren();
  for (const one of box.querySelectorAll("*")) for (const { name } of [...one.attributes]) if (!["colspan", "rowspan", "href", "scope"].includes(name)) one.removeAttribute(name);
  for (const image of box.querySelectorAll("img")) image.remove();
  return box.innerHTML.replace(/\s+/g, " ");
};

// --- The snapshot of Python's memory, which makes the next visit start faster ----------------------------------------
const open = async () => caches.open(STORE);
const snapshotUrl = address(FILES.snapshot);
const readSnapshot = async () => {
  try {
    return (await (await (await open()).match(snapshotUrl))?.blob()) ?? null;
  } catch {
    return null;
  }
};
const keepSnapshot = async (snapshot) => {
  try {
    const store = await open();
    for (const { url } of await store.keys()) if (url !== snapshotUrl) await store.delete(url);
    await store.put(snapshotUrl, new Response(snapshot));
  } catch {}
};
const dropSnapshot = async () => {
  try {
    await (await open()).delete(snapshotUrl);
  } catch {}
};

// --- The frame -------------------------------------------------------------------------------------------------------
const addFrame = (file, hear, fail) => {
  const frame = element("iframe", { sandbox: "allow-scripts", src: address(file), title: "Python", "aria-hidden": "true", tabindex: "-1", referrerpolicy: "no-referrer" });
  frame.style.cssText = "position:absolute;width:0;height:0;border:0;visibility:hidden";
  // What is told to a frame before its document is there is lost.
  let heard = false, untold = [];
  const tell = (nbblog, more) => (heard ? frame.contentWindow?.postMessage({ nbblog, ...more }, "*") : untold.push([nbblog, more]));
  const listen = ({ source, data }) => {
    if (source !== frame.contentWindow || !source) return;
    heard = true;
    for (const message of untold.splice(0)) tell(...message);
    hear(data);
  };
  addEventListener("message", listen);
  // The event comes for the browser's page about a missing file too.
  frame.addEventListener("load", () => setTimeout(() => heard || fail(), 2000));
  document.body.append(frame);
  return {
    tell,
    remove: () => {
      removeEventListener("message", listen);
      frame.remove();
    },
  };
};

// One Python for the page: null until somebody asks for it, and after it has failed.
let python = null;
const begin = () => {
  let settle, timer, isLoaded = false, isReady = false, progress = { stage: "load", loaded: 0, total: FILES.bytes };
  const watchers = new Set();
  const ready = new Promise((resolve, reject) => (settle = { resolve, reject }));
  ready.catch(() => {});
  const tellAll = () => watchers.forEach((watch) => watch(progress));
  const fail = (words) => {
    clearTimeout(timer);
    frame.remove();
    if (python === self) python = null;
    const error = new Error(words);
    settle.reject(error);
    self.onFailure?.(words);
  };
  const watchStart = () => {
    clearTimeout(timer);
    timer = setTimeout(() => fail("Python did not start in this browser."), START);
  };
  // The worker is gone: the next question starts another.
  const leave = () => {
    clearTimeout(timer);
    isReady = false;
    if (isLoaded) progress = { ...progress, stage: "start" };
  };
  const hear = (data) => {
    if (!data || typeof data !== "object") return;
    if (data.nbblog === "progress" && Number.isFinite(data.loaded) && !isLoaded) {
      isLoaded = data.loaded >= FILES.bytes;
      progress = { stage: isLoaded ? "start" : "load", loaded: Math.min(data.loaded, FILES.bytes), total: FILES.bytes };
      if (isLoaded) watchStart();
      tellAll();
    }
    if (data.nbblog === "ready") {
      clearTimeout(timer);
      isReady = true;
      progress = { stage: "ready", loaded: FILES.bytes, total: FILES.bytes };
      tellAll();
      settle.resolve();
    }
    // The frame took it before any code of a reader or an author ran.
    if (data.nbblog === "snapshot" && data.snapshot instanceof Blob) keepSnapshot(data.snapshot);
    if (data.nbblog === "spoilt") dropSnapshot();
    if (data.nbblog === "failed") {
      leave();
      self.onEnd?.(typeof data.words === "string" ? data.words.slice(-2000) : "");
    }
    if (data.nbblog === "answer" && typeof data.text === "string") self.onAnswer?.(data);
    if (data.nbblog === "missing") self.rest ??= loadRest(self);
    if (data.nbblog === "alive") self.pulse = performance.now();
  };
  const self = {
    ready,
    watch: (watcher) => {
      watchers.add(watcher);
      watcher(progress);
      return () => watchers.delete(watcher);
    },
    ask: (id, request) => {
      if (isLoaded && !isReady) watchStart();
      frame.tell("ask", { id, request });
    },
    fail,
    stop: () => {
      leave();
      frame.tell("stop");
    },
    tell: (...message) => frame.tell(...message),
  };
  const frame = addFrame(FILES.frame, hear, () => fail("Python's files are not beside this page."));
  readSnapshot().then((snapshot) => self.tell("start", { snapshot }));
  return self;
};
const loadRest = (target) => {
  const done = () => frame.remove();
  const frame = addFrame(FILES.rest, (data) => {
    if (data?.nbblog !== "rest" || !Array.isArray(data.rest)) return;
    target.tell("arrive", { rest: data.rest });
    done();
  }, () => {
    done();
    target.fail("The rest of Python's library is not beside this page.");
  });
  return frame;
};

// --- What the sections call ------------------------------------------------------------------------------------------
const megabytes = (bytes) => (bytes / 1e6).toFixed(1);
const STAGES = {
  load: ({ loaded, total }) => `Python is loading: ${megabytes(loaded)} of ${megabytes(total)} MB, once …`,
  start: () => "Python is starting …",
  ready: () => "Python is computing …",
};
const watchWords = (onProgress = () => {}) => python.watch((progress) => onProgress(STAGES[progress.stage](progress), progress));
const start = (onProgress) => {
  python ??= begin();
  const unwatch = watchWords(onProgress);
  return python.ready.finally(unwatch);
};

let running = null, waiting = [], number = 0;
const aborted = () => new DOMException("Stopped", "AbortError");
const run = (job) => {
  const { onProgress, limit = LIMIT } = job.options;
  const begun = performance.now(), id = ++number;
  let timer, heart;
  running = job;
  job.end = (settle, value) => {
    clearTimeout(timer);
    clearInterval(heart);
    unwatch();
    unwatchRun();
    if (python) python.onAnswer = python.onEnd = python.onFailure = null;
    running = null;
    job[settle](value);
    if (waiting.length) run(waiting.shift());
    else setTimeout(() => running || python?.tell("keep"), QUIET);
  };
  const fail = (words) => job.end("reject", new Error(words));
  const watchRun = () => {
    const watched = python;
    timer = setTimeout(() => {
      python?.stop();
      fail(`It took longer than ${limit} seconds and was stopped.`);
    }, limit * 1000);
    watched.pulse = performance.now();
    heart = setInterval(() => {
      if (performance.now() - watched.pulse > PULSE) watched.fail("The browser ended Python, perhaps for want of memory.");
      else watched.tell("ping");
    }, 1000);
  };
  python ??= begin();
  python.onFailure = fail;
  python.onEnd = (words) => fail(`Python ended: ${words || "it did not say why"}`);
  python.onAnswer = ({ id: answered, text, ms }) => {
    if (answered !== id) return;
    let parts;
    try {
      ({ parts } = JSON.parse(text));
    } catch {}
    if (!Array.isArray(parts)) return fail("Python gave no answer.");
    parts = parts.filter(isPart).map((part) => ({ ...part, ...Object.fromEntries(FIELDS[part.kind].map((field) => [field, clean(part[field])])) }));
    const error = parts.find(({ kind }) => kind === "error");
    const fragment = render(parts.filter(({ kind }) => kind !== "error"));
    job.end("resolve", { fragment, parts, error, ms: performance.now() - begun, pythonMs: Number(ms) });
  };
  const unwatch = watchWords(onProgress);
  const unwatchRun = python.watch(({ stage }) => stage === "ready" && !timer && watchRun());
  python.ask(id, JSON.stringify(job.request));
};

// A promise of { fragment, error, parts, ms }: an `error` is what the program raised, { name, message, traceback }.
// Rejected where Python could not be asked, with words for the reader; and with an AbortError when it was stopped, or
// when the same section asked anew before its turn came. `limit` is in seconds.
const answer = ({ key, prelude = "", cell, index = null, arguments: given = {} }, options = {}) => new Promise((resolve, reject) => {
  const job = { request: { key, prelude, cell, index, arguments: given }, options, resolve, reject };
  const older = waiting.find((other) => other.request.key === key);
  waiting = waiting.filter((other) => other !== older);
  older?.reject(aborted());
  if (running) waiting.push(job);
  else run(job);
});

// Ends what runs and what waits. The next answer starts Python anew, from its memory as it was at first.
const stop = () => {
  for (const job of waiting.splice(0)) job.reject(aborted());
  if (!running) return;
  python?.stop();
  running.end("reject", aborted());
};

// Whether an answer says the same as baked HTML; charts and classes aside.
const isSame = (fragment, html) => summary(fragment.childNodes) === summary(new DOMParser().parseFromString(html, "text/html").body.childNodes);
document.dispatchEvent(new CustomEvent("nbblog:python", { detail: { start, answer, stop, isSame } }));
