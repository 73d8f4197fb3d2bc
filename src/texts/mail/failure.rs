//! Why an email was not delivered, and what may help. Each text is a clause, which a server's reply may follow.

texts! {
    mail_refused(server, what) = "{server} rejected {what}" | "{server} hat {what} abgelehnt";
    refused_us() = "the SMTP session" | "die SMTP-Sitzung";
    refused_starttls() = "STARTTLS" | "den Beginn von TLS (STARTTLS)";
    refused_login() = "the username or password" | "den Benutzernamen oder das Passwort";
    refused_no_login() = "an email without a login" | "eine E-Mail ohne Anmeldung";
    refused_sender() = "the sender address" | "die Absenderadresse";
    refused_helo_name() = "the name of this machine (EHLO)" | "den Namen dieses Rechners (EHLO)";
    refused_client() = "the IP address of this machine" | "die IP-Adresse dieses Rechners";
    refused_relaying() = "relaying the email" | "die Weiterleitung der E-Mail";
    refused_quota() = "more emails for now (sending limit)" | "derzeit weitere E-Mails (Sendelimit)";
    refused_recipient() = "the recipient" | "den Empfänger";
    refused_content() = "the email" | "die E-Mail";
    mail_timed_out(server, moment) = "{server} did not answer in time {moment}" | "{server} hat {moment} nicht rechtzeitig geantwortet";
    mail_connection_refused(server) = "{server} refused the connection" | "{server} hat die Verbindung abgelehnt";
    mail_name_not_found(host) = "the host name {host} was not found" | "Der Hostname {host} wurde nicht gefunden";
    mail_network(server, moment) = "the connection to {server} failed {moment}" | "Die Verbindung zu {server} ist {moment} fehlgeschlagen";
    mail_certificate(server) = "the certificate of {server} is not trusted" | "Dem Zertifikat von {server} wird nicht vertraut";
    certificate_unknown_issuer() = "its issuer is unknown to this machine" | "Sein Aussteller ist diesem Rechner nicht bekannt";
    certificate_expired() = "it has expired" | "Es ist abgelaufen";
    certificate_not_yet() = "it is not valid yet" | "Es ist noch nicht gültig";
    certificate_other_name() = "it is for another host name" | "Es gilt für einen anderen Hostnamen";
    mail_tls(server) = "TLS with {server} failed" | "TLS mit {server} ist fehlgeschlagen";
    mail_no_login_offered(server) = "{server} offers no supported login method (PLAIN, LOGIN)"
        | "{server} bietet kein unterstütztes Anmeldeverfahren an (PLAIN, LOGIN)";
    mail_no_starttls(server) = "{server} does not offer STARTTLS" | "{server} bietet STARTTLS nicht an";
    mail_no_smtputf8(server) = "{server} does not accept addresses with letters outside ASCII (SMTPUTF8)"
        | "{server} nimmt keine Adressen mit Buchstaben außerhalb von ASCII an (SMTPUTF8)";
    mail_unwritable() = "the email can’t be addressed" | "Die E-Mail kann nicht adressiert werden";
    mail_not_smtp(server, moment) = "{server} sent a reply that is not SMTP {moment}" | "{server} hat {moment} eine Antwort gesendet, die kein SMTP ist";
    while_name() = "during the DNS lookup" | "bei der DNS-Abfrage";
    while_connecting() = "while connecting" | "beim Verbinden";
    while_tls() = "during STARTTLS" | "bei STARTTLS";
    while_login() = "during the login" | "bei der Anmeldung";
    while_sender() = "after MAIL FROM" | "nach MAIL FROM";
    while_recipient() = "after RCPT TO" | "nach RCPT TO";
    while_content() = "during the transfer of the email" | "bei der Übertragung der E-Mail";
    mail_link_dead() = "its link no longer works: it expired, was withdrawn or was replaced by a newer one"
        | "Ihr Link ist nicht mehr gültig: Er ist abgelaufen, wurde zurückgezogen oder durch einen neueren ersetzt";
    mail_not_rendered() = "its template can’t be rendered" | "Ihre Vorlage kann nicht verarbeitet werden";
    hint_name() = "check mail.smtp.host and the DNS configuration of this machine"
        | "Prüfen Sie mail.smtp.host und die DNS-Konfiguration dieses Rechners";
    hint_wants_tls() = "the server accepts emails over TLS only: set mail.smtp.tls = starttls"
        | "Der Server nimmt E-Mails nur über TLS an: Setzen Sie mail.smtp.tls = starttls";
    hint_wants_login() = "the server requires a login: set mail.smtp.username and mail.smtp.password"
        | "Der Server verlangt eine Anmeldung: Setzen Sie mail.smtp.username und mail.smtp.password";
    hint_nothing_listens() = "no server listens there: check mail.smtp.host and mail.smtp.port"
        | "Dort lauscht kein Server: Prüfen Sie mail.smtp.host und mail.smtp.port";
    hint_connection() = "check mail.smtp.host, mail.smtp.port and firewalls; a server with implicit TLS (usually port 465) needs mail.smtp.tls = implicit"
        | "Prüfen Sie mail.smtp.host, mail.smtp.port und Firewalls; ein Server mit implizitem TLS (meist Port 465) braucht mail.smtp.tls = implicit";
    hint_unknown_issuer() = "for a certificate from your own CA, set mail.smtp.ca_file to the CA certificate; otherwise install the system’s CA certificates (Debian: ca-certificates)"
        | "Für ein Zertifikat Ihrer eigenen CA setzen Sie mail.smtp.ca_file auf das CA-Zertifikat; sonst installieren Sie die CA-Zertifikate des Systems (Debian: ca-certificates)";
    hint_certificate() = "the server needs a valid certificate for the name in mail.smtp.host"
        | "Der Server braucht ein gültiges Zertifikat für den Namen in mail.smtp.host";
    hint_tls_at_once() = "check whether the port uses implicit TLS: port 465 usually does, port 587 does not (starttls)"
        | "Prüfen Sie, ob der Port implizites TLS verwendet: Port 465 meist ja, Port 587 nicht (starttls)";
    hint_starttls() = "use a port that offers STARTTLS (587), or mail.smtp.tls = implicit (465); none sends everything unencrypted"
        | "Verwenden Sie einen Port, der STARTTLS anbietet (587), oder mail.smtp.tls = implicit (465); none sendet alles unverschlüsselt";
    hint_no_login() = "leave mail.smtp.username and mail.smtp.password unset if the server needs no login"
        | "Setzen Sie mail.smtp.username und mail.smtp.password nicht, wenn der Server keine Anmeldung verlangt";
    hint_login() = "check mail.smtp.username and mail.smtp.password" | "Prüfen Sie mail.smtp.username und mail.smtp.password";
    hint_sender() = "this login may not be allowed to send as mail.from" | "Diese Anmeldung darf vielleicht nicht als mail.from senden";
    hint_helo_name() = "set mail.smtp.helo_name to a name of this machine that is in the DNS"
        | "Setzen Sie mail.smtp.helo_name auf einen Namen dieses Rechners, der im DNS steht";
    hint_client() = "the server, or a block list that it uses, does not accept emails from this IP address: send through your provider’s mail server"
        | "Der Server oder eine seiner Sperrlisten nimmt von dieser IP-Adresse keine E-Mails an: Senden Sie über den Mailserver Ihres Anbieters";
    hint_relaying() = "the server sends emails to other domains only after a login or from permitted addresses: set mail.smtp.username and mail.smtp.password, or permit this machine on the server"
        | "Der Server sendet nur nach einer Anmeldung oder von erlaubten Adressen an fremde Domains: Setzen Sie mail.smtp.username und mail.smtp.password, oder erlauben Sie diesen Rechner auf dem Server";
    hint_quota() = "the server limits how many emails it accepts: they are sent when it accepts emails again"
        | "Der Server begrenzt, wie viele E-Mails er annimmt: Sie werden gesendet, sobald er wieder E-Mails annimmt";
}
