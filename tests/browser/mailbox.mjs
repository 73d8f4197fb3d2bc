// A mail server that accepts and stores every mail, so that a test can open the links in them. One that
// requires TLS and a login is in tests/it/mail/.

import { once } from "node:events";
import { createServer } from "node:net";

import { atEnd } from "./ending.mjs";

const LINK = /https?:\/\/\S+\/(confirm-email|undo-email|not-me|reset-password|accept-invite)\/[A-Za-z0-9_-]{43}/;

/** Accepts mails until the test `t` ends, or until `close()`; after that connections are refused. */
export async function openMailbox(t) {
  const mails = [];
  const connections = new Set();
  const server = createServer((connection) => {
    connections.add(connection.on("close", () => connections.delete(connection)));
    connection.on("error", () => {});
    converse(connection, mails);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  const close = async () => {
    if (!server.listening) return;
    server.close();
    for (const connection of connections) connection.destroy();
    await once(server, "close");
  };
  atEnd(t, close);
  return {
    /** The settings with which doorward sends its mails here. */
    settings: {
      "mail.from": "Example <accounts@example.com>",
      "mail.smtp.host": "127.0.0.1",
      "mail.smtp.port": port,
      "mail.smtp.tls": "none",
    },
    close,
    /** The link of a kind, such as `accept-invite`, in the last mail to `address` with one. */
    async link(address, kind) {
      for (let tries = 0; tries < 200; tries++) {
        const ours = mails.filter((mail) => mail.to === address).map((mail) => LINK.exec(mail.text));
        const found = ours.findLast((link) => link?.[1] === kind);
        if (found) return found[0];
        await new Promise((resume) => setTimeout(resume, 50));
      }
      throw new Error(`no mail to ${address} with a link to ${kind}; there are ${mails.map((mail) => mail.to)}`);
    },
  };
}

/** The part of RFC 5321 that doorward uses. */
function converse(connection, mails) {
  let [unread, to, data] = ["", "", undefined];
  const say = (line) => connection.write(`${line}\r\n`);
  const take = (line) => {
    if (data !== undefined) {
      if (line !== ".") return void data.push(line.replace(/^\./, ""));
      mails.push({ to, text: decoded(data.join("\n")) });
      data = undefined;
      return say("250 kept");
    }
    const verb = line.slice(0, 4).toUpperCase();
    if (verb === "QUIT") return connection.end("221 bye\r\n");
    if (verb === "RCPT") to = /<(.*)>/.exec(line)[1];
    if (verb === "DATA") data = [];
    say(verb === "DATA" ? "354 go on" : "250 ok");
  };
  say("220 mailbox");
  connection.on("data", (bytes) => {
    const lines = (unread + bytes).split("\r\n");
    unread = lines.pop();
    lines.forEach(take);
  });
}

/** Decodes quoted-printable as far as links need it (RFC 2045 §6.7). */
function decoded(text) {
  return text.replaceAll("=\n", "").replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
}
