using Microsoft.Extensions.Logging;

namespace Countersign.Bearer;

/// <summary>All log messages of this package. They never contain a token or a part of one. Key ids come from the authority.</summary>
internal static partial class Log
{
    [LoggerMessage(
        EventId = 2001,
        Level = LogLevel.Information,
        Message = "Scheme {Scheme}: the keys of {Authority} have changed. New: [{Added}]; gone: [{Removed}].")]
    public static partial void KeysChanged(ILogger logger, string scheme, string authority, string added, string removed);

    [LoggerMessage(
        EventId = 2002,
        Level = LogLevel.Warning,
        Message = "Scheme {Scheme}: {Authority} publishes no key of a known kind. Requests with a token get 503. An issuer that signs with a shared secret "
            + "publishes no keys.")]
    public static partial void NoUsableKeys(ILogger logger, string scheme, string authority);

    [LoggerMessage(
        EventId = 2003,
        Level = LogLevel.Warning,
        Message = "Scheme {Scheme}: the keys of {Authority} can't be renewed: {Fault}. The next attempt is in {Pause}.")]
    public static partial void RenewalFailed(ILogger logger, string scheme, string authority, string fault, TimeSpan pause);

    [LoggerMessage(
        EventId = 2004,
        Level = LogLevel.Error,
        Message = "Scheme {Scheme}: the keys of {Authority} could not be renewed for {MaxKeyAge} and are no longer used. Requests with a token get 503.")]
    public static partial void KeysTooOld(ILogger logger, string scheme, string authority, TimeSpan maxKeyAge);

    [LoggerMessage(
        EventId = 2005,
        Level = LogLevel.Information,
        Message = "Scheme {Scheme}: the keys of {Authority} are renewed again, after {Failures} failures.")]
    public static partial void Recovered(ILogger logger, string scheme, string authority, int failures);

    [LoggerMessage(
        EventId = 2101, EventName = "DefaultSchemeOfOthers",
        Level = LogLevel.Warning,
        Message = "[Authorize] without a scheme does not accept Countersign's tokens: the app's default scheme is {Scheme}. To accept them beside it, call "
            + "UseAsDefaultScheme() on Countersign's options. To accept them on single routes, name the scheme: "
            + "[Authorize(AuthenticationSchemes = \"Countersign\")].")]
    public static partial void DefaultSchemeOfOthers(ILogger logger, string scheme);

    [LoggerMessage(
        EventId = 2102, EventName = "DefaultPolicyOfOthers",
        Level = LogLevel.Warning,
        Message = "[Authorize] does not accept Countersign's tokens: the app's default policy names the schemes {Schemes} alone. To accept them, add the "
            + "scheme \"Countersign\" to AuthorizationOptions.DefaultPolicy.")]
    public static partial void DefaultPolicyOfOthers(ILogger logger, string schemes);
}
