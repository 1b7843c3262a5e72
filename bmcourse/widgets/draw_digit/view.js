// The front of DrawDigit: a square to draw in, the network, and ten bars.
const SIDE = 28, ZOOM = 10, PEN = 20;

function bytes(text) {
  return Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
}

function unpack(layer) {
  return { ...layer, kernel: new Int8Array(bytes(layer.kernel).buffer) };
}

// Dense layers with ReLU between them, softmax at the end.
export function predict(layers, pixels) {
  let x = pixels;
  layers.forEach((layer, depth) => {
    const z = new Float64Array(layer.bias);
    for (let i = 0; i < layer.inputs; i++) {
      if (x[i] === 0) continue;
      for (let j = 0; j < layer.units; j++) {
        z[j] += x[i] * layer.kernel[i * layer.units + j] * layer.scale;
      }
    }
    x = depth < layers.length - 1 ? z.map((v) => Math.max(v, 0)) : z;
  });
  const top = Math.max(...x), raised = x.map((v) => Math.exp(v - top));
  const sum = raised.reduce((a, b) => a + b, 0);
  return raised.map((v) => v / sum);
}

function canvas(width, label, role = "img") {
  const made = document.createElement("canvas");
  made.width = made.height = width;
  if (label) made.setAttribute("aria-label", label);
  if (label) made.setAttribute("role", role);
  return made;
}

// As MNIST was made: scale the ink into a 20 by 20 box, then put its centre of mass in the middle.
function normalise(board) {
  const size = board.width, data = board.getContext("2d").getImageData(0, 0, size, size).data;
  let left = size, right = -1, top = size, bottom = -1;
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      if (data[4 * (y * size + x)] < 128) {
        left = Math.min(left, x); right = Math.max(right, x);
        top = Math.min(top, y); bottom = Math.max(bottom, y);
      }
    }
  }
  if (right < 0) return null;
  const width = right - left + 1, height = bottom - top + 1, scale = 20 / Math.max(width, height);
  const draw = (dx, dy) => {
    const small = canvas(SIDE), pen = small.getContext("2d");
    pen.fillStyle = "white";
    pen.fillRect(0, 0, SIDE, SIDE);
    pen.imageSmoothingQuality = "high";
    pen.drawImage(board, left, top, width, height, dx, dy, width * scale, height * scale);
    const shades = pen.getImageData(0, 0, SIDE, SIDE).data;
    return Float64Array.from({ length: SIDE * SIDE }, (_, i) => 1 - shades[4 * i] / 255);
  };
  const dx = (SIDE - width * scale) / 2, dy = (SIDE - height * scale) / 2, first = draw(dx, dy);
  let mass = 0, cx = 0, cy = 0;
  first.forEach((v, i) => { mass += v; cx += v * (i % SIDE); cy += v * Math.floor(i / SIDE); });
  return draw(dx + 13.5 - cx / mass, dy + 13.5 - cy / mass);
}

function paint(small, pixels) {
  const pen = small.getContext("2d"), image = pen.createImageData(SIDE, SIDE);
  pixels.forEach((v, i) => {
    image.data.fill(255 * (1 - v), 4 * i, 4 * i + 3);
    image.data[4 * i + 3] = 255;
  });
  pen.putImageData(image, 0, 0);
}

function button(text, action) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = text;
  made.addEventListener("click", action);
  return made;
}

function render({ model, el }) {
  const layers = model.get("layers").map(unpack), examples = model.get("examples");
  const board = canvas(SIDE * ZOOM, "Square to draw a digit in", "application");
  const seen = canvas(SIDE, "What the network sees: 28 by 28 pixels");
  const pen = board.getContext("2d", { willReadFrequently: true });
  const bars = document.createElement("ol"), verdict = document.createElement("p");
  bars.start = 0;
  verdict.setAttribute("aria-live", "polite");
  const rows = Array.from({ length: 10 }, (_, digit) => {
    const row = bars.appendChild(document.createElement("li"));
    row.innerHTML = `<span>${digit}</span><meter min="0" max="1"></meter><output></output>`;
    row.querySelector("meter").setAttribute("aria-label", `probability of ${digit}`);
    return row;
  });

  function show(pixels) {
    paint(seen, pixels);
    const chances = Array.from(predict(layers, pixels));
    const best = chances.indexOf(Math.max(...chances));
    rows.forEach((row, digit) => {
      row.querySelector("meter").value = chances[digit];
      row.querySelector("output").textContent = `${(100 * chances[digit]).toFixed(0)} %`;
      row.className = digit === best ? "best" : "";
    });
    verdict.textContent = `The network says: ${best}`;
  }

  function clear() {
    pen.fillStyle = "white";
    pen.fillRect(0, 0, board.width, board.height);
    paint(seen, new Float64Array(SIDE * SIDE));
    rows.forEach((row) => {
      row.querySelector("meter").value = 0;
      row.querySelector("output").textContent = "";
      row.className = "";
    });
    verdict.textContent = "Draw a digit.";
    [tip, down] = [START, false];
    shown = false;
    mark();
  }

  let next = 0, shown = false;
  function example() {
    const pixels = Float64Array.from(bytes(examples[next % examples.length]), (v) => v / 255);
    next += 1;
    clear();
    show(pixels);
    pen.imageSmoothingEnabled = false;
    pen.drawImage(seen, 0, 0, board.width, board.height);
    shown = true;
  }

  // Your first stroke takes the place of an example.
  function stroke(from, to) {
    if (shown) {
      pen.fillStyle = "white";
      pen.fillRect(0, 0, board.width, board.height);
      shown = false;
    }
    pen.lineWidth = PEN;
    pen.lineCap = "round";
    pen.strokeStyle = "black";
    pen.beginPath();
    pen.moveTo(...from);
    pen.lineTo(...to);
    pen.stroke();
    const pixels = normalise(board);
    if (pixels) show(pixels);
  }

  let last = null;
  const place = (event) => [
    (event.offsetX * board.width) / board.clientWidth,
    (event.offsetY * board.height) / board.clientHeight,
  ];
  board.addEventListener("pointerdown", (event) => {
    board.setPointerCapture(event.pointerId);
    last = place(event);
  });
  board.addEventListener("pointermove", (event) => {
    if (!last) return;
    const here = place(event);
    stroke(last, here);
    last = here;
  });
  for (const end of ["pointerup", "pointercancel"]) {
    board.addEventListener(end, () => { last = null; });
  }

  // The same by keyboard: a ring shows where the pen is.
  const ring = document.createElement("span"), status = document.createElement("small");
  const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const START = [board.width / 2, board.height / 5];
  let tip = START, down = false;
  function mark() {
    ring.style.left = `${(100 * tip[0]) / board.width}%`;
    ring.style.top = `${(100 * tip[1]) / board.height}%`;
    ring.className = down ? "down" : "";
    status.textContent = `Draw a digit in the square. By keyboard: arrow keys move the pen, Space sets it down
      or lifts it. It is ${down ? "down" : "up"}.`;
  }
  board.tabIndex = 0;
  board.addEventListener("keydown", (event) => {
    const step = STEPS[event.key];
    if (!step && event.key !== " ") return;
    event.preventDefault(); // do not scroll
    const from = tip;
    if (step) tip = tip.map((v, i) => Math.min(Math.max(v + ZOOM * step[i], PEN / 2), SIDE * ZOOM - PEN / 2));
    else down = !down;
    mark();
    if (down) stroke(from, tip);
  });

  const controls = document.createElement("div");
  controls.append(button("Clear", clear), button("Example", example), seen);
  const side = document.createElement("div"), frame = document.createElement("section");
  side.append(verdict, bars);
  frame.append(board, ring);
  el.classList.add("draw-digit");
  el.append(frame, controls, side, status);
  clear();
  example();
}

export default { render };
