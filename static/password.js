// Adds a button to each password field that shows what was typed, and to a field for a new password a meter
// of its strength. The texts are attributes of this script's element. Without this script neither is there.
"use strict";
const texts = document.currentScript.dataset;

for (const field of document.querySelectorAll("input[type=password]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "reveal";
  button.textContent = texts.show;
  button.setAttribute("aria-controls", field.id);
  // Of a text field, some browsers send the content to a spelling service.
  field.spellcheck = false;
  field.setAttribute("autocapitalize", "none");
  const show = (shown) => {
    field.type = shown ? "text" : "password";
    button.setAttribute("aria-pressed", String(shown));
  };
  show(false);
  button.addEventListener("click", () => { show(field.type === "password"); field.focus(); });
  // A browser offers to save a password only from a password field.
  field.form?.addEventListener("submit", () => show(false));
  field.after(button);
  if (field.autocomplete === "new-password" && field.name === "password") measure(field, button);
}

function measure(field, button) {
  const meter = document.createElement("meter");
  Object.assign(meter, { min: 0, max: 3, low: 2, high: 3, optimum: 3, hidden: true });
  const text = document.createElement("p");
  text.className = "hint";
  text.id = `${field.id}-strength`;
  text.setAttribute("aria-live", "polite");
  meter.setAttribute("aria-labelledby", text.id);
  button.after(meter, text);
  field.addEventListener("input", () => {
    const level = strength(field.value.trim());
    meter.hidden = field.value === "";
    meter.value = level;
    text.textContent = meter.hidden ? "" : [texts.short, texts.weak, texts.fair, texts.good][level];
  });
}

// 0: shorter than the server takes, or digits alone; 1 to 3: by how many characters there are and how many
// of them differ. The server knows more: names, common passwords, breaches.
function strength(typed) {
  const characters = [...typed];
  if (characters.length < Number(texts.min) || /^\p{N}+$/u.test(typed)) return 0;
  const different = new Set(characters.map((c) => c.toLowerCase())).size;
  if (characters.length >= 16 && different >= 8) return 3;
  return characters.length >= 12 && different >= 6 ? 2 : 1;
}
