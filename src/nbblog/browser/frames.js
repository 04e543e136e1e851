// Frames: made when they near the viewport, given their document, and made as high as they say they are.
(() => {
  const near = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (isIntersecting) {
        near.unobserve(target);
        open(target);
      }
    }
  }, { rootMargin: "800px" });
  const open = (element) => {
    const { library, src } = element.dataset;
    const url = src || document.head.querySelector(`meta[name="nbblog:${library}"]`)?.content;
    if (!url) return;
    const island = element.querySelector(":scope > script");
    const frame = document.createElement("iframe");
    frame.className = "nb-frame";
    frame.title = element.getAttribute("aria-label");
    frame.setAttribute("sandbox", "allow-scripts");
    frame.style.cssText = "position:absolute;height:0;min-height:0;visibility:hidden";
    const show = () => {
      const before = element.offsetHeight;
      element.dataset.drawn = frame.style.position = "";
      const spare = before - element.offsetHeight;
      if (spare > 0 && spare < 120) element.style.minHeight = `${before}px`;
      frame.style.visibility = "";
    };
    addEventListener("message", ({ source, data }) => {
      if (source !== frame.contentWindow || !data) return;
      if (data.nbblog === "ready" && island) source.postMessage({ nbblog: "draw", document: JSON.parse(island.textContent) }, "*");
      if (data.nbblog === "height" && Number.isFinite(data.height)) {
        frame.style.height = `${Math.min(Math.max(data.height, 24), 8000)}px`;
        if (src) show();
      }
      if (data.nbblog === "drawn") show();
      if (data.nbblog === "failed") frame.remove();
    });
    frame.src = url;
    element.append(frame);
  };
  const watch = (within) => {
    if (within.matches?.("nbblog-frame")) near.observe(within);
    within.querySelectorAll("nbblog-frame").forEach((element) => near.observe(element));
  };
  watch(document);
  document.addEventListener("nbblog:change", ({ target }) => watch(target));
})();
