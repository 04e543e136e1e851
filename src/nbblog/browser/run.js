// Sections whose code can run: Python comes when the first of them needs it, and not before. What it gives goes through
// the gate of live.js, which is loaded with it.
let python;
const startPython = () => (python ??= new Promise((resolve, reject) => {
  document.addEventListener("nbblog:python", ({ detail }) => resolve(detail), { once: true });
  const script = document.createElement("script");
  script.src = document.head.querySelector('meta[name="nbblog:python"]')?.content ?? "";
  script.onerror = () => {
    python = undefined;
    script.remove();
    reject(new Error("Python could not be loaded; are you offline?"));
  };
  document.head.append(script);
}));
const LIMIT = 60;

// A text field for code: Tab indents, unless Escape came just before; a new line is indented like the one above.
const openEditor = (source, changed) => {
  const box = make("div", "nb-editor"), label = make("label"), area = make("textarea"), hint = make("small", "", "Tab indents; Esc, then Tab leaves. Ctrl+Enter runs.");
  hint.id = `nb-hint-${document.querySelectorAll(".nb-editor").length}`;
  area.setAttribute("aria-describedby", hint.id);
  Object.assign(area, { value: source, rows: Math.min(source.split("\n").length + 1, 24), spellcheck: false, autocapitalize: "off", wrap: "off" });
  const insert = (text) => document.execCommand("insertText", false, text) || area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
  let leaving = false;
  area.addEventListener("keydown", (event) => {
    const { key } = event;
    if (key === "Tab" && !event.shiftKey && !leaving) {
      event.preventDefault();
      insert("    ");
    } else if (key === "Enter" && !event.ctrlKey && !event.metaKey && !event.isComposing) {
      const line = area.value.slice(0, area.selectionStart).split("\n").at(-1);
      event.preventDefault();
      insert("\n" + line.match(/^ */)[0] + (/:\s*$/.test(line) ? "    " : ""));
    } else if (key === "Enter") changed(area.value, true);
    if (key !== "Shift") leaving = key === "Escape";
  });
  area.addEventListener("input", () => changed(area.value, false));
  label.append(make("span", "", "Code"), area);
  box.append(label, hint);
  return [box, area];
};

// `places` are those at which the section began.
const openRunner = (section, places) => {
  const { code, element, say } = section;
  let source = code.cell, turn = 0, running = false, again = false, hasPython = false, doubt;
  const edited = () => source !== code.cell;
  const busy = (is) => {
    if (!is && document.activeElement === stop) go.focus();
    stop.hidden = !is;
    element.toggleAttribute("data-running", is);
  };
  const describe = ({ name, message, traceback }) => {
    const box = make("div", "nb-output nb-error"), details = make("details");
    details.append(make("summary", "", "Show the traceback"), Object.assign(make("pre", "", traceback), { tabIndex: 0 }));
    box.append(make("p", "", message ? `${name}: ${message}` : name), details);
    return box;
  };
  const ask = (api, cell, which, onProgress) => api.answer({
    key: section.name, prelude: code.prelude, cell, index: code.index, packages: code.packages,
    arguments: Object.fromEntries(section.fields.map((field) => [field.name, which === "first" ? field.first : field.value()])),
  }, { onProgress, limit: LIMIT });
  // Python in this browser is another one than the author's: whether it gives the author's own first answer, once.
  const check = async (api) => {
    if (!section.answers.groups.length || doubt !== undefined) return;
    const html = pick(section.answers.find(places), 0).join("");
    doubt = "";
    const { fragment, error } = await ask(api, code.cell, "first");
    if (error || !api.isSame(fragment, html)) doubt = "Python in this browser gives another first answer than the author's did: take what follows with care.";
  };
  const run = async () => {
    if (running) return void (again = true);
    const mine = ++turn, start = performance.now(), isEdited = edited();
    running = true;
    busy(true);
    say(hasPython ? "Python is computing …" : "Python is starting …");
    let words;
    try {
      const api = await startPython();
      const { fragment, error } = await ask(api, source, "", (text) => mine === turn && say(text));
      hasPython = true;
      if (!isEdited) await check(api);
      if (mine !== turn) return;
      words = doubt || undefined;
      section.show([...(isEdited ? [make("p", "nb-origin", "From your edited code")] : []), ...(fragment?.childNodes ?? []), ...(error ? [describe(error)] : [])]);
      element.removeAttribute("data-waiting");
      section.tell("live", start);
    } catch (error) {
      words = error.name === "AbortError" ? "Stopped. The answer is still the one before." : error.message;
    } finally {
      running = false;
      busy(false);
      if (mine === turn) say(words);
      if (again) {
        again = false;
        run();
      }
    }
  };
  const go = section.action("run", run);
  const stop = section.action("stop", async () => {
    again = false;
    (await python)?.stop();
  });
  let editor, area;
  const edit = section.action("edit", () => {
    if (!editor) {
      [editor, area] = openEditor(source, (text, isDone) => {
        source = text;
        if (isDone) run();
        else say(edited() ? "Press Run to see what your code gives." : undefined);
      });
      edit.parentElement.before(editor);
      area.setSelectionRange(0, 0);
    } else editor.hidden = !editor.hidden;
    edit.setAttribute("aria-expanded", !editor.hidden);
    if (!editor.hidden) area.focus();
  });
  edit.setAttribute("aria-expanded", false);
  return {
    edited,
    // An answer that is not in the page. Before Python is there, it waits until the reader has let go of the control.
    run: (settled) => {
      if (settled || (hasPython && settled !== null)) run();
      else say(settled === null ? "Press Run to have Python compute this." : "Python will compute this.");
    },
    cancel: () => {
      turn++;
      again = false;
    },
    reset: () => {
      source = code.cell;
      if (area) area.value = source;
      say();
    },
  };
};
