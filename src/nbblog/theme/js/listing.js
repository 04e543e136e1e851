// A card's picture that does not come leaves its box empty: the browser's sign for it says nothing to a reader.
for (const image of document.querySelectorAll(".nb-card img")) {
  const fail = () => (image.src = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7");
  if (image.complete && !image.naturalWidth && image.currentSrc) fail();
  else image.addEventListener("error", fail, { once: true });
}
