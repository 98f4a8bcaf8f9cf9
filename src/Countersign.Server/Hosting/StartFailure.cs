using System.Data.Common;
using System.Security.Authentication;
using Countersign.Passwords;
using Countersign.Server.Configuration;
using Countersign.Server.Database;
using Countersign.Sessions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Countersign.Server.Hosting;

/// <summary>Tells failures that an operator can mend from defects: the first end in a line, the second in a stack trace.</summary>
internal static class StartFailure
{
    /// <summary>Whether the surroundings failed, and not the program.</summary>
    public static bool IsOperational(Exception failure) => failure
        is DbException
        or DbUpdateException
        or IOException
        or InvalidDataException
        or UnauthorizedAccessException
        or TimeoutException
        or NewerDatabaseException
        or MigrationNotAllowedException
        or OptionsValidationException
        or SessionsUnavailableException
        or PasswordEngineBusyException
        || (failure is AggregateException several && several.InnerExceptions.All(IsOperational));

    /// <summary>Whether a start failed by its surroundings: the checks of a starting host speak in <see cref="InvalidOperationException"/>.</summary>
    public static bool IsOperationalAtStart(Exception failure) => IsOperational(failure) || failure is InvalidOperationException;

    /// <summary>Says what failed.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> WriteAsync(TextWriter error, Exception failure)
    {
        if (failure is AggregateException several)
        {
            // How the host reports more than one class of settings that is faulty.
            foreach (var one in several.InnerExceptions)
            {
                await WriteAsync(error, one).ConfigureAwait(false);
            }
        }
        else if (failure is OptionsValidationException options)
        {
            // Settings that only the packages can judge. Their messages are whole sentences and name the key.
            foreach (var fault in options.Failures)
            {
                await error.WriteLineAsync($"countersign: {fault}").ConfigureAwait(false);
            }
        }
        else
        {
            // The framework's wrapper only says "see the inner exception".
            var cause = failure is DbUpdateException { InnerException: { } inner } ? inner : failure;
            await error.WriteLineAsync($"countersign: {cause.Message}").ConfigureAwait(false);
            if (cause is NpgsqlException && IsAboutEncryption(cause))
            {
                await error.WriteLineAsync(
                    "countersign: the connection to PostgreSQL is encrypted and its certificate checked unless the connection string says otherwise. Name the authority that signed it "
                    + "(Root Certificate=/path/ca.pem), or choose another SSL Mode.").ConfigureAwait(false);
            }
        }

        return FaultReport.ExitCode;
    }

    private static bool IsAboutEncryption(Exception failure) =>
        failure is AuthenticationException
        || failure.Message.Contains("SSL", StringComparison.Ordinal)
        || (failure.InnerException is { } inner && IsAboutEncryption(inner));
}
