// Notes beside the text where the margin is wide enough: the same list items, placed there, so that nothing is said
// twice and printing or narrowing the window gives the list back.
{
  const room = matchMedia("(min-width: 76rem)");
  const place = (section) => {
    const body = section.closest(".nb-body") ?? section.parentElement;
    const refs = [...body.querySelectorAll(".nb-note-ref a")];
    const notes = [...section.querySelectorAll("ol > li[id]")].map((item) => [item, refs.find((link) => link.hash === "#" + item.id)]);
    sizes.observe(body);
    section.classList.toggle("nb-margin", room.matches && notes.every(([, ref]) => ref));
    if (!room.matches) return;
    const frame = body.getBoundingClientRect();
    const start = section.getBoundingClientRect().right - frame.left + 48;
    const boxes = [...body.querySelectorAll(".nb-cell > *")].map((block) => block.getBoundingClientRect()).filter((box) => box.right - frame.left > start);
    let free = 0;
    for (const [item, ref] of notes) {
      let top = Math.max(ref.getBoundingClientRect().top - frame.top - 4, free);
      for (const box of boxes)
        if (top + item.offsetHeight > box.top - frame.top && top < box.bottom - frame.top) top = box.bottom - frame.top + 16;
      item.style.setProperty("--nb-top", top + "px");
      item.style.setProperty("--nb-start", start + "px");
      free = top + item.offsetHeight + 16;
    }
  };
  const placeAll = () => document.querySelectorAll("section.nb-notes").forEach(place);
  const sizes = new ResizeObserver(placeAll);
  placeAll();
  room.addEventListener("change", placeAll);
  document.addEventListener("nbblog:change", placeAll);
}
