//! The logo as it was last read, so that not every page reads a file.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::logo::Logo;
use crate::config::SiteConfig;
use crate::types::Timestamp;

/// How long a logo is used before its file is read again.
const LIFETIME: Duration = Duration::from_secs(60);

/// The logo that was loaded last.
#[derive(Default)]
pub(crate) struct LogoCache {
    last: Mutex<Option<CachedLogo>>,
}

struct CachedLogo {
    site: SiteConfig,
    logo: Arc<Logo>,
    read_at: Timestamp,
}

impl LogoCache {
    /// The logo of the site, if it was read within its lifetime. Never waits.
    pub(crate) fn held(&self, site: &SiteConfig, now: Timestamp) -> Option<Arc<Logo>> {
        let cached = self.last.try_lock().ok()?;
        let last = cached.as_ref().filter(|last| last.site == *site && now.since(last.read_at) < LIFETIME);
        last.map(|last| Arc::clone(&last.logo))
    }

    /// The logo of the site. Blocks while it is read; an error is logged, and the logo that was there before
    /// stays.
    pub(crate) fn logo(&self, site: &SiteConfig, now: Timestamp) -> Arc<Logo> {
        let mut cached = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let last = cached.take().filter(|last| last.site == *site);
        let last = match last {
            Some(last) if now.since(last.read_at) < LIFETIME => last,
            before => {
                let (mut logo, error) = Logo::of_site(site);
                if let Some(error) = error {
                    tracing::warn!("site.logo: {error}");
                    logo = before.map_or(logo, |before| before.logo);
                }
                CachedLogo { site: site.clone(), logo, read_at: now }
            }
        };
        Arc::clone(&cached.insert(last).logo)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\nrest";

    #[test]
    fn a_file_is_read_again_after_its_lifetime_and_an_error_keeps_the_logo() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("logo");
        std::fs::write(&path, PNG).unwrap();
        let site = Config::from_settings(&[("site.logo", path.to_str().unwrap())]).unwrap().site.clone();
        let (cache, start) = (LogoCache::default(), Timestamp::from_seconds(1_800_000_000));
        let kind = |after: u64| cache.logo(&site, start.plus(Duration::from_secs(after))).content_type;
        assert_eq!(kind(0), "image/png");
        std::fs::write(&path, b"GIF89a").unwrap();
        assert_eq!([kind(59), kind(61)], ["image/png", "image/gif"]);
        std::fs::remove_file(&path).unwrap();
        assert_eq!([kind(200), kind(1000)], ["image/gif"; 2]);
        let held = |after: u64| cache.held(&site, start.plus(Duration::from_secs(after)));
        assert_eq!(held(1059).map(|logo| logo.content_type), Some("image/gif"));
        assert!(held(1061).is_none() && cache.held(&Config::default().site, start).is_none());
    }

    #[test]
    fn another_site_has_its_own_logo_at_once() {
        let site = |name: &str| Config::from_settings(&[("site.name", name)]).unwrap().site.clone();
        let (cache, now) = (LogoCache::default(), Timestamp::from_seconds(1_800_000_000));
        let one = cache.logo(&site("One"), now);
        assert_ne!(one, cache.logo(&site("Two"), now));
    }
}
