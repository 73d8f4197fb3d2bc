// Shows the buttons that copy the text of a field or of another element. Without this script they stay hidden,
// and the text can be selected and copied by hand.
"use strict";
for (const button of document.querySelectorAll("button[data-copies]")) {
  const field = document.getElementById(button.dataset.copies);
  if (!field || !navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select?.();
    await navigator.clipboard.writeText(field.value ?? field.textContent);
    (button.querySelector("span") ?? button).textContent = button.dataset.done;
  });
}
