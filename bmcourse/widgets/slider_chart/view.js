// The front of SliderChart: lines that were computed before, and a slider that chooses among them.
const COLOURS = ["#0072B2", "#D55E00", "#009E73", "#A0438A", "#000000", "#7A5200", "#2F6F95"];
const DASHES = ["", "8 4", "2 3", "10 3 2 3", "5 5", "1 4", "12 6"];
const GLYPHS = ["○", "×", "△", "◇"];
const WIDTH = 600, HEIGHT = 300, LEFT = 70, BELOW = 52, ABOVE = 12, RIGHT = 16;

// The path of a line at a position; a line that stays has one path for all.
export function pathAt(line, position) {
  return line.paths[line.paths.length > 1 ? position : 0];
}

// What a reader who cannot see the chart hears.
export function spoken(scene, position) {
  return `${scene.name}: ${scene.values[position]}. ${scene.says[position]}`;
}

function make(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

function draw(tag, attributes, text) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  Object.entries(attributes).forEach(([name, value]) => made.setAttribute(name, value));
  if (text !== undefined) made.textContent = text;
  return made;
}

function frame(scene) {
  const [across, up] = scene.marks, grid = { stroke: "#dddddd", "stroke-width": 1 };
  const parts = [];
  for (const [x, text] of across) {
    parts.push(draw("line", { x1: x, x2: x, y1: 0, y2: HEIGHT, ...grid }));
    parts.push(draw("text", { x, y: HEIGHT + 18, "text-anchor": "middle" }, text));
  }
  for (const [height, text] of up) {
    const y = HEIGHT - height;
    parts.push(draw("line", { x1: 0, x2: WIDTH, y1: y, y2: y, ...grid }));
    parts.push(draw("text", { x: -8, y: y + 5, "text-anchor": "end" }, text));
  }
  parts.push(draw("path", { d: `M0,0L0,${HEIGHT}L${WIDTH},${HEIGHT}`, fill: "none", stroke: "#333333" }));
  parts.push(draw("text", { x: WIDTH / 2, y: HEIGHT + 42, "text-anchor": "middle" }, scene.axes[0]));
  const turned = `translate(${-LEFT + 14},${HEIGHT / 2}) rotate(-90)`;
  parts.push(draw("text", { transform: turned, "text-anchor": "middle" }, scene.axes[1]));
  return parts;
}

let charts = 0;

function render({ model, el }) {
  const scene = model.get("scene");
  const box = `${-LEFT} ${-ABOVE} ${LEFT + WIDTH + RIGHT} ${ABOVE + HEIGHT + BELOW}`;
  const svg = draw("svg", { viewBox: box, role: "img" }), clip = `slider-chart-${charts++}`;
  const shape = draw("clipPath", { id: clip });
  shape.append(draw("rect", { x: 0, y: 0, width: WIDTH, height: HEIGHT }));
  const inside = draw("g", { "clip-path": `url(#${clip})` });
  const dots = scene.dots.flatMap(({ places }, i) => places.map(([x, y]) => draw("text", {
    x, y, fill: "#444444", "text-anchor": "middle", "dominant-baseline": "central", "font-size": 13,
  }, GLYPHS[i % GLYPHS.length])));
  const lines = scene.lines.map((_, i) => draw("path", {
    fill: "none", stroke: COLOURS[i], "stroke-width": 5, "stroke-dasharray": DASHES[i].replace(/\d+/g, (n) => 2 * n),
    transform: "scale(0.5)", // paths come in half units
  }));
  inside.append(...dots, ...lines);
  svg.append(shape, ...frame(scene), inside);
  const legend = make("ul", {}, ...scene.lines.map(({ name }, i) => {
    const sample = draw("svg", { viewBox: "0 0 34 10", "aria-hidden": "true" });
    sample.append(draw("path", { d: "M0,5L34,5", stroke: COLOURS[i], "stroke-width": 3, "stroke-dasharray": DASHES[i] }));
    return make("li", {}, sample, name);
  }), ...scene.dots.map(({ name }, i) => make("li", {}, `${GLYPHS[i % GLYPHS.length]} ${name}`)));
  const range = make("input", { type: "range", min: 0, max: scene.values.length - 1, step: 1 });
  range.value = scene.start;
  const value = make("output", {}), said = make("p", {});
  said.setAttribute("aria-live", "polite");

  function show() {
    const position = Number(range.value);
    scene.lines.forEach((line, i) => lines[i].setAttribute("d", pathAt(line, position)));
    value.textContent = scene.values[position];
    said.textContent = scene.says[position];
    range.setAttribute("aria-valuetext", scene.values[position]);
    svg.setAttribute("aria-label", spoken(scene, position));
  }

  range.addEventListener("input", show);
  el.classList.add("slider-chart");
  el.append(make("label", {}, `${scene.name} `, range, value), svg, legend, said);
  show();
}

export default { render };
