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
// After going back to the page, or stopping the request, the form can be sent again.
addEventListener("pageshow", () => { sent = null; });
addEventListener("keydown", (event) => { if (event.key === "Escape") sent = null; });
