//! Mails: from the transaction that writes them to the server that takes them.

mod outbox;
