// The front of ThresholdExplorer: two histograms, a threshold, and all that follows from it.
const TIMES = [1, 10, 100, 1000];
const WIDTH = 620, HEIGHT = 190, MIDDLE = HEIGHT / 2, BARS = 50;
const SIDE = 200, EDGE = 34;

function sum(values) {
  return values.reduce((total, value) => total + value, 0);
}

function share(part, whole) {
  return whole ? part / whole : NaN;
}

// Counts and ratios if every score from bin `step` up is called positive; each negative
// counts `times` times.
export function reading(positives, negatives, step, times = 1) {
  const tp = sum(positives.slice(step)), fp = times * sum(negatives.slice(step));
  const fn = sum(positives.slice(0, step)), tn = times * sum(negatives.slice(0, step));
  return {
    tp, fp, fn, tn,
    accuracy: share(tp + tn, tp + fp + fn + tn),
    precision: share(tp, tp + fp),
    recall: share(tp, tp + fn),
    specificity: share(tn, tn + fp),
    f1: share(2 * tp, 2 * tp + fp + fn),
  };
}

// The step nearest to a place between 0 (left) and 1 (right).
export function nearest(place, steps) {
  return Math.round(Math.min(Math.max(place, 0), 1) * steps);
}

function make(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

function draw(tag, attributes, text = "") {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  Object.entries(attributes).forEach(([name, value]) => made.setAttribute(name, value));
  made.textContent = text;
  return made;
}

function whole(value) {
  return value.toLocaleString("en-US");
}

function ratio(value) {
  return Number.isNaN(value) ? "0 / 0" : value.toFixed(3);
}

function choice(label, names) {
  const options = names.map((name, i) => make("option", { value: i, textContent: name }));
  const select = make("select", {}, ...options);
  return [make("label", {}, `${label} `, select), select];
}

// How tall each bar is: the square root of the share of the class, so that few show, too.
export function heights(counts) {
  const per = (counts.length - 1) / BARS, total = sum(counts) || 1;
  return Array.from({ length: BARS }, (_, i) => {
    const last = i === BARS - 1 ? counts.length : (i + 1) * per; // scores of 1 join the last bar
    return Math.sqrt(sum(counts.slice(i * per, last)) / total);
  });
}

// Bars of one class from the middle up or down; `largest` fills half of the picture.
function bars(tall, largest, colour, up) {
  const width = WIDTH / BARS;
  return tall.map((share, i) => {
    const height = (share / largest) * (MIDDLE - 4), y = up ? MIDDLE - height : MIDDLE;
    return draw("rect", { x: i * width + 1, y, width: width - 2, height, fill: colour });
  });
}

// A square diagram with axes from 0 to 1.
function diagram(name, across, upward) {
  const full = SIDE + EDGE + 8;
  const svg = draw("svg", { viewBox: `0 0 ${full} ${full}`, role: "img" });
  const frame = { x: EDGE, y: 8, width: SIDE, height: SIDE, fill: "white", stroke: "#555" };
  const curve = draw("path", { fill: "none", stroke: "#0072B2", "stroke-width": 2 });
  const dot = draw("circle", { r: 6, fill: "#D55E00", stroke: "black", "stroke-width": 1.5 });
  const text = { "font-size": 13, fill: "#111", "text-anchor": "middle" };
  const middle = 8 + SIDE / 2;
  svg.append(
    draw("rect", frame), curve, dot,
    draw("text", { ...text, x: EDGE + SIDE / 2, y: full - 8 }, across),
    draw("text", { ...text, x: 14, y: middle, transform: `rotate(-90 14 ${middle})` }, upward),
  );
  [["0", EDGE, SIDE + 22], ["1", EDGE + SIDE - 4, SIDE + 22], ["0", 26, SIDE + 6], ["1", 26, 18]]
    .forEach(([tick, x, y]) => svg.append(draw("text", { ...text, x, y }, tick)));
  return { name, svg, curve, dot };
}

function place([x, y]) {
  return [EDGE + x * SIDE, 8 + (1 - y) * SIDE];
}

function trace({ name, svg, curve, dot }, points, now) {
  const known = points.filter(([x, y]) => !Number.isNaN(x) && !Number.isNaN(y));
  curve.setAttribute("d", `M${known.map((point) => place(point).map((v) => v.toFixed(1))).join(" ")}`);
  const hidden = now.some(Number.isNaN);
  dot.setAttribute("visibility", hidden ? "hidden" : "visible");
  if (!hidden) ["cx", "cy"].forEach((key, i) => dot.setAttribute(key, place(now)[i]));
  svg.setAttribute("aria-label", `${name}; the point is at ${now.map(ratio).join(", ")}`);
}

function table(cells) {
  const head = (text) => make(text ? "th" : "td", { textContent: text });
  return make("table", {},
    make("caption", { textContent: "Confusion matrix" }),
    make("tr", {}, head(""), head("called negative"), head("called positive")),
    make("tr", {}, head("is negative"), cells.tn, cells.fp),
    make("tr", {}, head("is positive"), cells.fn, cells.tp));
}

const NAMES = { accuracy: "accuracy", precision: "precision", recall: "recall",
  specificity: "specificity", f1: "F1" };

function render({ model, el }) {
  const problems = model.get("problems"), steps = problems[0][1].length - 1;
  const [problemLabel, problem] = choice("Problem", problems.map(([name]) => name));
  const [timesLabel, times] = choice("Negatives", TIMES.map((n) => `× ${whole(n)}`));
  const slider = make("input", { type: "range", min: 0, max: steps, step: 1, value: steps / 2 });
  const shown = make("output", {}), rare = make("output", {});
  const picture = draw("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", class: "scores",
    preserveAspectRatio: "none" });
  const line = draw("line", { y1: 0, y2: HEIGHT, stroke: "black", "stroke-width": 3,
    "vector-effect": "non-scaling-stroke" });
  const cells = Object.fromEntries(["tp", "fp", "fn", "tn"].map((n) => [n, make("td", {})]));
  const values = Object.fromEntries(Object.keys(NAMES).map((n) => [n, make("dd", {})]));
  const ratios = make("dl", {});
  Object.entries(NAMES).forEach(([key, name]) => ratios.append(make("dt", { textContent: name }), values[key]));
  const roc = diagram("ROC curve", "false positive rate", "recall");
  const pr = diagram("Precision-recall curve", "recall", "precision");
  let all = [];

  function show() {
    const step = Number(slider.value), now = all[step], at = (step / steps).toFixed(3);
    shown.textContent = `score ≥ ${at}`;
    slider.setAttribute("aria-valuetext", at);
    ["x1", "x2"].forEach((end) => line.setAttribute(end, (step / steps) * WIDTH));
    Object.entries(cells).forEach(([name, cell]) => { cell.textContent = whole(now[name]); });
    Object.entries(values).forEach(([name, value]) => { value.textContent = ratio(now[name]); });
    trace(roc, all.map((r) => [1 - r.specificity, r.recall]).concat([[0, 0]]),
      [1 - now.specificity, now.recall]);
    trace(pr, all.map((r) => [r.recall, r.precision]), [now.recall, now.precision]);
    picture.setAttribute("aria-label", `Scores of positives above, of negatives below, threshold ${at}`);
  }

  function load() {
    const [, positives, negatives] = problems[Number(problem.value)];
    const repeats = TIMES[Number(times.value)];
    all = Array.from({ length: steps + 1 }, (_, k) => reading(positives, negatives, k, repeats));
    const { tp, fp } = all[0];
    rare.textContent = `positives: ${whole(tp)} of ${whole(tp + fp)}`;
    const above = heights(positives), below = heights(negatives);
    const largest = Math.max(...above, ...below) || 1;
    picture.replaceChildren(
      ...bars(above, largest, "#D55E00", true), ...bars(below, largest, "#0072B2", false), line,
    );
    show();
  }

  function drag(event) {
    if (event.type === "pointermove" && !event.buttons) return;
    const box = picture.getBoundingClientRect();
    slider.value = nearest((event.clientX - box.left) / box.width, steps);
    show();
  }

  picture.addEventListener("pointerdown", (event) => {
    picture.setPointerCapture(event.pointerId);
    drag(event);
  });
  picture.addEventListener("pointermove", drag);
  slider.addEventListener("input", show);
  [problem, times].forEach((select) => select.addEventListener("change", load));
  const bar = make("div", { className: "bar" }, make("label", {}, "Threshold ", slider), shown);
  const scores = make("figure", {}, picture, make("figcaption", {
    textContent: "Scores from 0 (left) to 1 (right). Orange, upwards: positives. Blue, downwards: negatives. Height: square root of the share of the class. Drag the line, or use the slider and the arrow keys.",
  }));
  el.classList.add("threshold-explorer");
  el.append(
    make("div", { className: "bar" }, problemLabel, timesLabel, rare), scores, bar,
    make("div", { className: "numbers" }, table(cells), ratios),
    make("figure", {}, roc.svg, make("figcaption", { textContent: "ROC curve" })),
    make("figure", {}, pr.svg, make("figcaption", { textContent: "Precision-recall curve" })),
  );
  load();
}

export default { render };
