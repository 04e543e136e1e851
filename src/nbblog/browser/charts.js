// A library is loaded once, when the first element of its kind nears the viewport.
const loads = {};
const load = (name) => (loads[name] ??= new Promise((resolve, reject) => {
  const script = document.createElement("script");
  script.src = document.head.querySelector(`meta[name="nbblog:${name}"]`).content;
  script.onload = resolve;
  script.onerror = reject;
  document.head.append(script);
}));
const open = async (element) => {
  const kind = element.localName.slice(7);
  const island = element.querySelector(":scope > script");
  const text = island ? island.textContent : JSON.stringify(element.textContent);
  const place = document.createElement("div");
  place.className = "nb-plot-canvas";
  try {
    await load(kind);
    const draw = async () => draws[kind](place, element, JSON.parse(text));
    element.prepend(place);
    await draw();
    const before = element.offsetHeight;
    element.dataset.drawn = "";
    const spare = before - element.offsetHeight;
    if (spare > 0 && spare < 120) element.style.minHeight = `${before}px`;
    const redraw = () => draw().catch(console.warn);
    system.addEventListener("change", redraw);
    new MutationObserver(redraw).observe(root, { attributeFilter: ["data-scheme"] });
  } catch (error) {
    console.warn(error);
    place.remove();
  }
};
const near = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (isIntersecting) {
      near.unobserve(target);
      open(target);
    }
  }
}, { rootMargin: "800px" });
const watch = (within) => {
  const kinds = "nbblog-plotly, nbblog-vega, nbblog-mermaid";
  if (within.matches?.(kinds)) near.observe(within);
  within.querySelectorAll(kinds).forEach((element) => near.observe(element));
};
watch(document);
document.addEventListener("nbblog:change", ({ target }) => watch(target));
