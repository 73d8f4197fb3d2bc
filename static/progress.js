// Shows how far a bulk action is, without loading the page again. Asks while the page is in sight. Without this script
// the button loads the page again.
"use strict";
const EVERY = 1000; // Milliseconds.
const button = document.getElementById("bulk-refresh");

async function look() {
  if (document.hidden) return;
  const response = await fetch(button.dataset.progress, { redirect: "error" }).catch(() => null);
  if (response === null) return; // The server cannot be reached now.
  if (!response.ok) {
    clearInterval(timer);
    return;
  }
  const { handled, total, text, state, is_open: isOpen } = await response.json();
  const progress = document.getElementById("bulk-progress");
  // The page was loaded before the users were counted.
  if (progress === null && total > 0) {
    location.reload();
    return;
  }
  if (progress !== null) {
    progress.value = handled;
    document.getElementById("bulk-handled").textContent = text;
  }
  const line = document.getElementById("bulk-state");
  if (line.textContent !== state) line.textContent = state;
  if (isOpen) return;
  clearInterval(timer);
  for (const part of document.querySelectorAll(".bulk-running")) part.hidden = true;
  button.textContent = button.dataset.done;
}

const timer = setInterval(look, EVERY);
look();
