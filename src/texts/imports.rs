//! Imports from another program.

texts! {
    imports_heading() = "Imports" | "Importe";
    imports_lead() = "Users that were moved in from another login server with “doorward import” on the command line."
        | "Benutzer, die auf der Kommandozeile mit „doorward import“ von einem anderen Anmeldeserver übernommen wurden.";
    imports_none() = "No imports yet." | "Noch keine Importe.";
    import_heading(id) = "Import #{id}" | "Import #{id}";
    import_source() = "Source" | "Quelle";
    import_kind() = "Kind" | "Art";
    import_first() = "Import" | "Import";
    import_sync() = "Sync" | "Abgleich";
    import_started() = "Started" | "Begonnen";
    import_ended() = "Ended" | "Beendet";
    import_running() = "Running" | "Läuft";
    import_interrupted() = "Interrupted; run the import again, it goes on where it stopped"
        | "Unterbrochen; starten Sie den Import erneut, er setzt dort fort, wo er aufgehört hat";
    import_done() = "Done" | "Fertig";
    import_failed() = "Failed before the end" | "Vor dem Ende fehlgeschlagen";
    import_read() = "Rows read" | "Gelesene Zeilen";
    import_created() = "Users created" | "Erstellte Benutzer";
    import_changed() = "Users updated" | "Aktualisierte Benutzer";
    import_unchanged() = "Unchanged" | "Unverändert";
    import_changed_at_source() = "Changed at the source, not updated" | "An der Quelle geändert, nicht aktualisiert";
    import_changed_on_both_sides() = "Changed here and at the source" | "Hier und an der Quelle geändert";
    import_deleted_here() = "Deleted here" | "Hier gelöscht";
    import_renamed() = "Imported with a change" | "Mit Änderung übernommen";
    import_left_out() = "Left out" | "Ausgelassen";
    import_missing() = "Gone at the source" | "An der Quelle nicht mehr vorhanden";
    import_deactivated() = "Deactivated" | "Deaktiviert";
    import_sessions() = "Tokens taken over as sessions" | "Als Sitzungen übernommene Tokens";
    import_ended_sessions() = "Blacklisted tokens taken over" | "Übernommene gesperrte Tokens";
    import_tokens_skipped() = "Tokens skipped" | "Übersprungene Tokens";
    import_token() = "Token left out" | "Token ausgelassen";
    import_mapping() = "Mapping" | "Zuordnung";
    import_rows() = "Reported rows" | "Gemeldete Zeilen";
    import_key() = "Key at the source" | "Schlüssel an der Quelle";
    import_row() = "Row" | "Zeile";
    import_outcome() = "Outcome" | "Ergebnis";
    import_more_rows() = "Only the first 200 rows are shown." | "Es werden nur die ersten 200 Zeilen angezeigt.";
    event_imported() = "Imported from another login server" | "Von einem anderen Anmeldeserver übernommen";
    event_import_started() = "Import started" | "Import begonnen";
}
