// The front of Descent: walkers on contour lines, played step by step.
const COLOURS = ["#0072B2", "#D55E00", "#009E73", "#A0438A", "#000000", "#7A5200", "#2F6F95"];
const GLYPHS = ["●", "■", "▲", "◆", "▼", "★", "✚"];
const DASHES = ["", "8 4", "2 3", "10 3 2 3", "5 5", "1 4", "12 6"];
const FRAME = 120; // milliseconds a step

// A walker's texts as numbers: path [[x, y], ...], losses [...].
export function unpack({ name, path, losses }) {
  const points = path.split(" ").map((point) => point.split(",").map(Number));
  return { name, path: points, losses: losses.split(" ").map(Number) };
}

// The path walked so far, as an SVG path.
export function trail(path, step) {
  return "M" + path.slice(0, step + 1).map(([x, y]) => `${x},${y}`).join(" ");
}

export function lastStep(scene) {
  return Math.max(...scene.walkers.map(({ path }) => path.length)) - 1;
}

export function bounded(step, scene) {
  return Math.min(Math.max(step, 0), lastStep(scene));
}

// The names from the lowest loss to the highest.
export function ranking(scene, step) {
  return [...scene.walkers].sort((a, b) => a.losses[step] - b.losses[step]).map(({ name }) => name);
}

function make(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

function draw(tag, attributes) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  Object.entries(attributes).forEach(([name, value]) => made.setAttribute(name, value));
  return made;
}

function glyph(sign, [x, y], colour) {
  const style = { "text-anchor": "middle", "dominant-baseline": "central", "font-size": 17 };
  const halo = { stroke: "white", "stroke-width": 3, "paint-order": "stroke" };
  const made = draw("text", { x, y, fill: colour, ...style, ...halo });
  made.textContent = sign;
  return made;
}

function render({ model, el }) {
  const scenes = model.get("scenes").map((scene) => ({ ...scene, walkers: scene.walkers.map(unpack) }));
  const [width, height] = model.get("size");
  const svg = draw("svg", { viewBox: `0 0 ${width} ${height}`, role: "img" });
  const select = make("select", {}, ...scenes.map(({ name }, i) => make("option", { value: i, textContent: name })));
  const slider = make("input", { type: "range", min: 0, step: 1, value: 0 });
  slider.setAttribute("aria-label", "Step");
  const shown = make("output", {}), legend = make("div", { className: "legend" });
  const play = make("button", { type: "button", textContent: "Play" });
  let timer = null, tips = [], trails = [], cells = [], boxes = [];
  const scene = () => scenes[Number(select.value)];

  function show(step) {
    const at = bounded(step, scene());
    slider.value = at;
    shown.textContent = `step ${at} of ${lastStep(scene())}`;
    scene().walkers.forEach(({ path, losses }, i) => {
      const visible = boxes[i].checked ? "visible" : "hidden";
      trails[i].setAttribute("d", trail(path, at));
      tips[i].setAttribute("x", path[at][0]);
      tips[i].setAttribute("y", path[at][1]);
      [trails[i], tips[i]].forEach((part) => part.setAttribute("visibility", visible));
      cells[i].textContent = losses[at].toPrecision(3);
    });
    if (!timer) svg.setAttribute("aria-label", `${scene().name}, step ${at}; lowest first: ${ranking(scene(), at).join(", ")}`);
  }

  function pause() {
    clearInterval(timer);
    timer = null;
    play.textContent = "Play";
    show(Number(slider.value));
  }

  function start() {
    if (Number(slider.value) >= lastStep(scene())) show(0);
    play.textContent = "Pause";
    timer = setInterval(() => {
      if (Number(slider.value) >= lastStep(scene()) || !el.isConnected) pause();
      else show(Number(slider.value) + 1);
    }, FRAME);
  }

  function legendRow({ name }, i) {
    const box = make("input", { type: "checkbox", checked: true });
    box.addEventListener("change", () => show(Number(slider.value)));
    const sign = make("span", { textContent: GLYPHS[i] });
    sign.style.color = COLOURS[i];
    const cell = make("output", {});
    boxes.push(box);
    cells.push(cell);
    return make("label", {}, box, sign, make("span", { textContent: name }), cell);
  }

  function load() {
    const { contours, goals, walkers } = scene();
    const lines = contours.map((d, i) => {
      const shade = Math.round(90 + (110 * i) / contours.length);
      return draw("path", { d, fill: "none", stroke: `rgb(${shade},${shade},${shade})`, "stroke-width": 1 });
    });
    [boxes, cells] = [[], []];
    trails = walkers.map((_, i) => draw("path", {
      fill: "none", stroke: COLOURS[i], "stroke-width": 2, "stroke-dasharray": DASHES[i],
    }));
    tips = walkers.map(({ path }, i) => glyph(GLYPHS[i], path[0], COLOURS[i]));
    svg.replaceChildren(...lines, ...goals.map((goal) => glyph("×", goal, "black")), ...trails, ...tips);
    legend.replaceChildren(make("span", { textContent: "loss", className: "head" }), ...walkers.map(legendRow));
    slider.max = lastStep(scene());
    pause();
    show(0);
  }

  function button(text, action) {
    const made = make("button", { type: "button", textContent: text });
    made.addEventListener("click", action);
    return made;
  }

  const move = (by) => () => { pause(); show(Number(slider.value) + by); };
  play.addEventListener("click", () => (timer ? pause() : start()));
  slider.addEventListener("input", pause);
  select.addEventListener("change", load);
  const reset = button("Restart", () => { pause(); show(0); });
  const bar = make("div", { className: "bar" }, make("label", {}, "Landscape ", select), play);
  bar.append(button("Step back", move(-1)), button("Step", move(1)), reset, slider, shown);
  el.classList.add("descent");
  el.append(bar, svg, legend);
  load();
  return () => clearInterval(timer);
}

export default { render };
