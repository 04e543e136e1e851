// What is wrong with the page: a list of sentences, empty for a sound page.
() => {
  const faults = [...window.__calls];
  const all = (selector) => [...document.querySelectorAll(selector)];
  const say = (what, element) => faults.push(`${what}: ${element.outerHTML.slice(0, 200)}`);
  const article = document.querySelector("main.nb-main > article.nb-article");

  // Elements that a notebook's HTML may not bring.
  const ours = "script[type='application/json'], nav.nb-toc + script, button.nb-copy, .nb-math svg, .nb-math-block svg, .nb-plot-canvas *";
  const refused =
    "script, style, link, meta, base, iframe, frame, object, embed, form, button, textarea, select, template, portal," +
    "area, map, body, dialog, slot, svg, noscript, input:not([type=checkbox]:disabled)";
  for (const element of article.querySelectorAll(refused)) if (!element.matches(ours)) say("element", element);

  // Attributes that run, name or lead somewhere.
  const links = new Set(
    "href src action formaction xlink:href poster data cite background longdesc ping codebase".split(" "),
  );
  const schemes = new Set(["http:", "https:", "mailto:", "tel:"]);
  for (const element of all("*")) {
    const inside = article.contains(element);
    for (const { name, value } of element.attributes) {
      if (/^on/i.test(name)) say("event", element);
      if (inside && /^(srcdoc|name|target|http-equiv|is|slot|form)$/.test(name)) say("attribute", element);
      if (!inside || !links.has(name) || !URL.canParse(value, document.baseURI)) continue;
      if (!schemes.has(new URL(value, document.baseURI).protocol)) say("scheme", element);
    }
    if (element.shadowRoot) say("shadow root", element);
  }

  // Styles that load or cover; KaTeX, charts and the notes in the margin place their own.
  for (const element of article.querySelectorAll("[style]")) {
    if (element.closest(".nb-math, .nb-math-block, .nb-plot-canvas, .nb-margin > ol > li")) continue;
    const { position, zIndex, backgroundImage, listStyleImage, content } = getComputedStyle(element);
    const loads = [backgroundImage, listStyleImage, content].some((value) => value.includes("url("));
    if (!["static", "relative"].includes(position) || zIndex !== "auto" || loads) say("style", element);
  }
  scrollTo({ top: 0, behavior: "instant" });
  for (const x of [5, innerWidth - 40]) {
    const top = document.elementFromPoint(x, 5) ?? document.body;
    if (!top.closest("header.nb-site")) say("covers the header", top);
  }

  // The page's own parts are where they were, and its links lead to them.
  if (all("[id='nb-main']").length !== 1) faults.push("there is another nb-main");
  const ids = all("[id]").map((element) => element.id);
  for (const link of all("nav.nb-toc a")) {
    const id = decodeURIComponent(link.hash.slice(1));
    const heading = document.getElementById(id);
    if (!heading?.matches("article :is(h2, h3)") || ids.indexOf(id) !== ids.lastIndexOf(id)) say("contents", link);
  }
  const entries = all("nav.nb-toc a").map((link) => link.textContent);
  if (entries[0] !== "First" || entries.at(-1) !== "Last") faults.push("the contents lack the page's own headings");
  const last = all("article :is(h2, h3)").at(-1);
  if (!last.matches(".nb-body > .nb-cell.nb-markdown > *")) faults.push("the last cell has left its place");
  if (document.querySelectorAll("article").length !== all("body > main > article, article article").length)
    faults.push("there is another article");
  return faults;
}
