draws.plotly = async (place, element, spec) => {
  const { layout } = spec;
  const theme = layout.template?.layout ?? {};
  const paper = layout.paper_bgcolor ?? theme.paper_bgcolor ?? "white";
  if (dark() && /^(white|#fff(fff)?|rgba?\(255, ?255, ?255.*)$/i.test(paper)) {
    const clear = { paper_bgcolor: "#0000", plot_bgcolor: "#0000", font: { ...theme.font, ...layout.font, color: ink() } };
    const axis = { gridcolor: line, zerolinecolor: line, linecolor: line };
    const axes = { xaxis: { ...theme.xaxis, ...axis }, yaxis: { ...theme.yaxis, ...axis } };
    layout.template = { ...layout.template, layout: { ...theme, ...clear, ...axes } };
    Object.assign(layout, clear);
  }
  if (layout.width > element.clientWidth) delete layout.width;
  place.style.height = `${layout.height || 450}px`;
  const config = { responsive: true, displaylogo: false, showLink: false, topojsonURL: "" };
  await Plotly.react(place, { ...spec, config });
};
