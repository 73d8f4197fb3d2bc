//! Error pages.

use super::Lang;

texts! {
    error_number(status) = "Error {status}" | "Fehler {status}";
    bad_form_heading() = "Invalid form" | "Ungültiges Formular";
    bad_form_advice() = "The submitted data is not a form of this page. Go back, reload the page and submit the form again."
        | "Die gesendeten Daten sind kein Formular dieser Seite. Gehen Sie zurück, laden Sie die Seite neu und senden Sie das Formular erneut.";
    bad_filter_heading() = "Invalid filters" | "Ungültige Filter";
    bad_filter_advice() = "A filter has an invalid value, so nothing was selected or downloaded. Go back to the list and correct the marked filters."
        | "Ein Filter hat einen ungültigen Wert. Darum wurde nichts ausgewählt oder heruntergeladen. Gehen Sie zurück zur Liste und korrigieren Sie die markierten Filter.";
    forbidden_heading() = "Not allowed" | "Nicht erlaubt";
    forbidden_advice() = "This form was submitted by another website. If you intended this, open the page here and fill in the form."
        | "Dieses Formular wurde von einer anderen Website gesendet. Wenn Sie das beabsichtigt haben, öffnen Sie die Seite hier und füllen Sie das Formular aus.";
    not_found_heading() = "Page not found" | "Seite nicht gefunden";
    not_found_advice() = "The link may be wrong or out of date." | "Der Link ist vielleicht falsch oder veraltet.";
    wrong_method_heading() = "Method not allowed" | "Methode nicht erlaubt";
    wrong_method_advice() = "This page does not accept this kind of request. Go back and try again from there."
        | "Diese Seite nimmt diese Art von Anfrage nicht an. Gehen Sie zurück und versuchen Sie es von dort erneut.";
    too_slow_heading() = "Request timed out" | "Zeitüberschreitung";
    too_slow_advice() = "The form did not arrive in time. Nothing was changed. Go back and submit it again."
        | "Das Formular kam nicht rechtzeitig an. Es wurde nichts geändert. Gehen Sie zurück und senden Sie es erneut.";
    too_large_heading() = "Form too large" | "Formular zu groß";
    too_large_advice() = "The form contains more data than this page accepts. Nothing was changed. Go back and shorten it."
        | "Das Formular enthält mehr Daten, als diese Seite annimmt. Es wurde nichts geändert. Gehen Sie zurück und kürzen Sie es.";
    too_many_heading() = "Too many attempts" | "Zu viele Versuche";
    too_many_advice() = "Wait a few minutes, then try again." | "Warten Sie einige Minuten und versuchen Sie es dann erneut.";
    busy_heading() = "Server busy" | "Server ausgelastet";
    busy_advice() = "Wait a moment and go back. Check whether your changes were saved before you try again."
        | "Warten Sie einen Augenblick und gehen Sie zurück. Prüfen Sie, ob Ihre Änderungen gespeichert wurden, bevor Sie es erneut versuchen.";
    broken_heading() = "Something went wrong" | "Etwas ist schiefgegangen";
    broken_advice() = "This is an error on the server. Try again. If it keeps happening, the operator of this server can find the reason in its log."
        | "Auf dem Server ist ein Fehler aufgetreten. Versuchen Sie es erneut. Bleibt der Fehler bestehen, findet der Betreiber dieses Servers den Grund im Log.";
    refused_heading() = "Request rejected" | "Anfrage abgelehnt";
    refused_advice() = "The server did not understand the request. Go back and try again from there."
        | "Der Server hat die Anfrage nicht verstanden. Gehen Sie zurück und versuchen Sie es von dort erneut.";
    to_overview() = "Go to overview" | "Zur Übersicht";
    stale_form_heading() = "Form expired" | "Formular abgelaufen";
    stale_form_advice() = "You signed in again after this form was loaded, or the form is not from this admin. Nothing was changed. Go back, reload the page and submit the form again."
        | "Sie haben sich nach dem Laden dieses Formulars neu angemeldet, oder das Formular stammt nicht aus dieser Verwaltung. Es wurde nichts geändert. Gehen Sie zurück, laden Sie die Seite neu und senden Sie das Formular erneut.";
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

    /// The advice on the error page for a status of 400 or above.
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
