//! What each setting does, in German. The English sentences are part of the declarations of the settings, and
//! documents are made of them.

use crate::texts::Lang;

/// Makes a table of names and sentences.
macro_rules! sentences {
    ($($name:literal = $help:literal;)*) => {
        &[$(($name, $help)),*]
    };
}

impl Lang {
    /// What a setting does: `english`, as it is declared, in the language of the page.
    #[must_use]
    pub fn setting_help(self, name: &str, english: &'static str) -> &'static str {
        match self {
            Self::English => english,
            Self::German => {
                GERMAN.iter().find(|(known, _)| *known == name).map_or(english, |(_, help)| *help)
            }
        }
    }
}

/// Names and sentences, in the order of the declarations. Code is in backticks, the same as in English.
const GERMAN: &[(&str, &str)] = sentences! {
    "listen" = "IP-Adresse und Port, auf denen der Server Verbindungen annimmt. `0.0.0.0:8000` nimmt Verbindungen von anderen Rechnern an.";
    "database_url" = "Die Datenbank: `sqlite:PATH` oder `postgres://USER:PASSWORD@HOST/DATABASE`.";
    "signing_key" = "Der Schlüssel, der Tokens signiert, mindestens 32 zufällige Zeichen. Ist er nicht gesetzt, wird beim ersten Start einer erzeugt und in der Datenbank gespeichert.";
    "allow_short_signing_key" = "Ob ein `signing_key` mit weniger als 32 Bytes zulässig ist. Ein kurzer Schlüssel lässt sich aus einem Token erraten.";
    "data_key" = "Das Geheimnis, mit dem private Schlüssel in der Datenbank verschlüsselt werden, mindestens 32 zufällige Zeichen. Nicht gesetzt: Die privaten Schlüssel von `tokens.algorithm` liegen dort unverschlüsselt.";
    "public_url" = "Die URL, unter der Browser diesen Server erreichen, etwa `https://accounts.example.com`. Mit `https` sind Cookies `Secure`. Nicht gesetzt: `http://` und der Wert von `listen`.";
    "access_token_lifetime" = "Wie lange ein Access-Token gilt, etwa `15m`, `12h` oder `1d`.";
    "refresh_token_lifetime" = "Wie lange ein Refresh-Token gilt, und damit eine Sitzung, die nicht benutzt wird.";
    "clock_leeway" = "Wie weit die Uhren der Rechner, die Tokens ausstellen und prüfen, voneinander abweichen dürfen, etwa `10s`.";
    "trusted_proxies" = "Die Proxys vor diesem Server, etwa `10.0.0.0/8`. Nur deren `X-Forwarded-For` und `X-Forwarded-Proto` wird geglaubt.";
    "tokens.algorithm" = "Wie Tokens signiert werden. Mit `HS256` kann jeder, der ein Token prüfen kann, auch eines ausstellen. `ES256`, `RS256` und `EdDSA` haben einen öffentlichen Schlüssel für die Dienste, die prüfen, unter `/.well-known/jwks.json`. Nach einer Änderung gelten frühere Tokens, bis sie ablaufen.";
    "tokens.issuer" = "Der Claim `iss` jedes Tokens, etwa `https://accounts.example.com` (`ISSUER` von Simple JWT). Ein Token mit einem anderen oder ohne wird abgelehnt: Eine Änderung beendet alle Tokens.";
    "tokens.audience" = "Der Claim `aud` jedes Tokens (`AUDIENCE` von Simple JWT). Ein Token mit einem anderen oder ohne wird abgelehnt: Eine Änderung beendet alle Tokens.";
    "tokens.rotate_refresh" = "Ob jede Erneuerung auch das Refresh-Token ersetzt. Wird ein ersetztes noch einmal benutzt, endet die Sitzung.";
    "tokens.reuse_grace" = "Wie lange ein ersetztes Refresh-Token noch seinen Nachfolger liefert, falls die Antwort verloren ging oder zwei Anfragen zugleich gesendet wurden.";
    "tokens.session_lifetime" = "Wie lange nach der Anmeldung eine Sitzung endet, auch wenn sie benutzt wird, etwa `30d`. Nicht gesetzt: Eine Sitzung, deren Refresh-Tokens ersetzt werden, endet nie.";
    "tokens.sliding" = "Ob `/api/token/sliding/` gleitende Tokens von Simple JWT ausstellt, die wie Zugriffs-Tokens gelten und sich selbst erneuern lassen.";
    "tokens.sliding_lifetime" = "Wie lange ein gleitendes Token nach Ausstellung oder Erneuerung gilt.";
    "tokens.sliding_refresh_lifetime" = "Wie lange nach der Anmeldung sich ein gleitendes Token erneuern lässt, solange es nicht abgelaufen ist.";
    "tokens.user_id_claim" = "Der Name des Claims mit der ID des Benutzers (`USER_ID_CLAIM` von Simple JWT). Eine Änderung beendet alle Tokens.";
    "tokens.claims" = "Was Zugriffs-Tokens außerdem über den Benutzer sagen, wie er bei Ausstellung oder Erneuerung ist: `username`, `email`, `groups` und `is_staff` (wer die Verwaltung öffnen darf). Wer das Token hat, kann es lesen.";
    "keys.rotate_every" = "Wie lange ein Schlüssel signiert, bis der nächste ihn ersetzt, etwa `90d`. Nicht gesetzt: bis zu `doorward keys rotate`.";
    "keys.publish_for" = "Wie lange ein neuer Schlüssel veröffentlicht ist, bevor er signiert. Länger, als Dienste eine Kopie von `/.well-known/jwks.json` behalten; das sind 5 Minuten bei denen, die seine Header beachten.";
    "api.auth_header_types" = "Die Wörter, die in `Authorization` vor dem Token stehen dürfen, etwa `Bearer, JWT`, in genau dieser Groß- und Kleinschreibung (wie `AUTH_HEADER_TYPES` von Simple JWT). Das erste steht in `WWW-Authenticate`.";
    "api.user_id" = "Ob `GET /api/user/` auch die `id` des Benutzers nennt.";
    "api.schema" = "Ob `/api/schema/` ein OpenAPI-Dokument der API liefert und `/api/docs/` eine Seite darüber. Beide nennen die Endpunkte, die jedes doorward hat, und `public_url`, aber keinen Benutzer.";
    "api.djoser" = "Der Pfad, unter dem die Endpunkte von djoser stehen, etwa `/auth`, für Frontends, die dafür geschrieben sind. Nicht gesetzt: keine.";
    "api.dj_rest_auth" = "Der Pfad, unter dem die Endpunkte von dj-rest-auth stehen, etwa `/dj-rest-auth`, für Frontends, die dafür geschrieben sind. Nicht gesetzt: keine. Das Refresh-Cookie wird dann an alle Pfade gesendet, wie dort.";
    "cookies.access_name" = "Der Name des Cookies mit dem Access-Token.";
    "cookies.refresh" = "Ob eine Anmeldung auch ein Cookie mit dem Refresh-Token setzt, das nur an die Token-Endpunkte gesendet wird.";
    "cookies.refresh_name" = "Der Name des Cookies mit dem Refresh-Token.";
    "cookies.domain" = "Die Domain, deren Server alle die Cookies erhalten, etwa `example.com`. Nicht gesetzt: nur dieser Server.";
    "cookies.same_site" = "Das Attribut `SameSite` der Cookies. `None` ist für Frontends auf anderen Websites und braucht `https` in `public_url`.";
    "cookies.host_prefix" = "Ob die Namen der Cookies mit `__Host-` beginnen, sodass kein anderer Host der Domain sie setzen kann. Braucht `https` in `public_url` und kein `cookies.domain`; das Refresh-Cookie wird dann an alle Pfade gesendet.";
    "database.pool" = "Nur PostgreSQL: wie viele Verbindungen dieser Prozess höchstens öffnet.";
    "database.connect_timeout" = "Nur PostgreSQL: wie lange eine Anfrage auf eine Verbindung wartet, bevor sie mit 503 beantwortet wird.";
    "database.statement_timeout" = "Nur PostgreSQL: wie lange der Server für eine Abfrage brauchen darf, bevor die Anfrage mit 503 beantwortet wird.";
    "database.startup_timeout" = "Nur PostgreSQL: wie lange ein Start auf einen Server wartet, der noch nicht antwortet.";
    "password.min_length" = "Wie viele Zeichen ein neues Passwort mindestens hat. Der ASVS von OWASP verlangt 12.";
    "password.breach_list" = "Eine Datei mit Passwörtern aus Datenlecks, die kein neues Passwort sein darf: bis zu 64 MiB Passwörter oder SHA-1-Hashes, je einer pro Zeile; oder eine Liste beliebiger Größe, wie Have I Been Pwned sie zum Herunterladen anbietet, nach Hash (SHA-1) geordnet, die auf der Platte durchsucht wird. Eine Anmeldung mit einem solchen Passwort wird protokolliert.";
    "password.cost" = "Der bcrypt-Aufwand neuer Passwort-Hashes. Jede Stufe verdoppelt die Arbeit, für Angreifer und für diesen Server. `doorward tune` empfiehlt einen Wert.";
    "password.required_for_email_change" = "Ob ein Benutzer das aktuelle Passwort als `password` senden muss, um die E-Mail-Adresse über die API zu ändern. Sonst genügt das Access-Token, wie beim Referenzserver.";
    "password.threads" = "Wie viele Threads Passwörter hashen. `0` bedeutet einen je Prozessorkern.";
    "password.queue" = "Wie viele Passwort-Hashes warten dürfen, bevor weitere Anmeldungen mit 503 beantwortet werden.";
    "password.max_wait" = "Wie lange eine Anmeldung auf den Beginn ihres Hashes warten darf. Würde sie länger warten, wird sie sofort mit 503 und der Zeit bis zum nächsten Versuch beantwortet. Eine angenommene Anmeldung wartet höchstens das 1,5-Fache von `max_wait`, dann wird sie ebenso beantwortet.";
    "password.foreign_memory" = "Wie viel Arbeitsspeicher alle Passwort-Hashes von argon2 und scrypt, die ein anderer Server erzeugt hat, gleichzeitig belegen dürfen. Einer von Django braucht 100 MiB (argon2) oder 16 MiB (scrypt). Ein Hash, der allein mehr braucht, kann nicht geprüft werden.";
    "registration.mode" = "Welche Registrierungen die API annimmt: alle (`open`), solche mit Einladung (`invite`) oder keine (`closed`). `DOORWARD_REGISTRATION` und `--set registration=…` sind Kurzformen.";
    "registration.hide_existing" = "Ob eine Registrierung mit der E-Mail-Adresse eines Kontos so beantwortet wird, als hätte sie geklappt, und stattdessen der Inhaber eine E-Mail erhält. Mit einem neuen Konto kann man sich dann erst anmelden, wenn die E-Mail-Adresse bestätigt ist.";
    "registration.unconfirmed_retention" = "Wie lange nach der Registrierung ein Konto gelöscht wird, dessen E-Mail-Adresse nicht bestätigt wurde und mit dem nie eine Anmeldung gelang. Nicht gesetzt: nie.";
    "account.pages" = "Ob dieser Server Seiten für Benutzer hat: zum Anmelden, zum Registrieren und unter `/account` für das eigene Konto. Ohne sie sind diese Adressen 404.";
    "account.change" = "Was Benutzer am eigenen Konto ändern dürfen, auf dessen Seiten und über die API: `name`, `email`, `password`, und `delete` für das Konto selbst. Ein vergessenes Passwort lässt sich immer zurücksetzen.";
    "account.new_ids" = "Die IDs neuer Benutzer, wie Clients sie sehen: `integer`, `uuid4` oder `uuid7` (RFC 9562). `auto` ist `integer`; wo Benutzer mit UUIDs importiert wurden, eine UUID derselben Version, und wo deren IDs andere Texte sind, `uuid4`.";
    "account.delete_after" = "Wie lange nach der Anforderung ein Konto gelöscht wird, etwa `14d`. Bis dahin kann sich niemand damit anmelden, und ein Administrator kann die Löschung zurücknehmen. `0s` löscht sofort.";
    "account.remember_deleted" = "Wie lange gespeichert bleibt, dass ein Konto gelöscht wurde, damit eine wiederhergestellte Sicherung oder ein Import es nicht zurückbringt. So lange wie die älteste Sicherung, die Sie wiederherstellen würden.";
    "account.new_place_mail" = "Ob Benutzer eine E-Mail über eine Anmeldung von einem Ort erhalten, der für sie neu ist: In den letzten 90 Tagen kam keine Anmeldung aus einem Netz in der Nähe. Höchstens eine am Tag, und keine bei der ersten Anmeldung.";
    "account.confirm_email_url" = "Die Seite eines Frontends, die der Link in einer E-Mail zum Bestätigen einer E-Mail-Adresse öffnet, etwa `https://app.example.com/activate/{uid}/{token}` (`ACTIVATION_URL` von djoser). `{key}` ist dasselbe wie `{token}`. Nicht gesetzt: eine Seite dieses Servers.";
    "account.reset_password_url" = "Die Seite eines Frontends, die der Link in einer E-Mail zum Setzen eines neuen Passworts öffnet, etwa `https://app.example.com/reset/{uid}/{token}` (`PASSWORD_RESET_CONFIRM_URL` von djoser). Nicht gesetzt: eine Seite dieses Servers.";
    "limits.enabled" = "Ob fehlgeschlagene Anmeldungen, Registrierungen, Änderungen von Namen und Adressen, angeforderte E-Mails, Erneuerungen und Sitzungen begrenzt sind.";
    "limits.failed_logins_per_account" = "Wie viele Anmeldungen mit einem Benutzernamen oder einer E-Mail-Adresse, wie eingegeben, im Zeitraum höchstens fehlschlagen dürfen.";
    "limits.failed_logins_per_address" = "Wie viele Anmeldungen von einer IP-Adresse im Zeitraum höchstens fehlschlagen dürfen.";
    "limits.failed_logins_per_hour" = "Wie viele falsche Passwörter für ein Konto in einer Stunde höchstens zulässig sind, auf allen Wegen zusammen: mit Benutzername, mit E-Mail-Adresse, in der Verwaltung und mit dem alten Passwort.";
    "limits.bad_tokens_per_address" = "Wie viele ungültige Tokens und Schlüssel von Links von einer IP-Adresse im Zeitraum der fehlgeschlagenen Anmeldungen höchstens zulässig sind.";
    "limits.failed_logins_window" = "Wie lange eine fehlgeschlagene Anmeldung oder ein ungültiges Token zählt.";
    "limits.mails_per_account" = "Wie viele E-Mails einer Art (Bestätigung, Zurücksetzen des Passworts) für eine E-Mail-Adresse im Zeitraum höchstens angefordert werden dürfen.";
    "limits.mails_per_address" = "Wie viele E-Mails einer Art eine IP-Adresse im Zeitraum höchstens anfordern darf.";
    "limits.mails_window" = "Wie lange eine angeforderte E-Mail zählt.";
    "limits.registrations_per_account" = "Wie viele Registrierungen mit einer E-Mail-Adresse und wie viele Änderungen der E-Mail-Adresse, des Benutzernamens und des Passworts eines Kontos im Zeitraum höchstens zulässig sind.";
    "limits.registrations_per_address" = "Wie viele Registrierungen und Änderungen einer E-Mail-Adresse oder eines Benutzernamens von einer IP-Adresse im Zeitraum höchstens zulässig sind.";
    "limits.registrations_window" = "Wie lange eine Registrierung zählt.";
    "limits.refreshes_per_session" = "Wie oft eine Sitzung im Zeitraum höchstens erneuert werden darf.";
    "limits.refreshes_per_account" = "Wie oft ein Konto im Zeitraum höchstens erneuern darf, alle Sitzungen zusammen.";
    "limits.refreshes_window" = "Wie lange eine Erneuerung zählt.";
    "limits.sessions_per_account" = "Wie viele Sitzungen ein Konto höchstens hat. Eine weitere Anmeldung beendet die Sitzung, die am längsten nicht benutzt wurde.";
    "limits.recorded_logins_per_account" = "Wie viele An- und Abmeldungen eines Kontos in einer Stunde einzeln protokolliert werden. Von weiteren wird eine pro Minute protokolliert.";
    "limits.max_body" = "Wie groß eine Anfrage höchstens sein darf, in Bytes oder etwa `64 KiB` oder `4 MiB`.";
    "admin.session_lifetime" = "Wie lange ein Administrator höchstens angemeldet bleibt.";
    "admin.session_idle_timeout" = "Wie lange ein Administrator, der nichts tut, angemeldet bleibt.";
    "admin.reauthenticate_after" = "Wie lange nach der Eingabe des Passworts gefährliche Aktionen erneut danach fragen.";
    "admin.csv_bom" = "Ob exportierte CSV-Dateien mit einer Byte-Reihenfolge-Markierung (BOM) beginnen, an der Excel UTF-8 erkennt. Andere Programme halten sie womöglich für einen Teil des ersten Spaltennamens.";
    "audit.keep" = "Wie lange ein Eintrag im Protokoll bleibt. Ein Eintrag hält fest, wie viele ältere entfernt wurden, sodass sich die Kette weiterhin prüfen lässt. Nicht gesetzt: Alle bleiben.";
    "cors.allowed_origins" = "Andere Ursprünge, deren Seiten die API mit Cookies aufrufen dürfen, etwa `https://app.example.com`, oder `capacitor://localhost` für eine App. `null` und Platzhalter werden abgelehnt.";
    "cors.allowed_headers" = "Anfrage-Header, die Seiten dieser Ursprünge setzen dürfen, außer `accept`, `authorization`, `content-type`, `user-agent`, `x-csrftoken` und `x-requested-with`; etwa `sentry-trace, baggage, traceparent, cache-control`.";
    "site.name" = "Der Name der Website in E-Mails und auf den Seiten, die deren Links öffnen.";
    "site.url" = "Die Adresse der Website selbst, etwa `https://www.example.com`: Dorthin führen die letzten Seiten von Links und das Ende jeder E-Mail. Nicht gesetzt: Sie führen zur Kontoseite.";
    "site.colour" = "Die Akzentfarbe von E-Mails und Seiten. Seiten verdunkeln oder erhellen sie, soweit die Lesbarkeit es verlangt.";
    "site.logo" = "Die Datei mit dem Logo von Seiten und E-Mails: PNG, JPEG, GIF, WebP oder SVG, bis zu 256 KiB. Ein SVG verliert seine Skripte und Links. E-Mails haben nur ein PNG, JPEG oder GIF, da wenige Mailprogramme die anderen anzeigen. Nicht gesetzt: Seiten haben den ersten Buchstaben des Namens der Website.";
    "site.change_password_url" = "Die Seite eines Frontends, auf der Benutzer ihr Passwort ändern. `/.well-known/change-password`, wo Passwortmanager danach suchen, führt dorthin; nicht gesetzt: zu `/account/security`.";
    "site.time_zone" = "Die Zeitzone der Zeitangaben in der Verwaltung, etwa `Europe/Berlin`, für Administratoren, die keine eigene gewählt haben.";
    "mail.from" = "Der Absender von E-Mails, etwa `Example <accounts@example.com>`. Ohne ihn wird keine gesendet.";
    "mail.language" = "Die Sprache von E-Mails an Leser, deren Sprache nicht bekannt ist: `en` oder `de`. Die Sprache eines Lesers ist die gewählte, sonst die, die sein Browser bei der letzten Anmeldung verlangt hat.";
    "mail.templates" = "Ein Ordner mit Vorlagen ganzer E-Mails, Datei für Datei: Ein Ordner nur mit `confirm_email.txt` ändert nur diese. Sie gehen Texten vor, die in der Verwaltung bearbeitet wurden.";
    "mail.attempts" = "Wie oft eine E-Mail dem Mailserver angeboten wird, bevor sie aufgegeben wird. Die erste Pause ist 30s, ab der fünften sind es 6h, sodass 10 Versuche 31 Stunden dauern. Solange der Mailserver gar keine E-Mail annimmt, wird keine aufgegeben.";
    "mail.retention" = "Wie lange eine E-Mail im Postausgang bleibt, nachdem sie gesendet, verworfen oder aufgegeben wurde.";
    "mail.smtp.host" = "Der Mailserver, etwa `smtp.example.com`. Nicht gesetzt: E-Mails warten im Postausgang.";
    "mail.smtp.port" = "Der Port des Mailservers. Nicht gesetzt: 587 bei `starttls`, 465 bei `implicit`, 25 bei `none`.";
    "mail.smtp.tls" = "Wann TLS beginnt: `starttls` (nach der Begrüßung; ein Server, der es nicht anbietet, wird abgelehnt), `implicit` (sofort) oder `none` (nie; Benutzername und Passwort sind unterwegs lesbar).";
    "mail.smtp.username" = "Der Benutzername für den Mailserver. Braucht `mail.smtp.password`.";
    "mail.smtp.password" = "Das Passwort zum Benutzernamen.";
    "mail.smtp.timeout" = "Wie lange das Senden einer E-Mail dauern darf, vom Verbinden bis zur letzten Antwort.";
    "mail.smtp.helo_name" = "Der Name dieses Rechners in EHLO, etwa `accounts.example.com`. Nicht gesetzt: der Host von `public_url`.";
    "mail.smtp.ca_file" = "Eine PEM-Datei mit Zertifizierungsstellen, denen außer denen des Systems vertraut wird, für einen Server mit selbst signiertem Zertifikat.";
    "log.level" = "Die am wenigsten schweren Meldungen, die ins Log kommen.";
    "log.format" = "Das Format der Log-Zeilen. `auto` ist auf einem Terminal für Menschen lesbar, sonst JSON.";
    "server.workers" = "Wie viele Threads Anfragen beantworten. `0` bedeutet einen je Prozessorkern.";
    "server.hsts" = "Wie lange Browser nach jedem Besuch für den Host von `public_url`, auf allen seinen Ports, nur https benutzen (HTTP Strict Transport Security). Nur mit `https` in `public_url`; `off` sendet keinen solchen Header.";
    "server.shutdown_timeout" = "Wie lange ein Server, der beendet wird, auf laufende Anfragen wartet.";
    "server.idle_timeout" = "Wie lange eine Verbindung ohne Anfrage offen bleibt. Länger, als der Proxy davor sie hält, damit dieser sie schließt: Caddy nach 2 Minuten, die Load Balancer von Google nach 10.";
    "server.max_connections" = "Wie viele Verbindungen es höchstens zugleich gibt. Weniger, wenn der Prozess nicht so viele Dateien öffnen darf; ein Viertel davon bleibt für anderes frei. Eine weitere Verbindung schließt die, die am längsten unbenutzt ist.";
    "server.max_connections_per_address" = "Wie viele Verbindungen von einer IP-Adresse es höchstens zugleich gibt, außer von diesem Rechner und `trusted_proxies`.";
};
