// Plotly, Vega and mermaid: what their drawings share.
const draws = {};
const root = document.documentElement;
const system = matchMedia("(prefers-color-scheme: dark)");
const dark = () => (root.dataset.scheme || (system.matches ? "dark" : "light")) === "dark";
const ink = () => (dark() ? "#dcdfe4" : "#2a2d33");
const line = "#8884";
