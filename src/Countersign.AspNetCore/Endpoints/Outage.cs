using System.Data.Common;
using Countersign.Bearer.Problems;
using Countersign.Passwords;
using Countersign.Sessions;

namespace Countersign.AspNetCore.Endpoints;

/// <summary>Tells what lies in the way now, and will pass, from what is wrong.</summary>
internal static class Outage
{
    /// <summary>When to try again where nothing better is known: long enough for a database to come back, short enough for a person to wait.</summary>
    private static readonly TimeSpan DefaultRetryAfter = TimeSpan.FromSeconds(2);

    /// <summary>The refusal where nothing better is known, for those who describe routes.</summary>
    public static Problem Problem { get; } = BearerProblems.Unavailable(DefaultRetryAfter);

    /// <summary>
    /// Whether an exception says that something can't be reached now: the database, sessions, the password engine. What the database refuses for good is no
    /// outage, see
    /// <see cref="DatabaseFault"/>.
    /// </summary>
    /// <param name="exception">The exception, looked at with all that it wraps.</param>
    /// <param name="retryAfter">When to try again.</param>
    public static bool Is(Exception exception, out TimeSpan retryAfter)
    {
        retryAfter = DefaultRetryAfter;
        for (var current = exception; current is not null; current = current.InnerException)
        {
            switch (current)
            {
                case SessionsUnavailableException sessions:
                    retryAfter = sessions.RetryAfter;
                    return true;
                case PasswordEngineBusyException engine:
                    retryAfter = engine.RetryAfter;
                    return true;
                case DbException failure:
                    return DatabaseFault.Of(failure) is null;
                case TimeoutException:
                    return true;
            }
        }

        return false;
    }
}
