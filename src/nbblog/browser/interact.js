// Runnable sections: a control moves, the answer that Python gave when the notebook ran takes its place. What is unpacked
// here is described in core/sections/packing.py; the elements and the event are public (docs/reference/sections.md).
const sections = [];
const unpack = async (text) => {
  const content = JSON.parse(text);
  if (typeof content !== "string") return content;
  const bytes = Uint8Array.from(atob(content), (sign) => sign.charCodeAt());
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"))).json();
};
// Of a baked answer the HTML (0), or the charts between it (1).
const pick = (text, place) => text.split("\x01").filter((_, index) => index % 2 === place);
const make = (name, className = "", text = "") => Object.assign(document.createElement(name), { className, textContent: text });

// The fields of one parameter. A place is the number of a stop; where there are no stops, it is the value itself.
const openField = (form, { name, stops, labels, unit }) => {
  const inputs = [...form.querySelectorAll(`[name="${name}"]`)];
  const [input] = inputs;
  const box = input.closest(".nb-control"), output = box.querySelector("output");
  const { type } = input;
  const even = type === "range" && !input.dataset.stops;
  const field = {
    name,
    stops,
    box,
    isRange: type === "range",
    place: () => {
      if (even) return Math.round((input.value - input.min) / input.step);
      if (type === "range") return +input.value;
      if (type === "radio") return inputs.findIndex((one) => one.checked);
      if (type === "checkbox") return +input.checked;
      return stops.length ? input.selectedIndex : type === "number" ? +input.value : input.value;
    },
    move: (place) => {
      if (type === "range") input.value = even ? stops[place] : place;
      else if (type === "radio") inputs[place].checked = true;
      else if (type === "checkbox") input.checked = place === 1;
      else if (stops.length) input.selectedIndex = place;
      else input.value = place;
    },
    words: (place) => `${stops.length ? labels[place] : place} ${unit}`.trim(),
    value: () => (stops.length ? stops[field.place()] : field.place()),
    // In an address a stop is its value, or its label where it has none.
    written: () => String(field.value() ?? labels[field.place()]),
    read: (text) => {
      let place = stops.findIndex((stop) => String(stop) === text);
      if (place < 0) place = labels.indexOf(text);
      if (!stops.length) field.move(text);
      else if (place >= 0) field.move(place);
      else if (field.isRange && text && isFinite(text)) field.move(stops.reduce((best, stop, index) => (Math.abs(stop - text) < Math.abs(stops[best] - text) ? index : best), 0));
    },
    show: () => {
      const text = field.words(field.place());
      output.value = text;
      if (type !== "range") return;
      input.setAttribute("aria-valuetext", text);
      input.style.setProperty("--nb-at", `${(100 * field.place()) / (stops.length - 1 || 1)}%`);
    },
  };
  const first = field.place();
  field.first = field.value();
  field.isFirst = () => field.place() === first;
  return field;
};

// The baked answers: the text for a state, given as the places of the controls that have stops.
const openAnswers = ({ groups = [], group, answers, keys }, sizes) => {
  const seen = groups.map(() => 0);
  const rows = group?.split(" ").map((number) => [+number, seen[number]++]);
  const known = keys && new Map(keys.split(" ").map((key, index) => [key, index]));
  const numbers = answers?.split(" ");
  return {
    groups,
    known,
    find: (places) => {
      const number = places.reduce((sum, place, index) => sum * BigInt(sizes[index]) + BigInt(place), 0n);
      const state = known ? known.get(`${number}`) : groups.length ? Number(number) : undefined;
      if (state === undefined) return null;
      const answer = numbers ? +numbers[state] : state;
      const [chosen, row] = rows ? rows[answer] : [0, answer];
      const [literals, columns] = groups[chosen];
      return columns.reduce((text, column, index) => {
        if (typeof column === "string") column = columns[index] = column.split(" ");
        return text + column[row] + literals[index + 1];
      }, literals[0]);
    },
  };
};

const writeCsv = (tables) => "\ufeff" + tables.map((table) => [...table.rows].map((row) => [...row.cells].map((cell) => {
  const text = cell.textContent.trim();
  const plain = /^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$/.test(text) ? text.replaceAll(",", "") : text;
  return /[",\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}).join(",")).join("\r\n")).join("\r\n\r\n");

const openSection = (element) => {
  const find = (selector) => element.querySelector(`:scope > ${selector}`);
  const form = find("form") ?? make("form"), note = find(".nb-note"), still = find(".nb-answer"), island = find("script");
  const idle = note.textContent, same = sections.filter((other) => other.element.dataset.name === element.dataset.name).length;
  const section = { element, note, name: element.dataset.name + (same ? `-${same + 1}` : ""), fields: [] };
  // HTML allows no table in an output element, so the file has none; scripts may make one.
  const box = (section.box = make("output", "nb-answer"));
  let answers, runner, width, shown, state, timer;
  box.setAttribute("aria-live", "polite");
  still.replaceWith(box);
  const first = [...still.childNodes];
  box.append(...first);

  section.say = (text = idle) => note.textContent !== text && (note.textContent = text);
  section.tell = (source, start) => element.dispatchEvent(new CustomEvent("nbblog:answer", { bubbles: true, detail: { source, ms: performance.now() - start } }));
  const draw = () => {
    for (const place of box.querySelectorAll(".nb-plotted")) place.innerHTML = drawChart((place.spec ??= JSON.parse(place.dataset.plot)), width);
  };
  const giveCharts = () => box.querySelectorAll(".nb-plotted").forEach((place, index) => (place.spec = JSON.parse(pick(shown, 1)[index])));
  // What stands in the answer: baked text, with charts as data in it, or nodes that Python made just now.
  section.show = (answer) => {
    shown = answer;
    if (answer.split) {
      box.innerHTML = pick(answer, 0).join("");
      giveCharts();
    } else box.replaceChildren(...answer);
    draw();
    if (csv) csv.hidden = !box.querySelector("table");
  };
  const asked = () => section.fields.filter(({ stops }) => stops.length);
  const places = () => asked().map((field) => field.place());
  // Charts that were drawn for another width. What came with the page is the answer otherwise.
  section.fit = () => {
    const chart = box.querySelector(".nb-chart");
    if (!answers || !chart || Math.abs(chart.width.baseVal.value - width) < 20) return;
    if (!shown && answers.groups.length && (shown = answers.find(places()))) giveCharts();
    if (shown) draw();
  };

  // The answer to what the controls say. `settled`: the reader has let go of them.
  const update = (settled = true) => {
    const start = performance.now(), wrong = form.querySelector("input:invalid");
    if (wrong) return void section.say(wrong.validationMessage);
    for (const field of section.fields) field.show();
    clearTimeout(timer);
    timer = setTimeout(write, 300);
    const before = state;
    state = `${section.fields.map((field) => field.place())}`;
    const open = section.fields.some((field) => !field.stops.length && !field.isFirst());
    const text = runner?.edited() || open ? null : answers.find(places());
    element.toggleAttribute("data-waiting", text === null);
    if (text === null) return void (runner ? runner.run(settled) : offerNearest(section, asked(), answers.known, update));
    runner?.cancel();
    if (text !== shown) section.show(text);
    section.say();
    if (state !== before) section.tell("baked", start);
  };

  // The address: a part for each parameter, none for a section that stands as its author left it.
  const part = (field) => [`${section.name}.${field.name}`, field.written()];
  const write = () => {
    const kept = [...new URLSearchParams(location.hash.slice(1))].filter(([key, value]) => value && !key.startsWith(`${section.name}.`));
    const hash = `${new URLSearchParams([...kept, ...(section.fields.every((field) => field.isFirst()) ? [] : section.fields.map(part))])}`;
    try {
      if (hash || location.hash.includes("=")) history.replaceState(history.state, "", hash ? `#${hash}` : location.href.split("#")[0]);
    } catch {}
  };
  section.read = async () => {
    const given = [...new URLSearchParams(location.hash.slice(1))].filter(([key]) => key.startsWith(`${section.name}.`));
    if (!given.length) return false;
    await section.ready();
    for (const [key, value] of given) section.fields.find((field) => part(field)[0] === key)?.read(value);
    // An address is anybody's: it looks baked answers up, and runs nothing.
    update(null);
    return true;
  };

  let unpacked;
  section.ready = () => (unpacked ??= (async () => {
    const content = await unpack(island.textContent);
    // Code that readers see stands in the page once.
    section.code = { cell: element.closest(".nb-cell")?.querySelector("pre")?.textContent, ...content.code };
    section.fields = content.controls.map((control) => openField(form, control));
    answers = section.answers = openAnswers(content, asked().map(({ stops }) => stops.length));
    if (content.code.live) runner = openRunner(section, places());
  })());

  section.action = (name, act) => {
    const button = element.querySelector(`:scope > .nb-actions > [data-action="${name}"]`);
    button?.addEventListener("click", async () => {
      await section.ready();
      act(button);
    });
    return button;
  };
  const csv = section.action("csv", () => {
    const url = URL.createObjectURL(new Blob([writeCsv([...box.querySelectorAll("table")])], { type: "text/csv" }));
    Object.assign(make("a"), { href: url, download: `${section.name}.csv` }).click();
    setTimeout(() => URL.revokeObjectURL(url), 9999);
  });
  section.action("link", async (button) => {
    const url = `${location.href.split("#")[0]}#${new URLSearchParams(section.fields.map(part))}`;
    try {
      await navigator.clipboard.writeText(url);
    } catch {
      const area = element.appendChild(make("textarea", "nb-live"));
      area.value = url;
      area.select();
      document.execCommand("copy");
      area.remove();
      button.focus();
    }
    section.say("The link to this state is copied.");
  });
  section.action("reset", () => {
    runner?.reset();
    form.reset();
    state = "";
    if (answers.groups.length) update();
    else section.show(first);
  });

  // The buttons of the runner (run.js), pressed by a script before the section came near.
  element.addEventListener("click", async ({ target }) => {
    if (answers || !/run|edit/.test(target.dataset.action)) return;
    await section.ready();
    target.click();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  const moved = async ({ type }) => {
    if (!answers) await section.ready();
    update(type === "change");
  };
  form.addEventListener("input", moved);
  form.addEventListener("change", moved);
  // The pictures of all answers, so that they are there when the network is not.
  form.addEventListener("input", async () => {
    await section.ready();
    for (const text of answers.groups.flatMap(([literals]) => literals)) for (const [, url] of text.matchAll(/<img src="([^"]+)"/g)) new Image().src = url;
  }, { once: true });
  form.reset();
  // The box keeps the height of its highest answer, so that what is below stays where it is.
  new ResizeObserver(([{ contentRect }]) => {
    if (contentRect.width === width) return void (box.style.minHeight = `${box.getBoundingClientRect().height}px`);
    width = contentRect.width;
    box.style.minHeight = "";
    requestAnimationFrame(() => {
      section.fit();
      box.style.minHeight = `${box.getBoundingClientRect().height}px`;
    });
  }).observe(box);
  return section;
};

const near = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) if (isIntersecting) {
    near.unobserve(target);
    target.section.ready().then(target.section.fit);
  }
}, { rootMargin: "800px" });
const follow = async (isNew) => {
  const read = await Promise.all(sections.map((section) => section.read()));
  if (isNew) sections[read.indexOf(true)]?.element.scrollIntoView();
};
customElements.define("nbblog-interact", class extends HTMLElement {
  connectedCallback() {
    if (typeof DecompressionStream !== "function") return void this.classList.add("nb-still");
    const section = (this.section ??= openSection(this));
    sections.push(section);
    near.observe(this);
  }
  disconnectedCallback() {
    sections.splice(sections.indexOf(this.section), 1);
  }
});
follow(performance.getEntriesByType("navigation")[0]?.type === "navigate");
addEventListener("hashchange", () => follow(true));
