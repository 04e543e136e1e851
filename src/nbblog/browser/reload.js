// In pages that `nbblog serve` shows: what changed of a page takes its place, and errors stand in a bar at the foot.
(() => {
  if (self.origin === "null" || self !== top) return;
  const HELD = "main, article, .nb-body";
  const HEAD = "script:not([data-nb-serve]), style, link";
  let before = null;
  let shown = document.currentScript.dataset.nbServe;
  let queue = Promise.resolve();

  async function fetchPage() {
    const answer = await fetch(location.pathname, { cache: "no-store" });
    return new DOMParser().parseFromString(await answer.text(), "text/html");
  }

  const number = (page) => page.querySelector("script[data-nb-serve]")?.dataset.nbServe;
  const headOf = (page) => [...page.querySelectorAll(HEAD)].map((part) => part.outerHTML).join();

  // Whether the children of `live`, which were those of `old`, could be made those of `now` without a script's help.
  function update(live, old, now) {
    const [a, b] = [[...old.children], [...now.children]];
    const same = (i, j) => a[i]?.outerHTML === b[j]?.outerHTML;
    if (live.children.length !== a.length) return false;
    let first = 0;
    while (first < Math.min(a.length, b.length) && same(first, first)) first++;
    let last = 0;
    const most = Math.min(a.length, b.length) - first;
    while (last < most && same(a.length - 1 - last, b.length - 1 - last)) last++;
    const gone = a.slice(first, a.length - last);
    const come = b.slice(first, b.length - last);
    if (gone.length === come.length && come.every((part, i) => part.matches(HELD) && gone[i].matches(HELD)))
      return come.every((part, i) => update(live.children[first + i], gone[i], part));
    if ([...gone, ...come].some((part) => part.matches("script, iframe") || part.querySelector("script, iframe")))
      return false;
    const parts = [...live.children].slice(first, a.length - last);
    const next = live.children[a.length - last] ?? null;
    parts.forEach((part) => part.remove());
    come.forEach((part) => live.insertBefore(document.importNode(part, true), next));
    return true;
  }

  async function renew() {
    const page = await fetchPage();
    const live = document.querySelector("main");
    const [old, now] = [before?.querySelector("main"), page.querySelector("main")];
    if (!live || !old || !now || headOf(before) !== headOf(page) || !update(live, old, now)) location.reload();
    document.title = page.title;
    [before, shown] = [page, number(page)];
  }

  function tell(errors) {
    document.querySelector("#nb-serve")?.remove();
    if (!errors.length) return;
    const bar = document.createElement("div");
    bar.id = "nb-serve";
    bar.setAttribute("role", "alert");
    bar.style.cssText =
      "position:fixed;inset:auto 0 0;z-index:2147483647;max-height:40vh;overflow:auto;padding:.75rem 1rem;" +
      "background:#7a1020;color:#fff;font:1rem/1.4 system-ui,sans-serif;overflow-wrap:anywhere";
    for (const error of errors) bar.appendChild(document.createElement("div")).textContent = error;
    document.body.append(bar);
  }

  document.addEventListener("DOMContentLoaded", () => {
    const start = async () => {
      before = await fetchPage();
      if (number(before) !== shown) location.reload();
    };
    queue = start();
    new EventSource("/-/events").onmessage = (event) => {
      const { version, errors } = JSON.parse(event.data);
      tell(errors);
      queue = queue.then(() => (String(version) === shown ? null : renew())).catch(() => null);
    };
  });
})();
