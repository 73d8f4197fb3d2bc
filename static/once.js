// Sends a form once, however often its button is pressed while the answer is on its way. Without this
// script the server notices, and says that something has changed.
"use strict";
let sent = null;
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form === sent) event.preventDefault();
  sent = form;
});
// Whoever comes back to a page, or stops waiting, may send it again.
addEventListener("pageshow", () => { sent = null; });
addEventListener("keydown", (event) => { if (event.key === "Escape") sent = null; });
