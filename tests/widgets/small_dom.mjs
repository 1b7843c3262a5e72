// As much of a browser's document as a widget of ours touches, so that Node can run its `render`.

// A pen that draws nothing: any method may be called, any property set.
const pen = new Proxy({}, { get: (_, name) => (name === "createImageData" ? (w, h) => ({ data: new Uint8ClampedArray(4 * w * h) }) : () => undefined) });

class Element {
  constructor(tag) {
    Object.assign(this, { tag, children: [], attributes: {}, dataset: {}, style: {}, listeners: {}, names: new Set() });
    this.classList = { add: (...names) => names.forEach((name) => this.names.add(name)) };
  }
  // A select has the value of its first option until another is chosen, as in a browser.
  get value() { return this.chosen ?? (this.tag === "select" ? String(this.all("option")[0].value) : ""); }
  set value(value) { this.chosen = this.type === "range" || this.tag === "select" ? String(value) : value; }
  append(...children) { this.children.push(...children); }
  replaceChildren(...children) { this.children = children; }
  setAttribute(name, value) { this.attributes[name] = value; }
  addEventListener(type, listener) { (this.listeners[type] ??= []).push(listener); }
  fire(type) { this.listeners[type].forEach((listener) => listener({ preventDefault() {} })); }
  checkValidity() { return Number(this.value) >= this.min && !(Number(this.value) > this.max); }
  getContext() { return pen; }
  all(tag) {
    const inside = this.children.filter((child) => child instanceof Element);
    return inside.flatMap((child) => [...(child.tag === tag ? [child] : []), ...child.all(tag)]);
  }
}

globalThis.document = {
  createElement: (tag) => new Element(tag),
  createElementNS: (_, tag) => new Element(tag),
};
globalThis.ResizeObserver = class { observe() {} disconnect() {} };
globalThis.FormData = class {
  constructor(form) { this.chosen = form.all("input").filter((input) => input.checked); }
  has(name) { return this.chosen.some((input) => input.name === name); }
  get(name) { return this.chosen.find((input) => input.name === name)?.value ?? null; }
};

// A widget's model: its values, and how often they were sent to the kernel.
export function makeModel(values) {
  return {
    values, saved: 0,
    get: (name) => values[name],
    set: (name, value) => { values[name] = value; },
    save_changes() { this.saved += 1; },
  };
}

export const makeRoot = () => new Element("div");
