//! The table of signing keys for diesel, as in `schema`.

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
