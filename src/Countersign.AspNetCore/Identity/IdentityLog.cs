using Countersign.Passwords;
using Microsoft.Extensions.Logging;

namespace Countersign.AspNetCore.Identity;

/// <summary>The log messages about accounts and passwords. They never hold a password, a hash, a stamp or a name that a person typed.</summary>
internal static partial class IdentityLog
{
    [LoggerMessage(
        EventId = 3001, Level = LogLevel.Warning,
        Message = "{Manager} is not derived from CountersignUserManager. So passwords are hashed on the request's thread, and when the app "
            + "changes an account, access tokens stay valid until they expire. Derive it from CountersignUserManager.")]
    public static partial void ForeignManager(ILogger logger, Type manager);

    [LoggerMessage(
        EventId = 3002, Level = LogLevel.Information,
        Message = "{Hasher} is registered as the app's own password hasher. It compares the stored hashes that Countersign does not read. "
            + "After a login with the right password, a new hash in the format of Auth:Passwords:Format ({Format}) replaces them.")]
    public static partial void ForeignHasher(ILogger logger, Type hasher, PasswordFormat format);

    [LoggerMessage(
        EventId = 3003, Level = LogLevel.Information,
        Message = "The outdated password hash of account {UserId} stays until the next login: "
            + "the engine was busy, or the account was changed at the same time.")]
    public static partial void RehashPutOff(ILogger logger, string userId);

    [LoggerMessage(
        EventId = 3004, Level = LogLevel.Warning,
        Message = "The outdated password hash of account {UserId} could not be replaced. The login succeeded all the same.")]
    public static partial void RehashFailed(ILogger logger, Exception exception, string userId);

    [LoggerMessage(
        EventId = 3005, Level = LogLevel.Warning,
        Message = "Too many wrong passwords for account {UserId} from one network or session: it is blocked there for {Block}.")]
    public static partial void AccountBlocked(ILogger logger, string userId, TimeSpan block);

    [LoggerMessage(
        EventId = 3006, Level = LogLevel.Warning,
        Message = "A password was not compared, but the attempt stays counted: the database could not take the count back.")]
    public static partial void AttemptNotGivenBack(ILogger logger, Exception exception);

    [LoggerMessage(
        EventId = 3007, Level = LogLevel.Warning,
        Message = "A wrong password for account {UserId} could not be counted in Identity's lockout: {Errors}.")]
    public static partial void LockoutNotCounted(ILogger logger, string userId, string errors);

    [LoggerMessage(
        EventId = 3010, Level = LogLevel.Error,
        Message = "The app's own password hasher {Hasher} could not compare the stored hash of account {UserId}. "
            + "The login counts as one with a wrong password. It threw {Exception}: {StackTrace}")]
    public static partial void AppHasherFailed(ILogger logger, Type? hasher, string userId, Type exception, string? stackTrace);

    [LoggerMessage(
        EventId = 3020, Level = LogLevel.Error,
        Message = "{Source} failed to add the claims of account {UserId}. The login or the refresh is refused, and nothing has changed.")]
    public static partial void ClaimsFailed(ILogger logger, Exception exception, Type source, string userId);

    [LoggerMessage(
        EventId = 3021, Level = LogLevel.Warning,
        Message = "The claims of account {UserId} could not be compared while it was saved. Its access tokens are stale, and its clients refresh.")]
    public static partial void ClaimsNotCompared(ILogger logger, Exception exception, string userId);

    [LoggerMessage(
        EventId = 3022, Level = LogLevel.Warning,
        Message = "{Manager} is not derived from CountersignRoleManager. So when a role gets another name or is deleted, access tokens stay valid until they "
            + "expire. Call AddRoles before AddCountersign, or derive the class from CountersignRoleManager.")]
    public static partial void ForeignRoleManager(ILogger logger, Type manager);

    [LoggerMessage(
        EventId = 3023, Level = LogLevel.Error,
        Message = "A transaction of the app was committed, but the sessions of account {UserId} could not be told of the change. Refresh tokens follow it all "
            + "the same. Access tokens of before stay valid until they expire, unless RevokeUserAsync or ClaimsChangedAsync of SessionService is called.")]
    public static partial void NotTold(ILogger logger, Exception exception, string userId);

    [LoggerMessage(
        EventId = 3024, Level = LogLevel.Warning,
        Message = "Sign-up is open, and Identity's options require a confirmed address, telephone number or account. Countersign sends no confirmation, so a "
            + "new account can log in only after the app has confirmed it, for example in IAccountEvents.RegisteredAsync.")]
    public static partial void NothingConfirms(ILogger logger);

    [LoggerMessage(
        EventId = 3025, Level = LogLevel.Warning,
        Message = "Account {Account} was changed in a transaction whose commit Countersign can't see: its sessions were told before the commit, and a token "
            + "that is issued until then keeps the old claims. Register the context by AddDbContext, or call SessionService.ClaimsChangedAsync afterwards.")]
    public static partial void ToldBeforeTheCommit(ILogger logger, string account);

    [LoggerMessage(
        EventId = 3030, EventName = "AccountEventFailed", Level = LogLevel.Error,
        Message = "{Event} of {Events} threw. The request was refused, and nothing was changed.")]
    public static partial void EventFailedBefore(ILogger logger, Exception exception, Type events, string @event);

    [LoggerMessage(
        EventId = 3031, EventName = "AccountEventFailedAfterwards", Level = LogLevel.Error,
        Message = "{Event} of {Events} threw. What it was told about has been saved, and the answer says so.")]
    public static partial void EventFailedAfter(ILogger logger, Exception exception, Type events, string @event);

    [LoggerMessage(EventId = 3032, EventName = "AccountEventRefused", Level = LogLevel.Information, Message = "{Event} of {Events} refused with {Code}.")]
    public static partial void EventRefused(ILogger logger, Type events, string @event, string code);
}
