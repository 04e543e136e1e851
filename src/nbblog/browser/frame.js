// In a frame file: take a document from the page, draw it, and say how high it is.
const frame = (draw) => {
  if (self.origin !== "null") return;
  const say = (nbblog, height) => parent.postMessage({ nbblog, height }, "*");
  const size = () => say("height", Math.ceil(document.documentElement.getBoundingClientRect().height));
  addEventListener("load", () => say("ready"), { once: true });
  addEventListener("message", async ({ source, data }) => {
    if (source !== parent || data?.nbblog !== "draw") return;
    try {
      await draw(data.document);
      new ResizeObserver(size).observe(document.documentElement);
      size();
      say("drawn");
    } catch (error) {
      console.warn(error);
      say("failed");
    }
  });
};
