// A card of another site's player becomes the player when it is pressed, and not before.
document.addEventListener("click", (event) => {
  const card = event.target.closest?.(".nb-embed[data-src^='https://'] > a");
  if (!card || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const frame = Object.assign(document.createElement("iframe"), { src: card.parentElement.dataset.src, title: card.textContent, allow: "fullscreen; encrypted-media; picture-in-picture" });
  card.replaceWith(frame);
  frame.focus();
});
