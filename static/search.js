// "/" and Ctrl K lead to the search from everywhere on a page. Without this script the field and the link in the
// header do.
"use strict";
addEventListener("keydown", (event) => {
  const isSlash = event.key === "/" && !event.ctrlKey && !event.altKey && !event.metaKey;
  const isCtrlK = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
  if (!isSlash && !isCtrlK) return;
  const { localName, type } = event.target;
  const isTyping = event.target.isContentEditable || localName === "textarea" || localName === "select" ||
    (localName === "input" && type !== "checkbox" && type !== "radio" && type !== "submit");
  if (isSlash && isTyping) return;
  event.preventDefault();
  const field = document.getElementById("bar-search");
  // On a narrow screen the header has a link in place of the field.
  if (field.offsetParent === null) {
    document.querySelector(".bar-search-link").click();
    return;
  }
  field.focus();
  field.select();
});
