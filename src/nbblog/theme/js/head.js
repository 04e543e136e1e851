// Before the first paint: the scheme that the reader chose here earlier.
try {
  const scheme = localStorage.getItem("nb-scheme");
  if (scheme) document.documentElement.dataset.scheme = scheme;
} catch {}
