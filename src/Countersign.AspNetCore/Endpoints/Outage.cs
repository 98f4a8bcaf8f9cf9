using System.Data.Common;
using Countersign.Bearer.Problems;
using Countersign.Passwords;
using Countersign.Sessions;

namespace Countersign.AspNetCore.Endpoints;

/// <summary>Tells outages, which pass, from faults.</summary>
internal static class Outage
{
    /// <summary>When to try again if no better value is known: long enough for a database to come back, short enough for a person to wait.</summary>
    private static readonly TimeSpan DefaultRetryAfter = TimeSpan.FromSeconds(2);

    /// <summary>The problem if no better time is known. Descriptions of routes use it.</summary>
    public static Problem Problem { get; } = BearerProblems.Unavailable(DefaultRetryAfter);

    /// <summary>
    /// Whether an exception says that something can't be reached at the moment: the database, sessions, the password engine. If the database would refuse the
    /// same request again, that is no outage: see <see cref="DatabaseFault"/>.
    /// </summary>
    /// <param name="exception">The exception. Those that it wraps are checked too.</param>
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
