// A client with fetch, for browsers and Node: logs in, refreshes the access token when it has expired, logs out.
//
//   node fetch.mjs http://127.0.0.1:8000 alice PASSWORD [SECONDS]

export class Doorward {
  #base;
  #access;
  #refresh;
  #refreshing;

  constructor(base) {
    this.#base = base.replace(/\/$/, "");
  }

  async logIn(username, password) {
    this.#keep(await this.#post("/api/token/", { username, password }));
  }

  /** The JSON at a path. */
  async get(path) {
    let answer = await this.#get(path);
    if (answer.status === 401 && this.#refresh) {
      // Requests that fail together refresh once.
      this.#refreshing ??= this.#post("/api/token/refresh/", { refresh: this.#refresh })
        .then((tokens) => this.#keep(tokens))
        .finally(() => (this.#refreshing = undefined));
      await this.#refreshing;
      answer = await this.#get(path);
    }
    return checked(answer);
  }

  async logOut() {
    await this.#post("/api/token/blacklist/", { refresh: this.#refresh });
    this.#access = this.#refresh = undefined;
  }

  /** With rotation there is a new refresh token, and the old one is used up. */
  #keep({ access, refresh }) {
    this.#access = access;
    this.#refresh = refresh ?? this.#refresh;
  }

  #get(path) {
    return fetch(this.#base + path, { headers: { Authorization: `Bearer ${this.#access}` } });
  }

  async #post(path, body) {
    const headers = { "Content-Type": "application/json" };
    // Without cookies: tokens are in the header.
    const options = { method: "POST", headers, body: JSON.stringify(body), credentials: "omit" };
    return checked(await fetch(this.#base + path, options));
  }
}

async function checked(answer) {
  const text = await answer.text();
  // {"detail": "…"}, or a list of errors for each field.
  if (!answer.ok) throw new Error(`${answer.status}: ${text}`);
  return JSON.parse(text);
}

if (globalThis.process?.argv[1]?.endsWith("fetch.mjs")) {
  const [base, username, password, seconds = 0] = process.argv.slice(2);
  const client = new Doorward(base);
  try {
    await client.logIn(username, password);
    console.log("logged in as", (await client.get("/api/user/")).username);
    await new Promise((resume) => setTimeout(resume, seconds * 1000));
    const users = await Promise.all([1, 2, 3].map(() => client.get("/api/user/")));
    console.log("still", ...new Set(users.map((user) => user.username)));
    await client.logOut();
    console.log("logged out");
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
}
