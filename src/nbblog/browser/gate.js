// The gate of the page: HTML that Python made in this browser, through the same allowlist as all HTML of a notebook
// (core/allowlist.py; `rules` are its lists). It is parsed where nothing runs or loads, and built anew from what is
// allowed. `mayLoad` says of an address whether a picture, sound or film may come from there.
const openGate = (rules, mayLoad = () => false) => {
  const set = (names) => new Set(names);
  const whole = (source) => new RegExp(`^(?:${source})$`);
  const tags = set(rules.tags), dropped = set(rules.dropped), roles = set(rules.roles), urls = set(rules.urls);
  const properties = set(rules.properties), schemes = set(rules.schemes);
  const attributes = new Map(Object.entries(rules.attributes).map(([name, allowed]) => [name, set(allowed)]));
  const isClass = whole(rules.class), token = new RegExp(rules.token, "y"), invisible = new RegExp(rules.invisible, "g");
  const loading = set(["src", "srcset", "poster"]);
  const swallowing = new RegExp(`<(${rules.swallowing.join("|")})(?=[\\s/>])`, "gi");
  const endings = new RegExp(`</(${rules.swallowing.join("|")})\\b`, "gi");
  const selfClosed = /<(?:svg|math)\b[^<>]*\/>/iy;

  const isPlain = (value) => {
    for (token.lastIndex = 0; token.lastIndex < value.length; ) if (!token.test(value)) return false;
    return value !== "";
  };
  const filterStyle = (style) => style.split(";").map((declaration) => {
    const at = declaration.indexOf(":");
    const name = declaration.slice(0, Math.max(at, 0)).trim().toLowerCase();
    const value = declaration.slice(at + 1).replaceAll("!important", "").trim();
    return at >= 0 && properties.has(name) && isPlain(value) ? `${name}:${value}` : "";
  }).filter(Boolean).join(";");
  const schemeOf = (url) => /^([^/?#:]*):/.exec(url.replace(invisible, ""))?.[1].toLowerCase();
  const safeUrl = (url) => (schemes.has(schemeOf(url) ?? "https") ? url.trim() : null);
  const isInline = (url) => /^data:(image|audio|video)\/[\w.+-]+[;,]/i.test(url);
  const loadable = (url) => (isInline(url) || (safeUrl(url) !== null && mayLoad(url)) ? url : null);
  const words = (value) => value.split(/\s+/).filter(Boolean);

  // What an allowed attribute becomes; null takes it away.
  const filter = (element, name, value) => {
    if (name === "class") return words(value).filter((word) => isClass.test(word)).join(" ") || null;
    if (name === "style") return filterStyle(value) || null;
    if (["id", "headers", "aria-labelledby", "aria-describedby"].includes(name)) return words(value).map((word) => rules.prefix + word).join(" ") || null;
    if (name === "href" && value.trim().startsWith("#")) return value.trim() === "#" ? "#" : `#${rules.prefix}${value.trim().slice(1)}`;
    if (name === "srcset") return value.split(",").every((part) => loadable(words(part)[0] ?? "") !== null) ? value : null;
    if (loading.has(name)) return loadable(value.trim());
    if (urls.has(name)) return safeUrl(value) ?? (element === "a" && schemeOf(value) === "javascript" ? "#" : null);
    if (name === "tabindex") return "0";
    if (name === "role") return roles.has(value) ? value : null;
    return value;
  };

  // Start tags that would take all that follows with them, for want of an end tag, become text.
  const showUnclosed = (html) => {
    const last = {};
    for (const { 1: name, index } of html.matchAll(endings)) last[name.toLowerCase()] = index;
    return html.replace(swallowing, (start, name, at) => {
      selfClosed.lastIndex = at;
      const isClosed = name.toLowerCase() !== "plaintext" && at < (last[name.toLowerCase()] ?? -1);
      return isClosed || selfClosed.test(html) ? start : `&lt;${name}`;
    });
  };

  const build = (node, into, target, hasIds) => {
    for (const child of node.childNodes) {
      if (child.nodeType === 3) into.append(target.createTextNode(child.data));
      if (child.nodeType !== 1) continue;
      const { localName: name } = child;
      if (child.namespaceURI !== "http://www.w3.org/1999/xhtml" || dropped.has(name)) continue;
      if (!tags.has(name)) {
        build(child, into, target, hasIds);
        continue;
      }
      const element = target.createElement(name);
      const allowed = attributes.get(name);
      for (const { name: key, value } of child.attributes) {
        if (!(attributes.get("*").has(key) || allowed?.has(key) || key === "role") || (key === "id" && !hasIds)) continue;
        const kept = filter(name, key, value);
        if (kept !== null) element.setAttribute(key, kept);
      }
      for (const [key, value] of Object.entries(rules.forced[name] ?? {})) element.setAttribute(key, value);
      if (name === "a") element.setAttribute("rel", rules.rel);
      build(child, element, target, hasIds);
      into.append(element);
    }
  };

  // A fragment of an inert document: what is in it loads when it is put into the page.
  return (html) => {
    const parsed = new DOMParser().parseFromString(`<!DOCTYPE html><body>${showUnclosed(html)}`, "text/html");
    const target = document.implementation.createHTMLDocument("");
    const fragment = target.createDocumentFragment();
    build(parsed.body, fragment, target, parsed.querySelector('[href^="#"]') !== null);
    return fragment;
  };
};
