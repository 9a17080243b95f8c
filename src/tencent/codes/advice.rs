//! What to do, where Tencent refused.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What to do about one of Tencent's codes; `Display` is the English sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, thiserror::Error)]
#[serde(rename_all = "snake_case")]
#[schema(as = TencentAdvice)]
pub enum Advice {
    /// The key again.
    #[error("Enter the SDKSecretKey of this SDKAppID again, as Tencent's console shows it.")]
    EnterKey,
    /// The key, and patience.
    #[error("Enter the right SDKSecretKey, wait a few minutes, and try again.")]
    EnterKeyAndWait,
    /// A new key.
    #[error("Make a key in Tencent's console and enter it here.")]
    MakeKey,
    /// The clock, then the key.
    #[error("Check that this computer's clock is right, then try again; if it is, enter the SDKSecretKey again.")]
    CheckClock,
    /// An administrator.
    #[error("Enter an administrator of this application; Tencent makes one named administrator.")]
    EnterAdministrator,
    /// The region.
    #[error("Check the SDKAppID, and choose the region in which this application was made.")]
    CheckRegion,
    /// Some minutes.
    #[error("Try again in a few minutes. If it stays so, ask Tencent's support and name the request.")]
    TryLater,
    /// A minute.
    #[error("Wait a minute and try again; something else may be asking Tencent for this application too.")]
    WaitAMinute,
    /// A record that is not there yet.
    #[error("Try again in a minute if the call has only just ended.")]
    TryWhenEnded,
    /// Our fault.
    #[error("Nothing was changed. This is most likely a fault in Calltrail; please report it with this code.")]
    Report,
    /// The package.
    #[error("Buy or renew the package in Tencent's console, or start its trial; then try again.")]
    BuyPackage,
    /// The application in the console.
    #[error("Look at the application in Tencent's console; it may be suspended or unpaid.")]
    LookAtApp,
    /// Tencent's support.
    #[error("Ask Tencent's support to allow it, or set the callbacks in Tencent's console.")]
    AskSupport,
    /// The allow-list.
    #[error("Allow this network's public address in Tencent's console, under the application's IP allow-list.")]
    AllowAddress,
    /// The public address.
    #[error("Check the public address in the settings and apply again.")]
    CheckAddress,
    /// The public address, then the callbacks.
    #[error(
        "Check the public address in the settings. If it is right, a callback of the list may not exist in this region: switch the last ones off and try again."
    )]
    CheckAddressAndCallbacks,
    /// A choice.
    #[error("Choose callbacks and apply them.")]
    ChooseCallbacks,
    /// What Tencent has now.
    #[error("Read again what Tencent has, look at the difference, and apply again.")]
    ReadAgain,
    /// The token.
    #[error("Set one, or leave the live token empty here.")]
    SetToken,
    /// The callbacks that ask for permission.
    #[error("Switch callbacks that ask for permission (Before…) off, unless another program answers them.")]
    SwitchPermissionOff,
    /// A larger package, perhaps.
    #[error("Nothing needs to be done here; a larger package allows larger rooms.")]
    LargerPackage,
    /// The room's record stays.
    #[error("Nothing needs to be done; what was recorded of the room stays.")]
    RoomStays,
    /// The call's record stays.
    #[error("Nothing needs to be done; what was recorded of the call stays.")]
    CallStays,
    /// Nothing.
    #[error("Nothing needs to be done here.")]
    Nothing,
}
