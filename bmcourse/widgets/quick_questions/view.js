// The front of QuickQuestions: one form a question, all of it plain controls of the browser.

// A number as people type it: 1719, 1,719, 0.5, 0,5 or 1/2; NaN if it is none.
export function parseNumber(text) {
  const parts = text.split("/");
  if (parts.length === 2) return parseNumber(parts[0]) / parseNumber(parts[1]);
  const plain = text.trim().replace(/[\s_]/g, "").replace(/−/g, "-");
  if (!/^[+-]?[\d.,]+(e[+-]?\d+)?$/i.test(plain)) return NaN;
  if (/^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$/.test(plain)) return Number(plain.replaceAll(",", ""));
  return Number(plain.replace(",", "."));
}

// An answer as people type it: a number, and whether a sign for per cent stands behind it.
export function parseAnswer(text) {
  const number = text.trim().replace(/\s*(%|per ?cent)$/i, "");
  return { number: parseNumber(number), percent: number !== text.trim() };
}

// What to say to an answer: whether it is right, and why. 20% is 0.2, or, where per cent are asked for, 20.
export function judge(question, given) {
  if (question.type === "multiple_choice") {
    const chosen = question.answers[given];
    return { right: Boolean(chosen.correct), feedback: chosen.feedback };
  }
  const close = (a, b) => Math.abs(a - b) <= 1e-6 * Math.max(Math.abs(a), Math.abs(b), 1e-12);
  const inPercent = question.question.includes("in per cent");
  const value = given.percent && !inPercent ? given.number / 100 : given.number;
  const right = question.answers.find((a) => a.correct).value;
  const known = question.answers.find((a) => a.type === "value" && close(a.value, value));
  const share = inPercent ? right / 100 : right;
  const other = inPercent ? value : value / 100; // the same answer in the other form, without a sign
  if (!known && !given.percent && Math.abs(share) <= 1 && close(other, share)) {
    return { right: false, feedback: `If you mean ${100 * share}%, type the sign, too.` };
  }
  const answer = known ?? question.answers.find((a) => a.type === "default");
  return { right: Boolean(answer.correct), feedback: answer.feedback };
}

function make(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

function choices(question, name) {
  const rows = question.answers.map((answer, i) => {
    const radio = make("input", { type: "radio", name, value: i, required: true });
    return make("label", {}, radio, make("span", { textContent: answer.answer }));
  });
  return { controls: rows, read: (form) => Number(new FormData(form).get(name)) };
}

function number(name) {
  const field = make("input", { type: "text", name, inputMode: "decimal", autocomplete: "off" });
  const label = make("label", { className: "number" }, "Your answer, a number: ", field);
  return { controls: [label], read: () => parseAnswer(field.value) };
}

function block(question, index, id, solved) {
  const name = `${id}-${index}`;
  const multiple = question.type === "multiple_choice";
  const { controls, read } = multiple ? choices(question, name) : number(name);
  const says = make("p", { className: "says" });
  says.setAttribute("role", "status");
  const button = make("button", { type: "submit", textContent: "Check" });
  button.setAttribute("aria-label", `Check question ${index + 1}`);
  const legend = make("legend", { textContent: `${index + 1}. ${question.question}` });
  const form = make("form", { noValidate: true },
    make("fieldset", {}, legend, ...controls, button, says));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const given = read(form);
    const blank = multiple ? !new FormData(form).has(name) : Number.isNaN(given.number);
    if (blank) {
      form.dataset.state = "blank";
      says.textContent = multiple ? "Choose an answer first." : "Type a number first.";
      return;
    }
    const { right, feedback } = judge(question, given);
    form.dataset.state = right ? "right" : "wrong";
    says.textContent = `${right ? "✓ Right." : "✗ Not yet."} ${feedback}`;
    if (right) solved(index);
  });
  return form;
}

let instances = 0;

function render({ model, el }) {
  const id = `quick-questions-${instances++}`;
  const done = new Set(model.get("solved"));
  const solved = (index) => {
    done.add(index);
    model.set("solved", [...done].sort());
    model.save_changes();
  };
  el.classList.add("quick-questions");
  el.append(...model.get("questions").map((question, i) => block(question, i, id, solved)));
}

export default { render };
