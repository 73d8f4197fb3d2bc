//! The tables of signing keys and of API keys for diesel, as in `schema`.

diesel::table! {
    signing_keys (kid) {
        kid -> Text,
        algorithm -> Text,
        state -> Text,
        private -> Nullable<Binary>,
        public_jwk -> Text,
        created_at -> BigInt,
        published_at -> BigInt,
        signs_from -> BigInt,
        signed_until -> Nullable<BigInt>,
        verifies_until -> Nullable<BigInt>,
        version -> BigInt,
    }
}

diesel::table! {
    api_keys (id) {
        id -> Text,
        digest -> Binary,
        name -> Text,
        scopes -> Text,
        networks -> Text,
        created_at -> BigInt,
        expires_at -> Nullable<BigInt>,
        last_used_at -> Nullable<BigInt>,
        revoked_at -> Nullable<BigInt>,
    }
}
