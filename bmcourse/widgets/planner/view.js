// The front of Planner: five numbers in, the expected profit at every threshold out.
const NARROWEST = 280, HEIGHT = 320, LEFT = 78, RIGHT = 14, TOP = 14, BOTTOM = 46;
const Z95 = 1.959964, MONTHS = 12;
const FIELDS = [
  ["volume", "Decisions per month", 1],
  ["hit", "Value of a hit", 1],
  ["false_alarm", "Cost of a false alarm", 1],
  ["miss", "Cost of a miss", 1],
  ["prevalence", "Positives among the decisions (%)", 100],
];

// Expected profit of a month at each threshold; rates are pairs [TPR, FPR].
export function profits(rates, s) {
  return rates.map(([tpr, fpr]) => {
    const perPositive = tpr * s.hit - (1 - tpr) * s.miss;
    return s.volume * (s.prevalence * perPositive - (1 - s.prevalence) * fpr * s.false_alarm);
  });
}

// Half a 95 % interval of each profit, from the counts behind the rates and the share of positives.
export function margins(rates, positives, negatives, s) {
  return rates.map(([tpr, fpr]) => {
    const hits = ((s.prevalence * (s.hit + s.miss)) ** 2 * tpr * (1 - tpr)) / positives;
    const alarms = (((1 - s.prevalence) * s.false_alarm) ** 2 * fpr * (1 - fpr)) / negatives;
    const apart = tpr * s.hit - (1 - tpr) * s.miss + fpr * s.false_alarm;
    const share = (apart ** 2 * s.prevalence * (1 - s.prevalence)) / (positives + negatives);
    return Z95 * s.volume * Math.sqrt(hits + alarms + share);
  });
}

// The place of the threshold that earns most; of equals the last.
export function best(rates, s) {
  const earned = profits(rates, s);
  return earned.lastIndexOf(Math.max(...earned));
}

// What a year with the threshold at one place brings.
export function plan(place, thresholds, rates, positives, negatives, s) {
  const [tpr, fpr] = rates[place];
  const profit = MONTHS * profits(rates, s)[place];
  const margin = MONTHS * margins(rates, positives, negatives, s)[place];
  const hits = s.prevalence * tpr, flagged = hits + (1 - s.prevalence) * fpr;
  return {
    threshold: thresholds[place], profit, low: profit - margin, high: profit + margin,
    precision: flagged > 0 ? hits / flagged : null, recall: tpr,
    flagged: MONTHS * s.volume * flagged,
  };
}

// Round numbers that cover the range, about five of them.
export function ticks(low, high) {
  const rough = (high - low || 1) / 4, power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((m) => m * power >= rough);
  const first = Math.ceil(low / step - 1e-9), last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
}

// Three digits, with k or M, on one line: $1.23 M.
export function money(value, unit) {
  const size = Math.abs(value);
  const [scale, letter] = size >= 999_500 ? [1e6, "\u00a0M"] : size >= 999.5 ? [1e3, "\u00a0k"] : [1, ""];
  const sign = value < 0 ? "−\u2060" : "";
  return `${sign}${unit}${Number((size / scale).toPrecision(3))}${letter}`;
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

function path(points) {
  return `M${points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join("L")}`;
}

function field([name, label, scale], value, action) {
  const box = make("input", { type: "number", min: 0, step: "any", value: value * scale });
  if (name === "prevalence") box.max = 100;
  box.addEventListener("input", action);
  return [name, box, scale, make("label", {}, make("span", { textContent: label }), box)];
}

// Both axes with their grid, and where a threshold and a profit lie on them.
function axes(svg, width, thresholds, low, high, unit) {
  const first = thresholds[0], span = thresholds.at(-1) - first;
  const x = (t) => LEFT + ((t - first) / span) * (width - LEFT - RIGHT);
  const y = (p) => HEIGHT - BOTTOM - ((p - low) / (high - low)) * (HEIGHT - TOP - BOTTOM);
  for (const t of ticks(first, thresholds.at(-1))) {
    svg.append(draw("line", { x1: x(t), x2: x(t), y1: TOP, y2: HEIGHT - BOTTOM, class: "grid" }));
    svg.append(draw("text", { x: x(t), y: HEIGHT - BOTTOM + 18, "text-anchor": "middle" },
      Number(t.toFixed(6)).toString()));
  }
  for (const p of ticks(low, high)) {
    const kind = Math.abs(p) < 1e-9 ? "zero" : "grid";
    svg.append(draw("line", { x1: LEFT, x2: width - RIGHT, y1: y(p), y2: y(p), class: kind }));
    svg.append(draw("text", { x: LEFT - 6, y: y(p) + 4, "text-anchor": "end" }, money(p, unit)));
  }
  svg.append(draw("text", { x: (LEFT + width - RIGHT) / 2, y: HEIGHT - 8, "text-anchor": "middle" },
    "threshold: flag from this score on"));
  return [x, y];
}

// A threshold may lose far more than the best one gains over doing the same to all; there the
// chart is cut off.
function floor(test, margin) {
  const high = Math.max(...test), at = test.indexOf(high);
  return high - 4 * Math.max(high - Math.max(test[0], test.at(-1)), margin[at]);
}

function chart(svg, width, { thresholds, validation, test, margin, place, unit }) {
  const upper = test.map((p, i) => p + margin[i]), lower = test.map((p, i) => p - margin[i]);
  const top = Math.max(...upper, ...validation, 0);
  const bottom = Math.min(lower[place], Math.max(Math.min(...lower, ...validation, 0), floor(test, margin)));
  const room = 0.05 * (top - bottom || 1);
  svg.replaceChildren();
  const [x, y] = axes(svg, width, thresholds, bottom - room, top + room, unit);
  const line = (values) => path(values.map((p, i) => [x(thresholds[i]), y(p)]));
  const plot = draw("svg", { x: 0, y: TOP, width: width, height: HEIGHT - TOP - BOTTOM,
    viewBox: `0 ${TOP} ${width} ${HEIGHT - TOP - BOTTOM}` });
  const back = lower.map((p, i) => [x(thresholds[i]), y(p)]).reverse();
  plot.append(
    draw("path", { d: `${line(upper)}L${path(back).slice(1)}Z`, class: "band" }),
    draw("path", { d: line(validation), class: "validation" }),
    draw("path", { d: line(test), class: "test" }),
    draw("line", { x1: x(thresholds[place]), x2: x(thresholds[place]), y1: TOP,
      y2: HEIGHT - BOTTOM, class: "chosen" }),
    draw("circle", { cx: x(thresholds[place]), cy: y(test[place]), r: 6, class: "chosen" }),
  );
  svg.append(plot);
}

function render({ model, el }) {
  const thresholds = model.get("thresholds"), test = model.get("test");
  const validation = model.get("validation"), unit = model.get("unit");
  const counts = [model.get("positives"), model.get("negatives")];
  const start = Object.fromEntries(model.get("situation"));
  const svg = draw("svg", { role: "img", height: HEIGHT });
  const fields = FIELDS.map((one) => field(one, start[one[0]], update));
  const slider = make("input", { type: "range", min: 0, max: thresholds.length - 1, step: 1 });
  const back = make("button", { type: "button", textContent: "Go to the best threshold" });
  const where = make("output", {}), head = make("p", { className: "profit" });
  const rest = make("ul", {}), warning = make("p", { className: "warning" });
  head.setAttribute("aria-live", "polite");
  warning.setAttribute("role", "alert");
  let follow = true;

  function situation() {
    const found = {};
    for (const [name, box, scale] of fields) {
      const right = box.value !== "" && box.checkValidity();
      box.setAttribute("aria-invalid", String(!right));
      if (right) found[name] = Number(box.value) / scale;
    }
    return Object.keys(found).length === fields.length ? found : null;
  }

  function tell(year, s, chosen) {
    const interval = `${money(year.low, unit)} to ${money(year.high, unit)}`;
    head.textContent = `Profit per year: ${money(year.profit, unit)} (95 % interval ${interval})`;
    const share = (value) => (value === null ? "none flagged" : `${(100 * value).toFixed(1)} %`);
    const worth = s.hit + s.miss + s.false_alarm;
    const even = worth > 0 ? share(s.false_alarm / worth) : "any";
    const [nobody, everybody] = profits([[0, 0], [1, 1]], s);
    const bestYear = plan(chosen, thresholds, test, ...counts, s);
    rest.replaceChildren(...[
      `Precision: ${share(year.precision)} of the flagged are hits. Flagging one more pays where at least ${even} of such cases are.`,
      `Recall: ${share(year.recall)} of the positives are flagged.`,
      `Flagged per year: ${Math.round(year.flagged).toLocaleString("en")} of `
        + `${Math.round(MONTHS * s.volume).toLocaleString("en")} decisions.`,
      `Without a model: flagging nobody brings ${money(MONTHS * nobody, unit)}, everybody ${money(MONTHS * everybody, unit)}.`,
      follow ? "The threshold is the best one on the validation data."
        : `The best one on the validation data (${bestYear.threshold.toFixed(3)}) brings ${money(bestYear.profit, unit)}.`,
      `The interval is the luck of ${(counts[0] + counts[1]).toLocaleString("en")} cases: of both rates, and of the `
        + "share of positives, as if counted on them. It knows nothing of wrong prices.",
    ].map((text) => make("li", { textContent: text })));
  }

  function update() {
    const s = situation();
    warning.textContent = s ? "" : "Give each field a number of at least 0; the positives at most 100 %.";
    if (!s) return;
    const chosen = best(validation, s);
    if (follow) slider.value = chosen;
    const place = Number(slider.value), year = plan(place, thresholds, test, ...counts, s);
    where.textContent = thresholds[place].toFixed(3);
    slider.setAttribute("aria-valuetext", where.textContent);
    const margin = margins(test, ...counts, s), width = Math.max(svg.clientWidth, NARROWEST);
    svg.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
    chart(svg, width, { thresholds, margin, place, unit,
      validation: profits(validation, s), test: profits(test, s) });
    svg.setAttribute("aria-label", `Expected profit per month against the threshold; at ${where.textContent} `
      + `it is ${money(year.profit / MONTHS, unit)}.`);
    tell(year, s, chosen);
  }

  slider.addEventListener("input", () => { follow = false; update(); });
  back.addEventListener("click", () => { follow = true; update(); });
  const key = make("p", { className: "key" });
  key.innerHTML = "Profit per month. <b class='test'>━━</b> on test data, shaded: 95 % interval; "
    + "<b class='validation'>╍╍</b> on validation data; <b class='chosen'>●</b> the threshold in use.";
  el.classList.add("planner");
  el.append(
    make("div", { className: "fields" }, ...fields.map(([, , , label]) => label)),
    warning, svg, key,
    make("div", { className: "bar" }, make("label", {}, "Threshold ", slider), where, back),
    head, rest,
  );
  update();
  const observer = new ResizeObserver(update); // the width is known once it is on the page
  observer.observe(el);
  return () => observer.disconnect();
}

export default { render };
