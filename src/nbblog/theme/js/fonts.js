// Before the styles: the fonts come while the page is read, after everything else, so that at the first paint they are
// mostly there and no line breaks anew. Not as links in the page, which would be refused where it is opened as a file.
// The faces that can wait come once it was painted; an animation frame may be one in which nothing was there yet.
if (location.protocol !== "file:") for (const href of document.currentScript.dataset.urls.split(" ")) {
  document.head.append(Object.assign(document.createElement("link"), { rel: "preload", as: "font", crossOrigin: "", fetchPriority: "low", href }));
}
new PerformanceObserver(() => document.querySelectorAll("[data-late]").forEach((style) => (style.media = "all"))).observe({ type: "paint" });
