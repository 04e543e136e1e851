// A blog opened from the disk has no server that gives the index.html of a folder.
if (location.protocol === "file:") for (const link of document.links) {
  if (link.protocol === "file:" && link.pathname.endsWith("/")) link.pathname += "index.html";
}
