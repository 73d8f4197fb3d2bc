// Says that something has changed since the page was loaded, and offers to load it again. Asks only while the page is
// in sight, and no more once the session has ended. Without this script the page is loaded again by hand.
"use strict";
const EVERY = 10_000; // Milliseconds.
const notice = document.querySelector("[data-live]");
let asked = 0;

async function ask() {
  if (document.hidden || Date.now() - asked < EVERY / 2) return;
  asked = Date.now();
  let response;
  try {
    response = await fetch(notice.dataset.live, { redirect: "error" });
  } catch {
    return; // The server cannot be reached now.
  }
  if (!response.ok) {
    clearInterval(timer);
    return;
  }
  const count = await response.text();
  if (count === "0") return;
  notice.querySelector("span").textContent = count === "1" ? notice.dataset.one : notice.dataset.many.replace("{n}", count);
  // With what is ticked now.
  notice.querySelector("a").href = location.href;
  notice.hidden = false;
}

const timer = setInterval(ask, EVERY);
document.addEventListener("visibilitychange", ask);
