// Ticks of the list of users: a checkbox for the page, Shift for a range, a running count, and the address that keeps
// them for the way back. Without this script the buttons of the list do the same.
"use strict";
const MAX_IN_ADDRESS = 200; // As in src/web/lists/selection.rs.
const list = document.querySelector(".list-form");
const boxes = [...list.querySelectorAll("tbody .tick input")];
const head = document.getElementById("tick-page");
const count = document.querySelector("#selected b");
const elsewhere = () => [...list.querySelectorAll("input[type=hidden][name=id]")];

function update() {
  const ticked = boxes.filter((box) => box.checked);
  head.checked = ticked.length === boxes.length;
  head.indeterminate = ticked.length > 0 && !head.checked;
  const ids = [...elsewhere(), ...ticked].map((field) => field.value);
  count.textContent = ids.length;
  const address = new URL(location.href);
  address.searchParams.delete("sel");
  if (ids.length > 0) address.searchParams.set("sel", ids.slice(0, MAX_IN_ADDRESS).join("."));
  if (address.href !== location.href) history.replaceState(history.state, "", address);
}

let last = null;
function tick(event) {
  if (event.shiftKey && last !== null) {
    const [from, to] = [boxes.indexOf(last), boxes.indexOf(event.target)].sort((one, two) => one - two);
    for (const box of boxes.slice(from, to + 1)) box.checked = event.target.checked;
  }
  last = event.target;
  update();
}

// Where all matching users are selected, no single tick can be changed.
if (count !== null) {
  head.hidden = false;
  document.getElementById("select-page").hidden = true;
  for (const box of boxes) box.addEventListener("click", tick);
  head.addEventListener("change", () => {
    for (const box of boxes) box.checked = head.checked;
    update();
  });
  document.getElementById("clear").addEventListener("click", (event) => {
    event.preventDefault();
    for (const field of elsewhere()) field.remove();
    for (const box of boxes) box.checked = false;
    list.querySelector(".selection-bar").classList.remove("is-active");
    update();
  });
  addEventListener("pageshow", update);
}

// A user's page leads back to the list with its ticks.
for (const kind of ["mousedown", "click"]) {
  list.addEventListener(kind, (event) => {
    const link = event.target.closest("tbody th a");
    if (link === null) return;
    const target = new URL(link.href);
    target.searchParams.set("back", location.pathname + location.search);
    link.href = target;
  });
}
