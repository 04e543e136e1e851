// Right behind the contents: open where they stand beside the text, before that is painted, so that nothing moves.
{
  const details = document.currentScript.previousElementSibling.querySelector("details");
  const wide = matchMedia("(min-width: 76rem)");
  details.open = wide.matches;
  wide.addEventListener("change", () => (details.open = wide.matches));
}
