//! The tables for diesel; one description for both dialects, written by hand beside `migrations/`.

pub(crate) use super::key_schema::{api_keys, signing_keys};

diesel::table! {
    users (id) {
        id -> BigInt,
        username -> Text,
        username_key -> Text,
        email -> Text,
        email_key -> Text,
        password_hash -> Text,
        is_email_confirmed -> Bool,
        is_active -> Bool,
        is_admin -> Bool,
        tokens_valid_from -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
        last_login_at -> Nullable<BigInt>,
        recovery_email -> Nullable<Text>,
        recovery_email_key -> Nullable<Text>,
        search_key -> Nullable<Text>,
        chosen_language -> Nullable<Text>,
        client_language -> Nullable<Text>,
        deletion_due_at -> Nullable<BigInt>,
        active_before_deletion -> Bool,
        public_id -> Nullable<Text>,
        attributes -> Nullable<Text>,
    }
}

diesel::table! {
    groups (id) {
        id -> BigInt,
        name -> Text,
        name_key -> Text,
    }
}

diesel::table! {
    user_groups (user_id, group_id) {
        user_id -> BigInt,
        group_id -> BigInt,
    }
}

diesel::table! {
    audit (id) {
        id -> BigInt,
        at -> BigInt,
        action -> Text,
        actor -> Text,
        actor_id -> Nullable<BigInt>,
        subject_id -> Nullable<BigInt>,
        subject -> Nullable<Text>,
        address -> Nullable<Text>,
        user_agent -> Nullable<Text>,
        detail -> Nullable<Text>,
        seal_number -> Nullable<BigInt>,
        seal -> Nullable<Binary>,
        subject_salt -> Nullable<Binary>,
        subject_digest -> Nullable<Binary>,
        client_salt -> Nullable<Binary>,
        client_digest -> Nullable<Binary>,
        bulk_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    audit_head (seal_number) {
        seal_number -> BigInt,
        seal -> Binary,
    }
}

diesel::table! {
    admin_sessions (key_hash) {
        key_hash -> Binary,
        user_id -> BigInt,
        created_at -> BigInt,
        last_seen_at -> BigInt,
        authenticated_at -> BigInt,
        address -> Nullable<Text>,
        user_agent -> Nullable<Text>,
        viewed_user_id -> Nullable<BigInt>,
        view_began_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    browser_sessions (key_hash) {
        key_hash -> Binary,
        session_id -> BigInt,
        authenticated_at -> BigInt,
    }
}

diesel::table! {
    throttles (bucket) {
        bucket -> Text,
        empty_at -> BigInt,
        written_at -> BigInt,
    }
}

diesel::table! {
    known_addresses (user_id, network) {
        user_id -> BigInt,
        network -> Text,
        last_used_at -> BigInt,
    }
}

diesel::table! {
    reserved_names (fingerprint) {
        fingerprint -> Text,
        reserved_at -> BigInt,
    }
}

diesel::table! {
    one_time_keys (key_hash) {
        key_hash -> Binary,
        purpose -> Text,
        created_at -> BigInt,
        expires_at -> BigInt,
        user_id -> Nullable<BigInt>,
        email -> Nullable<Text>,
        email_key -> Nullable<Text>,
    }
}

diesel::table! {
    mail_requests (id) {
        id -> BigInt,
        purpose -> Text,
        email -> Text,
        address -> Nullable<Text>,
        user_agent -> Nullable<Text>,
        created_at -> BigInt,
        language -> Nullable<Text>,
    }
}

diesel::table! {
    mail_texts (name, language) {
        name -> Text,
        language -> Text,
        subject -> Text,
        body -> Text,
    }
}

diesel::table! {
    secrets (name) {
        name -> Text,
        value -> Binary,
        created_at -> BigInt,
    }
}

diesel::table! {
    sessions (id) {
        id -> BigInt,
        user_id -> BigInt,
        handle -> Text,
        started_at -> BigInt,
        last_seen_at -> BigInt,
        address -> Nullable<Text>,
        user_agent -> Nullable<Text>,
        expires_at -> BigInt,
        ended_at -> Nullable<BigInt>,
        refreshes_empty_at -> Nullable<BigInt>,
        refresh_recorded_at -> Nullable<BigInt>,
        unrecorded_refreshes -> BigInt,
    }
}

diesel::table! {
    refresh_tokens (session_id, token_hash) {
        session_id -> BigInt,
        token_hash -> Binary,
        issued_at -> BigInt,
        expires_at -> BigInt,
        replaced_at -> Nullable<BigInt>,
    }
}

diesel::allow_tables_to_appear_in_same_query!(users, sessions, browser_sessions, signing_keys);
diesel::allow_tables_to_appear_in_same_query!(groups, user_groups);

diesel::table! {
    mails (id) {
        id -> BigInt,
        kind -> Text,
        user_id -> Nullable<BigInt>,
        recipient -> Text,
        params -> Text,
        secret -> Nullable<Text>,
        state -> Text,
        attempts -> BigInt,
        due_at -> Nullable<BigInt>,
        lease -> Nullable<Text>,
        message_id -> Text,
        last_error -> Nullable<Text>,
        created_at -> BigInt,
        ended_at -> Nullable<BigInt>,
        recipient_key -> Text,
        refused_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    login_tallies (hour) {
        hour -> BigInt,
        worked -> BigInt,
        failed -> BigInt,
    }
}

diesel::table! {
    stale_keys (source, item) {
        source -> Text,
        item -> Text,
    }
}

diesel::table! {
    stored_settings (name) {
        name -> Text,
        value -> Nullable<Text>,
        version -> BigInt,
    }
}

diesel::table! {
    dismissed_steps (step) {
        step -> Text,
    }
}

diesel::table! {
    saved_views (user_id, name) {
        user_id -> BigInt,
        name -> Text,
        query -> Text,
    }
}

diesel::table! {
    served_origin (origin) {
        origin -> Text,
        started_at -> BigInt,
    }
}

diesel::table! {
    deleted_accounts (account_digest) {
        account_digest -> Binary,
        user_id -> BigInt,
        email_digest -> Binary,
        deleted_at -> BigInt,
    }
}

diesel::table! {
    bulk_actions (id) {
        id -> BigInt,
        action -> Text,
        actor_id -> BigInt,
        address -> Nullable<Text>,
        user_agent -> Nullable<Text>,
        session_hash -> Nullable<Binary>,
        reason -> Nullable<Text>,
        undoes -> Nullable<BigInt>,
        state -> Text,
        total -> BigInt,
        changed -> BigInt,
        skipped -> BigInt,
        created_at -> BigInt,
        ended_at -> Nullable<BigInt>,
        lease -> Nullable<Text>,
        lease_ends_at -> Nullable<BigInt>,
        sends_notice -> Bool,
    }
}

diesel::table! {
    bulk_users (bulk_id, user_id) {
        bulk_id -> BigInt,
        user_id -> BigInt,
        email -> Nullable<Text>,
        version -> Nullable<BigInt>,
        recovery_email -> Nullable<Text>,
        outcome -> Nullable<Text>,
    }
}

diesel::table! {
    imports (id) {
        id -> BigInt,
        source -> Text,
        mapping -> Text,
        is_sync -> Bool,
        state -> Text,
        failure -> Nullable<Text>,
        total -> BigInt,
        rows_read -> BigInt,
        counts -> Text,
        started_at -> BigInt,
        updated_at -> BigInt,
        ended_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    import_rows (id) {
        id -> BigInt,
        origin_key -> Text,
        user_id -> BigInt,
        digest -> Binary,
        written_at -> BigInt,
    }
}
