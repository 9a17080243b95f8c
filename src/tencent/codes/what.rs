//! What happened, where Tencent refused.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What one of Tencent's codes says happened; `Display` is the English sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, thiserror::Error)]
#[serde(rename_all = "snake_case")]
#[schema(as = TencentWhat)]
pub enum What {
    /// Nothing is configured.
    #[error("No callback is configured for this application.")]
    NothingConfigured,
    /// The Group Call edition is missing.
    #[error(
        "This application does not have the Group Call edition, without which Tencent sends no callbacks of the older client."
    )]
    NoGroupCall,
    /// A parameter of v1, most likely the address.
    #[error(
        "Tencent does not accept a parameter; for callbacks that is an address that does not begin with http:// or https://."
    )]
    AddressRefused,
    /// The password is not accepted, whatever is wrong with it.
    #[error("Tencent does not accept the password that was made from the SDKSecretKey.")]
    PasswordRefused,
    /// The account or the password is not accepted.
    #[error("Tencent does not accept the account or the password that was made from the SDKSecretKey.")]
    AccountOrPasswordRefused,
    /// The password is too old.
    #[error("The password that was made from the SDKSecretKey has expired.")]
    PasswordExpired,
    /// There is no password.
    #[error("The request carries no password.")]
    NoPassword,
    /// The password was made for another account.
    #[error("The password was made for another account than the one that asks.")]
    OtherAccount,
    /// The password was made for another application.
    #[error("The password was made for another SDKAppID.")]
    OtherApp,
    /// The key does not fit.
    #[error("Tencent does not accept the password: the SDKSecretKey does not belong to this SDKAppID.")]
    WrongKey,
    /// The application has no key.
    #[error("The application has no key at Tencent.")]
    NoKey,
    /// Wrong passwords came too often.
    #[error("Tencent was given a wrong password too often and waits before it takes another.")]
    TooManyWrongPasswords,
    /// The account is no administrator.
    #[error("The account that asks is not an administrator of this application.")]
    NotAdministrator,
    /// There is no such account.
    #[error("The account that asks does not exist.")]
    NoAccount,
    /// The account may not do this.
    #[error("The account that asks may not do this.")]
    NotAllowed,
    /// Too many requests.
    #[error("Tencent was asked too often.")]
    TooOften,
    /// A fault of Tencent's own.
    #[error("Tencent's own service had a fault.")]
    OwnFault,
    /// A timeout of Tencent's own.
    #[error("Tencent's own service did not answer in time.")]
    OwnTimeout,
    /// The request cannot be read, or something is missing in it.
    #[error("Tencent could not read the request.")]
    RequestUnreadable,
    /// A parameter is not accepted.
    #[error("Tencent does not accept a parameter of the request.")]
    ParameterRefused,
    /// The request is unknown at this address.
    #[error("Tencent does not know this request at this address.")]
    NoSuchRequest,
    /// The application is unknown at this address.
    #[error("Tencent does not know this SDKAppID at this address.")]
    NoSuchAppHere,
    /// The application is unknown in this region.
    #[error("Tencent does not know this SDKAppID in this region.")]
    NoSuchAppInRegion,
    /// The application is disabled.
    #[error("Tencent has disabled this application.")]
    AppDisabled,
    /// The request is disabled.
    #[error("Tencent has disabled this request for the application.")]
    RequestDisabled,
    /// The package has expired.
    #[error("The application's package has expired.")]
    PackageExpired,
    /// The allow-list of addresses does not hold this one.
    #[error("Tencent does not take requests for this application from this computer's address.")]
    AddressNotAllowed,
    /// The address, or one of the callbacks, is not accepted.
    #[error("Tencent does not accept the address or one of the callbacks.")]
    AddressOrCallbackRefused,
    /// There is a configuration already.
    #[error("A callback configuration exists already.")]
    ConfigurationExists,
    /// There is no token.
    #[error("No callback token is set at Tencent.")]
    NoToken,
    /// The room exists.
    #[error("The room exists already.")]
    RoomExists,
    /// The room does not exist.
    #[error("The room does not exist, or has ended.")]
    NoRoom,
    /// The room is full.
    #[error("The room is full.")]
    RoomFull,
    /// The user is elsewhere.
    #[error("The user is not in the room.")]
    NotInRoom,
    /// The user may not speak.
    #[error("The user is banned or muted in the room.")]
    Banned,
    /// The call does not exist.
    #[error("The call does not exist, or has ended.")]
    NoCall,
    /// There is no record of the call.
    #[error(
        "Tencent has no record of such a call: it keeps them for 7 days, from about 5 seconds after the end of a call."
    )]
    NoRecord,
    /// A callback that asks for permission was answered.
    #[error("The reply of a callback that asks for permission was passed on to the user.")]
    ReplyPassedOn,
    /// No page names the code.
    #[error("Tencent answered with a code that its pages do not explain.")]
    Unexplained,
}
