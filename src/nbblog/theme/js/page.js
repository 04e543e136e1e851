// Everything is found from elements and classes of the theme, never by an id or a global name: a notebook's own HTML
// may hold either. The words come from the script's element, so that this text (and its hash) is always the same. Where
// a page changes later, as in a preview, an element with new content sends the event "nbblog:change".
{
  const words = document.currentScript.dataset;
  const root = document.documentElement;
  const all = (selector, within = document) => [...(within.matches?.(selector) ? [within] : []), ...within.querySelectorAll(selector)];
  const arrange = (act) => {
    act(document);
    document.addEventListener("nbblog:change", ({ target }) => act(target));
  };
  const make = (name, className, text = "") => Object.assign(document.createElement(name), { className, textContent: text });

  // The colour scheme: what the system says until the button is pressed; pressed back to that, it is forgotten.
  const dark = matchMedia("(prefers-color-scheme: dark)");
  for (const button of all("button.nb-scheme")) {
    const show = () => button.setAttribute("aria-pressed", root.dataset.scheme ? root.dataset.scheme === "dark" : dark.matches);
    button.hidden = false;
    show();
    dark.addEventListener("change", show);
    button.addEventListener("click", () => {
      const next = button.getAttribute("aria-pressed") === "true" ? "light" : "dark";
      const own = next !== (dark.matches ? "dark" : "light");
      if (own) root.dataset.scheme = next;
      else delete root.dataset.scheme;
      show();
      try {
        if (own) localStorage.setItem("nb-scheme", next);
        else localStorage.removeItem("nb-scheme");
      } catch {}
    });
  }

  // Copying code: without prompts and what they answered.
  const live = make("span", "nb-live");
  live.setAttribute("role", "status");
  arrange((within) => all(".nb-code-head", within).filter((head) => head.parentElement.querySelector("pre")).forEach((head) => {
    if (!live.isConnected) head.closest(".nb-body, main").append(live);
    const button = make("button", "nb-copy", words.copy);
    button.type = "button";
    button.addEventListener("click", async () => {
      const code = head.parentElement.querySelector("pre").cloneNode(true);
      if (code.querySelector(".gp")) code.innerHTML = code.innerHTML.split("\n").filter((line) => line.includes('class="gp"')).join("\n");
      all(".gp, .linenos", code).forEach((piece) => piece.remove());
      try {
        await navigator.clipboard.writeText(code.textContent);
      } catch {
        const area = document.body.appendChild(make("textarea", "nb-live"));
        area.value = code.textContent;
        area.select();
        document.execCommand("copy");
        area.remove();
        button.focus();
      }
      button.textContent = live.textContent = words.copied;
      setTimeout(() => { button.textContent = words.copy; live.textContent = ""; }, 2000);
    });
    head.append(button);
  }));

  // The place in the contents: the last heading above 30 % of the window, or the last of all at the end of the page.
  if (document.querySelector("nav.nb-toc")) {
    let current, waiting;
    const mark = () => {
      waiting = 0;
      const rail = document.querySelector("nav.nb-toc");
      const links = all("a[href^='#']", rail);
      const headings = links.map((link) => document.getElementById(decodeURIComponent(link.hash.slice(1))));
      const atEnd = scrollY > 0 && scrollY + innerHeight >= root.scrollHeight - 2;
      const last = headings.findLastIndex((heading) => heading && (atEnd || heading.getBoundingClientRect().top < innerHeight * 0.3));
      if (links[last] === current) return;
      current?.removeAttribute("aria-current");
      current = links[last];
      if (!current) return;
      current.setAttribute("aria-current", "location");
      const { top, bottom } = current.getBoundingClientRect();
      const box = rail.getBoundingClientRect();
      rail.scrollTop += Math.min(0, top - box.top - 60) + Math.max(0, bottom - box.bottom + 60);
    };
    const later = () => (waiting ||= requestAnimationFrame(mark));
    addEventListener("scroll", later, { passive: true });
    addEventListener("resize", later);
  }

  // What is below the first screen is laid out when that is painted, a few cells at a time (css/article.css). More at
  // once of hundreds, where each step costs more, and all for an address that may lead to a place in the page. The page
  // counts as loaded when that is done: until then a frame without content holds it back, where it can (a page that is
  // itself without an origin cannot reach into it). The first three cells wait for nothing, so the first step, which is
  // before the first paint, finds nothing to do.
  const cells = all(".nb-cell"), hold = make("iframe");
  const lay = () => {
    for (const { style } of cells.splice(0, location.hash ? 1e9 : 2 + (cells.length / 64) ** 4)) style.contentVisibility = "visible";
    if (cells.length) requestIdleCallback(lay);
    else hold.remove();
  };
  if (cells[3] && self.requestIdleCallback) {
    hold.hidden = true;
    document.body.append(hold);
    hold.contentDocument?.open();
    lay();
  }

  // A picture that does not come says so in its own box.
  arrange((within) => all(".nb-figure img", within).forEach((image) => {
    const fail = () => {
      const box = image.closest("figure.nb-figure > a");
      if (!box) return;
      box.dataset.label = image.alt || words.broken;
      box.parentElement.classList.add("nb-broken");
    };
    if (image.complete && !image.naturalWidth && image.currentSrc) fail();
    else image.addEventListener("error", fail);
  }));

  // On paper nothing stays folded (browsers without ::details-content).
  addEventListener("beforeprint", () => all("article details:not([open])").forEach((details) => {
    details.open = true;
    addEventListener("afterprint", () => (details.open = false), { once: true });
  }));
}
