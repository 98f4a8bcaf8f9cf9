using Countersign.Passwords;
using Microsoft.Extensions.Logging;

namespace Countersign.AspNetCore.Identity;

/// <summary>All that the Identity half of this package logs. Never a password, a hash, a stamp or a name that somebody typed.</summary>
internal static partial class IdentityLog
{
    [LoggerMessage(EventId = 3001, Level = LogLevel.Warning, Message = "{Manager} is not built on CountersignUserManager: passwords are hashed on the request's thread, and the app's own changes of an account end no session before its access tokens expire. Derive it from CountersignUserManager.")]
    public static partial void ForeignManager(ILogger logger, Type manager);

    [LoggerMessage(EventId = 3002, Level = LogLevel.Information, Message = "{Hasher} is registered as the app's own password hasher. It compares the stored hashes that Countersign does not read; after a login with the right password they are replaced as Auth:Passwords:Format says ({Format}).")]
    public static partial void ForeignHasher(ILogger logger, Type hasher, PasswordFormat format);

    [LoggerMessage(EventId = 3003, Level = LogLevel.Information, Message = "The outdated password hash of account {UserId} stays until the next login: the engine was busy, or the account was being changed.")]
    public static partial void RehashPutOff(ILogger logger, string userId);

    [LoggerMessage(EventId = 3004, Level = LogLevel.Warning, Message = "The outdated password hash of account {UserId} could not be replaced; the login stands.")]
    public static partial void RehashFailed(ILogger logger, Exception exception, string userId);

    [LoggerMessage(EventId = 3005, Level = LogLevel.Warning, Message = "Too many wrong passwords for account {UserId} from one network or session: it is blocked there for {Block}.")]
    public static partial void AccountBlocked(ILogger logger, string userId, TimeSpan block);

    [LoggerMessage(EventId = 3006, Level = LogLevel.Warning, Message = "An attempt at a password was not compared and could not be given back: it stays counted.")]
    public static partial void AttemptNotGivenBack(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 3007, Level = LogLevel.Warning, Message = "A wrong password for account {UserId} could not be counted in Identity's lockout: {Errors}.")]
    public static partial void LockoutNotCounted(ILogger logger, string userId, string errors);

    [LoggerMessage(EventId = 3010, Level = LogLevel.Error, Message = "The app's own password hasher {Hasher} could not compare the stored hash of account {UserId}; the login counts as one with a wrong password. It threw {Exception}: {StackTrace}")]
    public static partial void AppHasherFailed(ILogger logger, Type? hasher, string userId, Type exception, string? stackTrace);
}
