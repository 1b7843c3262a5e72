// The front of LookUp: keys in a plane, a query to turn, and the weight of each word as a bar.
const SIDE = 260, REACH = 2.2, SHOWN = 0.25, NS = "http://www.w3.org/2000/svg";

// What one query finds: softmax of the scores, and the values mixed by it.
export function lookUp(query, keys, values) {
  const scores = keys.map((key) => key[0] * query[0] + key[1] * query[1]);
  const largest = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - largest));
  const total = powers.reduce((sum, power) => sum + power, 0);
  const weights = powers.map((power) => power / total);
  const mix = weights.reduce((sum, weight, i) => sum + weight * values[i], 0);
  return { scores, weights, mix };
}

function make(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

function draw(tag, attributes, text) {
  const made = document.createElementNS(NS, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  if (text) made.textContent = text;
  return made;
}

function number(value) {
  return (Math.abs(value) < 0.005 ? 0 : value).toFixed(2).replace("-", "−");
}

const across = (x) => SIDE * (0.5 + x / (2 * REACH));
const down = (y) => SIDE * (0.5 - y / (2 * REACH));

function slider(name, settings, start, action) {
  const range = make("input", { type: "range", ...settings });
  range.value = start;
  range.addEventListener("input", action);
  const shown = make("output", {});
  return { range, shown, label: make("label", {}, name, range, shown) };
}

function plane(words, keys) {
  const svg = draw("svg", { width: SIDE, height: SIDE, viewBox: `0 0 ${SIDE} ${SIDE}`, role: "img" });
  const middle = SIDE / 2;
  svg.append(
    draw("line", { x1: 0, y1: middle, x2: SIDE, y2: middle, stroke: "#ccc" }),
    draw("line", { x1: middle, y1: 0, x2: middle, y2: SIDE, stroke: "#ccc" }),
  );
  const dots = keys.map(([x, y]) => draw("circle", { cx: across(x), cy: down(y), fill: "#0072b2" }));
  const names = keys.map(([x, y], i) => draw(
    "text", { x: across(x) + 9, y: down(y) - 7, "font-size": 13, fill: "#111" }, words[i],
  ));
  const arrow = draw("line", { x1: middle, y1: middle, stroke: "#d55e00", "stroke-width": 4 });
  const tip = draw("circle", { r: 5, fill: "#d55e00" });
  svg.append(...dots, arrow, tip, ...names);
  return { svg, dots, arrow, tip };
}

function render({ model, el }) {
  const words = model.get("words"), keys = model.get("keys_of_words"), values = model.get("values");
  const { svg, dots, arrow, tip } = plane(words, keys);
  const angle = slider("Angle", { min: 0, max: 360, step: 5 }, 45, show);
  const length = slider("Length", { min: 0, max: 8, step: 0.1 }, 1.4, show);
  const rows = words.map((word, i) => ({
    score: make("td", {}), weight: make("td", {}), share: make("span", { className: "share" }),
    head: make("td", { textContent: word }), value: make("td", { textContent: number(values[i]) }),
  }));
  const heads = ["word", "value", "score", "weight", ""];
  const table = make(
    "table", {},
    make("tr", {}, ...heads.map((head) => make(head ? "th" : "td", { textContent: head }))),
    ...rows.map((row) => make(
      "tr", {}, row.head, row.value, row.score, row.weight, make("td", {}, row.share),
    )),
  );
  const mixed = make("p", {});
  mixed.setAttribute("aria-live", "polite");

  function show() {
    const turn = Number(angle.range.value) * Math.PI / 180, size = Number(length.range.value);
    const query = [size * Math.cos(turn), size * Math.sin(turn)];
    const found = lookUp(query, keys, values);
    angle.shown.textContent = `${angle.range.value}°`;
    length.shown.textContent = size.toFixed(1);
    const end = { x: across(SHOWN * query[0]), y: down(SHOWN * query[1]) };
    arrow.setAttribute("x2", end.x);
    arrow.setAttribute("y2", end.y);
    tip.setAttribute("cx", end.x);
    tip.setAttribute("cy", end.y);
    found.weights.forEach((weight, i) => {
      dots[i].setAttribute("r", 3 + 12 * weight);
      rows[i].score.textContent = number(found.scores[i]);
      rows[i].weight.textContent = number(weight);
      rows[i].share.style.width = `${100 * weight}%`;
    });
    const most = words[found.weights.indexOf(Math.max(...found.weights))];
    svg.setAttribute("aria-label", `Keys in a plane; the query takes most from ${most}`);
    mixed.textContent = `Mix of the values: ${number(found.mix)}`;
  }

  el.classList.add("look-up");
  const caption = "Dots: keys, as large as their weight. Arrow: the query, drawn at a quarter of its length.";
  el.append(
    make("div", { className: "bar" }, angle.label, length.label),
    make("figure", {}, svg, make("figcaption", { textContent: caption })),
    make("div", { className: "found" }, table, mixed),
  );
  show();
}

export default { render };
