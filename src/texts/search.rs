//! The search of the admin.

texts! {
    search_everything() = "Search everything" | "Alles durchsuchen";
    search_placeholder() = "Search (press /)" | "Suche (Taste /)";
    search_lead() = "Users, open invitations, settings, pages and audit actions"
        | "Benutzer, offene Einladungen, Einstellungen, Seiten und Aktionen im Protokoll";
    search_pages() = "Pages" | "Seiten";
    search_actions() = "Audit log: actions" | "Protokoll: Aktionen";
    search_reset() = "Reset password: choose a user" | "Passwort zurücksetzen: Benutzer auswählen";
    search_delete() = "Delete a user: choose one" | "Benutzer löschen: Benutzer auswählen";
    search_deactivate() = "Deactivate a user: choose one" | "Benutzer deaktivieren: Benutzer auswählen";
    search_sign_out() = "Sign a user out everywhere: choose one" | "Benutzer überall abmelden: Benutzer auswählen";
    search_all_users() = "All matching users" | "Alle passenden Benutzer";
    search_all_users_of[n] = "The only matching user", "All {n} matching users"
        | "Der einzige passende Benutzer", "Alle {n} passenden Benutzer";
    search_all_of[n] = "The only result", "All {n} results" | "Das einzige Ergebnis", "Alle {n} Ergebnisse";
    search_whole() = "exact match" | "genauer Treffer";
    search_no_results() = "No results" | "Keine Ergebnisse";
    search_no_results_hint() = "Try fewer or shorter words. Words may be in any order." | "Versuchen Sie weniger oder kürzere Wörter. Die Reihenfolge ist egal.";
    users_contain[n] = "1 user contains this", "{n} users contain this" | "1 Benutzer enthält das", "{n} Benutzer enthalten das";
    invitations_match[n] = "1 open invitation matches", "{n} open invitations match" | "1 offene Einladung passt", "{n} offene Einladungen passen";
}
