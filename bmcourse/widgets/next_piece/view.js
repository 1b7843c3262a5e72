// The front of NextPiece: a text, a place in it, and the probabilities of the next piece as bars.
const UNIT = 8, ROWS = 10;

// The logits of one step from their packed bytes: how far each lies below the largest.
export function unpack(packed, pieces) {
  const bytes = Uint8Array.from(atob(packed), (sign) => sign.charCodeAt(0));
  const steps = [];
  for (let at = 0; at < bytes.length; at += pieces) {
    steps.push(Array.from(bytes.subarray(at, at + pieces), (eighths) => -eighths / UNIT));
  }
  return steps;
}

// Softmax with a temperature, then the fewest likeliest that hold at least the share p.
export function shares(logits, temperature, p) {
  const powers = logits.map((logit) => Math.exp(logit / temperature)); // the largest logit is 0
  const total = powers.reduce((sum, power) => sum + power, 0);
  const plain = powers.map((power) => power / total);
  const order = plain.map((_, id) => id).sort((a, b) => plain[b] - plain[a] || a - b);
  const kept = new Array(plain.length).fill(0);
  let sum = 0;
  for (const id of order) {
    if (sum >= p) break;
    kept[id] = plain[id];
    sum += plain[id];
  }
  return { order, shares: kept.map((share) => share / sum), left: kept.filter((share) => share > 0).length };
}

function make(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

function slider(name, settings, start, action) {
  const range = make("input", { type: "range", ...settings });
  range.value = start;
  range.addEventListener("input", action);
  const shown = make("output", {});
  return { range, shown, label: make("label", {}, name, range, shown) };
}

const visible = (piece) => piece.replace(/ /g, "␣").replace(/\n/g, "↵");

function render({ model, el }) {
  const pieces = model.get("pieces"), drawn = model.get("drawn"), start = model.get("start");
  const steps = unpack(model.get("packed"), pieces.length);
  const place = slider("Place", { min: 1, max: steps.length, step: 1 }, 1, show);
  const warmth = slider("Temperature", { min: 0.1, max: 2, step: 0.1 }, 1, show);
  const share = slider("Share p", { min: 0.1, max: 1, step: 0.05 }, 1, show);
  const before = make("span", {}), next = make("mark", {}), story = make("p", {}, before, next);
  story.className = "story";
  const rows = Array.from({ length: ROWS }, () => ({
    row: make("tr", {}), piece: make("td", {}), number: make("td", {}),
    bar: make("span", { className: "share" }),
  }));
  for (const one of rows) one.row.append(one.piece, one.number, make("td", {}, one.bar));
  const heads = ["next piece", "probability", ""].map((head) => make(head ? "th" : "td", { textContent: head }));
  const table = make("table", {}, make("tr", {}, ...heads), ...rows.map((one) => one.row));
  const summary = make("p", {});
  summary.setAttribute("aria-live", "polite");

  function show() {
    const at = Number(place.range.value) - 1;
    const temperature = Number(warmth.range.value), p = Number(share.range.value);
    const found = shares(steps[at], temperature, p), came = drawn[at];
    place.shown.textContent = `${at + 1} of ${steps.length}`;
    warmth.shown.textContent = temperature.toFixed(1);
    share.shown.textContent = p.toFixed(2);
    before.textContent = start + drawn.slice(0, at).map((id) => pieces[id]).join("");
    next.textContent = pieces[came];
    rows.forEach((one, i) => {
      const id = found.order[i];
      one.row.style.display = id === undefined ? "none" : "";
      if (id === undefined) return;
      one.row.className = id === came ? "came" : "";
      one.piece.textContent = visible(pieces[id]);
      one.number.textContent = found.shares[id].toFixed(3);
      one.bar.style.width = `${100 * found.shares[id]}%`;
    });
    const rank = found.order.indexOf(came) + 1, chance = found.shares[came].toFixed(3);
    summary.textContent = `Came: ${visible(pieces[came])}, number ${rank} in the order, `
      + `probability ${chance}. Pieces that can be drawn: ${found.left}`;
  }

  el.classList.add("next-piece");
  el.append(
    make("div", { className: "bar" }, place.label, warmth.label, share.label), story, table, summary,
  );
  show();
}

export default { render };
