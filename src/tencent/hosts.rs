//! Where Tencent's REST API is: one host per region, and any other that a person names (protocol.md 8.2).

use serde::Serialize;
use url::{Host, Url};
use utoipa::ToSchema;

use super::Error;
use crate::pasted;

/// Where Tencent RTC is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = RegionCode)]
pub enum RegionCode {
    /// Mainland China.
    China,
    /// Singapore.
    Singapore,
    /// South Korea.
    Seoul,
    /// Germany.
    Frankfurt,
    /// The west of the United States.
    SiliconValley,
    /// Indonesia.
    Jakarta,
    /// Japan.
    Tokyo,
    /// India.
    Mumbai,
    /// Saudi Arabia.
    SaudiArabia,
}

impl RegionCode {
    /// The text that the command line, the API and `config.json` use.
    pub const fn text(self) -> &'static str {
        match self {
            Self::China => "china",
            Self::Singapore => "singapore",
            Self::Seoul => "seoul",
            Self::Frankfurt => "frankfurt",
            Self::SiliconValley => "silicon-valley",
            Self::Jakarta => "jakarta",
            Self::Tokyo => "tokyo",
            Self::Mumbai => "mumbai",
            Self::SaudiArabia => "saudi-arabia",
        }
    }
}

/// A region of Tencent RTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Region {
    /// Which one.
    pub code: RegionCode,
    /// The host of the v4 API.
    pub host: &'static str,
}

/// The host of the v1 API in mainland China.
const V1_CHINA: &str = "callkit.trtc.tencent-cloud.com";
/// The host of the v1 API everywhere else.
const V1_ELSEWHERE: &str = "callkit-intl.trtc.tencent-cloud.com";

/// The regions that Tencent's pages and public code name.
pub const REGIONS: [Region; 9] = [
    Region { code: RegionCode::China, host: "console.tim.qq.com" },
    Region { code: RegionCode::Singapore, host: "adminapisgp.im.qcloud.com" },
    Region { code: RegionCode::Seoul, host: "adminapikr.im.qcloud.com" },
    Region { code: RegionCode::Frankfurt, host: "adminapiger.im.qcloud.com" },
    Region { code: RegionCode::SiliconValley, host: "adminapiusa.im.qcloud.com" },
    Region { code: RegionCode::Jakarta, host: "adminapiidn.im.qcloud.com" },
    Region { code: RegionCode::Tokyo, host: "adminapijpn.im.qcloud.com" },
    Region { code: RegionCode::Mumbai, host: "adminapiind.im.qcloud.com" },
    Region { code: RegionCode::SaudiArabia, host: "adminapiksa.im.qcloud.com" },
];

/// The addresses that an application's requests go to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hosts {
    /// The beginning of v4 addresses, without a slash at the end.
    pub v4: String,
    /// The beginning of v1 addresses, without a slash at the end.
    pub v1: String,
}

impl Hosts {
    /// The hosts of an application: of its region, of a host or an address that a person named, or of the region that its
    /// number points to when nothing is said (200… and 400… are overseas applications, others are in China).
    pub fn of(app: &str, region: &str) -> Result<Self, Error> {
        let region = &*pasted::tidy(region);
        let code = match region {
            "" if app.starts_with("20") || app.starts_with("40") => "singapore",
            "" => "china",
            given => given,
        };
        if let Some(region) = REGIONS.iter().find(|region| region.code.text().eq_ignore_ascii_case(code)) {
            return Ok(Self::tencents(region.host));
        }
        Self::named(region).ok_or_else(|| Error::Region { region: region.chars().take(100).collect() })
    }

    /// True when the requests do not leave this computer: the sandbox.
    pub fn is_here(&self) -> bool {
        Url::parse(&self.v4).is_ok_and(|url| is_loopback(&url))
    }

    /// The name of the v4 host, for people.
    pub fn name(&self) -> &str {
        self.v4.strip_prefix("https://").or_else(|| self.v4.strip_prefix("http://")).unwrap_or(&self.v4)
    }

    fn tencents(host: &str) -> Self {
        let v1 = if host.ends_with("qq.com") || host == "adminapi.my-imcloud.com" { V1_CHINA } else { V1_ELSEWHERE };
        Self { v4: format!("https://{host}"), v1: format!("https://{v1}") }
    }

    /// The hosts of an address that a person typed. Both versions are asked there, unless it is one of Tencent's v4 hosts.
    fn named(typed: &str) -> Option<Self> {
        let address = if typed.contains("://") { typed.to_owned() } else { format!("https://{typed}") };
        let url = Url::parse(&address).ok()?;
        let plain = url.query().is_none() && url.fragment().is_none() && url.username().is_empty() && url.path() == "/";
        // The password of each request is in its address: it must not cross a network in the clear.
        let private = url.scheme() == "https" || (url.scheme() == "http" && is_loopback(&url));
        let host = url.host_str().filter(|host| host.contains('.') || host.starts_with('[') || *host == "localhost")?;
        if !plain || !private {
            return None;
        }
        if [".im.qcloud.com", ".my-imcloud.com", ".tim.qq.com"].iter().any(|domain| host.ends_with(domain)) {
            return Some(Self::tencents(host));
        }
        let base = url.as_str().trim_end_matches('/').to_owned();
        Some(Self { v4: base.clone(), v1: base })
    }
}

/// Whether an address is on this computer.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.to_canonical().is_loopback(),
        Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_a_host_and_an_address_lead_to_hosts() {
        let hosts = |app: &str, region: &str| Hosts::of(app, region).map(|hosts| format!("{} {}", hosts.v4, hosts.v1));
        for (app, region, want) in [
            ("1400000000", "", "https://console.tim.qq.com https://callkit.trtc.tencent-cloud.com"),
            ("20000001", "", "https://adminapisgp.im.qcloud.com https://callkit-intl.trtc.tencent-cloud.com"),
            (
                "1400000000",
                "frankfurt",
                "https://adminapiger.im.qcloud.com https://callkit-intl.trtc.tencent-cloud.com",
            ),
            (
                "1",
                "adminapisgp.my-imcloud.com",
                "https://adminapisgp.my-imcloud.com https://callkit-intl.trtc.tencent-cloud.com",
            ),
            ("1", " http://127.0.0.1:8790/ ", "http://127.0.0.1:8790 http://127.0.0.1:8790"),
            ("1", "http://[::1]:8790", "http://[::1]:8790 http://[::1]:8790"),
            ("1", "https://proxy.example", "https://proxy.example https://proxy.example"),
        ] {
            assert_eq!(hosts(app, region).expect("hosts"), want, "{app} in {region:?}");
        }
    }

    #[test]
    fn passwords_do_not_cross_a_network_in_the_clear() {
        for bad in [
            "http://console.tim.qq.com",
            "http://192.168.0.7",
            "ftp://x.example",
            "https://x.example/path",
            "mars",
            "https://u:p@x.example",
            "https://x.example/?a=b",
        ] {
            let error = Hosts::of("1", bad).expect_err(bad);
            assert!(error.to_string().contains("singapore"), "{bad}: the sentence names what can be used: {error}");
        }
    }

    #[test]
    fn only_the_sandbox_is_here() {
        assert!(Hosts::of("1", "http://127.0.0.1:1").expect("hosts").is_here(), "loopback");
        assert!(!Hosts::of("1", "china").expect("hosts").is_here(), "Tencent is elsewhere");
    }
}
