//! The rules of the codebase, checked from the source. ARCHITECTURE.md gives the reasons, and
//! `scripts/structure` the figures.

mod absent;
mod circles;
mod current_settings;
mod imports;
mod layers;
mod layout;
mod names;
mod secrets;
mod sizes;
mod source;

/// Fails with all breaches of a rule at once, as a list of what there is to do.
fn assert_none(rule: &str, breaches: &[String]) {
    assert!(breaches.is_empty(), "{rule}, {} breaches:\n  {}\n", breaches.len(), breaches.join("\n  "));
}
