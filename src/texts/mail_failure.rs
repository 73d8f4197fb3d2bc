//! Why a mail did not leave, and what may help. Each is a clause: what a server said may follow it.

texts! {
    mail_refused(server, what) = "{server} refused {what}" | "{server} lehnte {what} ab";
    refused_us() = "us" | "uns";
    refused_starttls() = "STARTTLS" | "den Beginn von TLS (STARTTLS)";
    refused_login() = "the user name or the password" | "den Benutzernamen oder das Passwort";
    refused_sender() = "the sender" | "den Absender";
    refused_recipient() = "the recipient" | "den Empfänger";
    refused_content() = "the mail" | "die Mail";
    mail_timed_out(server, moment) = "{server} did not answer in time {moment}" | "{server} antwortete {moment} nicht rechtzeitig";
    mail_connection_refused(server) = "{server} refused the connection" | "{server} lehnte die Verbindung ab";
    mail_name_not_found(host) = "the name {host} was not found" | "Der Name {host} wurde nicht gefunden";
    mail_network(server, moment) = "the connection to {server} failed {moment}" | "Die Verbindung zu {server} scheiterte {moment}";
    mail_certificate(server) = "the certificate of {server} is not trusted" | "Dem Zertifikat von {server} wird nicht getraut";
    certificate_of_stranger() = "this machine does not know who made it" | "Dieser Rechner kennt nicht, wer es ausgestellt hat";
    certificate_expired() = "it has expired" | "Es ist abgelaufen";
    certificate_not_yet() = "it is not good yet" | "Es gilt noch nicht";
    certificate_other_name() = "it is for another name" | "Es gilt für einen anderen Namen";
    mail_tls(server) = "TLS with {server} failed" | "TLS mit {server} misslang";
    mail_no_login_offered(server) = "{server} offers no login that is known here (PLAIN, LOGIN)"
        | "{server} bietet keine Anmeldung an, die hier bekannt ist (PLAIN, LOGIN)";
    mail_no_starttls(server) = "{server} does not offer STARTTLS" | "{server} bietet STARTTLS nicht an";
    mail_unwritable() = "the mail cannot be addressed" | "Die Mail lässt sich nicht adressieren";
    mail_gibberish(server, moment) = "{server} sent something that is not SMTP {moment}" | "{server} sagte {moment} etwas, das kein SMTP ist";
    while_name() = "while looking up its name" | "beim Nachschlagen des Namens";
    while_connecting() = "while connecting" | "beim Verbinden";
    while_tls() = "while beginning TLS" | "beim Beginn von TLS";
    while_login() = "while logging in" | "beim Anmelden";
    while_sender() = "while naming the sender" | "beim Nennen des Absenders";
    while_recipient() = "while naming the recipient" | "beim Nennen des Empfängers";
    while_content() = "while handing over the mail" | "beim Übergeben der Mail";
    mail_link_dead() = "its link has run out: it expired, was withdrawn, or a newer one took its place"
        | "Ihr Link gilt nicht mehr: Er ist abgelaufen, wurde zurückgezogen oder durch einen neueren ersetzt";
    mail_no_words() = "it cannot be composed" | "Sie lässt sich nicht erstellen";
    hint_name() = "check mail.smtp.host, and that this machine can look up names"
        | "Prüfen Sie mail.smtp.host, und ob dieser Rechner Namen nachschlagen kann";
    hint_wants_tls() = "the server takes mails over TLS only: set mail.smtp.tls = starttls"
        | "Der Server nimmt Mails nur über TLS an: Setzen Sie mail.smtp.tls = starttls";
    hint_wants_login() = "the server wants a login: set mail.smtp.username and mail.smtp.password"
        | "Der Server verlangt eine Anmeldung: Setzen Sie mail.smtp.username und mail.smtp.password";
    hint_nothing_listens() = "nothing listens there: check mail.smtp.host and mail.smtp.port"
        | "Dort lauscht nichts: Prüfen Sie mail.smtp.host und mail.smtp.port";
    hint_connection() = "check mail.smtp.host, mail.smtp.port and firewalls; a server that begins with TLS (usually port 465) needs mail.smtp.tls = implicit"
        | "Prüfen Sie mail.smtp.host, mail.smtp.port und Firewalls; ein Server, der mit TLS beginnt (meist Port 465), braucht mail.smtp.tls = implicit";
    hint_stranger() = "if the server's certificate is of your own making, name its authority with mail.smtp.ca_file; otherwise install the system's certificates (Debian: ca-certificates)"
        | "Haben Sie das Zertifikat des Servers selbst ausgestellt, geben Sie dessen Aussteller mit mail.smtp.ca_file an; sonst installieren Sie die Zertifikate des Systems (Debian: ca-certificates)";
    hint_certificate() = "the server needs a certificate that is good now, and for the name in mail.smtp.host"
        | "Der Server braucht ein Zertifikat, das jetzt gilt, und für den Namen in mail.smtp.host";
    hint_tls_at_once() = "does TLS begin at once there? Usually it does on port 465, and not on 587 (starttls)"
        | "Beginnt TLS dort sofort? Auf Port 465 meist ja, auf 587 (starttls) nicht";
    hint_starttls() = "use a port that offers STARTTLS (587), or mail.smtp.tls = implicit (465); none sends everything in clear"
        | "Nehmen Sie einen Port, der STARTTLS anbietet (587), oder mail.smtp.tls = implicit (465); none sendet alles im Klartext";
    hint_no_login() = "leave mail.smtp.username and mail.smtp.password unset if the server asks for no login"
        | "Lassen Sie mail.smtp.username und mail.smtp.password weg, wenn der Server keine Anmeldung verlangt";
    hint_login() = "check mail.smtp.username and mail.smtp.password" | "Prüfen Sie mail.smtp.username und mail.smtp.password";
    hint_sender() = "this login may not be allowed to send as mail.from" | "Diese Anmeldung darf vielleicht nicht als mail.from senden";
}
