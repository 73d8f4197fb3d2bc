// A front end that logs people in at a doorward on another origin, by cookies that it never sees.
// The address of doorward is in its own: index.html?api=https://accounts.example.com

const api = new URLSearchParams(location.search).get("api");

// `credentials: "include"` has the browser take and send the cookies.
async function call(method, path, body) {
  const json = body && { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  const answer = await fetch(api + path, { method, credentials: "include", ...json });
  return `${answer.status} ${await answer.text()}`;
}

// What an answer says; of one that the browser keeps from this page, only that.
async function show(asked) {
  const said = document.querySelector("#said");
  said.textContent = "";
  said.textContent = await asked.catch((error) => `nothing: ${error.message}`);
}

document.querySelector("#log-in").addEventListener("submit", (event) => {
  event.preventDefault();
  show(call("POST", "/api/login/", Object.fromEntries(new FormData(event.target))));
});
document.querySelector("#who").addEventListener("click", () => show(call("GET", "/api/user/")));
document.querySelector("#refresh").addEventListener("click", () => show(call("POST", "/api/token/refresh/")));
document.querySelector("#log-out").addEventListener("click", () => show(call("POST", "/api/logout/")));
