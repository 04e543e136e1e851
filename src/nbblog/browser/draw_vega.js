draws.vega = async (place, element, spec) => {
  const lite = element.dataset.kind === "lite";
  const axis = { labelColor: ink(), titleColor: ink(), gridColor: line, domainColor: line, tickColor: line };
  const look = { background: "#0000", title: { color: ink(), subtitleColor: ink() }, axis, legend: { labelColor: ink(), titleColor: ink() }, style: { "group-title": { fill: ink() } } };
  const themed = vega.mergeConfig(lite ? { ...look, view: { stroke: line }, header: { labelColor: ink(), titleColor: ink() } } : look, spec.config ?? {});
  const config = spec.background ? spec.config : themed;
  const full = lite ? vegaLite.compile(spec, { config }).spec : spec;
  const loader = vega.loader();
  loader.load = loader.http = loader.file = async (url) => { throw new Error(`not fetched: ${url}`); };
  const runtime = vega.parse(full, lite ? undefined : config, { ast: true });
  place.view?.finalize();
  place.textContent = "";
  place.view = new vega.View(runtime, { expr: vegaInterpreter.expressionInterpreter, renderer: "svg", container: place, hover: true, loader, logLevel: vega.Error });
  await place.view.runAsync();
};
