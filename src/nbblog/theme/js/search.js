// The page of results. Pagefind's own script and the pieces of its index are fetched when the reader begins to search.
// What it finds becomes text and marks, never HTML.
for (const form of document.querySelectorAll("form.nb-search")) {
  const { index, none, one, many, failed } = form.dataset;
  const [input] = form.querySelectorAll("input");
  const [status] = form.querySelectorAll("[role=status]");
  const list = form.parentElement.querySelector(".nb-results");
  const more = form.parentElement.querySelector(".nb-more");
  const page = 10;
  let engine, asked = 0, waiting;

  const load = () => engine ??= (async () => {
    const found = await import(new URL(index, document.baseURI).href);
    await found.options({ baseUrl: new URL("..", new URL(index, document.baseURI)).pathname });
    return found;
  })();

  const excerpt = (html) => {
    const nodes = new DOMParser().parseFromString(html, "text/html").body.childNodes;
    return [...nodes].map((node) => {
      if (node.nodeName !== "MARK") return node.textContent;
      return Object.assign(document.createElement("mark"), { textContent: node.textContent });
    });
  };

  const item = ({ url, meta, excerpt: html }) => {
    const link = Object.assign(document.createElement("a"), { href: url, textContent: meta.title || url });
    const heading = document.createElement("h2");
    const text = document.createElement("p");
    const entry = document.createElement("li");
    heading.append(link);
    text.append(...excerpt(html));
    entry.append(heading, text);
    return entry;
  };

  const show = async (results, from, turn) => {
    const shown = await Promise.all(results.slice(from, from + page).map((result) => result.data()));
    if (turn !== asked) return;
    list.append(...shown.map(item));
    more.hidden = from + page >= results.length;
    more.onclick = () => show(results, from + page, turn).then(() => list.children[from + page]?.querySelector("a").focus());
  };

  const search = async () => {
    const turn = ++asked;
    const words = input.value.trim();
    const address = new URL(location.href);
    if (words) address.searchParams.set("q", words);
    else address.searchParams.delete("q");
    try {
      history.replaceState(null, "", address);
    } catch {}
    try {
      const results = words ? (await (await load()).search(words)).results : [];
      if (turn !== asked) return;
      list.replaceChildren();
      more.hidden = true;
      status.textContent = !words ? "" : results.length === 0 ? none.replace("{}", words) : results.length === 1 ? one : many.replace("{}", results.length);
      await show(results, 0, turn);
    } catch {
      engine = undefined;
      if (turn === asked) status.textContent = failed;
    }
  };

  input.addEventListener("focus", () => load().catch(() => { engine = undefined; }), { once: true });
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(search, 120);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(waiting);
    search();
  });
  input.value = new URL(location.href).searchParams.get("q") ?? "";
  if (input.value) search();
}
