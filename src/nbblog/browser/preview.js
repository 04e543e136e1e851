// In a preview's frame. The document is the page without its article; the cells of the article, and whatever changes of
// the page, come from the panel around the frame, and what the reader does here is told to it. Only what differs is
// replaced, so nothing flashes, the place in the text stays, and what a reader has moved stays where it is.
{
  const say = (nbblog, content) => parent.postMessage({ nbblog, ...content }, "*");
  const root = document.documentElement;
  const parse = (html) => Object.assign(document.createElement("template"), { innerHTML: html }).content.firstElementChild;
  const parsePage = ({ top, bottom }) => new DOMParser().parseFromString(`${top}<!--nbblog:article-->${bottom}`, "text/html").body;
  const changed = new Set();

  // Files beside the page are blobs of this document.
  const urls = new Map();
  let folder = "";
  const locate = (text) => {
    if (!urls.size || !text.includes(folder)) return text;
    return text.split(`${folder}/`).reduce((before, after) => {
      const [name] = /^[\w.-]*/.exec(after);
      return urls.has(name) ? before + urls.get(name) + after.slice(name.length) : `${before}${folder}/${after}`;
    });
  };
  const keep = (files) => {
    for (const [name, blob] of Object.entries(files)) if (!urls.has(name)) urls.set(name, URL.createObjectURL(blob));
    for (const meta of document.head.querySelectorAll('meta[name^="nbblog:"]')) meta.content = locate(meta.content);
  };

  // From an element as it was to what it is now. The live one may have been given more by the page's scripts, and then
  // it is replaced as a whole; so is what a script has made of data.
  const isAlike = (live, old, fresh) =>
    old.nodeType === 1 && fresh.nodeType === 1 && !old.localName.includes("-") && live.childNodes.length === old.childNodes.length && old.cloneNode().isEqualNode(fresh.cloneNode());
  const replace = (live, fresh) => {
    const copy = document.importNode(fresh, true);
    if (live.nodeType === 1 && copy.nodeType === 1) {
      const opened = live.querySelectorAll("details");
      copy.querySelectorAll("details").forEach((details, index) => opened[index] && (details.open = opened[index].open));
    }
    live.replaceWith(copy);
    changed.add(copy);
    return copy;
  };
  const change = (live, old, fresh) => {
    if (old.isEqualNode(fresh)) return live;
    if (!isAlike(live, old, fresh)) return replace(live, fresh);
    const [lives, olds, news] = [live, old, fresh].map((node) => [...node.childNodes]);
    const least = Math.min(olds.length, news.length);
    let start = 0, end = 0;
    while (start < least && olds[start].isEqualNode(news[start])) start++;
    while (end < least - start && olds.at(-1 - end).isEqualNode(news.at(-1 - end))) end++;
    const gone = lives.slice(start, lives.length - end), come = news.slice(start, news.length - end);
    if (gone.length === come.length) gone.forEach((node, index) => change(node, olds[start + index], come[index]));
    else {
      const copies = come.map((node) => document.importNode(node, true));
      gone.forEach((node) => node.remove());
      copies.forEach((copy) => live.insertBefore(copy, lives[lives.length - end] ?? null));
      copies.forEach((copy) => changed.add(copy));
    }
    return live;
  };

  // The cells: each as it is in the page, and as the panel gave it.
  const cells = new Map();
  let sequence = [], end;
  const setCells = (given, order) => {
    for (const [id, html] of Object.entries(given)) {
      const fresh = parse(locate(html)), cell = cells.get(id);
      if (!fresh) {
        cell?.live.remove();
        cells.delete(id);
      } else if (cell) cells.set(id, { live: change(cell.live, cell.fresh, fresh), fresh });
      else {
        const live = document.importNode(fresh, true);
        cells.set(id, { live, fresh });
        changed.add(live);
      }
    }
    if (!order) return;
    sequence = order.filter((id) => id);
    const wanted = new Set(order);
    for (const [id, { live }] of cells) if (!wanted.has(id)) {
      live.remove();
      cells.delete(id);
    }
    order.reduceRight((next, id) => {
      const live = cells.get(id)?.live;
      if (live && live.nextSibling !== next) end.parentNode.insertBefore(live, next);
      return live ?? next;
    }, end);
  };

  // The page around them, as the panel gave it, and where each of its elements is in this document. Scripts are not run
  // again: a page with others is another document.
  let page;
  const places = new WeakMap();
  const pair = (live, node) => {
    places.set(node, live);
    const lives = [...live.children];
    [...node.children].forEach((child, index) => lives[index]?.localName === child.localName && pair(lives[index], child));
  };
  const isAround = (node) => [...node.querySelectorAll("*"), node].some((one) => [...one.childNodes].some(({ nodeType, data }) => nodeType === 8 && data === "nbblog:article"));
  const setAround = (old, fresh) => {
    const live = places.get(old);
    for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name)) live.removeAttribute(name);
    for (const { name, value } of [...fresh.attributes]) if (old.getAttribute(name) !== value) live.setAttribute(name, value);
    places.set(fresh, live);
    const [olds, news] = [old, fresh].map((node) => [...node.children].filter((child) => child.localName !== "script"));
    const [oldHole, newHole] = [olds, news].map((children) => children.findIndex(isAround));
    if (newHole < 0) return;
    setSiblings(live, olds.slice(0, oldHole), news.slice(0, newHole), places.get(olds[oldHole]));
    setSiblings(live, olds.slice(oldHole + 1), news.slice(newHole + 1), null);
    setAround(olds[oldHole], news[newHole]);
  };
  const setSiblings = (parent, olds, news, before) => {
    const isSame = olds.length === news.length;
    if (!isSame) olds.forEach((old) => places.get(old)?.remove());
    news.forEach((node, index) => {
      if (isSame && olds[index].isEqualNode(node)) places.set(node, places.get(olds[index]));
      else if (isSame) places.set(node, replace(places.get(olds[index]), node));
      else {
        const copy = document.importNode(node, true);
        parent.insertBefore(copy, before);
        changed.add(copy);
        places.set(node, copy);
      }
    });
  };
  const setPage = (given) => {
    const fresh = parsePage(given);
    if (page) setAround(page, fresh);
    else pair(document.body, fresh);
    page = fresh;
  };

  // Later style sheets stand behind the first; a font that is there is not declared again, as it would flash.
  const faces = new Set(), fonts = document.createElement("style"), styles = document.createElement("style");
  const FACE = /@font-face\s*\{[^}]*\}/g;
  const setStyles = (css) => {
    for (const face of css.match(FACE) ?? []) if (!faces.has(face)) {
      faces.add(face);
      fonts.append(face);
    }
    styles.textContent = css.replace(FACE, "");
    document.head.append(fonts, styles);
  };

  const show = ({ number, files, cells: given, order, styles: css, base, page: around }) => {
    keep(files);
    if (css) setStyles(css);
    if (base) setPage(base);
    if (around) setPage(around);
    setCells(given, order);
    for (const element of changed) if (element.nodeType === 1 && element.isConnected) element.dispatchEvent(new CustomEvent("nbblog:change", { bubbles: true }));
    changed.clear();
    mark();
    requestAnimationFrame(() => setTimeout(() => say("shown", { number, at: spot() })));
  };

  // The cell that is active in the notebook. All are laid out at once, as places in them are looked for.
  const look = document.createElement("style");
  look.textContent = ".nb-cell{content-visibility:visible!important}[data-nbblog-active]{box-shadow:-1rem 0 0 -.8125rem var(--nb-accent,#2563eb)}html{scroll-padding-top:1rem}";
  let active;
  const mark = () => {
    document.querySelector("[data-nbblog-active]")?.removeAttribute("data-nbblog-active");
    cells.get(active)?.live.setAttribute("data-nbblog-active", "");
  };

  // Where the reader is: the cell at the top of the window, and which part of it is above that. Told only when the
  // reader, not the panel, has moved the page.
  let moved = 0, waiting = 0;
  const spot = () => {
    for (const id of sequence) {
      const { top, bottom, height } = cells.get(id)?.live.getBoundingClientRect() ?? { bottom: 0 };
      if (bottom > 0) return { id, part: Math.max(0, -top / height) };
    }
  };
  const scrollTo = ({ id, part = 0 }) => {
    const live = cells.get(id)?.live;
    if (!live) return;
    moved = 0;
    const { top, height } = live.getBoundingClientRect();
    window.scrollBy({ top: top + part * height, behavior: "instant" });
  };
  const reveal = (id) => {
    const { top, bottom } = cells.get(id)?.live.getBoundingClientRect() ?? {};
    if (top > innerHeight - 48 || bottom < 48) scrollTo({ id, part: 0 });
  };
  for (const kind of ["wheel", "touchmove", "keydown", "pointerdown"]) addEventListener(kind, () => (moved = performance.now()), { passive: true, capture: true });
  addEventListener("scroll", () => {
    if (performance.now() - moved > 1500) return;
    moved = performance.now();
    waiting ||= requestAnimationFrame(() => {
      waiting = 0;
      const at = spot();
      if (at) say("scroll", at);
    });
  }, { passive: true });

  // A click leads to the cell. Links lead nowhere but within the article: this frame has nothing but that.
  addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    const hash = link?.getAttribute("href").startsWith("#") && link.getAttribute("href").slice(1);
    if (link && !event.defaultPrevented) event.preventDefault();
    if (hash) {
      let place = hash;
      try { place = decodeURIComponent(hash); } catch {}
      document.getElementById(place)?.scrollIntoView({ block: "start" });
      return;
    }
    if (link || event.target.closest?.("button, input, select, textarea, summary, label, video, audio")) return;
    const cell = event.target.closest?.("[data-cell]");
    if (!cell || String(getSelection())) return;
    const block = event.target.closest("p, li, h1, h2, h3, h4, h5, h6, td, th, dt, dd, figcaption, pre, figure, img") ?? cell;
    say("click", { id: cell.dataset.cell, text: (block.textContent || block.alt || "").slice(0, 400) });
  });

  const set = {
    show,
    active: ({ id, reveal: wanted }) => {
      active = id;
      mark();
      if (wanted) reveal(id);
    },
    scroll: scrollTo,
    scheme: ({ scheme }) => (root.dataset.scheme = scheme),
  };
  addEventListener("message", ({ source, data }) => {
    if (source !== parent || !Object.hasOwn(set, data?.nbblog)) return;
    if (data.folder) folder = data.folder;
    try {
      set[data.nbblog](data);
    } catch (error) {
      say("failed", { message: String(error) });
    }
  });
  addEventListener("DOMContentLoaded", () => {
    const marks = document.createTreeWalker(document.body, NodeFilter.SHOW_COMMENT);
    while (marks.nextNode() && marks.currentNode.data !== "nbblog:article");
    end = marks.currentNode;
    document.querySelector("style")?.textContent.match(FACE)?.forEach((face) => faces.add(face));
    document.head.append(look);
    say("ready");
  });
}
