//! bcrypt's published test vectors, checked with the lanes.
//!
//! Not included: hashes of the broken `$2x$`, which are refused, and those `$2a$` hashes of crypt_blowfish
//! that differ from all other implementations on purpose (its countermeasure for `$2x$` collisions).

use super::batch::Batch;
use super::formats::{BcryptHash, Encoding};
use super::task::{Digest, Key, Requester, Task};
use crate::types::PasswordHash;

/// crypt_blowfish 1.3, `wrapper.c`.
const CRYPT_BLOWFISH: &[(&[u8], &str)] = &[
    (b"U*U", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"),
    (b"U*U*", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK"),
    (b"U*U*U", "$2a$05$XXXXXXXXXXXXXXXXXXXXXOAcXxm9kjPGEMsLznoKqmqw7tc8WCx4a"),
    (b"", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy"),
    (LONG, "$2a$05$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui"),
    (b"\xff\xff\xa3", "$2y$05$/OK.fbVrR/bpIqNJ5ianF.CE5elHaaO4EbggVDjb8P19RukzXSM3e"),
    (b"\xff\xff\xa3", "$2b$05$/OK.fbVrR/bpIqNJ5ianF.CE5elHaaO4EbggVDjb8P19RukzXSM3e"),
    (b"\xa3", "$2y$05$/OK.fbVrR/bpIqNJ5ianF.Sa7shbm4.OzKpvFnX1pQLmQW96oUlCq"),
    (b"\xa3", "$2a$05$/OK.fbVrR/bpIqNJ5ianF.Sa7shbm4.OzKpvFnX1pQLmQW96oUlCq"),
    (b"\xa3", "$2b$05$/OK.fbVrR/bpIqNJ5ianF.Sa7shbm4.OzKpvFnX1pQLmQW96oUlCq"),
    (b"\xff\xa334\xff\xff\xff\xa3345", "$2y$05$/OK.fbVrR/bpIqNJ5ianF.o./n25XVfn6oAPaUvHe.Csk4zRfsYPi"),
    (b"\xff\xa3345", "$2y$05$/OK.fbVrR/bpIqNJ5ianF.nRht2l/HRhr6zmCp9vYUvvsqynflf9e"),
    (b"\xff\xa3345", "$2a$05$/OK.fbVrR/bpIqNJ5ianF.nRht2l/HRhr6zmCp9vYUvvsqynflf9e"),
    (b"\xa3ab", "$2y$05$/OK.fbVrR/bpIqNJ5ianF.6IflQkJytoRVc1yuaNtHfiuq.FRlSIS"),
    (b"\xa3ab", "$2a$05$/OK.fbVrR/bpIqNJ5ianF.6IflQkJytoRVc1yuaNtHfiuq.FRlSIS"),
    (&[0xaa; 72], "$2a$05$/OK.fbVrR/bpIqNJ5ianF.swQOIzjOiJ9GHEPuhEkvqrUyvWhEMx6"),
    ([[0xaa, 0x55]; 36].as_flattened(), "$2a$05$/OK.fbVrR/bpIqNJ5ianF.R9xrDjiycxMbQE2bp.vgqlYpW5wx2yy"),
    ([[0x55, 0xaa, 0xff]; 24].as_flattened(), "$2a$05$/OK.fbVrR/bpIqNJ5ianF.9tQZzcJfm3uj2NvJ/n5xkhpqLrMpWCe"),
];

const LONG: &[u8] =
    b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789chars after 72 are ignored";

/// What OpenBSD 5.5 brought `$2b$` for: before, it kept a key's length in a
/// byte. 300 bytes, as in illumos' tests of `crypt_bcrypt`.
const OVER_255: &[(&[u8], &str)] =
    &[([DIGITS; 30].as_flattened(), "$2b$05$abcdefghijklmnopqrstuuLkMZtUsVwf9Ptg/wgiNv8ZhtnAHnix.")];

const DIGITS: [u8; 10] = *b"0123456789";
const SIGNS: &[u8] = b"~!@#$%^&*()      ~!@#$%^&*()PNBFRD";

/// jBCrypt 0.4, `TestBCrypt.java`.
const JBCRYPT: &[(&[u8], &str)] = &[
    (b"", "$2a$06$DCq7YPn5Rq63x1Lad4cll.TV4S6ytwfsfvkgY8jIucDrjc8deX1s."),
    (b"", "$2a$08$HqWuK6/Ng6sg9gQzbLrgb.Tl.ZHfXLhvt/SgVyWhQqgqcZ7ZuUtye"),
    (b"", "$2a$10$k1wbIrmNyFAPwPVPSVa/zecw2BCEnBwVS2GbrmgzxFUOqW9dk4TCW"),
    (b"", "$2a$12$k42ZFHFWqBp3vWli.nIn8uYyIkbvYRvodzbfbK18SSsY.CsIQPlxO"),
    (b"a", "$2a$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe"),
    (b"a", "$2a$08$cfcvVd2aQ8CMvoMpP2EBfeodLEkkFJ9umNEfPD18.hUF62qqlC/V."),
    (b"a", "$2a$10$k87L/MF28Q673VKh8/cPi.SUl7MU/rWuSiIDDFayrKk/1tBsSQu4u"),
    (b"a", "$2a$12$8NJH3LsPrANStV6XtBakCez0cKHXVxmvxIlcz785vxAIZrihHZpeS"),
    (b"abc", "$2a$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i"),
    (b"abc", "$2a$08$Ro0CUfOqk6cXEKf3dyaM7OhSCvnwM9s4wIX9JeLapehKK5YdLxKcm"),
    (b"abc", "$2a$10$WvvTPHKwdBJ3uk0Z37EMR.hLA2W6N9AEBhEgrAOljy2Ae5MtaSIUi"),
    (b"abc", "$2a$12$EXRkfkdmXn2gzds2SSitu.MW9.gAVqa9eLS1//RYtYCmB1eLHg.9q"),
    (b"abcdefghijklmnopqrstuvwxyz", "$2a$06$.rCVZVOThsIa97pEDOxvGuRRgzG64bvtJ0938xuqzv18d3ZpQhstC"),
    (b"abcdefghijklmnopqrstuvwxyz", "$2a$08$aTsUwsyowQuzRrDqFflhgekJ8d9/7Z3GV3UcgvzQW3J5zMyrTvlz."),
    (b"abcdefghijklmnopqrstuvwxyz", "$2a$10$fVH8e28OQRj9tqiDXs1e1uxpsjN0c7II7YPKXua2NAKYvM6iQk7dq"),
    (b"abcdefghijklmnopqrstuvwxyz", "$2a$12$D4G5f18o7aMMfwasBL7GpuQWuP3pkrZrOAnqP.bmezbMng.QwJ/pG"),
    (SIGNS, "$2a$06$fPIsBO8qRqkjj273rfaOI.HtSV9jLDpTbZn782DC6/t7qT67P6FfO"),
    (SIGNS, "$2a$08$Eq2r4G/76Wv39MzSX262huzPz612MZiYHVUJe/OcOql2jo4.9UxTW"),
    (SIGNS, "$2a$10$LgfYWkbzEvQ4JakH7rOvHe0y8pHKF9OaFgwUZ2q7W2FFZmZzJYlfS"),
    (SIGNS, "$2a$12$WApznUOJfkEGSmYRfnkrPOr466oFDCaj4b6HY3EXGvfxm43seyhgC"),
];

/// Computes the digests of all vectors, as many at once as there are lanes.
fn digests(vectors: &[(&[u8], BcryptHash)]) -> Vec<Digest> {
    let (mut batch, mut digests) = (Batch::new(), vec![Digest::default(); vectors.len()]);
    let mut waiting = vectors.iter().enumerate().peekable();
    while batch.live() > 0 || waiting.peek().is_some() {
        while let Some((number, (password, hash))) = waiting.peek() {
            let (key, requester) = (Key::new(password), Requester::default());
            let task = Task { key, salt: hash.salt, cost: hash.cost, level: hash.cost, requester };
            if batch.begin(&task, *number).is_err() {
                break;
            }
            waiting.next();
        }
        batch.turn();
        batch.take_ended(|number, digest| digests[number] = digest);
    }
    digests
}

fn holds(vectors: &[(&'static [u8], &str)]) {
    let parse = |hash: &str| match Encoding::parse(&PasswordHash::from_stored(hash.to_owned())) {
        Ok(Encoding::Bcrypt(parsed)) => parsed,
        other => panic!("{hash}: {other:?}"),
    };
    let parsed: Vec<_> = vectors.iter().map(|(password, hash)| (*password, parse(hash))).collect();
    for ((digest, (_, hash)), (password, text)) in digests(&parsed).iter().zip(&parsed).zip(vectors) {
        assert_eq!(*digest, hash.digest, "{password:?} {text}");
    }
}

#[test]
fn crypt_blowfishs_vectors_hold() {
    holds(CRYPT_BLOWFISH);
}

#[test]
fn a_key_of_more_than_255_bytes_is_not_wrapped_around() {
    holds(OVER_255);
}

#[test]
fn jbcrypts_vectors_hold() {
    holds(JBCRYPT);
}
