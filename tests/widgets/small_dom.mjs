// As much of a browser's document as a widget of ours touches, so that Node can run its `render`.

class Element {
  constructor(tag) {
    Object.assign(this, { tag, children: [], attributes: {}, dataset: {}, style: {}, listeners: {}, names: new Set() });
    this.classList = { add: (...names) => names.forEach((name) => this.names.add(name)) };
  }
  append(...children) { this.children.push(...children); }
  setAttribute(name, value) { this.attributes[name] = value; }
  addEventListener(type, listener) { (this.listeners[type] ??= []).push(listener); }
  fire(type) { this.listeners[type].forEach((listener) => listener({ preventDefault() {} })); }
  all(tag) {
    const inside = this.children.filter((child) => child instanceof Element);
    return inside.flatMap((child) => [...(child.tag === tag ? [child] : []), ...child.all(tag)]);
  }
}

globalThis.document = { createElement: (tag) => new Element(tag) };
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
