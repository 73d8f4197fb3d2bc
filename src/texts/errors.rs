//! What pages say when something went wrong.

use super::Lang;

texts! {
    error_number(status) = "Error {status}" | "Fehler {status}";
    bad_form_heading() = "This form cannot be read" | "Dieses Formular lässt sich nicht lesen";
    bad_form_advice() = "What arrived was not a form of this page. Go back, load the page again, and send the form once more."
        | "Was ankam, war kein Formular dieser Seite. Gehen Sie zurück, laden Sie die Seite neu und senden Sie das Formular noch einmal.";
    bad_filter_heading() = "These filters do not work" | "Diese Filter sind ungültig";
    bad_filter_advice() = "One of them has a value that does not exist, so nothing was selected or downloaded. Go back to the list and correct what it marks."
        | "Einer hat einen Wert, den es nicht gibt. Darum wurde nichts ausgewählt und nichts geladen: Gehen Sie zurück zur Liste und berichtigen Sie, was sie anmerkt.";
    forbidden_heading() = "This is not allowed" | "Das ist nicht erlaubt";
    forbidden_advice() = "Another web site sent this form. If you meant to do it, open the page here and fill it in yourself."
        | "Eine andere Website hat dieses Formular gesendet. Wenn Sie das selbst wollten, öffnen Sie die Seite hier und füllen Sie es aus.";
    not_found_heading() = "There is no page here" | "Hier ist keine Seite";
    not_found_advice() = "The address may be mistyped, or the page may be gone. If you followed a link, ask whoever gave it to you."
        | "Vielleicht ist die Adresse vertippt, oder es gibt die Seite nicht mehr. Wenn Sie einem Link gefolgt sind, fragen Sie, wer ihn Ihnen gegeben hat.";
    wrong_method_heading() = "This page does not work that way" | "So funktioniert diese Seite nicht";
    wrong_method_advice() = "It can be opened, but nothing can be sent to it. Go back and try from there."
        | "Sie lässt sich öffnen, aber ihr lässt sich nichts senden. Gehen Sie zurück und versuchen Sie es von dort.";
    too_slow_heading() = "This took too long" | "Das hat zu lange gedauert";
    too_slow_advice() = "The form did not arrive in time, and nothing was changed. Go back and send it once more."
        | "Das Formular kam nicht rechtzeitig an, und nichts wurde geändert. Gehen Sie zurück und senden Sie es noch einmal.";
    too_large_heading() = "This is too large" | "Das ist zu groß";
    too_large_advice() = "The form holds more than this page accepts. Nothing was changed. Go back and shorten it."
        | "Das Formular enthält mehr, als diese Seite annimmt, und nichts wurde geändert. Gehen Sie zurück und kürzen Sie es.";
    too_many_heading() = "Too many attempts" | "Zu viele Versuche";
    too_many_advice() = "Wait a few minutes, then try again." | "Warten Sie einige Minuten und versuchen Sie es dann noch einmal.";
    busy_heading() = "doorward is busy" | "doorward ist beschäftigt";
    busy_advice() = "Wait a moment, go back, look whether anything was done, and try again."
        | "Warten Sie einen Augenblick, gehen Sie zurück, sehen Sie nach, ob etwas getan wurde, und versuchen Sie es noch einmal.";
    broken_heading() = "Something went wrong here" | "Hier ist etwas schiefgegangen";
    broken_advice() = "It is not your fault. Try again; if it keeps happening, whoever runs this server can find the reason in its log."
        | "Es liegt nicht an Ihnen. Versuchen Sie es noch einmal; wenn es so bleibt, findet der Betreiber dieses Servers den Grund im Protokoll.";
    refused_heading() = "This request was refused" | "Diese Anfrage wurde abgelehnt";
    refused_advice() = "The server did not understand it. Go back and try from there."
        | "Der Server hat sie nicht verstanden. Gehen Sie zurück und versuchen Sie es von dort.";
    to_overview() = "To the overview" | "Zur Übersicht";
    stale_form_heading() = "This form cannot be used" | "Dieses Formular gilt nicht";
    stale_form_advice() = "It is out of date, because you signed in again since it was loaded, or it did not come from a page of this admin. Nothing was changed. Go back, load the page again, and send the form once more."
        | "Es ist veraltet, weil Sie sich neu angemeldet haben, seit es geladen wurde, oder es kam nicht von einer Seite dieser Verwaltung. Nichts wurde geändert. Gehen Sie zurück, laden Sie die Seite neu und senden Sie das Formular noch einmal.";
}

impl Lang {
    /// The heading of the error page for a status of 400 or above.
    #[must_use]
    pub const fn error_heading(self, status: u16) -> &'static str {
        match status {
            400 => self.bad_form_heading(),
            403 => self.forbidden_heading(),
            404 => self.not_found_heading(),
            405 => self.wrong_method_heading(),
            408 => self.too_slow_heading(),
            413 => self.too_large_heading(),
            429 => self.too_many_heading(),
            503 => self.busy_heading(),
            500.. => self.broken_heading(),
            _ => self.refused_heading(),
        }
    }

    /// What to do about it.
    #[must_use]
    pub const fn error_advice(self, status: u16) -> &'static str {
        match status {
            400 => self.bad_form_advice(),
            403 => self.forbidden_advice(),
            404 => self.not_found_advice(),
            405 => self.wrong_method_advice(),
            408 => self.too_slow_advice(),
            413 => self.too_large_advice(),
            429 => self.too_many_advice(),
            503 => self.busy_advice(),
            500.. => self.broken_advice(),
            _ => self.refused_advice(),
        }
    }
}
