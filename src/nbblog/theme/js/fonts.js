// Right behind the styles: the fonts of text and interface are asked for before the page is laid out, so that on most
// connections they are there at the first paint and no line breaks anew. (A preload would fail on a page opened as a file.)
{
  const style = getComputedStyle(document.documentElement);
  for (const name of ["--nb-serif", "--nb-sans"]) {
    document.fonts.load(`1em ${style.getPropertyValue(name)}`).catch(() => {});
  }
}
