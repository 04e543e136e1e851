// A combination that was not computed, where no Python can compute it: the nearest one that was is offered in the note.
const offerNearest = ({ note }, fields, known, update) => {
  const places = fields.map((field) => field.place());
  let best, least = Infinity;
  for (const key of known.keys()) {
    const found = places.map(() => 0);
    let rest = BigInt(key), far = 0;
    fields.forEach((_, fromEnd) => {
      const index = fields.length - 1 - fromEnd, { stops, isRange } = fields[index], size = BigInt(stops.length);
      found[index] = Number(rest % size);
      rest /= size;
      far += isRange ? Math.abs(found[index] - places[index]) / stops.length : +(found[index] !== places[index]);
    });
    if (far < least) [best, least] = [found, far];
  }
  const button = Object.assign(make("button", "", "Show that"), { type: "button" });
  button.addEventListener("click", () => {
    fields.forEach((field, index) => field.move(best[index]));
    update();
  });
  const named = fields.map((field, index) => `${field.box.querySelector(".nb-control-name").textContent} ${field.words(best[index])}`).join(", ");
  note.replaceChildren(`This combination was not computed; the answer is still the one before. The nearest: ${named}. `, button);
};
