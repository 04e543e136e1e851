draws.mermaid = async (place, element, spec) => {
  // The page's own colours, which may be light-dark(): what the browser makes of them.
  const colour = (name) => {
    place.style.color = `var(--nb-${name})`;
    return getComputedStyle(place).color;
  };
  const [ink, tint, edge, paper] = ["ink", "tint", "edge", "paper"].map(colour);
  place.style.color = "";
  const slices = ["#2f6690", "#b4561a", "#2c7a78", "#7a5aa6", "#8c6a14", "#a0424a", "#4f6d3a", "#5b6570"];
  const themeVariables = {
    darkMode: dark(), background: paper, primaryColor: tint, primaryTextColor: ink, primaryBorderColor: edge,
    lineColor: edge, textColor: ink, edgeLabelBackground: paper, clusterBkg: paper, clusterBorder: edge,
    noteBkgColor: tint, noteTextColor: ink, noteBorderColor: edge, fontSize: "15px",
    pieSectionTextColor: "#fff", pieStrokeColor: paper, pieOuterStrokeWidth: "0", pieOpacity: "1",
    ...Object.fromEntries(slices.map((slice, at) => [`pie${at + 1}`, slice])),
  };
  const fontFamily = getComputedStyle(root).getPropertyValue("--nb-sans");
  mermaid.initialize({ startOnLoad: false, securityLevel: "strict", look: "classic", theme: "base", themeVariables, fontFamily });
  place.innerHTML = (await mermaid.render(`nb-mermaid-${(draws.count = (draws.count ?? 0) + 1)}`, spec)).svg;
};
