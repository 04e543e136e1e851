draws.mermaid = async (place, element, spec) => {
  mermaid.initialize({ startOnLoad: false, securityLevel: "strict", theme: dark() ? "dark" : "default", fontFamily: "inherit" });
  place.innerHTML = (await mermaid.render(`nb-mermaid-${(draws.count = (draws.count ?? 0) + 1)}`, spec)).svg;
};
